"""Marks for statuses: shapes, not colours, so that a page says the same in black and white."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from zheng_verifier.report.model import Status

MARKS: Final[Mapping[Status, str]] = MappingProxyType(
    {
        Status.PASSED: "●",
        Status.FAILED: "×",
        Status.INDETERMINATE: "○",
        Status.SUPPORTED: "◎",
        Status.CONTESTED: "◎",
        Status.NOT_PROVIDED: "–",
        Status.NOT_APPLICABLE: "–",
        Status.SKIPPED: "–",
    }
)
"""The mark of each status, in every report and on every page; what was not checked has a dash."""


def mark(status: Status) -> str:
    """Give the mark of a status."""
    return MARKS[status]
