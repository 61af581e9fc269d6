"""Custody over the API: original bytes back, a log of who had them, holds, retention, erasure."""

import base64
import hashlib

import pytest
from api_world import new_id

from signing.database import write

CONTENT = b"%PDF-1.7 exactly as it was\x00\xff"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def owner(world, tenant):
    """A contract's place in custody, with one file."""
    made, desk = new_id(), world.services.signing
    with write(desk.context.engine) as session:
        desk.custody.create_owner(session, tenant.id, made)
        desk.custody.put(session, made, CONTENT, media_type="application/pdf")
    return made


def put(tenant, url, body):
    return tenant.world.request("PUT", url, key=tenant.key, json=body)


def code_of(answer):
    return answer.json()["type"].rpartition(":")[2]


def erase(tenant, owner, **members):
    return tenant.post(f"/v1/signing/custody/{owner}/erasure", {"basis": "retention_ended"} | members)


def test_the_original_comes_back_and_the_reading_is_logged(world, tenant, owner):
    """Byte for byte, with its digest; the log says who, what for and when, to this tenant only."""
    url = f"/v1/signing/custody/{owner}"
    listed = tenant.get(url).json()
    (file,) = listed["files"]
    assert (file["sha256"], file["size"], file["media_type"]) == (SHA256, len(CONTENT), "application/pdf")
    answer = tenant.get(f"{url}/files/{SHA256}?purpose=review")
    assert answer.content == CONTENT
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert answer.headers["x-content-type-options"] == "nosniff"
    tenant.get(f"{url}/files/{SHA256}")
    page = tenant.get(f"/v1/signing/custody/access-log?owner={owner}&limit=1").json()
    (row,) = page["data"]
    assert (row["who_kind"], row["purpose"], row["sha256"], row["ip"]) == (
        "api_client",
        "review",
        SHA256,
        "127.0.0.1",
    )
    assert page["has_more"]
    rest = tenant.get(f"/v1/signing/custody/access-log?owner={owner}&after={page['next_cursor']}").json()
    assert [each["purpose"] for each in rest["data"]] == ["download"]
    assert not rest["has_more"]


def test_another_tenant_and_a_smaller_key_see_nothing(world, tenant, owner):
    """Unknown, not forbidden; and a key without the scope is told which one it lacks."""
    other, reader = world.tenant(), world.tenant(scopes=frozenset({"signing:read"}))
    url = f"/v1/signing/custody/{owner}"
    for answer in (
        other.get(url),
        other.get(f"{url}/files/{SHA256}"),
        other.get(f"/v1/signing/custody/access-log?owner={owner}"),
        other.post(f"{url}/holds", {"id": new_id(), "reason": "x"}),
        erase(other, owner),
    ):
        assert (answer.status_code, code_of(answer)) == (404, "custody-unknown")
    assert other.get("/v1/signing/custody/access-log").json()["data"] == []
    assert reader.get(url).status_code == 403
    assert tenant.get(f"{url}/files/{'0' * 64}").status_code == 404


def test_a_hold_stops_an_erasure_until_it_is_released(tenant, owner):
    """Also a forced one; the hold stays on record."""
    url = f"/v1/signing/custody/{owner}/holds"
    hold = {"id": new_id(), "reason": "诉讼保全"}
    assert tenant.post(url, hold).status_code == 201
    assert tenant.post(url, hold).status_code == 201
    forced = erase(tenant, owner, basis="request", force=True, reason="wish")
    assert (forced.status_code, code_of(forced)) == (409, "case-held")
    released = tenant.world.request("DELETE", f"{url}/{hold['id']}", key=tenant.key)
    assert released.json()["released_by"].startswith("api_client ")
    assert erase(tenant, owner).status_code == 200
    kept = tenant.get(f"/v1/signing/custody/{owner}").json()
    assert kept["holds"][0]["reason"] == "诉讼保全"
    assert kept["files"] == []


def test_an_erasure_is_for_good(world, tenant, owner):
    """Gone says 410; who had read it stays known, what he read does not."""
    url = f"/v1/signing/custody/{owner}"
    tenant.get(f"{url}/files/{SHA256}")
    erased = erase(tenant, owner, basis="purpose_fulfilled", reason="done").json()
    assert erased["destroyed_at"] >= erased["erased_at"]
    assert erase(tenant, owner).json() == erased
    gone = tenant.get(f"{url}/files/{SHA256}")
    assert (gone.status_code, code_of(gone)) == (410, "erased")
    (row,) = tenant.get(f"/v1/signing/custody/access-log?owner={owner}").json()["data"]
    assert row["who_kind"] == "api_client"
    assert {"sha256", "ip", "user_agent"}.isdisjoint(row)
    assert tenant.post(f"{url}/holds", {"id": new_id(), "reason": "late"}).status_code == 410


def test_retention_stops_an_erasure_but_for_a_request_with_a_reason(world, tenant, owner):
    """The tenant sets days by business type; the time of what is archived is shown."""
    rules = "/v1/signing/custody/retention"
    assert put(tenant, f"{rules}/lease", {"days": 30}).status_code == 204
    assert put(tenant, f"{rules}/lease", {"days": 0}).status_code == 422
    assert tenant.get(rules).json() == {"data": [{"business_type": "lease", "days": 30}]}
    desk = world.services.signing
    with write(desk.context.engine) as session:
        until = desk.keeping.retention.until(session, tenant.id, "lease", world.clock())
        desk.keeping.retention.keep(session, tenant.id, owner, until)
    assert "keep_until" in tenant.get(f"/v1/signing/custody/{owner}").json()
    assert code_of(erase(tenant, owner)) == "retention-running"
    assert code_of(erase(tenant, owner, basis="request", force=True)) == "reason-missing"
    assert erase(tenant, owner, basis="request", force=True, reason="PIPL 47").json()["forced"]


def test_nothing_is_erased_while_evidence_of_it_waits(world, tenant, owner):
    """Afterwards it may be, and the deposited case goes on as it was."""
    desk = world.services.signing
    with write(desk.context.engine) as session:
        dossier = desk.recorder.open(session, tenant=tenant.id, kind="contract", reference=owner)
    assert code_of(erase(tenant, owner)) == "deposits-waiting"
    world.drain_signing()
    with write(desk.context.engine) as session:
        case = desk.recorder.standing(session, dossier).case
    before = tenant.get(f"/v1/cases/{case}").json()
    assert erase(tenant, owner).status_code == 200
    assert tenant.get(f"/v1/cases/{case}").json() == before
