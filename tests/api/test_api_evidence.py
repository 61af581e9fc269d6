"""Proofs, bundles, exports and certificates: what leaves the service holds without it."""

import json

import pytest
from api_world import new_id, sign, viewed
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zheng_verifier.bundle import parse_bundle
from zheng_verifier.canonical import format_json
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.claim import parse_claim
from zheng_verifier.entry import parse_entry, parse_leaf
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.report.model import CheckId, Overall, PolicySource, Status
from zheng_verifier.report.sentences import word
from zheng_verifier.sealed import Disclosure, disclosure_digest, format_disclosure, sealed_value
from zheng_verifier.tlog_proof import parse_tlog_proof, verify_tlog_proof

PARTIES = ["0a3c7a44-52f1-4b1d-8d0e-1f6a2b3c4d5e", "0b3c7a44-52f1-4b1d-8d0e-1f6a2b3c4d5e"]
NAMES = ["张小三", "某某科技有限公司"]
CONTENT = b"%PDF-1.7 the contract"


def party(reference, kind, order):
    return {"party": reference, "kind": kind, "role": "signatory", "order": order, "required": True}


@pytest.fixture(scope="module")
def told(world):
    """A tenant with a case of signed and of plain events, personal values, a document; anchored and exported."""
    tenant = world.tenant(name="示范平台 <b>&")
    tenant.signer = Ed25519PrivateKey.generate()
    assert tenant.register_key().status_code == 201
    case = tenant.open_case(external_ref="HT-<script>-7")
    seen = tenant.put(f"/v1/cases/{case}/documents", CONTENT).json()
    document = {"role": "original", "size": len(CONTENT), "media_type": "application/pdf"}
    created = viewed(
        type="contract.created/1",
        documents=[document | {"digests": seen["digests"]}],
        data={
            "scene": "leasing",
            "signing_order": "parallel",
            "parties": [party(PARTIES[0], "person", 1), party(PARTIES[1], "organization", 2)],
        },
        private={"title": "房屋租赁合同", "parties": [{"name": NAMES[0]}, {"name": NAMES[1]}]},
    )
    answer = tenant.post(f"/v1/cases/{case}/events", created)
    assert answer.status_code == 201, answer.text
    text = format_disclosure(Disclosure(bytes(range(16)), "not today"))
    data = {
        "party": PARTIES[0],
        "document_sha256": seen["digests"]["sha256"],
        "reason_code": "content",
        "reason": sealed_value(disclosure_digest(text)),
    }
    claim = tenant.claim(case, type="party.rejected/1", data=data) | {"_sd_alg": "sha-256"}
    body = {"claim": claim, "jws": sign(tenant.signer, format_json(claim)), "disclosures": [text]}
    answer = tenant.post(f"/v1/cases/{case}/events", body)
    assert answer.status_code == 201, answer.text
    world.settle()
    return tenant, case, claim["id"]


def policy_of(world):
    return world.get("/v1/policy").content


def test_proof_reaches_anchored(world, told):
    """After the worker's round the proof carries tokens and anchors, and the tlog-proof is the strongest one's."""
    tenant, _, event = told
    proof = tenant.get(f"/v1/events/{event}/proof").json()
    assert proof["level"] == "anchored"
    assert any(each["timestamps"] for each in proof["proofs"])
    assert any(each["anchors"] for each in proof["proofs"])
    assert tenant.get(f"/v1/events/{event}").json()["level"] == "anchored"
    text = tenant.get(f"/v1/events/{event}/proof", headers={"Accept": "text/plain"})
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.text == proof["tlog_proof"]
    parsed = parse_tlog_proof(text.content)
    verify_tlog_proof(parsed, leaf_hash(proof["leaf"].encode()), world.services.ledger.vkey)


def test_level_that_is_not_reached_is_refused(tenant):
    """A proof that must be anchored and is only signed is refused; as `signed` it is given."""
    case = tenant.open_case()
    event = tenant.deposit(case).json()["id"]
    answer = tenant.get(f"/v1/events/{event}/proof?level=anchored")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:zheng:problem:proof-pending")
    assert tenant.get(f"/v1/events/{event}/proof?level=signed").json()["level"] == "signed"


def test_bundle_passes_the_verifier(world, told):
    """The bundle is whole: every check that is built passes or says test chain and test authority."""
    tenant, case, _ = told
    bundle = tenant.get(f"/v1/cases/{case}/bundle")
    assert bundle.status_code == 200
    report = verify_bundle(
        bundle.content,
        documents=[Document("contract.pdf", CONTENT)],
        policy=PolicyInput(policy_of(world), PolicySource.USER),
        at=world.clock(),
    )
    assert report.overall is Overall.INCOMPLETE
    bad = [check for check in report.checks if check.status is Status.FAILED]
    assert bad == []
    for check in (CheckId.C02, CheckId.C03, CheckId.C06, CheckId.C07, CheckId.C09):
        assert report.check(check).status is Status.PASSED, report.check(check)
    assert "pinned by your policy" in {
        word(finding.detail, "en") for finding in report.check(CheckId.C05).findings
    }
    codes = {finding.code for check in report.checks for finding in check.findings}
    assert {"TEST_TSA", "SELF_ASSERTED"} <= codes


def test_bundle_brings_the_registration_of_its_keys(told):
    """A signed event's key is proven by its registration in the log, which the bundle carries as context."""
    tenant, case, _ = told
    parsed = parse_bundle(tenant.get(f"/v1/cases/{case}/bundle").content)
    (context,) = parsed.context
    assert parse_entry(context.entry).claim.type == "key.registered/1"
    assert context.disclosures == ()


def test_looking_writes_nothing_and_export_attests(world, told):
    """GET leaves no trace; POST first deposits which event was the last under which size, once for each id."""
    tenant, case, _ = told
    before = world.services.ledger.reader.unsigned_size()
    tenant.get(f"/v1/cases/{case}/bundle")
    assert world.services.ledger.reader.unsigned_size() == before
    request = new_id()
    exported = parse_bundle(tenant.post(f"/v1/cases/{case}/bundle", {"id": request}).content)
    entry = parse_entry(exported.events[-1].entry)
    shown = exported.events[-2].leaf
    assert (entry.claim.type, entry.claim.id, entry.submitter.kind) == (
        "evidence.attested/1",
        request,
        "service",
    )
    assert entry.claim.data["seq"] == parse_leaf(shown).seq
    assert entry.claim.data["tree_size"] == before
    again = tenant.post(f"/v1/cases/{case}/bundle", {"id": request})
    assert len(parse_bundle(again.content).events) == len(exported.events)
    assert world.services.ledger.reader.unsigned_size() == before + 1


def test_disclosures_can_be_left_out(told):
    """The same bundle without opened values still holds; none of them is in it."""
    tenant, case, _ = told
    with_values = tenant.get(f"/v1/cases/{case}/bundle").content
    without = tenant.get(f"/v1/cases/{case}/bundle?disclosures=false").content
    assert sum(len(event.disclosures) for event in parse_bundle(with_values).events) == 4
    assert sum(len(event.disclosures) for event in parse_bundle(without).events) == 0


@pytest.fixture(scope="module")
def certificate(told):
    tenant, case, _ = told
    request = new_id()
    answer = tenant.post(f"/v1/cases/{case}/certificates", {"id": request, "evidence_name": "租赁合同 <i>"})
    assert answer.status_code == 201, answer.text
    return request, answer


def test_certificate_says_what_the_evidence_says(world, told, certificate):
    """Digests, times, log, token and anchor of the certificate are those of the case; persons are masked."""
    tenant, case, event = told
    _, answer = certificate
    record = answer.json()
    assert answer.headers["location"] == f"/v1/certificates/{record['certificate_no']}"
    assert (record["case"], record["evidence_id"], record["event_count"]) == (case, event, 3)
    assert [each["name"] for each in record["parties_masked"]] == ["张*三", NAMES[1]]
    assert record["documents"][0]["hashed_by"] == "service"
    assert record["timestamps"][0]["test"] is True
    assert record["anchors"][0]["kind"] == "dev"
    assert record["verification"]["overall"] == "INCOMPLETE"
    assert record["deposit_mode"] == "digest_only"
    last = json.loads(tenant.get(f"/v1/cases/{case}/events?limit=1000").json()["data"][-1]["entry"])
    assert last["claim"]["type"] == "evidence.certificate_issued/1"
    assert last["claim"]["data"]["number"] == record["certificate_no"]


def test_certificate_is_public_by_its_number(world, told, certificate):
    """Whoever knows the number gets JSON, PDF and page, typed as people type it; nobody else gets anything."""
    record = certificate[1].json()
    number = record["certificate_no"]
    for typed in (number, number.replace("-", "").lower()):
        assert world.get(f"/v1/certificates/{typed}").json()["certificate"] == record
    for url, headers in (
        (f"/v1/certificates/{number}.pdf", {}),
        (f"/v1/certificates/{number}", {"Accept": "application/pdf"}),
    ):
        answer = world.get(url, headers=headers)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    for bad in (wrong, "nonsense", "0000-0000-0000-0000-0"):
        for url, headers in (
            (f"/v1/certificates/{bad}.pdf", {}),
            (f"/v1/certificates/{bad}", {"Accept": "application/pdf"}),
        ):
            answer = world.get(url, headers=headers)
            assert answer.json()["type"] == "urn:zheng:problem:certificate-unknown"
        assert world.get(f"/p/{bad}").status_code == 404
    assert world.get(f"/v1/certificates/{number}", headers={"Accept": "image/png"}).status_code == 406


def test_certificate_of_one_request_is_one(world, told, certificate):
    """The same id gives the same certificate and no second entry; for another case it is taken."""
    tenant, case, _ = told
    request, first = certificate
    before = world.services.ledger.reader.unsigned_size()
    again = tenant.post(f"/v1/cases/{case}/certificates", {"id": request, "evidence_name": "租赁合同 <i>"})
    assert (again.status_code, again.content) == (200, first.content)
    assert world.services.ledger.reader.unsigned_size() == before
    other = tenant.post(f"/v1/cases/{tenant.open_case()}/certificates", {"id": request})
    assert other.json()["type"] == "urn:zheng:problem:id-reused"


def test_certificate_before_any_anchor_says_so(world, tenant):
    """A case that is only signed gets a certificate without tokens and anchors, not with invented ones."""
    case = tenant.open_case()
    tenant.deposit(case)
    record = tenant.post(f"/v1/cases/{case}/certificates", {"id": new_id()}).json()
    assert (record["timestamps"], record["anchors"]) == ([], [])
    for language, words in (("en", "not provided"), ("zh", "未提供")):
        page = world.get(f"/p/{record['certificate_no']}?lang={language}").text
        assert page.count(words) >= 2


def test_digest_is_found_after_the_index_followed(world, told):
    """A deposited document is found by its SHA-256, without tenant or case; an unknown one is not found."""
    import hashlib

    while world.services.documents.follow():
        pass
    known = hashlib.sha256(CONTENT).hexdigest()
    found = world.post("/v1/verify", {"sha256": known}).json()
    assert found["found"] is True
    assert set(found["deposits"][0]) == {"leaf_index", "leaf_hash", "level", "received_at", "role"}
    unknown = world.post("/v1/verify", {"sha256": "ff" * 32}).json()
    assert (unknown["overall"], unknown["deposits"]) == ("NOT_FOUND", [])
    refused = world.post("/v1/verify", {"sha256": known.upper()})
    assert refused.json()["type"] == "urn:zheng:problem:field-value"


def test_claim_of_the_bundle_is_what_was_signed(told):
    """The signed claim stands in the bundle byte for byte."""
    tenant, case, event = told
    parsed = parse_bundle(tenant.get(f"/v1/cases/{case}/bundle").content)
    entries = [parse_entry(each.entry) for each in parsed.events]
    (entry,) = [each for each in entries if each.claim.id == event]
    assert (
        parse_claim(format_json(json.loads(tenant.get(f"/v1/events/{event}").json()["entry"])["claim"]))
        == entry.claim
    )
