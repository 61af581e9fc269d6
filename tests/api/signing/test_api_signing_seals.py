"""Seals over the API: drawn, uploaded, decided about, granted; what is refused names the member that is wrong."""

import hashlib
import io
import json
from datetime import timedelta

import pytest
from api_world import new_id
from PIL import Image
from zheng_verifier.checks import PolicyInput, verify_bundle
from zheng_verifier.encoding import format_time
from zheng_verifier.report.model import CheckId, PolicySource

from signing.database import read, write
from signing.dossier.model import Event
from signing.people.accounts import NewAccount
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.principal import Principal
from signing.seals.creating import NewSeal
from signing.seals.drawing.company import Outline, SealDesign
from signing.seals.grants import NewGrant, Subject
from signing.seals.making import ByTemplate
from signing.seals.use import Placement, Sealed

SEALS = "/v1/signing/seals"
DESIGN = {
    "kind": "company",
    "outline": "circle",
    "width_um": 40_000,
    "height_um": 40_000,
    "upper_text": "杭州青禾科技有限公司",
    "lines": ["合同专用章"],
    "lower_text": "3301060123456",
    "star": True,
}


def request(**changes):
    return {"id": new_id(), "name": "合同章", "seal_type": "contract", "design": DESIGN} | changes


def person(world, tenant, name, *roles):
    """An account of the tenant, as the principal that its session would give."""
    new = NewAccount(new_id(), "person", internal=True, profile=Profile(name))
    system = Principal(tenant.id, "system")
    account, _ = world.services.signing.people.accounts.create(system, new)
    return Principal(tenant.id, "member", account=account.id, roles=frozenset(roles))


def picture():
    out = io.BytesIO()
    Image.new("RGB", (200, 120), (220, 20, 30)).save(out, "PNG")
    return out.getvalue()


def test_a_seal_is_drawn_created_approved_and_enabled_over_the_api(world, tenant):
    """The preview is what is kept; a program creates and enables, a person approves; each answer says the state."""
    shown = tenant.post(f"{SEALS}:render", json={"design": DESIGN})
    body = request()
    created = tenant.post(SEALS, json=body)
    assert (shown.status_code, created.status_code) == (200, 201)
    seal = created.json()
    assert seal["image"] == hashlib.sha256(shown.content).hexdigest()
    assert tenant.post(SEALS, json=body).status_code == 200
    kept = tenant.get(f"{SEALS}/{seal['id']}/picture")
    assert (kept.content, kept.headers["content-type"]) == (shown.content, "image/svg+xml")
    assert "sandbox" in kept.headers["content-security-policy"]
    assert tenant.post(f"{SEALS}/{seal['id']}:submit").json()["state"] == "submitted"
    refused = tenant.post(f"{SEALS}/{seal['id']}:decide", json={"approve": True})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:zheng:problem:account-needed")
    approver = person(world, tenant, "李雷", Role.SYSTEM_ADMIN)
    world.services.signing.seals.life.decide(approver, seal["id"], approve=True)
    assert tenant.post(f"{SEALS}/{seal['id']}:enable", json={}).json()["state"] == "enabled"
    disabled = tenant.post(f"{SEALS}/{seal['id']}:disable", json={"reason_code": "lost"})
    assert disabled.json()["state"] == "disabled"
    assert tenant.post(f"{SEALS}/{seal['id']}:submit").status_code == 409
    assert [each["id"] for each in tenant.get(f"{SEALS}?state=disabled").json()["data"]] == [seal["id"]]
    assert (
        tenant.post(f"{SEALS}/{seal['id']}:destroy", json={"reason_code": "lost"}).json()["state"]
        == "destroyed"
    )


def test_seals_are_listed_by_pages_and_only_ones_own(world, tenant):
    """Three seals are two pages of two; another tenant's key finds none of them."""
    made = [tenant.post(SEALS, json=request()).json()["id"] for _ in range(3)]
    first = tenant.get(f"{SEALS}?limit=2").json()
    second = tenant.get(f"{SEALS}?limit=2&after={first['next_cursor']}").json()
    assert [each["id"] for each in first["data"] + second["data"]] == made
    assert (first["has_more"], second["has_more"]) == (True, False)
    stranger = world.tenant()
    assert stranger.get(SEALS).json()["data"] == []
    for path in ("", "/picture", "/grants", "/uses", "/use-requests"):
        assert stranger.get(f"{SEALS}/{made[0]}{path}").status_code == 404


def test_a_picture_is_uploaded_as_a_form(world, tenant):
    """The file is kept as PNG; a picture that is none, and a form without one, are refused by name."""
    described = {
        "id": new_id(),
        "name": "旧章",
        "seal_type": "hr",
        "shape": "rectangle",
        "width_um": 40_000,
        "inscription": "人事专用章",
    }
    form = {"request": json.dumps(described)}
    created = tenant.post(f"{SEALS}/pictures", data=form, files={"picture": picture()})
    assert (created.status_code, created.json()["height_um"]) == (201, 24_000)
    assert tenant.get(f"{SEALS}/{described['id']}/picture").headers["content-type"] == "image/png"
    broken = tenant.post(f"{SEALS}/pictures", data=form, files={"picture": b"%PDF"})
    assert broken.json()["type"] == "urn:zheng:problem:seal-picture-invalid"
    assert tenant.post(f"{SEALS}/pictures", files={"picture": picture()}).json()["field"] == "/request"
    assert tenant.post(f"{SEALS}/pictures", json={}).status_code == 415


def test_a_grant_is_given_and_taken_back(world, tenant):
    """Given once however often it is sent; taken back once; uses and requests are lists of their own."""
    seal = tenant.post(SEALS, json=request()).json()["id"]
    now = world.clock()
    grant = {
        "id": new_id(),
        "grantee": person(world, tenant, "张伟").account,
        "scope": "document_kinds",
        "kinds": ["lease"],
        "valid_from": format_time(now),
        "valid_to": format_time(now + timedelta(days=30)),
        "max_uses": 3,
    }
    first, again = (tenant.post(f"{SEALS}/{seal}/grants", json=grant) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    ended = tenant.post(f"{SEALS}/{seal}/grants/{grant['id']}:revoke", json={"reason_code": "misuse"})
    assert "revoked_at" in ended.json()
    assert tenant.get(f"{SEALS}/{seal}/grants").json()["data"] == [ended.json()]
    assert tenant.get(f"{SEALS}/{seal}/uses").json() == {"data": [], "has_more": False}
    assert tenant.get(f"{SEALS}/{seal}/use-requests").json() == {"data": []}
    assert tenant.post(f"{SEALS}/use-requests/{new_id()}:decide", json={"approve": True}).status_code == 403


@pytest.mark.parametrize(
    ("design", "code", "field"),
    [
        (DESIGN | {"width_um": 41_000}, "seal-design-invalid", "/width_um"),
        (DESIGN | {"upper_text": "青" * 50}, "seal-text-too-long", "/upper_text"),
        (DESIGN | {"upper_text": "𠮷野家"}, "seal-glyph-missing", "/upper_text"),
        (DESIGN | {"kind": "wax"}, "field-value", "/design"),
        ({"kind": "handwritten", "strokes": [[[0, 0, 0, 0]]]}, "signature-drawing-invalid", "/strokes"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(tenant, design, code, field):
    """The problem names the rule and the member."""
    answer = tenant.post(f"{SEALS}:render", json={"design": design})
    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:zheng:problem:{code}")
    assert answer.json()["field"] == field


def test_evidence_of_a_use_says_all_that_a_court_asks_of_the_records(world, tenant):
    """C15: the picture is the created one, grant and approval cover the use; a seal object there is none."""
    desk = world.services.signing
    keeper, approver, clerk = (
        person(world, tenant, "王𬭎", Role.SEAL_ADMIN),
        person(world, tenant, "李雷", Role.SYSTEM_ADMIN),
        person(world, tenant, "张伟", Role.MEMBER),
    )
    making = ByTemplate(SealDesign(Outline.CIRCLE, 40_000, 40_000, "青禾社", ("合同专用章",), star=True))
    new = NewSeal(new_id(), "合同章", "contract", making, approve_uses=True)
    seal = desk.seals.creating.create(keeper, new)[0].id
    desk.seals.life.submit(keeper, seal)
    desk.seals.life.decide(approver, seal, approve=True)
    desk.seals.life.enable(keeper, seal)
    now = world.clock()
    desk.seals.grants.grant(
        keeper, seal, NewGrant(new_id(), clerk.account or "", "all", now, now + timedelta(days=1))
    )
    world.drain_signing()
    party, before, contract = new_id(), "a" * 64, new_id()
    with write(desk.context.engine) as session:
        dossier = desk.recorder.open(session, tenant=tenant.id, kind="contract", reference=contract)
        bound = {
            "party": party,
            "subject_kind": "person",
            "level": "substantial",
            "verified_at": format_time(now),
        }
        private = {"name": "张伟", "identity": {"case": new_id(), "event": new_id()}}
        desk.recorder.record(session, dossier, Event("identity.bound/1", bound, private))
        use = desk.seals.usable(session, clerk, seal, Subject(contract, "leasing", dossier))
        asked = desk.seals.approvals.request(session, clerk, use, before)
    desk.seals.approvals.decide(keeper, asked, approve=True)
    place = Placement(page=1, x_mpt=0, y_mpt=0, width_mpt=113_386, height_mpt=113_386)
    with write(desk.context.engine) as session:
        use = desk.seals.usable(session, clerk, seal, Subject(contract, "leasing", dossier))
        desk.seals.record_use(session, clerk, use, Sealed(party, new_id(), before, "b" * 64, place))
    world.drain_signing()
    with read(desk.context.engine) as session:
        case = desk.recorder.standing(session, dossier).case
    world.settle()
    bundle = tenant.get(f"/v1/cases/{case}/bundle").content
    policy = PolicyInput(world.get("/v1/policy").content, PolicySource.USER)
    checked = verify_bundle(bundle, documents=[], policy=policy, at=world.clock()).check(CheckId.C15)
    told = sorted((finding.status.value, finding.code) for finding in checked.findings)
    assert told == [("NOT_PROVIDED", "SEAL_OBJECT_NOT_PROVIDED"), *[("PASSED", "")] * 3]
