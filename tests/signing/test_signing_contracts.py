"""Contracts on a real database: each step one transaction, its events in order, and nobody twice or out of turn."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from contract_world import (
    ALICE,
    APP,
    BOB,
    BOSS,
    CLERK,
    EVE,
    STRANGER,
    TENANT,
    Desk,
    link,
    member,
    new_id,
    refused,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from signing.contracts.draft import Draft, PartyDraft
from signing.contracts.order import PartyRole
from signing.contracts.ports import Upload
from signing.contracts.states import Basis
from signing.contracts.transitions import TRANSITIONS
from signing.database import read
from signing.dossier.models import OutboxRow
from signing.errors import Refused
from signing.people.roles import Role


@pytest.fixture
def desk(engine, tmp_path, clock, notary):
    made = Desk(engine, tmp_path / "signing", clock, notary)
    yield made
    made.custody.keys.close()


def test_contract_of_two_completes_with_its_events_in_order(desk):
    """Sequential signing, a copy recipient: each event once, in order, and the case closed."""
    contract = desk.sent(ALICE, BOB, EVE)
    alice, bob, _eve = desk.parties(contract)
    assert [(ref, why) for _, ref, why in desk.notices.told] == [(alice.ref, "sign_request")]
    refused("not-your-turn", desk.view, contract, bob)
    desk.act(contract, alice)
    assert desk.row(contract).state == "signing"
    desk.act(contract, bob)
    assert desk.types(contract) == [
        "case.opened",
        "contract.created",
        "document.uploaded",
        "document.finalized",
        "contract.sent",
        "document.viewed",
        "document.viewed",
        "contract.completed",
        "contract.delivered",
        "contract.delivered",
        "contract.delivered",
        "case.closed",
    ]
    assert desk.row(contract).state == "completed"
    purposes = [why for _, _, why in desk.notices.told]
    assert purposes == ["sign_request", "sign_request", "completion", "completion", "copy"]
    desk.drain.run_once()
    case = desk.notary.cases(TENANT)[-1]
    assert [each.claim.type for each in desk.notary.events(case)][-1] == "case.closed/1"


def test_contract_number_names_one_contract_whatever_is_sent_twice(desk):
    """The same request again is the same contract; other content under the number, or id, is refused; tenants are apart."""
    upload = Upload("a.pdf", "application/pdf", b"%PDF")
    draft = Draft(new_id(), "合同", (ALICE,), uploads=(upload,), business_number="HT-1")
    create = desk.contracts.drafting.create

    def make(by, each):
        return desk.do(lambda session: create(session, by, each))

    made, fresh = make(APP, draft)
    assert fresh
    again, fresh = make(APP, replace(draft, id=new_id()))
    assert (again.id, fresh) == (made.id, False)
    refused("business-number-used", make, APP, replace(draft, title="other"))
    refused("id-reused", make, APP, replace(draft, business_number="HT-2"))
    refused("id-reused", make, STRANGER, draft)
    assert make(APP, replace(draft, id=new_id(), app="hr"))[1]
    assert make(STRANGER, replace(draft, id=new_id()))[1]
    refused("contract-unknown", lambda: desk.do(lambda s: desk.contracts.views.details(s, STRANGER, made.id)))


def test_contract_waits_for_its_case_and_is_sent_when_the_service_is_back(desk):
    """While the evidence service is down a draft can be made, not sent: the document has to name the case."""

    def down(_operation):
        raise OSError("nobody there")

    desk.notary.before = down
    contract = desk.create()
    send = desk.contracts.sending.send
    refused("notary-unavailable", lambda: desk.do(lambda session: send(session, APP, contract)))
    assert desk.row(contract).state == "draft"
    desk.notary.before = lambda _operation: None
    desk.clock.advance(minutes=5)
    desk.drain.run_once()
    assert desk.do(lambda session: send(session, APP, contract)).state == "signing"


def test_contract_is_approved_inside_before_it_is_sent(desk):
    """Submitted, refused, submitted again, approved by both; only who is asked decides, and once."""
    contract = desk.create(approvers=(BOSS, CLERK))
    sending = desk.contracts.sending
    refused("approval-missing", lambda: desk.do(lambda s: sending.send(s, APP, contract)))

    def decides(account, yes):
        return desk.do(lambda s: sending.decide(s, member(account), contract, approved=yes, reason="看过"))

    desk.do(lambda s: sending.submit(s, APP, contract))
    refused("contract-unknown", decides, new_id(), True)
    assert decides(BOSS, False).state == "draft"
    desk.do(lambda s: sending.submit(s, APP, contract))
    decides(BOSS, True)
    refused("approval-decided", decides, BOSS, True)
    refused("approval-missing", lambda: desk.do(lambda s: sending.send(s, APP, contract)))
    decides(CLERK, True)
    desk.papers.change(contract, b" changed")
    refused("document-changed", lambda: desk.do(lambda s: sending.send(s, APP, contract)))
    document, content = desk.papers.kept[contract]
    desk.papers.kept[contract] = document, content.removesuffix(b" changed")
    assert desk.do(lambda s: sending.send(s, APP, contract)).state == "signing"
    asked = [each for each in desk.types(contract) if each.startswith("approval")]
    assert asked == [
        *["approval.requested"] * 2,
        "approval.rejected",
        *["approval.requested"] * 2,
        *["approval.approved"] * 2,
    ]


def test_contract_refused_by_a_party_ends_and_is_restarted_as_another(desk):
    """拒签: the reason is sealed, the case closed, the others released; the new contract names the old."""
    contract = desk.sent(ALICE, BOB)
    alice, bob = desk.parties(contract)
    turns = desk.contracts.turns

    def reject(party):
        def no(session):
            row, mine = turns.open_for(session, link(contract, party))
            turns.reject(session, link(contract, party), row, mine, "content", "租金不对")

        desk.do(no)

    refused("not-your-turn", reject, bob)
    reject(alice)
    assert desk.row(contract).state == "rejected"
    assert [party.state for party in desk.parties(contract)] == ["rejected", "released"]
    assert desk.types(contract)[-3:] == ["party.rejected", "contract.rejected", "case.closed"]
    refused("contract-state", desk.sign, contract, alice)
    again = desk.create(ALICE, replaces=contract)
    assert desk.row(again).replaces == contract
    refused("contract-state", lambda: desk.create(ALICE, replaces=again))


def test_contract_is_withdrawn_voided_and_expired_by_three_different_ways(desk):
    """撤回 by the sender before the end, 作废 with its ground, expiry by the clock: each with its own event and outcome."""
    ending, voiding = desk.contracts.ending, desk.contracts.voiding
    draft = desk.create()
    desk.do(lambda s: ending.withdraw(s, APP, draft, "写错了"))
    assert desk.types(draft)[-2:] == ["contract.withdrawn", "case.closed"]
    taken_back = desk.sent()
    desk.do(lambda s: ending.withdraw(s, APP, taken_back, ""))
    assert {party.state for party in desk.parties(taken_back)} == {"released"}
    refused("contract-state", lambda: desk.do(lambda s: ending.withdraw(s, APP, taken_back, "")))
    void = desk.sent()
    refused(
        "void-unfounded",
        lambda: desk.do(lambda s: voiding.declare(s, APP, void, basis=Basis.COURT_ORDER, reason="")),
    )
    desk.do(lambda s: voiding.declare(s, APP, void, basis=Basis.ERROR, reason="发错"))
    assert desk.types(void)[-2:] == ["contract.voided", "case.closed"]
    refused("contract-unknown", lambda: desk.do(lambda s: ending.withdraw(s, STRANGER, void, "")))


def test_contract_completed_is_voided_by_agreement_of_all_who_signed(desk):
    """After completion nobody voids alone; the last agreement does, and the record of it is what the event relies on."""
    contract = desk.sent(ALICE, BOB)
    for party in desk.parties(contract):
        desk.act(contract, party)
    voiding = desk.contracts.voiding
    alice, bob = desk.parties(contract)
    refused(
        "void-unfounded",
        lambda: desk.do(lambda s: voiding.declare(s, APP, contract, basis=Basis.SENDER, reason="")),
    )
    refused("void-unasked", lambda: desk.do(lambda s: voiding.agree(s, link(contract, alice), contract)))
    desk.do(lambda s: voiding.ask(s, APP, contract, "双方同意"))
    for party in (alice, alice):
        assert desk.do(lambda s, p=party: voiding.agree(s, link(contract, p), contract)).state == "completed"
    assert desk.do(lambda s: voiding.agree(s, link(contract, bob), contract)).state == "voided"
    assert desk.types(contract)[-2:] == ["case.closed", "contract.voided"]
    desk.drain.run_once()
    with read(desk.engine) as session:
        assert session.exec(select(OutboxRow).where(OutboxRow.done_at.is_(None))).all() == []


def test_contract_party_hands_its_turn_on(desk):
    """The delegate takes the place, its signature completes; without a letter of authority the event has none."""
    contract = desk.sent(ALICE, BOB)
    alice, bob = desk.parties(contract)
    ending, turns = desk.contracts.ending, desk.contracts.turns
    to = PartyDraft(name="赵六", phone="+8619900000003")

    def hand_on(session):
        row, mine = turns.open_for(session, link(contract, alice))
        return ending.delegate(session, link(contract, alice), row, mine, to, reason="出差")

    fresh = desk.do(hand_on)
    refused("not-your-turn", lambda: desk.do(hand_on))
    assert desk.notices.told[-1] == (contract, fresh.ref, "sign_request")
    with read(desk.engine) as session:
        assert desk.contracts.seat_holder(session, fresh) == alice.ref
    desk.act(contract, fresh)
    desk.act(contract, bob)
    assert desk.row(contract).state == "completed"


def test_contract_deadline_is_exact_and_can_be_extended(desk):
    """Until the deadline nothing expires, from it on nobody signs; an extension moves both; reminders come when due."""
    ending = desk.contracts.ending
    start = desk.clock.now
    contract = desk.sent(ALICE, deadline=start + timedelta(days=2), remind_ahead=86_400, remind_every=36_000)
    desk.clock.advance(hours=9, minutes=59)
    assert desk.contracts.tick(desk.clock.now).reminded == ()
    desk.clock.advance(minutes=1)
    assert desk.contracts.tick(desk.clock.now).reminded == (contract,)
    assert desk.contracts.tick(desk.clock.now).reminded == ()
    later = start + timedelta(days=3)
    refused(
        "deadline-invalid", lambda: desk.do(lambda s: ending.extend(s, APP, contract, desk.clock.now, ""))
    )
    desk.do(lambda s: ending.extend(s, APP, contract, later, "对方出差"))
    assert desk.types(contract)[-1] == "contract.deadline_extended"
    (alice,) = desk.parties(contract)
    desk.view(contract, alice)
    desk.confirm(contract, alice)
    desk.clock.now = later - timedelta(milliseconds=1)
    assert desk.contracts.tick(desk.clock.now).expired == ()
    desk.clock.now = later
    refused("deadline-passed", desk.sign, contract, alice)
    assert desk.contracts.tick(desk.clock.now).expired == (contract,)
    assert [party.state for party in desk.parties(contract)] == ["expired"]
    assert desk.types(contract)[-2:] == ["contract.expired", "case.closed"]
    assert desk.contracts.tick(desk.clock.now).expired == ()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["view", "confirm", "sign", "tick"]), st.integers(0, 3))))
def test_contract_signature_and_deadline_never_meet(desk, steps):
    """However the clock runs while somebody signs: he signed strictly before the deadline, or the contract expired."""
    start = desk.clock.now
    contract = desk.sent(ALICE, deadline=start + timedelta(hours=6))
    (alice,) = desk.parties(contract)
    codes = set()
    for name, hours in steps:
        desk.clock.advance(hours=hours)
        try:
            if name == "tick":
                desk.contracts.tick(desk.clock.now)
            elif name == "sign":
                desk.sign(contract, alice)
            else:
                getattr(desk, name)(contract, alice)
        except Refused as told:
            codes.add(told.code)
    assert codes <= {"deadline-passed", "party-state", "contract-state", "not-your-turn"}
    desk.clock.now = max(desk.clock.now, start + timedelta(hours=6))
    desk.contracts.tick(desk.clock.now)
    (alice,) = desk.parties(contract)
    if alice.state == "signed":
        assert alice.done_at < desk.row(contract).deadline
        assert desk.row(contract).state == "signing"  # complete is to follow, whatever the clock says
    else:
        assert (alice.state, desk.row(contract).state) == ("expired", "expired")


def test_contract_is_signed_once_however_many_try_at_once(desk):
    """Ten threads sign for one party with the revision they saw: one signs, the others change nothing."""
    contract = desk.sent(PartyDraft(name="张三", phone="+8619900000001"), replace(BOB, group=1))
    alice, bob = desk.parties(contract)
    desk.view(contract, alice)
    desk.confirm(contract, alice)
    seen, outcomes, gate = desk.row(contract).revision, [], threading.Barrier(10)

    def attempt():
        gate.wait()
        try:
            outcomes.append(desk.sign(contract, alice, revision=seen))
        except Refused as told:
            outcomes.append(told.code)

    threads = [threading.Thread(target=attempt) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(False) == 1  # it signed, and not all have
    assert set(outcomes) == {False, "not-your-turn"}
    assert desk.row(contract).revision == seen + 1
    desk.act(contract, bob)
    assert desk.row(contract).state == "completed"


def test_contract_parties_see_their_own_and_nothing_of_others(desk):
    """S4-21: waiting for me, then for others; a stranger's link, another tenant and an uninvolved member see nothing."""
    contract = desk.sent(ALICE, BOB)
    hidden = desk.create()
    alice, bob = desk.parties(contract)
    views = desk.contracts.views

    def standing(by, wanted=None):
        with read(desk.engine) as session:
            return [each.standing for each in views.listing(session, by, after=0, limit=10, standing=wanted)]

    assert standing(link(contract, alice)) == ["waiting_for_me"]
    assert standing(link(contract, bob)) == ["waiting_for_others"]
    assert standing(link(contract, bob), "waiting_for_me") == []
    assert standing(APP) == ["draft", "waiting_for_others"]
    assert standing(STRANGER) == standing(member(new_id())) == []
    assert standing(member(new_id(), Role.SUPER_ADMIN)) == ["draft", "waiting_for_others"]
    seen = desk.do(lambda s: views.details(s, link(contract, bob), contract))
    assert [party.target for party in seen.parties] == ["", "+8619900000002"]
    for by in (STRANGER, member(new_id()), link(hidden, alice)):
        refused("contract-unknown", lambda by=by: desk.do(lambda s: views.details(s, by, contract)))
    refused(
        "contract-unknown",
        lambda: desk.do(lambda s: desk.contracts.turns.open_for(s, link(hidden, desk.parties(hidden)[0]))),
    )


def test_contract_looked_at_again_after_signing_stays_signed(desk):
    """A later view is recorded and changes neither state nor the moment of the first."""
    contract = desk.sent(ALICE, BOB)
    alice, _bob = desk.parties(contract)
    desk.view(contract, alice)
    first = desk.parties(contract)[0].viewed_at
    desk.confirm(contract, alice)
    desk.sign(contract, alice)
    desk.clock.advance(hours=1)
    desk.view(contract, alice)
    after = desk.parties(contract)[0]
    assert (after.state, after.viewed_at) == ("signed", first)
    assert desk.types(contract).count("document.viewed") == 2


def test_contract_history_has_for_each_step_exactly_the_events_of_its_row(desk):
    """What stands in the history of a completed and of a rejected contract follows the table, row by row."""
    contract = desk.sent(ALICE, replace(BOB, role=PartyRole.APPROVER), EVE)
    alice, approver, _ = desk.parties(contract)
    desk.act(contract, alice)
    desk.view(contract, approver)

    def approve(session):
        row, mine = desk.contracts.turns.open_for(session, link(contract, approver))
        assert desk.contracts.turns.mark_approved(session, link(contract, approver), row, mine)
        desk.contracts.turns.complete(session, row)

    desk.do(approve)
    details = desk.do(lambda s: desk.contracts.views.details(s, APP, contract))
    with read(desk.engine) as session:
        types = {row.event_id: row.type.partition("/")[0] for row in session.exec(select(OutboxRow))}
    for step in details.history[1:]:
        rows = [row for row in TRANSITIONS if row.step == step.step and row.target == step.state]
        recorded = [types.get(each, "elsewhere") for each in step.events]
        assert any(
            follows(recorded, [each for each in row.events if each != "case.closed"]) for row in rows
        ), (
            step,
            recorded,
        )
    assert [step.step for step in details.history] == [
        *["create", "send", "view", "confirm", "sign", "view", "approve", "complete"]
    ]


def follows(recorded, pattern):
    """Match types against a row's events: `*` any number; what others record is not looked at."""
    for each in pattern:
        name = each.rstrip("*")
        many = each.endswith("*")
        taken = 0
        while recorded and (
            recorded[0] == "elsewhere" or recorded[0] == name or (many and recorded[0].startswith(name))
        ):
            recorded.pop(0)
            taken += 1
            if not many:
                break
        if not many and taken != 1:
            return False
    return not recorded
