"""The part of ``fsck`` that builds the tree again and holds every stored head against it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, select
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.entry import parse_leaf
from zheng_verifier.errors import EvidenceError
from zheng_verifier.merkle import TreeHead, leaf_hash
from zheng_verifier.note import VerifierKey

from ledger.fsck_report import CHUNK, Progress, Tally, count, differs, stream
from ledger.models import LEAF, NODE, SIGNED_HEAD, TREE_HEAD
from ledger.reader import read_nodes
from ledger.tree import NodeId, grow


class TreeCheck:
    """Hashes every leaf again and compares nodes, heads, notes and the signer's memory with what comes out."""

    def __init__(
        self, connection: Connection, memory: TreeHead, later: TreeHead, tally: Tally, progress: Progress
    ) -> None:
        """Check the snapshot of ``connection``; ``memory`` is the signer's before it was taken, ``later`` after."""
        self._connection = connection
        self._memory = memory
        self._later = later
        self._tally = tally
        self._progress = progress

    def run(self, vkey: VerifierKey) -> None:
        """Check the whole tree; its notes are by the key ``vkey``."""
        total = count(self._connection, LEAF.c.leaf_index)
        heads = _Heads(self._connection, vkey, self._memory)
        size, edge = 0, tuple[bytes, ...]()
        heads.meet(self._tally.head)
        for rows in _chunks(self._connection, select(LEAF).order_by(LEAF.c.leaf_index)):
            made: dict[NodeId, bytes] = {}
            for row in rows:
                growth = grow(size, edge, [self._check_leaf(row, size)])
                made.update(growth.nodes)
                size, edge = growth.head.size, growth.edge
                self._tally.head = growth.head
                heads.meet(growth.head)
            self._check_nodes({node: hashed for node, hashed in made.items() if node.level})
            self._progress("leaves", size, total)
        self._tally.signed_size = heads.finish(size, self._later)
        if self._tally.signed_size < self._memory.size:
            self._tally.notices.append(
                f"the signer signed size {self._memory.size}, of which no note is stored; the next start stores it"
            )
        expected = sum(size >> level for level in range(1, size.bit_length()))
        if (found := count(self._connection, NODE.c.level)) != expected:
            differs("node", "", f"{found} nodes are stored, a tree of {size} has {expected}")

    def _check_leaf(self, row: Any, index: int) -> bytes:
        if row.leaf_index != index:
            differs("leaf", index, f"the next leaf stored is {row.leaf_index}")
        try:
            leaf = parse_leaf(row.leaf)
        except EvidenceError as error:
            differs("leaf", index, f"its bytes do not parse: {error}")
        if (leaf.case, leaf.seq) != (row.case_id, row.seq):
            differs("leaf", index, "case_id or seq are not those of its bytes")
        hashed = leaf_hash(row.leaf)
        if hashed != row.leaf_hash:
            differs("leaf", index, "leaf_hash is not the hash of its bytes")
        return hashed

    def _check_nodes(self, made: dict[NodeId, bytes]) -> None:
        stored = read_nodes(self._connection, made)
        for node, hashed in made.items():
            if stored.get(node) != hashed:
                state = "is missing" if node not in stored else "is not the hash of its children"
                differs("node", f"level {node.level}, number {node.number}", state)


def _chunks(connection: Connection, query: Select[Any]) -> Iterator[list[Any]]:
    yield from (list(rows) for rows in connection.execute(query).partitions(CHUNK))


class _Heads:
    """Compares stored heads, signed notes and the signer's memory with the tree as it grows."""

    def __init__(self, connection: Connection, vkey: VerifierKey, memory: TreeHead) -> None:
        self._stored = stream(connection, select(TREE_HEAD).order_by(TREE_HEAD.c.size))
        self._signed = stream(connection, select(SIGNED_HEAD).order_by(SIGNED_HEAD.c.size))
        self._next_stored = next(self._stored, None)
        self._next_signed = next(self._signed, None)
        self._vkey = vkey
        self._memory = memory
        self._last_stored = 0
        self._last_signed = 0

    def meet(self, head: TreeHead) -> None:
        """Compare everything stored about the size of ``head``."""
        if self._next_stored is not None and self._next_stored.size == head.size:
            if self._next_stored.root != head.root_hash:
                differs("tree_head", head.size, "its root is not that of the leaves")
            self._last_stored = head.size
            self._next_stored = next(self._stored, None)
        if self._next_signed is not None and self._next_signed.size == head.size:
            self._check_note(self._next_signed.note, head)
            self._last_signed = head.size
            self._next_signed = next(self._signed, None)
        if self._memory.size == head.size and self._memory != head:
            differs("signer", "state", f"it signed another root hash for size {head.size}")

    def _check_note(self, note: bytes, head: TreeHead) -> None:
        try:
            signed = open_checkpoint(note, self._vkey).checkpoint.head
        except EvidenceError as error:
            differs("signed_head", head.size, f"the note does not hold: {error}")
        if signed != head:
            differs("signed_head", head.size, "the note is of another head")

    def finish(self, size: int, later: TreeHead) -> int:
        """See that nothing is left over beyond ``size``; give the size of the newest note."""
        if self._next_stored is not None or self._last_stored != size:
            differs("tree_head", "", f"the newest head is not that of the {size} leaves")
        if self._next_signed is not None:
            differs("signed_head", self._next_signed.size, f"a note of this size, but {size} leaves")
        if self._memory.size > size:
            differs("signer", "state", f"it signed size {self._memory.size}, but there are {size} leaves")
        if self._last_signed > later.size:
            differs("signed_head", self._last_signed, "the signer does not remember to have signed it")
        return self._last_signed
