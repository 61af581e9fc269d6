"""Inclusion and consistency proofs at 10^4, 10^5 and 10^6 leaves: made from ready hashes, and checked.

Compared in turns with pymerkle (RFC 9162, in memory), on the same leaves and the same questions.
"""

import random
import warnings
from collections.abc import Iterator, Mapping

from measuring import Report, take_turns, timed
from pymerkle import InmemoryTree
from pymerkle import verify_consistency as peer_verify_consistency
from pymerkle import verify_inclusion as peer_verify_inclusion
from zheng_verifier.merkle import TreeHead, leaf_hash, node_hash, verify_consistency, verify_inclusion

from ledger.tree import NodeId, consistency_plan, cover, edge_root, finish, inclusion_plan

SIZES = (10**4, 10**5, 10**6)
ROUNDS = 9
ASKED = 200


class Levels(Mapping[NodeId, bytes]):
    """All complete subtrees of a tree in lists, one a level: what a database gives, without its time."""

    def __init__(self, leaves: list[bytes]) -> None:
        self._levels = [leaves]
        while len(leaves) > 1:
            pairs = zip(leaves[::2], leaves[1::2], strict=False)
            leaves = [node_hash(left, right) for left, right in pairs]
            self._levels.append(leaves)

    def __getitem__(self, node: NodeId) -> bytes:
        return self._levels[node.level][node.number]

    def __iter__(self) -> Iterator[NodeId]:
        return (NodeId(level, n) for level, nodes in enumerate(self._levels) for n in range(len(nodes)))

    def __len__(self) -> int:
        return sum(map(len, self._levels))

    def head(self, size: int) -> TreeHead:
        """Give the head of the first ``size`` leaves."""
        return TreeHead(size, edge_root([self[node] for node in cover(0, size)]))


def main() -> None:
    """Measure at each size, and write the results."""
    warnings.simplefilter("ignore", DeprecationWarning)
    report = Report("proofs", f"microseconds a proof, mean of {ASKED} random ones a round")
    entries = [number.to_bytes(8) for number in range(max(SIZES))]
    peer = InmemoryTree(algorithm="sha256")
    for size in SIZES:
        for entry in entries[peer.get_size() : size]:
            peer.append_entry(entry)
        measure(report, size, Levels([leaf_hash(entry) for entry in entries[:size]]), peer)
    report.write()


def measure(report: Report, size: int, levels: Levels, peer: InmemoryTree) -> None:
    """Let both answer the same questions about the tree of ``size``."""
    chosen = random.Random(size)
    indexes = [chosen.randrange(size) for _ in range(ASKED)]
    olds = [chosen.randrange(1, size) for _ in range(ASKED)]
    head = levels.head(size)
    if peer.get_root(size) != head.root_hash:
        raise RuntimeError("the two trees differ")
    old_heads = {old: levels.head(old) for old in olds}
    peer_roots = {old: peer.get_root(old) for old in olds}
    included = [(i, levels[NodeId(0, i)], finish(inclusion_plan(i, size), levels)) for i in indexes]
    consistent = [(old_heads[old], finish(consistency_plan(old, size), levels)) for old in olds]
    peer_included = [(peer.get_leaf(i + 1), peer.prove_inclusion(i + 1, size)) for i in indexes]
    peer_consistent = [(peer_roots[old], peer.prove_consistency(old, size)) for old in olds]

    def prove_inclusion() -> None:
        for index in indexes:
            finish(inclusion_plan(index, size), levels)

    def peer_prove_inclusion() -> None:
        for index in indexes:
            peer.prove_inclusion(index + 1, size)

    def prove_consistency() -> None:
        for old in olds:
            finish(consistency_plan(old, size), levels)

    def peer_prove_consistency() -> None:
        for old in olds:
            peer.prove_consistency(old, size)

    def check_inclusion() -> None:
        for index, leaf, proof in included:
            verify_inclusion(leaf, index=index, size=size, root_hash=head.root_hash, proof=proof)

    def peer_check_inclusion() -> None:
        for leaf, proof in peer_included:
            peer_verify_inclusion(leaf, head.root_hash, proof)

    def check_consistency() -> None:
        for old, proof in consistent:
            verify_consistency(old=old, new=head, proof=proof)

    def peer_check_consistency() -> None:
        for root, proof in peer_consistent:
            peer_verify_consistency(root, head.root_hash, proof)

    pairs = {
        "prove inclusion": (prove_inclusion, peer_prove_inclusion),
        "verify inclusion": (check_inclusion, peer_check_inclusion),
        "prove consistency": (prove_consistency, peer_prove_consistency),
        "verify consistency": (check_consistency, peer_check_consistency),
    }
    for title, (ours, theirs) in pairs.items():
        candidates = {"zheng": timed(ours, scale=1e6 / ASKED), "pymerkle": timed(theirs, scale=1e6 / ASKED)}
        figures = take_turns(candidates, rounds=ROUNDS, unit="µs")
        report.add(
            f"{size:,} leaves: {title}",
            figures,
            compared="same leaves, same questions, in turns",
            more_is_better=False,
        )


if __name__ == "__main__":
    main()
