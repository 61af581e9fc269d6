"""What is damaged or erased of one tenant keeps nobody else waiting."""

import pytest
from act_world import ALICE, ActWorld
from sqlmodel import select

from signing.act.models import CompletionRow
from signing.custody.rows import FileRow
from signing.database import read, write


@pytest.fixture
def world(tmp_path, engine, clock, random, uuid, notary):
    made = ActWorld(tmp_path, engine, clock, random, uuid, notary)
    yield made
    made.close()


def lose_files(world, contract):
    """Have every file of a contract be gone from the disk."""
    with read(world.engine) as session:
        for blob in session.exec(select(FileRow.blob).where(FileRow.owner == contract)):
            (world.context.custody.blobs / blob[:2] / blob).unlink()


def test_a_damaged_contract_holds_up_no_other(world, clock):
    """Of two contracts that lack an authority's time, the one whose files are lost waits longer and longer, alone."""
    world.stamps.dead = True
    lost, sound = (world.sent(ALICE) for _ in range(2))
    for contract in (lost, sound):
        world.sign(world.party(contract, "张三"))
    lose_files(world, lost)
    with write(world.engine) as session:  # it is taken up first
        row = session.get_one(CompletionRow, lost)
        row.next_try = row.due_at
        session.add(row)
    world.stamps.dead = False
    clock.advance(minutes=1)
    world.acts.resume(clock())
    assert world.types(sound)[-1] == "signature.timestamped/1"
    assert world.acts.resume(clock()) == 0


def test_an_erased_contract_is_sent_after_no_authority(world, clock):
    """What lacks an authority's time when it is erased stays without, and is taken up no more."""
    world.stamps.dead = True
    contract = world.sent(ALICE)
    world.sign(world.party(contract, "张三"))
    with write(world.engine) as session:
        world.acts.forget(session, "another tenant", contract)
        assert session.get_one(CompletionRow, contract).state == "lacking"
        tenant = session.get_one(CompletionRow, contract).tenant
        world.acts.forget(session, tenant, contract)
    lose_files(world, contract)
    clock.advance(hours=9)
    assert world.acts.resume(clock()) == 0
