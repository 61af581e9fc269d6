"""What is asked of an institution that takes evidence: take this, and say that you have it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol


class InstitutionKind(StrEnum):
    """Who takes evidence; the names are those of `evidence.forwarded`."""

    COURT_CHAIN = "court_chain"
    NOTARY_OFFICE = "notary_office"
    FORENSIC_CENTRE = "forensic_centre"
    ARBITRATION = "arbitration"


class Content(StrEnum):
    """What is given to it; the names are those of `evidence.forwarded`."""

    PACKAGE_DIGEST = "package_digest"
    PACKAGE = "package"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Submission:
    """What is forwarded: name, digests, business id, description, as the evidence APIs of the field take them.

    ``business_id`` is ours, and the institution's idempotency key: the same again is the same submission. ``size`` is in
    bytes, the digests are 32 bytes each. ``body`` is the file itself where it is given, else empty. No personal value is
    in the words.
    """

    business_id: str
    name: str
    description: str
    media_type: str
    size: int
    sha256: bytes
    sm3: bytes
    body: bytes = b""


Outcome = Literal["accepted", "refused", "pending", "not_found", "unsent", "unknown"]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What came back. ``accepted``: it has a receipt number and a time, both as the institution states them.

    ``pending``: it has it and has not decided. ``not_found``: it never had it. ``unsent``: the question did not leave
    this machine. ``unknown``: it may have arrived, and nobody said so; asking again is the only way to know.
    ``raw`` are the bytes of the answer as they came, in which a certificate lies as the institution wrote it.
    """

    outcome: Outcome
    receipt: str = ""
    accepted_at: datetime | None = None
    transaction: str = ""
    raw: bytes = b""
    media_type: str = "application/json"


class Institution(Protocol):
    """An institution.

    Promises: ``submit`` is idempotent by `Submission.business_id`; both calls end within the adapter's own timeout and
    never raise for what a network does: that is ``unsent`` or ``unknown``. Nothing is kept here of what was sent.
    """

    @property
    def name(self) -> str:
        """Short registered name in lower-case ASCII; a simulator says ``simulator`` in it."""

    @property
    def kind(self) -> InstitutionKind:
        """What it is."""

    @property
    def simulated(self) -> bool:
        """True if nobody receives anything."""

    @property
    def max_body(self) -> int:
        """The largest file it takes, in bytes; 0: digests only."""

    def submit(self, submission: Submission) -> Acknowledgement:
        """Give it, or give it again."""

    def query(self, business_id: str) -> Acknowledgement:
        """Ask what became of a submission."""

    def close(self) -> None:
        """Let go of what is held open; it is asked nothing afterwards."""
