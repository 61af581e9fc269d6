"""What has to hold before a step: conditions by name, with the code and the sentence of the refusal (pure).

Nothing here reads a clock or a row: a `Situation` is all that a guard knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from signing.contracts.order import PartyState, Seat, acting, all_acted, may_act
from signing.contracts.states import Basis, ContractState


@dataclass(frozen=True, slots=True)
class Situation:
    """A contract and the step asked for, at one moment, as far as guards look.

    ``approvals`` holds what each approver inside the organisation decided, None where he has not; ``party`` is who acts;
    ``until`` the new deadline; ``agreed`` the parties that agree to voidness, ``ordered``: an order was named by digest.
    """

    state: ContractState
    now: datetime
    seats: tuple[Seat, ...]
    deadline: datetime
    approvals: tuple[bool | None, ...] = ()
    documents_ready: bool = False
    case_open: bool = False
    party: str | None = None
    until: datetime | None = None
    basis: Basis | None = None
    agreed: frozenset[str] = frozenset()
    ordered: bool = False


class Guard(StrEnum):
    """A condition by name."""

    APPROVERS_NAMED = "approvers_named"
    NO_APPROVERS = "no_approvers"
    ALL_APPROVED = "all_approved"
    DOCUMENTS_READY = "documents_ready"
    CASE_OPEN = "case_open"
    BEFORE_DEADLINE = "before_deadline"
    AT_DEADLINE = "at_deadline"
    IN_TURN = "in_turn"
    TOLD = "told"
    ALL_ACTED = "all_acted"
    NOT_ALL_ACTED = "not_all_acted"
    LATER_DEADLINE = "later_deadline"
    SOMEBODY_WAITED_FOR = "somebody_waited_for"
    VOID_FOUNDED = "void_founded"
    VOID_AGREED = "void_agreed"


@dataclass(frozen=True, slots=True)
class GuardRule:
    """How a guard is held and what is said when it does not: a code of the API and one sentence."""

    holds: Callable[[Situation], bool]
    code: str
    sentence: str


def concerned_by_voidness(case: Situation) -> frozenset[str]:
    """Give whose agreement makes a contract void: who signed; before its end also whoever it went to and who may sign yet.

    A signer whom the contract has not reached knows nothing of it: there is nothing that he could give up.
    """
    under_way = case.state is ContractState.SIGNING
    return frozenset(
        seat.ref
        for seat in case.seats
        if seat.state is PartyState.SIGNED or (under_way and seat.signs and seat.open and seat.told)
    )


def _all_agree(case: Situation) -> bool:
    concerned = concerned_by_voidness(case)
    return bool(concerned) and concerned <= case.agreed


def _founded(case: Situation) -> bool:
    """The sender may declare before completion; a court's order is named; an agreement is everybody's."""
    match case.basis:
        case Basis.SENDER | Basis.ERROR:
            return True
        case Basis.COURT_ORDER:
            return case.ordered
        case _:
            return _all_agree(case)


def _told(case: Situation) -> bool:
    return any(seat.ref == case.party and seat.told for seat in case.seats)


def _later(case: Situation) -> bool:
    return case.until is not None and case.until > max(case.now, case.deadline)


GUARDS: dict[Guard, GuardRule] = {
    Guard.APPROVERS_NAMED: GuardRule(
        lambda case: bool(case.approvals), "approvers-missing", "Nobody is named who would have to approve."
    ),
    Guard.NO_APPROVERS: GuardRule(
        lambda case: not case.approvals,
        "approval-missing",
        "The contract has to be approved before it is sent.",
    ),
    Guard.ALL_APPROVED: GuardRule(
        lambda case: all(case.approvals), "approval-missing", "Not all approvers have approved the contract."
    ),
    Guard.DOCUMENTS_READY: GuardRule(
        lambda case: case.documents_ready,
        "document-missing",
        "The contract has no document ready to be signed.",
    ),
    Guard.CASE_OPEN: GuardRule(
        lambda case: case.case_open,
        "notary-unavailable",
        "The evidence service has not opened the contract's case yet; its id has to stand in the document.",
    ),
    Guard.BEFORE_DEADLINE: GuardRule(
        lambda case: case.now < case.deadline, "deadline-passed", "The deadline for signing has passed."
    ),
    Guard.AT_DEADLINE: GuardRule(
        lambda case: case.now >= case.deadline, "deadline-ahead", "The deadline has not come."
    ),
    Guard.IN_TURN: GuardRule(
        lambda case: may_act(case.seats, case.party), "not-your-turn", "It is not this party's turn."
    ),
    Guard.TOLD: GuardRule(_told, "not-your-turn", "The contract was not sent to this party yet."),
    Guard.ALL_ACTED: GuardRule(
        lambda case: all_acted(case.seats), "signatures-missing", "Not every required party has signed."
    ),
    Guard.NOT_ALL_ACTED: GuardRule(
        lambda case: not all_acted(case.seats), "contract-state", "Every required party has signed."
    ),
    Guard.LATER_DEADLINE: GuardRule(
        _later, "deadline-invalid", "A deadline can only be moved to a later time that is still to come."
    ),
    Guard.SOMEBODY_WAITED_FOR: GuardRule(
        lambda case: bool(acting(case.seats)), "contract-state", "Nobody is waited for."
    ),
    Guard.VOID_FOUNDED: GuardRule(
        _founded,
        "void-unfounded",
        "Voidness needs a court's order by its digest, or the agreement of all signers whom the contract has reached.",
    ),
    Guard.VOID_AGREED: GuardRule(
        lambda case: case.basis in (Basis.AGREEMENT, Basis.COURT_ORDER) and _founded(case),
        "void-unfounded",
        "A completed contract is void only by agreement of all who signed, or by a court's order named by its digest.",
    ),
}
