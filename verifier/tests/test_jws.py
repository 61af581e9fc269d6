"""The submitter's detached JWS."""

import hashlib
import json
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from zheng_verifier.canonical import format_json
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError, VerificationError
from zheng_verifier.jws import (
    CLAIM_TYPE,
    KEY_TYPE,
    check_public_key,
    format_jws,
    format_protected,
    key_fingerprint,
    parse_jws,
    signing_input,
    verify_jws,
)

PAYLOAD = b'{"zheng":"claim/v1"}'
ED25519 = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"TEST submitter").digest())
P256 = ec.derive_private_key(int.from_bytes(hashlib.sha256(b"TEST submitter").digest()), ec.SECP256R1())
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def spki_of(private):
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def raw_p256(private, message):
    r, s = decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
    return r.to_bytes(32) + s.to_bytes(32)


@cache
def sign(algorithm, payload=PAYLOAD, typ=CLAIM_TYPE):
    private = ED25519 if algorithm == "EdDSA" else P256
    protected = format_protected(algorithm, key_fingerprint(spki_of(private)), typ)
    message = signing_input(protected, payload)
    return format_jws(
        protected, private.sign(message) if algorithm == "EdDSA" else raw_p256(private, message)
    )


SIGNERS = [("EdDSA", spki_of(ED25519)), ("ES256", spki_of(P256))]


def refused(error, code, call, *args, **options):
    with pytest.raises(error) as caught:
        call(*args, **options)
    assert caught.value.code == code
    return caught.value


def header(**changes):
    """A protected header with changes; None removes a member."""
    fields = {"alg": "EdDSA", "kid": format_base64url(bytes(32)), "typ": CLAIM_TYPE} | changes
    return format_base64url(format_json({name: value for name, value in fields.items() if value is not None}))


@pytest.mark.parametrize(("algorithm", "spki"), SIGNERS)
def test_a_signature_over_the_claim_verifies(algorithm, spki):
    """Ed25519 and P-256; what was proved is which key signed."""
    assert verify_jws(sign(algorithm), PAYLOAD, spki) == hashlib.sha256(spki).digest()
    assert check_public_key(spki) == algorithm


@given(
    st.sampled_from(["EdDSA", "ES256"]),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=64, max_size=64),
)
def test_written_signatures_are_read_back(algorithm, kid, signature):
    """parse ∘ format is the identity."""
    protected = format_protected(algorithm, kid)
    jws = parse_jws(format_jws(protected, signature))
    assert (jws.protected, jws.algorithm, jws.kid, jws.signature) == (protected, algorithm, kid, signature)
    assert format_jws(jws.protected, jws.signature) == format_jws(protected, signature)


def test_the_signing_input_is_that_of_rfc7515():
    """ASCII(header) ‖ '.' ‖ base64url(payload) (§5.1), with the header of Appendix A.1.1's payload rule."""
    protected = format_protected("EdDSA", bytes(32))
    assert signing_input(protected, b"{}") == protected.encode() + b".e30"


@pytest.mark.parametrize(("algorithm", "spki"), SIGNERS)
def test_every_changed_character_is_noticed(algorithm, spki):
    """No character of a signature is free."""
    text = sign(algorithm)
    for position in range(len(text)):
        for flip in (0x01, 0x20):
            changed = text[:position] + chr(ord(text[position]) ^ flip) + text[position + 1 :]
            with pytest.raises(EvidenceError):
                verify_jws(changed, PAYLOAD, spki)


@pytest.mark.parametrize(("algorithm", "spki"), SIGNERS)
def test_another_payload_is_false(algorithm, spki):
    """The signature covers each byte of the claim."""
    for payload in (b"", PAYLOAD + b" ", PAYLOAD[:-1], PAYLOAD.upper()):
        refused(VerificationError, "SIG_CRYPTO_FAILURE", verify_jws, sign(algorithm), payload, spki)


@pytest.mark.parametrize("member", ["jku", "jwk", "x5c", "x5u", "x5t", "crit", "b64", "cty", "nonce"])
def test_other_header_members_are_refused(member):
    """Nothing in the header can point elsewhere or change the rules of reading."""
    for value in ("x", True, ["b64"]):
        with pytest.raises(MalformedError):
            parse_jws(format_jws(header(**{member: value}), bytes(64)))
    refused(MalformedError, "UNKNOWN_FIELD", parse_jws, format_jws(header(**{member: "x"}), bytes(64)))


@pytest.mark.parametrize("member", ["alg", "kid", "typ"])
def test_header_members_are_required(member):
    """All three."""
    refused(MalformedError, "FIELD_MISSING", parse_jws, format_jws(header(**{member: None}), bytes(64)))


def test_a_signature_of_another_type_is_refused():
    """A report, a key's statement, any other JWS by the same key is no claim; and a claim is no key statement."""
    for typ in ("JWT", "zheng-report+jws", "application/zheng-claim+sd-jwt", KEY_TYPE, ""):
        refused(MalformedError, "FORMAT_FAILURE", parse_jws, format_jws(header(typ=typ), bytes(64)))
    statement = sign("EdDSA", typ=KEY_TYPE)
    refused(MalformedError, "FORMAT_FAILURE", verify_jws, statement, PAYLOAD, spki_of(ED25519))
    verify_jws(statement, PAYLOAD, spki_of(ED25519), typ=KEY_TYPE)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256", "ES384", "eddsa", "Ed25519", "SM2", ""])
def test_other_algorithms_cannot_be_checked(algorithm):
    """Unknown is not false; "none" is no algorithm we know."""
    refused(UncheckableError, "UNKNOWN_ALGORITHM", parse_jws, format_jws(header(alg=algorithm), bytes(64)))


def test_a_long_algorithm_name_is_malformed():
    """Nothing unbounded is quoted."""
    refused(MalformedError, "STRING_TOO_LONG", parse_jws, format_jws(header(alg="x" * 17), bytes(64)))


GOOD = header()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        GOOD,
        f"{GOOD}.{format_base64url(bytes(64))}",
        f"{GOOD}.{format_base64url(PAYLOAD)}.{format_base64url(bytes(64))}",  # payload attached
        f"{GOOD}...{format_base64url(bytes(64))}",
        f"{GOOD}..{format_base64url(bytes(63))}",
        f"{GOOD}..{format_base64url(bytes(65))}",
        f"{GOOD}..{format_base64url(bytes(64))}=",
        f"{GOOD}..{format_base64url(bytes(64))}\n",
        f"{GOOD}=..{format_base64url(bytes(64))}",
        f"{GOOD}..",
        f"{header(kid=format_base64url(bytes(31)))}..{format_base64url(bytes(64))}",
        f"{header(kid='0' * 64)}..{format_base64url(bytes(64))}",
        f"{format_base64url(b'[]')}..{format_base64url(bytes(64))}",
        f"{format_base64url(b'x')}..{format_base64url(bytes(64))}",
        f"文..{format_base64url(bytes(64))}",
        f"{GOOD}..{'A' * 2_000}",
    ],
)
def test_what_is_no_detached_jws_is_malformed(text):
    """Attached payloads, other lengths, padding, blanks."""
    refused(MalformedError, "FORMAT_FAILURE", parse_jws, text)


def test_a_header_in_another_layout_is_refused():
    """The header is canonical: it has one spelling, so has the signature."""
    loose = format_base64url(
        json.dumps({"alg": "EdDSA", "kid": format_base64url(bytes(32)), "typ": CLAIM_TYPE}).encode()
    )
    refused(MalformedError, "CANONICALIZATION_MISMATCH", parse_jws, format_jws(loose, bytes(64)))


def test_another_key_is_false():
    """Whether the header names it or not."""
    other = spki_of(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    refused(VerificationError, "SIG_CRYPTO_FAILURE", verify_jws, sign("EdDSA"), PAYLOAD, other)
    stolen = format_jws(format_protected("EdDSA", key_fingerprint(other)), bytes(64))
    refused(VerificationError, "SIG_CRYPTO_FAILURE", verify_jws, stolen, PAYLOAD, other)


def test_the_algorithm_is_that_of_the_key():
    """A key signs with one algorithm only, whatever the header says."""
    spki = spki_of(P256)
    confused = format_jws(format_protected("EdDSA", key_fingerprint(spki)), bytes(64))
    refused(VerificationError, "SIG_CRYPTO_FAILURE", verify_jws, confused, PAYLOAD, spki)


@pytest.mark.parametrize("r", [0, 1, ORDER, ORDER + 1, 2**256 - 1])
@pytest.mark.parametrize("s", [0, 1, ORDER, 2**256 - 1])
def test_ecdsa_values_out_of_range_are_false(r, s):
    """Zero and beyond the group order never verify (CVE-2022-21449)."""
    spki = spki_of(P256)
    text = format_jws(format_protected("ES256", key_fingerprint(spki)), r.to_bytes(32) + s.to_bytes(32))
    refused(VerificationError, "SIG_CRYPTO_FAILURE", verify_jws, text, PAYLOAD, spki)


def test_ecdsa_in_der_is_malformed():
    """RFC 7518 §3.4: r ‖ s, 64 bytes."""
    spki = spki_of(P256)
    protected = format_protected("ES256", key_fingerprint(spki))
    der = P256.sign(signing_input(protected, PAYLOAD), ec.ECDSA(hashes.SHA256()))
    refused(MalformedError, "FORMAT_FAILURE", verify_jws, format_jws(protected, der), PAYLOAD, spki)


def test_the_twin_of_an_ecdsa_signature_verifies():
    """(r, n−s) holds as (r, s) does: a known property of ES256, so nothing is named by the hash of a signature."""
    spki = spki_of(P256)
    jws = parse_jws(sign("ES256"))
    twin = jws.signature[:32] + (ORDER - int.from_bytes(jws.signature[32:])).to_bytes(32)
    verify_jws(format_jws(jws.protected, twin), PAYLOAD, spki)


@pytest.mark.parametrize(
    "spki",
    [b"", b"\x30\x00", b"x" * 91, spki_of(ED25519) + b"\x00", spki_of(ED25519)[:-1], spki_of(P256)[1:]],
)
def test_what_is_no_public_key_is_malformed(spki):
    """Cut, extended, or something else."""
    refused(MalformedError, "FORMAT_FAILURE", check_public_key, spki)


def test_a_compressed_point_is_malformed():
    """One key, one DER, one kid."""
    point = P256.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    spki = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point
    refused(MalformedError, "FORMAT_FAILURE", check_public_key, spki)


def test_keys_of_other_kinds_cannot_be_checked():
    """RSA, other curves, Ed448, and SM2, which the library does not know at all."""
    others = [
        spki_of(rsa.generate_private_key(65_537, 2_048)),
        spki_of(ec.derive_private_key(7, ec.SECP384R1())),
        spki_of(ec.derive_private_key(7, ec.SECP256K1())),
        spki_of(ed448.Ed448PrivateKey.from_private_bytes(bytes(57))),
        bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004") + bytes(64),
    ]
    for spki in others:
        refused(UncheckableError, "UNKNOWN_ALGORITHM", check_public_key, spki)
        text = format_jws(format_protected("EdDSA", key_fingerprint(spki)), bytes(64))
        refused(UncheckableError, "UNKNOWN_ALGORITHM", verify_jws, text, PAYLOAD, spki)
