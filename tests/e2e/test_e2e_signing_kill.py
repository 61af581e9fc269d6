"""Kill -9 while the pipeline records and deposits: every step that was answered is in the log, once, and none besides."""

import http.client
import json
import random

import pytest
from e2e_house import eventually, new_id

CONTACTS = 12


def create(client, number):
    """Create a contact, whose account is registered as evidence; None where no answer came."""
    body = {"id": new_id(), "kind": "person", "name": f"User {number}", "phone": f"+861990000{number:04}"}
    try:
        answer = client.post("/v1/signing/contacts", body)
    except (OSError, http.client.HTTPException):
        return None
    assert answer.status == 201, answer.body
    return answer.json["id"]


def pages(client, path):
    found, cursor = [], ""
    while True:
        page = client.get(f"{path}?limit=1000{cursor}").json
        found += page["data"]
        if not page["has_more"]:
            return found
        cursor = f"&after={page['next_cursor']}"


@pytest.mark.torture
def test_killed_again_and_again_it_deposits_each_step_once(new_house):
    """Twenty kills at random moments; then accounts, cases and events are the same in number, and fsck finds all well."""
    chance = random.Random(4)
    house = new_house()
    house.init()
    key = house.tenant()
    answered, number = set(), 0
    for _round in range(20):
        serving = house.serve()
        client = house.client(key)
        die_at = chance.randrange(CONTACTS)
        for count in range(CONTACTS):
            number += 1
            made = create(client, number)
            if made is not None:
                answered.add(made)
            if count == die_at:
                serving.kill()
                break
        client.close()
    house.serve()
    client = house.client(key)
    eventually(lambda: house.status()["signing"]["waiting_deposits"] == 0, 120, "all is deposited")
    contacts = {each["id"] for each in pages(client, "/v1/signing/contacts")}
    assert answered <= contacts
    cases = pages(client, "/v1/cases")
    events = [
        json.loads(event["entry"])["claim"]
        for case in cases
        for event in client.get(f"/v1/cases/{case['case']}/events").json["data"]
    ]
    ids = [claim["id"] for claim in events]
    assert len(ids) == len(set(ids))
    registered = [claim for claim in events if claim["type"] == "account.registered/1"]
    assert len(registered) == len(contacts) == len(cases)
    counts = house.fsck()
    assert (counts["deposits_waiting"], counts["dossiers"]) == (0, len(contacts))
