"""Our own vectors (tests/vectors) say what this implementation does, case by case."""

import hashlib
import json
from pathlib import Path

import pytest
from zheng_verifier.bundle import format_bundle, parse_bundle
from zheng_verifier.canonical import ENTRY_LIMITS, parse_canonical
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.claim import format_claim, parse_claim
from zheng_verifier.entry import entry_digest, format_entry, format_leaf, parse_entry, parse_leaf
from zheng_verifier.errors import InsufficientError, MalformedError, UncheckableError, VerificationError
from zheng_verifier.jws import verify_jws
from zheng_verifier.merkle import TreeHead, leaf_hash, verify_consistency, verify_inclusion
from zheng_verifier.note import format_note, format_vkey, open_note, parse_vkey
from zheng_verifier.policy import fingerprint, format_policy, parse_policy
from zheng_verifier.sealed import open_sealed
from zheng_verifier.tlog_proof import format_tlog_proof, parse_tlog_proof, verify_tlog_proof

FOLDER = Path(__file__).resolve().parent.parent.parent / "tests" / "vectors"
FAMILIES = {
    "malformed": MalformedError,
    "false": VerificationError,
    "insufficient": InsufficientError,
    "uncheckable": UncheckableError,
}


def input_of(case):
    return case["input"].encode() if "input" in case else bytes.fromhex(case["input_hex"])


def hashes(items):
    return [bytes.fromhex(item) for item in items]


def read_json(case):
    parse_canonical(input_of(case), ENTRY_LIMITS)


def read_claim(case):
    data = input_of(case)
    assert data == format_claim(parse_claim(data))
    assert case["sha256"] == hashlib.sha256(data).hexdigest()


def read_entry(case):
    data = input_of(case)
    assert data == format_entry(parse_entry(data))
    assert case["sha256"] == entry_digest(data).hex()


def read_leaf(case):
    data = input_of(case)
    assert data == format_leaf(parse_leaf(data))
    assert case["leaf_hash"] == leaf_hash(data).hex()


def read_sealed(case):
    entries = []
    for number, entry in enumerate(case["entries"]):
        digests = [(f"/{number}/{place}", digest) for place, digest in enumerate(entry["digests"])]
        entries.append((digests, entry["disclosures"]))
    opened = open_sealed(entries)
    assert [len(item) for item in opened] == [len(entry["disclosures"]) for entry in case["entries"]]


def read_jws(case):
    verify_jws(case["jws"], input_of(case), bytes.fromhex(case["spki_hex"]))


def read_inclusion(case):
    verify_inclusion(
        bytes.fromhex(case["leaf_hash"]),
        index=case["index"],
        size=case["size"],
        root_hash=bytes.fromhex(case["root_hash"]),
        proof=hashes(case["proof"]),
    )


def read_consistency(case):
    verify_consistency(
        old=TreeHead(case["old_size"], bytes.fromhex(case["old_root"])),
        new=TreeHead(case["new_size"], bytes.fromhex(case["new_root"])),
        proof=hashes(case["proof"]),
    )


def read_note(case):
    data = input_of(case)
    opened = open_note(data, [parse_vkey(text) for text in case["vkeys"]])
    assert len(opened.verified) == case["verified"]
    assert data == format_note(opened.note.text, opened.note.signatures)


def read_vkey(case):
    text = input_of(case).decode()
    key = parse_vkey(text)
    assert format_vkey(key) == text
    assert case["key_id"] == key.key_id.hex()


def read_checkpoint(case):
    signed = open_checkpoint(input_of(case), parse_vkey(case["vkey"]), origin=case["origin"])
    assert signed.checkpoint.size == case["size"]
    assert signed.checkpoint.root_hash.hex() == case["root_hash"]
    assert signed.note_digest.hex() == case["note_digest"]


def read_tlog_proof(case):
    data = input_of(case)
    proof = parse_tlog_proof(data)
    verify_tlog_proof(
        proof, bytes.fromhex(case["leaf_hash"]), parse_vkey(case["vkey"]), origin=case["origin"]
    )
    assert data == format_tlog_proof(proof)


def read_bundle(case):
    data = input_of(case)
    bundle = parse_bundle(data)
    assert data == format_bundle(bundle)
    assert case["sha256"] == hashlib.sha256(data).hexdigest()
    assert case["events"] == len(bundle.events)


def read_policy(case):
    data = input_of(case)
    assert data == format_policy(parse_policy(data))
    assert case["fingerprint"] == fingerprint(data)


READERS = {
    "json": read_json,
    "claim": read_claim,
    "entry": read_entry,
    "leaf": read_leaf,
    "sealed": read_sealed,
    "jws": read_jws,
    "inclusion": read_inclusion,
    "consistency": read_consistency,
    "note": read_note,
    "vkey": read_vkey,
    "checkpoint": read_checkpoint,
    "tlog-proof": read_tlog_proof,
    "bundle": read_bundle,
    "policy": read_policy,
}


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))["cases"]


CASES = [
    pytest.param(READERS[name], case, id=f"{name}: {case['name']}") for name in READERS for case in load(name)
]


@pytest.mark.parametrize(("read", "case"), CASES)
def test_the_verdict_is_that_of_the_vector(read, case):
    """Accepted, or refused in the right family and with the right code."""
    if case["expect"] == "ok":
        read(case)
        return
    with pytest.raises(FAMILIES[case["expect"]]) as caught:
        read(case)
    assert caught.value.code == case["code"]


def test_every_vector_file_has_a_reader():
    """A format that joins the vectors is also read."""
    assert {path.stem for path in FOLDER.glob("*.json")} == set(READERS)


@pytest.mark.parametrize("name", READERS)
def test_every_format_has_good_and_bad_vectors(name):
    """And no case is without a family."""
    expected = {case["expect"] for case in load(name)}
    assert {"ok", "malformed"} <= expected <= {"ok", *FAMILIES}
