"""Signed transactions, as far as evidence needs them: the hash, and the chain the signature was made for."""

from collections.abc import Mapping
from dataclasses import dataclass

from zheng_verifier.errors import MalformedError
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.receipt import split_type
from zheng_verifier.ethereum.rlp import as_integer, parse_list

_FIELD_COUNTS: Mapping[int, int] = {0: 9, 1: 11, 2: 12, 3: 14, 4: 13}
"""By type; EIP-155, 2930, 1559, 4844 (without its blobs, as the trie holds it), 7702."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A signed transaction: its 32-byte ``hash`` and the chain it is valid on, None if on any (before EIP-155)."""

    hash: bytes
    chain_id: int | None


def _legacy_chain_id(v: int) -> int | None:
    """Give the chain id within ``v`` (EIP-155: v = 2·id + 35 or 36)."""
    if v in (27, 28):
        return None
    if v < 37:
        raise MalformedError("FORMAT_FAILURE", "no transaction has this signature parity", "transaction v")
    return (v - 35) // 2


def parse_transaction(data: bytes) -> Transaction:
    """Read a signed transaction as the transactions trie holds it.

    Raises:
        MalformedError: not the canonical encoding of a transaction.
        UncheckableError: code UNKNOWN_TYPE.

    """
    kind, encoded = split_type(data, "transaction")
    fields = parse_list(encoded, "transaction")
    if len(fields) != _FIELD_COUNTS[kind]:
        raise MalformedError(
            "FORMAT_FAILURE", f"a type {kind} transaction does not have {len(fields)} fields", "transaction"
        )
    if kind == 0:
        chain_id = _legacy_chain_id(as_integer(fields[6], max_size=32, where="transaction v"))
    else:
        chain_id = as_integer(fields[0], max_size=32, where="transaction chain id")
    return Transaction(keccak256(data), chain_id)
