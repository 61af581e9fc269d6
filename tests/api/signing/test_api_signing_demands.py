"""What is demanded of parties before they sign, over HTTP: refused until met, then found in the case by the verifier."""

from api_world import new_id
from signing_parties import COMPANY, ME, STROKES, Signer, administrator, judged, kinds, sent
from zheng_verifier.checks import Document

from signing.identity.reviews import Decision

CONTRACTS, TYPES = "/v1/signing/contracts", "/v1/signing/business-types"
NUMBER = "11010519491231002X"


def problem(answer):
    return answer.json().get("type", "").removeprefix("urn:zheng:problem:")


def agreed(tenant, *names):
    """What a page says of texts that were agreed to."""
    listed = tenant.get("/v1/signing/agreements").json()["data"]
    return [
        {key: each[key] for key in ("name", "version", "locale", "text_sha256")} | {"action": "checkbox"}
        for each in listed
        if each["name"] in names and each["locale"] == "zh-CN"
    ]


def identify(signer, method="telecom3", **values):
    consents = agreed(signer.tenant, "identity_verification")
    return signer.post("/identity", {"id": new_id(), "method": method, "consents": consents} | values)


def test_a_party_named_by_hand_is_verified_on_the_way_and_the_case_has_it_before_the_certificate(
    world, tenant
):
    """Read, refused, verified, signed: the verifier finds the order kept, and whom the certificate names."""
    phone = "13900000071"
    party = {"name": "王建国", "phone": phone, "identity_level": "substantial", "factors": ["otp_sms"]}
    contract = sent(world, tenant, [party])
    (shown,) = tenant.get(f"{CONTRACTS}/{contract}").json()["parties"]
    assert (shown["identity_level"], shown["factors"], shown["identified"]) == (
        "substantial", ["otp_sms"], False,
    )  # fmt: skip
    signer = Signer(world, tenant, phone)
    seen = signer.view()
    assert seen["demands"] == {
        "identity_level": "substantial", "level": "none", "reached": False, "factors": ["otp_sms"],
    }  # fmt: skip
    early = signer.post("/challenges", {"id": new_id(), "method": "otp_sms"})
    assert (early.status_code, problem(early)) == (403, "identity-required")
    step = signer.get("/identity").json()
    assert {each["method"] for each in step["methods"]} == {
        "telecom3",
        "bank3",
        "eid",
        "face",
        "alipay",
        "manual",
    }
    assert (step["name"], step["given"], step["simulated"]) == ("王建国", ["phone"], True)
    low = identify(signer, "id2", id_number=NUMBER)
    assert problem(low) == "method-unknown"
    wrong = identify(signer, id_number="110105194912319999").json()
    assert (wrong["check"]["state"], wrong["check"]["reason_code"], wrong["reached"]) == (
        "failed", "mismatch", False,
    )  # fmt: skip
    right = identify(signer, id_number=NUMBER).json()
    assert (right["check"]["state"], right["level"], right["reached"]) == ("verified", "substantial", True)
    assert problem(identify(signer, id_number=NUMBER)) == "identity-state"
    other = signer.post("/challenges", {"id": new_id(), "method": "face"})
    assert problem(other) in ("terms-not-acknowledged", "factor-not-allowed")
    signed = signer.sign({"strokes": STROKES})
    assert (signed.status_code, signed.json()) == (200, {"state": "signed"}), signed.text
    assert problem(signer.post("/challenges", {"id": new_id(), "method": "face"})) == "contract-state"
    world.drain_signing()
    done = signer.get().json()
    (document,) = done["documents"]
    files = [Document("signed.pdf", signer.get(f"/files/{document['document']}").content)]
    world.drain_signing()
    found = judged(world, tenant, done["case"], files)
    assert [check for check, (status, _) in found.items() if status == "FAILED"] == []
    assert "IDENTITY_BEFORE_CERTIFICATE" not in found["C16"][1], found["C16"]
    assert found["C18"][1] <= {"SIMULATED_IDENTITY"}, found["C18"]
    assert tenant.get(f"{CONTRACTS}/{contract}").json()["parties"][0]["identified"] is True


def test_a_company_shows_first_who_acts_for_it(world, tenant):
    """The agent, then the company, which an administrator lets in; its case has both, the agent named by the company."""
    phone, admin = "13900000072", administrator(world, tenant)
    contract = sent(
        world, tenant, [{"name": COMPANY, "kind": "organization", "phone": phone, "identity_level": "low"}]
    )
    signer = Signer(world, tenant, phone)
    assert problem(identify(signer, "registry3", uscc="91330106MA27XY1236")) == "method-unknown"
    assert problem(identify(signer, id_number=NUMBER, phone="13900000073")) == "field-missing"
    first = identify(signer, name="赵敏", id_number=NUMBER, phone="13900000073").json()
    assert (first["agent"], first["reached"], first["kind"]) == (False, False, "organization")
    body = {
        "id": new_id(),
        "method": "registry3",
        "uscc": "91330106MA27XY1236",
        "legal_representative": "钱七",
    }
    waits = signer.post("/identity", body).json()
    assert (waits["check"]["state"], waits["reached"]) == ("in_review", False)
    reviews = world.services.signing.identities.reviews
    reviews.decide(admin, waits["check"]["id"], Decision(approved=True))
    assert signer.get("/identity").json()["reached"] is True
    repeated = signer.post("/identity", body)
    assert (repeated.status_code, repeated.json()["level"]) == (200, "low")
    assert [each for each in kinds(world, contract) if each.startswith("identity.")] == [
        "identity.person_verified/2",
        "identity.organization_verified/2",
    ]
    (document,) = signer.view()["documents"]
    noted = {"document": document["document"], "terms": [term["id"] for term in document["terms"]]}
    assert signer.post("/terms", noted).status_code == 204
    asked = signer.post("/challenges", {"id": new_id(), "method": "otp_sms"})
    assert problem(asked) == "signature-not-chosen"  # nothing more of its identity


def test_an_account_that_the_tenant_keeps_is_completed_and_not_changed(world, tenant):
    """What the tenant said of a contact stays; what it lacks can be said; another party's check is none of this one's."""
    number = "110105198507077890"
    known = tenant.post(
        "/v1/signing/contacts",
        {
            "id": new_id(),
            "kind": "person",
            "name": "林晓",
            "phone": "13900000074",
            "id_type": "id_card",
            "id_number": number,
        },
    ).json()["id"]
    party = {"account": known, "identity_level": "high"}
    other = {"name": "李四", "phone": "13900000075", "identity_level": "low", "role": "approver"}
    contract = sent(world, tenant, [party, other])
    signer, stranger = Signer(world, tenant, "13900000074"), Signer(world, tenant, "13900000075")
    assert signer.get("/identity").json()["given"] == ["id_number", "phone"]
    step = identify(signer, "eid", id_number="110105194912319999", eid_token="token").json()
    assert (step["check"]["state"], step["level"]) == ("verified", "high")
    assert tenant.get(f"/v1/signing/contacts/{known}").json()["id_number"] == number
    content, kind = b"\xff\xd8\xff\xe0", {"Content-Type": "image/jpeg"}
    address = f"{ME}/identity/{step['check']['id']}"
    foreign = world.request("PUT", f"{address}/material", key=stranger.key, content=content, headers=kind)
    assert problem(foreign) == "identity-unknown"
    assert problem(stranger.post(f"/identity/{new_id()}/amount", {"amount": "0.01"})) == "identity-unknown"
    stranger.view()
    assert problem(stranger.post("/approve")) == "identity-required"
    assert signer.post("/reject", {"reason_code": "content"}).status_code == 204
    assert problem(identify(stranger, "id2", id_number=NUMBER)) == "contract-state"
    assert tenant.get(f"{CONTRACTS}/{contract}").json()["state"] == "rejected"


def test_a_business_type_demands_of_its_contracts(world, tenant):
    """Whoever makes one sees what its type demands; it may be raised and lowered for those that are sent later."""
    body = {"id": new_id(), "code": "loan", "name": "借款", "scene": "finance", "identity_level": "low"}
    made = tenant.post(TYPES, body)
    assert (made.status_code, made.json()["identity_level"]) == (201, "low")
    raised = world.request(
        "PUT", f"{TYPES}/{body['id']}/identity-level", key=tenant.key, json={"identity_level": "high"}
    )
    assert raised.json()["identity_level"] == "high"
    draft = {"id": new_id(), "title": "借款合同", "business_type": body["id"]}
    parties = [{"name": "张三", "phone": "13900000077", "factors": ["otp_sms"]}]
    shown = tenant.post(CONTRACTS, draft | {"parties": parties}).json()["parties"][0]
    assert (shown["identity_level"], shown["factors"]) == ("high", ["otp_sms"])
    change = {"demands": [{"party": shown["party"], "factors": ["otp_email"]}]}
    refused = world.request("PATCH", f"{CONTRACTS}/{draft['id']}", key=tenant.key, json=change)
    assert (problem(refused), refused.json()["field"]) == ("demand-unmeetable", "/demands/0/factors")
