"""What a court's verifier says of a contract's case, however the contract ended."""

from datetime import timedelta

import pytest
from act_world import APP, ActWorld
from zheng_verifier.bundle import BundleEvent
from zheng_verifier.checks.case import read_case
from zheng_verifier.checks.completeness import check_completeness
from zheng_verifier.checks.evidence import Inclusions, Item
from zheng_verifier.checks.identity import check_identities
from zheng_verifier.checks.intent import check_intents
from zheng_verifier.checks.sequence import check_sequence
from zheng_verifier.entry import parse_entry, parse_leaf
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.report.model import Status
from zheng_verifier.taxonomy.sequence import sequence_warnings

from signing.contracts.draft import PartyDraft
from signing.contracts.states import Basis
from signing.database import write


@pytest.fixture
def world(tmp_path, engine, clock, random, uuid, notary):
    made = ActWorld(tmp_path, engine, clock, random, uuid, notary)
    yield made
    made.close()


def items(world, contract):
    """The case of a contract as a bundle would show it, after everything was deposited."""
    world.drain.run_once()
    with write(world.engine) as session:
        standing = world.context.recorder.standing(session, world.row(contract).dossier)
    assert standing.waiting == 0
    return [
        Item(
            number,
            True,
            BundleEvent(each.leaf, each.entry, each.disclosures),
            leaf_hash(each.leaf),
            parse_leaf(each.leaf),
            parse_entry(each.entry),
        )
        for number, each in enumerate(world.notary.events(standing.case))
    ]


def complete(world):
    contract = world.sent()
    world.sign(world.party(contract, "张三"))
    world.sign(world.party(contract, "李四"))
    return contract


def complete_by_delegate(world):
    contract = world.sent()
    alice = world.party(contract, "张三")
    with write(world.engine) as session:
        row, mine = world.contracts.turns.open_for(session, alice)
        to = PartyDraft(name="王五", phone="13900000003")
        world.contracts.ending.delegate(session, alice, row, mine, to, reason="出差", authorization="ab" * 32)
    world.sign(world.party(contract, "王五"))
    world.sign(world.party(contract, "李四"))
    return contract


def reject(world):
    contract = world.sent()
    world.sign(world.party(contract, "张三"))
    bob = world.party(contract, "李四")
    world.view(bob)
    with write(world.engine) as session:
        row, mine = world.contracts.turns.open_for(session, bob)
        world.contracts.turns.reject(session, bob, row, mine, "content", "租金不对")
    return contract


def withdraw(world):
    contract = world.sent()
    with write(world.engine) as session:
        world.contracts.ending.withdraw(session, APP, contract, "")
    return contract


def expire(world):
    contract = world.sent(deadline=world.clock() + timedelta(days=1))
    world.sign(world.party(contract, "张三"))
    world.clock.advance(days=1)
    assert world.contracts.tick(world.clock()).expired == (contract,)
    return contract


def void_afterwards(world):
    contract = complete(world)
    with write(world.engine) as session:
        order = {"basis": Basis.COURT_ORDER, "reason": "判决", "order": "cd" * 32}
        world.contracts.voiding.declare(session, APP, contract, **order)
    return contract


@pytest.mark.parametrize(
    ("flow", "state"),
    [
        (complete, "completed"),
        (complete_by_delegate, "completed"),
        (reject, "rejected"),
        (withdraw, "withdrawn"),
        (expire, "expired"),
        (void_afterwards, "voided"),
    ],
)
def test_contract_case_is_complete_however_it_ended(world, flow, state):
    """C20 passes and warns of nothing, C04 finds no gap and a right close, C18 and C19 find nothing false (A5–A7)."""
    contract = flow(world)
    assert world.row(contract).state == state
    shown = items(world, contract)
    facts = read_case(shown)
    assert sequence_warnings([fact.event for fact in facts.all]) == ()
    completeness = check_completeness(facts, world.clock() + timedelta(days=400))
    assert {finding.status for finding in completeness} == {Status.PASSED}
    order = check_sequence(shown, Inclusions({}, {}))
    assert {finding.code for finding in order} <= {"", "NOT_ATTESTED"}  # an export attests
    persons = [*check_identities(facts), *check_intents(facts)[0]]
    assert [finding for finding in persons if finding.status is Status.FAILED] == []
    outcome = facts.named("case.closed")[0].text("outcome")
    assert outcome == ("completed" if flow is void_afterwards else state)


def test_contract_restarted_names_the_newest_leaf_of_the_refused_one(world):
    """The new contract's first event could not have been written before the old case had that leaf."""
    old = reject(world)
    items(world, old)
    again = world.sent(replaces=old)
    created = next(each for each in world.events(again) if each.type == "contract.created/1")
    with write(world.engine) as session:
        head = world.context.recorder.standing(session, world.row(old).dossier).head
    assert [each.hash for each in created.after] == [head]
