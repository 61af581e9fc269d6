"""Whose turn it is: sequential, parallel and mixed order of signing, as plain values.

Every party has a group, counted from 1. The lowest group with a required party that has not acted is the open one; all
in it, and optional parties of the groups before it, may act at once. So *sequential* is one party in each group,
*parallel* one group, *mixed* anything else; approvers sit in the same order as signers, copy recipients in none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from signing.errors import Refused


class PartyRole(StrEnum):
    """What a party does in a contract (``role`` of contract.created)."""

    SIGNATORY = "signatory"
    GUARANTOR = "guarantor"
    WITNESS = "witness"
    APPROVER = "approver"
    COPY = "copy"


class PartyState(StrEnum):
    """How far a party has come. All from SIGNED on are final."""

    WAITING = "waiting"
    NOTIFIED = "notified"
    VIEWED = "viewed"
    CONFIRMED = "confirmed"
    SIGNED = "signed"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELEGATED = "delegated"
    EXPIRED = "expired"
    RELEASED = "released"
    COPIED = "copied"


class PartyAct(StrEnum):
    """What happens to a party."""

    NOTIFY = "notify"
    VIEW = "view"
    CONFIRM = "confirm"
    SIGN = "sign"
    APPROVE = "approve"
    REJECT = "reject"
    DELEGATE = "delegate"
    EXPIRE = "expire"
    RELEASE = "release"
    COPY = "copy"


SIGNERS = frozenset({PartyRole.SIGNATORY, PartyRole.GUARANTOR, PartyRole.WITNESS})
OPEN_STATES = (PartyState.WAITING, PartyState.NOTIFIED, PartyState.VIEWED, PartyState.CONFIRMED)
_TOLD = OPEN_STATES[1:]
_TELLING = (PartyAct.NOTIFY, PartyAct.COPY)
_DONE = frozenset({PartyState.SIGNED, PartyState.APPROVED, PartyState.DELEGATED})
MAX_GROUP = 64


@dataclass(frozen=True, slots=True)
class PartyTransition:
    """One row of the parties' table; ``roles`` empty: of every role that acts in the order."""

    act: PartyAct
    sources: tuple[PartyState, ...]
    target: PartyState
    roles: frozenset[PartyRole]


_ACTING = SIGNERS | {PartyRole.APPROVER}
PARTY_TRANSITIONS = (
    PartyTransition(PartyAct.NOTIFY, (PartyState.WAITING,), PartyState.NOTIFIED, _ACTING),
    PartyTransition(PartyAct.VIEW, (PartyState.NOTIFIED, PartyState.VIEWED), PartyState.VIEWED, _ACTING),
    PartyTransition(
        PartyAct.CONFIRM, (PartyState.VIEWED, PartyState.CONFIRMED), PartyState.CONFIRMED, SIGNERS
    ),
    PartyTransition(PartyAct.SIGN, (PartyState.CONFIRMED,), PartyState.SIGNED, SIGNERS),
    PartyTransition(
        PartyAct.APPROVE, (PartyState.VIEWED,), PartyState.APPROVED, frozenset({PartyRole.APPROVER})
    ),
    PartyTransition(PartyAct.REJECT, _TOLD, PartyState.REJECTED, _ACTING),
    PartyTransition(PartyAct.DELEGATE, _TOLD, PartyState.DELEGATED, _ACTING),
    PartyTransition(PartyAct.EXPIRE, OPEN_STATES, PartyState.EXPIRED, _ACTING),
    PartyTransition(PartyAct.RELEASE, OPEN_STATES, PartyState.RELEASED, frozenset(PartyRole)),
    PartyTransition(PartyAct.COPY, (PartyState.WAITING,), PartyState.COPIED, frozenset({PartyRole.COPY})),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A party as the order sees it: ``ref`` is its random reference in the case, ``told`` that the contract went to it."""

    ref: str
    role: PartyRole
    group: int
    required: bool
    state: PartyState = PartyState.WAITING
    told: bool = False

    @property
    def acts(self) -> bool:
        """Tell whether the order waits for somebody in this role at all."""
        return self.role is not PartyRole.COPY

    @property
    def signs(self) -> bool:
        """Tell whether this role signs the document."""
        return self.role in SIGNERS

    @property
    def open(self) -> bool:
        """Tell whether something is still expected or possible of the party."""
        return self.state in OPEN_STATES


def after(seat: Seat, act: PartyAct) -> Seat:
    """Give the seat after an act.

    Raises:
        Refused: party-state: the table has no such row for this role and state.
    """
    for row in PARTY_TRANSITIONS:
        if row.act is act and seat.role in row.roles and seat.state in row.sources:
            return replace(seat, state=row.target, told=seat.told or act in _TELLING)
    raise Refused("party-state", f"A {seat.role} who is '{seat.state}' cannot {act}.")


def open_group(seats: Iterable[Seat]) -> int | None:
    """Give the lowest group in which a required party has not acted; None when all have."""
    groups = [seat.group for seat in seats if seat.acts and seat.required and seat.state not in _DONE]
    return min(groups, default=None)


def acting(seats: Sequence[Seat]) -> tuple[str, ...]:
    """Give the references of the parties that may act now, in the order they sit."""
    group = open_group(seats)
    if group is None:
        return ()
    return tuple(seat.ref for seat in seats if seat.acts and seat.open and seat.group <= group)


def may_act(seats: Sequence[Seat], ref: str | None) -> bool:
    """Tell whether it is this party's turn."""
    return ref in acting(seats)


def unannounced(seats: Sequence[Seat]) -> tuple[str, ...]:
    """Give the parties whose turn it is and who were not told yet."""
    turn = frozenset(acting(seats))
    return tuple(seat.ref for seat in seats if seat.ref in turn and seat.state is PartyState.WAITING)


def all_acted(seats: Iterable[Seat]) -> bool:
    """Tell whether every required party has signed or approved, itself or by its delegate."""
    return open_group(seats) is None


def signed(seats: Iterable[Seat]) -> tuple[str, ...]:
    """Give the parties that signed."""
    return tuple(seat.ref for seat in seats if seat.state is PartyState.SIGNED)


def unsigned(seats: Iterable[Seat]) -> tuple[str, ...]:
    """Give the signers that have not signed: what contract.expired names."""
    return tuple(seat.ref for seat in seats if seat.signs and seat.open)


def check_seats(seats: Sequence[Seat]) -> None:
    """Hold the parties of a draft against what an order needs.

    Raises:
        Refused: parties-invalid: no required signer, a group that is empty or out of range, a copy that is required.
    """
    if not any(seat.signs and seat.required for seat in seats):
        raise Refused("parties-invalid", "Nobody has to sign.", "/parties", "at least one required signatory")
    if any(seat.required for seat in seats if not seat.acts):
        raise Refused("parties-invalid", "A copy recipient does nothing that could be required.", "/parties")
    groups = sorted({seat.group for seat in seats if seat.acts})
    if groups[-1] > MAX_GROUP or groups != list(range(1, len(groups) + 1)):
        raise Refused(
            "parties-invalid", "The groups are not counted 1, 2, 3 … without a gap.", "/parties", "1 to 64"
        )


def signing_order(seats: Iterable[Seat]) -> str:
    """Give ``signing_order`` of contract.created: parallel if one group holds all, else sequential (groups in turn)."""
    return "parallel" if len({seat.group for seat in seats if seat.acts}) == 1 else "sequential"
