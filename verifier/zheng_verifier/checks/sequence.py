"""C04: the events of the case are numbered without gap, chained by hash, opened, closed and attested."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from zheng_verifier import taxonomy
from zheng_verifier.canonical import JsonObject
from zheng_verifier.checks.evidence import (
    Inclusions,
    Item,
    events_of,
    failed,
    indeterminate,
    passed,
)
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import Entry, Leaf
from zheng_verifier.report.model import Finding, say


def check_sequence(items: list[Item], inclusions: Inclusions) -> list[Finding]:
    """Check order and completeness of the events shown (C04)."""
    events = [(item, item.leaf) for item in events_of(items) if item.leaf is not None]
    findings = [*_check_order(events), *_check_links(events), *_check_places(events, inclusions)]
    entries = [(item, leaf, item.entry) for item, leaf in events if item.entry is not None]
    findings.extend(_check_attestations(entries, events, inclusions))
    findings.extend(_check_life(entries))
    if not findings:
        findings.append(passed(say("sequence.events_to", last=len(events)), say("sequence.complete")))
    return findings


def _check_order(events: list[tuple[Item, Leaf]]) -> Iterator[Finding]:
    counts = Counter(leaf.seq for _, leaf in events)
    for seq, count in sorted(counts.items()):
        if count > 1:
            yield failed("FORK", say("event", seq=seq), say("sequence.fork", count=count))
    if [leaf.seq for _, leaf in events] != sorted(leaf.seq for _, leaf in events):
        yield failed("ORDER", say("all_events"), say("sequence.listed_out_of_order"))
    gaps = [(before + 1, after - 1) for before, after in pairwise([0, *sorted(counts)]) if after > before + 1]
    if gaps:
        # A number can be as large as 2^53: gaps are named, not counted out.
        names = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in gaps[:8])
        more = " …" if len(gaps) > 8 else ""
        yield indeterminate("SEQ_GAP", say("sequence.numbers", numbers=names + more), say("sequence.gap"))


def _check_links(events: list[tuple[Item, Leaf]]) -> Iterator[Finding]:
    by_seq = {leaf.seq: item for item, leaf in events}
    for item, leaf in events:
        before = by_seq.get(leaf.seq - 1)
        if before is not None and leaf.prev != before.leaf_hash:
            yield failed("PREV_MISMATCH", item.name, say("sequence.follows_another"))


def _check_places(events: list[tuple[Item, Leaf]], inclusions: Inclusions) -> Iterator[Finding]:
    """A later event of a case is a later leaf of the log."""
    last = -1
    for item, _ in events:
        place = inclusions.index.get(item.number)
        if place is not None:
            if place <= last:
                yield failed("ORDER", item.name, say("sequence.before_earlier"))
            last = place


def _check_life(entries: list[tuple[Item, Leaf, Entry]]) -> Iterator[Finding]:
    first = next((entry for _, leaf, entry in entries if leaf.seq == 1), None)
    if first is not None and first.claim.type not in ("case.opened/1", "log.created/1"):
        yield failed("NOT_OPENED", say("event", seq=1), say("sequence.not_opened", type=first.claim.type))
    for item, leaf, entry in entries:
        if entry.claim.type == "case.opened/1" and leaf.seq != 1:
            yield failed("REOPENED", item.name, say("sequence.reopened"))
    closings = [(item, leaf, entry) for item, leaf, entry in entries if entry.claim.type == "case.closed/1"]
    if not closings:
        yield indeterminate("NOT_CLOSED", say("the_case"), say("sequence.not_closed"))
        return
    item, leaf, entry = closings[0]
    yield from _check_closing(item, leaf, entry)
    yield from _check_after_closing(entries, leaf.seq)
    attested = [data.get("seq") for _, _, data in _attestations(entries)]
    if not any(isinstance(seq, int) and seq >= leaf.seq for seq in attested):
        yield indeterminate("NOT_ATTESTED", say("the_case"), say("sequence.not_attested"))


def _check_closing(item: Item, leaf: Leaf, entry: Entry) -> Iterator[Finding]:
    count, head = entry.claim.data.get("count"), entry.claim.data.get("head")
    if count != leaf.seq - 1 or leaf.prev is None or head != format_base64url(leaf.prev):
        yield failed("COUNT_MISMATCH", item.name, say("sequence.count_mismatch"))


def _check_after_closing(entries: list[tuple[Item, Leaf, Entry]], closed_at: int) -> Iterator[Finding]:
    for item, leaf, entry in entries:
        known = entry.claim.type in taxonomy.EVENT_TYPES
        if leaf.seq > closed_at and not (known and taxonomy.EVENT_TYPES[entry.claim.type].custody):
            yield failed("AFTER_CLOSE", item.name, say("sequence.after_close", type=entry.claim.type))


def _attestations(entries: list[tuple[Item, Leaf, Entry]]) -> Iterator[tuple[Item, Leaf, JsonObject]]:
    """Give the events in which the service states how far the case went, with their data."""
    for item, leaf, entry in entries:
        if entry.claim.type == "evidence.attested/1":
            yield item, leaf, entry.claim.data


def _check_attestations(
    entries: list[tuple[Item, Leaf, Entry]], events: list[tuple[Item, Leaf]], inclusions: Inclusions
) -> Iterator[Finding]:
    """Hold each attestation against the leaf of that number, where it is shown, and against both places."""
    by_seq = {leaf.seq: item for item, leaf in events}
    for item, leaf, data in _attestations(entries):
        seq, size = data.get("seq"), data.get("tree_size")
        named = by_seq.get(seq) if isinstance(seq, int) and seq < leaf.seq else None
        if isinstance(seq, int) and seq >= leaf.seq:
            yield failed("ATTESTATION_MISMATCH", item.name, say("sequence.attests_later"))
        elif named is None:
            continue  # not shown: a gap, which is named as one
        elif data.get("leaf") != format_base64url(named.leaf_hash):
            yield failed("ATTESTATION_MISMATCH", item.name, say("sequence.attests_another", seq=seq))
        elif isinstance(size, int) and not _between(size, named, item, inclusions):
            yield failed("ATTESTATION_MISMATCH", item.name, say("sequence.attested_size", size=size))


def _between(size: int, named: Item, attesting: Item, inclusions: Inclusions) -> bool:
    """The tree of this size held the attested leaf, and the attestation not yet."""
    first = inclusions.index.get(named.number, size - 1)
    return first < size <= inclusions.index.get(attesting.number, size)
