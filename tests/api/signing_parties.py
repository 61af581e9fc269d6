"""Parties who sign over HTTP, people and companies that were verified, and what the verifier says of their cases."""

import base64
import io
from datetime import timedelta
from functools import cache

import pikepdf
from api_world import new_id
from sqlmodel import select
from zheng_verifier.checks import PolicyInput, verify_bundle
from zheng_verifier.encoding import format_time
from zheng_verifier.report.model import PolicySource

from signing.contracts.models import ContractRow
from signing.database import read
from signing.dossier.models import OutboxRow
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


def kinds(world, contract):
    """The types of a contract's events, in order."""
    with read(world.services.signing.context.engine) as session:
        dossier = session.get_one(ContractRow, contract).dossier
        rows = select(OutboxRow.type).where(OutboxRow.dossier == dossier, OutboxRow.kind == "event")
        return session.exec(rows.order_by(OutboxRow.position)).all()


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
