"""Merkle-Patricia proofs (Ethereum Yellow Paper, appendix D): from a root hash to the value under one key.

A proof is the list of nodes on the way down, root first, each as its RLP bytes. A node is referred to by its
Keccak-256, or, when its RLP is shorter than 32 bytes, stands embedded in the node above. Each node of the proof must
be the one referred to next: none may be missing, left over, or given when it should be embedded.

    branch     17 items: a reference for each next nibble, and the value of a key that ends here
    extension   2 items: nibbles that all keys below share, and a reference
    leaf        2 items: the rest of the key, and the value
"""

from collections.abc import Sequence

from zheng_verifier.errors import MalformedError, VerificationError
from zheng_verifier.ethereum.keccak import HASH_SIZE, keccak256
from zheng_verifier.ethereum.rlp import RlpItem, as_bytes, as_list, format_rlp, parse_list

MAX_NODES = 65
"""The longest way down: 64 nibbles of a hashed key and the node in which it ends."""


def _nibbles(data: bytes) -> tuple[int, ...]:
    return tuple(nibble for byte in data for nibble in (byte >> 4, byte & 15))


def _hex_prefix(encoded: bytes) -> tuple[bool, tuple[int, ...]]:
    """Read a hex-prefix path (appendix C): whether it is a leaf's, and its nibbles."""
    nibbles = _nibbles(encoded)
    if not nibbles or nibbles[0] > 3:
        raise MalformedError("FORMAT_FAILURE", "trie node has a path without a valid hex prefix")
    is_leaf, odd = bool(nibbles[0] & 2), bool(nibbles[0] & 1)
    if not odd and nibbles[1] != 0:
        raise MalformedError("FORMAT_FAILURE", "trie node has a path with non-zero padding")
    path = nibbles[1:] if odd else nibbles[2:]
    if not is_leaf and not path:
        raise MalformedError("FORMAT_FAILURE", "trie extension node has an empty path")
    return is_leaf, path


def _absent() -> VerificationError:
    return VerificationError("TRIE_PROOF_FAILURE", "the trie holds nothing under this key")


def _descend(node: tuple[RlpItem, ...], rest: tuple[int, ...]) -> tuple[RlpItem, tuple[int, ...] | None]:
    """Take one step: a reference and the nibbles still to go, or the value and None."""
    if len(node) == 17:
        return (node[rest[0]], rest[1:]) if rest else (node[16], None)
    if len(node) != 2:
        raise MalformedError("FORMAT_FAILURE", f"trie node of {len(node)} items")
    is_leaf, path = _hex_prefix(as_bytes(node[0]))
    if is_leaf:
        if path != rest:
            raise _absent()
        return node[1], None
    if rest[: len(path)] != path:
        raise _absent()
    return node[1], rest[len(path) :]


def verify_trie_proof(root: bytes, key: bytes, proof: Sequence[bytes]) -> bytes:
    """Give the value that the trie with the 32-byte ``root`` holds under ``key``, as ``proof`` shows.

    Raises:
        MalformedError: a node is not canonical RLP or not a trie node, a node is missing or left over.
        VerificationError: code TRIE_PROOF_FAILURE: a node is not the one referred to, or the key is not there.

    """
    if len(proof) > MAX_NODES:
        raise MalformedError("TOO_MANY", f"a trie proof of {len(proof)} nodes, the limit is {MAX_NODES}")
    reference: RlpItem = root
    rest: tuple[int, ...] | None = _nibbles(key)
    used = 0
    while rest is not None:
        if isinstance(reference, bytes):
            if not reference:
                raise _absent()
            node = _next_node(as_bytes(reference, size=HASH_SIZE), proof, used)
            used += 1
        else:
            node = as_list(reference)
            if len(format_rlp(node)) >= HASH_SIZE:
                raise MalformedError("FORMAT_FAILURE", "embedded trie node of 32 bytes or more")
        reference, rest = _descend(node, rest)
    if used != len(proof):
        raise MalformedError("FORMAT_FAILURE", f"{len(proof) - used} trie nodes of the proof are left over")
    if not (value := as_bytes(reference)):
        raise _absent()
    return value


def _next_node(reference: bytes, proof: Sequence[bytes], used: int) -> tuple[RlpItem, ...]:
    if used == len(proof):
        raise MalformedError("FORMAT_FAILURE", "the trie proof ends before the value")
    encoded = proof[used]
    if keccak256(encoded) != reference:
        raise VerificationError(
            "TRIE_PROOF_FAILURE", "a trie node is not the one referred to", f"node {used}"
        )
    if used > 0 and len(encoded) < HASH_SIZE:
        raise MalformedError("FORMAT_FAILURE", "a trie node below 32 bytes is not embedded", f"node {used}")
    return parse_list(encoded)
