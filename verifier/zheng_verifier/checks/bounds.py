"""Bounds on when an event was made and deposited, from every source that the bundle holds (evidence-norms §4.3).

    not before   a token or block that the claim itself names (``after``), or what bounds a leaf that it names
    not after    a token, a witness's cosignature or a block over a checkpoint that covers the event
    weak         the start of a certificate's validity: the authority's claim, listed and never decisive

A lower bound counts only inside what the submitter made; being later in the tree proves a later deposit, not a later
making. Evidence over a tree that holds the event itself bounds nothing from below.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zheng_verifier.checks.case import Facts
from zheng_verifier.checks.evidence import Anchored, Inclusions, Item, Timed
from zheng_verifier.checks.witnesses import Witnessed
from zheng_verifier.claim import After, AfterBlock, AfterToken
from zheng_verifier.report.model import TimeBound, say


@dataclass(frozen=True, slots=True)
class Bounds:
    """What was found about an item: the best bound of each kind, None if there is none, and all of them.

    ``anchored`` is the earliest block; ``not_after`` the earliest of all sources, trusted ones before others.
    """

    not_before: TimeBound | None
    not_after: TimeBound | None
    anchored: TimeBound | None
    lower: tuple[TimeBound, ...] = ()
    upper: tuple[TimeBound, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lower:
    """What a claim may name as not-before evidence, and the size of the checkpoint that it stands over."""

    bound: TimeBound
    size: int


def find_bounds(
    items: list[Item],
    inclusions: Inclusions,
    timed: Sequence[Timed],
    witnessed: Sequence[Witnessed],
    anchored: Sequence[Anchored],
    facts: Facts,
) -> dict[int, Bounds]:
    """Find the bounds of each item, by item number; a trusted bound is preferred to one that is not."""
    clocks = _of_items(items, inclusions, _by_proof(timed, witnessed))
    blocks = _of_items(items, inclusions, _blocks_by_proof(anchored))
    lower = _lower_bounds(items, inclusions, timed, anchored)
    weak = _weak_bounds(facts)
    return {
        item.number: Bounds(
            best(lower[item.number], latest=True),
            best([*clocks[item.number], *blocks[item.number]], latest=False),
            best(blocks[item.number], latest=False),
            _ordered([*lower[item.number], *weak.get(item.number, ())], latest=True),
            _ordered([*clocks[item.number], *blocks[item.number]], latest=False),
        )
        for item in items
    }


def best(bounds: Iterable[TimeBound], *, latest: bool) -> TimeBound | None:
    """Choose the tightest bound of those that the policy trusts, or else of all."""
    candidates = list(bounds)
    trusted = [bound for bound in candidates if bound.trusted] or candidates
    if not trusted:
        return None
    return (max if latest else min)(trusted, key=lambda bound: bound.moment)


def _ordered(bounds: Iterable[TimeBound], *, latest: bool) -> tuple[TimeBound, ...]:
    """List the bounds, the tightest first, each source once."""
    found: list[TimeBound] = []
    for bound in sorted(bounds, key=lambda bound: bound.moment, reverse=latest):
        if all(bound.source != known.source for known in found):
            found.append(bound)
    return tuple(found)


def _by_proof(timed: Sequence[Timed], witnessed: Sequence[Witnessed]) -> dict[int, list[TimeBound]]:
    found: dict[int, list[TimeBound]] = {}
    for token in timed:
        bound = TimeBound(token.not_after, say("times.tsa", name=token.tsa), not token.result.test)
        found.setdefault(token.proof, []).append(bound)
    for each in witnessed:
        bound = TimeBound(each.time, say("times.witness", name=each.name), trusted=True)
        found.setdefault(each.proof, []).append(bound)
    return found


def _blocks_by_proof(anchored: Sequence[Anchored]) -> dict[int, list[TimeBound]]:
    found: dict[int, list[TimeBound]] = {}
    for anchor in anchored:
        found.setdefault(anchor.proof, []).append(_block_bound(anchor))
    return found


def _of_items(
    items: list[Item], inclusions: Inclusions, by_proof: Mapping[int, list[TimeBound]]
) -> dict[int, list[TimeBound]]:
    """Give each item the bounds of every proof that covers it, of each source the earliest."""
    found: dict[int, list[TimeBound]] = {item.number: [] for item in items}
    for proof, bounds in by_proof.items():
        for number in inclusions.covered[proof]:
            found[number].extend(bounds)
    return found


def _block_bound(anchor: Anchored) -> TimeBound:
    source = say("times.block", number=anchor.block.number, chain=anchor.chain_id)
    return TimeBound(anchor.block.time, source, anchor.trusted)


def _lower_bounds(
    items: list[Item], inclusions: Inclusions, timed: Sequence[Timed], anchored: Sequence[Anchored]
) -> dict[int, list[TimeBound]]:
    """Give what each claim names and the bundle holds; what it names in the log brings that leaf's bounds with it."""
    named: dict[bytes, list[_Lower]] = {}
    for token in timed:
        bound = TimeBound(token.not_before, say("times.tsa", name=token.tsa), not token.result.test)
        named.setdefault(token.digest, []).append(_Lower(bound, token.size))
    for anchor in anchored:
        key = _block_key(anchor.chain_id, anchor.block.hash)
        named.setdefault(key, []).append(_Lower(_block_bound(anchor), anchor.size))
    found: dict[int, list[TimeBound]] = {item.number: [] for item in items}
    by_leaf: dict[bytes, list[TimeBound]] = {}
    for item in sorted(items, key=lambda item: inclusions.index.get(item.number, -1)):
        place = inclusions.index.get(item.number)
        for after in item.entry.claim.after if item.entry is not None else ():
            found[item.number].extend(_named_by(after, place, named, by_leaf))
        by_leaf[item.leaf_hash] = found[item.number]
    return found


def _named_by(
    after: After,
    place: int | None,
    named: Mapping[bytes, list[_Lower]],
    by_leaf: Mapping[bytes, list[TimeBound]],
) -> Iterator[TimeBound]:
    if isinstance(after, AfterToken):
        candidates = named.get(after.sha256, [])
    elif isinstance(after, AfterBlock):
        candidates = named.get(_block_key(after.chain, after.hash), [])
    else:
        yield from by_leaf.get(after.hash, [])  # only of leaves before this one: they come in order
        return
    yield from (lower.bound for lower in candidates if place is None or lower.size <= place)


def _block_key(chain: int, block: bytes) -> bytes:
    return b"%d/%b" % (chain, block)


def _weak_bounds(facts: Facts) -> dict[int, list[TimeBound]]:
    """A signature is not older than its certificate, if the authority's notBefore is true: keys are made ahead too."""
    starts = {
        (fact.text("key"), fact.text("party")): start
        for fact in facts.named("certificate.issued")
        if (start := fact.time("not_before")) is not None
    }
    found: dict[int, list[TimeBound]] = {}
    for signed in facts.named("party.signed"):
        start = starts.get((signed.text("key"), signed.text("party")))
        if start is not None:
            bound = TimeBound(start, say("times.certificate"), trusted=False, weak=True)
            found.setdefault(signed.item.number, []).append(bound)
    return found
