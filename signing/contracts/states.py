"""The life of a contract as one table: from which states a step leads where, who may take it, and under which guards.

Nothing here reads a clock or a row: a `Situation` is all that a guard knows. docs/spec/contracts.md is written from
this table. The five states after SIGNING are final; out of COMPLETED alone one step leads on, to VOIDED.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from signing.contracts.order import PartyState, Seat, acting, all_acted, may_act
from signing.errors import Refused


class ContractState(StrEnum):
    """Where a contract stands."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    SIGNING = "signing"
    COMPLETED = "completed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    VOIDED = "voided"


FINAL = frozenset(ContractState) - {
    ContractState.DRAFT,
    ContractState.PENDING_APPROVAL,
    ContractState.SIGNING,
}
STATE_LABELS = {
    "draft": ("草稿", "draft"),
    "pending_approval": ("待审批", "pending approval"),
    "signing": ("签署中", "signing"),
    "waiting_for_me": ("需要我签署", "waiting for me"),
    "waiting_for_others": ("需要他人签署", "waiting for others"),
    "completed": ("已完成", "completed"),
    "expired": ("已过期", "expired"),
    "withdrawn": ("已撤回", "withdrawn"),
    "rejected": ("已拒签", "rejected"),
    "voided": ("已作废", "voided"),
}


class Step(StrEnum):
    """What can be done with a contract."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    REFUSE = "refuse"
    SEND = "send"
    VIEW = "view"
    CONFIRM = "confirm"
    SIGN = "sign"
    COMPLETE = "complete"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    VOID = "void"
    EXPIRE = "expire"
    EXTEND = "extend"
    DELEGATE = "delegate"
    REMIND = "remind"


class Who(StrEnum):
    """In which capacity somebody takes a step."""

    SENDER = "sender"
    APPROVER = "approver"
    PARTY = "party"
    SERVICE = "service"


class Basis(StrEnum):
    """What a declaration of voidness rests on (``basis`` of contract.voided)."""

    AGREEMENT = "agreement"
    SENDER = "sender"
    COURT_ORDER = "court_order"
    ERROR = "error"


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


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. ``events`` are recorded with the step in this order: ``*`` any number, else exactly one.

    ``notice`` is the purpose of the message that goes out because of it (``purpose`` of notification.sent), if any; its
    event follows when the message was sent.
    """

    step: Step
    sources: tuple[ContractState, ...]
    target: ContractState
    who: tuple[Who, ...]
    guards: tuple[Guard, ...] = ()
    events: tuple[str, ...] = ()
    notice: str = ""


_DRAFT, _PENDING, _SIGNING = ContractState.DRAFT, ContractState.PENDING_APPROVAL, ContractState.SIGNING
_SENT = ("document.*", "identity.*", "contract.sent")
_ASK = "sign_request"
_READY = (Guard.DOCUMENTS_READY, Guard.BEFORE_DEADLINE, Guard.CASE_OPEN)
_IN_TURN = (Guard.IN_TURN, Guard.BEFORE_DEADLINE)
TRANSITIONS = (
    Transition(Step.EDIT, (_DRAFT,), _DRAFT, (Who.SENDER,)),
    Transition(
        Step.SUBMIT,
        (_DRAFT,),
        _PENDING,
        (Who.SENDER,),
        (Guard.APPROVERS_NAMED, Guard.DOCUMENTS_READY, Guard.BEFORE_DEADLINE),
        ("approval.requested*",),
    ),
    Transition(Step.APPROVE, (_PENDING,), _PENDING, (Who.APPROVER,), (), ("approval.approved",)),
    Transition(Step.REFUSE, (_PENDING,), _DRAFT, (Who.APPROVER,), (), ("approval.rejected",)),
    Transition(Step.SEND, (_DRAFT,), _SIGNING, (Who.SENDER,), (Guard.NO_APPROVERS, *_READY), _SENT, _ASK),
    Transition(Step.SEND, (_PENDING,), _SIGNING, (Who.SENDER,), (Guard.ALL_APPROVED, *_READY), _SENT, _ASK),
    Transition(
        Step.VIEW,
        (_SIGNING, *(state for state in ContractState if state in FINAL)),
        _SIGNING,
        (Who.PARTY,),
        (Guard.TOLD,),
        ("document.viewed",),
    ),
    Transition(Step.CONFIRM, (_SIGNING,), _SIGNING, (Who.PARTY,), _IN_TURN, ("intent.*",)),
    Transition(Step.SIGN, (_SIGNING,), _SIGNING, (Who.PARTY,), _IN_TURN, ("party.signed*",), _ASK),
    Transition(
        Step.APPROVE,
        (_SIGNING,),
        _SIGNING,
        (Who.PARTY,),
        _IN_TURN,
        ("approval.approved*",),
        _ASK,
    ),
    Transition(
        Step.COMPLETE,
        (_SIGNING,),
        ContractState.COMPLETED,
        (Who.SERVICE,),
        (Guard.ALL_ACTED,),
        ("contract.completed", "contract.delivered*", "case.closed"),
        "completion",
    ),
    Transition(
        Step.REJECT,
        (_SIGNING,),
        ContractState.REJECTED,
        (Who.PARTY,),
        _IN_TURN,
        ("party.rejected", "contract.rejected", "case.closed"),
        "rejection",
    ),
    Transition(
        Step.WITHDRAW,
        (_DRAFT, _PENDING),
        ContractState.WITHDRAWN,
        (Who.SENDER,),
        (),
        ("contract.withdrawn", "case.closed"),
    ),
    Transition(
        Step.WITHDRAW,
        (_SIGNING,),
        ContractState.WITHDRAWN,
        (Who.SENDER,),
        (Guard.NOT_ALL_ACTED, Guard.BEFORE_DEADLINE),
        ("contract.withdrawn", "case.closed"),
        "withdrawal",
    ),
    Transition(
        Step.VOID,
        (_SIGNING,),
        ContractState.VOIDED,
        (Who.SENDER, Who.PARTY),
        (Guard.NOT_ALL_ACTED, Guard.BEFORE_DEADLINE, Guard.VOID_FOUNDED),
        ("contract.voided", "case.closed"),
        "withdrawal",
    ),
    Transition(
        Step.VOID,
        (ContractState.COMPLETED,),
        ContractState.VOIDED,
        (Who.SENDER, Who.PARTY),
        (Guard.VOID_AGREED,),
        ("contract.voided",),
        "withdrawal",
    ),
    Transition(
        Step.EXPIRE,
        (_SIGNING,),
        ContractState.EXPIRED,
        (Who.SERVICE,),
        (Guard.NOT_ALL_ACTED, Guard.AT_DEADLINE),
        ("contract.expired", "case.closed"),
    ),
    Transition(
        Step.EXTEND,
        (_SIGNING,),
        _SIGNING,
        (Who.SENDER,),
        (Guard.NOT_ALL_ACTED, Guard.BEFORE_DEADLINE, Guard.LATER_DEADLINE),
        ("contract.deadline_extended",),
    ),
    Transition(
        Step.DELEGATE,
        (_SIGNING,),
        _SIGNING,
        (Who.PARTY,),
        _IN_TURN,
        ("party.delegated", "identity.*"),
        _ASK,
    ),
    Transition(
        Step.REMIND,
        (_SIGNING,),
        _SIGNING,
        (Who.SENDER, Who.SERVICE),
        (Guard.SOMEBODY_WAITED_FOR, Guard.BEFORE_DEADLINE),
        (),
        "reminder",
    ),
)


def decide(step: Step, who: Who, case: Situation) -> Transition:
    """Give the row of the table by which a step may be taken now.

    Raises:
        Refused: contract-state: no such step from this state; permission-missing: not for this capacity; else the code
            of the first guard that does not hold.
    """
    rows = [row for row in TRANSITIONS if row.step is step and case.state in row.sources]
    if not rows:
        sources = {source for row in TRANSITIONS if row.step is step for source in row.sources}
        raise Refused(
            "contract-state",
            f"A contract that is '{case.state}' does not take the step '{step}'.",
            expected=", ".join(sorted(sources)),
        )
    row = next((row for row in rows if who in row.who), None)
    if row is None:
        raise Refused("permission-missing", f"The step '{step}' is not for the {who}.")
    for guard in row.guards:
        rule = GUARDS[guard]
        if not rule.holds(case):
            raise Refused(rule.code, rule.sentence)
    return row


def target_of(row: Transition, state: ContractState) -> ContractState:
    """Give the state after a row: to look at a contract that has ended changes nothing."""
    return state if row.step is Step.VIEW else row.target


def standing_for(state: ContractState, seats: tuple[Seat, ...], viewer: frozenset[str]) -> str:
    """Give what a viewer, who is these parties, is told of a contract (S4-21): a key of `STATE_LABELS`."""
    if state is ContractState.SIGNING:
        return "waiting_for_me" if viewer.intersection(acting(seats)) else "waiting_for_others"
    return str(state)
