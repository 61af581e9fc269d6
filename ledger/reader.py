"""The public side of the log, read only: checkpoint, proofs, leaves, tiles. Usable from any process.

What no signed head covers yet is never shown: it has no proof, and a crash of the signer could still stop here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, bindparam, func, select, tuple_

from ledger.database import open_reader
from ledger.models import LEAF, NODE, SIGNED_HEAD
from ledger.tiles import TilePath, available_width, format_entry_bundle, tile_nodes
from ledger.tree import NodeId, Plan, consistency_plan, finish, inclusion_plan

_ASKED_AT_ONCE = 400
_LEAF = select(LEAF.c.leaf).where(LEAF.c.leaf_index == bindparam("index"))


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A signed note and the tree size it speaks of."""

    size: int
    note: bytes


@dataclass(frozen=True, slots=True)
class IndexedLeaf:
    """The bytes of a leaf and its place in the log."""

    index: int
    leaf: bytes


def read_nodes(connection: Connection, nodes: Iterable[NodeId]) -> dict[NodeId, bytes]:
    """Read the hashes of complete subtrees; those of level 0 are the leaves' own. What is missing is left out."""
    wanted = list(dict.fromkeys(nodes))
    found: dict[NodeId, bytes] = {}
    leaves = [node.number for node in wanted if node.level == 0]
    inner = [node for node in wanted if node.level]
    for at in range(0, len(leaves), _ASKED_AT_ONCE):
        query = select(LEAF.c.leaf_index, LEAF.c.leaf_hash)
        rows = connection.execute(query.where(LEAF.c.leaf_index.in_(leaves[at : at + _ASKED_AT_ONCE])))
        found.update((NodeId(0, row.leaf_index), row.leaf_hash) for row in rows)
    for at in range(0, len(inner), _ASKED_AT_ONCE):
        place = tuple_(NODE.c.level, NODE.c.number)
        rows = connection.execute(select(NODE).where(place.in_(inner[at : at + _ASKED_AT_ONCE])))
        found.update((NodeId(row.level, row.number), row.hash) for row in rows)
    return found


class LedgerReader:
    """Answers questions about the log from a read-only database connection."""

    def __init__(self, engine: Engine, newest: Callable[[], SignedHead | None] | None = None) -> None:
        """Read through ``engine``; ``newest`` gives the newest signed head where this process signs itself."""
        self._engine = engine
        self._newest = newest

    @classmethod
    def open(cls, database: Path) -> "LedgerReader":
        """Open the database file of a log for reading."""
        return cls(open_reader(database))

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def signed_head(self) -> SignedHead | None:
        """Give the newest signed head, or None on a log that has signed nothing."""
        if self._newest is not None and (head := self._newest()) is not None:
            return head
        query = select(SIGNED_HEAD).order_by(SIGNED_HEAD.c.size.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else SignedHead(row.size, row.note)

    def checkpoint(self) -> bytes | None:
        """Give the newest signed note."""
        head = self.signed_head()
        return None if head is None else head.note

    def size(self) -> int:
        """Give the size of the newest signed head; 0 if there is none."""
        head = self.signed_head()
        return 0 if head is None else head.size

    def signed_sizes(self, *, after: int = 0, limit: int = 1000) -> tuple[int, ...]:
        """List the sizes of stored signed heads above ``after``, rising."""
        query = (
            select(SIGNED_HEAD.c.size)
            .where(SIGNED_HEAD.c.size > after)
            .order_by(SIGNED_HEAD.c.size)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def note(self, size: int) -> bytes | None:
        """Give the signed note of exactly this size, if it is stored."""
        with self._engine.connect() as connection:
            return connection.execute(
                select(SIGNED_HEAD.c.note).where(SIGNED_HEAD.c.size == size)
            ).scalar_one_or_none()

    def _prove(self, plans: Sequence[Plan], size: int) -> tuple[tuple[bytes, ...], ...]:
        """Finish several plans with one reading."""
        if size > self.size():
            raise ValueError(f"the log has signed no head of size {size} or more")
        with self._engine.connect() as connection:
            nodes = read_nodes(connection, (node for plan in plans for node in plan.nodes))
        return tuple(finish(plan, nodes) for plan in plans)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Prove that leaf ``index`` is in the tree of ``size``.

        Raises:
            ValueError: the leaf is not within that size, or no signed head reaches it.

        """
        return self.inclusions((index,), size)[0]

    def inclusions(self, indexes: Iterable[int], size: int) -> tuple[tuple[bytes, ...], ...]:
        """Prove of several leaves, with one reading, that each is in the tree of ``size``.

        Raises:
            ValueError: a leaf is not within that size, or no signed head reaches it.

        """
        return self._prove([inclusion_plan(index, size) for index in indexes], size)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Prove that the tree of ``new`` extends that of ``old``; from size 0 the proof is empty.

        Raises:
            ValueError: sizes out of order, or beyond the signed head.

        """
        return self._prove((consistency_plan(old, new),), new)[0]

    def leaf(self, index: int) -> bytes | None:
        """Give the bytes of a leaf that a signed head covers."""
        if index >= self.size():
            return None
        with self._engine.connect() as connection:
            return connection.execute(_LEAF, {"index": index}).scalar_one_or_none()

    def leaf_index(self, leaf_hash: bytes) -> int | None:
        """Find a leaf by its hash."""
        with self._engine.connect() as connection:
            query = select(LEAF.c.leaf_index).where(LEAF.c.leaf_hash == leaf_hash)
            index = connection.execute(query).scalar_one_or_none()
        return None if index is None or index >= self.size() else int(index)

    def case_leaves(self, case: str, *, after: int = 0, limit: int = 100_000) -> tuple[IndexedLeaf, ...]:
        """List the leaves of a case above seq ``after``, as anybody with a mirror could."""
        query = (
            select(LEAF.c.leaf_index, LEAF.c.leaf)
            .where(LEAF.c.case_id == case, LEAF.c.seq > after, LEAF.c.leaf_index < self.size())
            .order_by(LEAF.c.seq)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return tuple(IndexedLeaf(row.leaf_index, row.leaf) for row in connection.execute(query))

    def tile(self, level: int, index: int, width: int = 256) -> bytes | None:
        """Give ``width`` hashes of a tile (C2SP tlog-tiles), full or partial; None where the tree has fewer."""
        if not 1 <= width <= available_width(level, index, self.size()):
            return None
        nodes = tile_nodes(TilePath(level, index, width))
        with self._engine.connect() as connection:
            hashes = read_nodes(connection, nodes)
        return b"".join(hashes[node] for node in nodes)

    def entry_bundle(self, index: int, width: int = 256) -> bytes | None:
        """Give ``width`` leaves of an entry bundle (C2SP tlog-tiles); None where the log has fewer."""
        if not 1 <= width <= available_width(None, index, self.size()):
            return None
        first = index * 256
        query = select(LEAF.c.leaf).where(LEAF.c.leaf_index >= first, LEAF.c.leaf_index < first + width)
        with self._engine.connect() as connection:
            leaves = connection.execute(query.order_by(LEAF.c.leaf_index)).scalars().all()
        return format_entry_bundle(leaves)

    def unsigned_size(self) -> int:
        """Give the number of leaves stored, signed for or not."""
        with self._engine.connect() as connection:
            newest = connection.execute(select(func.max(LEAF.c.leaf_index))).scalar_one()
        return 0 if newest is None else newest + 1
