"""Receipts: what the depositor takes away, a proof that needs no database any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.reader import SignedHead
from ledger.sequencer import Placed
from ledger.tree import NodeId, finish, inclusion_plan


@dataclass(frozen=True, slots=True)
class Receipt:
    """An event's place in the log and the proof of it under a signed checkpoint.

    ``leaf`` and ``entry`` are canonical bytes, ``entry`` None once it was erased; ``checkpoint`` is a signed note and
    ``path`` the inclusion proof of ``leaf_index`` in its tree. ``replayed``: the event had been deposited before, and
    this is its earlier place.
    """

    event_id: str
    case: str
    leaf_index: int
    leaf: bytes
    entry: bytes | None
    checkpoint: bytes
    path: tuple[bytes, ...]
    replayed: bool


def wanted_nodes(placed: Sequence[Placed], size: int) -> list[NodeId]:
    """List the nodes that the receipts of these events need in the tree of ``size``."""
    return [node for item in placed for node in inclusion_plan(item.index, size).nodes]


def make_receipt(placed: Placed, head: SignedHead, hashes: Mapping[NodeId, bytes]) -> Receipt:
    """Put a receipt together from the nodes that were read.

    Raises:
        KeyError: a node is missing.

    """
    path = finish(inclusion_plan(placed.index, head.size), hashes)
    return Receipt(
        placed.event_id,
        placed.case,
        placed.index,
        placed.leaf,
        placed.entry,
        head.note,
        path,
        placed.replayed,
    )
