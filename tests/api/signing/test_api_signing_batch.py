"""A batch of twenty contracts is started at once; both parties of some sign; each case in the log says what happened."""

import base64
import io
from collections import Counter
from datetime import timedelta
from functools import cache

import pikepdf
from api_world import new_id
from zheng_verifier.entry import parse_entry

BATCHES, ME = "/v1/signing/batches", "/v1/signing/party"
COUNT, SIGNED = 20, 1
STROKES = [
    [{"x": 0, "y": 0, "at_ms": 0}, {"x": 400, "y": 300, "at_ms": 60}, {"x": 900, "y": 100, "at_ms": 120}]
]


@cache
def pdf():
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(595, 842))
        made.save(out, deterministic_id=True)
    return out.getvalue()


def control(name, party, y):
    place = {"x": 72_000, "y": y, "width": 150_000, "height": 40_000}
    return {"name": name, "kind": "signature", "party": party, "page": 1, "place": place}


def phone(contract, party):
    return f"+86197{party}{contract:07d}"


def template(tenant):
    body = {
        "id": new_id(),
        "title": "劳动合同",
        "name": "contract.pdf",
        "media_type": "application/pdf",
        "content": base64.b64encode(pdf()).decode(),
        "controls": [control("first", 1, 200_000), control("second", 2, 300_000)],
    }
    made = tenant.post("/v1/signing/templates", json=body)
    assert made.status_code == 201, made.text
    return body["id"]


def text(world, tenant, number, mark, size):
    """What stands behind the mark in the newest message to a telephone."""
    world.services.signing.delivery.sending.run("sms")
    arrived = tenant.get("/v1/signing/simulators/sms", params={"to": number}).json()["data"]
    return next(each["text"].split(mark)[1][:size] for each in reversed(arrived) if mark in each["text"])


def sign(world, tenant, number):
    """One party, from the link to the signature."""
    token = text(world, tenant, number, "/s#", 43)
    key = world.post("/v1/signing/party-sessions", {"token": token, "cookie": False}).json()["token"]
    (document,) = world.get(ME, key=key).json()["documents"]
    shown = {"document": document["document"], "document_sha256": document["sha256"], "pages_total": 2}
    shown |= {"pages_viewed": 2, "dwell_ms": 42_000, "scrolled_to_end": True, "renderer": "pdfjs"}
    assert world.post(f"{ME}/viewed", shown, key=key).status_code == 204
    chosen = world.request("PUT", f"{ME}/signature", key=key, json={"strokes": STROKES})
    assert chosen.status_code == 204, chosen.text
    asked = world.post(f"{ME}/challenges", {"id": new_id(), "method": "otp_sms"}, key=key).json()["id"]
    code = text(world, tenant, number, "验证码为 ", 6)
    answer = world.post(f"{ME}/challenges/{asked}/answer", {"answer": code}, key=key)
    assert answer.json() == {"state": "signed"}, answer.text


def types(tenant, case):
    events = tenant.get(f"/v1/cases/{case}/events").json()["data"]
    return Counter(parse_entry(each["entry"].encode()).claim.type for each in events)


def test_a_batch_is_started_signed_and_in_the_log(world, tenant):
    """Twenty of twenty are sent, each with a case of its own; those that both signed are completed, and nothing waits."""
    rows = [
        {
            "business_number": f"N-{number}",
            "people": [
                {"name": "张三", "phone": phone(number, 1)},
                {"name": "李四", "phone": phone(number, 2)},
            ],
            "values": {},
        }
        for number in range(COUNT)
    ]
    batch = {"id": new_id(), "template": template(tenant), "title": "劳动合同", "parties": [{}, {"group": 2}]}
    assert tenant.post(BATCHES, json=batch | {"rows": rows}).status_code == 202
    for _ in range(3):
        world.services.signing.batches.run()
        world.drain_signing()
        world.clock.offset += timedelta(seconds=1)
    progress = tenant.get(f"{BATCHES}/{batch['id']}").json()
    assert (progress["sent"], progress["failed"]) == (COUNT, 0)
    for number in range(SIGNED):
        sign(world, tenant, phone(number, 1))
        sign(world, tenant, phone(number, 2))
    world.drain_signing()
    items = tenant.get(f"{BATCHES}/{batch['id']}/rows?limit=100").json()["data"]
    contracts = [tenant.get(f"/v1/signing/contracts/{each['contract']}").json() for each in items]
    assert Counter(each["state"] for each in contracts) == {"completed": SIGNED, "signing": COUNT - SIGNED}
    assert len({each["case"] for each in contracts}) == COUNT
    for contract in contracts:
        found = types(tenant, contract["case"])
        signed = contract["state"] == "completed"
        assert (found["contract.sent/1"], found["party.signed/1"]) == (1, 2 * signed)
        assert found["contract.completed/1"] == signed
