"""The life of a seal as one table. Pure.

created → submitted → approved → enabled ⇄ disabled
   │          │           │          └────────┤
   │          └→ rejected │                   │
   └──────────────┴───────┴───────────────────┴→ destroyed
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from signing.errors import Refused


class SealState(StrEnum):
    """How far a seal is."""

    CREATED = "created"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ENABLED = "enabled"
    DISABLED = "disabled"
    REJECTED = "rejected"
    DESTROYED = "destroyed"


class Step(StrEnum):
    """What can be done with a seal."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    ENABLE = "enable"
    DISABLE = "disable"
    DESTROY = "destroy"


_S = SealState
TABLE: Mapping[tuple[SealState, Step], SealState] = MappingProxyType(
    {
        (_S.CREATED, Step.SUBMIT): _S.SUBMITTED,
        (_S.SUBMITTED, Step.APPROVE): _S.APPROVED,
        (_S.SUBMITTED, Step.REJECT): _S.REJECTED,
        (_S.APPROVED, Step.ENABLE): _S.ENABLED,
        (_S.DISABLED, Step.ENABLE): _S.ENABLED,
        (_S.ENABLED, Step.DISABLE): _S.DISABLED,
        (_S.CREATED, Step.DESTROY): _S.DESTROYED,
        (_S.REJECTED, Step.DESTROY): _S.DESTROYED,
        (_S.APPROVED, Step.DESTROY): _S.DESTROYED,
        (_S.ENABLED, Step.DESTROY): _S.DESTROYED,
        (_S.DISABLED, Step.DESTROY): _S.DESTROYED,
    }
)
GONE = frozenset({_S.REJECTED, _S.DESTROYED})
"""States in which a seal no longer stands in the way of another one of its kind."""


def after(state: SealState, step: Step) -> SealState:
    """Give the state that a step leads to.

    Raises Refused ``seal-state-wrong`` where the table has no such step.
    """
    following = TABLE.get((state, step))
    if following is None:
        allowed = ", ".join(sorted(begin for begin, known in TABLE if known is step))
        raise Refused("seal-state-wrong", f"A seal that is {state.value} cannot take this step.", "", allowed)
    return following
