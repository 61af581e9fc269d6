"""What somebody would try against the pipeline: each found a hole once, or shows that there is none."""

import base64
import re
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from api_world import new_id
from zheng_verifier.entry import parse_entry

sys.path.insert(0, str(Path(__file__).parent))  # where the neighbours' makers lie

from signing_parties import ME, Signer, consent, contact, lease, person, sent, verified
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


def test_no_other_tenant_reads_links_and_codes_at_the_simulator(world, tenant):
    """What a simulated telephone received is shown to the tenant whose message it was, not to one that knows the number."""
    sent(world, tenant, [{"name": "张三", "phone": "13900000161"}])
    world.services.signing.delivery.sending.run("sms")
    url = f"{V1}/simulators/sms?to=13900000161"
    assert "/s#" in tenant.get(url).json()["data"][0]["text"]
    assert world.tenant().get(url).json()["data"] == []


def test_what_is_erased_here_is_erased_at_the_evidence_service(world, tenant):
    """Entries and documents of an erased contract's case are gone from the evidence service, which says so."""
    contract = sent(world, tenant, [{"name": "张三", "phone": "13900000171"}])
    assert tenant.post(f"{V1}/contracts/{contract}/withdraw", {"reason": "x"}).status_code == 200
    world.services.signing.delivery.sending.run("sms")
    world.drain_signing()
    seen = tenant.get(f"{V1}/contracts/{contract}").json()
    case, sha256 = seen["case"], bytes.fromhex(seen["documents"][0]["sha256"])
    vault = world.services.ledger.vault
    assert vault.document(case, sha256) is not None
    assert erase(tenant, contract).status_code == 200
    world.drain_signing()
    assert vault.document(case, sha256) is None
    *before, statement = world.services.ledger.events(tenant.id, case)
    assert {each.entry for each in before} == {None}
    claim = parse_entry(statement.entry).claim
    assert claim.type == "privacy.erased/1"
    assert len(claim.data["erased"]) == len(before)
    assert world.services.ledger.reader.case_leaves(case)[-1].leaf == statement.leaf


def test_a_held_case_of_the_pipeline_is_not_erased_behind_its_back(world, tenant):
    """A key that may only deposit cannot have the evidence service forget what a hold or a retention keeps."""
    contract = sent(world, tenant, [{"name": "张三", "phone": "13900000175"}])
    held = {"id": new_id(), "reason": "诉讼"}
    assert tenant.post(f"{V1}/custody/{contract}/holds", held).status_code == 201
    case = tenant.get(f"{V1}/contracts/{contract}").json()["case"]
    answer = tenant.post(f"/v1/cases/{case}/erasures", {"id": new_id(), "basis": "request"})
    assert code_of(answer) == "case-in-pipeline"
    assert tenant.get(f"/v1/cases/{case}").status_code == 200


def routes(world):
    """Every operation of the pipeline that asks who it is: (method, path with names in braces)."""
    return [
        (method.upper(), path)
        for path, methods in world.app.openapi()["paths"].items()
        if path.startswith(f"{V1}/")
        for method, operation in methods.items()
        if operation.get("security") and not path.endswith("/current")
    ]


def test_no_route_takes_another_tenants_ids(world, tenant):
    """With every right at home, and with the true ids of another tenant, no operation succeeds that names something."""
    account = person(tenant, "周强", "13900000181", "110105199001015555")
    contract = sent(world, tenant, [{"account": account}])
    seen = tenant.get(f"{V1}/contracts/{contract}").json()
    real = {
        "contract": contract,
        "owner": contract,
        "account": account,
        "document": seen["documents"][0]["document"],
        "party": seen["parties"][0]["party"],
        "sha256": seen["documents"][0]["sha256"],
    }
    stranger = world.tenant()
    boss = contact_of_members(world, stranger, "super_admin", "boss")
    got = []
    for method, path in routes(world):
        if "{" not in path:
            continue
        url = re.sub(r"\{([^}]*)\}", lambda name: real.get(name[1]) or new_id(), path)
        for key in (stranger.key, boss):
            sends = method != "DELETE" and method != "GET"
            headers = {"Content-Type": "application/json"} if sends else {}
            answer = world.request(method, url, key=key, headers=headers, content=b"{}" if sends else None)
            if answer.status_code < 400 or answer.status_code >= 500:
                got.append((method, path, answer.status_code))
    assert got == []


def contact_of_members(world, tenant, role, login):
    """Make a member with a role, and give the token of a session of his."""
    body = {"id": new_id(), "name": "甲", "login": login, "roles": [role]}
    made = tenant.post(f"{V1}/members", body)
    assert made.status_code == 201, made.text
    done, _ = register(world, tenant, made.json()["id"])
    return done.json()["token"]


# What whoever has an account or a link of the tenant, and nothing else, may ask without naming anything.
OWN = {
    "/agreements",
    "/batches",
    "/consents",
    "/contracts",
    "/folders",
    "/identity-methods",
    "/organisation",
    "/party",
    "/party/evidence",
    "/party/identity",
    "/party/seals",
    "/party/surroundings",
    "/party/void-request",
    "/reminders",
    "/search",
    "/search/index",
    "/seals",
    "/sessions",
    "/statistics",
    "/tags",
    "/templates",
}


def test_an_outsider_with_an_account_or_a_link_sees_nothing_of_the_organisation(world, tenant):
    """Lists that answer a contact or a party are few, and hold nothing that is not theirs; a new route has to be named."""
    sent(world, tenant, [{"name": "张三", "phone": "13900000191"}])
    folder = {"id": new_id(), "name": "绝密并购"}
    assert tenant.post(f"{V1}/folders", folder).status_code == 201
    account = contact(tenant, name="外人", phone="13900000192")
    done, _ = register(world, tenant, account, "contacts", login="outsider")
    link = Signer(world, tenant, "13900000191")
    answered = set()
    for method, path in routes(world):
        if method != "GET" or "{" in path:
            continue
        for key in (done.json()["token"], link.key):
            answer = world.get(path, key=key)
            assert answer.status_code < 500, path
            if answer.status_code == 200:
                answered.add(path.removeprefix(V1))
                assert folder["name"] not in answer.text, path
                if key != link.key and path.removeprefix(V1) in (
                    "/contracts",
                    "/batches",
                    "/seals",
                    "/templates",
                ):
                    assert answer.json()["data"] == [], path
    assert answered <= OWN


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": "　"}, "field-value"),
        ({"title": "租赁\r\nBcc: x@example.com"}, "json-forbidden-character"),
        ({"parties": [{"name": " ", "phone": "13900000101"}]}, "parties-invalid"),
        ({"parties": [{"name": "张\u202e三", "phone": "13900000101"}]}, "json-forbidden-character"),
        ({"parties": [{"name": "张三", "email": "<a@example.com>"}]}, "parties-invalid"),
        ({"parties": [{"name": "张三", "email": "a@example.com,b@example.com"}]}, "parties-invalid"),
    ],
)
def test_no_contract_bears_a_name_that_is_none_or_deceives(tenant, changed, code):
    """Blank names, line ends, turned writing, addresses that are more than one: refused before anything is written."""
    body = {"id": new_id(), "title": "租赁合同", "parties": [{"name": "张三", "phone": "13900000101"}]}
    assert code_of(tenant.post(f"{V1}/contracts", body | changed)) == code
