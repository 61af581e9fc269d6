"""Where a contract can stand, what can be done with it and by whom: the names that the table (`transitions`) is made of.

The five states after SIGNING are final; out of COMPLETED alone one step leads on, to VOIDED.
"""

from enum import StrEnum

from signing.contracts.order import Seat, acting


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


def standing_for(state: ContractState, seats: tuple[Seat, ...], viewer: frozenset[str]) -> str:
    """Give what a viewer, who is these parties, is told of a contract (S4-21): a key of `STATE_LABELS`."""
    if state is ContractState.SIGNING:
        return "waiting_for_me" if viewer.intersection(acting(seats)) else "waiting_for_others"
    return str(state)
