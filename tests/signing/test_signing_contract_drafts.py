"""Drafts: what is refused before anything is written, who the parties become, and what may still be changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from contract_world import ALICE, APP, BOSS, CLERK, STRANGER, TENANT, Desk, member, new_id, refused

from signing.contracts import events
from signing.contracts.draft import Draft, PartyDraft, check_deadline, check_draft, check_party
from signing.contracts.order import PartyRole, Seat
from signing.contracts.ports import Known, Paper, Upload
from signing.contracts.states import Basis
from signing.principal import Seen

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GOOD = Draft(new_id(), "合同", (ALICE,))
PDF = Upload("a.pdf", "application/pdf", b"%PDF")


@pytest.fixture
def desk(engine, tmp_path, clock, notary):
    made = Desk(engine, tmp_path / "signing", clock, notary)
    yield made
    made.custody.keys.close()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": ""}, "field-value", "/title"),
        ({"title": "租赁\x00合同"}, "field-value", "/title"),
        ({"scene": "poker"}, "field-value", "/scene"),
        ({"business_number": "有空格"}, "field-value", "/business_number"),
        ({"template": new_id(), "uploads": (PDF,)}, "field-value", "/template"),
        ({"approvers": (BOSS, BOSS)}, "field-value", "/approvers"),
        ({"remind_ahead": 1}, "field-value", "/remind_ahead"),
        ({"remind_every": 10**9}, "field-value", "/remind_every"),
        ({"deadline": NOW}, "deadline-invalid", "/deadline"),
        ({"deadline": NOW + timedelta(days=400)}, "deadline-invalid", "/deadline"),
        ({"parties": ()}, "parties-invalid", "/parties"),
        ({"parties": (PartyDraft(phone="1380000000"),)}, "parties-invalid", "/parties/0/name"),
        ({"parties": (replace(ALICE, name="张\r\n三"),)}, "parties-invalid", "/parties/0/name"),
        ({"parties": (ALICE, PartyDraft(name="x"))}, "parties-invalid", "/parties/1/phone"),
        ({"parties": (PartyDraft(name="x", phone="call me"),)}, "parties-invalid", "/parties/0/phone"),
        ({"parties": (PartyDraft(name="x", email="nobody"),)}, "parties-invalid", "/parties/0/email"),
        ({"parties": (replace(ALICE, role=PartyRole.COPY, required=False),)}, "parties-invalid", "/parties"),
    ],
)
def test_contract_draft_that_could_never_be_sent_is_refused(changes, code, field):
    """The member that is wrong is named."""
    told = refused(code, check_draft, replace(GOOD, **changes), NOW)
    assert told.field == field


def test_contract_draft_that_is_good_passes():
    """Nothing is refused of a draft without documents yet; its fingerprint leaves out its id alone."""
    check_draft(GOOD, NOW)
    check_draft(replace(GOOD, remind_ahead=60, remind_every=60, business_number="HT-1"), NOW)
    check_deadline(NOW + timedelta(days=366), NOW)
    check_party(PartyDraft(account=new_id()), "/to")
    assert replace(GOOD, id=new_id()).fingerprint() == GOOD.fingerprint()
    assert GOOD.with_uploads((PDF,)).fingerprint() != GOOD.fingerprint()
    assert replace(GOOD, deadline=NOW).fingerprint() != GOOD.fingerprint()
    assert [PartyDraft(phone="1").channel, PartyDraft(email="a").channel, PartyDraft().channel] == [
        "sms",
        "email",
        "portal",
    ]


def test_contract_events_leave_out_what_is_not_known():
    """No address, no order, no party: no member; with them they are sealed, never in the open."""
    paper = Paper(new_id(), "a1" * 32)
    bare, full = Seen(), Seen("192.0.2.1", "browser", "counter")
    assert events.sent([paper], ["p"], NOW, bare, None).private == {}
    assert events.sent([paper], ["p"], NOW, full, None).private == {"ip": "192.0.2.1"}
    assert events.sent([paper], ["p"], NOW, full, None).data["terminal"] == "pc"
    assert "order" not in events.voided(Basis.ERROR, "", None, None).private
    assert events.voided(Basis.COURT_ORDER, "", "cd" * 32, None).private["order"] == "cd" * 32
    assert events.downloaded(None, paper, bare, None).data["purpose"] == "administration"
    assert events.downloaded("p", paper, full, None).data["purpose"] == "own_copy"
    seat = Seat("a", PartyRole.APPROVER, 1, required=True)
    made = events.created(
        [(seat, "person", "张三")],
        title="t",
        scene="other",
        deadline=NOW,
        business_number=None,
        template=new_id(),
        actor=None,
    )
    assert made.data["parties"][0]["required"] is False  # nothing he signs is waited for
    assert "business_number" not in made.private


def test_contract_party_by_account_has_the_name_and_address_of_its_books(desk):
    """An account is called as the books call it; its own address is used unless another is given."""
    desk.directory.accounts[TENANT, BOSS] = Known("青禾公司", "organization", "+8613900000009")
    parties = (PartyDraft(account=BOSS), PartyDraft(account=CLERK, email="clerk@example.org"))
    contract = desk.create(*parties)
    company, clerk = desk.parties(contract)
    assert (company.kind, company.channel, clerk.channel) == ("organization", "sms", "email")
    seen = desk.do(lambda s: desk.contracts.views.details(s, APP, contract)).parties
    assert [(party.name, party.target) for party in seen] == [
        ("青禾公司", "+8613900000009"),
        ("账号", "clerk@example.org"),
    ]
    told = refused("account-unknown", lambda: desk.create(ALICE, PartyDraft(account=new_id())))
    assert told.field == "/parties/1/account"


def test_contract_draft_is_edited_by_whom_it_belongs_to(desk):
    """Deadline and approvers change while it is a draft; an old revision, a stranger, an uninvolved member do not."""
    contract, drafting = desk.create(), desk.contracts.drafting
    later = desk.clock.now + timedelta(days=9)

    def edit(by, **changes):
        return desk.do(lambda s: drafting.edit(s, by, contract, **changes))

    first = desk.row(contract).revision
    assert edit(APP, deadline=later, approvers=(BOSS,), revision=first).deadline == later
    refused("contract-changed", lambda: edit(APP, revision=first))
    refused("deadline-invalid", lambda: edit(APP, deadline=desk.clock.now))
    refused("field-value", lambda: edit(APP, approvers=(new_id(),)))
    refused("contract-unknown", lambda: edit(STRANGER))
    refused("contract-unknown", lambda: edit(member(CLERK)))
    assert edit(APP, approvers=()).deadline == later
    desk.do(lambda s: desk.contracts.sending.send(s, APP, contract))
    refused("contract-state", lambda: edit(APP))
