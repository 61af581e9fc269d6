"""What the dossier needs of others: the evidence service, and somebody who keeps values and files encrypted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlmodel import Session
from zheng_verifier.note import VerifierKey
from zheng_verifier.receipt import Receipt

from signing.dossier.model import Opening, Statement


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """The log that receipts are held against; known beforehand, never taken from a receipt."""

    origin: str
    key: VerifierKey


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case as the service has it: ``seq`` of its newest leaf and that leaf's hash (32 bytes)."""

    seq: int
    head: bytes


class Notary(Protocol):
    """The evidence service.

    Promises: when a call returns, what it deposited is durable and under a signed head. ``open_case`` and ``deposit`` are
    idempotent by event id: the same again gives receipts of the first time, other content under a known id is refused
    (``id-reused``). ``deposit`` keeps the order given, all or none of it. Each receipt proves itself; callers check.

    Every call raises ``UnavailableNotaryError`` where nobody knows whether it was done, ``RefusedNotaryError`` where it
    surely was not.
    """

    def log(self) -> LogIdentity:
        """Give the log that deposits go to."""

    def open_case(self, tenant: str, opening: Opening) -> Receipt:
        """Open a case; the receipt's leaf names it."""

    def deposit(self, tenant: str, case: str, statements: Sequence[Statement]) -> Sequence[Receipt]:
        """Sign and deposit addressed statements, in this order; gives one receipt for each."""

    def head(self, tenant: str, case: str) -> CaseHead:
        """Say how the case stands now: the service adds events of its own to it."""

    def leave(self, tenant: str, case: str, content: bytes) -> None:
        """Leave a document's bytes with the service; again is the same as once."""

    def erase(self, tenant: str, case: str, event_id: str, basis: str) -> Receipt:
        """Have what the service keeps of a case destroyed; the receipt is of its statement. Idempotent by event id."""


class Sealer(Protocol):
    """Keeps values encrypted under a data key for each owner, until the owner is erased."""

    def create_owner(self, session: Session, tenant: str, owner: str) -> None:
        """Make the owner's data key, within the caller's transaction."""

    def seal(self, session: Session, owner: str, plaintext: bytes) -> bytes:
        """Encrypt a value; two calls give different bytes."""

    def open(self, session: Session, owner: str, sealed: bytes) -> bytes:
        """Decrypt a value.

        Raises:
            Refused: erased.

        """


class Files(Protocol):
    """Gives the bytes of kept files."""

    def get(self, session: Session, owner: str, sha256: str, *, by: Any, purpose: str) -> bytes:
        """Give a file whose digest was checked.

        Raises:
            Refused: erased.

        """


class Keeper(Sealer, Files, Protocol):
    """Keeps values and files: custody, as far as the dossier needs it."""
