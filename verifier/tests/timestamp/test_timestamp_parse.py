"""Reading responses: each field outside its format is refused, and nothing but an EvidenceError ever comes out."""

from datetime import UTC, datetime
from typing import Any

import pytest
from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from zheng_verifier.errors import EvidenceError, MalformedError, UncheckableError, VerificationError
from zheng_verifier.timestamp import MAX_RESPONSE_SIZE, Accuracy, parse_response
from zheng_verifier.timestamp.algorithms import (
    AlgorithmIdentifier,
    SignatureScheme,
    rsa_bits,
    signature_scheme,
    verify_signature,
)
from zheng_verifier.timestamp.der import MAX_DEPTH, check_der, split
from zheng_verifier.timestamp.tst_info import parse_tst_info


def _refused(data: bytes, match: str | None = None) -> None:
    with pytest.raises(MalformedError, match=match) as refused:
        parse_response(data)
    assert refused.value.code == "FORMAT_FAILURE"


# --- DER


_GOOD = (
    "0500 0101ff 010100 020100 02017f 02020080 0201ff 0202ff7f 0a0101 030100 03020780 06022a03 0603813403 "
    "0400 3000 a0020500 8001ff"
)


@pytest.mark.parametrize("good", [*_GOOD.split(), "048180" + "00" * 128])
def test_der_has_one_form(good: str) -> None:
    """Values in their one form pass, and are cut out of what holds them as they were written."""
    data = bytes.fromhex(good)
    check_der(data, "x")
    length = (2 * len(data)).to_bytes(2)
    both = b"\x30" + (length[1:] if length < b"\x00\x80" else b"\x82" + length) + data * 2
    check_der(both, "x")
    assert (data, data) == split(both)


@pytest.mark.parametrize(
    "bad",
    [
        "", "05", "050000", "0501", "050100",  # nothing, cut off, trailing, longer than there is, NULL with content
        "1f0100", "0480", "30800000", "048100", "04817f" + "00" * 127, "0482ff",  # tags and lengths
        "048200ff" + "00" * 255, "30030501",
        "2403040100", "1000", "1100", "2500",  # constructed strings, primitive SEQUENCE and SET, constructed NULL
        "010101", "01020000", "0200", "02020001", "0202ff80", "0a00",  # BOOLEAN, INTEGER, ENUMERATED
        "0300", "030108", "030101", "03020101",  # BIT STRING
        "0600", "060180", "06028001", "06032a8001",  # OBJECT IDENTIFIER
    ],
)  # fmt: skip
def test_other_forms_are_refused(bad: str) -> None:
    """Every other spelling of a value is refused."""
    with pytest.raises(MalformedError):
        check_der(bytes.fromhex(bad), "x")


def test_depth_is_bounded() -> None:
    """Nesting ends at MAX_DEPTH."""
    data = b"\x05\x00"
    for _ in range(MAX_DEPTH):
        data = b"\x30" + bytes([len(data)]) + data
    check_der(data, "x")
    with pytest.raises(MalformedError, match="nested deeper"):
        check_der(b"\x30" + bytes([len(data)]) + data, "x")


# --- the response


def test_size_is_bounded() -> None:
    """A response of more than 64 KiB is not looked at."""
    _refused(bytes(MAX_RESPONSE_SIZE + 1), "the limit is 65536")


@pytest.mark.parametrize("data", [b"\x30\x00", b"\x05\x00", b"\x30\x03\x02\x01\x00", b"\x30\x02\x06\x00"])
def test_other_structures_are_refused(data: bytes) -> None:
    """DER that is no response is no response."""
    _refused(data)


def test_status_and_token_go_together(maker: Any) -> None:
    """A refusal with a token and a grant without one are both malformed."""
    _refused(maker.token(status={"status": "rejection"}), "PKIStatus 2 and a token")
    _refused(core.Sequence(contents=tsp.PKIStatusInfo({"status": "granted"}).dump()).dump(), "0 and no token")


def test_other_content_is_refused(maker: Any) -> None:
    """CMS of another kind, or around something else, is no token."""
    _refused(cms.ContentInfo({"content_type": "data", "content": b"x"}).dump(), "not CMS SignedData")

    def as_data(signed_data: Any) -> None:
        signed_data["encap_content_info"] = {"content_type": "data", "content": b"x"}

    def detached(signed_data: Any) -> None:
        signed_data["encap_content_info"] = {"content_type": "tst_info"}

    for change in (as_data, detached):
        _refused(maker.token(change_signed_data=change), "does not hold a TSTInfo")


def test_structure_of_signed_data(maker: Any) -> None:
    """Version, one signer, and its digest among those listed."""

    def version(signed_data: Any) -> None:
        signed_data["version"] = "v1"

    def twice(signed_data: Any) -> None:
        other = signed_data["signer_infos"][0].copy()
        other["signature"] = b"x"
        signed_data["signer_infos"] = [signed_data["signer_infos"][0], other]

    def unlisted(signed_data: Any) -> None:
        signed_data["digest_algorithms"] = [{"algorithm": "sha384"}]

    def attribute_certificate(signed_data: Any) -> None:
        other = cms.OtherCertificateFormat({"other_cert_format": "1.2.3", "other_cert": core.Null()})
        signed_data["certificates"] = [cms.CertificateChoices("other", other)]

    for change, match in (
        (version, "version is not 3"),
        (twice, "exactly one signer"),
        (unlisted, "not among digestAlgorithms"),
        (attribute_certificate, "plain X.509"),
    ):
        _refused(maker.token(change_signed_data=change), match)


def test_structure_of_the_signer(maker: Any) -> None:
    """SignerInfo's version goes with its identifier, and there are signed attributes."""

    def version(signer: Any) -> None:
        signer["version"] = "v3"

    def bare(signer: Any) -> None:
        del signer["signed_attrs"]

    _refused(maker.token(change_signer=version), "does not go with its identifier")
    _refused(maker.token(change_signer=bare), "no signed attributes")


def test_structure_of_the_signed_attributes(maker: Any) -> None:
    """Each attribute once, with one value, in DER order, and the two CMS asks for."""
    wanted = [
        ("1.2.840.113549.1.9.3", "no signed attribute contentType"),
        ("1.2.840.113549.1.9.4", "messageDigest"),
    ]
    for oid, match in wanted:
        _refused(
            maker.token(change_attributes=lambda a, oid=oid: [x for x in a if x["type"].dotted != oid]), match
        )
    doubled = cms.CMSAttribute({"type": "content_type", "values": ["data"]})
    _refused(maker.token(change_attributes=lambda a: [*a, doubled]), "twice")
    two_values = cms.CMSAttribute({"type": "1.2.3", "values": [core.Null(), core.Integer(1)]})
    _refused(maker.token(change_attributes=lambda a: [*a, two_values]), "not one value")

    raw = maker.token()
    signed_data = split(split(split(raw)[1])[1])[0]
    signer = split(split(signed_data)[-1])[0]
    attributes = split(split(signer)[3])
    _refused(raw.replace(b"".join(attributes), b"".join(reversed(attributes))), "not in DER order")


def test_ess_issuer_is_one_directory_name(maker: Any) -> None:
    """issuerSerial names the issuer by its directory name."""
    host = {"issuer": [asn1_x509.GeneralName("dns_name", "x.example")], "serial_number": 7}
    _refused(maker.token(issuer_serial=host), "not one directory name")


def test_unknown_failure_bits_are_shown() -> None:
    """A refusal may carry any bits and any text."""
    status = tsp.PKIStatusInfo(
        {"status": 2, "status_string": ["不行"], "fail_info": {"bad_alg", "system_failure"}}
    )
    response = parse_response(core.Sequence(contents=status.dump()).dump())
    assert (
        response.status,
        response.status_text,
        response.failures,
        response.token,
    ) == (2, ("不行",), ("bad_alg", "system_failure"), None)


# --- TSTInfo


def _info(**changes: Any) -> bytes:
    values = {
        "version": "v1",
        "policy": "1.2.3",
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)},
        "serial_number": 1,
        "gen_time": core.GeneralizedTime(contents=b"20260504030201Z"),
    }
    return bytes(tsp.TSTInfo(values | changes).dump())


@pytest.mark.parametrize(
    ("written", "micros"),
    [
        (b"", 0),
        (b".5", 500_000),
        (b".000001", 1),
        (b".0000001", 1),
        (b".1234567", 123_457),
        (b".25", 250_000),
    ],
)
def test_gen_time_is_never_read_as_earlier(written: bytes, micros: int) -> None:
    """Fractions beyond microseconds are rounded up: an earlier time would claim more than was signed."""
    info = parse_tst_info(_info(gen_time=core.GeneralizedTime(contents=b"20260504030201" + written + b"Z")))
    assert datetime(2026, 5, 4, 3, 2, 1, micros, tzinfo=UTC) == info.gen_time


@pytest.mark.parametrize(
    "written",
    b"20260504030201 202605040302Z 20260504030201.Z 20260504030201.50Z 20260504030201+0000 20260504030201,5Z "
    b"20261304030201Z 20260504030260Z 00000504030201Z 2026050403020aZ".split(),
)
def test_gen_time_has_one_form(written: bytes) -> None:
    """UTC with seconds, no trailing zeros, a date that exists."""
    with pytest.raises(MalformedError):
        parse_tst_info(_info(gen_time=core.GeneralizedTime(contents=written)))


def test_gen_time_at_the_end_of_time() -> None:
    """A fraction that rounds beyond the last datetime is refused, not an overflow."""
    with pytest.raises(MalformedError):
        parse_tst_info(_info(gen_time=core.GeneralizedTime(contents=b"99991231235959.9999999Z")))


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"serial_number": 2**600},
        {"nonce": 2**600},
        {"accuracy": {"seconds": -1}},
        {"accuracy": {"seconds": 2**31}},
        {"accuracy": {"millis": 0}},
        {"accuracy": {"millis": 1000}},
        {"accuracy": {"micros": 0}},
        {"accuracy": {"micros": 1000}},
    ],
    ids=str,
)
def test_fields_out_of_range(changes: dict[str, Any]) -> None:
    """Version, sizes and ranges of TSTInfo are kept."""
    with pytest.raises(MalformedError):
        parse_tst_info(_info(**changes))


def test_accuracy_may_be_partial() -> None:
    """Each part of the accuracy may be left out; negative serial numbers exist."""
    info = parse_tst_info(_info(accuracy={"micros": 999}, serial_number=-5))
    assert (Accuracy(0, 0, 999), -5) == (info.accuracy, info.serial_number)


# --- algorithms

_NULL = b"\x05\x00"
_PSS = "1.2.840.113549.1.1.10"


def _pss(maker: Any, **changes: Any) -> AlgorithmIdentifier:
    return AlgorithmIdentifier(_PSS, maker.pss("sha256", **changes)["parameters"].dump())


@pytest.mark.parametrize(
    ("oid", "parameters", "cms_digest"),
    [
        ("1.2.840.113549.1.1.1", b"\x02\x01\x00", "sha256"),
        ("1.2.840.113549.1.1.11", b"\x02\x01\x00", "sha256"),
        ("1.2.840.10045.4.3.2", _NULL, "sha256"),
        ("1.3.101.112", _NULL, "sha512"),
        (_PSS, _NULL, "sha256"),
    ],
)
def test_signature_parameters_are_strict(oid: str, parameters: bytes, cms_digest: str) -> None:
    """An algorithm with parameters it does not take is malformed."""
    with pytest.raises(MalformedError):
        signature_scheme(AlgorithmIdentifier(oid, parameters), cms_digest, "x")


def test_unknown_signature_algorithms(maker: Any) -> None:
    """SM2, plain RSA outside of CMS, PSS without or with unusual parameters: unknown, not false."""
    unknown = [
        AlgorithmIdentifier("1.2.156.10197.1.501", None),
        AlgorithmIdentifier("1.2.840.113549.1.1.1", None),
        AlgorithmIdentifier(_PSS, None),
        _pss(maker, mask="sha384"),
        _pss(maker, salt=-1),
        AlgorithmIdentifier(_PSS, _pss_with_trailer(maker)),
    ]
    for algorithm in unknown:
        with pytest.raises(UncheckableError):
            signature_scheme(algorithm, None, "x")


def _pss_with_trailer(maker: Any) -> bytes:
    # asn1crypto does not write a trailer it does not know; [3] INTEGER 2 is put in by hand.
    parameters = maker.pss("sha256")["parameters"].dump()
    start = b"".join(part for part in split(parameters) if part[0] != 0xA3) + b"\xa3\x03\x02\x01\x02"
    return b"\x30" + bytes([len(start)]) + start


def test_pss_parameters_of_a_certificate(maker: Any) -> None:
    """Good PSS parameters give digest and salt."""
    assert SignatureScheme("rsa-pss-sha256", "sha256", 20) == signature_scheme(
        _pss(maker, salt=20), None, "x"
    )


def _spki(key: Any) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_keys_of_unknown_kinds(maker: Any) -> None:
    """Another curve, a huge RSA key, bytes that are no key: they cannot be checked."""
    huge = rsa.RSAPublicNumbers(65537, 2**8200 + 1).public_key()
    for scheme, spki in (
        (SignatureScheme("ecdsa-sha256", "sha256"), _spki(maker.key("k256").public_key())),
        (SignatureScheme("rsa-sha256", "sha256"), _spki(huge)),
        (SignatureScheme("rsa-sha256", "sha256"), b"\x30\x00"),
    ):
        with pytest.raises(UncheckableError):
            verify_signature(scheme, spki=spki, signature=b"", data=b"", where="x")


def test_key_of_another_kind_is_false(maker: Any) -> None:
    """An RSA signature under an EC key, and the like, is false."""
    for scheme, kind in (("rsa-sha256", "p256"), ("ecdsa-sha256", "rsa2048"), ("ed25519", "p256")):
        with pytest.raises(VerificationError, match="the key is not for"):
            verify_signature(
                SignatureScheme(scheme, "sha256"),
                spki=_spki(maker.key(kind).public_key()),
                signature=b"",
                data=b"",
                where="x",
            )


def test_size_of_rsa_keys(maker: Any) -> None:
    """Only RSA keys have a size to speak of."""
    assert (
        rsa_bits(_spki(maker.key("rsa1024").public_key())),
        rsa_bits(_spki(ec.derive_private_key(1, ec.SECP256R1()).public_key())),
    ) == (1024, None)


# --- anything at all


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_give_an_evidence_error(data: bytes) -> None:
    """Random bytes are refused as malformed, and in no other way."""
    with pytest.raises(MalformedError):
        parse_response(data)


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_edited_tokens_give_an_evidence_error_or_a_response(data: st.DataObject, maker: Any) -> None:
    """Bytes replaced, put in or taken out of a good token never break the reader."""
    raw = bytearray(_token(maker))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        match data.draw(st.sampled_from(("replace", "insert", "delete"))):
            case "replace":
                raw[at] = data.draw(st.integers(0, 255))
            case "insert":
                raw[at:at] = data.draw(st.binary(min_size=1, max_size=3))
            case _:
                del raw[at]
    try:
        maker.verify(bytes(raw))
    except EvidenceError:
        return


def _token(maker: Any) -> bytes:
    if not _CACHE:
        _CACHE.append(maker.token(info={"accuracy": {"seconds": 1}, "nonce": 5}))
    return _CACHE[0]


_CACHE: list[bytes] = []


def _refit(data: bytes, change: Any) -> bytes:
    """Rewrite a DER tree by ``change`` on its primitive values, with lengths that fit again."""
    if not data[0] & 0x20:
        return change(data)
    body = b"".join(_refit(child, change) for child in split(data))
    length = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2)
    return data[:1] + (length if len(body) < 128 or len(body) > 255 else b"\x81" + bytes([len(body)])) + body


@given(which=st.integers(0, 200), contents=st.binary(max_size=40))
@settings(max_examples=300, deadline=None)
def test_values_replaced_in_a_fitting_tree(which: int, contents: bytes, maker: Any) -> None:
    """Values of any size in a tree whose lengths fit never break the reader, and never make another time valid."""
    raw = _token(maker)
    count = -1

    def change(leaf: bytes) -> bytes:
        nonlocal count
        count += 1
        return leaf[:1] + bytes([len(contents)]) + contents if count == which else leaf

    try:
        result = maker.verify(_refit(raw, change))
    except EvidenceError:
        return
    assert result.gen_time == maker.GEN_TIME


def test_refit_is_faithful(maker: Any) -> None:
    """The rewriting above changes nothing where nothing is to change."""
    assert _token(maker) == _refit(_token(maker), lambda leaf: leaf)


def test_algorithm_without_parameters_is_read() -> None:
    """SHA-256 with and without NULL is one algorithm."""
    for parameters in (None, core.Null()):
        sha256 = algos.DigestAlgorithm(
            {"algorithm": "sha256"} | ({"parameters": parameters} if parameters else {})
        )
        imprint = {"hash_algorithm": sha256, "hashed_message": bytes(32)}
        assert (
            parse_tst_info(_info(message_imprint=imprint)).imprint_algorithm.oid == "2.16.840.1.101.3.4.2.1"
        )
