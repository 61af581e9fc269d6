"""C16: the times of an event, of five different sources, do not contradict one another.

Claims (the platform's clock) and receipt (the service's clock) are statements. Bounds (``bounds.py``) come only from
what could not be known or made at another time.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from zheng_verifier.checks.bounds import Bounds
from zheng_verifier.checks.evidence import (
    Item,
    events_of,
    failed,
    indeterminate,
    not_provided,
    passed,
    skipped,
)
from zheng_verifier.encoding import format_time
from zheng_verifier.entry import Entry
from zheng_verifier.report.model import Finding, Text, TimeBound, say

TOLERANCE = timedelta(minutes=5)
LATE = timedelta(hours=24)


def check_times(items: list[Item], bounds: dict[int, Bounds]) -> list[Finding]:
    """Hold the times of each event against each other (C16)."""
    findings: list[Finding] = []
    previous: datetime | None = None
    for item in events_of(items):
        if item.entry is None:
            findings.append(skipped(item.name, say("no_entry")))
            continue
        found = list(_contradictions(item, item.entry, bounds[item.number], previous))
        findings.extend(found or [_describe(item, item.entry, bounds[item.number])])
        previous = max(item.entry.received_at, previous or item.entry.received_at)
    return findings


def _contradictions(item: Item, entry: Entry, bounds: Bounds, previous: datetime | None) -> Iterator[Finding]:
    received, claimed = entry.received_at, entry.claim.occurred_at
    lower, upper, block = bounds.not_before, bounds.not_after, bounds.anchored
    # Moments are subtracted, never moved: at the ends of the calendar a sum does not exist.
    if upper is not None and received - upper.moment > TOLERANCE:
        yield _disorder(item, say("times.after_token", source=upper.source), upper)
    if block is not None and received - block.moment > TOLERANCE:
        yield _disorder(item, say("times.after_block", source=block.source), block)
    if lower is not None and upper is not None and lower.moment > upper.moment:
        detail = say("times.bounds_crossed", lower=lower.source, upper=upper.source)
        yield _disorder(item, detail, lower, upper)
    if lower is not None and lower.moment - received > TOLERANCE:
        yield indeterminate("CLOCK_SKEW", item.name, say("times.names_younger"))
    if claimed is not None and claimed - received > TOLERANCE:
        yield indeterminate("CLOCK_SKEW", item.name, say("times.claimed_later"))
    if previous is not None and previous - received > TOLERANCE:
        yield indeterminate("CLOCK_SKEW", item.name, say("times.received_earlier"))


def _disorder(item: Item, detail: Text, *bounds: TimeBound) -> Finding:
    """A contradiction is false only against what the policy trusts: anybody can make a block of his own chain."""
    state = failed if all(bound.trusted for bound in bounds) else indeterminate
    return state("TIMESTAMP_ORDER_FAILURE", item.name, detail)


def _describe(item: Item, entry: Entry, bounds: Bounds) -> Finding:
    if bounds.not_after is None:
        return not_provided("NO_POE", item.name, say("times.no_poe"))
    delay = bounds.not_after.moment - entry.received_at
    observed: dict[str, Any] = {
        "received_at": format_time(entry.received_at),
        "not_after": format_time(bounds.not_after.moment),
        "delay_seconds": max(0, int(delay.total_seconds())),
    }
    known = "times.bound" if bounds.not_after.trusted else "times.bound_untrusted"
    detail = say(known, source=bounds.not_after.source)
    return passed(item.name, detail, code="LATE_ANCHOR" if delay > LATE else "", **observed)
