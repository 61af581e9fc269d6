"""Puts evidence together: leaves and paths of the log, entries of the vault, time-stamps and anchors.

Only here ledger and anchor meet. For each event the *earliest* checkpoint that was time-stamped and the earliest
that was anchored are taken (authorities and chains run on their own clocks, so they may be two), because their
times are the best bounds there are; beside them stands the newest signed checkpoint, which covers everything. One
path is given for each checkpoint an event needs, and consistency between them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from zheng_verifier.bundle import (
    MAX_EVENTS,
    MAX_PROOFS,
    Bundle,
    BundleEvent,
    BundleProof,
    ConsistencyStep,
    Inclusion,
    format_bundle,
)
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import parse_entry, parse_leaf
from zheng_verifier.jws import parse_jws
from zheng_verifier.sealed import disclosure_digest
from zheng_verifier.tlog_proof import TlogProof

from anchor.store import AnchoredCheckpoint, AnchorStore
from api.problems import ProblemError
from ledger.reader import IndexedLeaf, LedgerReader
from ledger.vault import Vault

LEVELS = ("signed", "timestamped", "anchored")
_KINDS = ("timestamped", "anchored")


@dataclass(frozen=True, slots=True)
class Cover:
    """A checkpoint with what is known of its time; ``tokens`` and ``anchors`` may be empty."""

    size: int
    note: bytes
    checkpoint: AnchoredCheckpoint | None = None

    @property
    def level(self) -> str:
        """How far it got: signed, timestamped or anchored (by a chain, whatever else)."""
        if self.checkpoint is None:
            return "signed"
        if self.checkpoint.anchors:
            return "anchored"
        return "timestamped" if self.checkpoint.tokens else "signed"


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """Where a sealed value stands: number of the event in its case, path within the claim (``/data/name``)."""

    seq: int
    path: str


@dataclass(frozen=True, slots=True)
class EventProof:
    """The proof of one leaf under the best checkpoint there is for it."""

    cover: Cover
    proof: TlogProof


@dataclass(frozen=True, slots=True)
class Evidence:
    """Reads what the two siblings keep. ``submitter_index`` finds where a tenant's key was registered in the log."""

    origin: str
    log_case: str
    reader: LedgerReader
    vault: Vault
    anchors: AnchorStore
    submitter_index: Callable[[str, str], int | None]

    def newest(self) -> Cover:
        """Give the newest signed checkpoint.

        Raises:
            ProblemError: proof-pending, before the first.
        """
        head = self.reader.signed_head()
        if head is None:
            raise ProblemError("proof-pending", "The log has signed nothing yet.")
        return Cover(head.size, head.note)

    def covers(self, index: int) -> tuple[Cover, ...]:
        """Give the checkpoints over leaf ``index`` that carry the best times, smallest first; none yet is possible."""
        found = {cover.size: cover for kind in _KINDS if (cover := self._first(kind, index)) is not None}
        return tuple(found[size] for size in sorted(found))

    @staticmethod
    def level_of(covers: Iterable[Cover]) -> str:
        """Give the highest level among checkpoints: signed, if there are none."""
        return max((cover.level for cover in covers), key=LEVELS.index, default="signed")

    def prove(self, index: int, level: str | None = None) -> tuple[EventProof, ...]:
        """Prove one leaf: under its best checkpoints if it has any, else under the newest signed one.

        ``level`` asks for one proof of that level at least; the strongest comes last.

        Raises:
            ProblemError: proof-pending.
        """
        covers = () if level == "signed" else self.covers(index)
        ranked = sorted(covers or (self.newest(),), key=lambda cover: LEVELS.index(cover.level))
        if level is not None and LEVELS.index(ranked[-1].level) < LEVELS.index(level):
            raise ProblemError("proof-pending", f"The proof is '{ranked[-1].level}' so far.", expected=level)
        return tuple(
            EventProof(cover, TlogProof(index, self.reader.inclusion(index, cover.size), cover.note))
            for cover in ranked
        )

    def _first(self, kind: str, index: int) -> Cover | None:
        found = self.anchors.first_covering(
            index, timestamped=kind == "timestamped", anchored=kind == "anchored"
        )
        return None if found is None else Cover(found.size, found.note, found)

    def bundle(
        self, case: str, *, disclosures: bool = True, only: frozenset[SealedPlace] | None = None
    ) -> bytes:
        """Put the bundle of a case together, as it stands under the newest signed checkpoint.

        Of the sealed values that we hold all are opened, none (``disclosures``), or ``only`` those named.

        Raises:
            ProblemError: case-unknown, case-too-large.
        """
        leaves = self.reader.case_leaves(case, limit=MAX_EVENTS + 1)
        if not leaves:
            raise ProblemError("case-unknown")
        if len(leaves) > MAX_EVENTS:
            raise ProblemError("case-too-large", f"A bundle holds at most {MAX_EVENTS} events.")
        opened = None if disclosures else frozenset[SealedPlace]()
        events = [self._event(leaf, only=opened if only is None else only) for leaf in leaves]
        context = self._context(events, {leaf.index for leaf in leaves})
        items = [*leaves, *context]
        covers = self._covers([leaf.index for leaf in items])
        return format_bundle(
            Bundle(
                origin=self.origin,
                case=case,
                events=tuple(events),
                context=tuple(self._event(leaf, only=frozenset()) for leaf in context),
                proofs=tuple(self._proof(cover, positions, items) for cover, positions in covers),
                consistency=tuple(self._steps([cover.size for cover, _ in covers])),
            )
        )

    def sealed_places(self, case: str) -> frozenset[SealedPlace]:
        """Name the sealed values of a case that we can open: held, and not erased."""
        found: set[SealedPlace] = set()
        for leaf in self.reader.case_leaves(case, limit=MAX_EVENTS):
            place = parse_leaf(leaf.leaf)
            entry = self.vault.entry(place.case, place.seq)
            if entry is not None:
                found.update(at for at, _ in self._held(entry, place.case, place.seq))
        return frozenset(found)

    def _event(self, leaf: IndexedLeaf, *, only: frozenset[SealedPlace] | None) -> BundleEvent:
        place = parse_leaf(leaf.leaf)
        entry = self.vault.entry(place.case, place.seq)
        if entry is None or (only is not None and not only):
            return BundleEvent(leaf.leaf, entry)
        held = self._held(entry, place.case, place.seq)
        return BundleEvent(leaf.leaf, entry, tuple(text for at, text in held if only is None or at in only))

    def _held(self, entry: bytes, case: str, seq: int) -> list[tuple[SealedPlace, str]]:
        """Give the disclosures of an entry with the places of the values they open."""
        paths = {digest: path for path, digest in parse_entry(entry).claim.sealed}
        return [
            (SealedPlace(seq, paths[disclosure_digest(each.text)]), each.text)
            for each in self.vault.disclosures(case, seq)
            if each.text is not None
        ]

    def _context(self, events: Iterable[BundleEvent], present: set[int]) -> list[IndexedLeaf]:
        """Find the leaves by which the signing keys of these events were registered."""
        found: dict[int, IndexedLeaf] = {}
        registered = cache(self.submitter_index)
        for event in events:
            if event.entry is None:
                continue
            entry = parse_entry(event.entry)
            if entry.submitter.jws is None:
                continue
            kid = format_base64url(parse_jws(entry.submitter.jws).kid)
            index = registered(entry.claim.tenant, kid)
            if index is None or index in found or index in present:
                continue
            leaf = self.reader.leaf(index)
            if leaf is not None:
                found[index] = IndexedLeaf(index, leaf)
        return [found[index] for index in sorted(found)]

    def _covers(self, indexes: Sequence[int]) -> list[tuple[Cover, list[int]]]:
        """Choose the checkpoints and say which items (by position) each of them is to cover, oldest first."""
        chosen: dict[int, tuple[Cover, set[int]]] = {}
        ordered = sorted(enumerate(indexes), key=lambda item: item[1])
        for kind in _KINDS:
            known: Cover | None = None
            for position, index in ordered:
                # While a leaf lies below it, the one found for an earlier leaf is the earliest for this leaf too.
                if known is None or known.size <= index:
                    full = len(chosen) >= MAX_PROOFS - len(_KINDS) - 1
                    known = self._first(kind, max(indexes) if full else index)
                if known is None:
                    break
                chosen.setdefault(known.size, (known, set()))[1].add(position)
        newest = self.newest()
        chosen.setdefault(newest.size, (newest, set()))[1].update(range(len(indexes)))
        return [(cover, sorted(positions)) for _, (cover, positions) in sorted(chosen.items())]

    def _proof(self, cover: Cover, positions: Sequence[int], items: Sequence[IndexedLeaf]) -> BundleProof:
        checkpoint, indexes = cover.checkpoint, [items[position].index for position in positions]
        paths = self.reader.inclusions(indexes, cover.size)
        return BundleProof(
            checkpoint=cover.note,
            inclusions=tuple(map(Inclusion, positions, indexes, paths)),
            tokens=() if checkpoint is None else tuple(token.raw for token in checkpoint.tokens),
            anchors=() if checkpoint is None else checkpoint.anchors,
        )

    def _steps(self, sizes: Sequence[int]) -> Iterable[ConsistencyStep]:
        for old, new in pairwise(sizes):
            yield ConsistencyStep(old, new, self.reader.consistency(old, new))
