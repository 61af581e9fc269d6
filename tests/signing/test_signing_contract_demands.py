"""What is demanded of parties, held from the draft to the signature: drafted, changed, sent, handed on, in batches."""

from dataclasses import replace

import pytest
from contract_world import ALICE, APP, BOB, BOSS, EVE, TENANT, Desk, link, new_id, refused

from signing.contracts.batch.plan import Plan
from signing.contracts.batch.rows import Person, Row
from signing.contracts.batch.service import Batches
from signing.contracts.demands import (
    FREE,
    Demand,
)
from signing.contracts.draft import Draft, PartyDraft
from signing.contracts.models import PartyRow
from signing.contracts.ports import Known
from signing.database import read, write

TYPE = new_id()


@pytest.fixture
def desk(engine, tmp_path, clock, notary):
    made = Desk(engine, tmp_path / "signing", clock, notary)
    yield made
    made.custody.keys.close()


class Held:
    """Identities that a test says are verified, told once each."""

    def __init__(self, level="none"):
        self.held, self.told = level, []

    def level(self, session, contract, party):
        return self.held

    def restate(self, session, contract, party):
        if self.held == "none":
            return None
        if (party.ref, self.held) not in self.told:
            self.told.append((party.ref, self.held))
        return f"{self.held}-{party.ref}"[:36]


def holding(desk, level="none"):
    """Have parties be verified so."""
    held = Held(level)
    desk.contracts.demanding._identities = desk.contracts.sending._identities = held
    return held


def seats(desk, contract):
    return [(party.identity_level, party.factors) for party in desk.parties(contract)]


def test_a_demand_is_part_of_the_draft_and_never_less_than_its_business_types(desk):
    """Other demands make another contract; the type's level counts for signers, at drafting, editing and sending."""
    asked = replace(ALICE, demand=Demand("low", ("otp_sms",)))
    plain = Draft(new_id(), "合同", (ALICE, BOB))
    assert plain.fingerprint() != replace(plain, parties=(asked, BOB)).fingerprint()
    desk.directory.levels[TYPE] = "substantial"
    contract = desk.create(asked, BOB, EVE, business_type=TYPE)
    assert seats(desk, contract) == [("substantial", "otp_sms"), ("substantial", ""), ("none", "")]
    alice, bob, eve = desk.parties(contract)

    def edit(*demands):
        drafting = desk.contracts.drafting
        return desk.do(lambda session: drafting.edit(session, APP, contract, demands=demands))

    edit((alice.ref, FREE), (bob.ref, Demand("high")))
    assert seats(desk, contract)[:2] == [("substantial", ""), ("high", "")]
    told = refused("field-value", edit, (eve.ref, Demand("low")))
    assert told.field == "/demands/0/identity_level"
    told = refused("demand-unmeetable", edit, (alice.ref, FREE), (bob.ref, Demand(factors=("password",))))
    assert told.field == "/demands/1/factors"
    refused("party-unknown", edit, (new_id(), FREE))
    desk.directory.levels[TYPE] = "high"
    desk.drain.run_once()
    desk.do(lambda session: desk.contracts.sending.send(session, APP, contract))
    desk.directory.levels[TYPE] = "none"
    assert [level for level, _ in seats(desk, contract)] == ["high", "high", "none"]
    refused("contract-state", edit, (alice.ref, FREE))


def test_what_nobody_could_meet_is_refused_at_drafting_and_at_sending(desk):
    """A password of a stranger; or of a member who is kept out by the time of sending."""
    asked = replace(ALICE, demand=Demand(factors=("password",)))
    told = refused("demand-unmeetable", desk.create, BOB, asked)
    assert told.field == "/parties/1/factors"
    desk.directory.accounts[TENANT, BOSS] = Known("账号", "person", internal=True)
    contract = desk.create(PartyDraft(account=BOSS, demand=Demand(factors=("password",))))
    del desk.directory.accounts[TENANT, BOSS]
    told = refused(
        "demand-unmeetable", lambda: desk.do(lambda s: desk.contracts.sending.send(s, APP, contract))
    )
    assert told.field == "/parties/0/factors"


def require(desk, contract, place=0):
    def ask(session):
        row, party = desk.contracts.turns.open_for(session, link(contract, desk.parties(contract)[place]))
        desk.contracts.demanding.require(session, row, party)

    return desk.do(ask)


def test_a_party_passes_once_it_is_verified_and_its_case_is_told_so(desk):
    """By a higher level later its case is told again; without a demand only of whom nothing was told."""
    held = holding(desk)
    contract = desk.sent(replace(ALICE, demand=Demand("substantial")), replace(BOB, group=1))
    alice, bob = (party.ref for party in desk.parties(contract))
    refused("identity-required", require, desk, contract)
    require(desk, contract, 1)
    assert held.told == []
    held.held = "low"
    refused("identity-required", require, desk, contract)
    require(desk, contract, 1)
    held.held = "high"
    for place in (0, 0, 1):
        require(desk, contract, place)
    assert held.told == [(bob, "low"), (alice, "high")]
    with read(desk.engine) as session:
        assert session.get(PartyRow, alice).identity_event.startswith("high-")


def test_a_delegate_takes_the_demands_over(desk):
    """And is refused where he could not meet them."""
    contract = desk.sent(replace(ALICE, demand=Demand("high", ("otp_sms",))), BOB)
    (alice, _), ending = desk.parties(contract), desk.contracts.ending

    def hand_on(to):
        def act(session):
            row, mine = desk.contracts.turns.open_for(session, link(contract, alice))
            return ending.delegate(session, link(contract, alice), row, mine, to, reason="")

        return desk.do(act)

    told = refused("demand-unmeetable", hand_on, PartyDraft(name="赵六", email="zhao@example.org"))
    assert told.field == "/to"
    made = hand_on(PartyDraft(name="赵六", phone="+8619900000003", demand=Demand("low")))
    assert (made.identity_level, made.factors) == ("high", "otp_sms")


def test_a_batch_demands_of_every_row(desk):
    """The pattern's demands are those of each contract; a row that could not meet them says so, and no other waits."""
    pattern = (PartyDraft(demand=Demand("low", ("otp_sms", "face"))),)
    people = (Person(name="一", phone="+8619900000001"), Person(name="二", email="er@example.org"))
    rows = [Row(f"HR-{number}", (person,)) for number, person in enumerate(people)]
    batches, batch = Batches(desk.contracts), new_id()
    with write(desk.engine) as session:
        batches.create(session, APP, Plan(batch, new_id(), "劳动合同", pattern, send=False), rows)
    batches.run()
    with read(desk.engine) as session:
        first, second = batches.items(session, APP, batch, after=0, limit=9)
    assert (first.state, second.state) == ("made", "made")  # by a face, once verified
    for item in (first, second):
        assert seats(desk, item.contract) == [("low", "otp_sms face")]
    strict, other = (PartyDraft(demand=Demand(factors=("otp_sms",))),), new_id()
    with write(desk.engine) as session:
        batches.create(
            session,
            APP,
            Plan(other, new_id(), "另一批", strict, send=False),
            [replace(rows[1], business_number="HR-9")],
        )
    batches.run()
    with read(desk.engine) as session:
        (item,) = batches.items(session, APP, other, after=0, limit=9)
    assert (item.state, item.code, item.field) == ("failed", "demand-unmeetable", "/parties/0/factors")
