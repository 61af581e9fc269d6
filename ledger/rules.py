"""The rules of a case, pure: who may put what at which place.

A case begins with its opening event and numbers its leaves 1, 2, 3 …, each naming the one before. It is of one of
three kinds: ``contract``, ``subject`` (accounts, seals, templates) or ``log`` (the log's own life). A close names how
many events came before it and the last one's leaf hash; after it only custody types follow, since keeping, showing
and erasing go on for ever.
"""

import enum
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zheng_verifier.claim import Claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.taxonomy import CASE_KINDS, EventType

from ledger.errors import (
    BadDepositError,
    CaseClosedError,
    SeqConflictError,
    TypeReservedError,
    WrongTenantError,
)

LOG_KIND = "log"
CASE_OPENED = "case.opened"
CASE_CLOSED = "case.closed"
LOG_CREATED = "log.created"
OPENED_KINDS = tuple(kind for kind in CASE_KINDS if kind != LOG_KIND)
CLOCK_FLAGGED = timedelta(minutes=5)
CLOCK_REFUSED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as it stands: its newest leaf has number ``seq`` and leaf hash ``head``."""

    case: str
    tenant: str
    kind: str
    first_index: int
    seq: int
    head: bytes
    closed_seq: int | None = None

    @property
    def closed(self) -> bool:
        """Tell whether a ``case.closed`` stands in it."""
        return self.closed_seq is not None


def base_type(name: str) -> str:
    """Cut the schema version off the name of an event type."""
    return name.partition("/")[0]


def opens_case(claim: Claim) -> bool:
    """Tell whether a claim is the first of a case."""
    return base_type(claim.type) in (CASE_OPENED, LOG_CREATED)


def opened_kind(claim: Claim) -> str:
    """Give the kind of the case that this claim opens.

    Raises:
        BadDepositError: it opens none, or of no known kind.

    """
    if base_type(claim.type) == LOG_CREATED:
        return LOG_KIND
    kind = claim.data.get("kind") if opens_case(claim) else None
    if not isinstance(kind, str) or kind not in OPENED_KINDS:
        raise BadDepositError(f"this event opens no case of kind {' or '.join(OPENED_KINDS)}")
    return kind


def check_admission(state: CaseState, claim: Claim, kind: EventType, *, internal: bool) -> None:
    """Check that ``claim`` may be the next event of an open or closed case.

    Raises:
        WrongTenantError: the case is another tenant's.
        TypeReservedError: only the service deposits this type.
        BadDepositError: the case is open already, or the type belongs into other kinds of case (WRONG_CASE_KIND).
        CaseClosedError: the case is closed and the type is not one of custody.
        SeqConflictError: the close does not name the case's count and head.

    """
    if claim.tenant != state.tenant:
        raise WrongTenantError("the case belongs to another tenant")
    if kind.reserved and not internal:
        raise TypeReservedError(f"only the service itself deposits '{claim.type}'")
    if opens_case(claim):
        raise BadDepositError("the case is open already")
    if state.kind not in kind.kinds:
        raise BadDepositError(
            f"'{claim.type}' has no place in a case of kind {state.kind}", code="WRONG_CASE_KIND"
        )
    if state.closed and not kind.custody:
        raise CaseClosedError("the case is closed; only events of custody may follow")
    if base_type(claim.type) == CASE_CLOSED:
        _check_close(state, claim)


def _check_close(state: CaseState, claim: Claim) -> None:
    if (claim.data.get("count"), claim.data.get("head")) != (state.seq, format_base64url(state.head)):
        raise SeqConflictError(
            "the close does not name the present count of events and the leaf hash of the last"
        )


def open_state(claim: Claim, index: int, leaf_hash: bytes) -> CaseState:
    """Give the state of a case whose first leaf is at ``index``."""
    return CaseState(claim.case, claim.tenant, opened_kind(claim), index, 1, leaf_hash)


def advance(state: CaseState, claim: Claim, leaf_hash: bytes) -> CaseState:
    """Give the state of a case after one more event."""
    seq = state.seq + 1
    closed = seq if base_type(claim.type) == CASE_CLOSED else state.closed_seq
    return replace(state, seq=seq, head=leaf_hash, closed_seq=closed)


class ClockVerdict(enum.Enum):
    """How far a claimed time lies from our clock."""

    FINE = "fine"
    FLAGGED = "flagged"
    REFUSED = "refused"


def judge_clock(
    occurred_at: datetime | None,
    received_at: datetime,
    *,
    flagged: timedelta = CLOCK_FLAGGED,
    refused: timedelta = CLOCK_REFUSED,
) -> ClockVerdict:
    """Judge a claimed time by ours, either way: beyond 5 minutes it is flagged, beyond 24 hours refused."""
    if occurred_at is None:
        return ClockVerdict.FINE
    offset = abs(occurred_at - received_at)
    if offset > refused:
        return ClockVerdict.REFUSED
    return ClockVerdict.FLAGGED if offset > flagged else ClockVerdict.FINE
