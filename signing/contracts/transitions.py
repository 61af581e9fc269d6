"""The life of a contract as one table: from which states a step leads where, who may take it, and under which guards.

docs/spec/contracts.md is written from this table (pure).
"""

from dataclasses import dataclass

from signing.contracts.guards import GUARDS, Guard, Situation
from signing.contracts.states import FINAL, ContractState, Step, Who
from signing.errors import Refused


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
