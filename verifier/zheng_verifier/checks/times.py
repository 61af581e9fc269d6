"""C16: the times of an event, of five different sources, do not contradict one another.

Claims (the platform's clock) and receipt (the service's clock) are statements. Bounds come only from what could
not be known or made at another time: a token over the checkpoint that covers the event (not after), and a token or
block that the submitter named inside what he made (not before).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from zheng_verifier.report.model import Finding, Text, TimeBound, say

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
    tokens, blocks = _upper_bounds(items, inclusions, timed), _block_bounds(items, inclusions, anchored)
    named: dict[bytes, list[_Lower]] = {}
    for token in timed:
        bound = TimeBound(token.not_before, say("times.tsa", name=token.tsa), not token.result.test)
        named.setdefault(token.digest, []).append(_Lower(bound, token.size))
    for anchor in anchored:
        key = _block_key(anchor.chain_id, anchor.block.hash)
        named.setdefault(key, []).append(_Lower(_block_bound(anchor), anchor.size))
    return {
        item.number: Bounds(
            _best(_lower_bounds(item, inclusions, named), latest=True),
            _best(tokens[item.number], latest=False),
            _best(blocks[item.number], latest=False),
        )
        for item in items
    }


@dataclass(frozen=True, slots=True)
class _Lower:
    """What a claim may name as not-before evidence, and the size of the checkpoint that it stands over."""

    bound: TimeBound
    size: int


def _best(bounds: Iterable[TimeBound], *, latest: bool) -> TimeBound | None:
    candidates = list(bounds)
    trusted = [bound for bound in candidates if bound.trusted] or candidates
    if not trusted:
        return None
    return (max if latest else min)(trusted, key=lambda bound: bound.moment)


def _upper_bounds(
    items: list[Item], inclusions: Inclusions, timed: Sequence[Timed]
) -> dict[int, list[TimeBound]]:
    by_proof: dict[int, list[TimeBound]] = {}
    for token in timed:
        bound = TimeBound(token.not_after, say("times.tsa", name=token.tsa), not token.result.test)
        by_proof.setdefault(token.proof, []).append(bound)
    return _of_items(items, inclusions, by_proof)


def _block_bounds(
    items: list[Item], inclusions: Inclusions, anchored: Sequence[Anchored]
) -> dict[int, list[TimeBound]]:
    by_proof: dict[int, list[TimeBound]] = {}
    for anchor in anchored:
        by_proof.setdefault(anchor.proof, []).append(_block_bound(anchor))
    return _of_items(items, inclusions, by_proof)


def _of_items(
    items: list[Item], inclusions: Inclusions, by_proof: Mapping[int, list[TimeBound]]
) -> dict[int, list[TimeBound]]:
    """Give each item the best bound of every proof that covers it."""
    found: dict[int, list[TimeBound]] = {item.number: [] for item in items}
    for proof, bounds in by_proof.items():
        best = _best(bounds, latest=False)
        for number in inclusions.covered[proof]:
            found[number].extend([best] if best is not None else [])
    return found


def _block_bound(anchor: Anchored) -> TimeBound:
    source = say("times.block", number=anchor.block.number, chain=anchor.chain_id)
    return TimeBound(anchor.block.time, source, anchor.trusted)


def _block_key(chain: int, block: bytes) -> bytes:
    return b"%d/%b" % (chain, block)


def _lower_bounds(
    item: Item, inclusions: Inclusions, named: Mapping[bytes, list[_Lower]]
) -> Iterator[TimeBound]:
    """Give what the claim names and the bundle holds; evidence over a tree with the event itself is none."""
    place = inclusions.index.get(item.number)
    for after in item.entry.claim.after if item.entry is not None else ():
        if isinstance(after, AfterToken):
            candidates = named.get(after.sha256, [])
        elif isinstance(after, AfterBlock):
            candidates = named.get(_block_key(after.chain, after.hash), [])
        else:
            candidates = []  # a leaf of the log is order, not time
        yield from (lower.bound for lower in candidates if place is None or lower.size <= place)


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
