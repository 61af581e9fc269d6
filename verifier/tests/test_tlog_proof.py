"""C2SP tlog-proof files."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body
from zheng_verifier.errors import EvidenceError, MalformedError, VerificationError
from zheng_verifier.merkle import MAX_SIZE, leaf_hash, node_hash
from zheng_verifier.note import (
    MAX_NOTE_BYTES,
    NoteSignature,
    ed25519_vkey,
    format_note,
    format_vkey,
    parse_vkey,
)
from zheng_verifier.tlog_proof import TlogProof, format_tlog_proof, parse_tlog_proof, verify_tlog_proof

ORIGIN = "zheng.example/log/test"
SECRET = Ed25519PrivateKey.from_private_bytes(b"TEST log key".ljust(32, b"."))
KEY = ed25519_vkey(ORIGIN, SECRET.public_key().public_bytes_raw())
LEAVES = [leaf_hash(bytes([number])) for number in range(3)]
LEFT = node_hash(LEAVES[0], LEAVES[1])


def signed(size, root_hash, origin=ORIGIN):
    body = format_checkpoint_body(Checkpoint(origin, size, root_hash))
    return format_note(body, [NoteSignature(KEY.name, KEY.key_id, SECRET.sign(body.encode()))])


NOTE = signed(3, node_hash(LEFT, LEAVES[2]))
PROOF = TlogProof(0, (LEAVES[1], LEAVES[2]), NOTE)


def refused(error, code, call, *args, **options):
    with pytest.raises(error) as caught:
        call(*args, **options)
    assert caught.value.code == code


@given(
    st.integers(0, MAX_SIZE),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple),
    st.binary(min_size=1, max_size=40),
    st.none() | st.binary(max_size=40),
)
def test_written_proofs_are_read_back(index, hashes, checkpoint, extra):
    """parse ∘ format is the identity; the checkpoint is whatever bytes follow the first empty line."""
    proof = TlogProof(index, hashes, checkpoint, extra)
    assert proof == parse_tlog_proof(format_tlog_proof(proof))


def test_every_leaf_of_the_tree_verifies():
    """The proof's checkpoint, its signature and the path hold together."""
    for index, hashes in ((0, (LEAVES[1], LEAVES[2])), (1, (LEAVES[0], LEAVES[2])), (2, (LEFT,))):
        opened = verify_tlog_proof(TlogProof(index, hashes, NOTE), LEAVES[index], KEY)
        assert opened.checkpoint.size == 3


def test_every_changed_byte_is_noticed():
    """Only ``extra`` is free: nothing authenticates it."""
    data = format_tlog_proof(PROOF)
    for position in range(len(data)):
        for flip in (0x01, 0x20, 0x80):
            changed = bytearray(data)
            changed[position] ^= flip
            with pytest.raises(EvidenceError):
                verify_tlog_proof(parse_tlog_proof(bytes(changed)), LEAVES[0], KEY)


def test_extra_is_not_authenticated():
    """A changed hint changes no verdict: nothing may be concluded from it."""
    for extra in (None, b"", b"text/plain", b"application/json"):
        verify_tlog_proof(TlogProof(PROOF.index, PROOF.hashes, NOTE, extra), LEAVES[0], KEY)


TEXT = format_tlog_proof(PROOF).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        TEXT.split("\n\n")[0] + "\n",
        TEXT.split("\n\n")[0] + "\n\n",
        TEXT.replace("@v1", "@v2", 1),
        "\n" + TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("index 0", "index  0"),
        TEXT.replace("index 0", "index 00"),
        TEXT.replace("index 0", "index -0"),
        TEXT.replace("index 0", "index 0 "),
        TEXT.replace("index 0", f"index {MAX_SIZE + 1}"),
        TEXT.replace("index 0", "Index 0"),
        TEXT.replace("index 0\n", ""),
        TEXT.replace("index 0\n", "index 0\nextra AAAA\n"),
        TEXT.replace("index 0\n", "extra AAAA\nextra AAAA\nindex 0\n"),
        TEXT.replace("index 0\n", "extra AA\nindex 0\n"),
        TEXT.replace("index 0\n", "extra\nindex 0\n"),
        TEXT.replace("index 0\n", "index 0\nindex 0\n"),
        TEXT.replace("index 0\n", "index 0\nAAAA\n"),
        TEXT.replace("index 0\n", "index 0\n文\n"),
        "c2sp.org/tlog-proof@v1\n\n" + NOTE.decode(),
    ],
)
def test_what_is_no_proof_is_malformed(text):
    """Another first line, other orders and spellings, hashes not of 32 bytes, no checkpoint."""
    refused(MalformedError, "FORMAT_FAILURE", parse_tlog_proof, text.encode())


def test_a_path_has_63_hashes_at_most():
    """No tree is deeper."""
    longest = TlogProof(0, (bytes(32),) * 63, b"note")
    assert longest == parse_tlog_proof(format_tlog_proof(longest))
    refused(
        MalformedError,
        "TOO_MANY",
        parse_tlog_proof,
        format_tlog_proof(TlogProof(0, (bytes(32),) * 64, b"note")),
    )


def test_an_over_long_proof_is_refused_and_never_cut():
    """Whatever the header's length, bytes beyond the limit of a note are not dropped in silence."""
    note = b"x" * (MAX_NOTE_BYTES + 1)
    for extra in (None, bytes(70_000), bytes(73_600)):
        data = format_tlog_proof(TlogProof(0, (), note, extra))
        refused(MalformedError, "TOO_LARGE", parse_tlog_proof, data)
        assert parse_tlog_proof(data[:-1]).checkpoint == note[:-1]
    for size in range(73_640, 73_740):
        data = format_tlog_proof(TlogProof(0, (), b"note", bytes(size)))
        try:
            assert parse_tlog_proof(data).extra == bytes(size)
        except MalformedError as error:
            if error.code != "TOO_LARGE":
                raise
    refused(
        MalformedError,
        "TOO_LARGE",
        parse_tlog_proof,
        format_tlog_proof(TlogProof(0, (), b"n", bytes(80_000))),
    )


def test_families_of_a_failing_proof():
    """Wrong leaf: false. Wrong length: malformed. Wrong log: false."""
    refused(VerificationError, "INCLUSION_FAILURE", verify_tlog_proof, PROOF, LEAVES[1], KEY)
    refused(
        MalformedError, "PROOF_LENGTH", verify_tlog_proof, TlogProof(0, (LEAVES[1],), NOTE), LEAVES[0], KEY
    )
    refused(MalformedError, "FORMAT_FAILURE", verify_tlog_proof, TlogProof(3, (), NOTE), LEAVES[0], KEY)
    other = signed(3, node_hash(LEFT, LEAVES[2]), origin="zheng.example/log/other")
    proof = TlogProof(0, PROOF.hashes, other)
    refused(VerificationError, "WRONG_LOG", verify_tlog_proof, proof, LEAVES[0], KEY)
    verify_tlog_proof(proof, LEAVES[0], KEY, origin="zheng.example/log/other")


# --- other people's files and judges ------------------------------------------------------------------------


def test_published_parse_facts(vectors):
    """transparency-dev/formats writes, reads and refuses the same files."""
    facts = json.loads((vectors("tlog-proof") / "parse-facts.json").read_text("utf-8"))
    for case in facts["marshal"] + facts["round_trip"]:
        extra = case["extra_b64"]
        proof = TlogProof(
            case["index"],
            tuple(base64.b64decode(item) for item in case["hashes_b64"]),
            case["checkpoint"].encode(),
            None if extra is None else base64.b64decode(extra),
        )
        data = format_tlog_proof(proof)
        assert proof == parse_tlog_proof(data)
        assert data.decode() == case.get("expect", data.decode())
    for case in facts["parse_errors"]:
        file = case.get("file", "c2sp.org/tlog-proof@v1\nindex 0\n" + "a" * 66_560 + "\n")
        with pytest.raises(MalformedError):
            parse_tlog_proof(file.encode())
            pytest.fail(case["name"])


def test_published_proof_files(vectors):
    """Every verdict over the complete files made from Tessera's checkpoints is ours."""
    cases = json.loads((vectors("tlog-proof") / "tessera-derived.json").read_text("utf-8"))["cases"]
    assert {case["ok"] for case in cases} == {True, False}
    for case in cases:
        data = case["file"].encode()

        def run(case=case, data=data):
            own = leaf_hash(case["entry_ascii"].encode())
            verify_tlog_proof(
                parse_tlog_proof(data), own, parse_vkey(case["log_vkey"]), origin=case["origin"]
            )

        if case["ok"]:
            run()
            assert data == format_tlog_proof(parse_tlog_proof(data))
        else:
            with pytest.raises(EvidenceError):
                run()
                pytest.fail(case["name"])


def judge(folder, leaf, proof):
    """Ask proofbundle, an independent verifier, about a proof file; give its exit code and words."""
    (folder / "leaf").write_bytes(leaf)
    (folder / "leaf.tlog-proof").write_bytes(proof)
    command = [str(Path(sys.executable).with_name("proofbundle")), "verify-proof", "--json"]
    done = subprocess.run(
        [
            *command,
            "--payload-file",
            str(folder / "leaf"),
            "--log-vkey",
            format_vkey(KEY),
            "--expected-origin",
            ORIGIN,
            str(folder / "leaf.tlog-proof"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    return done.returncode, done.stdout + done.stderr


def test_proofbundle_accepts_our_file_and_refuses_a_changed_one(tmp_path):
    """A verifier that nobody here wrote agrees, with and without ``extra``, and disagrees with another leaf."""
    pytest.importorskip("proofbundle")
    for proof in (PROOF, TlogProof(0, PROOF.hashes, NOTE, b"text/plain")):
        code, said = judge(tmp_path, bytes([0]), format_tlog_proof(proof))
        assert code == 0, said
    code, said = judge(tmp_path, bytes([1]), format_tlog_proof(PROOF))
    assert code != 0, said
