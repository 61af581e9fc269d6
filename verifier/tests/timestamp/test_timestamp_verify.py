"""verify_timestamp: what it accepts, and the code by which it refuses each kind of bad token."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from zheng_verifier.errors import (
    EvidenceError,
    InsufficientError,
    MalformedError,
    UncheckableError,
    VerificationError,
)
from zheng_verifier.timestamp import Accuracy


def _code(family: type[EvidenceError], action: Any) -> str:
    with pytest.raises(family) as refused:
        action()
    assert type(refused.value) is family
    return refused.value.code


def test_gives_what_a_good_token_proves(maker: Any) -> None:
    """A good token gives its time, authority, policy, algorithms, and says that revocation was not checked."""
    result = maker.verify(maker.token(info={"nonce": 5, "accuracy": {"seconds": 1, "millis": 500}}), nonce=5)

    assert result.gen_time == maker.GEN_TIME
    assert Accuracy(1, 500, 0) == result.accuracy
    assert timedelta(seconds=1.5) == result.accuracy.delta
    assert (
        result.tsa_subject,
        result.policy_oid,
        result.imprint_algorithm,
        result.signature_algorithm,
    ) == ("Common Name: TSA", maker.POLICY, "sha256", "ecdsa-sha256")
    assert result.serial_number == 1
    assert not result.test
    assert result.remarks == ("REVOCATION_NOT_CHECKED",)


def test_carries_the_policys_word_that_it_is_a_test(maker: Any) -> None:
    """A test authority's token verifies, and the result says it is a test."""
    assert maker.verify(maker.token(), trusted=maker.trusted(test=True)).test


def test_accepts_a_bare_token(maker: Any) -> None:
    """A TimeStampToken without its TimeStampResp is judged alike."""
    assert maker.verify(maker.token(bare=True)).gen_time == maker.GEN_TIME


@pytest.mark.parametrize(
    ("kind", "digest", "scheme"),
    [
        ("rsa2048", "sha256", "rsa-sha256"),
        ("rsa2048", "sha512", "rsa-sha512"),
        ("p256", "sha384", "ecdsa-sha384"),
        ("p384", "sha384", "ecdsa-sha384"),
        ("p521", "sha512", "ecdsa-sha512"),
        ("ed25519", "sha512", "ed25519"),
    ],
)
def test_accepts_each_kind_of_signature(maker: Any, kind: str, digest: str, scheme: str) -> None:
    """RSA, ECDSA on three curves and Ed25519 verify, whatever the digest."""
    signer = maker.party("TSA", maker.root, kind=kind)
    assert scheme == maker.verify(maker.token(signer, digest=digest)).signature_algorithm


def test_accepts_rsa_pss(maker: Any) -> None:
    """RSASSA-PSS verifies with its own parameters."""
    signer = maker.party("TSA", maker.root, kind="rsa2048")
    raw = maker.token(signer, digest="sha384", signature_algorithm=maker.pss("sha384", 48))
    assert maker.verify(raw).signature_algorithm == "rsa-pss-sha384"


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512", "sm3"])
def test_accepts_each_imprint_the_policy_allows(maker: Any, name: str) -> None:
    """The imprint is by the token's own algorithm, if the policy names it."""
    raw = maker.token(imprint_digest=name)
    assert name == maker.verify(raw).imprint_algorithm
    none_of_it = maker.trusted(imprint_algs=tuple({"sha256", "sha512"} - {name}))
    refusal = _code(InsufficientError, lambda: maker.verify(raw, trusted=none_of_it))
    assert refusal == "CRYPTO_CONSTRAINTS_FAILURE"


@pytest.mark.parametrize("name", ["md5", "sha1"])
def test_never_accepts_a_weak_imprint(maker: Any, name: str) -> None:
    """MD5 and SHA-1 imprints are not enough even if the policy names them, and false before that."""
    raw, lax = maker.token(imprint_digest=name), maker.trusted(imprint_algs=("md5", "sha1", "sha256"))
    refusal = _code(InsufficientError, lambda: maker.verify(raw, trusted=lax))
    assert refusal == "CRYPTO_CONSTRAINTS_FAILURE"
    assert _code(VerificationError, lambda: maker.verify(raw, message=b"x", trusted=lax)) == "HASH_FAILURE"


def test_refuses_an_unknown_imprint_algorithm(maker: Any) -> None:
    """An imprint by an algorithm nobody here knows is neither true nor false."""
    imprint = {"hash_algorithm": {"algorithm": "sha3_256"}, "hashed_message": bytes(32)}
    raw = maker.token(info={"message_imprint": imprint})
    assert _code(UncheckableError, lambda: maker.verify(raw)) == "UNKNOWN_ALGORITHM"


def test_refuses_parameters_of_a_digest(maker: Any) -> None:
    """A digest algorithm has no parameters but NULL."""
    sm3 = maker.algorithm("sm3", parameters=core.Integer(1))
    raw = maker.token(info={"message_imprint": {"hash_algorithm": sm3, "hashed_message": bytes(32)}})
    assert _code(MalformedError, lambda: maker.verify(raw)) == "FORMAT_FAILURE"


def test_refuses_an_imprint_of_another_size(maker: Any) -> None:
    """A short 'digest' can be matched by trying: it is refused for its size."""
    imprint = {"hash_algorithm": maker.algorithm("sha256"), "hashed_message": bytes(20)}
    raw = maker.token(info={"message_imprint": imprint})
    assert _code(VerificationError, lambda: maker.verify(raw)) == "HASH_FAILURE"


def test_a_digest_that_is_not_at_hand_leaves_the_token_undecided(maker: Any) -> None:
    """Where only digests of the message are kept, a token by another algorithm is neither true nor false."""
    raw = maker.token()
    check = lambda: maker.verify(raw, message={"sha512": bytes(64)})  # noqa: E731
    assert _code(UncheckableError, check) == "UNKNOWN_ALGORITHM"


@pytest.mark.parametrize("info", [{}, {"nonce": 6}, {"nonce": -5}])
def test_refuses_another_nonce(maker: Any, info: dict[str, int]) -> None:
    """A token without the nonce that was sent answers another request."""
    raw = maker.token(info=info)
    assert _code(VerificationError, lambda: maker.verify(raw, nonce=5)) == "NONCE_MISMATCH"
    assert maker.verify(raw).serial_number == 1


def test_refuses_a_critical_extension_it_does_not_know(maker: Any) -> None:
    """A critical extension may change what the token says; one that is not critical may not."""
    extension = {"extn_id": "1.2.3.4", "critical": True, "extn_value": b"\x05\x00"}
    raw = maker.token(info={"extensions": [extension]})
    assert _code(UncheckableError, lambda: maker.verify(raw)) == "UNKNOWN_EXTENSION"
    assert (
        maker.verify(maker.token(info={"extensions": [extension | {"critical": False}]})).serial_number == 1
    )


def test_refuses_a_changed_statement(maker: Any) -> None:
    """The signed messageDigest must be that of the TSTInfo."""

    def change(attributes: list[Any]) -> list[Any]:
        attributes[1] = cms.CMSAttribute({"type": "message_digest", "values": [bytes(32)]})
        return attributes

    assert (
        _code(VerificationError, lambda: maker.verify(maker.token(change_attributes=change)))
        == "HASH_FAILURE"
    )


def test_refuses_another_content_type(maker: Any) -> None:
    """What was signed as something else is no time-stamp."""

    def change(attributes: list[Any]) -> list[Any]:
        attributes[0] = cms.CMSAttribute({"type": "content_type", "values": ["data"]})
        return attributes

    raw = maker.token(change_attributes=change)
    assert _code(VerificationError, lambda: maker.verify(raw)) == "SIG_CONSTRAINTS_FAILURE"


def test_refuses_a_false_signature(maker: Any) -> None:
    """A signature by another key is false."""
    other = maker.party("TSA", maker.root, kind="p384", serial=7)
    raw = maker.token(change_signer=lambda signer: signer.__setitem__("signature", _foreign(other, maker)))
    assert _code(VerificationError, lambda: maker.verify(raw)) == "SIG_CRYPTO_FAILURE"


def _foreign(other: Any, maker: Any) -> bytes:
    token = tsp.TimeStampResp.load(maker.token(other))["time_stamp_token"]["content"]
    return bytes(token["signer_infos"][0]["signature"])


def test_refuses_a_digest_that_is_not_the_signatures(maker: Any) -> None:
    """The signature's digest and SignerInfo's must be one."""
    raw = maker.token(digest="sha256", signature_algorithm={"algorithm": "sha384_ecdsa"})
    assert _code(VerificationError, lambda: maker.verify(raw)) == "SIG_CONSTRAINTS_FAILURE"


def test_weak_signature_is_not_enough(maker: Any) -> None:
    """A SHA-1 signature that holds is not enough."""
    signer = maker.party("TSA", maker.root, kind="rsa2048")
    raw = maker.token(signer, digest="sha1")
    assert _code(InsufficientError, lambda: maker.verify(raw)) == "CRYPTO_CONSTRAINTS_FAILURE"


def test_short_rsa_key_is_not_enough(maker: Any) -> None:
    """An RSA key of 1024 bits can be factored."""
    signer = maker.party("TSA", maker.root, kind="rsa1024")
    assert _code(InsufficientError, lambda: maker.verify(maker.token(signer))) == "CRYPTO_CONSTRAINTS_FAILURE"


# --- the signer's certificate


def test_accepts_the_older_certificate_attribute_with_a_remark(maker: Any) -> None:
    """ESSCertID names the certificate by SHA-1: accepted (RFC 3161 says so), and remarked; both must agree."""
    assert "ESS_CERT_ID_V1" in maker.verify(maker.token(ess="v1")).remarks
    assert "ESS_CERT_ID_V1" not in maker.verify(maker.token(ess="both")).remarks


def test_refuses_a_token_without_certificate_attribute(maker: Any) -> None:
    """Without it a certificate of the same key and other words could be put in."""
    raw = maker.token(ess="none")
    assert _code(VerificationError, lambda: maker.verify(raw)) == "SIG_CONSTRAINTS_FAILURE"


def test_refuses_a_certificate_attribute_of_another(maker: Any) -> None:
    """The certificate found by issuer and serial number must be the one whose digest is signed."""
    twin = maker.party("TSA", maker.root, kind="p384")
    raw = maker.token(ess_certs=(twin,))
    assert _code(VerificationError, lambda: maker.verify(raw)) == "SIG_CONSTRAINTS_FAILURE"


def test_finds_the_certificate_among_twins(maker: Any) -> None:
    """Of two certificates with one issuer and serial number, the signed digest picks the right one."""
    twin = maker.party("TSA", maker.root, kind="p384")
    raw = maker.token(certificates=(twin.der, maker.tsa.der))
    assert maker.verify(raw).tsa_subject == "Common Name: TSA"


def test_unknown_digest_of_the_certificate_attribute(maker: Any) -> None:
    """An ESSCertIDv2 by an unknown digest cannot be checked."""

    def change(attributes: list[Any]) -> list[Any]:
        value = attributes[2]["values"][0]
        value["certs"][0]["hash_algorithm"] = {"algorithm": "sha3_256"}
        attributes[2] = cms.CMSAttribute({"type": "signing_certificate_v2", "values": [value]})
        return attributes

    raw = maker.token(change_attributes=change)
    assert _code(UncheckableError, lambda: maker.verify(raw)) == "UNKNOWN_ALGORITHM"


def _issuer_serial(maker: Any, serial: int) -> Any:
    names = [asn1_x509.GeneralName("directory_name", maker.tsa.asn1.issuer)]
    return {"issuer": names, "serial_number": serial}


def test_issuer_and_serial_of_the_attribute_must_agree(maker: Any) -> None:
    """issuerSerial inside ESSCertIDv2 names the same certificate as its digest."""
    assert maker.verify(maker.token(issuer_serial=_issuer_serial(maker, 7))).serial_number == 1
    raw = maker.token(issuer_serial=_issuer_serial(maker, 8))
    assert _code(VerificationError, lambda: maker.verify(raw)) == "SIG_CONSTRAINTS_FAILURE"


def test_certificate_may_come_from_outside(maker: Any) -> None:
    """Without certReq the token has no certificate: the caller gives it, or nothing can be said."""
    raw = maker.token(certificates=())
    assert _code(UncheckableError, lambda: maker.verify(raw)) == "NO_SIGNING_CERTIFICATE_FOUND"
    assert maker.verify(raw, extra_certificates=[maker.tsa.der]).serial_number == 1


def test_finds_the_signer_by_key_identifier(maker: Any) -> None:
    """The other form of SignerIdentifier works alike."""
    assert maker.verify(maker.token(by_key=True)).serial_number == 1


def test_surplus_certificates_change_nothing(maker: Any) -> None:
    """Certificates thrown into the bag are never reported as the signer."""
    spoofed = maker.party("Spoofed TSA", extensions=maker.TSA, kind="p384")
    raw = maker.token(certificates=(spoofed.der, maker.tsa.der))
    assert maker.verify(raw).tsa_subject == "Common Name: TSA"


@pytest.mark.parametrize(
    "extensions",
    [
        lambda m: (),
        lambda m: ((m.EKU[0], False),),
        lambda m: ((x509.ExtendedKeyUsage([*m.EKU[0], x509.OID_SERVER_AUTH]), True),),
        lambda m: ((x509.ExtendedKeyUsage([x509.OID_SERVER_AUTH]), True),),
        lambda m: (m.EKU, (m.usage("digital_signature", "key_cert_sign"), True)),
        lambda m: (m.EKU, (m.usage("key_agreement"), True)),
        lambda m: (m.EKU, (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)),
    ],
    ids=["no EKU", "not critical", "two uses", "other use", "also a CA", "no signing", "unknown critical"],
)
def test_refuses_a_certificate_not_for_time_stamping_alone(maker: Any, extensions: Any) -> None:
    """The signer's certificate is for time-stamping, critically and alone, and for signing."""
    signer = maker.party("TSA", maker.root, extensions=extensions(maker))
    refusal = _code(VerificationError, lambda: maker.verify(maker.token(signer)))
    assert refusal == "CHAIN_CONSTRAINTS_FAILURE"


def test_key_usage_may_be_absent_or_non_repudiation(maker: Any) -> None:
    """Key usage is not required; contentCommitment is as good as digitalSignature."""
    bare = maker.party("TSA", maker.root, extensions=(maker.EKU,))
    committed = maker.party(
        "TSA", maker.root, extensions=(maker.EKU, (maker.usage("content_commitment"), True))
    )
    assert maker.verify(maker.token(bare)).serial_number == 1
    assert maker.verify(maker.token(committed)).serial_number == 1


def test_named_authority_must_be_the_certificates(maker: Any) -> None:
    """TSTInfo.tsa is a name of the certificate: its subject or an alternative name."""
    own = asn1_x509.GeneralName("directory_name", maker.tsa.asn1.subject)
    other = asn1_x509.GeneralName("directory_name", maker.root.asn1.subject)
    host = asn1_x509.GeneralName("dns_name", "tsa.example")
    assert maker.verify(maker.token(info={"tsa": own})).serial_number == 1
    for name in (other, host):
        raw = maker.token(info={"tsa": name})
        assert _code(VerificationError, lambda raw=raw: maker.verify(raw)) == "SIG_CONSTRAINTS_FAILURE"
    alternative = (x509.SubjectAlternativeName([x509.DNSName("tsa.example")]), False)
    signer = maker.party("TSA", maker.root, extensions=(*maker.TSA, alternative))
    assert maker.verify(maker.token(signer, info={"tsa": host})).serial_number == 1


# --- time and trust


def test_certificate_must_hold_at_gen_time(maker: Any) -> None:
    """genTime decides, both ends of the validity included; today never does."""
    for moment in (maker.START, maker.END):
        assert moment == maker.verify(maker.token(info={"gen_time": moment})).gen_time
    second = timedelta(seconds=1)
    early, late = (
        maker.token(info={"gen_time": maker.START - second}),
        maker.token(info={"gen_time": maker.END + second}),
    )
    assert _code(VerificationError, lambda: maker.verify(early)) == "NOT_YET_VALID"
    assert _code(VerificationError, lambda: maker.verify(late)) == "EXPIRED"


def test_caller_may_name_another_moment(maker: Any) -> None:
    """The moment at which certificates must hold can be given, for tokens renewed later."""
    moment = datetime(2035, 1, 1, tzinfo=UTC)
    assert _code(VerificationError, lambda: maker.verify(maker.token(), at=moment)) == "EXPIRED"


def test_root_must_hold_at_gen_time_too(maker: Any) -> None:
    """A root that had ended could no longer vouch for the authority."""
    root = maker.party("Old root", extensions=maker.CA, end=datetime(2025, 1, 1, tzinfo=UTC))
    signer = maker.party("TSA", root)
    trusted = maker.trusted(roots=(root.der,))
    assert _code(VerificationError, lambda: maker.verify(maker.token(signer), trusted=trusted)) == "EXPIRED"


def test_trust_period_of_the_policy(maker: Any) -> None:
    """The policy may trust an authority for a time only, both ends included."""
    second = timedelta(seconds=1)
    raw = maker.token()
    exact = maker.trusted(valid_from=maker.GEN_TIME, valid_until=maker.GEN_TIME)
    assert maker.verify(raw, trusted=exact).serial_number == 1
    for window in ({"valid_from": maker.GEN_TIME + second}, {"valid_until": maker.GEN_TIME - second}):
        outside = maker.trusted(**window)
        refusal = _code(InsufficientError, lambda outside=outside: maker.verify(raw, trusted=outside))
        assert refusal == "OUT_OF_TRUST_PERIOD"


def test_policy_of_the_token_must_be_listed(maker: Any) -> None:
    """A TSA policy that the trust policy does not name is not enough; an empty list names none."""
    raw = maker.token()
    for oids in ((), ("1.2.3",)):
        trusted = maker.trusted(policy_oids=oids)
        refusal = _code(InsufficientError, lambda trusted=trusted: maker.verify(raw, trusted=trusted))
        assert refusal == "POLICY_NOT_ALLOWED"


def test_pins(maker: Any) -> None:
    """A pinned certificate needs no root; with roots as well, both must be satisfied; with neither, nothing is."""
    raw, pin = maker.token(), hashlib.sha256(maker.tsa.der).digest()
    assert maker.verify(raw, trusted=maker.trusted(roots=(), pins=(bytes(32), pin))).serial_number == 1
    assert maker.verify(raw, trusted=maker.trusted(pins=(pin,))).serial_number == 1
    stranger = maker.party("Stranger", extensions=maker.CA, kind="p384")
    for changes in (
        {"pins": (bytes(32),)},
        {"roots": (), "pins": ()},
        {"roots": (stranger.der,), "pins": (pin,)},
    ):
        trusted = maker.trusted(**changes)
        refusal = _code(InsufficientError, lambda trusted=trusted: maker.verify(raw, trusted=trusted))
        assert refusal == "UNTRUSTED_TSA"


def test_pinned_alone_still_must_hold_at_gen_time(maker: Any) -> None:
    """A pin replaces the path, not the certificate's own time."""
    raw = maker.token(info={"gen_time": maker.END + timedelta(seconds=1)})
    trusted = maker.trusted(roots=(), pins=(hashlib.sha256(maker.tsa.der).digest(),))
    assert _code(VerificationError, lambda: maker.verify(raw, trusted=trusted)) == "EXPIRED"


def test_false_comes_before_not_enough(maker: Any) -> None:
    """A forged token of an unknown authority is called forged."""
    raw = maker.token()
    trusted = maker.trusted(roots=(), policy_oids=())
    assert (
        _code(VerificationError, lambda: maker.verify(raw, message=b"x", trusted=trusted)) == "HASH_FAILURE"
    )


def test_rejection_carries_the_authoritys_words(maker: Any) -> None:
    """A refusal is a clear error with status, text and failure bits."""
    status = tsp.PKIStatusInfo(
        {"status": "rejection", "status_string": ["come back later"], "fail_info": {"time_not_available"}}
    )
    raw = core.Sequence(contents=status.dump()).dump()
    with pytest.raises(
        VerificationError, match="PKIStatus 2: come back later; time_not_available"
    ) as refused:
        maker.verify(raw)
    assert refused.value.code == "STATUS_NOT_GRANTED"
    silent = core.Sequence(contents=tsp.PKIStatusInfo({"status": "waiting"}).dump()).dump()
    with pytest.raises(VerificationError, match="PKIStatus 3: no reason given"):
        maker.verify(silent)


def test_granted_with_modifications_is_remarked(maker: Any) -> None:
    """The status is signed by nobody, and what was modified is checked itself: accepted, and remarked."""
    result = maker.verify(maker.token(status={"status": "granted_with_mods"}))
    assert "GRANTED_WITH_MODS" in result.remarks
