"""Signed reports: only the detailed report, only by a key that the reader names, only in one form."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from makers.universe import run
from zheng_verifier.canonical import format_json
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError, VerificationError
from zheng_verifier.jws import key_fingerprint
from zheng_verifier.report.comparison import compare_reports, describe_comparison
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.model import AxisId, AxisResult, CheckId, Overall, Status
from zheng_verifier.report.sentences import word
from zheng_verifier.report.signed import (
    format_signed_report,
    parse_signed_report,
    report_signing_input,
    verify_signed_report,
)

ED = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
EC = ec.derive_private_key(0x5EED, ec.SECP256R1())
PAYLOAD = format_json(report_detailed(run()))


def spki(key):
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def signature(key, message):
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def sign(key=ED, payload=PAYLOAD):
    return format_signed_report(payload, spki(key), signature(key, report_signing_input(payload, spki(key))))


def with_header(header):
    protected = format_base64url(format_json(header))
    return f"{protected}.{format_base64url(PAYLOAD)}.{format_base64url(bytes(64))}"


@pytest.mark.parametrize("key", [ED, EC])
def test_a_signed_report_gives_its_payload(key):
    """By either algorithm, among other keys."""
    jws = sign(key)
    assert verify_signed_report(jws, [spki(ED), spki(EC)]) == report_detailed(run())
    assert parse_signed_report(jws).kid == key_fingerprint(spki(key))


def test_an_unknown_key_decides_nothing():
    """Who signs with his own key is nobody here: KEY_UNKNOWN, and no payload."""
    with pytest.raises(UncheckableError, match="KEY_UNKNOWN"):
        verify_signed_report(sign(EC), [spki(ED)])


@pytest.mark.parametrize("part", [1, 2])
def test_a_changed_part_breaks_the_signature(part):
    """Another report under the same signature, another signature under the same report."""
    parts = sign().split(".")
    other = format_json(report_detailed(replace(run(), overall=Overall.CONSISTENT)))
    parts[part] = format_base64url([other, bytes(64)][part - 1])
    with pytest.raises(VerificationError, match="SIG_CRYPTO_FAILURE"):
        verify_signed_report(".".join(parts), [spki(ED)])


HEADER = {"alg": "EdDSA", "kid": format_base64url(key_fingerprint(spki(ED))), "typ": "zheng-report+jws"}


@pytest.mark.parametrize(
    "header",
    [
        HEADER | {"typ": "zheng-claim+sd-jwt"},
        HEADER | {"crit": "b64"},
        HEADER | {"jku": "https://example/keys"},
        HEADER | {"jwk": "x"},
        {key: value for key, value in HEADER.items() if key != "typ"},
        HEADER | {"kid": "AA"},
    ],
)
def test_foreign_headers_are_refused(header):
    """Exactly alg, kid, typ: no header brings a key, a place to fetch one, or another kind of object."""
    with pytest.raises(MalformedError):
        verify_signed_report(with_header(header), [spki(ED)])


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256"])
def test_other_algorithms_are_not_read(algorithm):
    """UNKNOWN_ALGORITHM, ``none`` among them."""
    with pytest.raises(UncheckableError, match="UNKNOWN_ALGORITHM"):
        verify_signed_report(with_header(HEADER | {"alg": algorithm}), [spki(ED)])


@pytest.mark.parametrize(
    "text",
    ["", "a.b", "a.b.c.d", "..", "x" * (23 << 20), *(sign().replace(".", gap) for gap in (" .", ".\n"))],
)
def test_other_forms_are_refused(text):
    """Not three parts, too long, white space."""
    with pytest.raises(MalformedError):
        parse_signed_report(text)


@pytest.mark.parametrize(
    "payload", [b"[]", b"{}", b'{"zheng":1}', b'{"zheng":"claim/v1"}', b'{"a": 1}', b"x"]
)
def test_only_reports_are_signed(payload):
    """The report key gives its name to nothing else, and nothing that is not canonical."""
    with pytest.raises(MalformedError):
        report_signing_input(payload, spki(ED))


def test_a_later_version_is_not_read():
    """UNKNOWN_VERSION, for the reader cannot know what it says."""
    with pytest.raises(UncheckableError, match="UNKNOWN_VERSION"):
        report_signing_input(b'{"zheng":"report/v2"}', spki(ED))


def test_keys_of_other_kinds_sign_no_report():
    """Only Ed25519 and P-256."""
    with pytest.raises(EvidenceError):
        report_signing_input(PAYLOAD, spki(ec.derive_private_key(7, ec.SECP384R1())))


# --- comparison --------------------------------------------------------------------------------------------------


def said(own, enclosed):
    comparison = compare_reports(own, enclosed)
    return comparison, word(describe_comparison(comparison), "en")


def test_the_same_report_agrees():
    """Whatever it says of C01, which its maker could not see."""
    own = run()
    enclosed = report_detailed(own)
    enclosed["checks"][0] |= {"status": "FAILED"}
    comparison, sentence = said(own, enclosed)
    assert (comparison.agrees, comparison.same_policy) == (True, True)
    assert sentence == "The enclosed report agrees with this verification."


def test_what_differs_is_listed_and_not_repeated():
    """Ids of axes and checks, never the enclosed word."""
    own = run()
    axes = (AxisResult(AxisId.A1, Status.FAILED, ()), *own.axes[1:])
    checks = tuple(
        replace(check, status=Status.FAILED) if check.id in (CheckId.C01, CheckId.C03) else check
        for check in own.checks
    )
    comparison, sentence = said(replace(own, axes=axes, checks=checks), report_detailed(own))
    assert (comparison.axes, comparison.checks) == ((AxisId.A1,), (CheckId.C03,))
    assert sentence == "The enclosed report differs from this verification in A1, C03."


def test_another_overall_word_is_a_difference():
    """Even where all axes agree: somebody changed the rule."""
    own = run()
    _, sentence = said(own, report_detailed(replace(own, overall=Overall.CONSISTENT)))
    assert sentence == "The enclosed report has another overall word; its axes and checks agree."


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ({}, "its results agree"),
        ({"overall": "CONSISTENT"}, "another overall word"),
        ({"axes": [], "checks": "x"}, "differs from this verification in A1, A2"),
        ({"axes": [1, {"id": []}]}, "differs from this verification in A1"),
        ({"policy": 1}, "under another policy"),
    ],
)
def test_another_policy_is_named(edit, says):
    """A report under another policy may rightly say something else, and the reader has to know."""
    own = run()
    enclosed = report_detailed(own) | {"policy": {"fingerprint": "00" * 32}} | edit
    comparison, sentence = said(own, enclosed)
    assert not comparison.same_policy
    assert "made under another policy" in sentence
    assert says in sentence
