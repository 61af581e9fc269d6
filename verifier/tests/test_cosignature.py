"""Cosignatures of C2SP tlog-cosignature: those of other programs hold, and nothing else does."""

import json
from datetime import UTC, datetime

import pytest
from makers.universe import OURS, minute, seed
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body
from zheng_verifier.cosignature import cosigned_message, verify_cosignatures
from zheng_verifier.errors import MalformedError, UncheckableError, VerificationError
from zheng_verifier.note import COSIGNATURE_ED25519, NoteSignature, format_note, parse_note, parse_vkey

BODY = format_checkpoint_body(Checkpoint(OURS.origin, 3, bytes(32)))
KEY = OURS.witness("w1")[0]
GOOD = OURS.cosign("w1", BODY, minute(9))


def note(*lines):
    return parse_note(format_note(BODY, lines))


def test_cosignatures_of_another_program_hold(vectors):
    """Live and generated notes: each is found, or refused, as their makers say; the time is the one stated."""
    cases = json.loads((vectors("tlog-proof") / "cosignature-ed25519.json").read_text())
    for case in cases:
        for text in case["cosigner_vkeys"]:
            try:
                key = parse_vkey(text, COSIGNATURE_ED25519)
                cosignature = verify_cosignatures(parse_note(case["note"].encode()), key)
            except (MalformedError, UncheckableError, VerificationError):
                assert not case["ok"], case["name"]
                continue
            if case["ok"] and f"{key.name}+{key.key_id.hex()}" in case.get("verified", [text]):
                assert cosignature is not None, case["name"]
            if cosignature is not None and "time" in case:
                assert cosignature.time == datetime.fromtimestamp(case["time"], UTC)
            assert case["ok"] or cosignature is None, case["name"]


def test_the_quorum_cases_of_another_program(vectors):
    """Witness by witness: a line is found exactly where their note carries one."""
    stored = json.loads((vectors("tlog-proof") / "quorum.json").read_text())
    keys = [parse_vkey(text, COSIGNATURE_ED25519) for text in stored["witness_vkeys"].values()]
    signed = [case for case in stored["cases"] if "\u2014" in case["cosigned"]]
    assert signed
    for case in signed:
        for key in keys:
            found = verify_cosignatures(parse_note(case["cosigned"].encode()), key)
            assert (found is not None) == (f"\u2014 {key.name} " in case["cosigned"]), case["name"]


def test_the_message_is_that_of_the_specification():
    """Word for word as in the example of tlog-cosignature."""
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosigned_message(text, 1679315147) == f"cosignature/v1\ntime 1679315147\n{text}".encode()


def test_a_cosignature_states_its_time():
    """Of several lines the earliest counts; without a line there is none."""
    later = OURS.cosign("w1", BODY, minute(19))
    found = verify_cosignatures(note(later, GOOD), KEY)
    assert found is not None
    assert (found.key, found.time) == (KEY, minute(9))
    assert verify_cosignatures(note(OURS.cosign("w2", BODY, minute(9))), KEY) is None


@pytest.mark.parametrize("position", [0, 7, 8, 71])
def test_a_changed_byte_of_time_or_signature_does_not_hold(position):
    """The time is signed too."""
    blob = bytearray(GOOD.signature)
    blob[position] ^= 1
    with pytest.raises(VerificationError):
        verify_cosignatures(note(NoteSignature(KEY.name, KEY.key_id, bytes(blob))), KEY)


def test_a_cosignature_over_another_checkpoint_does_not_hold():
    """The text is signed."""
    other = OURS.cosign("w1", BODY.replace("3", "4", 1), minute(9))
    with pytest.raises(VerificationError):
        verify_cosignatures(note(other), KEY)


@pytest.mark.parametrize("size", [64, 71, 73])
def test_another_size_is_malformed(size):
    """A plain note signature under a witness's key is no cosignature."""
    with pytest.raises(MalformedError):
        verify_cosignatures(note(NoteSignature(KEY.name, KEY.key_id, (seed("x") * 3)[:size])), KEY)


def test_a_time_beyond_the_calendar_is_malformed():
    """Signed well, and no moment."""
    seconds = (1 << 64) - 1
    signature = OURS.witness("w1")[1].sign(cosigned_message(BODY, seconds))
    line = NoteSignature(KEY.name, KEY.key_id, seconds.to_bytes(8) + signature)
    with pytest.raises(MalformedError):
        verify_cosignatures(note(line), KEY)
