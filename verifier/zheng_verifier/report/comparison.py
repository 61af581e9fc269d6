"""An enclosed report is never repeated: it is held against the verifier's own result, and only that is told.

C01 is left out: who made the enclosed report could not yet see the container that it was to be put into.
"""

from zheng_verifier.canonical import JsonObject
from zheng_verifier.report.model import AxisId, CheckId, Comparison, Report, Text, say


def compare_reports(own: Report, enclosed: JsonObject) -> Comparison:
    """Compare overall word, axes and checks with those of an enclosed detailed report (a verified payload)."""
    axes, checks = _statuses(enclosed.get("axes")), _statuses(enclosed.get("checks"))
    policy = enclosed.get("policy")
    fingerprint = policy.get("fingerprint") if isinstance(policy, dict) else None
    return Comparison(
        same_policy=fingerprint == own.policy.fingerprint,
        overall=enclosed.get("overall") == own.overall.value,
        axes=tuple(axis.id for axis in own.axes if axes.get(axis.id) != axis.status.value),
        checks=tuple(
            check.id
            for check in own.checks
            if check.id is not CheckId.C01 and checks.get(check.id) != check.status.value
        ),
    )


def _statuses(listed: object) -> dict[str, str]:
    """Give the status of each id; what has another form is not there."""
    found = {}
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, dict):
            found[str(item.get("id"))] = str(item.get("status"))
    return found


def describe_comparison(comparison: Comparison) -> Text:
    """Say how the enclosed report compares: agrees, or what differs, and whether it was made under another policy."""
    differing: list[AxisId | CheckId] = [*comparison.axes, *comparison.checks]
    ids = ", ".join(item.value for item in differing)
    if comparison.agrees:
        return say("comparison.agrees" if comparison.same_policy else "comparison.agrees_other_policy")
    if not ids:
        return say("comparison.overall" if comparison.same_policy else "comparison.overall_other_policy")
    return say("comparison.differs" if comparison.same_policy else "comparison.differs_other_policy", ids=ids)
