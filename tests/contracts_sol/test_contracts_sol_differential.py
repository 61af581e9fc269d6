"""The contract's proof checks against the verifier's, on random and on mutated proofs."""

import random

import pytest
from zheng_verifier.errors import EvidenceError
from zheng_verifier.merkle import TreeHead, verify_consistency, verify_inclusion

CASES = 250
"""Of each kind; more than half of them mutated."""

SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 100, 255, 256, 1_000, 2**20, 2**20 + 1, 2**32 - 1, 2**63 - 1)


def holds(check, *arguments, **named):
    try:
        check(*arguments, **named)
    except EvidenceError:
        return False
    return True


def flipped(draw, data):
    position = draw.randrange(len(data))
    return data[:position] + bytes([data[position] ^ 1 << draw.randrange(8)]) + data[position + 1 :]


def mutated(draw, proof):
    """Change a proof in one of the ways in which proofs go wrong."""
    changed = list(proof)
    match draw.randrange(6):
        case 0 if changed:
            position = draw.randrange(len(changed))
            changed[position] = flipped(draw, changed[position])
        case 1 if changed:
            del changed[draw.randrange(len(changed))]
        case 2:
            changed.insert(draw.randrange(len(changed) + 1), draw.randbytes(32))
        case 3 if changed:
            changed.append(changed[-1])
        case 4:
            changed.reverse()
        case _:
            draw.shuffle(changed)
    return changed


def size_of(draw):
    return draw.choice(SIZES) if draw.random() < 0.5 else draw.randrange(1, 1 << draw.randrange(1, 63))


def test_inclusion_agrees_with_the_verifier(chain, tree):
    """On each random or mutated inclusion proof contract and verifier give the same answer."""
    draw, answers = random.Random(9162), {True: 0, False: 0}
    verify = chain.contract.functions.verifyInclusion
    for _ in range(CASES):
        size = size_of(draw)
        index = draw.choice((0, size - 1, draw.randrange(size)))
        leaf, root, proof = tree.leaf(index), tree.head(size), tree.inclusion(index, size)
        match draw.randrange(10):
            case 0 | 1 | 2:
                proof = mutated(draw, proof)
            case 3:
                index = draw.choice((index ^ 1, index + 1, size, size + 1))
            case 4:
                size = max(1, size + draw.choice((-1, 1)))
            case 5:
                leaf, root = draw.choice(((flipped(draw, leaf), root), (leaf, flipped(draw, root))))
            case _:
                pass
        if size >= 2**63:
            size = 2**63 - 1
        expected = holds(verify_inclusion, leaf, index=index, size=size, root_hash=root, proof=proof)
        assert verify(leaf, index, size, root, proof).call() is expected
        answers[expected] += 1
    assert min(answers.values()) > CASES // 4


def test_consistency_agrees_with_the_verifier(chain, tree):
    """On each random or mutated consistency proof contract and verifier give the same answer."""
    draw, answers = random.Random(6962), {True: 0, False: 0}
    verify = chain.contract.functions.verifyConsistency
    for _ in range(CASES):
        old, new = sorted((size_of(draw), size_of(draw)))
        old_root, new_root, proof = tree.head(old), tree.head(new), tree.consistency(old, new)
        match draw.randrange(10):
            case 0 | 1 | 2:
                proof = mutated(draw, proof)
            case 3:
                old = max(1, old + draw.choice((-1, 1)))
            case 4:
                new = min(max(1, new + draw.choice((-1, 1))), 2**63 - 1)
            case 5:
                old_root, new_root = draw.choice(
                    ((flipped(draw, old_root), new_root), (old_root, flipped(draw, new_root)))
                )
            case 6:
                old, old_root, new, new_root = new, new_root, old, old_root
            case _:
                pass
        expected = holds(
            verify_consistency, old=TreeHead(old, old_root), new=TreeHead(new, new_root), proof=proof
        )
        assert verify(old, old_root, new, new_root, proof).call() is expected
        answers[expected] += 1
    assert min(answers.values()) > CASES // 4


def test_every_pair_of_small_sizes_agrees(chain, tree):
    """For all trees up to nine leaves, true proofs of every pair and every index hold on the chain."""
    functions = chain.contract.functions
    for new in range(1, 10):
        for index in range(new):
            arguments = (tree.leaf(index), index, new, tree.head(new), tree.inclusion(index, new))
            assert functions.verifyInclusion(*arguments).call() is True
        for old in range(1, new + 1):
            arguments = (old, tree.head(old), new, tree.head(new), tree.consistency(old, new))
            assert functions.verifyConsistency(*arguments).call() is True


@pytest.mark.parametrize("new", [0, 1, 5])
def test_the_empty_tree_proves_nothing(chain, tree, new):
    """From the empty tree no consistency holds, and nothing is included in it."""
    functions = chain.contract.functions
    root = tree.head(new) if new else bytes(32)
    assert functions.verifyConsistency(0, bytes(32), new, root, []).call() is False
    assert functions.verifyInclusion(tree.leaf(0), 0, 0, bytes(32), []).call() is False
