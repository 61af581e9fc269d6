"""Two persons and a company sign one contract over HTTP, and the verifier judges what was deposited of it."""

import base64
import hashlib
import io
from datetime import timedelta
from functools import cache

import pikepdf
from api_world import new_id
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.encoding import format_time
from zheng_verifier.report.model import PolicySource

from signing.identity.reviews import Decision
from signing.people.accounts import NewAccount
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.principal import Principal

ME = "/v1/signing/party"
WANG, LIN = ("王建国", "13900000011", "11010519491231002X"), ("林晓", "13900000012", "110105199001011234")
AGENT, COMPANY = ("赵敏", "13900000013", "110105198507077890"), "杭州青禾科技有限公司"
DESIGN = {
    "kind": "company",
    "outline": "circle",
    "width_um": 40_000,
    "height_um": 40_000,
    "upper_text": COMPANY,
    "lines": ["合同专用章"],
    "lower_text": "3301060123456",
    "star": True,
}
STROKES = [
    [{"x": 0, "y": 0, "at_ms": 0}, {"x": 400, "y": 300, "at_ms": 60}, {"x": 900, "y": 100, "at_ms": 120}]
]


@cache
def lease():
    """A page that says a term of weight."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        text = b"BT /F1 12 Tf 72 700 Td (This lease shall automatically renew for one year.) Tj ET"
        pdf.pages[0].Contents = pdf.make_stream(text)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


class Signer:
    """A party with its session, as a page or a program holds it."""

    def __init__(self, world, tenant, phone):
        self.world = world
        world.services.signing.delivery.sending.run("sms")
        arrived = tenant.get(f"/v1/signing/simulators/sms?to={phone}").json()["data"]
        token = arrived[-1]["text"].split("/s#")[1][:43]
        entered = world.post("/v1/signing/party-sessions", {"token": token, "cookie": False})
        assert entered.status_code == 201, entered.text
        self.tenant, self.phone, self.key = tenant, phone, entered.json()["token"]

    def get(self, path=""):
        return self.world.get(f"{ME}{path}", key=self.key)

    def post(self, path, body=None):
        return self.world.post(f"{ME}{path}", body, key=self.key)

    def view(self):
        seen = self.get().json()
        for each in seen["documents"]:
            shown = {"document": each["document"], "document_sha256": each["sha256"], "pages_total": 2}
            shown |= {"pages_viewed": 2, "dwell_ms": 42_000, "scrolled_to_end": True, "renderer": "pdfjs"}
            answer = self.post("/viewed", shown)
            assert answer.status_code == 204, answer.text
        return self.get().json()

    def code(self):
        arrived = self.tenant.get(f"/v1/signing/simulators/sms?to={self.phone}").json()["data"]
        return arrived[-1]["text"].split("验证码为 ")[1][:6]

    def challenge(self):
        answer = self.post("/challenges", {"id": new_id(), "method": "otp_sms"})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def sign(self, signature):
        seen = self.view()
        for each in seen["documents"]:
            noted = {"document": each["document"], "terms": [term["id"] for term in each["terms"]]}
            assert self.post("/terms", noted).status_code == 204
        put = self.world.request("PUT", f"{ME}/signature", key=self.key, json=signature)
        assert put.status_code == 204, put.text
        asked = self.challenge()
        return self.post(f"/challenges/{asked}/answer", {"answer": self.code()})


def contact(tenant, **values):
    body = {"id": new_id(), "kind": "person"} | values
    made = tenant.post("/v1/signing/contacts", body)
    assert made.status_code == 201, made.text
    return made.json()["id"]


def administrator(world, tenant):
    """A person of the platform who approves seals and companies."""
    new = NewAccount(new_id(), "person", internal=True, profile=Profile("主管"))
    account, _ = world.services.signing.people.accounts.create(Principal(tenant.id, "system"), new)
    return Principal(tenant.id, "member", account=account.id, roles=frozenset({Role.SYSTEM_ADMIN}))


def verified(tenant, account, method):
    check = tenant.post("/v1/signing/identities", {"id": new_id(), "account": account, "method": method})
    assert check.status_code in (200, 201, 202), check.text
    return check.json()


def consent(tenant, account):
    listed = tenant.get("/v1/signing/agreements").json()["data"]
    text = next(
        each for each in listed if (each["name"], each["locale"]) == ("identity_verification", "zh-CN")
    )
    agreed = {key: text[key] for key in ("name", "version", "locale", "text_sha256")} | {"action": "checkbox"}
    given = tenant.post("/v1/signing/consents", {"account": account, "consent": agreed})
    assert given.status_code == 201, given.text


def person(tenant, name, phone, number):
    account = contact(tenant, name=name, phone=phone, id_type="id_card", id_number=number)
    consent(tenant, account)
    verified(tenant, account, "telecom3")
    return account


def company(world, tenant, admin):
    """A company whose agent was verified first, then the company, which an administrator approved (S4-41)."""
    agent = person(tenant, *AGENT)
    values = {
        "name": COMPANY,
        "uscc": "91330106MA27XY1236",
        "legal_representative": "钱七",
        "phone": AGENT[1],
    }
    account = contact(tenant, kind="organization", agent=agent, **values)
    check = verified(tenant, account, "registry3")
    world.services.signing.identities.reviews.decide(admin, check["id"], Decision(approved=True))
    return account, agent


def seal_of(world, tenant, admin, holder, agent):
    """A company's seal, approved by a person of the platform, and granted to whoever acts for the company."""
    body = {"id": new_id(), "name": "合同章", "seal_type": "contract", "design": DESIGN, "holder": holder}
    made = tenant.post("/v1/signing/seals", body)
    assert made.status_code == 201, made.text
    seal = made.json()["id"]
    assert tenant.post(f"/v1/signing/seals/{seal}:submit").status_code == 200
    world.services.signing.seals.life.decide(admin, seal, approve=True)
    assert tenant.post(f"/v1/signing/seals/{seal}:enable", {}).status_code == 200
    now = world.clock()
    times = {
        "valid_from": format_time(now - timedelta(hours=1)),
        "valid_to": format_time(now + timedelta(days=9)),
    }
    grant = {"id": new_id(), "grantee": agent, "scope": "all"} | times
    granted = tenant.post(f"/v1/signing/seals/{seal}/grants", grant)
    assert granted.status_code == 201, granted.text
    return seal


def sent(world, tenant, parties, controls=()):
    """A contract over the lease that was sent to them; gives its id."""
    body = {"id": new_id(), "title": "租赁合同", "parties": parties}
    made = tenant.post("/v1/signing/contracts", body)
    assert made.status_code == 201, made.text
    content = base64.b64encode(lease()).decode()
    file = {"id": new_id(), "contract": body["id"], "name": "lease.pdf", "content": content}
    added = tenant.post("/v1/signing/documents", file)
    assert added.status_code == 201, added.text
    url = f"/v1/signing/documents/{added.json()['document']}/controls"
    placed = world.request("PUT", url, key=tenant.key, json={"controls": list(controls)})
    assert placed.status_code == 200, placed.text
    world.drain_signing()
    answer = tenant.post(f"/v1/signing/contracts/{body['id']}/send")
    assert answer.status_code == 200, answer.text
    world.drain_signing()
    return body["id"]


def judged(world, tenant, case, files):
    """What our verifier says of the case, by the installation's own policy: status and codes of each check."""
    world.settle()
    report = verify_bundle(
        tenant.get(f"/v1/cases/{case}/bundle").content,
        documents=files,
        policy=PolicyInput(world.get("/v1/policy").content, PolicySource.USER),
        at=world.clock(),
    )
    return {
        check.id.value: (check.status.value, {finding.code for finding in check.findings if finding.code})
        for check in report.checks
    }


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
        signed = signer.sign(signature)
        assert (signed.status_code, signed.json()) == (200, {"state": "signed"}), signed.text
        world.drain_signing()
    seen = signer.get().json()
    assert seen["state"] == "completed"
    (document,) = seen["documents"]
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


def test_a_signer_is_told_what_to_do_and_nobody_else_gets_in(world, tenant):
    """Texts in both languages with their digests; another party, a program, a cookie without the header: refused."""
    sent(
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
    (term,) = signer.view()["documents"][0]["terms"]
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
