"""The prover's side of the Merkle tree (RFC 9162 §2.1): which stored nodes a proof needs, and how they fold.

Every complete subtree is stored once as a node: (level, number) covers the leaves [number·2^level, (number+1)·2^level);
level 0 are the leaf hashes. A proof is made in three steps, so that storage is read once:

    plan = inclusion_plan(index, size)      pure: the nodes, grouped by the hash they fold to
    hashes = read(plan.nodes)               the caller's storage
    proof = finish(plan, hashes)            pure

The verifier (zheng_verifier.merkle) shares the two hash functions with this module and nothing else.

        7 leaves:            level 2     (2,0)
                             level 1   (1,0) (1,1) (1,2)
                             level 0  0  1  2  3  4  5  6     the right edge is (2,0), (1,2), (0,6)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zheng_verifier.merkle import EMPTY_ROOT, TreeHead, node_hash


class NodeId(NamedTuple):
    """The place of a complete subtree: 2^level leaves, the ``number``-th of its level from 0."""

    level: int
    number: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The nodes a proof is made of: each group, left to right, folds to one hash of the proof."""

    groups: tuple[tuple[NodeId, ...], ...]

    @property
    def nodes(self) -> tuple[NodeId, ...]:
        """All nodes to read, in the order of the proof."""
        return tuple(node for group in self.groups for node in group)


@dataclass(frozen=True, slots=True)
class Growth:
    """What appending leaves gave: the ``nodes`` that became complete, the new right ``edge``, the new ``head``."""

    nodes: tuple[tuple[NodeId, bytes], ...]
    edge: tuple[bytes, ...]
    head: TreeHead


def cover(start: int, end: int) -> tuple[NodeId, ...]:
    """Split the leaves [start, end) into complete subtrees, left to right, each as large as fits.

    For a range that RFC 9162 splits (start a multiple of the largest power of two within) this is its right edge.
    """
    nodes = []
    while start < end:
        fits = (end - start).bit_length() - 1
        level = min(fits, (start & -start).bit_length() - 1) if start else fits
        nodes.append(NodeId(level, start >> level))
        start += 1 << level
    return tuple(nodes)


def fold(hashes: Sequence[bytes]) -> bytes:
    """Fold a right edge, largest subtree first, into the hash above it (RFC 9162 §2.1.1)."""
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def edge_root(edge: Sequence[bytes]) -> bytes:
    """Compute the root hash from the right edge of a tree; an empty edge is the empty tree."""
    return fold(edge) if edge else EMPTY_ROOT


def _split(start: int, end: int) -> int:
    """Give the place where RFC 9162 splits [start, end): the largest power of two below its length."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def inclusion_plan(index: int, size: int) -> Plan:
    """Plan the inclusion proof of leaf ``index`` in the tree of ``size`` (RFC 9162 §2.1.3.1).

    Raises:
        ValueError: the leaf is not within the tree.

    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not within a tree of {size}")
    start, end = 0, size
    siblings = []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            siblings.append(cover(middle, end))
            end = middle
        else:
            siblings.append(cover(start, middle))
            start = middle
    return Plan(tuple(reversed(siblings)))


def consistency_plan(old: int, new: int) -> Plan:
    """Plan the proof that the tree of ``new`` extends that of ``old`` (RFC 9162 §2.1.4.1).

    Nothing is needed from the empty tree (C2SP tlog-witness) or between equal sizes.

    Raises:
        ValueError: the sizes are out of order.

    """
    if not 0 <= old <= new:
        raise ValueError(f"no tree of {new} extends one of {old}")
    if old in (0, new):
        return Plan(())
    start, end = 0, new
    parts = []
    while old != end:
        middle = _split(start, end)
        if old <= middle:
            parts.append(cover(middle, end))
            end = middle
        else:
            parts.append(cover(start, middle))
            start = middle
    # The old tree's last complete subtree is sent, unless it is the whole old tree, which the checker has.
    if start:
        parts.append(cover(start, end))
    return Plan(tuple(reversed(parts)))


def finish(plan: Plan, hashes: Mapping[NodeId, bytes]) -> tuple[bytes, ...]:
    """Fold the nodes that were read into the proof.

    Raises:
        KeyError: a planned node is not among ``hashes``.

    """
    return tuple(fold([hashes[node] for node in group]) for group in plan.groups)


def grow(size: int, edge: Sequence[bytes], leaf_hashes: Sequence[bytes]) -> Growth:
    """Append leaves to the tree of ``size`` with this right ``edge`` (the hashes of ``cover(0, size)``).

    Raises:
        ValueError: the edge is not that of a tree of this size.

    """
    if len(edge) != size.bit_count():
        raise ValueError(f"a tree of {size} has {size.bit_count()} nodes on its right edge, not {len(edge)}")
    stack = list(edge)
    nodes = []
    for offset, leaf in enumerate(leaf_hashes):
        node, hashed = NodeId(0, size + offset), leaf
        nodes.append((node, hashed))
        while node.number & 1:
            node, hashed = NodeId(node.level + 1, node.number >> 1), node_hash(stack.pop(), hashed)
            nodes.append((node, hashed))
        stack.append(hashed)
    return Growth(tuple(nodes), tuple(stack), TreeHead(size + len(leaf_hashes), edge_root(stack)))
