"""Erasing a case at the evidence service, and erasing it again: each statement stays, and says what it destroyed."""

from api_world import new_id
from zheng_verifier.entry import parse_entry


def erase(tenant, case, **members):
    body = {"id": new_id(), "basis": "request"} | members
    answer = tenant.post(f"/v1/cases/{case}/erasures", body)
    assert answer.status_code == 201, answer.text
    return body["id"]


def test_a_second_erasure_leaves_the_first_ones_statement(world, tenant):
    """Both statements open; each names what does not open any more, and neither the other."""
    case = tenant.open_case(kind="contract")
    assert tenant.deposit(case).status_code == 201
    first = erase(tenant, case)
    between = new_id()
    assert tenant.deposit(case, id=between).status_code == 201
    second = erase(tenant, case, basis="retention_ended")
    assert erase(tenant, case, id=first) == first
    *events, one, between_event, two = world.services.ledger.events(tenant.id, case)
    assert {each.entry for each in (*events, between_event)} == {None}
    claims = [parse_entry(each.entry).claim for each in (one, two)]
    assert [(each.id, each.data["basis"]) for each in claims] == [
        (first, "request"),
        (second, "retention_ended"),
    ]
    named = [{each["event"] for each in claim.data["erased"]} for claim in claims]
    assert named[1] == named[0] | {between}
    assert not named[1] & {first, second}
