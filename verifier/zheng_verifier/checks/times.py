"""C16: the times of an event, of five different sources, do not contradict one another.

Claims (the platform's clock) and receipt (the service's clock) are statements. Bounds come only from what could
not be known or made at another time: a token over the checkpoint that covers the event (not after), and a token or
block that the submitter named inside what he made (not before).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from zheng_verifier.checks.evidence import (
    Anchored,
    Inclusions,
    Item,
    Timed,
    events_of,
    failed,
    indeterminate,
    not_provided,
    passed,
    skipped,
)
from zheng_verifier.claim import AfterBlock, AfterToken
from zheng_verifier.encoding import format_time
from zheng_verifier.entry import Entry
from zheng_verifier.report.model import Finding, TimeBound
from zheng_verifier.timestamp import parse_response

TOLERANCE = timedelta(minutes=5)
LATE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What was checked about when an event was deposited; each bound None if there is none."""

    not_before: TimeBound | None
    not_after: TimeBound | None
    anchored: TimeBound | None


def find_bounds(
    items: list[Item], inclusions: Inclusions, timed: Sequence[Timed], anchored: Sequence[Anchored]
) -> dict[int, Bounds]:
    """Find the bounds of each item, by item number; a trusted bound is preferred to one that is not."""
    return {
        item.number: Bounds(
            _best(_lower_bounds(item, timed, anchored), latest=True),
            _best(_tokens(item, inclusions, timed), latest=False),
            _best(_blocks(item, inclusions, anchored), latest=False),
        )
        for item in items
    }


def _best(bounds: Iterator[TimeBound], *, latest: bool) -> TimeBound | None:
    candidates = list(bounds)
    trusted = [bound for bound in candidates if bound.trusted] or candidates
    if not trusted:
        return None
    return (max if latest else min)(trusted, key=lambda bound: bound.moment)


def _tokens(item: Item, inclusions: Inclusions, timed: Sequence[Timed]) -> Iterator[TimeBound]:
    for token in timed:
        if item.number in inclusions.covered[token.proof]:
            yield TimeBound(_latest_moment(token), f"TSA {token.tsa}", not token.result.test)


def _latest_moment(token: Timed) -> datetime:
    """An authority that states its accuracy means genTime plus that at the latest (RFC 3161 §2.4.2)."""
    accuracy = token.result.accuracy
    return token.result.gen_time + (accuracy.delta if accuracy is not None else timedelta(0))


def _blocks(item: Item, inclusions: Inclusions, anchored: Sequence[Anchored]) -> Iterator[TimeBound]:
    for anchor in anchored:
        if item.number in inclusions.covered[anchor.proof]:
            source = f"block {anchor.block.number} of chain {anchor.chain_id}"
            yield TimeBound(anchor.block.time, source, anchor.trusted)


def _lower_bounds(item: Item, timed: Sequence[Timed], anchored: Sequence[Anchored]) -> Iterator[TimeBound]:
    for after in item.entry.claim.after if item.entry is not None else ():
        if isinstance(after, AfterToken):
            for token in timed:
                if hashlib.sha256(parse_response(token.raw).granted().der).digest() == after.sha256:
                    yield TimeBound(token.result.gen_time, f"TSA {token.tsa}", not token.result.test)
        elif isinstance(after, AfterBlock):
            for anchor in anchored:
                if (anchor.chain_id, anchor.block.hash) == (after.chain, after.hash):
                    yield TimeBound(
                        anchor.block.time, f"block {after.number} of chain {after.chain}", anchor.trusted
                    )


def check_times(items: list[Item], bounds: dict[int, Bounds]) -> list[Finding]:
    """Hold the times of each event against each other (C16)."""
    findings: list[Finding] = []
    previous: datetime | None = None
    for item in events_of(items):
        if item.entry is None:
            findings.append(skipped(item.name, "its entry is not enclosed or not the leaf's (C03)"))
            continue
        found = list(_contradictions(item, item.entry, bounds[item.number], previous))
        findings.extend(found or [_describe(item, item.entry, bounds[item.number])])
        previous = max(item.entry.received_at, previous or item.entry.received_at)
    return findings


def _contradictions(item: Item, entry: Entry, bounds: Bounds, previous: datetime | None) -> Iterator[Finding]:
    received, claimed = entry.received_at, entry.claim.occurred_at
    lower, upper, block = bounds.not_before, bounds.not_after, bounds.anchored
    if upper is not None and received > upper.moment + TOLERANCE:
        yield failed("TIMESTAMP_ORDER_FAILURE", item.name, "received after the time-stamp that covers it")
    if block is not None and received > block.moment + TOLERANCE:
        yield failed("TIMESTAMP_ORDER_FAILURE", item.name, "received after the block that anchors it")
    if lower is not None and upper is not None and lower.moment > upper.moment:
        yield failed("TIMESTAMP_ORDER_FAILURE", item.name, "not before is later than not after")
    if lower is not None and lower.moment > received + TOLERANCE:
        yield indeterminate("CLOCK_SKEW", item.name, "it names evidence younger than its own receipt")
    if claimed is not None and claimed > received + TOLERANCE:
        yield indeterminate("CLOCK_SKEW", item.name, "it claims to have happened after it was received")
    if previous is not None and received < previous - TOLERANCE:
        yield indeterminate("CLOCK_SKEW", item.name, "received before an earlier event of the case")


def _describe(item: Item, entry: Entry, bounds: Bounds) -> Finding:
    if bounds.not_after is None:
        return not_provided("NO_POE", item.name, "no time-stamp covers it: only clocks of the parties")
    delay = bounds.not_after.moment - entry.received_at
    observed: dict[str, Any] = {
        "received_at": format_time(entry.received_at),
        "not_after": format_time(bounds.not_after.moment),
        "delay_seconds": max(0, int(delay.total_seconds())),
    }
    return passed(item.name, code="LATE_ANCHOR" if delay > LATE else "", **observed)
