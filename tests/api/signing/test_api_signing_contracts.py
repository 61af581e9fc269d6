"""Contracts over the API, by a program: drafted, sent, ended in each way, listed, fetched; and many at once."""

import base64
import io
from datetime import timedelta
from functools import cache

import pikepdf
import pytest
from api_world import new_id
from zheng_verifier.encoding import format_time

from signing.contracts.turns import Viewing
from signing.database import read, write
from signing.people.accounts import NewAccount
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.principal import Principal, Seen

CONTRACTS, BATCHES = "/v1/signing/contracts", "/v1/signing/batches"
PARTIES = [
    {"name": "张三", "phone": "+8619900000001"},
    {"name": "李四", "email": "li@example.org", "group": 2},
]


@cache
def pdf():
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(595, 842))
        made.save(out, deterministic_id=True)
    return out.getvalue()


def control(name, kind, party, y):
    place = {"x": 72_000, "y": y, "width": 150_000, "height": 40_000}
    return {"name": name, "kind": kind, "party": party, "page": 1, "place": place}


CONTROLS = [
    control("first", "signature", 1, 100_000),
    control("second", "signature", 2, 200_000),
    control("salary", "text", 0, 300_000),
]


def template(tenant):
    """A template of one page with a value and a place for each of two parties."""
    body = {
        "id": new_id(),
        "title": "劳动合同",
        "name": "contract.pdf",
        "media_type": "application/pdf",
        "content": base64.b64encode(pdf()).decode(),
        "controls": CONTROLS,
    }
    made = tenant.post("/v1/signing/templates", json=body)
    assert made.status_code == 201, made.text
    return body["id"]


def ask(**changes):
    return {"id": new_id(), "title": "劳动合同", "parties": PARTIES} | changes


def code(answer):
    return answer.json()["type"].removeprefix("urn:zheng:problem:")


@pytest.fixture
def sent(world, tenant):
    """Give a contract that was made from a template and sent."""

    used = template(tenant)

    def make(**changes):
        made = tenant.post(CONTRACTS, json=ask(template=used, values={"salary": "8000"}, **changes))
        assert made.status_code == 201, made.text
        world.drain_signing()
        answer = tenant.post(f"{CONTRACTS}/{made.json()['id']}/send")
        assert answer.status_code == 200, answer.text
        return answer.json()

    return make


def sign_all(world, tenant, contract):
    """Have both parties sign, as the act of signing does it: view, confirm, a longer file."""
    desk = world.services.signing
    for party in tenant.get(f"{CONTRACTS}/{contract}").json()["parties"]:
        by = Principal(
            tenant.id, "party", party=party["party"], contract=contract, seen=Seen("192.0.2.7", "b", "pc")
        )
        with write(desk.context.engine) as session:
            row, mine = desk.contracts.turns.open_for(session, by)
            (paper,) = desk.documents.standing(session, row)
            viewing = Viewing(paper.document, paper.sha256, 1, 1, 1_000, scrolled_to_end=True)
            desk.contracts.turns.mark_viewed(session, by, row, mine, viewing)
            desk.contracts.turns.mark_confirmed(session, row, mine, new_id())
            before = desk.custody.get(session, row.id, paper.sha256, by=None, purpose="sign")
            desk.documents.advance(session, row, paper.document, paper.sha256, before + b"\n% signed")
            if desk.contracts.turns.mark_signed(session, row, mine, ()):
                desk.contracts.turns.complete(session, row)


def test_contract_is_made_from_a_template_sent_signed_and_fetched(world, tenant, sent):
    """S4-45, S4-47, S4-50: one call makes it, another shows its history, the file comes when all have signed."""
    contract = sent(business_number="HT-1")
    assert (contract["state"], contract["standing_title"]) == ("signing", "waiting for others")
    assert [party["turn"] for party in contract["parties"]] == [True, False]
    one = f"{CONTRACTS}/{contract['id']}"
    early = tenant.get(f"{one}/file")
    assert (early.status_code, code(early)) == (409, "signatures-missing")
    sign_all(world, tenant, contract["id"])
    done = tenant.get(one, headers={"Accept-Language": "zh-CN"}).json()
    assert (done["state"], done["standing_title"]) == ("completed", "已完成")
    steps = [step["step"] for step in done["history"]]
    assert steps == ["create", "send", *["view", "confirm", "sign"] * 2, "complete"]
    file = tenant.get(f"{one}/file?party={done['parties'][0]['party']}")
    assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
    assert file.content.startswith(b"%PDF") and file.content.endswith(b"% signed")  # noqa: PT018
    assert tenant.get(f"{one}/file?party={new_id()}").status_code == 404
    world.drain_signing()
    deposited = tenant.get(one).json()
    assert deposited["deposit"] == {"waiting": 0}
    case = tenant.get(f"/v1/cases/{deposited['case']}").json()
    assert case["closed"] is True
    listed = tenant.get(f"{CONTRACTS}?business_number=HT-1").json()["data"]
    assert [each["id"] for each in listed] == [contract["id"]]


def test_contract_number_is_one_contract_over_the_api(world, tenant):
    """(app, business number) ↔ one contract: again is 200, other content 409, another application another contract."""
    body = ask(business_number="HT-7")
    first = tenant.post(CONTRACTS, json=body)
    again = tenant.post(CONTRACTS, json=body | {"id": new_id()})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    other = tenant.post(CONTRACTS, json=body | {"title": "另一份"})
    assert (other.status_code, code(other)) == (409, "business-number-used")
    elsewhere = tenant.post(CONTRACTS, json=body | {"id": new_id()}, headers={"X-Zheng-App": "hr"})
    assert elsewhere.status_code == 201
    assert len(tenant.get(f"{CONTRACTS}?app=hr").json()["data"]) == 1


def test_contract_by_file_has_its_document_and_is_sent_once_it_can_be(world, tenant):
    """S4-46: the file comes with the request; without a place for each signer it cannot be sent, with it it can."""
    file = {"name": "合同.pdf", "media_type": "application/pdf", "content": base64.b64encode(pdf()).decode()}
    made = tenant.post(f"{CONTRACTS}/by-file", json=ask(**file))
    assert made.status_code == 201, made.text
    contract, (document,) = made.json()["id"], made.json()["documents"]
    early = tenant.post(f"{CONTRACTS}/{contract}/send")
    assert (early.status_code, code(early), early.headers["retry-after"]) == (503, "notary-unavailable", "5")
    world.drain_signing()
    where = f"/v1/signing/documents/{document['document']}/controls"
    placed = world.request("PUT", where, key=tenant.key, json={"controls": CONTROLS[:2]})
    assert placed.status_code == 200, placed.text
    assert tenant.post(f"{CONTRACTS}/{contract}/send").json()["state"] == "signing"


def test_contract_is_ended_by_withdrawing_voiding_and_refusing(world, tenant, sent):
    """S4-48: three operations, three states; a second one is refused and says which state would do."""
    withdrawn = sent()
    body = {"reason": "条款有误"}
    assert tenant.post(f"{CONTRACTS}/{withdrawn['id']}/withdraw", json=body).json()["state"] == "withdrawn"
    again = tenant.post(f"{CONTRACTS}/{withdrawn['id']}/withdraw", json=body)
    assert (again.status_code, code(again)) == (409, "contract-state")
    void = sent()
    voided = tenant.post(f"{CONTRACTS}/{void['id']}/void", json={"basis": "error"})
    assert voided.json()["state"] == "voided"
    refused = sent()
    first, second = (party["party"] for party in refused["parties"])
    early = tenant.post(f"{CONTRACTS}/{refused['id']}/reject", json={"party": second})
    assert code(early) == "not-your-turn"
    told = {"party": first, "code": "content", "reason": "租金不对"}
    rejected = tenant.post(f"{CONTRACTS}/{refused['id']}/reject", json=told).json()
    assert (rejected["state"], rejected["parties"][0]["reason"]) == ("rejected", "租金不对")
    restarted = tenant.post(CONTRACTS, json=ask(replaces=refused["id"]))
    assert restarted.json()["replaces"] == refused["id"]


def test_contract_under_way_is_extended_reminded_and_handed_on(world, tenant, sent):
    """A later deadline, a reminder to whom it is waited for, another signer in his place."""
    contract = sent()
    one = f"{CONTRACTS}/{contract['id']}"
    later = format_time(world.clock() + timedelta(days=60))
    assert tenant.post(f"{one}/extend", json={"deadline": later}).json()["deadline"] == later
    assert code(tenant.post(f"{one}/extend", json={"deadline": contract["deadline"]})) == "deadline-invalid"
    assert tenant.post(f"{one}/remind").status_code == 200
    first = contract["parties"][0]["party"]
    to = {"party": first, "to": {"name": "王五", "phone": "+8619900000003"}, "reason": "出差"}
    parties = tenant.post(f"{one}/delegate", json=to).json()["parties"]
    assert [(party["state"], party.get("delegate_of")) for party in parties] == [
        ("delegated", None),
        ("waiting", None),
        ("notified", first),
    ]


def test_contract_is_approved_by_a_member_and_by_no_program(world, tenant):
    """The approver decides with his session; a key cannot; who was not asked finds nothing."""
    people = world.services.signing.people.accounts
    new = NewAccount(new_id(), "person", internal=True, profile=Profile("赵六"))
    account, _ = people.create(Principal(tenant.id, "system"), new)
    body = ask(template=template(tenant), values={"salary": "1"}, approvers=[account.id])
    one = f"{CONTRACTS}/{tenant.post(CONTRACTS, json=body).json()['id']}"
    world.drain_signing()
    assert code(tenant.post(f"{one}/send")) == "approval-missing"
    assert tenant.post(f"{one}/submit").json()["state"] == "pending_approval"
    assert code(tenant.post(f"{one}/decision", json={"approved": True})) in ("key-missing", "caller-wrong")
    member = Principal(tenant.id, "member", account=account.id, roles=frozenset({Role.MEMBER}))
    with write(world.services.signing.context.engine) as session:
        world.services.signing.contracts.sending.decide(
            session, member, one.rpartition("/")[2], approved=True
        )
    assert tenant.post(f"{one}/send").json()["approvals"][0]["approved"] is True
    assert code(tenant.post(CONTRACTS, json=ask(approvers=[new_id()]))) == "field-value"


def test_contracts_of_one_tenant_are_unknown_to_another(world, tenant, sent):
    """Whatever is asked of another tenant's contract or batch, there is none: 404, and no list names it."""
    contract, stranger = sent(), world.tenant()
    one = f"{CONTRACTS}/{contract['id']}"
    batch = tenant.post(
        BATCHES, json={"id": new_id(), "template": new_id(), "title": "x", "parties": [{}]}
    ).json()["id"]
    asked = [
        stranger.get(one),
        stranger.get(f"{one}/file"),
        stranger.post(f"{one}/send"),
        stranger.post(f"{one}/remind"),
        stranger.post(f"{one}/withdraw", json={}),
        stranger.post(f"{one}/void", json={"basis": "error"}),
        stranger.post(f"{one}/void-request", json={}),
        stranger.post(f"{one}/reject", json={"party": contract["parties"][0]["party"]}),
        stranger.post(f"{one}/extend", json={"deadline": format_time(world.clock() + timedelta(days=90))}),
        stranger.post(f"{one}/delegate", json={"party": contract["parties"][0]["party"], "to": {"name": "x"}}),
        stranger.get(f"{BATCHES}/{batch}"),
        stranger.get(f"{BATCHES}/{batch}/rows"),
        stranger.post(f"{BATCHES}/{batch}/rows", content=b"business_number\nA\n", headers={"Content-Type": "text/csv"}),
    ]  # fmt: skip
    assert {answer.status_code for answer in asked} == {404}
    assert stranger.get(CONTRACTS).json()["data"] == []
    assert stranger.get(BATCHES).json()["data"] == []
    assert tenant.get(one).json()["state"] == "signing"
    reader = world.tenant(scopes={"signing:read"})
    assert reader.post(CONTRACTS, json=ask()).status_code == 403


def test_batch_of_csv_starts_contracts_and_names_bad_rows(world, tenant):
    """Template plus rows: progress is asked for, good rows are sent, a bad one is named with its code."""
    batch = new_id()
    plan = {"id": batch, "template": template(tenant), "title": "劳动合同", "parties": [{}, {"group": 2}]}
    assert tenant.post(BATCHES, json=plan).status_code == 202
    rows = "business_number,party1.name,party1.phone,party2.name,party2.email,value.salary\n" + "".join(
        f"HR-{number},员工{number},{'' if number == 2 else '+8619900000001'},公司,hr@example.org,{number}\n"
        for number in range(1, 4)
    )
    put = {"content": rows.encode(), "headers": {"Content-Type": "text/csv"}}
    assert tenant.post(f"{BATCHES}/{batch}/rows", **put).json()["total"] == 3
    for _ in range(6):
        world.services.signing.batches.run()
        world.drain_signing()
        world.clock.offset += timedelta(seconds=1)
    progress = tenant.get(f"{BATCHES}/{batch}").json()
    assert (progress["sent"], progress["failed"], "ended_at" in progress) == (2, 1, True)
    failed = tenant.get(f"{BATCHES}/{batch}/rows?state=failed").json()["data"]
    assert [(row["row"], row["code"], row["field"]) for row in failed] == [
        (2, "parties-invalid", "/parties/0/phone")
    ]
    assert tenant.post(f"{BATCHES}/{batch}/rows", **put).status_code == 202
    assert len(tenant.get(f"{CONTRACTS}?standing=waiting_for_others&limit=10").json()["data"]) == 2
    page = tenant.get(f"{CONTRACTS}?limit=1").json()
    rest = tenant.get(f"{CONTRACTS}?limit=1&cursor={page['next_cursor']}").json()
    assert page["data"][0]["id"] != rest["data"][0]["id"]


def test_batch_contract_has_the_rows_number(world, tenant):
    """A batch given as JSON that stays drafts: each is found by its business number."""
    people = [{"name": "甲", "phone": "+8619900000001"}, {"name": "乙", "phone": "+8619900000002"}]
    rows = [{"business_number": "J-1", "people": people, "values": {"salary": "1"}}]
    batch = {"id": new_id(), "template": template(tenant), "title": "合同", "parties": [{}, {}], "rows": rows}
    assert tenant.post(BATCHES, json=batch | {"send": False}).json()["total"] == 1
    world.services.signing.batches.run()
    (found,) = tenant.get(f"{CONTRACTS}?business_number=J-1").json()["data"]
    assert found["state"] == "draft"
    with read(world.services.signing.context.engine) as session:
        row = world.services.signing.contracts.book.contract(session, tenant.id, found["id"])
    assert row.creator == "api_client:default"
