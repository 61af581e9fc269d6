"""Signers' keys and certificates: issued once whatever crashes, refused when revoked or expired, destroyed after use."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pki_world import CA_URL, TENANT, close_pki, open_pki, sha256
from sqlmodel import select
from zheng_verifier.checks.case import Match
from zheng_verifier.checks.certificate_subject import common_name, compare_subject
from zheng_verifier.errors import MalformedError
from zheng_verifier.timestamp.certificate import load_certificate

from signing.certificates.issued import IssuedCertificates
from signing.certificates.ports import AuthorityRefused, AuthorityUnavailable
from signing.certificates.profiles import Holding, Profiles
from signing.certificates.status import ask_status, judge_status
from signing.certificates.subjects import NAME_AS_WRITTEN, Subject, distinguished_name
from signing.certificates.succession import Succession
from signing.certificates.tables import KeyRow
from signing.certificates.testca import LocalTestCa, trusted_ca
from signing.certificates.testca.register import CrlRow, IssuedRow
from signing.database import read, write
from signing.errors import Refused
from signing.principal import Principal, Role

ADMIN = Principal(TENANT, "member", "boss", roles=frozenset({Role.SUPER_ADMIN}))
REFERENCE = "0b8f5d0e-1d5c-4c61-9d77-3f4a2f7c1a01"
WANG = Subject("王小明", "person", REFERENCE)


@pytest.fixture
def pki(tmp_path, engine, clock, random, uuid):
    world = open_pki(tmp_path, engine, clock, random, uuid)
    yield world
    close_pki(world)


def csr(key, subject=WANG):
    name = distinguished_name(subject, test=True)
    return x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())


def der(thing):
    return thing.public_bytes(Encoding.DER)


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def rows(world, table):
    with read(world.ca.inner._register.engine) as session:
        return list(session.exec(select(table)).all())


# The authority


def test_the_authority_certifies_what_the_request_names_and_says_test_everywhere(pki, tmp_path):
    """Names, policy, places and usage are in the certificate; a path leads to the root, and nobody need trust it."""
    issued = pki.ca.certify(der(csr(new_key())), "one_time", WANG)
    certificate, issuing, root = (
        x509.load_der_x509_certificate(each) for each in (issued.certificate, *issued.above)
    )
    for each in (certificate, issuing, root):
        assert "TEST 测试" in each.subject.rfc4514_string() or "TEST" in each.subject.rfc4514_string()
    certificate.verify_directly_issued_by(issuing)
    issuing.verify_directly_issued_by(root)
    extensions = certificate.extensions
    (policy,) = extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert (policy.policy_identifier.dotted_string, policy.policy_qualifiers) == (
        pki.ca.policy_oid("one_time"),
        ["https://zheng.test/v1/signing/ca/practice"],
    )
    places = {
        each.access_location.value
        for each in extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    }
    assert places == {"https://zheng.test/v1/signing/ca/ocsp", "https://zheng.test/v1/signing/ca/issuing.cer"}
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(minutes=65)
    assert certificate.serial_number.bit_length() == 127
    trusted = pki.ca.trusted
    assert trusted == trusted_ca(tmp_path / "ca")
    assert trusted_ca(tmp_path / "nowhere") is None
    assert trusted.test
    assert trusted.licence is None
    assert trusted.roots == (issued.above[-1],)


def test_the_same_request_gives_the_same_certificate_also_after_a_restart(
    pki, tmp_path, engine, clock, random, uuid
):
    """Row and certificate are durable before the answer, so an answer that was lost is given again."""
    request = der(csr(new_key()))
    first = pki.ca.certify(request, "one_time", WANG)
    clock.advance(minutes=3)
    again = open_pki(tmp_path, engine, clock, random, uuid)
    assert again.ca.certify(request, "one_time", WANG) == first
    assert len(rows(again, IssuedRow)) == 1
    assert first.certificate not in (tmp_path / "ca" / "register.db").read_bytes()
    close_pki(again)


def test_the_authority_refuses_keys_that_were_not_shown_weak_keys_and_other_names(pki):
    """Proof of possession is the request's own signature; a key is certified once."""
    key, other = new_key(), new_key()
    forged = bytearray(der(csr(key)))
    forged[-3] ^= 1
    swapped = der(csr(key)).replace(
        key.public_key().public_bytes(Encoding.X962, serialization.PublicFormat.UncompressedPoint),
        other.public_key().public_bytes(Encoding.X962, serialization.PublicFormat.UncompressedPoint),
    )
    weak = der(csr(rsa.generate_private_key(public_exponent=65537, key_size=1024)))
    curve = der(csr(ec.generate_private_key(ec.SECP384R1())))
    stranger = der(csr(new_key(), Subject("李四", "person", REFERENCE)))
    for request in (bytes(forged), swapped, weak, curve, stranger, b"", b"\x30\x00", bytes(9000)):
        with pytest.raises(AuthorityRefused):
            pki.ca.certify(request, "one_time", WANG)
    assert rows(pki, IssuedRow) == []
    pki.ca.certify(der(csr(key)), "one_time", WANG)
    with pytest.raises(AuthorityRefused, match="certified before"):
        pki.ca.certify(der(csr(key)), "one_time", WANG)


def test_a_revocation_is_on_the_next_list_and_in_the_next_response(pki, clock):
    """Lists are numbered; of a certificate that this authority did not issue the responder says unknown."""
    issued = pki.ca.certify(der(csr(new_key())), "long_term", WANG)
    loaded = x509.load_der_x509_certificate(issued.certificate)
    before = ask_status(pki.ca, issued.certificate, issued.above)
    assert judge_status(pki.ca, issued.certificate, before, clock.now).known
    lists = [pki.ca.crls()[0]]
    clock.advance(minutes=1)
    revoked = pki.ca.revoke(loaded.serial_number, "key_compromise")
    clock.advance(minutes=1)
    assert pki.ca.revoke(loaded.serial_number, "superseded") == revoked
    after = ask_status(pki.ca, issued.certificate, issued.above)
    told = judge_status(pki.ca, issued.certificate, after, clock.now)
    assert (told.revoked_at, told.reason) == (revoked.at, "key_compromise")
    assert not judge_status(pki.ca, issued.certificate, after, revoked.at - timedelta(seconds=1)).revoked_at
    lists.append(pki.ca.crls()[0])
    by_list = judge_status(
        pki.ca, issued.certificate, replace(after, crls=pki.ca.crls(), ocsps=()), clock.now
    )
    assert by_list == told
    old, new = map(x509.load_der_x509_crl, lists)
    numbers = [
        each.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for each in (old, new)
    ]
    assert numbers == [1, 2]
    assert new.next_update_utc - new.last_update_utc == timedelta(days=7)
    assert new.get_revoked_certificate_by_serial_number(loaded.serial_number) is not None
    clock.advance(days=1)
    assert x509.load_der_x509_crl(pki.ca.crls()[0]).last_update_utc == clock.now
    with pytest.raises(AuthorityRefused):
        pki.ca.revoke(12345, "unspecified")


def test_the_responder_echoes_a_nonce_and_answers_only_for_its_issuer(pki):
    """A delegated responder with ocsp-nocheck signs; nonsense and foreign issuers get an answer too."""
    issued = pki.ca.certify(der(csr(new_key())), "one_time", WANG)
    leaf, issuing, root = (
        x509.load_der_x509_certificate(each) for each in (issued.certificate, *issued.above)
    )
    builder = ocsp.OCSPRequestBuilder().add_extension(x509.OCSPNonce(b"n" * 16), critical=False)
    query = builder.add_certificate(leaf, issuing, hashes.SHA1())
    answer = ocsp.load_der_ocsp_response(pki.ca.ocsp(der(query.build())))
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"n" * 16
    (responder,) = answer.certificates
    responder.verify_directly_issued_by(issuing)
    responder.extensions.get_extension_for_class(x509.OCSPNoCheck)
    responder.public_key().verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))
    unknown = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        answer.issuer_name_hash, answer.issuer_key_hash, 99, hashes.SHA1()
    )
    answer = ocsp.load_der_ocsp_response(pki.ca.ocsp(der(unknown.build())))
    assert answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    foreign = ocsp.OCSPRequestBuilder().add_certificate(issuing, root, hashes.SHA1())
    statuses = [
        ocsp.load_der_ocsp_response(pki.ca.ocsp(each)).response_status.name
        for each in (der(foreign.build()), b"x")
    ]
    assert statuses == ["UNAUTHORIZED", "MALFORMED_REQUEST"]


def test_the_authority_forgets_a_certificate_a_day_after_its_end(pki, clock):
    """Its number stays, so that it is never given again and its status is still told."""
    request = der(csr(new_key()))
    issued = pki.ca.certify(request, "one_time", WANG)
    clock.advance(days=1, hours=1, seconds=1)
    with pytest.raises(AuthorityRefused, match="ended"):
        pki.ca.certify(request, "one_time", WANG)
    pki.ca.certify(der(csr(new_key())), "one_time", WANG)
    assert [row.sealed is None for row in sorted(rows(pki, IssuedRow), key=lambda row: row.issued_at)] == [
        True,
        False,
    ]
    (response,) = ask_status(pki.ca, issued.certificate, issued.above).ocsps
    assert ocsp.load_der_ocsp_response(response).certificate_status is ocsp.OCSPCertStatus.GOOD


# Names


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (WANG, "王小明"),
        (Subject("王𬭎", "person", REFERENCE, "Wang Hong"), "Wang Hong (romanised)"),
        (Subject("王𬭎", "person", REFERENCE), "Signer 0b8f5d0e (name in extension)"),
        (Subject("厦门" * 33, "organization", REFERENCE), "Signer 0b8f5d0e (name in extension)"),
    ],
)
def test_a_name_that_libraries_refuse_is_written_otherwise_and_says_so(pki, subject, expected):
    """The certificate is readable for our verifier, which then says that it cannot compare; the name itself is not lost."""
    issued = pki.ca.certify(der(csr(new_key(), subject)), "one_time", subject)
    stated = x509.load_der_x509_certificate(issued.certificate).subject.rfc4514_string()
    assert load_certificate(issued.certificate, "").x509.subject.hashable
    assert common_name(stated) == expected
    written = expected == subject.name
    assert compare_subject(stated, [subject.name]) is (Match.SAME if written else Match.UNKNOWN)
    found = [
        each.value.value.decode(errors="ignore")[-len(subject.name) :]
        for each in x509.load_der_x509_certificate(issued.certificate).extensions
        if each.oid == NAME_AS_WRITTEN
    ]
    assert found == ([] if written else [subject.name])


def test_the_library_still_refuses_the_name_for_which_there_is_another_way(pki):
    """Once asn1crypto takes younger characters, the common name may be as written again."""
    key = new_key()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "王𬭎")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(pki.context.clock())
        .not_valid_after(pki.context.clock())
        .sign(key, hashes.SHA256())
    )
    with pytest.raises(MalformedError):
        load_certificate(der(made), "")


# The pipeline's keys


def test_a_one_time_key_is_certified_used_and_destroyed_and_the_case_says_each_step(pki, clock, tmp_path):
    """Custody is stated as it is; what is said of the destruction happened before it is said."""
    key = pki.signing_key("王小明")
    secret = key.credential.key.private_bytes(
        Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert not [path for path in tmp_path.rglob("*.db") if secret[-60:] in path.read_bytes()]
    pki.retire(key.ref)
    assert pki.certificates.retiring.upkeep() == 1
    assert pki.certificates.retiring.upkeep() == 0
    generated, _, issued, destroyed = (each.claim for each in pki.events())
    assert pki.types() == [
        "certificate.key_generated/1",
        "certificate.requested/1",
        "certificate.issued/1",
        "certificate.destroyed/1",
    ]
    assert (generated.data["place"], generated.data["control"], generated.data["exportable"]) == (
        "software",
        "platform_custody",
        True,
    )
    assert issued.data["simulated"] is True
    assert issued.data["ca"] == "zheng-test-ca"
    assert destroyed.data["method"] == "wrapping_key_erase"
    with read(pki.context.engine) as session:
        row = session.exec(select(KeyRow)).one()
        assert (row.state, row.private, row.subject, row.request, row.certificate) == (
            "destroyed",
            *[None] * 4,
        )
        assert pki.context.custody.keys.is_destroyed(row.id)
    with pytest.raises(Refused, match="signing-key-gone"):
        pki.certificates.open(key.ref)
    assert pki.certificates.status(key.credential.certificate).tells_status


@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_lost_call_or_answer_costs_a_retry_and_never_a_second_certificate(pki, fault):
    """The authority is asked again with the same request, and nothing is recorded twice."""

    def lost(operation):
        if operation == "certify":
            raise AuthorityUnavailable("cut off")

    ref = pki.request("王小明")
    setattr(pki.ca, fault, lost)
    with pytest.raises(Refused, match="authority-unavailable"):
        pki.certificates.open(ref)
    setattr(pki.ca, fault, lambda operation: None)
    key = pki.certificates.open(ref)
    assert pki.certificates.open(ref).certificate_sha256 == key.certificate_sha256
    assert len(rows(pki, IssuedRow)) == 1
    assert pki.types().count("certificate.issued/1") == 1


def test_a_certificate_that_was_revoked_between_confirming_and_signing_does_not_sign(pki):
    """It is refused by the authority's own word, whoever revoked it, and by ours; the case is told of the revocation."""
    first, second = pki.signing_key("王小明"), pki.signing_key("李四")
    serial = x509.load_der_x509_certificate(first.credential.certificate).serial_number
    pki.ca.revoke(serial, "key_compromise")
    with pytest.raises(Refused, match="certificate-revoked"):
        pki.certificates.open(first.ref)
    with read(pki.context.engine) as session:
        views = pki.issued.list(session, TENANT)
    own = next(each for each in views if each.certificate_sha256 == second.certificate_sha256)
    assert pki.issued.revoke(ADMIN, own.id, "superseded").reason == "superseded"
    pki.issued.revoke(ADMIN, own.id, "superseded")
    with pytest.raises(Refused, match="certificate-revoked"):
        pki.certificates.open(second.ref)
    told = [each.claim.data for each in pki.events() if each.claim.type == "certificate.revoked/1"]
    assert [(each["status_kind"], each["reason_code"]) for each in told] == [
        ("ocsp", "key_compromise"),
        ("crl", "superseded"),
    ]
    assert pki.certificates.retiring.upkeep() == 2
    with pytest.raises(Refused, match="certificate-revoked"):
        pki.certificates.open(first.ref)


def test_nobody_revokes_for_another_tenant_or_without_the_right(pki):
    """Another tenant's certificate is unknown to him, and a member without the right is told so."""
    pki.signing_key("王小明")
    with read(pki.context.engine) as session:
        (view,) = pki.issued.list(session, TENANT)
        assert pki.issued.list(session, "another") == []
    with pytest.raises(Refused, match="signing-key-unknown"):
        pki.issued.revoke(Principal("another", "member", roles=ADMIN.roles), view.id, "superseded")
    with pytest.raises(Refused, match="permission-missing"):
        pki.issued.revoke(Principal(TENANT, "member", roles=frozenset({Role.MEMBER})), view.id, "superseded")


def test_an_expired_certificate_does_not_sign_and_its_key_is_destroyed(pki, clock):
    """A one-time certificate lives an hour."""
    key = pki.signing_key("王小明")
    clock.advance(hours=1, seconds=1)
    with pytest.raises(Refused, match="certificate-expired"):
        pki.certificates.open(key.ref)
    assert pki.certificates.retiring.upkeep() == 1
    assert pki.types()[-1] == "certificate.destroyed/1"


def test_without_a_word_about_revocation_nothing_is_signed(pki):
    """A silent responder is no good status."""
    key = pki.signing_key("王小明")

    def silent(operation):
        if operation == "ocsp":
            raise AuthorityUnavailable("no answer")

    pki.ca.before = silent
    with pytest.raises(Refused, match="authority-unavailable"):
        pki.certificates.open(key.ref)


def test_a_long_term_key_serves_its_holder_again_under_another_name_in_each_case(pki):
    """One certificate, two references that do not join the cases; another name or holder gets a key of its own."""
    options = {"profile": "long_term", "holder": "account-1"}
    first, second = pki.signing_key("王小明", **options), pki.signing_key("王小明", **options)
    assert first.ref != second.ref
    assert first.certificate_sha256 == second.certificate_sha256
    renamed = pki.signing_key("王晓明", **options)
    other = pki.signing_key("王小明", profile="long_term", holder="account-2")
    assert len({each.certificate_sha256 for each in (first, renamed, other)}) == 3
    assert pki.types().count("certificate.issued/1") == 4
    shown = x509.load_der_x509_certificate(first.credential.certificate).subject.rfc4514_string()
    parties = {each.claim.data["party"] for each in pki.events()}
    assert not [party for party in parties if party in shown]
    pki.retire(first.ref)
    assert pki.certificates.retiring.upkeep() == 0
    assert pki.certificates.open(first.ref).profile == "long_term"


@pytest.mark.parametrize(
    "way", ["ended", "revoked here", "revoked elsewhere", "revoked, and the case erased"]
)
def test_a_long_term_certificate_that_ended_or_was_revoked_is_followed_by_another(pki, clock, way):
    """The old key is destroyed, and what is known of it stays; the holder's next signature has a new key by itself."""
    options = {"profile": "long_term", "holder": "account-1"}
    old = pki.signing_key("王小明", **options)
    serial = x509.load_der_x509_certificate(old.credential.certificate).serial_number
    with read(pki.context.engine) as session:
        (row,) = session.exec(select(KeyRow)).all()
    match way:
        case "ended":
            clock.advance(days=366)
        case "revoked elsewhere":
            pki.ca.revoke(serial, "key_compromise")
            with pytest.raises(Refused, match="certificate-revoked"):
                pki.signing_key("王小明", **options)  # it learns so
        case _:
            if way.endswith("erased"):
                pki.context.custody.keys.destroy(pki.dossier)
            pki.issued.revoke(ADMIN, row.id, "superseded")
    assert pki.certificates.retiring.upkeep() == 1
    if not way.endswith("erased"):
        new = pki.signing_key("王小明", **options)
        assert new.certificate_sha256 != old.certificate_sha256
        assert pki.types().count("certificate.key_generated/1") >= 2
        assert pki.types().count("certificate.destroyed/1") == (2 if way == "revoked elsewhere" else 1)
    assert pki.context.custody.keys.is_destroyed(row.id)


def test_what_an_earlier_authority_certified_keeps_its_status_and_is_called_by_its_name(
    pki, tmp_path, clock, random
):
    """After the change new keys are certified by the new one, holders' too; old ones are told of and revoked by the old."""
    options = {"profile": "long_term", "holder": "account-1"}
    old = pki.signing_key("王小明", **options)
    before = pki.ca.inner
    present = LocalTestCa(tmp_path / "present", base_url=CA_URL, clock=clock, random=random)
    after = Succession(Renamed(present), before)
    pki.certificates.authority = after
    issued = IssuedCertificates(pki.context, after)
    new = pki.signing_key("王小明", **options)
    assert new.certificate_sha256 != old.certificate_sha256
    assert (
        pki.certificates.open(pki.request("王小明", **options)).certificate_sha256 == new.certificate_sha256
    )
    for key in (old, new):
        data = pki.certificates.status(key.credential.certificate)
        assert data.tells_status
        issuers = {x509.load_der_x509_crl(each).issuer for each in data.crls}
        loaded = (x509.load_der_x509_certificate(each) for each in key.credential.above)
        assert issuers <= {each.subject for each in loaded}
    with read(pki.context.engine) as session:
        views = {view.certificate_sha256: view for view in issued.list(session, TENANT)}
    assert [views[key.certificate_sha256].ca for key in (old, new)] == ["zheng-test-ca", "present-ca"]
    for key in (old, new):
        issued.revoke(ADMIN, views[key.certificate_sha256].id, "superseded")
    told = [each.claim.data["ca"] for each in pki.events() if each.claim.type == "certificate.revoked/1"]
    assert told == ["zheng-test-ca", "present-ca", "present-ca"]  # the new one was used twice
    present.close()


class Renamed:
    """An authority under another name."""

    def __init__(self, inner):
        self.inner = inner
        self.trusted = replace(inner.trusted, name="present-ca")

    def __getattr__(self, name):
        return getattr(self.inner, name)


def test_the_operator_chooses_the_profile_by_the_kind_of_subject():
    """As it was: persons once, organisations for long. Whoever has no account gets a key for one signature in any case."""
    once, kept = Holding("one_time", None), Holding("long_term", "a")
    assert (Profiles().of("person", "a"), Profiles().of("organization", "a")) == (once, kept)
    other = Profiles(person="long_term", organization="one_time")
    assert (other.of("person", "a"), other.of("organization", "a")) == (kept, once)
    for kind in ("person", "organization"):
        assert Profiles("long_term", "long_term").of(kind, None) == once


def test_an_erased_account_s_keys_are_destroyed(pki):
    """The hook of erasures retires them, the upkeep destroys them; other holders keep theirs."""
    mine, other = (pki.signing_key("王小明", profile="long_term", holder=each) for each in ("me", "other"))
    with write(pki.context.engine) as session:
        pki.certificates.retiring.forget(session, TENANT, "me")
    assert pki.certificates.retiring.upkeep() == 1
    with pytest.raises(Refused, match="signing-key-gone"):
        pki.certificates.open(mine.ref)
    assert pki.certificates.open(other.ref).ref == other.ref


def test_keys_are_generated_ahead_up_to_a_bound_and_each_is_given_out_once(
    tmp_path, engine, clock, random, uuid
):
    """A taken key never goes back, and the pool is filled up again; an empty one delays nobody."""
    pki = open_pki(tmp_path, engine, clock, random, uuid, pool=3)
    assert pki.certificates.pool.refill() == 3
    assert pki.certificates.pool.refill() == 0
    keys = [pki.signing_key(f"签署人{number}") for number in range(4)]
    assert len({each.certificate_sha256 for each in keys}) == 4
    publics = {der_of_public(each) for each in keys}
    assert len(publics) == 4
    assert pki.certificates.pool.refill() == 3
    with write(engine) as session:
        assert pki.certificates.pool.waiting(session, "ecdsa_p256") == 3
    close_pki(pki)


def der_of_public(key):
    return key.credential.key.public_key().public_bytes(
        Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_a_request_is_prepared_once_for_a_key_and_no_name_is_refused_later(pki):
    """The step may be repeated; a subject without a name is refused before any key is taken."""
    key = pki.context.uuid()
    for _ in range(2):
        with write(pki.context.engine) as session:
            pki.certificates.request(session, tenant=TENANT, dossier=pki.dossier, subject=WANG, key=key)
    assert pki.types() == ["certificate.key_generated/1", "certificate.requested/1"]
    for name in ("", "  ", "a\nb", "x" * 201):
        with pytest.raises(Refused, match="certificate-request-refused"):
            pki.request(name)
    assert (
        sha256(pki.certificates.open(key).credential.certificate)
        == pki.certificates.open(key).certificate_sha256
    )


def test_the_newest_list_is_kept_so_that_numbers_never_go_back(pki):
    """A list is made when something was revoked or the last one is a day old, and not for each reader."""
    pki.ca.crls()
    pki.ca.crls()
    assert sorted((row.issuer, row.number) for row in rows(pki, CrlRow)) == [("issuing", 1), ("root", 1)]
