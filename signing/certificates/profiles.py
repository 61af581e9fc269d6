"""Which certificate a signer gets: for one signature, or for a long term. The operator chooses by the kind of subject."""

from dataclasses import dataclass
from typing import Literal

from signing.certificates.ports import Profile


@dataclass(frozen=True, slots=True)
class Holding:
    """The profile, and whose key it stays: an account; None for a key that serves once."""

    profile: Profile
    holder: str | None


@dataclass(frozen=True, slots=True)
class Profiles:
    """What is chosen for persons and for organisations.

    A long-term key stays with an account. A party that has none, because it came by a link, always gets a key for one
    signature: nobody would be there to hold another.
    """

    person: Profile = "one_time"
    organization: Profile = "long_term"

    def of(self, kind: Literal["person", "organization"], account: str | None) -> Holding:
        """Say what a signer of this kind gets."""
        chosen = self.organization if kind == "organization" else self.person
        lasting = chosen == "long_term" and account is not None
        return Holding("long_term", account) if lasting else Holding("one_time", None)


BY_DEFAULT = Profiles()
