"""The desk in a real browser: a login is set up, a contract placed and sent, a seal made by two, all found again."""

import re
from pathlib import Path

import pytest
from desk_visits import PASSWORD, Organisation, lease, set_up
from playwright.sync_api import expect

from api.web.signing.callers import cookie_name
from signing.people.secrets import totp_code

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "tests/portal/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PHONE, DESKTOP = 390, 1280
PLAIN_PAGES = (
    "/desk/login",
    "/desk/setup",
    "/desk",
    "/desk/agreements",
    "/desk/contracts",
    "/desk/contracts/new",
    "/desk/templates",
    "/desk/seals",
    "/desk/seals/new",
    "/desk/batches",
    "/desk/people",
    "/desk/people?of=contacts",
    "/desk/people?of=types",
    "/desk/reviews",
    "/desk/settings",
)


def violations(page):
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [(each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found]


def look(page):
    """Hold what is true of every page against the one that is open: axe in its size, and no overflow in two."""
    for details in page.locator("details").all():
        details.evaluate("part => { part.open = true; }")
    assert (page.url, violations(page)) == (page.url, [])
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        assert (page.url, page.evaluate("document.documentElement.scrollWidth")) == (page.url, width)


class House:
    """An organisation with two members who are logged in, each in a browser of his own."""

    def __init__(self, world, browser, site):
        self.organisation, self.browser, self.site = Organisation(world), browser, site
        self.wrong, self.contexts = [], []
        self.chief_id = self.organisation.member("王经理", "wang", "super_admin")
        second = self.organisation.member("李主管", "lizg", "system_admin", "reviewer")
        self.organisation.contact("张三", "13900000001")
        self.chief, self.second = self.open(), self.open()
        self.secret, self.codes = set_up(self.chief, world, self.organisation.link(self.chief_id))
        name = cookie_name(world.settings, "session")
        token = self.organisation.session(second)
        self.second.context.add_cookies([{"name": name, "value": token, "url": site}])

    def open(self, **options):
        context = self.browser.new_context(
            base_url=self.site, viewport={"width": DESKTOP, "height": 900}, **options
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on(
            "request",
            lambda asked: asked.url.startswith((self.site, "data:", "blob:")) or self.wrong.append(asked.url),
        )
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on(
            "console", lambda said: self.wrong.append(said.text) if "Content Security" in said.text else None
        )
        return page

    def drag(self, kind, party, across, down):
        """Drag a control of a kind for a party from the palette onto the first page."""
        page = self.chief
        page.select_option("#for-party", str(party))
        tool = page.locator(f"[data-kind={kind}]").bounding_box()
        paper = page.locator(".paper-page").first.bounding_box()
        page.mouse.move(tool["x"] + 10, tool["y"] + 8)
        page.mouse.down()
        page.mouse.move(paper["x"] + 40, paper["y"] + 40, steps=3)
        page.mouse.move(paper["x"] + paper["width"] * across, paper["y"] + paper["height"] * down, steps=3)
        page.mouse.up()


@pytest.fixture(scope="module")
def house(world, browser, site):
    made = House(world, browser, site)
    yield made
    for context in made.contexts:
        context.close()
    assert made.wrong == []


@pytest.fixture(scope="module")
def contract(house):
    """A contract made of an upload, with two places dragged onto it; gives its path. It is a draft."""
    page = house.chief
    page.goto("/desk/contracts/new?lang=zh")
    page.fill("#title", "房屋租赁合同")
    page.set_input_files("#file", {"name": "lease.pdf", "mimeType": "application/pdf", "buffer": lease()})
    page.select_option("#scene", "house_renting")
    for number, name, target in ((1, "张三", "13900000001"), (2, "示例贸易有限公司", "13900000002")):
        page.fill(f"#name-{number}", name)
        page.fill(f"#target-{number}", target)
    page.select_option("#kind-2", "organization")
    look(page)
    page.locator(".bar.end button").click()
    page.wait_for_selector("[data-ready]")
    house.drag("signature", 1, 0.25, 0.4)
    house.drag("seal", 2, 0.7, 0.4)
    expect(page.locator(".control-box")).to_have_count(2)
    return re.search(r"/desk/contracts/[0-9a-f-]{36}", page.url).group()


def test_contract_is_placed_by_drag_and_by_keyboard_then_sent(house, contract):
    """S0-20, S0-22, S4-22, S4-29: dragged controls lie where they were let go, keys move and size them; sent, it waits."""
    page, organisation = house.chief, house.organisation
    box = page.locator(".control-box.seal")
    box.focus()
    before = {name: int(page.input_value(f"#p-{name}")) for name in ("x", "y", "width", "height")}
    assert abs(before["x"] + before["width"] / 2 - 0.7 * 595) < 3
    assert abs(before["y"] + before["height"] / 2 - 0.4 * 842) < 3
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("+")
    after = {name: int(page.input_value(f"#p-{name}")) for name in ("x", "y", "width", "height")}
    assert (after["x"], after["y"]) == (before["x"] - 1, before["y"] + 10)
    assert after["width"] == round(before["width"] * 1.1)
    page.locator("[data-kind=text]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    expect(page.locator(".control-box")).to_have_count(2)
    look(page)
    page.click("#save")
    expect(page.locator("#said")).to_have_text("已保存")
    page.goto(f"{contract}?lang=zh")
    expect(page.locator(".head .state")).to_contain_text("草稿")
    organisation.settle()
    page.get_by_role("button", name="发送签署").click()
    expect(page.locator(".notice.done")).to_contain_text("合同已发送")
    organisation.settle()
    page.goto(f"{contract}?lang=zh")
    expect(page.locator(".head .state")).to_contain_text("需要他人签署")
    expect(page.locator(".parties .turn")).to_contain_text("张三")
    expect(page.locator(".timeline")).to_contain_text("已存证")
    expect(page.locator("#messages ~ *")).to_contain_text("短信")
    look(page)
    page.goto("/desk?lang=en")
    expect(page.locator("section:has(#pile-waiting_for_others)")).to_contain_text("房屋租赁合同")


def test_contract_is_found_by_two_characters(house, contract):
    """S1-15, S2-15: 租赁 finds it by its title, what nobody wrote finds nothing, a filter narrows."""
    page = house.chief
    house.organisation.settle()
    page.goto("/desk/contracts?lang=zh")
    page.fill("#q", "租赁")
    page.keyboard.press("Enter")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    expect(page.locator("table.list")).to_contain_text("标题命中")
    look(page)
    page.fill("#q", "借款")
    page.keyboard.press("Enter")
    expect(page.locator(".empty")).to_contain_text("借款")
    page.goto("/desk/contracts?lang=zh&state=completed")
    expect(page.locator("table.list")).to_have_count(0)


def test_seal_is_made_by_one_and_approved_by_another(house):
    """S0-18, S0-19, S4-27: the preview is what is kept; who made it cannot approve it; another does, and it is granted."""
    page, other = house.chief, house.second
    page.goto("/desk/seals/new?lang=zh")
    page.fill("#name", "合同专用章")
    page.fill("#lines", "合同专用章")
    expect(page.locator("#preview")).to_have_attribute("src", re.compile("^data:image/svg"))
    page.get_by_role("button", name="创建").click()
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator(".notice.waiting")).to_contain_text("另一位成员")
    expect(page.get_by_role("button", name="同意")).to_have_count(0)
    seal = re.search(r"/desk/seals/[0-9a-f-]{36}", page.url).group()
    other.goto(f"{seal}?lang=en")
    other.get_by_role("button", name="Approve").click()
    expect(other.locator(".head .state")).to_contain_text("Approved")
    page.goto(f"{seal}?lang=zh")
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".head .state")).to_contain_text("启用中")
    page.locator("summary", has_text="新增授权").click()
    page.select_option("#grantee", label="李主管")
    page.get_by_role("button", name="授权", exact=True).click()
    expect(page.locator("section:has(#grants) tbody")).to_contain_text("李主管")
    look(page)
    page.goto("/desk/seals?lang=zh")
    expect(page.locator(".seals .card")).to_have_count(1)


def test_template_gets_versions_on_the_placing_page(house):
    """S0-21, S4-28: a template is made of a file, its controls are placed, saving makes its next version."""
    page = house.chief
    page.goto("/desk/templates?lang=zh")
    page.fill("#title", "劳动合同")
    page.set_input_files("#file", {"name": "labour.pdf", "mimeType": "application/pdf", "buffer": lease(1)})
    page.locator("main form button").last.click()
    page.wait_for_selector("[data-ready]")
    house.drag("signature", 1, 0.3, 0.5)
    page.click("#save")
    expect(page.locator("#said")).to_have_text("已保存")
    page.goto("/desk/templates?lang=zh")
    expect(page.locator(".lines")).to_contain_text("v2")
    expect(page.locator(".lines")).to_contain_text("1 个控件")
    look(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_clean_in_both_languages(house, contract, language):
    """axe finds nothing on any page, and none is wider than the screen, on a phone and on a desktop."""
    page = house.chief
    for path in (*PLAIN_PAGES, contract, f"/desk/people/{house.chief_id}"):
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        expect(page.locator("h1")).to_have_count(1)
        look(page)


def test_login_takes_password_and_code_and_says_how_long_to_wait(house):
    """S1-8: a recovery code works once; after wrong tries the page says how long the pause is; without scripts."""
    page = house.open(java_script_enabled=False)

    def log_in(password, code):
        page.goto(f"/desk/login?organisation={house.organisation.tenant.id}&lang=en")
        page.fill("#login", "wang")
        page.fill("#password", password)
        page.fill("#code", code)
        page.locator("form button").click()

    log_in(PASSWORD, house.codes[0])
    expect(page.locator("h1")).to_have_text("Overview")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("h1")).to_have_text("Log in")
    log_in(PASSWORD, house.codes[0])
    expect(page.locator("[role=alert]")).to_be_visible()
    for _ in range(4):
        log_in("wrong", totp_code(house.secret, house.organisation.world.clock()))
    expect(page.locator("[role=alert]")).to_contain_text("seconds")
