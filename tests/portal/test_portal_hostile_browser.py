"""Hostile words in a real browser: names, titles, numbers, labels, reasons and file names are shown, and nothing runs."""

import base64
import json
from urllib.parse import quote

import pytest
from api_world import new_id
from desk_visits import Organisation, lease
from playwright.sync_api import expect

from api.web.signing.callers import cookie_name

pytestmark = pytest.mark.browser
HOSTILE = (
    '"><img src=x onerror="pwned=1"><script>pwned=1</script>'
    "'--></title></script></textarea><svg onload=pwned=1>{{7*7}}"
)
SHORT = '"><svg onload=pwned=1>'
RAN = """() => [
    window.pwned,
    ...[...document.querySelectorAll('img[src=x], svg[onload], [onerror]')].map(part => part.outerHTML),
    ...[...document.scripts].filter(part => part.text.includes('pwned=1') && !/json/.test(part.type)).map(() => 'script'),
].filter(Boolean)"""
V1 = "/v1/signing"
PHONE = "13977770001"
CONTROLS = [
    {
        "name": "rent",
        "kind": "text",
        "page": 1,
        "place": {"x": 40_000, "y": 60_000, "width": 200_000, "height": 20_000},
        "rule": {"label": SHORT, "default": SHORT},
    },
    {
        "name": "choice",
        "kind": "choice",
        "page": 1,
        "required": False,
        "place": {"x": 40_000, "y": 90_000, "width": 200_000, "height": 20_000},
        "rule": {"label": SHORT, "options": [SHORT, "b"]},
    },
]


class Hostile:
    """An organisation all of whose words are hostile, and a browser of its super administrator."""

    def __init__(self, world, browser, site):
        self.organisation = Organisation(world, HOSTILE)
        self.tenant, self.wrong = self.organisation.tenant, []
        self.chief = self.organisation.member(HOSTILE, "hostile", "super_admin", "reviewer", "seal_admin")
        self.contact = self.organisation.contact(HOSTILE, "13977770009")
        self.context = browser.new_context(base_url=site)
        token = self.organisation.session(self.chief)
        self.context.add_cookies(
            [{"name": cookie_name(world.settings, "session"), "value": token, "url": site}]
        )

    def page(self):
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        page.on(
            "console", lambda said: self.wrong.append(said.text) if "Content Security" in said.text else None
        )
        return page

    def made(self, path, body, method="POST"):
        headers = {"Content-Type": "application/json"}
        send = self.tenant.world.request
        content = json.dumps(body).encode()
        answer = send(method, f"{V1}{path}", key=self.tenant.key, content=content, headers=headers)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json() if answer.content else {}

    def file(self, **members):
        return {"id": new_id(), "content": base64.b64encode(lease()).decode()} | members

    def contract(self, *parties):
        number = f'"><svg/onload=pwned=1>{new_id()}'
        body = {"id": new_id(), "title": HOSTILE, "business_number": number, "parties": list(parties)}
        self.made("/contracts", body)
        name = f"{SHORT}.pdf"
        document = self.made("/documents", self.file(contract=body["id"], name=name))["document"]
        self.made(f"/documents/{document}/controls", {"controls": CONTROLS}, "PUT")
        self.made(f"/documents/{document}/values", {"values": {"rent": SHORT}}, "PUT")
        self.made(f"/documents/{document}/watermark", {"text": SHORT}, "PUT")
        return body["id"], document


@pytest.fixture(scope="module")
def hostile(world, browser, site):
    made = Hostile(world, browser, site)
    yield made
    made.context.close()


@pytest.mark.torture
def test_no_page_of_the_desk_runs_what_stands_in_a_name(hostile):
    """Every kind of page, in both languages, over things that are called so: shown as they are, and nothing ran."""
    draft, document = hostile.contract({"name": HOSTILE, "phone": "13977770002"})
    sent, _ = hostile.contract({"name": HOSTILE, "phone": "13977770003"})
    folder = hostile.made("/folders", {"id": new_id(), "name": SHORT})["id"]
    hostile.made(f"/shelf/{draft}", {"folder": folder, "tags": [SHORT], "category": SHORT})
    hostile.organisation.settle()
    hostile.made(f"/contracts/{sent}/send", {})
    hostile.made(f"/contracts/{sent}/withdraw", {"reason": HOSTILE})
    template = hostile.made(
        "/templates", hostile.file(title=HOSTILE, name=f"{SHORT}.pdf", controls=CONTROLS)
    )["template"]
    design = {"kind": "company", "outline": "circle", "width_um": 40_000, "height_um": 40_000}
    design |= {"upper_text": "<svg onload=a>", "lines": ["<b>x</b>"], "star": True}
    seal = {"id": new_id(), "name": SHORT, "seal_type": "contract", "design": design}
    hostile.made("/seals", seal)
    row = {
        "business_number": "<svg/onload=pwned=1>",
        "people": [{"name": HOSTILE, "phone": "1"}],
        "title": SHORT,
    }
    batch = {"id": new_id(), "template": template, "title": HOSTILE, "parties": [{}], "rows": [row]}
    hostile.made("/batches", batch)
    hostile.organisation.desk.batches.run()
    hostile.organisation.settle()
    asked = quote(HOSTILE)
    paths = [
        "/desk",
        "/desk/contracts",
        f"/desk/contracts?q={asked}",
        f"/desk/contracts?folder={asked}&tag={quote(SHORT)}&standing={asked}",
        f"/desk/contracts/{draft}",
        f"/desk/contracts/{sent}",
        f"/desk/contracts/{sent}/evidence",
        f"/desk/contracts/{asked}",
        f"/desk/contracts/{draft}/documents/{document}",
        f"/desk/contracts/{draft}/documents/{document}/values",
        f"/desk/contracts/new?template={template}",
        "/desk/templates",
        f"/desk/templates/{template}",
        "/desk/seals",
        f"/desk/seals/{seal['id']}",
        "/desk/batches",
        f"/desk/batches/{batch['id']}",
        "/desk/people",
        "/desk/people?of=contacts",
        f"/desk/people?of={asked}",
        f"/desk/people/{hostile.chief}",
        f"/desk/people/{hostile.contact}",
        "/desk/settings",
        f"/desk/login?next={asked}&organisation={asked}",
        f"/?q={asked}",
        f"/verify?error={asked}",
        f"/log?from={asked}",
    ]
    page, shown = hostile.page(), 0
    for path in paths:
        for language in ("zh", "en"):
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}", wait_until="load")
            assert page.evaluate(RAN) == [], path
            shown += page.locator("body").inner_text().count("{{7*7}}")
    assert shown > 20
    assert hostile.wrong == []


@pytest.mark.torture
def test_no_page_of_a_signer_runs_what_another_wrote(hostile):
    """Title, names and file of a sender, on the way from the link to the document; the link carries nothing that runs."""
    contract, _ = hostile.contract(
        {"name": HOSTILE, "phone": PHONE}, {"name": HOSTILE, "phone": "13977770004", "group": 2}
    )
    hostile.organisation.settle()
    hostile.made(f"/contracts/{contract}/send", {})
    hostile.organisation.settle()
    (text,) = hostile.tenant.get(f"{V1}/simulators/sms?to={PHONE}").json()["data"]
    link = text["text"].split("/s#")[1][:43]
    page = hostile.page()
    page.goto(f"/s?lang={quote(HOSTILE)}#{quote(HOSTILE)}")
    assert page.evaluate(RAN) == []
    page.goto("about:blank")
    page.goto(f"/s?lang=en#{link}")
    page.click("#open")
    page.wait_for_url("**/sign?lang=*")
    expect(page.locator("#overview")).to_be_visible()
    assert page.evaluate(RAN) == []
    assert "{{7*7}}" in page.locator("body").inner_text()
    page.click("#begin button")
    expect(page.locator("#progress")).not_to_have_text("")
    assert page.evaluate(RAN) == []
    assert hostile.wrong == []
