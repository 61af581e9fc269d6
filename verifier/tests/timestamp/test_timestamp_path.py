"""The way from the authority to a root, and what revocation lists say about it."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from zheng_verifier.errors import (
    EvidenceError,
    InsufficientError,
    MalformedError,
    UncheckableError,
    VerificationError,
)
from zheng_verifier.timestamp import path as path_module
from zheng_verifier.timestamp.certificate import load_certificate
from zheng_verifier.timestamp.path import find_path, run_now

DAY = timedelta(days=1)


def _code(family: type[EvidenceError], action: Any) -> str:
    with pytest.raises(family) as refused:
        action()
    assert type(refused.value) is family
    return refused.value.code


def _chain(maker: Any, **changes: Any) -> tuple[Any, Any]:
    """Make an intermediate CA below the root, and a TSA below that."""
    between = maker.party("CA", maker.root, kind="p384", extensions=maker.CA, serial=3, **changes)
    return between, maker.party("TSA", between, serial=4)


# --- paths


def test_goes_through_an_intermediate(maker: Any) -> None:
    """An intermediate certificate may be in the token or given beside it; without it there is no path."""
    between, tsa = _chain(maker)
    within = maker.token(tsa, certificates=(maker.root.der, between.der, tsa.der))
    assert maker.verify(within).serial_number == 1
    assert maker.verify(maker.token(tsa), extra_certificates=[between.der]).serial_number == 1
    assert _code(InsufficientError, lambda: maker.verify(maker.token(tsa))) == "UNTRUSTED_TSA"


def test_intermediate_may_be_the_anchor(maker: Any) -> None:
    """The policy may end the path at an intermediate, or at the authority's own certificate."""
    between, tsa = _chain(maker)
    for anchor in (between, tsa):
        trusted = maker.trusted(roots=(anchor.der,))
        assert maker.verify(maker.token(tsa), trusted=trusted).serial_number == 1


def test_root_of_the_same_name_is_another(maker: Any) -> None:
    """A name is not a key: neither with key identifiers, nor without any."""
    for key_ids in (True, False):
        false_root = maker.party("Root", extensions=maker.CA, kind="p384", key_ids=key_ids)
        trusted = maker.trusted(roots=(false_root.der,))
        refusal = _code(
            InsufficientError, lambda trusted=trusted: maker.verify(maker.token(), trusted=trusted)
        )
        assert refusal == "UNTRUSTED_TSA"


def test_good_path_wins_over_a_bad_one(maker: Any) -> None:
    """Of two certificates of one CA key, an ended one does not hide the one that holds."""
    ended, _ = _chain(maker, end=maker.GEN_TIME - DAY)
    between, tsa = _chain(maker)
    raw = maker.token(tsa, certificates=(tsa.der, ended.der, between.der))
    assert maker.verify(raw).serial_number == 1
    only_bad = maker.token(tsa, certificates=(tsa.der, ended.der))
    assert _code(VerificationError, lambda: maker.verify(only_bad)) == "EXPIRED"


@pytest.mark.parametrize(
    "extensions",
    [
        lambda m: (),
        lambda m: ((x509.BasicConstraints(False, None), True),),
        lambda m: (m.CA[0], (m.usage("digital_signature"), True)),
        lambda m: (*m.CA, (_permitted("elsewhere"), True)),
        lambda m: (*m.CA, (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)),
    ],
    ids=["no constraints", "not a CA", "may not sign certificates", "other names", "unknown critical"],
)
def test_intermediate_must_be_a_ca_for_the_name(maker: Any, extensions: Any) -> None:
    """Each rule of RFC 5280 §6 on an intermediate is kept."""
    between = maker.party("CA", maker.root, kind="p384", extensions=extensions(maker))
    tsa = maker.party("TSA", between)
    raw = maker.token(tsa, certificates=(tsa.der, between.der))
    assert _code(VerificationError, lambda: maker.verify(raw)) == "CHAIN_CONSTRAINTS_FAILURE"


def _permitted(name: str) -> x509.NameConstraints:
    names = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    return x509.NameConstraints([x509.DirectoryName(names)], None)


def test_path_length_is_kept(maker: Any) -> None:
    """A root that allows no CA below it is taken at its word, and one that allows one CA too."""

    def verify(length: int) -> Any:
        root = maker.party("Root", extensions=((x509.BasicConstraints(True, length), True),))
        between = maker.party("CA", root, kind="p384", extensions=maker.CA)
        tsa = maker.party("TSA", between)
        raw = maker.token(tsa, certificates=(tsa.der, between.der))
        return maker.verify(raw, trusted=maker.trusted(roots=(root.der,)))

    assert _code(VerificationError, lambda: verify(0)) == "CHAIN_CONSTRAINTS_FAILURE"
    assert verify(1).serial_number == 1


def test_path_is_not_longer_than_its_limit(maker: Any) -> None:
    """Nine certificates in a row are not followed."""
    issuer, chain = maker.root, []
    for number in range(7):
        issuer = maker.party(f"CA {number}", issuer, extensions=maker.CA, kind=f"p256-{number}")
        chain.append(issuer)
    short, long = maker.party("TSA", chain[5]), maker.party("TSA", chain[6])
    ders = [c.der for c in chain]
    assert maker.verify(maker.token(short), extra_certificates=ders).serial_number == 1
    raw = maker.token(long)
    assert _code(InsufficientError, lambda: maker.verify(raw, extra_certificates=ders)) == "UNTRUSTED_TSA"


def test_loops_and_crowds_end(maker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """CAs that certify each other, many times over, cost a bounded number of signature checks."""
    one = maker.party("A", extensions=maker.CA, kind="p256-a")
    two = maker.party("B", extensions=maker.CA, kind="p256-b")
    ring = [
        load_certificate(maker.party(a, b, extensions=maker.CA, kind=k, serial=n).der, "ring")
        for n in range(1, 40)
        for a, b, k in (("A", two, "p256-a"), ("B", one, "p256-b"))
    ]
    tsa = load_certificate(maker.party("TSA", one).der, "tsa")
    checks = itertools.count()
    real = path_module.verify_issued
    monkeypatch.setattr(path_module, "verify_issued", lambda *a: (next(checks), real(*a))[1])
    with pytest.raises(InsufficientError, match="no path"):
        find_path(tsa, roots=[], pool=ring, moment=maker.GEN_TIME)
    assert next(checks) == path_module.MAX_SIGNATURE_CHECKS


def test_each_signature_is_checked_once(maker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two ways that meet again share what was found out above."""
    top = maker.party("Top", extensions=maker.CA, kind="p256-t")
    between = [maker.party("CA", top, kind="p384", extensions=maker.CA, serial=n) for n in (1, 2)]
    pool = [load_certificate(p.der, "pool") for p in (*between, maker.party("Top", top, kind="p256-t"), top)]
    tsa = load_certificate(maker.party("TSA", between[0]).der, "tsa")
    checked = []
    real = path_module.verify_issued
    monkeypatch.setattr(path_module, "verify_issued", lambda *a: (checked.append(a), real(*a)))
    with pytest.raises(InsufficientError, match="no path"):
        find_path(tsa, roots=[], pool=pool, moment=maker.GEN_TIME)
    assert len(checked) == len({(signed.data, issuer.der) for signed, issuer in checked})


def test_weak_signature_in_the_path_is_not_enough(maker: Any) -> None:
    """A certificate signed over SHA-1 can be forged today."""
    root = maker.party("Root", extensions=maker.CA, kind="rsa2048")
    tsa = maker.party("TSA", root)
    weak = maker.resigned_sha1(tsa, root)
    raw = maker.token(certificates=(weak,), signer=type(tsa)(tsa.key, x509.load_der_x509_certificate(weak)))
    trusted = maker.trusted(roots=(root.der,))
    assert (
        _code(InsufficientError, lambda: maker.verify(raw, trusted=trusted)) == "CRYPTO_CONSTRAINTS_FAILURE"
    )


def test_unknown_algorithm_in_the_path_cannot_be_checked(maker: Any) -> None:
    """A certificate by SM2, say, is not called untrusted: it could not be checked."""
    loaded = maker.tsa.asn1
    loaded["tbs_certificate"]["signature"] = {"algorithm": "1.2.156.10197.1.501"}
    loaded["signature_algorithm"] = {"algorithm": "1.2.156.10197.1.501"}
    party = type(maker.tsa)(maker.tsa.key, x509.load_der_x509_certificate(loaded.dump(force=True)))
    assert _code(UncheckableError, lambda: maker.verify(maker.token(party))) == "UNKNOWN_ALGORITHM"


def test_certificate_list_limits_the_path(maker: Any) -> None:
    """Certificates named beyond the first are the only ones the path may use (RFC 5035 §3)."""
    between, tsa = _chain(maker)
    given = [between.der]
    listed = maker.token(tsa, ess_certs=(tsa, between))
    assert maker.verify(listed, extra_certificates=given).serial_number == 1
    for ess in ("v1", "v2"):
        raw = maker.token(tsa, ess=ess, ess_certs=(tsa, maker.tsa))
        refusal = _code(VerificationError, lambda raw=raw: maker.verify(raw, extra_certificates=given))
        assert refusal == "SIG_CONSTRAINTS_FAILURE"


def test_certificates_must_parse(maker: Any) -> None:
    """A certificate that is none, in the token or beside it, is malformed; so is one of two minds."""
    assert (
        _code(MalformedError, lambda: maker.verify(maker.token(), extra_certificates=[b""]))
        == "FORMAT_FAILURE"
    )
    usage = maker.party("TSA", maker.root).der.replace(
        bytes.fromhex("03020780"), bytes.fromhex("0300") + b"\x05\x00"
    )
    assert _code(MalformedError, lambda: load_certificate(usage, "an empty key usage")) == "FORMAT_FAILURE"
    not_one = b"\x30\x00"
    assert _code(MalformedError, lambda: load_certificate(not_one, "x")) == "FORMAT_FAILURE"
    signature = maker.tsa.asn1["signature_value"].dump()
    ragged = maker.tsa.der.replace(signature, signature[:2] + b"\x01" + signature[3:-1] + b"\x00")
    with pytest.raises(MalformedError, match="not whole bytes"):
        load_certificate(ragged, "x")
    loaded = maker.tsa.asn1
    loaded["signature_algorithm"] = {"algorithm": "sha384_ecdsa"}
    with pytest.raises(MalformedError, match="two different signature algorithms"):
        load_certificate(loaded.dump(force=True), "x")


def test_run_now_never_waits() -> None:
    """A coroutine that would wait is stopped and named."""

    class Waiting:
        def __await__(self) -> Any:
            yield

    async def wait() -> None:
        await Waiting()

    with pytest.raises(RuntimeError, match="nothing to wait for"):
        run_now(wait())


# --- revocation


def _revoked(maker: Any, at: datetime, reason: str | None, **more: Any) -> bytes:
    return maker.crl(maker.root, (7, at, reason), (99, at, None), **more)


@pytest.mark.parametrize(
    "reason", ["unspecified", "affiliationChanged", "superseded", "cessationOfOperation"]
)
def test_harmless_later_revocation_leaves_earlier_tokens(maker: Any, reason: str) -> None:
    """Revoked after genTime because it is not used any more: earlier tokens stay good (RFC 3161 §4)."""
    crl = _revoked(maker, maker.GEN_TIME + DAY, reason)
    assert maker.verify(maker.token(), crls=[crl]).remarks == ()
    before = _revoked(maker, maker.GEN_TIME, reason)
    assert _code(VerificationError, lambda: maker.verify(maker.token(), crls=[before])) == "REVOKED"


@pytest.mark.parametrize(
    "reason", [None, "keyCompromise", "cACompromise", "certificateHold", "privilegeWithdrawn"]
)
def test_other_later_revocation_takes_all_tokens(maker: Any, reason: str | None) -> None:
    """Revoked for compromise, or for a reason not given: no token of the key is worth anything (RFC 3161 §4)."""
    crl = _revoked(maker, maker.GEN_TIME + DAY, reason)
    assert _code(VerificationError, lambda: maker.verify(maker.token(), crls=[crl])) == "REVOKED"


def test_removed_from_a_list_is_not_revoked(maker: Any) -> None:
    """removeFromCRL takes a hold back."""
    crl = _revoked(maker, maker.GEN_TIME - DAY, "removeFromCRL")
    assert maker.verify(maker.token(), crls=[crl]).remarks == ()


def test_enclosed_lists_count(maker: Any) -> None:
    """A CRL inside the token is as good as one beside it."""
    assert maker.verify(maker.token(crls=(maker.crl(maker.root),))).remarks == ()
    raw = maker.token(crls=(_revoked(maker, maker.GEN_TIME, None),))
    assert _code(VerificationError, lambda: maker.verify(raw)) == "REVOKED"


def test_list_must_reach_gen_time(maker: Any) -> None:
    """A CRL that had ended before genTime does not say that nothing was revoked then, but what it lists counts."""
    old = {"this_update": maker.GEN_TIME - 3 * DAY, "next_update": maker.GEN_TIME - 2 * DAY}
    assert maker.verify(maker.token(), crls=[maker.crl(maker.root, **old)]).remarks == (
        "REVOCATION_NOT_CHECKED",
    )
    listed = _revoked(maker, maker.GEN_TIME - 4 * DAY, None, **old)
    assert _code(VerificationError, lambda: maker.verify(maker.token(), crls=[listed])) == "REVOKED"


def test_narrowed_list_does_not_clear(maker: Any) -> None:
    """A CRL with a critical extension speaks for some certificates only, but what it lists counts."""
    narrowed = _distribution_point(indirect=False)
    clear = maker.crl(maker.root, extensions=[narrowed])
    assert maker.verify(maker.token(), crls=[clear]).remarks == ("REVOCATION_NOT_CHECKED",)
    listed = _revoked(maker, maker.GEN_TIME, None, extensions=[narrowed])
    assert _code(VerificationError, lambda: maker.verify(maker.token(), crls=[listed])) == "REVOKED"


def test_indirect_list_is_not_read(maker: Any) -> None:
    """Serial numbers in an indirect CRL may be another issuer's."""
    indirect = _revoked(maker, maker.GEN_TIME, None, extensions=[_distribution_point(indirect=True)])
    assert maker.verify(maker.token(), crls=[indirect]).remarks == ("REVOCATION_NOT_CHECKED",)


def _distribution_point(*, indirect: bool) -> tuple[x509.ExtensionType, bool]:
    point = x509.IssuingDistributionPoint(
        full_name=None,
        relative_name=None,
        only_contains_user_certs=not indirect,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=indirect,
        only_contains_attribute_certs=False,
    )
    return point, True


def test_lists_of_others_say_nothing(maker: Any) -> None:
    """Another CA's CRL, one of another key of the same name, one of a key not for CRLs: none of them counts."""
    other = maker.party("Other", extensions=maker.CA, kind="p384")
    twin = maker.party("Root", extensions=maker.CA, kind="p384")
    no_crls = maker.party(
        "Root", extensions=(maker.CA[0], (maker.usage("key_cert_sign"), True)), kind="p256-root"
    )
    for issuer, roots in ((other, ()), (twin, ()), (maker.root, (no_crls.der,))):
        crl = maker.crl(issuer, (7, maker.GEN_TIME - DAY, None))
        trusted = maker.trusted(roots=roots or (maker.root.der,))
        result = maker.verify(maker.token(), crls=[crl], trusted=trusted)
        assert result.remarks == ("REVOCATION_NOT_CHECKED",)


def test_forged_list_is_false(maker: Any) -> None:
    """A CRL in the issuer's name that its key did not sign is a forgery, not a list of others."""
    twin = maker.party("Root", extensions=maker.CA, kind="p384")
    crl = maker.crl(twin, key_ids=False)
    assert _code(VerificationError, lambda: maker.verify(maker.token(), crls=[crl])) == "SIG_CRYPTO_FAILURE"


def test_revoked_intermediate(maker: Any) -> None:
    """Every certificate below the anchor is looked up; unrevoked is only said when all are covered."""
    between, tsa = _chain(maker)
    raw, given = maker.token(tsa), {"extra_certificates": [between.der]}
    upper, lower = maker.crl(maker.root), maker.crl(between)
    assert maker.verify(raw, crls=[upper, lower], **given).remarks == ()
    assert maker.verify(raw, crls=[lower], **given).remarks == ("REVOCATION_NOT_CHECKED",)
    revoked = maker.crl(maker.root, (3, maker.GEN_TIME - DAY, "superseded"))
    assert _code(VerificationError, lambda: maker.verify(raw, crls=[revoked, lower], **given)) == "REVOKED"


def test_pinned_certificate_can_be_revoked(maker: Any) -> None:
    """With a pin alone the issuer's CRL counts when the issuer's certificate is at hand."""
    import hashlib

    trusted = maker.trusted(roots=(), pins=(hashlib.sha256(maker.tsa.der).digest(),))
    crl = _revoked(maker, maker.GEN_TIME - DAY, None)
    blind = maker.verify(maker.token(), trusted=trusted, crls=[crl])
    assert blind.remarks == ("REVOCATION_NOT_CHECKED",)
    twin = maker.party("Root", extensions=maker.CA, kind="p384", key_ids=False)
    forged = {"extra_certificates": [twin.der], "crls": [maker.crl(twin, key_ids=False)]}
    fooled = maker.verify(maker.token(), trusted=trusted, **forged)
    assert fooled.remarks == ("REVOCATION_NOT_CHECKED",)
    given = {"extra_certificates": [twin.der, maker.root.der], "crls": [crl]}
    assert (
        _code(VerificationError, lambda: maker.verify(maker.token(), trusted=trusted, **given)) == "REVOKED"
    )


def test_lists_must_parse(maker: Any) -> None:
    """A CRL that is none is malformed, and so is one that names two algorithms."""
    from asn1crypto import crl as asn1_crl

    assert _code(MalformedError, lambda: maker.verify(maker.token(), crls=[b"\x30\x00"])) == "FORMAT_FAILURE"
    loaded = asn1_crl.CertificateList.load(maker.crl(maker.root))
    loaded["signature_algorithm"] = {"algorithm": "sha384_ecdsa"}
    with pytest.raises(MalformedError, match="two different signature algorithms"):
        maker.verify(maker.token(), crls=[loaded.dump(force=True)])
