"""Cases and events over HTTP: receipts that prove themselves, repetition, closing, lists."""

from datetime import timedelta

import pytest
from api_world import new_id, sign, viewed
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zheng_verifier.canonical import format_json
from zheng_verifier.encoding import format_time
from zheng_verifier.entry import entry_digest, parse_entry, parse_leaf
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.sealed import Disclosure, disclosure_digest, format_disclosure, sealed_value
from zheng_verifier.tlog_proof import parse_tlog_proof, verify_tlog_proof

PARTY = "9d3c7a44-52f1-4b1d-8d0e-1f6a2b3c4d5e"
REASON = {"party": PARTY, "document_sha256": "a1" * 32, "reason_code": "content"}


def check_receipt(world, receipt):
    """A receipt is a proof: hashes lead from the entry over leaf and path to the log's signature."""
    leaf, entry = receipt["leaf"].encode(), receipt["entry"].encode()
    assert parse_leaf(leaf).entry == entry_digest(entry)
    assert parse_leaf(leaf).case == receipt["case"] == parse_entry(entry).claim.case
    proof = parse_tlog_proof(receipt["tlog_proof"].encode())
    verify_tlog_proof(proof, leaf_hash(leaf), world.services.ledger.vkey)
    assert proof.index == receipt["leaf_index"] == receipt["inclusion"]["index"]


def test_opening_a_case_answers_with_a_proof(world, tenant):
    """The service makes the case's id, and its first event is proven at once."""
    request = new_id()
    answer = tenant.post("/v1/cases", {"id": request, "kind": "contract", "external_ref": "HT-1"})
    assert answer.status_code == 201
    receipt = answer.json()
    check_receipt(world, receipt)
    assert receipt["id"] == request
    assert receipt["case"] != request
    assert receipt["seq"] == 1
    case = tenant.get(f"/v1/cases/{receipt['case']}").json()
    assert case == {
        "case": receipt["case"],
        "kind": "contract",
        "events": 1,
        "head": case["head"],
        "closed": False,
        "external_ref": "HT-1",
    }
    assert b"HT-1" not in world.settings.paths.ledger_db.read_bytes()


def test_opening_twice_with_one_id_is_one_case(tenant):
    """The same request again gives the same case, and says that it is a repetition."""
    body = {"id": new_id(), "kind": "subject"}
    first, second = tenant.post("/v1/cases", body), tenant.post("/v1/cases", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["idempotent-replayed"] == "true"
    assert first.json()["case"] == second.json()["case"]
    other = tenant.post("/v1/cases", body | {"kind": "contract"})
    assert other.json()["type"] == "urn:zheng:problem:id-reused"


def test_plain_event_is_claimed_for_the_tenant(world, tenant):
    """Form (b): the service fills log, tenant and case, and says that the claim came by API key."""
    case = tenant.open_case()
    answer = tenant.deposit(case)
    assert answer.status_code == 201
    check_receipt(world, answer.json())
    entry = parse_entry(answer.json()["entry"].encode())
    assert (entry.claim.tenant, entry.claim.case, entry.submitter.kind) == (tenant.id, case, "api-key")
    assert answer.json()["warnings"] == []


def test_private_values_are_sealed_and_their_disclosures_given(world, tenant):
    """A personal value never stands in the entry; the depositor gets what opens it, again on repetition."""
    case, event = tenant.open_case(), new_id()
    body = viewed(id=event, type="party.rejected/1", data=REASON, private={"reason": "价格不对"})
    first = tenant.post(f"/v1/cases/{case}/events", body)
    assert first.status_code == 201, first.text
    receipt = first.json()
    assert "价格不对" not in receipt["entry"]
    assert parse_entry(receipt["entry"].encode()).checked.sealed
    (disclosure,) = receipt["disclosures"]
    assert disclosure_digest(disclosure) in receipt["entry"]
    again = tenant.post(f"/v1/cases/{case}/events", body)
    assert again.status_code == 200
    assert again.json()["disclosures"] == [disclosure]
    assert again.json()["leaf"] == receipt["leaf"]
    assert tenant.get(f"/v1/events/{event}").json()["disclosures"] == [disclosure]


def test_signed_claim_goes_in_as_it_is(world, tenant):
    """Form (a): the JWS stands in the entry, and the claim's bytes are those that were signed."""
    tenant.signer = Ed25519PrivateKey.generate()
    assert tenant.register_key().status_code == 201
    case = tenant.open_case()
    claim = tenant.claim(case)
    jws = sign(tenant.signer, format_json(claim))
    answer = tenant.post(f"/v1/cases/{case}/events", {"claim": claim, "jws": jws})
    assert answer.status_code == 201, answer.text
    check_receipt(world, answer.json())
    assert format_json(claim).decode() in answer.json()["entry"]
    assert parse_entry(answer.json()["entry"].encode()).submitter.jws == jws


def test_sealed_value_without_disclosure_is_taken_with_a_warning(tenant):
    """A platform may keep its disclosures to itself; the receipt says what that means."""
    case = tenant.open_case()
    opened = format_disclosure(Disclosure(bytes(range(16)), "secret"))
    data = REASON | {"reason": sealed_value(disclosure_digest(opened))}
    claim = tenant.claim(case, type="party.rejected/1", data=data) | {"_sd_alg": "sha-256"}
    answer = tenant.post(f"/v1/cases/{case}/events", {"claim": claim})
    assert answer.status_code == 201, answer.text
    assert [each["code"] for each in answer.json()["warnings"]] == ["sealed-unseen"]


def test_clock_a_little_off_is_flagged(world, tenant):
    """More than five minutes from our clock is taken, and the receipt says so, every time."""
    case = tenant.open_case()
    body = viewed(occurred_at=format_time(world.clock() - timedelta(minutes=6)))
    for status in (201, 200):
        answer = tenant.post(f"/v1/cases/{case}/events", body)
        assert answer.status_code == status
        assert [each["code"] for each in answer.json()["warnings"]] == ["clock-skew"]


def test_batch_is_one_answer_in_order(world, tenant):
    """A batch gives its receipts in order; sent again it changes nothing."""
    case = tenant.open_case()
    events = [viewed() for _ in range(20)]
    first = tenant.post(f"/v1/cases/{case}/events:batch", {"events": events})
    assert first.status_code == 201, first.text
    receipts = first.json()["receipts"]
    assert [each["seq"] for each in receipts] == list(range(2, 22))
    for receipt in receipts:
        check_receipt(world, receipt)
    second = tenant.post(f"/v1/cases/{case}/events:batch", {"events": events})
    assert second.status_code == 200
    assert [each["leaf"] for each in second.json()["receipts"]] == [each["leaf"] for each in receipts]


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_batch_is_all_or_nothing_and_names_the_index(tenant, bad):
    """One bad event refuses the whole batch, by its index, and nothing of it is written."""
    case = tenant.open_case()
    events = [viewed() for _ in range(3)]
    events[bad]["data"] = {"deadline": 7, "unsigned_parties": []}
    answer = tenant.post(f"/v1/cases/{case}/events:batch", {"events": events})
    assert answer.status_code == 422
    assert answer.json()["index"] == bad
    assert answer.json()["field"] == f"/events/{bad}/data/deadline"
    assert tenant.get(f"/v1/cases/{case}").json()["events"] == 1


def test_batch_refused_by_the_log_names_the_index(tenant):
    """What only the log can refuse (an id used before) is named by index too, and writes nothing."""
    case = tenant.open_case()
    used = tenant.deposit(case).json()["id"]
    events = [viewed(), viewed(id=used, type="contract.voided/1", data={})]
    events[1] = viewed(id=used, data={"deadline": "2027-01-01T00:00:00.000Z", "unsigned_parties": []})
    answer = tenant.post(f"/v1/cases/{case}/events:batch", {"events": events})
    assert answer.status_code == 409, answer.text
    assert (answer.json()["type"], answer.json()["index"]) == ("urn:zheng:problem:id-reused", 1)
    assert tenant.get(f"/v1/cases/{case}").json()["events"] == 2


def test_client_closes_its_case(tenant):
    """A close names count and head; a wrong one is refused, and after it only custody types follow."""
    case = tenant.open_case()
    head = tenant.get(f"/v1/cases/{case}").json()["head"]
    closing = {"count": 1, "head": head, "outcome": "completed"}
    wrong = tenant.deposit(case, type="case.closed/1", data=closing | {"count": 2})
    assert wrong.json()["type"] == "urn:zheng:problem:case-head-mismatch"
    assert tenant.deposit(case, type="case.closed/1", data=closing).status_code == 201
    assert tenant.get(f"/v1/cases/{case}").json()["closed"] is True
    late = tenant.deposit(case)
    assert (late.status_code, late.json()["type"]) == (409, "urn:zheng:problem:case-closed")
    exported = tenant.post(f"/v1/cases/{case}/bundle", {"id": new_id()})
    assert exported.status_code == 200


def test_lists_are_paged_by_cursor(tenant):
    """Pages follow each other without gap or repetition, and the last one says so."""
    cases = [tenant.open_case(external_ref=f"R{number}") for number in range(3)]
    first = tenant.get("/v1/cases?limit=2").json()
    second = tenant.get(f"/v1/cases?limit=2&after={first['next_cursor']}").json()
    assert [each["case"] for each in first["data"] + second["data"]] == cases
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert [each["external_ref"] for each in second["data"]] == ["R2"]
    for _ in range(2):
        tenant.deposit(cases[0])
    events = tenant.get(f"/v1/cases/{cases[0]}/events?limit=2").json()
    rest = tenant.get(f"/v1/cases/{cases[0]}/events?after={events['next_cursor']}").json()
    assert [each["seq"] for each in events["data"] + rest["data"]] == [1, 2, 3]
    assert parse_leaf(rest["data"][0]["leaf"].encode()).entry == entry_digest(
        rest["data"][0]["entry"].encode()
    )


def test_document_hashed_here_is_said_in_the_entry(tenant):
    """Bytes sent once mark later deposits that name them; digests that contradict them are refused."""
    case = tenant.open_case()
    content = b"%PDF-1.7 lease"
    seen = tenant.put(f"/v1/cases/{case}/documents", content).json()
    document = {
        "role": "original",
        "size": len(content),
        "media_type": "application/pdf",
        "digests": seen["digests"],
    }
    other = document | {"digests": {"sha256": "00" * 32}}
    answer = tenant.deposit(case, documents=[other, document])
    assert answer.status_code == 201, answer.text
    assert parse_entry(answer.json()["entry"].encode()).checked.documents == (1,)
    wrong = document | {"digests": seen["digests"] | {"sm3": "00" * 32}}
    refused = tenant.deposit(case, documents=[wrong])
    assert (refused.status_code, refused.json()["field"]) == (422, "/documents/0")
    # Only in this case, and only for its owner.
    assert (
        tenant.deposit(tenant.open_case(), documents=[document]).json()["entry"].count('"documents":[]') == 1
    )


def test_document_is_kept_only_when_asked(world, tenant):
    """Without `keep` the bytes are hashed and gone; with it they are in the vault."""
    case = tenant.open_case()
    vault = world.services.ledger.vault
    gone = bytes.fromhex(tenant.put(f"/v1/cases/{case}/documents", b"gone").json()["digests"]["sha256"])
    answer = tenant.put(f"/v1/cases/{case}/documents?keep=true", b"kept").json()
    assert answer["kept"] is True
    assert vault.document(case, bytes.fromhex(answer["digests"]["sha256"])) == b"kept"
    assert vault.document(case, gone) is None


def test_an_erased_case_is_readable_no_more_and_proven_still(world, tenant):
    """The same id again gives the same statement, which stays readable; a leaf's proof goes on; others get nothing."""
    case = tenant.open_case()
    event = tenant.deposit(case).json()["id"]
    leaf = tenant.get(f"/v1/events/{event}").json()["leaf"]
    body = {"id": new_id(), "basis": "request"}
    made = tenant.post(f"/v1/cases/{case}/erasures", body)
    assert made.status_code == 201
    check_receipt(world, made.json())
    assert tenant.post(f"/v1/cases/{case}/erasures", body).json()["leaf"] == made.json()["leaf"]
    *before, statement = tenant.get(f"/v1/cases/{case}/events").json()["data"]
    assert ["entry" in each for each in before] == [False, False]
    claim = parse_entry(statement["entry"].encode()).claim
    assert claim.data["erased"][-1] == {"event": event}
    assert claim.data["exported_before"] is False
    assert before[-1]["leaf"] == leaf
    other = tenant.open_case()
    assert tenant.post(f"/v1/cases/{other}/erasures", body).status_code == 409
    assert world.tenant().post(f"/v1/cases/{other}/erasures", body | {"id": new_id()}).status_code == 404
