"""What contracts need of their neighbours: documents, messages, identities, people. All within the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlmodel import Session

from signing.contracts.models import ContractRow, PartyRow
from signing.principal import Principal


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a contract as it stands: its reference in the case, and the SHA-256 (hex) of its present bytes."""

    document: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it was handed in; ``name`` is its file name, ``media_type`` what it was declared to be."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """What the organisation's books say of an account. ``kind`` is person or organization; ``internal``: a member."""

    name: str
    kind: Literal["person", "organization"]
    phone: str = ""
    email: str = ""
    internal: bool = False


class Papers(Protocol):
    """The documents of contracts. Their events (document.…) are recorded by whoever implements this."""

    def add(self, session: Session, by: Principal, contract: ContractRow, upload: Upload) -> None:
        """Take a document for a draft.

        Raises:
            Refused: what is wrong with it.
        """

    def use_template(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        parties: tuple[PartyRow, ...],
        values: Mapping[str, str],
    ) -> None:
        """Make a draft's document from ``contract.template``, filled with ``values``.

        Raises:
            Refused: template-unknown, or what is wrong with the values.
        """

    def standing(self, session: Session, contract: ContractRow) -> tuple[Paper, ...]:
        """Give the documents that are ready to be finalised, or, once finalised, their newest revisions."""

    def seen_by(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[Paper, ...]:
        """Give the documents as one party has them: with what it entered itself and did not sign yet."""

    def finalize(
        self, session: Session, by: Principal, contract: ContractRow, parties: tuple[PartyRow, ...], case: str
    ) -> tuple[Paper, ...]:
        """Fix the bytes to be signed, which name the case; gives what is sent.

        Raises:
            Refused: a document cannot be finalised.
        """


class Notices(Protocol):
    """Messages to parties. A message that cannot be sent now is sent later; nothing is refused for that."""

    def notify(self, session: Session, contract: ContractRow, party: PartyRow, purpose: str) -> None:
        """Have a party told; ``purpose`` as in notification.sent."""

    def part(self, session: Session, party: PartyRow) -> None:
        """End whatever lets a party in: its links, its sessions, messages on their way. It handed its part on."""


class Identities(Protocol):
    """Who parties were verified to be."""

    def restate(self, session: Session, contract: ContractRow, party: PartyRow) -> str | None:
        """Record in the contract's dossier what was verified of a party; gives the event's id, None if nothing was.

        The same verification again is recorded once.
        """

    def level(self, session: Session, contract: ContractRow, party: PartyRow) -> str:
        """Give the level at which a party is verified now, under the name it has in the contract; ``none`` if it is not."""


class Directory(Protocol):
    """The accounts of a tenant."""

    def known(self, session: Session, tenant: str, account: str) -> Known:
        """Give what is known of an active account.

        Raises:
            Refused: account-unknown.
        """

    def admit(self, session: Session, by: Principal, business_type: str) -> None:
        """Let whoever works with a business type pass.

        Raises:
            Refused: business-type-unknown, business-type-disabled, business-type-not-granted.
        """

    def identity_level(self, session: Session, tenant: str, business_type: str) -> str:
        """Give the level of identity that a business type demands of whoever signs its contracts; ``none``: nothing.

        Raises:
            Refused: business-type-unknown.
        """

    def may_approve(self, session: Session, tenant: str, account: str) -> bool:
        """Tell whether an account is an active member who may approve contracts."""
