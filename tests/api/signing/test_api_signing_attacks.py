"""What somebody would try against the pipeline: each found a hole once, or shows that there is none."""

import base64
import sys
from datetime import timedelta
from pathlib import Path

from api_world import new_id

sys.path.insert(0, str(Path(__file__).parent))  # where the neighbours' makers lie

from test_api_signing_act import ME, Signer, consent, contact, lease, person, sent, verified
from test_api_signing_people import register

V1 = "/v1/signing"


def code_of(answer):
    return answer.json()["type"].rpartition(":")[2] if answer.status_code >= 400 else ""


def erase(tenant, owner):
    return tenant.post(f"{V1}/custody/{owner}/erasure", {"basis": "request", "reason": "the person asks"})


def test_whoever_handed_his_part_on_is_let_in_no_more(world, tenant):
    """After a delegation neither the open session nor the link of the one who delegated opens anything."""
    sent(world, tenant, [{"name": "张三", "phone": "13900000121"}])
    first = Signer(world, tenant, "13900000121")
    first.view()
    handed = first.post("/delegate", {"name": "李四", "phone": "13900000122", "reason": "出差"})
    assert handed.status_code == 204, handed.text
    assert code_of(first.get()) == "session-invalid"
    assert Signer(world, tenant, "13900000122").get().status_code == 200


def test_whoever_hands_his_part_to_an_account_gets_none_of_its_codes(world, tenant):
    """A delegation to a verified person's account goes to that person's own address, whatever number is given with it."""
    account = person(tenant, "钱多", "13900000124", "110105199001013333")
    contract = sent(world, tenant, [{"name": "张三", "phone": "13900000123"}])
    first = Signer(world, tenant, "13900000123")
    first.view()
    handed = first.post("/delegate", {"account": account, "phone": "13900000123", "kind": "organization"})
    assert handed.status_code == 204, handed.text
    made = tenant.get(f"{V1}/contracts/{contract}").json()["parties"][-1]
    assert (made["name"], made["kind"], made["target"]) == ("钱多", "person", "13900000124")


def test_a_sender_cannot_confirm_for_a_contact_whose_password_he_can_set(world, tenant):
    """The sender gets the link by which a contact sets password and second factor: neither confirms for the contact."""
    account = person(tenant, "周强", "13900000131", "110105199001015555")
    contract = sent(world, tenant, [{"account": account}])
    done, _ = register(world, tenant, account, "contacts", login="impostor")
    key = done.json()["token"]
    seen = world.get(f"{ME}?contract={contract}", key=key).json()
    assert "password" not in seen["methods"]


def test_a_party_that_was_verified_under_another_name_is_not_sent_for_signing(world, tenant):
    """What the case says of a party's name is what was verified: a new name since the draft refuses the sending."""
    account = person(tenant, "周强", "13900000141", "110105199001016666")
    body = {"id": new_id(), "title": "租赁合同", "parties": [{"account": account}]}
    assert tenant.post(f"{V1}/contracts", body).status_code == 201
    other = {"name": "吴用", "phone": "13900000141", "id_type": "id_card", "id_number": "110105199001012222"}
    assert world.request("PUT", f"{V1}/contacts/{account}", key=tenant.key, json=other).status_code == 200
    verified(tenant, account, "telecom3")
    file = {"id": new_id(), "contract": body["id"], "name": "a.pdf"}
    file |= {"content": base64.b64encode(lease()).decode()}
    assert tenant.post(f"{V1}/documents", file).status_code == 201
    world.drain_signing()
    assert code_of(tenant.post(f"{V1}/contracts/{body['id']}/send")) == "party-renamed"


def test_an_erased_person_keeps_nobody_elses_verification_waiting(world, tenant):
    """A check that was under way when its person was erased is told as ended; later ones go on."""
    account = contact(
        tenant, name="郑一", phone="13900000151", id_type="id_card", id_number="110105199001018888"
    )
    consent(tenant, account)
    check = {"id": new_id(), "account": account, "method": "manual"}
    assert tenant.post(f"{V1}/identities", check).status_code == 201
    world.drain_signing()
    assert erase(tenant, account).status_code == 200
    other = contact(
        tenant, name="郑二", phone="13900000152", id_type="id_card", id_number="110105199001019999"
    )
    consent(tenant, other)
    later = verified(tenant, other, "manual")["id"]
    world.services.signing.identities.tick(world.clock() + timedelta(days=60))
    assert tenant.get(f"{V1}/identities/{later}").json()["state"] == "unavailable"
    world.drain_signing()
