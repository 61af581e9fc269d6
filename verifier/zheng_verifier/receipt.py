"""Receipts: what a service answers a deposit with, held against the log's key before anybody relies on it.

A receipt carries the leaf, the entry the leaf commits to, and a C2SP tlog-proof of the leaf under a signed checkpoint.
So it proves by itself that the log holds the claim; nothing the service says beside these is believed. Members of the
answer that are not read here may be added at any time. Specification: docs/spec/api.md.
"""

from dataclasses import dataclass

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.claim import Claim, format_claim
from zheng_verifier.entry import Entry, Leaf, entry_digest, parse_entry, parse_leaf
from zheng_verifier.errors import MalformedError, VerificationError
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.note import VerifierKey
from zheng_verifier.tlog_proof import parse_tlog_proof, verify_tlog_proof


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it came: canonical bytes of leaf and entry, and the proof file."""

    leaf: bytes
    entry: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """What a receipt proved: the leaf with its hash (32 bytes) and place in the log, and the entry it commits to."""

    leaf: Leaf
    leaf_hash: bytes
    leaf_index: int
    entry: Entry


def read_receipt(value: JsonObject) -> Receipt:
    """Take a receipt from the answer of a service.

    Raises:
        MalformedError: leaf, entry or proof is missing (a service may have erased the entry since).

    """
    return Receipt(_text(value, "leaf"), _text(value, "entry"), _text(value, "tlog_proof"))


def check_receipt(
    receipt: Receipt, *, origin: str, key: VerifierKey, event_id: str, claim: Claim | None = None
) -> CheckedReceipt:
    """Check that the log ``origin`` with ``key`` holds the event, and the very ``claim`` where it is given.

    Raises:
        MalformedError: a part does not parse.
        VerificationError: HASH_FAILURE: leaf, entry, event and claim do not belong together; SIG_CRYPTO_FAILURE,
            WRONG_LOG, INCLUSION_FAILURE: the proof does not hold.
        UncheckableError: KEY_UNKNOWN: another key signed the checkpoint.

    """
    leaf, entry = parse_leaf(receipt.leaf), parse_entry(receipt.entry)
    found = entry.claim
    if (leaf.entry, leaf.case, event_id) != (entry_digest(receipt.entry), found.case, found.id):
        raise VerificationError("HASH_FAILURE", "the receipt is of another entry", "receipt")
    if claim is not None and format_claim(found) != format_claim(claim):
        raise VerificationError("HASH_FAILURE", "the entry does not hold the claim that was sent", "receipt")
    proof, hashed = parse_tlog_proof(receipt.proof), leaf_hash(receipt.leaf)
    verify_tlog_proof(proof, hashed, key, origin=origin)
    return CheckedReceipt(leaf, hashed, proof.index, entry)


def _text(value: JsonObject, name: str) -> bytes:
    found: JsonValue | None = value.get(name)
    if not isinstance(found, str):
        raise MalformedError("FIELD_MISSING", f"'{name}' is required", f"receipt/{name}")
    return found.encode("utf-8", "surrogatepass")
