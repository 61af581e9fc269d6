"""Search, folders, tags, terms and figures over the API, over contracts that were made by the API."""

import base64
import io
from datetime import timedelta

import pikepdf
import pytest
from api_world import new_id

ROOT = "/v1/signing"


def pdf(text):
    """A page with a line of Latin text in one of the fonts that every reader has."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.obj.Contents = made.make_stream(f"BT /F 12 Tf 72 700 Td ({text}) Tj ET".encode())
        made.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.fixture
def contract(world, tenant):
    """A draft with a title, two parties and a document; indexed."""
    used = new_id()
    template = {
        "id": used,
        "title": "租约",
        "name": "lease.pdf",
        "media_type": "application/pdf",
        "content": base64.b64encode(pdf("Rent is due each month")).decode(),
        "controls": [],
    }
    assert tenant.post(f"{ROOT}/templates", json=template).status_code == 201
    asked = {
        "id": new_id(),
        "title": "商铺租赁合同",
        "scene": "leasing",
        "template": used,
        "parties": [{"name": "青禾公司", "phone": "+8619900000001"}],
    }
    made = tenant.post(f"{ROOT}/contracts", json=asked)
    assert made.status_code == 201, made.text
    while world.services.signing.management.indexer.tick():  # others' contracts wait as well
        pass
    return made.json()["id"]


def test_a_contract_is_found_by_title_party_and_text_over_the_api(world, tenant, contract):
    """Each answer says where; a filter that it does not meet, another tenant and an empty query give nothing."""
    for words, matched in [("租赁", "title"), ("青禾", "party"), ("RENT month", "text")]:
        (hit,) = tenant.get(f"{ROOT}/search", params={"q": words}).json()["data"]
        assert (hit["contract"], hit["matched"], hit["scene"]) == (contract, matched, "leasing")
    assert tenant.get(f"{ROOT}/search?state=draft&q=租赁").json()["has_more"] is False
    for query in ("state=completed", "scene=hr", "q=租贷", "archived=true", "ends_until=2026-01-01"):
        assert tenant.get(f"{ROOT}/search?{query}").json()["data"] == [], query
    assert world.tenant().get(f"{ROOT}/search?q=租赁").json()["data"] == []
    for query in ("q=——", "ends_until=soon", "created_from=2026", "after=9", "state=lost"):
        assert tenant.get(f"{ROOT}/search?{query}").status_code == 422, query


def test_the_index_is_renewed_with_progress(world, tenant, contract):
    """A renewal makes every contract wait; each look takes some of them."""
    assert tenant.post(f"{ROOT}/search/index:renew").json()["waiting"] == 1
    world.services.signing.management.indexer.tick()
    told = {"contracts": 1, "indexed": 1, "waiting": 0, "unreadable": 0}
    assert tenant.get(f"{ROOT}/search/index").json() == told


def test_a_contract_is_kept_in_order_over_the_api(world, tenant, contract):
    """Folder, class, tags and term come back as they were sent, and are what lists and figures are made of."""
    folder = {"id": new_id(), "name": "租约"}
    assert [tenant.post(f"{ROOT}/folders", json=folder).status_code for _ in range(2)] == [201, 200]
    today = world.clock().date()
    ends = (today + timedelta(days=10)).isoformat()
    placing = {
        "folder": folder["id"],
        "category": "商业地产",
        "tags": ["重点"],
        "starts_on": today.isoformat(),
        "ends_on": ends,
        "remind_days": [30, 5],
    }
    kept = tenant.post(f"{ROOT}/shelf/{contract}", json=placing)
    assert kept.status_code == 200, kept.text
    assert tenant.get(f"{ROOT}/shelf/{contract}").json() == kept.json()
    assert (kept.json()["ends_on"], kept.json()["tags"], len(kept.json()["reminders"])) == (ends, ["重点"], 2)
    (hit,) = tenant.get(f"{ROOT}/search?folder={folder['id']}&tag=重点").json()["data"]
    assert (hit["contract"], hit["category"]) == (contract, "商业地产")
    assert tenant.get(f"{ROOT}/folders").json()["data"][0]["contracts"] == 1
    assert tenant.get(f"{ROOT}/tags").json()["data"] == [{"tag": "重点", "contracts": 1}]
    (due,) = tenant.get(f"{ROOT}/reminders").json()["data"]
    assert (due["contract"], due["days"], due["ends_on"]) == (contract, 30, ends)
    assert "done_at" in tenant.post(f"{ROOT}/reminders/{due['id']}:done").json()
    assert len(tenant.get(f"{ROOT}/reminders?due=false").json()["data"]) == 1
    figures = tenant.get(f"{ROOT}/statistics").json()
    assert (figures["total"], figures["ending"]) == (1, 1)
    assert figures["states"] == [{"name": "draft", "contracts": 1}]
    assert tenant.post(f"{ROOT}/folders/{folder['id']}:delete").status_code == 409
    assert (
        tenant.post(f"{ROOT}/shelf/{contract}", json={"ends_on": "2026-02-30"}).json()["field"] == "/ends_on"
    )
    assert tenant.post(f"{ROOT}/shelf/{contract}", json={}).status_code == 200
    renamed = tenant.post(f"{ROOT}/folders/{folder['id']}:rename", json={"name": "旧约"})
    assert renamed.json()["name"] == "旧约"
    assert tenant.post(f"{ROOT}/folders/{folder['id']}:delete").status_code == 204
