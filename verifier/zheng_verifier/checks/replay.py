"""Judge a diagnostic report again: under another policy, at another time, without the files."""

from datetime import datetime

from zheng_verifier.checks import PolicyInput, judge
from zheng_verifier.report.diagnostic import parse_diagnostic
from zheng_verifier.report.model import Report


def replay(diagnostic: bytes, *, policy: PolicyInput, at: datetime | None) -> Report:
    """Give the report that the files themselves would give under this policy.

    It stands or falls with whoever made the diagnostic report: the digests of documents are his word here, and not
    computed. Who has the files verifies the files.

    Raises:
        MalformedError: not a diagnostic report.
        UncheckableError: UNKNOWN_VERSION.

    """
    return judge(parse_diagnostic(diagnostic), policy=policy, at=at)
