"""The prover against the verifier, which shares no line of it, and against trees of other authors."""

import hashlib

import merkletools
import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zheng_verifier.merkle import (
    EMPTY_ROOT,
    TreeHead,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_extension,
    verify_inclusion,
)

from ledger.tree import NodeId, consistency_plan, cover, edge_root, finish, grow, inclusion_plan

LIMIT = 300
LEAVES = [leaf_hash(b"leaf %d" % number) for number in range(LIMIT)]


@pytest.fixture(scope="module")
def tree():
    """All stored nodes of the largest tree, and the head of every size on the way."""
    nodes, heads, edge = {}, [TreeHead(0, EMPTY_ROOT)], ()
    for size, leaf in enumerate(LEAVES):
        growth = grow(size, edge, [leaf])
        nodes.update(growth.nodes)
        heads.append(growth.head)
        edge = growth.edge
    return nodes, heads


def test_inclusion_of_every_leaf_of_every_small_tree_verifies(tree):
    """Every (index, size) up to 70."""
    nodes, heads = tree
    for size in range(1, 71):
        for index in range(size):
            proof = finish(inclusion_plan(index, size), nodes)
            verify_inclusion(
                LEAVES[index], index=index, size=size, root_hash=heads[size].root_hash, proof=proof
            )


def test_consistency_of_every_pair_of_small_trees_verifies(tree):
    """Every (old, new) up to 70, the empty tree included."""
    nodes, heads = tree
    for new in range(71):
        for old in range(new + 1):
            proof = finish(consistency_plan(old, new), nodes)
            verify_extension(old=heads[old], new=heads[new], proof=proof)
            if old:
                verify_consistency(old=heads[old], new=heads[new], proof=proof)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_proofs_of_larger_trees_verify(tree, data):
    """Any sizes up to 300."""
    nodes, heads = tree
    new = data.draw(st.integers(1, LIMIT))
    old, index = data.draw(st.integers(1, new)), data.draw(st.integers(0, new - 1))
    root = heads[new].root_hash
    proof = finish(inclusion_plan(index, new), nodes)
    verify_inclusion(LEAVES[index], index=index, size=new, root_hash=root, proof=proof)
    verify_consistency(old=heads[old], new=heads[new], proof=finish(consistency_plan(old, new), nodes))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_batches_give_the_tree_of_single_appends(tree, batches):
    """However leaves are grouped, nodes, edge and head are the same."""
    nodes, heads = tree
    size, edge, made = 0, (), {}
    for batch in batches:
        growth = grow(size, edge, LEAVES[size : size + batch] if size + batch <= LIMIT else [])
        made.update(growth.nodes)
        size, edge = growth.head.size, growth.edge
        assert growth.head == heads[size]
    assert made == {node: nodes[node] for node in made}
    assert [node for node in nodes if (node.number + 1) << node.level <= size] == list(made)
    assert edge == tuple(made[node] for node in cover(0, size))


def test_plans_of_huge_trees_touch_few_nodes():
    """A proof in a tree of 2^62 leaves is planned without looking at it."""
    size = 2**62 - 1
    assert len(inclusion_plan(size // 3, size).groups) <= 62
    assert len(inclusion_plan(size // 3, size).nodes) <= 62 * 2
    assert len(consistency_plan(size // 3, size).groups) <= 63


def test_roots_are_those_of_pymerkle(tree):
    """pymerkle 7 builds RFC 9162 trees by code nobody here wrote."""
    _, heads = tree
    judge = pymerkle.InmemoryTree(algorithm="sha256")
    for size in range(1, 130):
        judge.append_entry(b"leaf %d" % (size - 1))
        assert judge.get_root(size) == heads[size].root_hash


def test_roots_are_those_of_merkletools(tree):
    """merkletools promotes odd nodes as RFC 9162 does; given its hash with the prefix of inner nodes it agrees."""

    class Prefixed(merkletools.MerkleTools):
        def __init__(self):
            super().__init__("sha256")
            self.hash_function = lambda data=b"": hashlib.sha256(b"\x01" + data)

    _, heads = tree
    for size in [1, 2, 3, 5, 8, 13, 64, 100, 127]:
        judge = Prefixed()
        for leaf in LEAVES[:size]:
            judge.add_leaf(leaf.hex())
        judge.make_tree()
        assert judge.get_merkle_root() == heads[size].root_hash.hex()


def test_cover_splits_into_complete_subtrees():
    """Seven leaves end in subtrees of four, two and one."""
    assert cover(0, 7) == (NodeId(2, 0), NodeId(1, 2), NodeId(0, 6))
    assert cover(4, 7) == (NodeId(1, 2), NodeId(0, 6))
    assert cover(3, 3) == ()


def test_root_of_an_edge_folds_from_the_right():
    """The empty edge is the empty tree; of two subtrees the root is their node."""
    assert edge_root([]) == EMPTY_ROOT
    assert edge_root([b"a" * 32, b"b" * 32]) == node_hash(b"a" * 32, b"b" * 32)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_plan_for_a_leaf_outside(index, size):
    """A leaf outside the tree has no proof."""
    with pytest.raises(ValueError, match="not within"):
        inclusion_plan(index, size)


@pytest.mark.parametrize(("old", "new"), [(2, 1), (-1, 3)])
def test_no_plan_for_sizes_out_of_order(old, new):
    """A tree does not shrink."""
    with pytest.raises(ValueError, match="extends"):
        consistency_plan(old, new)


def test_growing_needs_the_edge_of_that_size():
    """Three leaves have two subtrees on their right edge."""
    with pytest.raises(ValueError, match="right edge"):
        grow(3, [LEAVES[0]], [LEAVES[1]])
