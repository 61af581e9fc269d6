"""Receipts: believed only where leaf, entry, claim, path and signature belong together."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body
from zheng_verifier.claim import Claim
from zheng_verifier.entry import (
    Checked,
    Entry,
    Leaf,
    Submitter,
    entry_digest,
    format_entry,
    format_leaf,
)
from zheng_verifier.errors import MalformedError, UncheckableError, VerificationError
from zheng_verifier.merkle import leaf_hash, node_hash
from zheng_verifier.note import NoteSignature, ed25519_vkey, format_note
from zheng_verifier.receipt import Receipt, check_receipt, read_receipt
from zheng_verifier.tlog_proof import TlogProof, format_tlog_proof

ORIGIN = "zheng.example/log/test"
SECRET = Ed25519PrivateKey.from_private_bytes(b"TEST log key".ljust(32, b"."))
OTHER = Ed25519PrivateKey.from_private_bytes(b"TEST other key".ljust(32, b"."))
KEY = ed25519_vkey(ORIGIN, SECRET.public_key().public_bytes_raw())
TENANT, CASE, ID, STRANGE = (f"{digit * 8}-1111-4111-8111-111111111111" for digit in "1234")
CLAIM = Claim(ORIGIN, TENANT, CASE, ID, "contract.expired/1", {"unsigned_parties": []})


def receipt(claim=CLAIM, case=CASE, secret=SECRET, origin=ORIGIN):
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    entry = format_entry(Entry(claim, Submitter("api-key"), now, Checked((), sealed=False), bytes(16)))
    leaf = format_leaf(Leaf(case, 1, None, entry_digest(entry)))
    sibling = leaf_hash(b"the leaf after it")
    body = format_checkpoint_body(Checkpoint(origin, 2, node_hash(leaf_hash(leaf), sibling)))
    key = ed25519_vkey(origin, secret.public_key().public_bytes_raw())
    note = format_note(body, [NoteSignature(origin, key.key_id, secret.sign(body.encode()))])
    return Receipt(leaf, entry, format_tlog_proof(TlogProof(0, (sibling,), note)))


def check(given, event_id=ID, claim=CLAIM):
    return check_receipt(given, origin=ORIGIN, key=KEY, event_id=event_id, claim=claim)


def test_a_true_receipt_gives_its_place_and_what_was_deposited():
    """Leaf, leaf hash, index and entry come back, each from bytes that were checked."""
    given = receipt()
    checked = check(given)
    assert (checked.leaf.case, checked.leaf.seq, checked.leaf_index) == (CASE, 1, 0)
    assert (checked.leaf_hash, checked.entry.claim) == (leaf_hash(given.leaf), CLAIM)
    assert check(given, claim=None) == checked


def test_what_does_not_belong_together_is_refused():
    """Another event, another case in the leaf, another entry, another claim than was sent."""
    other = replace(CLAIM, id=STRANGE)
    for given, options in (
        (receipt(), {"event_id": STRANGE}),
        (receipt(case=STRANGE), {}),
        (replace(receipt(), entry=receipt(other).entry), {}),
        (receipt(), {"claim": replace(CLAIM, data={"unsigned_parties": [TENANT]})}),
    ):
        with pytest.raises(VerificationError, match="HASH_FAILURE"):
            check(given, **options)


def test_the_proof_must_be_the_logs_own():
    """Another key, another log, the proof of another leaf."""
    with pytest.raises(UncheckableError):
        check(receipt(secret=OTHER))
    with pytest.raises(UncheckableError):
        check(receipt(origin="zheng.example/another"))
    foreign = receipt(replace(CLAIM, id=STRANGE)).proof
    with pytest.raises(VerificationError, match="INCLUSION_FAILURE"):
        check(replace(receipt(), proof=foreign))


def test_a_receipt_is_read_from_an_answer():
    """Leaf, entry and proof are texts; further members are let through, a missing one is not."""
    given = receipt()
    answer = {"leaf": given.leaf.decode(), "entry": given.entry.decode(), "tlog_proof": given.proof.decode()}
    assert read_receipt(answer | {"level": "signed"}) == given
    for name in answer:
        with pytest.raises(MalformedError, match="FIELD_MISSING"):
            read_receipt({each: text for each, text in answer.items() if each != name})
