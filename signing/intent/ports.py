"""What a confirmation of intent needs of others: who reads texts, who compares faces, who knows passwords."""

from dataclasses import dataclass
from typing import Literal, Protocol

from sqlmodel import Session

from signing.intent.terms import Line
from signing.principal import Principal


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a document and the heights of its pages (thousandths of a point); ``unread`` pages gave no text."""

    lines: tuple[Line, ...]
    heights: tuple[int, ...]
    unread: int


class TextReader(Protocol):
    """Reads the text of a PDF with its places. Never fails: what it cannot read it counts."""

    def read(self, pdf: bytes) -> Reading:
        """Read a document that was inspected when it came."""


@dataclass(frozen=True, slots=True)
class FaceBegun:
    """A comparison that waits for the signer: ``transaction`` is his number of it, ``page`` where the signer goes."""

    provider: str
    simulated: bool
    transaction: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class FaceResult:
    """What a provider found; scores in parts per million. ``reason`` is one of intent.failed where it did not pass."""

    passed: bool
    liveness: str
    score_ppm: int
    threshold_ppm: int
    reason: Literal["", "liveness_failed", "mismatch", "cancelled", "provider_error"] = ""


class FaceUndecided(Exception):  # noqa: N818  # a state of the check, not a mistake
    """The provider has no result yet, or does not answer."""


class FaceCheck(Protocol):
    """Compares a signer's face with the one he was verified by. No image and no template ever comes here."""

    def begin(self, reference: str, account: str | None, challenge: str) -> FaceBegun:
        """Begin a comparison for a party, bound to the challenge (base64url).

        Raises:
            FaceUndecided: the provider does not answer.

        """

    def result(self, transaction: str) -> FaceResult:
        """Give what was found; asking again gives the same.

        Raises:
            FaceUndecided: not known yet.

        """


class SigningPasswords(Protocol):
    """Knows the passwords of members, given again for an act that asks for it. Makes its own transactions."""

    def has(self, session: Session, by: Principal) -> bool:
        """Tell whether he has a password at all."""

    def check(self, by: Principal, password: str) -> bool:
        """Tell whether this is his password; slow on purpose, so outside of transactions.

        Raises:
            Refused: login-paused: too many wrong ones.

        """
