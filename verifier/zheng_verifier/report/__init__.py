"""What a verification found: one model, and its views for machines and for people."""

from zheng_verifier.report.model import (
    AxisId,
    AxisResult,
    CheckId,
    CheckResult,
    EventView,
    Finding,
    Overall,
    PolicySource,
    Report,
    Status,
)

__all__ = [
    "AxisId",
    "AxisResult",
    "CheckId",
    "CheckResult",
    "EventView",
    "Finding",
    "Overall",
    "PolicySource",
    "Report",
    "Status",
]
