"""Two persons and a company sign one contract over HTTP, and the verifier judges what was deposited of it."""

import base64
import hashlib
import io

import pikepdf
from api_world import new_id
from signing_parties import (
    AGENT,
    LIN,
    ME,
    STROKES,
    WANG,
    Signer,
    administrator,
    company,
    judged,
    kinds,
    lease,
    person,
    seal_of,
    sent,
)
from zheng_client import Client
from zheng_verifier.checks import Document


def test_two_persons_and_a_company_sign_one_contract_and_the_verifier_finds_it_so(world, tenant):
    """Nothing is false; what is open is open because identity, codes, seals and authorities are simulated or of a test."""
    admin = administrator(world, tenant)
    wang, lin = person(tenant, *WANG), person(tenant, *LIN)
    firm, agent = company(world, tenant, admin)
    seal = seal_of(world, tenant, admin, firm, agent)
    sent(
        *(world, tenant),
        [
            {"account": wang, "group": 1},
            {"account": lin, "group": 1},
            {"account": firm, "kind": "organization", "group": 2},
        ],
    )
    choices = ((WANG[1], {"strokes": STROKES}), (LIN[1], {"text": "林晓"}), (AGENT[1], {"seal": seal}))
    for phone, signature in choices:
        signer = Signer(world, tenant, phone)
        named = [{"id": seal, "name": "合同章"}] if "seal" in signature else []
        assert signer.get("/seals").json() == {
            "data": named
        }  # by its keeper's name, to whoever may use it alone
        signed = signer.sign(signature)
        assert (signed.status_code, signed.json()) == (200, {"state": "signed"}), signed.text
        world.drain_signing()
    seen = signer.get().json()
    assert seen["state"] == "completed"
    (document,) = seen["documents"]
    other = Signer(world, tenant, WANG[1])  # sees who signed, and neither by which seal nor how to reach them
    told = other.get().text + other.get("/surroundings").text
    assert [each for each in ("合同章", seal, LIN[1], AGENT[1], LIN[2]) if each in told] == []
    files = [Document("signed.pdf", signer.get(f"/files/{document['document']}").content)]
    world.drain_signing()
    found = judged(world, tenant, seen["case"], files)
    assert [check for check, (status, _) in found.items() if status == "FAILED"] == []
    assert found["C13"] == ("PASSED", set())
    assert found["C14"][1] <= {"TEST_CA", "NO_POE"}
    assert found["C15"][1] == {
        "SEAL_APPROVAL_NOT_PROVIDED",  # this seal asks for no approval of each use
        "SEAL_GRANT_NOT_PROVIDED",  # of the two handwritings: whose hand it is, nobody grants
        "SEAL_OBJECT_NOT_PROVIDED",
    }
    assert found["C18"][1] <= {"SIMULATED_IDENTITY", "AUTHORITY_NOT_PROVIDED"}
    assert found["C19"] == ("INDETERMINATE", {"SIMULATED_FACTOR"})
    assert found["C20"][0] == "PASSED", found["C20"]


def test_a_guarantor_and_a_witness_sign_as_what_they_are(world, tenant):
    """One at the place set for its number, one at a place of its own: signed, named by role, judged like every signature."""
    place = {"x": 72_000, "y": 400_000, "width": 150_000, "height": 60_000}
    control = {"name": "surety", "kind": "signature", "party": 2, "page": 1, "place": place}
    roles = {WANG: "signatory", LIN: "guarantor", AGENT: "witness"}
    parties = [
        {"account": person(tenant, *who), "role": role, "group": 1 + (role == "witness")}
        for who, role in roles.items()
    ]
    contract = sent(world, tenant, parties, [control])
    for who, role in roles.items():
        signer = Signer(world, tenant, who[1])
        assert signer.get().json()["party"]["role"] == role
        signed = signer.sign({"text": "某人"})
        assert (signed.status_code, signed.json()) == (200, {"state": "signed"}), signed.text
        world.drain_signing()
    seen = signer.get().json()
    assert (seen["state"], [each["role"] for each in seen["parties"]]) == ("completed", list(roles.values()))
    content = signer.get(f"/files/{seen['documents'][0]['document']}").content
    found = judged(world, tenant, seen["case"], [Document("signed.pdf", content)])
    assert [check for check, (status, _) in found.items() if status == "FAILED"] == []
    assert (found["C13"], found["C20"]) == (("PASSED", set()), ("PASSED", set()))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert {"sign_1", "surety", "sign_3"} <= {str(each.T) for each in pdf.Root.AcroForm.Fields}
    shown = tenant.get(f"/v1/signing/contracts/{contract}").json()
    assert [(each["role"], each["state"]) for each in shown["parties"]] == [
        (role, "signed") for role in roles.values()
    ]


def test_each_party_has_the_one_certificate_of_the_finished_contract(world, tenant):
    """S0-35, S0-42: none before all have signed, none while a record waits; asked for by two, it is one; others' stay."""
    first, second = ("王建国", "13900000371"), ("林晓", "13900000372")
    sent(world, tenant, [{"name": name, "phone": phone} for name, phone in (first, second)])
    signers = [Signer(world, tenant, phone) for _, phone in (first, second)]

    def certificate(signer):
        answer = signer.post("/certificate", {"id": new_id()})
        return answer.json().get("certificate") or answer.json()["type"].rpartition(":")[2]

    assert signers[0].sign({"text": "王建国"}).status_code == 200
    world.drain_signing()
    assert certificate(signers[0]) == "signatures-missing"
    assert signers[1].sign({"text": "林晓"}).status_code == 200
    assert certificate(signers[0]) == "deposits-waiting"
    world.drain_signing()
    assert "certificate" not in signers[1].get("/evidence").json()
    numbers = {certificate(signer) for signer in signers}
    assert numbers == {signers[1].get("/evidence").json()["certificate"]}
    assert world.get(f"/v1/certificates/{numbers.pop()}").json()["status"] == "valid"


def test_parties_without_accounts_agree_to_voidness_on_their_page(world, tenant):
    """Asked by a fresh link and told why; whoever did not sign is not asked; the last agreement makes it void, once."""
    parties = [
        {"name": "张三", "phone": "13900000051"},
        {"name": "李四", "phone": "13900000052"},
        {"name": "王五", "phone": "13900000053", "role": "copy"},
    ]
    contract = sent(world, tenant, parties)
    for phone in ("13900000051", "13900000052"):
        signer = Signer(world, tenant, phone)
        assert signer.get("/void-request").json() == {"asked": False, "agreed": False}
        early = signer.post("/void-agreement")
        assert (early.status_code, early.json()["type"]) == (409, "urn:zheng:problem:void-unasked")
        assert signer.sign({"text": "某人"}).json() == {"state": "signed"}
    copied = Signer(world, tenant, "13900000053")
    with Client("http://zheng.test", tenant.key, transport=world.transport()) as program:
        assert program.signing.contracts.ask_void(contract, reason="双方协商一致").state == "completed"
    first, second = Signer(world, tenant, "13900000051"), Signer(world, tenant, "13900000052")
    told = tenant.get("/v1/signing/simulators/sms?to=13900000051").json()["data"][-1]["text"]
    assert ("请您同意《租赁合同》作废" in told, "is void" in told, "协商" in told) == (True, True, False)
    shown = first.get("/void-request").json()
    assert shown.pop("asked_at")
    assert shown == {"asked": True, "reason": "双方协商一致", "agreed": False}
    assert copied.get("/void-request").json() == {"asked": False, "agreed": False}
    assert "1390000005" not in copied.get().text + copied.get("/surroundings").text
    assert {*copied.get().json()["parties"][0]} == {"ref", "name", "kind", "role", "state"}
    refused = copied.post("/void-agreement")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:zheng:problem:party-state")
    for _ in range(2):
        assert first.post("/void-agreement").status_code == 204
        assert (first.get("/void-request").json()["agreed"], first.get().json()["state"]) == (
            *(True, "completed"),
        )
    token = told.split("/s#")[1][:43]  # used by now
    late = world.post("/v1/signing/party-sessions", {"token": token, "cookie": False})
    assert (late.status_code, late.json()["type"]) == (410, "urn:zheng:problem:link-invalid")
    with Client("http://zheng.test", second.key, transport=world.transport()) as program:
        side = program.party_side()
        asked = side.void_request()
        assert (asked.reason, asked.agreed) == ("双方协商一致", False)
        side.agree_void()
        assert side.void_request() is None
    for one in (first, second):
        assert one.post("/void-agreement").status_code == 204
        assert one.get().json()["state"] == "voided"
    world.services.signing.delivery.sending.run("sms")
    world.drain_signing()
    found = judged(world, tenant, first.get().json()["case"], [])
    assert [check for check, (status, _) in found.items() if status == "FAILED"] == []
    assert kinds(world, contract).count("contract.voided/1") == 1
    purposes = [
        each["purpose"]
        for each in tenant.get(f"/v1/signing/contracts/{contract}/notifications").json()["data"]
    ]
    assert purposes.count("void_request") == 2


def test_a_signer_is_told_what_to_do_and_nobody_else_gets_in(world, tenant):
    """Texts in both languages with their digests; another party, a program, a cookie without the header: refused."""
    contract = sent(
        world,
        tenant,
        [{"name": "张三", "phone": "13900000021"}, {"name": "李四", "phone": "13900000022", "group": 2}],
    )
    signer = Signer(world, tenant, "13900000021")
    seen = signer.get().json()
    for text in (*seen["statements"], *seen["notices"]):
        assert hashlib.sha256(text["text"].encode()).hexdigest() == text["sha256"]
    assert {text["locale"] for text in seen["statements"]} == {"zh-CN", "en"}
    assert (seen["turn"], seen["target"], seen["methods"]) == (True, "139****0021", ["otp_sms"])
    (document,) = seen["documents"]
    shown = signer.get(f"/documents/{document['document']}")
    assert shown.headers["etag"] == f'"{document["sha256"]}"'
    assert hashlib.sha256(shown.content).hexdigest() == document["sha256"]
    told = document["terms"]  # before anything was said to have been shown
    assert signer.view()["documents"][0]["terms"] == told
    assert kinds(world, contract).count("document.viewed/1") == 1
    (term,) = told
    assert (term["kind"], term["source"], term["label_zh"]) == ("automatic_renewal", "keyword", "自动续期")
    early = signer.post("/challenges", {"id": new_id(), "method": "otp_sms"})
    assert early.json()["type"] == "urn:zheng:problem:terms-not-acknowledged"
    other = {
        "document": document["document"],
        "document_sha256": "ab" * 32,
        "pages_total": 1,
        "pages_viewed": 1,
    }
    other |= {"dwell_ms": 1, "scrolled_to_end": True}
    assert signer.post("/viewed", other).json()["type"] == "urn:zheng:problem:document-changed"
    assert tenant.get(ME).status_code == 403
    cookie = {"Cookie": f"zheng-party={signer.key}"}
    assert world.get(ME, headers=cookie).status_code == 200
    refused = world.post(f"{ME}/reject", {"reason_code": "content"}, headers=cookie)
    assert refused.json()["type"] == "urn:zheng:problem:request-header-missing"
    both = world.request("PUT", f"{ME}/signature", key=signer.key, json={"text": "张三", "seal": new_id()})
    assert both.status_code == 422
    assert world.request("PUT", f"{ME}/signature", key=signer.key, json={"text": "张三"}).status_code == 204
    assert signer.get("/signature").headers["content-type"].startswith("image/svg+xml")
    assert signer.get("/seals").json() == {"data": []}
    assert signer.post("/reject", {"reason_code": "content", "reason": "租金不符"}).status_code == 204
    assert signer.get().json()["state"] == "rejected"
    again = signer.post("/challenges", {"id": new_id(), "method": "otp_sms"})
    assert again.json()["type"] == "urn:zheng:problem:contract-state"


def test_the_sender_marks_terms_in_a_draft(world, tenant):
    """What the sender marks is highlighted for every signer; marks are made before sending, by the sender."""
    body = {"id": new_id(), "title": "租赁合同", "parties": [{"name": "张三", "phone": "13900000031"}]}
    assert tenant.post("/v1/signing/contracts", body).status_code == 201
    file = {
        "id": new_id(),
        "contract": body["id"],
        "name": "a.pdf",
        "content": base64.b64encode(lease()).decode(),
    }
    document = tenant.post("/v1/signing/documents", file).json()["document"]
    place = {"x": 72_000, "y": 130_000, "width": 300_000, "height": 14_000}
    marks = {"terms": [{"kind": "deposit", "page": 1, "place": place}]}
    url = f"/v1/signing/contracts/{body['id']}/documents/{document}/terms"
    answer = world.request("PUT", url, key=tenant.key, json=marks)
    assert [(each["kind"], each["source"]) for each in answer.json()["data"]] == [("deposit", "marked")]
    assert world.request("PUT", url, key=world.tenant().key, json=marks).status_code == 404
