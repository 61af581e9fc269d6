"""The act of signing: confirmed, signed, recorded; refused where it must be; taken up again wherever it was cut off."""

import pytest
from act_world import ActWorld


@pytest.fixture
def world(tmp_path, engine, clock, random, uuid, notary):
    made = ActWorld(tmp_path, engine, clock, random, uuid, notary)
    yield made
    made.close()


def test_two_sign_in_turn_and_the_contract_completes(world):
    """first."""
    contract = world.sent()
    alice, bob = world.party(contract, "张三"), world.party(contract, "李四")
    assert world.sign(alice).state == "signed"
    assert world.sign(bob).state == "signed"
    assert world.row(contract).state == "completed"
    print("\n".join(world.types(contract)))
