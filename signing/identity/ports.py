"""What identity checks need of others: somebody who can compare with an authoritative source."""

from dataclasses import dataclass
from typing import Literal, Protocol

from signing.identity.methods import SubjectKind

Outcome = Literal["match", "mismatch", "pending", "unavailable"]
# Why something did not match, as the taxonomy names it; the last two are no mismatch.
Reason = Literal[
    "mismatch", "not_found", "liveness_failed", "document_expired", "provider_error", "timed_out"
]


@dataclass(frozen=True, slots=True)
class Query:
    """What is to be compared; empty where the method needs it not. Nothing of it may be logged.

    ``id`` is ours, and the provider's idempotency key: the same again is the same check. ``frames`` are images of a
    face, which the provider is given and nobody keeps. ``alipay_code`` is the code by which the holder of an Alipay
    account lets the provider see as whom Alipay verified it.
    """

    id: str
    kind: SubjectKind
    method: str
    name: str
    id_type: str = ""
    id_number: str = ""
    phone: str = ""
    bank_card: str = ""
    eid_token: str = ""
    alipay_code: str = ""
    uscc: str = ""
    legal_representative: str = ""
    bank_account: str = ""
    frames: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider says. ``txn`` finds the check again at the provider; empty if it gave none.

    ``unavailable`` is not a mismatch: nobody knows whether it matches. ``pending``: the answer comes later.
    """

    outcome: Outcome
    txn: str = ""
    reason: Reason | None = None
    score_ppm: int | None = None


class IdentityProvider(Protocol):
    """A provider of identity checks.

    Promises: ``check`` is idempotent by ``Query.id``, ends within the adapter's own timeout, and never raises for what
    the network does: that is ``unavailable``. A pending check is answered by a callback, once or several times, or
    when ``find`` is asked. Nothing is kept here of what was sent.
    """

    @property
    def name(self) -> str:
        """Short registered name; a simulator says ``simulator`` in it."""

    @property
    def simulated(self) -> bool:
        """True if no real source is asked."""

    def check(self, query: Query) -> Answer:
        """Have it compared."""

    def confirm(self, query_id: str, txn: str, amount_fen: int) -> Answer:
        """Say whether this is the amount (in fen, 1/100 yuan) that was transferred."""

    def find(self, query_id: str, txn: str) -> Answer:
        """Say how a pending check ended; ``pending`` if it has not."""

    def close(self) -> None:
        """Let go of what it holds open; it is asked nothing afterwards."""
