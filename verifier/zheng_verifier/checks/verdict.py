"""From checks to axes to the overall word (docs/spec/verification.md §3).

An axis passes only if every check it requires passed; a FAILED among the checks that touch it fails it. A8 takes over
what C21 found, which is never PASSED. The overall word looks at A1–A4 alone: A5–A9 stand beside it and never raise it.
"""

from collections.abc import Mapping, Sequence

from zheng_verifier.report.model import (
    AxisId,
    AxisResult,
    CheckId,
    CheckResult,
    Overall,
    PolicySource,
    Status,
)

_C = CheckId
REQUIRED: Mapping[AxisId, tuple[CheckId, ...]] = {
    AxisId.A1: (_C.C02, _C.C03, _C.C06, _C.C07, _C.C23),
    AxisId.A2: (_C.C11, _C.C16),
    AxisId.A3: (_C.C06, _C.C07, _C.C09, _C.C10),
    AxisId.A4: (_C.C13, _C.C14),
    AxisId.A5: (_C.C18,),
    AxisId.A6: (_C.C19,),
    AxisId.A7: (_C.C04, _C.C20),
    AxisId.A8: (_C.C21,),
    AxisId.A9: (_C.C22,),
}
TOUCHING: Mapping[AxisId, tuple[CheckId, ...]] = {
    AxisId.A1: (_C.C01, _C.C04, _C.C05, _C.C08),
    AxisId.A2: (_C.C07, _C.C23),
    AxisId.A3: (_C.C08, _C.C12, _C.C17),
    AxisId.A4: (_C.C15,),
}
_WORST_FIRST = (Status.INDETERMINATE, Status.SKIPPED, Status.NOT_PROVIDED)


def judge_axes(checks: Sequence[CheckResult]) -> tuple[AxisResult, ...]:
    """Give the verdict of every axis."""
    by_id = {check.id: check for check in checks}
    return tuple(_judge_axis(axis, by_id) for axis in AxisId)


def _judge_axis(axis: AxisId, checks: Mapping[CheckId, CheckResult]) -> AxisResult:
    required = [checks[check] for check in REQUIRED[axis]]
    touching = [checks[check] for check in TOUCHING.get(axis, ())]
    false = [check for check in required + touching if check.status is Status.FAILED]
    if false:
        return AxisResult(axis, Status.FAILED, _codes(false))
    for status in _WORST_FIRST:
        found = [check for check in required if check.status is status]
        if found:
            short = [
                check for check in required if check.status not in (Status.PASSED, Status.NOT_APPLICABLE)
            ]
            return AxisResult(axis, status, _codes(short))
    material = [check for check in required if check.status in (Status.SUPPORTED, Status.CONTESTED)]
    if material:
        return AxisResult(axis, material[0].status, _codes(material))
    if all(check.status is Status.NOT_APPLICABLE for check in required):
        return AxisResult(axis, Status.NOT_APPLICABLE, ())
    return AxisResult(axis, Status.PASSED, _codes([check for check in required if check.code]))


def _codes(checks: Sequence[CheckResult]) -> tuple[str, ...]:
    return tuple(f"{check.id}:{check.code or check.status}" for check in checks)


def judge_overall(axes: Sequence[AxisResult], *, source: PolicySource, policy_current: bool) -> Overall:
    """Give the overall word; a policy from the package, or one not shown to be in force, caps it at INCOMPLETE."""
    by_id = {axis.id: axis.status for axis in axes}
    deciding = [by_id[axis] for axis in (AxisId.A1, AxisId.A2, AxisId.A3, AxisId.A4)]
    if Status.FAILED in deciding:
        return Overall.INCONSISTENT
    complete = all(status is Status.PASSED for status in deciding[:3])
    signed = deciding[3] in (Status.PASSED, Status.NOT_APPLICABLE)
    if complete and signed and policy_current and source is not PolicySource.PACKAGE:
        return Overall.CONSISTENT
    return Overall.INCOMPLETE
