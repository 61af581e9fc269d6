"""C2SP checkpoints."""

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.checkpoint import (
    Checkpoint,
    format_checkpoint_body,
    open_checkpoint,
    parse_checkpoint_body,
    stamped_bytes,
)
from zheng_verifier.encoding import format_base64
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError, VerificationError
from zheng_verifier.merkle import EMPTY_ROOT, MAX_SIZE, TreeHead, leaf_hash, verify_inclusion
from zheng_verifier.note import NoteSignature, ed25519_vkey, format_note, parse_vkey

ORIGIN = "zheng.example/log/test"
SECRET = Ed25519PrivateKey.from_private_bytes(b"TEST log key".ljust(32, b"."))
KEY = ed25519_vkey(ORIGIN, SECRET.public_key().public_bytes_raw())
WITNESS = NoteSignature("witness.example", b"wits", bytes(72))
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=30)


def own_line(body):
    return NoteSignature(KEY.name, KEY.key_id, SECRET.sign(body.encode()))


def note_of(checkpoint, *others):
    body = format_checkpoint_body(checkpoint)
    return format_note(body, [own_line(body), *others])


def refused(error, code, call, *args, **options):
    with pytest.raises(error) as caught:
        call(*args, **options)
    assert caught.value.code == code


CHECKPOINT = Checkpoint(ORIGIN, 15, leaf_hash(b"root"))
BODY = format_checkpoint_body(CHECKPOINT)


@given(
    LINES,
    st.integers(0, MAX_SIZE),
    st.binary(min_size=32, max_size=32),
    st.lists(LINES, max_size=2).map(tuple),
)
def test_written_bodies_are_read_back(origin, size, root_hash, extensions):
    """parse ∘ format is the identity."""
    checkpoint = Checkpoint(origin, size, root_hash, extensions)
    assert checkpoint == parse_checkpoint_body(format_checkpoint_body(checkpoint))
    assert checkpoint.head == TreeHead(size, root_hash)


def test_every_changed_byte_of_a_checkpoint_is_noticed():
    """No byte is free."""
    note = note_of(CHECKPOINT)
    for position in range(len(note)):
        changed = bytearray(note)
        changed[position] ^= 0x01
        with pytest.raises(EvidenceError):
            open_checkpoint(bytes(changed), KEY)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        BODY[:-1],
        BODY + "\n",
        "\n".join(BODY.split("\n")[:2]) + "\n",
        BODY.replace(ORIGIN, ""),
        BODY.replace("\n15\n", "\n\n"),
        BODY.replace("\n15\n", "\n015\n"),
        BODY.replace("\n15\n", "\n+15\n"),
        BODY.replace("\n15\n", "\n-1\n"),
        BODY.replace("\n15\n", "\n15 \n"),
        BODY.replace("\n15\n", "\n0xf\n"),
        BODY.replace("\n15\n", f"\n{MAX_SIZE + 1}\n"),
        f"{ORIGIN}\n15\n{format_base64(bytes(31))}\n",
        f"{ORIGIN}\n15\n{format_base64(bytes(33))}\n",
        f"{ORIGIN}\n15\n{format_base64(bytes(32))[:-1]}\n",
        f"{ORIGIN}\n15\n{format_base64(bytes(32)).replace('A=', 'B=')}\n",
        BODY + "extension\n\n",
    ],
)
def test_what_is_no_checkpoint_is_malformed(body):
    """Missing lines, other spellings of the size, root hashes not of 32 bytes, empty extension lines."""
    refused(MalformedError, "FORMAT_FAILURE", parse_checkpoint_body, body)


def test_extension_lines_are_read():
    """We write none; a log of somebody else may."""
    assert parse_checkpoint_body(BODY + "ext 1\next 2\n").extensions == ("ext 1", "ext 2")


def test_open_gives_checkpoint_note_and_stamped_bytes():
    """What is stamped is text, empty line and the log's own line: no line of a witness, wherever it stands."""
    plain = note_of(CHECKPOINT)
    cosigned = format_note(BODY, [WITNESS, own_line(BODY), WITNESS])
    for note in (plain, cosigned, note_of(CHECKPOINT, WITNESS)):
        signed = open_checkpoint(note, KEY)
        assert signed.checkpoint == CHECKPOINT
        assert signed.note == note
        assert signed.stamped == plain == stamped_bytes(note, KEY)
        assert signed.note_digest == hashlib.sha256(plain).digest()


def test_another_origin_is_false():
    """A checkpoint of another log, signed by the same key, is true for another log and false for this one."""
    note = note_of(Checkpoint("zheng.example/log/other", 15, leaf_hash(b"root")))
    refused(VerificationError, "WRONG_LOG", open_checkpoint, note, KEY)
    assert open_checkpoint(note, KEY, origin="zheng.example/log/other").checkpoint.size == 15
    refused(
        VerificationError,
        "WRONG_LOG",
        open_checkpoint,
        note_of(CHECKPOINT),
        KEY,
        origin="go.sum database tree",
    )


def test_two_lines_by_the_log_are_malformed():
    """Nobody could say which of them was stamped."""
    note = format_note(BODY, [own_line(BODY), NoteSignature(KEY.name, KEY.key_id, bytes(64))])
    refused(MalformedError, "FORMAT_FAILURE", open_checkpoint, note, KEY)
    refused(MalformedError, "FORMAT_FAILURE", stamped_bytes, note, KEY)


def test_no_line_by_the_log_cannot_be_checked():
    """Only a witness signed."""
    note = format_note(BODY, [WITNESS])
    refused(UncheckableError, "KEY_UNKNOWN", open_checkpoint, note, KEY)
    refused(UncheckableError, "KEY_UNKNOWN", stamped_bytes, note, KEY)


def test_a_signature_by_the_log_that_does_not_hold_is_false():
    """Another size under the same signature."""
    note = note_of(CHECKPOINT).replace(b"\n15\n", b"\n16\n")
    refused(VerificationError, "SIG_CRYPTO_FAILURE", open_checkpoint, note, KEY)


# --- third-party vectors ------------------------------------------------------------------------------------


def _load(vectors, name):
    return json.loads((vectors("signed-note") / f"{name}.json").read_text("utf-8"))


def test_published_bodies(vectors):
    """Upstream's bodies are refused as upstream does, or for a root not of 32 bytes; with one of 32 they are read."""
    for case in _load(vectors, "checkpoint-bodies"):
        with pytest.raises(MalformedError):
            parse_checkpoint_body(case["body"])
        if not case["ok"]:
            continue
        body = case["body"].replace(case["root_b64"], format_base64(bytes(32)))
        if case["rest"].startswith("\n"):  # empty extension lines: C2SP forbids them
            with pytest.raises(MalformedError):
                parse_checkpoint_body(body)
            continue
        checkpoint = parse_checkpoint_body(body)
        assert (checkpoint.origin, checkpoint.size) == (case["origin"], case["size"])
        assert "".join(f"{line}\n" for line in checkpoint.extensions) == case["rest"]


def test_published_signed_checkpoints(vectors):
    """A real sumdb checkpoint verifies; good notes over roots not of 32 bytes are malformed here, bad ones refused."""
    real = 0
    for case in _load(vectors, "signed-checkpoints"):
        if case["name"] == "sumdb real checkpoint":
            real += 1
            key, data = parse_vkey(case["log_vkey"]), case["signed_checkpoint"].encode()
            open_checkpoint(data, key, origin=case["expected_origin"])
            continue
        with pytest.raises(EvidenceError) as caught:
            open_checkpoint(
                case["signed_checkpoint"].encode(),
                parse_vkey(case["log_vkey"]),
                origin=case["expected_origin"],
            )
        if case["ok"]:
            assert isinstance(caught.value, MalformedError), case["name"]
            assert caught.value.where == "checkpoint/root"
    assert real == 1


def test_published_rekor_checkpoints(vectors):
    """Real Rekor v2 checkpoints verify with their inclusion proofs; each altered one is refused."""
    verdicts = []
    for case in _load(vectors, "rekor2-checkpoints"):

        def run(case=case):
            signed = open_checkpoint(
                case["checkpoint"].encode(), parse_vkey(case["log_vkey"]), origin=case["expected_origin"]
            )
            head = signed.checkpoint.head
            verify_inclusion(
                leaf_hash(base64.b64decode(case["leaf_data_b64"])),
                index=case["log_index"],
                size=head.size,
                root_hash=head.root_hash,
                proof=[base64.b64decode(item) for item in case["inclusion_hashes_b64"]],
            )

        if case["ok"]:
            run()
        else:
            with pytest.raises(EvidenceError):
                run()
                pytest.fail(case["name"])
        verdicts.append(case["ok"])
    assert {True, False} == set(verdicts)


def test_published_tile_log_has_these_roots(vectors):
    """Tessera's log of 15 entries: signature, root of every size, and tiles agree with the entries."""
    folder = vectors("tlog-tiles")
    key = parse_vkey((folder / "tessera-log.vkey").read_text().strip())
    log = folder / "tessera-log"
    hashes = []
    for size in range(16):
        signed = open_checkpoint((log / f"checkpoint.{size}").read_bytes(), key)
        assert signed.checkpoint.size == size
        if size == 0:
            assert signed.checkpoint.root_hash == EMPTY_ROOT
            continue
        bundle = (log / "tile" / "entries" / "000.p" / str(size)).read_bytes()
        hashes = [leaf_hash(entry) for entry in _entries(bundle)]
        assert len(hashes) == size
        assert b"".join(hashes) == (log / "tile" / "0" / "000.p" / str(size)).read_bytes()
        assert signed.checkpoint.root_hash == _root(hashes)
    assert (log / "checkpoint").read_bytes() == (log / "checkpoint.15").read_bytes()


def _entries(bundle):
    while bundle:
        size = int.from_bytes(bundle[:2])
        yield bundle[2 : 2 + size]
        bundle = bundle[2 + size :]


def _root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    middle = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _root(hashes[:middle]) + _root(hashes[middle:])).digest()
