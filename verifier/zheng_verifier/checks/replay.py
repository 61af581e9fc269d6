"""Judge a diagnostic report again: under another policy, at another time, without the files."""

from dataclasses import replace
from datetime import datetime

from zheng_verifier.checks import PolicyInput, judge
from zheng_verifier.report.diagnostic import parse_diagnostic
from zheng_verifier.report.model import Overall, Report


def replay(diagnostic: bytes, *, policy: PolicyInput, at: datetime | None) -> Report:
    """Give the report that the files themselves would give under this policy, capped at INCOMPLETE.

    It stands or falls with whoever made the diagnostic report: the digests of documents and what is in their signatures
    are his word here, and not computed. The note REPLAYED says so. Who has the files verifies the files.

    Raises:
        MalformedError: not a diagnostic report.
        UncheckableError: UNKNOWN_VERSION.

    """
    report = judge(parse_diagnostic(diagnostic), policy=policy, at=at)
    overall = Overall.INCOMPLETE if report.overall is Overall.CONSISTENT else report.overall
    return replace(report, overall=overall, notes=(*report.notes, "REPLAYED"))
