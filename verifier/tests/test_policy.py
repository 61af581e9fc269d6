"""The trust policy's form: round trip, every refusal by name, fingerprint."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from makers.mutations import altered
from makers.universe import OURS, START, Universe, standard
from zheng_verifier.encoding import format_base64, format_hex
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError
from zheng_verifier.note import COSIGNATURE_ED25519, ed25519_vkey, format_vkey
from zheng_verifier.policy import (
    AlgorithmRule,
    CompromisedKey,
    LogKey,
    Quorum,
    TrustedCa,
    TrustedIssuer,
    WitnessRule,
    fingerprint,
    format_policy,
    parse_policy,
)

FORGER = Universe("forger")
LATER = START + timedelta(days=1)
SMALL = OURS.policy(standard())
WITNESS = ed25519_vkey("witness.example", bytes(32), COSIGNATURE_ED25519)
ONE_ROOT, OTHER_ROOT = OURS.authority("tsa")[0].der, OURS.authority("test")[0].der
FULL = replace(
    SMALL,
    algorithms=(*SMALL.algorithms, AlgorithmRule("rsa-sha256", START, LATER)),
    logs=(
        replace(
            SMALL.logs[0],
            keys=(LogKey(OURS.vkey, 0, 100), LogKey(FORGER.vkey, 100, None)),
            witnesses=WitnessRule(1, (WITNESS,)),
            recovery_key=FORGER.vkey,
            compromised=(CompromisedKey(OURS.vkey, LATER, START),),
            successor="zheng.example/TEST/next",
        ),
    ),
    tsas=(
        replace(SMALL.tsas[0], pins=(bytes(32),), valid_from=START, valid_until=LATER),
        SMALL.tsas[1],
    ),
    submitters=(OURS.pin("ed25519", to_index=9), OURS.pin("es256", from_index=3)),
    quorum=Quorum(2, 2, 1),
    cas=(
        TrustedCa("TEST CA", (ONE_ROOT,), ("1.2.3",), "TEST licence 1", "CN", False, START, LATER),
        TrustedCa("TEST other CA", (OTHER_ROOT,), (), None, "DE", True),
    ),
    issuers=(
        TrustedIssuer("TEST service", (ONE_ROOT,), (OURS.pin("ed25519").spki,), False),
        TrustedIssuer("TEST other service", (), (OURS.pin("es256").spki,), True),
    ),
)
DATA = format_policy(FULL)
VALUE = json.loads(DATA)
times = st.integers(0, 10**9).map(lambda minutes: START + timedelta(minutes=minutes))


@pytest.mark.parametrize("policy", [SMALL, FULL])
def test_what_is_written_reads_back(policy):
    """parse ∘ format is the identity, with every optional member and with none."""
    data = format_policy(policy)
    assert parse_policy(data) == policy
    assert format_policy(parse_policy(data)) == data


@given(
    st.lists(
        st.builds(AlgorithmRule, st.text("abc-123", min_size=1, max_size=9), st.none(), st.none() | times),
        max_size=4,
    ),
    times,
    st.integers(1, 16),
    st.lists(st.sampled_from([b"\x01" * 32, b"\x02" * 32]), unique=True),
)
def test_made_up_policies_read_back(algorithms, issued, needed, blocks):
    """Generated algorithms, dates, quorum and blocks."""
    policy = replace(
        SMALL,
        algorithms=tuple(algorithms),
        issued_at=issued,
        expires=issued + timedelta(days=1),
        quorum=Quorum(needed, needed, needed),
        chains=(replace(SMALL.chains[0], trusted_blocks=tuple(blocks)),),
    )
    assert parse_policy(format_policy(policy)) == policy


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_another_policy(position, flip):
    """No change of a byte reads as the same policy."""
    changed = DATA[:position] + bytes([DATA[position] ^ flip]) + DATA[position + 1 :]
    try:
        read = parse_policy(changed)
    except EvidenceError:
        return
    assert read != FULL
    assert format_policy(read) == changed


def test_the_fingerprint_is_sha256_of_the_bytes():
    """As printed on paper and in reports."""
    assert fingerprint(DATA) == hashlib.sha256(DATA).hexdigest()


ROOT = format_base64(OURS.authority("tsa")[0].der)
LOG, CHAIN, TSA = VALUE["logs"][0], VALUE["chains"][0], VALUE["tsas"][0]
PIN = format_hex(bytes(32))
OPTIONAL = {
    "recovery_key",
    "successor",
    "to_size",
    "to_index",
    "valid_from",
    "valid_until",
    "from",
    "until",
    "licence",
}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (["zheng"], "bundle/v1", "FORMAT_FAILURE"),
        (["more"], 1, "UNKNOWN_FIELD"),
        (["issued_at"], "2026", "FORMAT_FAILURE"),
        (["expires"], VALUE["issued_at"], "FORMAT_FAILURE"),
        (["algorithms", 0, "more"], 1, "UNKNOWN_FIELD"),
        (["algorithms", 6, "until"], VALUE["algorithms"][6]["from"], "FORMAT_FAILURE"),
        (["algorithms"], [{"name": "x"}] * 257, "TOO_MANY"),
        (["logs"], [], "FIELD_MISSING"),
        (["logs"], [LOG, LOG], "FORMAT_FAILURE"),
        (["logs", 0, "origin"], "a b", "FORMAT_FAILURE"),
        (["logs", 0, "log_case"], "x", "FORMAT_FAILURE"),
        (["logs", 0, "keys"], [], "FIELD_MISSING"),
        (["logs", 0, "keys", 0, "vkey"], "x", "FORMAT_FAILURE"),
        (["logs", 0, "keys", 0, "to_size"], 0, "FORMAT_FAILURE"),
        (["logs", 0, "keys", 0, "to_size"], 101, "FORMAT_FAILURE"),
        (["logs", 0, "keys", 0, "to_size"], None, "FORMAT_FAILURE"),
        (["logs", 0, "witnesses", "k"], 2, "FORMAT_FAILURE"),
        (["logs", 0, "witnesses", "of"], [1], "WRONG_TYPE"),
        (["logs", 0, "witnesses", "of"], [""], "WRONG_TYPE"),
        (["logs", 0, "witnesses", "of"], ["witness.example+1+2"], "FORMAT_FAILURE"),
        (["logs", 0, "witnesses", "of"], [format_vkey(WITNESS)] * 2, "FORMAT_FAILURE"),
        (["logs", 0, "successor"], "a b", "FORMAT_FAILURE"),
        (["chains", 0, "kind"], "private", "FORMAT_FAILURE"),
        (["chains", 0, "contract"], "00", "FORMAT_FAILURE"),
        (["chains", 0, "publishers"], [], "FIELD_MISSING"),
        (["chains", 0, "trusted_blocks"], ["00"], "FORMAT_FAILURE"),
        (["chains", 0, "chain_id"], 0, "FORMAT_FAILURE"),
        (["chains"], [CHAIN, CHAIN], "FORMAT_FAILURE"),
        (["tsas", 0, "imprint_algs"], ["md5"], "FORMAT_FAILURE"),
        (["tsas", 0, "policy_oids"], ["1.02"], "FORMAT_FAILURE"),
        (["tsas", 0, "policy_oids"], [], "FIELD_MISSING"),
        (["tsas", 0, "roots"], ["AAAA"], "FORMAT_FAILURE"),
        (["tsas", 0, "name"], "", "WRONG_TYPE"),
        (["tsas", 0, "test"], 1, "WRONG_TYPE"),
        (["tsas", 0, "valid_until"], "2020-01-01T00:00:00.000Z", "FORMAT_FAILURE"),
        (["tsas", 0], TSA | {"roots": [], "pins": []}, "FIELD_MISSING"),
        (["submitters", 0, "key"], "AAAA", "FORMAT_FAILURE"),
        (["submitters", 0, "to_index"], 0, "FORMAT_FAILURE"),
        (["submitters", 0, "tenant"], "x", "FORMAT_FAILURE"),
        (["quorum", "tsa"], 0, "FORMAT_FAILURE"),
        (["quorum", "chain"], 0, "FORMAT_FAILURE"),
        (["cas", 0, "roots"], [], "FIELD_MISSING"),
        (["cas", 0, "roots"], ["AAAA"], "FORMAT_FAILURE"),
        (["cas", 0, "policy_oids"], ["1"], "FORMAT_FAILURE"),
        (["cas", 0, "licence"], "", "WRONG_TYPE"),
        (["cas", 0, "country"], "cn", "FORMAT_FAILURE"),
        (["cas", 0, "valid_until"], "2020-01-01T00:00:00.000Z", "FORMAT_FAILURE"),
        (["cas", 1, "name"], "TEST CA", "FORMAT_FAILURE"),
        (["cas", 1, "roots"], VALUE["cas"][0]["roots"], "FORMAT_FAILURE"),
        (["cas", 1, "more"], 1, "UNKNOWN_FIELD"),
        (["issuers", 1, "report_keys"], [], "FIELD_MISSING"),
        (["issuers", 1, "report_keys"], VALUE["issuers"][0]["report_keys"], "FORMAT_FAILURE"),
        (["issuers", 1, "report_keys"], ["AAAA"], "FORMAT_FAILURE"),
        (["issuers", 1, "roots"], VALUE["issuers"][0]["roots"], "FORMAT_FAILURE"),
        (["issuers", 1, "name"], "TEST service", "FORMAT_FAILURE"),
        (["issuers", 1, "more"], 1, "UNKNOWN_FIELD"),
        *(([name], None, "FIELD_MISSING") for name in sorted(VALUE)),
        *(
            ([name, 0, member], None, "FIELD_MISSING")
            for name in ("logs", "chains", "tsas", "submitters", "cas", "issuers")
            for member in sorted(set(VALUE[name][0]) - OPTIONAL)
        ),
    ],
)
def test_a_misshapen_policy_is_malformed(path, value, code):
    """Each refusal by its code; nothing of a policy is guessed."""
    with pytest.raises(MalformedError) as caught:
        parse_policy(altered(DATA, path, value))
    assert caught.value.code == code


def test_a_key_of_an_unknown_kind_cannot_be_checked():
    """An RSA key, or a witness that does not cosign, is neither malformed nor usable; a later version likewise."""
    key = rsa.generate_private_key(65537, 1024).public_key()
    text = format_base64(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    note_key = format_vkey(OURS.vkey)
    for path, value in (
        (["submitters", 0, "key"], text),
        (["issuers", 0, "report_keys"], [text]),
        (["logs", 0, "witnesses", "of"], [note_key]),
        (["zheng"], "policy/v2"),
    ):
        with pytest.raises(UncheckableError):
            parse_policy(altered(DATA, path, value))


@pytest.mark.parametrize(
    ("one", "other", "accepted"),
    [
        ({"name": "a"}, {"name": "a"}, False),
        ({}, {}, False),
        ({"pins": [PIN]}, {}, False),
        ({"pins": [PIN]}, {"pins": [PIN]}, False),
        ({"pins": [PIN]}, {"pins": ["11" * 32]}, True),
        ({"roots": [], "pins": [PIN]}, {"roots": [], "pins": [PIN]}, False),
        ({"roots": [ROOT]}, {"roots": VALUE["tsas"][1]["roots"]}, True),
    ],
)
def test_one_authority_under_two_names_is_refused(one, other, accepted):
    """A quorum counts authorities: two entries of one root must be told apart by pins of their own."""
    plain = {"roots": [ROOT], "pins": []}
    tsas = [VALUE["tsas"][1] | plain | {"name": "a"} | one, VALUE["tsas"][1] | plain | {"name": "b"} | other]
    data = altered(DATA, ["tsas"], tsas)
    if accepted:
        assert len(parse_policy(data).tsas) == 2
        return
    with pytest.raises(MalformedError) as caught:
        parse_policy(data)
    assert caught.value.where == "/tsas"


def test_one_contract_may_stand_for_two_logs():
    """Told apart by the log id."""
    data = altered(DATA, ["chains"], [CHAIN, CHAIN | {"log_id": "00" * 32}])
    assert len(parse_policy(data).chains) == 2


def test_intervals_of_keys_do_not_overlap():
    """A key without end takes every size after it."""
    keys = (LogKey(FORGER.vkey, 100, None), LogKey(OURS.vkey, 0, 100))
    policy = replace(FULL, logs=(replace(FULL.logs[0], keys=keys),))
    assert parse_policy(format_policy(policy)) == policy
    assert [key.covers(100) for key in keys] == [True, False]
    assert format_vkey(keys[0].key) in format_policy(policy).decode()
