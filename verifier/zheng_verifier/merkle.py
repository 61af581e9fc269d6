r"""Merkle tree proofs of RFC 9162 §2.1: what was proved is returned by not raising.

The caller names index, sizes and roots; nothing is taken from the proof but hashes. A proof of the wrong length is
malformed before any hash is computed, so that no element can be left over or missing.

For a tree of three leaves a, b, c the root is node(node(a, b), c):

        root
       /    \
    node     c      an inclusion proof of index 2 in size 3 is [node(a, b)]: one element,
    /  \             because c is a right edge without a sibling on the level of the leaves
   a    b
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from zheng_verifier.errors import MalformedError, VerificationError

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
MAX_SIZE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The unsigned head of a tree: its ``size`` in leaves and its 32-byte ``root_hash``."""

    size: int
    root_hash: bytes

    def __post_init__(self) -> None:
        """Refuse heads that no tree has."""
        if not 0 <= self.size <= MAX_SIZE or len(self.root_hash) != HASH_SIZE:
            raise MalformedError(
                "FORMAT_FAILURE", "not a tree head: size below 0 or root hash not of 32 bytes"
            )


def leaf_hash(entry: bytes) -> bytes:
    """Hash the bytes of a leaf (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children into their parent (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _check_hashes(proof: Sequence[bytes], expected: int) -> None:
    if len(proof) != expected:
        raise MalformedError(
            "PROOF_LENGTH", f"a proof of {expected} hashes is needed, this one has {len(proof)}"
        )
    if any(len(item) != HASH_SIZE for item in proof):
        raise MalformedError("FORMAT_FAILURE", f"a hash in the proof is not of {HASH_SIZE} bytes")


def _fold_right_edge(seed: bytes, proof: Sequence[bytes], index: int, levels: int) -> bytes:
    """Fold ``levels`` hashes over ``seed``, left or right of it as the bits of ``index`` say."""
    for level in range(levels):
        sibling = proof[level]
        seed = node_hash(sibling, seed) if index >> level & 1 else node_hash(seed, sibling)
    return seed


def _fold_left(seed: bytes, proof: Sequence[bytes]) -> bytes:
    """Fold left siblings over ``seed``, as on the right border of a tree."""
    for sibling in proof:
        seed = node_hash(sibling, seed)
    return seed


def _inner_and_border(index: int, size: int) -> tuple[int, int]:
    """Split the path of ``index`` in a tree of ``size``: levels with a sibling either side, then left siblings.

    The path to ``index`` and the path to the last leaf part at the highest bit in which the two numbers differ;
    above it every sibling is a complete subtree on the left, one for each set bit.
    """
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def verify_inclusion(
    leaf_hash: bytes, *, index: int, size: int, root_hash: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the leaf with ``leaf_hash`` is number ``index`` of the tree with ``size`` and ``root_hash``.

    RFC 9162 §2.1.3.2. ``proof`` runs from the leaf's sibling upwards.

    Raises:
        MalformedError: index not below size, wrong number of hashes, a hash not of 32 bytes.
        VerificationError: code INCLUSION_FAILURE: the computed root is another.

    """
    if not 0 <= index < size <= MAX_SIZE:
        raise MalformedError("FORMAT_FAILURE", f"index {index} is not within a tree of {size}")
    if len(leaf_hash) != HASH_SIZE or len(root_hash) != HASH_SIZE:
        raise MalformedError("FORMAT_FAILURE", f"leaf hash or root hash not of {HASH_SIZE} bytes")
    inner, border = _inner_and_border(index, size)
    _check_hashes(proof, inner + border)
    computed = _fold_left(_fold_right_edge(leaf_hash, proof, index, inner), proof[inner:])
    if computed != root_hash:
        raise VerificationError("INCLUSION_FAILURE", "the inclusion proof leads to another root hash")


def verify_consistency(*, old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    """Check that the ``new`` tree only appended to the ``old`` one (RFC 9162 §2.1.4.2), 0 < old.size ≤ new.size.

    Raises:
        MalformedError: sizes out of order, wrong number of hashes, a hash not of 32 bytes.
        VerificationError: code CONSISTENCY_FAILURE: the proof does not lead to both roots.

    """
    if not 0 < old.size <= new.size:
        raise MalformedError(
            "FORMAT_FAILURE", f"no consistency proof leads from size {old.size} to {new.size}"
        )
    if old.size == new.size:
        _check_hashes(proof, 0)
        if old.root_hash != new.root_hash:
            raise VerificationError("CONSISTENCY_FAILURE", "one size, two root hashes")
        return
    inner, border = _inner_and_border(old.size - 1, new.size)
    shift = (
        old.size & -old.size
    ).bit_length() - 1  # the complete subtree at the old right edge has 2^shift leaves
    inner -= shift
    # Where the old tree is one complete subtree, its root is the seed and is not sent.
    seeded = old.size == 1 << shift
    _check_hashes(proof, inner + border + (0 if seeded else 1))
    seed, path = (old.root_hash, proof) if seeded else (proof[0], proof[1:])
    mask = (old.size - 1) >> shift
    # On the way up only left siblings belong to the old tree; all belong to the new one.
    within_old = [path[level] for level in range(inner) if mask >> level & 1]
    old_root = _fold_left(_fold_left(seed, within_old), path[inner:])
    new_root = _fold_left(_fold_right_edge(seed, path, mask, inner), path[inner:])
    if old_root != old.root_hash or new_root != new.root_hash:
        raise VerificationError(
            "CONSISTENCY_FAILURE", "the consistency proof does not lead to both root hashes"
        )


def verify_extension(*, old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    """Check growth as a witness does: like ``verify_consistency``, but any tree extends the empty one.

    C2SP tlog-witness accepts old size 0 with an empty proof, which RFC 9162 has no proof for.

    Raises:
        MalformedError: as ``verify_consistency``, or an empty tree with a root hash other than SHA-256("").
        VerificationError: code CONSISTENCY_FAILURE.

    """
    for head in (old, new):
        if head.size == 0 and head.root_hash != EMPTY_ROOT:
            raise MalformedError("FORMAT_FAILURE", "the empty tree has the root hash SHA-256 of nothing")
    if old.size == 0:
        _check_hashes(proof, 0)
        return
    verify_consistency(old=old, new=new, proof=proof)
