"""Documents and templates over HTTP: uploads in both forms, refusals by their codes, bytes as they are kept."""

import base64
import io
import json
import shutil
import uuid

import pikepdf
import pytest

from signing.documents.samples.lease import NAME, VALUES, lease_controls, lease_docx

DOCUMENTS, TEMPLATES, CONTRACTS = (f"/v1/signing/{name}" for name in ("documents", "templates", "contracts"))
PARTIES = [
    {"kind": "organization", "name": "示例置业有限公司", "phone": "+8619900000001"},
    {"name": "李小㛃", "phone": "+8619900000002"},
    {"name": "王𬭎", "phone": "+8619900000003"},
]


def new_id():
    return str(uuid.uuid4())


def pdf():
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(595, 842))
        made.save(out, deterministic_id=True)
    return out.getvalue()


def code(answer):
    return answer.status_code, answer.json()["type"].removeprefix("urn:zheng:problem:")


@pytest.fixture
def draft(tenant):
    body = {"id": new_id(), "title": "租赁合同", "parties": PARTIES}
    made = tenant.post(CONTRACTS, json=body)
    assert made.status_code == 201, made.text
    return body["id"]


def in_json(draft, content, name="lease.pdf"):
    encoded = base64.b64encode(content).decode()
    return {"id": new_id(), "contract": draft, "name": name, "content": encoded}


def put(tenant, path, body):
    content, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
    return tenant.put(path, content, headers=headers)


def test_document_is_uploaded_as_base64_and_as_a_form(tenant, draft):
    """S4-46: both ways end as the same; the same id again is the same document; bytes come back exactly."""
    body = in_json(draft, pdf())
    made, again = (tenant.post(DOCUMENTS, json=body) for _ in range(2))
    assert [made.status_code, again.status_code] == [201, 200]
    assert made.json() == again.json()
    form = {"request": json.dumps({"id": new_id(), "contract": draft})}
    files = {"file": ("附件.pdf", pdf(), "application/pdf")}
    sent = tenant.post(DOCUMENTS, data=form, files=files)
    assert (sent.status_code, sent.json()["name"]) == (201, "附件.pdf")
    one = f"{DOCUMENTS}/{body['id']}"
    got = tenant.get(f"{one}/content?version=original")
    assert (got.content, got.headers["content-type"]) == (pdf(), "application/pdf")
    assert tenant.get(one).json() == made.json()
    assert len(tenant.get(f"{DOCUMENTS}?contract={draft}").json()["data"]) == 2
    assert code(tenant.get(f"{one}/content?version=shown")) == (409, "document-unfinished")


def test_document_that_is_refused_says_why(tenant, draft):
    """Wrong content, wrong name, no base64, an unknown contract, a form without a file: each with its code."""
    refusals = [
        (in_json(draft, b"MZ"), (415, "document-kind")),
        (in_json(draft, pdf(), "lease.docx"), (422, "document-name")),
        (in_json(draft, pdf()[:100]), (422, "document-malformed")),
        (in_json(draft, pdf()) | {"content": "%%%"}, (422, "field-value")),
        (in_json(new_id(), pdf()), (404, "contract-unknown")),
        (in_json(draft, pdf()) | {"unknown": 1}, (422, "field-unknown")),
    ]
    assert [code(tenant.post(DOCUMENTS, json=body)) for body, _ in refusals] == [each for _, each in refusals]
    assert code(tenant.post(DOCUMENTS, files={"file": ("a.pdf", pdf())})) == (422, "field-missing")
    assert code(tenant.post(DOCUMENTS, files={"other": ("a.pdf", pdf())})) == (422, "field-unknown")
    assert code(tenant.post(DOCUMENTS, content=b"x")) == (415, "media-type-unsupported")
    assert code(tenant.get(f"{DOCUMENTS}/{new_id()}")) == (404, "document-unknown")


def test_controls_values_and_watermark_are_set_over_http(tenant, draft):
    """S4-29, S4-33, S3-13: placed, filled, marked; what cannot be is named by a pointer."""
    body = in_json(draft, pdf())
    tenant.post(DOCUMENTS, json=body)
    one = f"{DOCUMENTS}/{body['id']}"
    place = {"x": 72_000, "y": 100_000, "width": 150_000, "height": 20_000}
    control = {"name": "day", "kind": "date", "page": 1, "place": place}
    placed = put(tenant, f"{one}/controls", {"controls": [control]}).json()
    assert placed["controls"][0]["place"] == place
    outside = put(tenant, f"{one}/controls", {"controls": [control | {"page": 2}]})
    assert (*code(outside), outside.json()["field"]) == (422, "control-outside", "/controls/0/page")
    wrong = put(tenant, f"{one}/values", {"values": {"day": "tomorrow"}})
    assert (*code(wrong), wrong.json()["field"]) == (422, "value-invalid", "/values/day")
    filled = put(tenant, f"{one}/values", {"values": {"day": "2027-01-01"}}).json()
    marked = put(tenant, f"{one}/watermark", {"text": "样本"}).json()
    assert len({each["current_sha256"] for each in (placed, filled, marked)}) == 3
    assert tenant.get(f"{one}/content").content.startswith(b"%PDF-")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_template_of_a_docx_is_made_previewed_versioned_and_archived(tenant):
    """S4-28, S4-30, S0-22: a DOCX with controls; a preview keeps nothing; the next version; no use after archiving."""
    controls = [
        {
            "name": each.name,
            "kind": each.kind.value,
            "party": each.party,
            "page": each.page,
            "place": {name: getattr(each.place, name) for name in ("x", "y", "width", "height")},
            "rule": {
                "options": list(each.rule.options),
                "grouped": each.rule.grouped,
                "style": each.rule.style,
            },
        }
        for each in lease_controls()
    ]
    file = {"name": NAME, "content": base64.b64encode(lease_docx()).decode()}
    body = {"id": new_id(), "title": "房屋租赁", "controls": controls} | file
    made = tenant.post(TEMPLATES, json=body)
    assert (made.status_code, made.json()["version"], len(made.json()["pages"])) == (201, 1, 3)
    one = f"{TEMPLATES}/{body['id']}"
    assert tenant.get(f"{one}/content?form=original").content == lease_docx()
    preview = tenant.post(f"{one}/preview", json={"values": dict(VALUES)})
    assert (preview.status_code, preview.content[:5]) == (200, b"%PDF-")
    plain = {"version": 2, "title": "房屋租赁", "name": "a.pdf", "content": base64.b64encode(pdf()).decode()}
    assert tenant.post(f"{one}/versions", json=plain).json()["newest"] == 2
    assert tenant.get(f"{one}?version=1").json()["controls"] == made.json()["controls"]
    assert [each["template"] for each in tenant.get(TEMPLATES).json()["data"]] == [body["id"]]
    assert tenant.post(f"{one}/archive", json={}).json()["archived"] is True
    used = {"id": new_id(), "title": "合同", "parties": PARTIES, "template": body["id"]}
    assert code(tenant.post(CONTRACTS, json=used)) == (409, "template-archived")
