"""C2SP signed notes."""

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError, VerificationError
from zheng_verifier.note import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    NoteSignature,
    ed25519_vkey,
    format_note,
    format_vkey,
    key_id,
    open_note,
    parse_note,
    parse_vkey,
)

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"], exclude_characters="+"),
    min_size=1,
    max_size=20,
)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30)
TEXTS = st.lists(LINES, min_size=1, max_size=4).map(lambda lines: "".join(f"{line}\n" for line in lines))


def private_key(label):
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"TEST " + label.encode()).digest())


def vkey_of(name, label=None):
    return ed25519_vkey(name, private_key(label or name).public_key().public_bytes_raw())


def sign(text, name, label=None):
    key = vkey_of(name, label)
    return NoteSignature(name, key.key_id, private_key(label or name).sign(text.encode()))


def refused(error, code, call, *args, **options):
    with pytest.raises(error) as caught:
        call(*args, **options)
    assert caught.value.code == code
    return caught.value


TEXT = "example.com/log\n15\nAAAA\n"
KEY = vkey_of("example.com/log")
NOTE = format_note(TEXT, [sign(TEXT, "example.com/log")])


# --- properties ---------------------------------------------------------------------------------------------


@given(TEXTS, st.lists(NAMES, min_size=1, max_size=3, unique=True))
def test_written_notes_are_read_back_and_open(text, names):
    """parse ∘ format is the identity, and each of the signatures holds; the text may hold empty lines."""
    signatures = [sign(text, name) for name in names]
    data = format_note(text, signatures)
    assert parse_note(data) == Note(text, tuple(signatures))
    opened = open_note(data, [vkey_of(name) for name in names])
    assert [key.name for key in opened.verified] == names


@given(NAMES, st.binary(min_size=32, max_size=32))
def test_verifier_keys_round_trip(name, public_key):
    """parse ∘ format is the identity on keys."""
    key = ed25519_vkey(name, public_key)
    assert key == parse_vkey(format_vkey(key))


@given(st.binary(max_size=80) | st.text(alphabet="a\n— +/=AB", max_size=60).map(str.encode))
def test_any_bytes_are_refused_or_the_only_spelling(data):
    """A note that is read is exactly what would be written for it."""
    try:
        note = parse_note(data)
    except MalformedError:
        return
    assert data == format_note(note.text, note.signatures)


def test_every_changed_byte_of_a_note_is_noticed():
    """No byte of a note by one known key is free."""
    for position in range(len(NOTE)):
        for flip in (0x01, 0x20, 0x80):
            changed = bytearray(NOTE)
            changed[position] ^= flip
            with pytest.raises(EvidenceError):
                open_note(bytes(changed), [KEY])


def test_every_changed_character_of_a_key_is_noticed():
    """The key id binds name, type and key."""
    text = format_vkey(KEY)
    for position in range(len(text)):
        for flip in (0x01, 0x02, 0x20):
            changed = text[:position] + chr(ord(text[position]) ^ flip) + text[position + 1 :]
            with pytest.raises(EvidenceError):
                parse_vkey(changed)


# --- refusals: notes ----------------------------------------------------------------------------------------

LINE = NOTE.decode().splitlines()[-1]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}{LINE}\n",
        f"{TEXT}\n{LINE}",
        f"{TEXT}\n{LINE}\n\n",
        f"{TEXT}\n{LINE}\nno signature\n",
        f"{TEXT}\n{LINE} \n",
        f"{TEXT}\n{LINE}\r\n",
        f"{TEXT}\n {LINE}\n",
        f"{TEXT}\n{LINE.replace('— ', '- ')}\n",
        f"{TEXT}\n{LINE.replace('— ', '—')}\n",
        f"{TEXT}\n{LINE.replace('— ', '—  ')}\n",
        f"{TEXT}\n— name\n",
        f"{TEXT}\n— name \n",
        f"{TEXT}\n— na+me AAAAAAA=\n",
        f"{TEXT}\n— na\u00a0me AAAAAAA=\n",
        f"{TEXT}\n— name AAAA\n",  # three bytes
        f"{TEXT}\n— name AAAAAA==\n",  # a key id without a signature
        f"{TEXT}\n— name AAAAAAB=\n",  # unused bits
        f"{TEXT}\n— name AAAAAAA\n",  # padding missing
        f"{TEXT}\n— name AAAA AAA=\n",
        f"te\txt\n\n{LINE}\n",
        f"te\x00xt\n\n{LINE}\n",
        f"te\x7fxt\n\n{LINE}\n",
        f"te\x85xt\n\n{LINE}\n",
    ],
)
def test_what_is_no_note_is_malformed(note):
    """No signature block, other dashes, blanks, padding, control characters, bad names."""
    refused(MalformedError, "FORMAT_FAILURE", parse_note, note.encode())


def test_a_note_is_utf8():
    """Bytes that are no text are no note."""
    refused(MalformedError, "INVALID_UTF8", parse_note, b"\xff" + NOTE)


def test_a_note_has_a_million_bytes_at_most():
    """The size is checked first."""
    refused(MalformedError, "TOO_LARGE", parse_note, b"\xff" * (MAX_NOTE_BYTES + 1))


def test_a_note_has_a_hundred_signatures_at_most():
    """16 must be taken (C2SP); 100 are, as in Go."""
    signature = sign(TEXT, "example.com/log")
    assert len(parse_note(format_note(TEXT, [signature] * MAX_SIGNATURES)).signatures) == 100
    refused(MalformedError, "TOO_MANY", parse_note, format_note(TEXT, [signature] * (MAX_SIGNATURES + 1)))


def test_the_signatures_follow_the_last_empty_line():
    """A text may hold what looks like signatures."""
    text = f"{TEXT}\n{LINE}\n"
    opened = open_note(format_note(text, [sign(text, "example.com/log")]), [KEY])
    assert opened.note.text == text


def test_a_changed_text_is_false():
    """The signature does not hold: parsed, and not true."""
    refused(VerificationError, "SIG_CRYPTO_FAILURE", open_note, NOTE.replace(b"\n15\n", b"\n16\n"), [KEY])


@pytest.mark.parametrize("size", [1, 63, 65, 72])
def test_a_signature_of_another_length_is_false(size):
    """Also where the line is by a known key."""
    note = format_note(TEXT, [NoteSignature(KEY.name, KEY.key_id, bytes(size))])
    refused(VerificationError, "SIG_CRYPTO_FAILURE", open_note, note, [KEY])


def test_a_known_key_that_lies_is_not_outvoted():
    """One line that does not verify makes the note invalid, even beside one that does."""
    other = vkey_of("other")
    note = format_note(TEXT, [sign(TEXT, "example.com/log"), NoteSignature("other", other.key_id, bytes(64))])
    refused(VerificationError, "SIG_CRYPTO_FAILURE", open_note, note, [KEY, other])
    assert open_note(note, [KEY]).verified == (KEY,)


def test_lines_by_unknown_keys_are_ignored():
    """As C2SP demands: same name with another id, another name with the same id, types not known here."""
    strangers = [
        NoteSignature(KEY.name, b"\x00\x00\x00\x00", bytes(64)),
        NoteSignature("stranger", KEY.key_id, bytes(64)),
        NoteSignature("witness.example", b"wits", bytes(72)),
        NoteSignature("post-quantum.example", b"mlds", bytes(2_428)),
    ]
    opened = open_note(format_note(TEXT, [*strangers, sign(TEXT, KEY.name)]), [KEY])
    assert opened.verified == (KEY,)
    assert len(opened.note.signatures) == 5


def test_no_known_key_cannot_be_checked():
    """A note that nobody known signed is neither true nor false."""
    refused(UncheckableError, "KEY_UNKNOWN", open_note, NOTE, [])
    refused(UncheckableError, "KEY_UNKNOWN", open_note, NOTE, [vkey_of("example.com/log", "another key")])


def test_repeated_lines_count_once():
    """Two lines by one key are one signature."""
    signature = sign(TEXT, KEY.name)
    assert open_note(format_note(TEXT, [signature, signature]), [KEY]).verified == (KEY,)


def test_known_keys_may_repeat_but_not_collide():
    """The same key twice is one; two keys under one name and id would make the result a matter of order."""
    assert open_note(NOTE, [KEY, KEY]).verified == (KEY,)
    twin = type(KEY)(KEY.name, KEY.key_id, KEY.algorithm, bytes(32))
    refused(MalformedError, "FORMAT_FAILURE", open_note, NOTE, [KEY, twin])


# --- refusals: keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "na me+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
        "example.com/foo+530d903a+AQ==",
        "x" * 4_096 + "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_what_is_no_verifier_key_is_malformed(text):
    """Missing parts, bad names, upper case, ids of another key, keys of another length."""
    refused(MalformedError, "FORMAT_FAILURE", parse_vkey, text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\x00", "\udead"])
def test_key_names_are_one_printable_word(name):
    """Empty, blanks of any script, plus, controls, and half characters that a command line can hand over."""
    refused(MalformedError, "FORMAT_FAILURE", ed25519_vkey, name, bytes(32))


@pytest.mark.parametrize("size", [0, 31, 33, 57])
def test_ed25519_keys_have_32_bytes(size):
    """Any other length is malformed."""
    refused(MalformedError, "FORMAT_FAILURE", ed25519_vkey, "name", bytes(size))


@pytest.mark.parametrize("algorithm", [0x02, 0x04, 0x05, 0x06, 0x65, 0xFF])
def test_other_key_types_cannot_be_checked(algorithm):
    """A key of a type not read here is not called malformed: ECDSA, cosignatures, STH, ML-DSA, long ids."""
    public_key = bytes(32)
    encoded = base64.b64encode(bytes([algorithm]) + public_key).decode()
    text = f"name+{key_id('name', algorithm, public_key).hex()}+{encoded}"
    refused(UncheckableError, "UNKNOWN_ALGORITHM", parse_vkey, text)


# --- third-party vectors ------------------------------------------------------------------------------------


def _load(vectors, name):
    return json.loads((vectors("signed-note") / f"{name}.json").read_text("utf-8"))


def test_published_keys(vectors):
    """Every verdict of Go's and C2SP's keys is ours; the types that may be left out are uncheckable."""
    for case in _load(vectors, "vkeys"):
        if case["ok"] is True:
            try:
                assert format_vkey(parse_vkey(case["vkey"])) == case["vkey"]
            except UncheckableError as error:
                if not case["why"].startswith("type 0x0") or error.code != "UNKNOWN_ALGORITHM":
                    raise
        elif case["ok"] is False:
            with pytest.raises(EvidenceError):
                parse_vkey(case["vkey"])


FAMILY = {
    "malformed": MalformedError,
    "invalid signature": VerificationError,
    "no verifiable signatures": UncheckableError,
}


def test_published_notes(vectors):
    """Every verdict of Go's sumdb/note tests is ours, and in the right family; ECDSA keys cannot be read here."""
    for case in _load(vectors, "open"):
        data = base64.b64decode(case["note_b64"]) if "note_b64" in case else case["note"].encode()
        try:
            keys = [parse_vkey(text) for text in case["known_vkeys"]]
        except UncheckableError:
            assert "ECDSA" in case["name"]
            continue
        if case["expect"] == "ok":
            opened = open_note(data, keys)
            assert [f"{key.name}+{key.key_id.hex()}" for key in opened.verified] == case["verified"], case[
                "name"
            ]
            assert data == format_note(opened.note.text, opened.note.signatures)
        else:
            with pytest.raises(FAMILY[case["expect"]]):
                open_note(data, keys)
                pytest.fail(case["name"])


def test_published_signing(vectors):
    """Signing Go's text with Go's test key gives Go's note, byte for byte."""
    fact = _load(vectors, "sign")
    *_, encoded = fact["skey"].split("+", 4)
    seed = base64.b64decode(encoded)[1:]
    key = Ed25519PrivateKey.from_private_bytes(seed)
    vkey = ed25519_vkey("PeterNeumann", key.public_key().public_bytes_raw())
    made = format_note(fact["text"], [NoteSignature(vkey.name, vkey.key_id, key.sign(fact["text"].encode()))])
    assert made.decode() == fact["expect_note"]
    for case in fact["refuse"]:
        refused(MalformedError, "FORMAT_FAILURE", format_note, case["text"], [])


def test_a_text_without_its_last_line_feed_is_not_written():
    """The writer writes only what the reader reads."""
    with pytest.raises(MalformedError):
        format_note("no line feed", [NoteSignature("name", bytes(4), bytes(64))])
