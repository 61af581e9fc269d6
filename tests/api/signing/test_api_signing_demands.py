"""What is demanded of parties before they sign, over HTTP: refused until met, then found in the case by the verifier."""

from datetime import timedelta

import pytest
from api_world import new_id
from signing_parties import COMPANY, STROKES, Signer, administrator, judged, person, sent
from zheng_verifier.checks import Document

from signing.identity.reviews import Decision

CONTRACTS, TYPES = "/v1/signing/contracts", "/v1/signing/business-types"
NUMBER = "11010519491231002X"


def problem(answer):
    return answer.json().get("type", "").removeprefix("urn:zheng:problem:")


def agreed(tenant, *names):
    """What a page says of texts that were agreed to."""
    listed = tenant.get("/v1/signing/agreements").json()["data"]
    return [
        {key: each[key] for key in ("name", "version", "locale", "text_sha256")} | {"action": "checkbox"}
        for each in listed
        if each["name"] in names and each["locale"] == "zh-CN"
    ]


def identify(signer, method="telecom3", **values):
    consents = agreed(signer.tenant, "identity_verification")
    return signer.post("/identity", {"id": new_id(), "method": method, "consents": consents} | values)


def events(world, tenant, contract):
    """The types of a contract's history in order."""
    world.drain_signing()
    case = tenant.get(f"{CONTRACTS}/{contract}").json()["case"]
    return [
        each["type"].partition("/")[0]
        for each in (event["claim"] for event in tenant.get(f"/v1/cases/{case}/events").json()["data"])
    ]


def test_a_party_named_by_hand_is_verified_on_the_way_and_the_case_has_it_before_the_certificate(
    world, tenant
):
    """Read, refused, verified, signed: the verifier finds the order kept, and whom the certificate names."""
    phone = "13900000071"
    party = {"name": "王建国", "phone": phone, "identity_level": "substantial", "factors": ["otp_sms"]}
    contract = sent(world, tenant, [party])
    (shown,) = tenant.get(f"{CONTRACTS}/{contract}").json()["parties"]
    assert (shown["identity_level"], shown["factors"], shown["identified"]) == (
        "substantial", ["otp_sms"], False,
    )  # fmt: skip
    signer = Signer(world, tenant, phone)
    seen = signer.view()
    assert seen["demands"] == {
        "identity_level": "substantial", "level": "none", "reached": False, "factors": ["otp_sms"],
    }  # fmt: skip
    early = signer.post("/challenges", {"id": new_id(), "method": "otp_sms"})
    assert (early.status_code, problem(early)) == (403, "identity-required")
    step = signer.get("/identity").json()
    assert {each["method"] for each in step["methods"]} == {
        "telecom3",
        "bank3",
        "eid",
        "face",
        "alipay",
        "manual",
    }
    assert (step["name"], step["given"], step["simulated"]) == ("王建国", ["phone"], True)
    low = identify(signer, "id2", id_number=NUMBER)
    assert problem(low) == "method-unknown"
    wrong = identify(signer, id_number="110105194912319999").json()
    assert (wrong["check"]["state"], wrong["check"]["reason_code"], wrong["reached"]) == (
        "failed", "mismatch", False,
    )  # fmt: skip
    right = identify(signer, id_number=NUMBER).json()
    assert (right["check"]["state"], right["level"], right["reached"]) == ("verified", "substantial", True)
    assert problem(identify(signer, id_number=NUMBER)) == "identity-state"
    other = signer.post("/challenges", {"id": new_id(), "method": "face"})
    assert problem(other) in ("terms-not-acknowledged", "factor-not-allowed")
    signed = signer.sign({"strokes": STROKES})
    assert (signed.status_code, signed.json()) == (200, {"state": "signed"}), signed.text
    assert problem(signer.post("/challenges", {"id": new_id(), "method": "face"})) == "contract-state"
    world.drain_signing()
    done = signer.get().json()
    (document,) = done["documents"]
    files = [Document("signed.pdf", signer.get(f"/files/{document['document']}").content)]
    world.drain_signing()
    found = judged(world, tenant, done["case"], files)
    assert [check for check, (status, _) in found.items() if status == "FAILED"] == []
    assert "IDENTITY_BEFORE_CERTIFICATE" not in found["C16"][1], found["C16"]
    assert found["C18"][1] <= {"SIMULATED_IDENTITY"}, found["C18"]
    assert tenant.get(f"{CONTRACTS}/{contract}").json()["parties"][0]["identified"] is True
