"""The authority's public faces, and a tenant's certificates over HTTP; the desk's keys sign with the installation's time."""

import base64
import io
from urllib.parse import quote

import pytest
from api_world import new_id
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pikepdf import Pdf

from signing.certificates.subjects import Subject
from signing.database import write
from signing.pades import Rectangle, SignatureField, finish, prepare_fields, sign

CA = "/v1/signing/ca"


@pytest.fixture
def desk(world):
    return world.services.signing


def signing_key(desk, tenant):
    """Give a party of a new contract a key."""
    key = new_id()
    with write(desk.context.engine) as session:
        dossier = desk.recorder.open(session, tenant=tenant.id, kind="contract", reference=new_id())
        subject = Subject("王小明", "person", new_id())
        desk.certificates.request(session, tenant=tenant.id, dossier=dossier, subject=subject, key=key)
    return desk.certificates.open(key)


def test_the_addresses_in_a_certificate_lead_to_what_they_name(world, desk, tenant):
    """Issuer, list, responder and practice statement are found by the certificate alone, without any key."""
    key = signing_key(desk, tenant)
    leaf = x509.load_der_x509_certificate(key.credential.certificate)
    access = {
        each.access_method._name: each.access_location.value
        for each in leaf.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    }
    (point,) = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    (policy,) = leaf.extensions.get_extension_for_class(x509.CertificatePolicies).value

    def get(url):
        assert url.startswith(world.settings.public_url + CA)
        answer = world.get(url.removeprefix(world.settings.public_url))
        assert answer.status_code == 200
        return answer

    issuing = x509.load_der_x509_certificate(get(access["caIssuers"]).content)
    leaf.verify_directly_issued_by(issuing)
    issuing.verify_directly_issued_by(x509.load_der_x509_certificate(world.get(f"{CA}/root.cer").content))
    crl = get(point.full_name[0].value)
    assert crl.headers["content-type"] == "application/pkix-crl"
    assert x509.load_der_x509_crl(crl.content).is_signature_valid(issuing.public_key())
    assert "测试" in get(policy.policy_qualifiers[0]).text
    query = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuing, hashes.SHA256()).build()
    query = query.public_bytes(Encoding.DER)
    path = access["OCSP"].removeprefix(world.settings.public_url)
    posted = world.post(path, content=query, headers={"Content-Type": "application/ocsp-request"})
    got = world.get(f"{path}/{quote(base64.b64encode(query).decode(), safe='')}")
    for answer in (posted, got):
        assert answer.headers["content-type"] == "application/ocsp-response"
        status = ocsp.load_der_ocsp_response(answer.content).certificate_status
        assert status is ocsp.OCSPCertStatus.GOOD
    assert world.get(f"{path}/***").status_code == 404
    assert world.get(f"{CA}/other.cer").status_code in (404, 422)


def test_a_tenant_lists_and_revokes_its_own_certificates_only(world, desk, tenant):
    """Another tenant's certificate is unknown; the scope of administration is needed to revoke."""
    key = signing_key(desk, tenant)
    (listed,) = tenant.get("/v1/signing/certificates").json()["data"]
    assert (listed["sha256"], listed["test"], listed["state"]) == (key.certificate_sha256, True, "certified")
    url, reason = f"/v1/signing/certificates/{listed['id']}/revoke", {"reason": "key_compromise"}
    stranger, reader = world.tenant(), world.tenant(scopes={"signing:read"})
    assert stranger.get("/v1/signing/certificates").json()["data"] == []
    assert stranger.post(url, reason).status_code == 404
    assert reader.post(url, reason).status_code == 403
    assert tenant.post(url, {"reason": "boredom"}).status_code == 422
    revoked = tenant.post(url, reason)
    assert (revoked.status_code, revoked.json()["reason"]) == (200, "key_compromise")
    assert tenant.post(url, {"reason": "superseded"}).json() == revoked.json()


def test_the_desk_signs_with_the_time_of_the_installation_s_authority(desk, tenant):
    """What the parts give together: B-LT at the signature and B-LTA at the end."""
    blank, output = Pdf.new(), io.BytesIO()
    blank.add_blank_page(page_size=(595, 842))
    blank.save(output)
    field = SignatureField("Signer1", 1, Rectangle(100_000, 100_000, 100_000, 50_000))
    key = signing_key(desk, tenant)
    means = {"tokens": desk.tokens, "status": desk.certificates.status}
    signed = sign(
        prepare_fields(output.getvalue(), [field]),
        field="Signer1",
        credential=key.credential,
        name="王小明",
        reason="case x",
        at=desk.context.clock(),
        **means,
    )
    assert (signed.level, signed.trouble) == ("pades_b_lt", "")
    assert finish(signed.pdf, **means).level == "pades_b_lta"
