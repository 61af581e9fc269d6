"""Marks for statuses: shapes, not colours, so that a page says the same in black and white."""

from zheng_verifier.report.model import Status

_MARKS = {
    Status.PASSED: "●",
    Status.FAILED: "×",
    Status.INDETERMINATE: "○",
    Status.SUPPORTED: "◎",
    Status.CONTESTED: "◎",
}


def mark(status: Status) -> str:
    """Give the mark of a status; what was not checked has a dash."""
    return _MARKS.get(status, "–")
