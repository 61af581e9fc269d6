"""Over HTTP two parties fill in what was left to them; what the verifier says of that case, and of one tampered with."""

import io

import pikepdf
from api_world import new_id
from signing_parties import LIN, ME, STROKES, WANG, Signer, judged, kinds, person, sent
from zheng_client import Client
from zheng_verifier.checks import Document


def control(name, kind, party, y, **rule):
    place = {"x": 72_000, "y": y, "width": 200_000, "height": 20_000}
    return {"name": name, "kind": kind, "party": party, "page": 1, "place": place, "rule": rule}


CONTROLS = (
    control("address", "text", 1, 200_000, label="住址"),
    control("rent", "number", 1, 240_000, grouped=True),
    control("start", "date", 2, 280_000, style="chinese"),
)


def enter(signer, values, status=204):
    document = signer.get().json()["documents"][0]["document"]
    url = f"{ME}/documents/{document}/values"
    answer = signer.world.request("PUT", url, key=signer.key, json={"values": values})
    assert answer.status_code == status, answer.text
    return answer


def test_what_parties_filled_in_is_judged_with_what_they_signed(world, tenant):
    """Two fill in and sign: the verifier finds the fillings told, the challenge bound to them, and nothing out of order."""
    accounts = [person(tenant, *each) for each in (WANG, LIN)]
    parties = [{"account": each, "group": number} for number, each in enumerate(accounts, start=1)]
    contract = sent(world, tenant, parties, CONTROLS)
    signer = Signer(world, tenant, WANG[1])
    (document,) = signer.get().json()["documents"]
    assert [(each["name"], each["value"], each["required"]) for each in document["fields"]] == [
        ("address", "", True),
        ("rent", "", True),
    ]
    signer.view()
    refused = signer.post("/challenges", {"id": new_id(), "method": "otp_sms"})
    assert (refused.status_code, refused.json()["type"], refused.json()["field"]) == (
        409,
        "urn:zheng:problem:values-missing",
        "/values/address",
    )
    wrong = enter(signer, {"address": "x", "rent": "many"}, 422).json()
    assert (wrong["type"], wrong["field"]) == ("urn:zheng:problem:value-invalid", "/values/rent")
    enter(signer, {"address": "杭州市西湖区文三路1号", "rent": "12800.5"})
    (filled,) = signer.get().json()["documents"]
    assert filled["sha256"] != document["sha256"]
    assert [each["value"] for each in filled["fields"]] == ["杭州市西湖区文三路1号", "12800.5"]
    assert signer.sign({"strokes": STROKES}).json() == {"state": "signed"}
    world.drain_signing()
    other = Signer(world, tenant, LIN[1])
    (seen_first,) = other.get().json()["documents"]
    enter(other, {"address": "x"}, 422)
    with Client("http://zheng.test", other.key, transport=world.transport()) as client:
        client.party_side().enter(seen_first["document"], {"start": "2027-01-31"})
    assert other.sign({"text": "林晓"}).json() == {"state": "signed"}
    world.drain_signing()
    seen = other.get().json()
    assert seen["state"] == "completed"
    assert kinds(world, contract).count("document.filled/1") == 2
    content = other.get(f"/files/{seen['documents'][0]['document']}").content
    world.drain_signing()
    found = judged(world, tenant, seen["case"], [Document("signed.pdf", content)])
    assert [check for check, (status, _) in found.items() if status == "FAILED"] == []
    assert found["C13"] == ("PASSED", set())
    assert "ORDER_WARNING" not in found["C20"][1]
    assert found["C19"] == ("INDETERMINATE", {"SIMULATED_FACTOR"})
    with pikepdf.open(io.BytesIO(content)) as pdf:
        values = {str(each.T): str(each.V) for each in pdf.Root.AcroForm.Fields if each.FT != "/Sig"}
    assert values == {"address": "杭州市西湖区文三路1号", "rent": "12,800.5", "start": "2027年1月31日"}
