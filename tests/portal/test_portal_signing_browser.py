"""The signer's pages in a real browser: two parties sign one contract, in Chinese on a phone and in English at a desk."""

import re

import pikepdf
import pytest
from playwright.sync_api import expect
from portal_visits import ROOT
from signing_site import signing_site, until

from api.web.portal.signing.words_en import SCRIPTS as ENGLISH
from api.web.portal.signing.words_zh import SCRIPTS as CHINESE
from signing.delivery.notifications import RESEND_PAUSE

pytestmark = pytest.mark.browser
AXE = (ROOT / "tests/portal/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
JUDGED = set()
"""What axe looked at before: the same parts in the same language and width are not judged twice."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with signing_site(tmp_path_factory.mktemp("signing-pages")) as opened:
        yield opened


class Person:
    """Somebody with a browser of his own. What it asks elsewhere, or breaks in a script, is kept as wrong."""

    def __init__(self, browser, site, language, **options):
        self.site, self.language, self.wrong, self.asked = site, language, [], []
        self.context = browser.new_context(base_url=site.address, accept_downloads=True, **options)
        self.page = page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", self._asked)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", self._said)

    def _asked(self, request):
        self.asked.append((request.method, request.url))
        if not request.url.startswith(self.site.address):
            self.wrong.append(request.url)

    def _said(self, message):
        if "Content Security Policy" in message.text or "Trusted" in message.text:
            self.wrong.append(message.text)

    def land(self, link):
        """Follow a link as a message has it; in the end its token is nowhere in the address."""
        self.page.goto(link.replace("/s#", f"/s?lang={self.language}#"))
        expect(self.page.locator("#open")).to_be_visible()
        assert "#" not in self.page.url

    def enter(self, link):
        self.land(link)
        self.looks_right()
        self.page.click("#open")
        self.page.wait_for_url("**/sign?lang=*")
        self.at("overview")

    def at(self, step):
        """Wait for a step, and hold what is true of every page against it."""
        # A signature may be made in between, on a busy machine.
        expect(self.page.locator(f"#{step}")).to_be_visible(timeout=20_000)
        self.looks_right()

    def looks_right(self):
        page = self.page
        width = page.viewport_size["width"]
        assert page.evaluate("document.documentElement.scrollWidth") == width, page.url
        shown = page.evaluate("""[...document.querySelectorAll('main :is([id], summary)')]
            .filter(part => part.checkVisibility()).map(part => part.id).join()""")
        if (self.language, width, shown) in JUDGED:
            return
        JUDGED.add((self.language, width, shown))
        page.evaluate(AXE)
        options = {"resultTypes": ["violations"]}
        found = page.evaluate("options => axe.run(options)", options)["violations"]
        assert [(each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found] == []

    def read(self, then="choosing"):
        page = self.page
        if page.locator("#overview").is_visible():
            page.click("#begin button")
        expect(page.locator("#progress")).not_to_have_text("")
        while page.locator("#next-unread").is_visible():
            before = page.locator("#progress").text_content()
            if not page.locator("#next-unread").is_visible():
                break  # what stood on the screen was the last of it
            # Not by pointer: it may go away under it.
            page.locator("#next-unread").evaluate("button => button.click()")
            expect(page.locator("#progress")).not_to_have_text(before)
        page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
        for box in page.locator("#terms-list input").all():
            box.check()
        self.at("reading")
        page.click("#read-on")
        self.at(then)

    def draw(self):
        """Sign by mouse, two strokes and one taken back."""
        self.page.locator("#pad").wait_for()
        mouse, frame = self.page.mouse, self.page.locator("#pad").bounding_box()
        for start in (30, 120):
            mouse.move(frame["x"] + start, frame["y"] + 50)
            mouse.down()
            for step in range(12):
                mouse.move(frame["x"] + start + 6 * step, frame["y"] + 50 + (step % 4) * 22)
            mouse.up()
        self.page.click("#pad-undo")

    def go_on(self):
        self.page.click("#choosing-form [type=submit]")
        self.at("confirming")
        shown = "image => image.complete && image.naturalWidth > 0"
        self.page.wait_for_function(shown, arg=self.page.locator("#preview").element_handle())

    def ask(self):
        self.page.check("#agree")
        self.page.click("#ask")
        expect(self.page.locator("#answer-form")).to_be_visible()

    def answer(self, text):
        self.page.fill("#answer", text)
        self.page.click("#do-sign")

    def said(self, words, key):
        pattern = re.sub(r"\\\{\w+\\\}", ".*", re.escape(words[key]))
        expect(self.page.locator("#alert")).to_have_text(re.compile(pattern))

    def close(self):
        assert self.wrong == []
        self.context.close()


@pytest.fixture
def person(browser, site):
    """Make persons; whatever went wrong in their browsers fails the test."""
    made = []

    def make(language, **options):
        one = Person(browser, site, language, **({"viewport": DESK["viewport"]} | options))
        made.append(one)
        return one

    yield make
    for each in made:
        each.close()


def test_two_parties_sign_one_contract(site, person):
    """Drawn on a phone in Chinese, sealed at a desk in English; a wrong code counts; both hold the same finished file."""
    first, second = site.phone(), site.phone()
    account = site.sealed_person(second)
    contract = site.sent({"name": "王建国", "phone": first}, {"account": account, "group": 2})
    wang = person("zh", **PHONE)
    wang.enter(site.link(first))
    expect(wang.page.locator("#simulated")).to_contain_text("模拟器")
    wang.page.click("#begin button")
    expect(wang.page.locator("#progress")).not_to_have_text("")
    wang.page.click("#read-on")
    wang.said(CHINESE, "still_pages")
    wang.read()
    assert "月租金人民币" in wang.page.locator(".paper-text").first.text_content()  # for screen readers
    wang.page.click("#choosing-form [type=submit]")
    wang.said(CHINESE, "still_signature")
    wang.draw()
    wang.go_on()
    wang.page.click("#ask")
    wang.said(CHINESE, "still_agree")
    wang.ask()
    wang.answer("000000" if site.code(first) != "000000" else "111111")
    wang.said(CHINESE, "wrong")
    expect(wang.page.locator("#answer-note")).to_contain_text("4")
    wang.looks_right()
    wang.answer(site.code(first))
    wang.at("outcome")
    expect(wang.page.locator("#outcome-h")).to_have_text(CHINESE["done_title"])

    zhao = person("en")
    zhao.enter(site.link(second))
    zhao.read()
    zhao.page.check("#kind-seal input")
    expect(zhao.page.locator(".seal span")).to_have_text("合同章")
    zhao.page.check("input[name=seal]")
    zhao.go_on()
    expect(zhao.page.locator("#preview-name")).to_have_text(": 合同章")
    zhao.ask()
    zhao.answer(site.code(second))
    zhao.at("outcome")
    expect(zhao.page.locator("#outcome-h")).to_have_text(ENGLISH["complete_title"])
    with zhao.page.expect_download() as saved:
        zhao.page.click("#outcome-actions a")
    content = saved.value.path().read_bytes()
    until(lambda: site.deposited(content))  # the very bytes, as the page of verification finds them
    assert content.count(b"/ByteRange") >= 3  # two signatures and the document's time-stamp
    case = zhao.page.locator("#evidence-rows dd").first.text_content()
    assert re.fullmatch(r"[0-9a-f-]{36}", case)
    expect(wang.page.locator("#outcome-h")).to_have_text(CHINESE["complete_title"])  # by itself
    views = site.tenant.get(f"/v1/signing/contracts/{contract}").json()
    assert views["state"] == "completed"
    for one in (wang, zhao):  # one view of one document is told once
        assert len([url for _, url in one.asked if url.endswith("/party/viewed")]) == 1
    tokens = [url for method, url in wang.asked + zhao.asked if re.search(r"[A-Za-z0-9_-]{43}", url)]
    assert tokens == []  # no token ever stood in an address that was asked for


def control(name, kind, party, y, *, required=True, height=20_000, **rule):
    place = {"x": 300_000, "y": y, "width": 220_000, "height": height}
    return {
        "name": name,
        "kind": kind,
        "party": party,
        "page": 2,
        "place": place,
        "required": required,
        "rule": rule,
    }


OWN = [
    control(
        "address", "text", 1, 500_000, height=40_000, label="送达地址 Address for notices", max_length=60
    ),
    control("people", "number", 1, 550_000, label="居住人数 People", decimals=0, minimum="1", maximum="8"),
    control("pets", "checkbox", 1, 580_000, required=False, label="携带宠物 With pets"),
    control(
        "start", "date", 2, 610_000, label="交房日期 Handing over", minimum="2027-01-01", style="chinese"
    ),
    control("pay", "choice", 2, 640_000, label="付款方式 Payment", options=["月付", "季付"]),
]


def test_both_parties_fill_in_what_was_left_to_them(site, person):
    """On a phone in Chinese, at a desk in English: errors stand at their fields; what is read then is what was filled in."""
    first, second = site.phone(), site.phone()
    parties = ({"name": "王建国", "phone": first}, {"name": "林晓", "phone": second, "group": 2})
    contract = site.sent(*parties, marks=(), controls=OWN)
    wang = person("zh", **PHONE)
    wang.enter(site.link(first))
    wang.page.click("#begin button")
    wang.at("filling")
    wang.page.click("#filling [data-go=reading]")  # whoever likes to, reads first
    wang.at("reading")
    expect(wang.page.locator(".own-place")).to_have_count(3)
    wang.page.click("#read-on")
    wang.at("filling")
    wang.page.get_by_label("居住人数").fill("12")
    wang.page.click("#filling-form [type=submit]")
    wang.said(CHINESE, "still_values")
    expect(wang.page.get_by_label("送达地址")).to_be_focused()
    wang.page.keyboard.type("杭州市西湖区文三路1号")
    wang.page.click("#filling-form [type=submit]")
    expect(wang.page.get_by_label("居住人数")).to_have_attribute("aria-invalid", "true")
    expect(wang.page.locator(".wrong:visible")).to_have_count(1)
    wang.looks_right()
    wang.page.get_by_label("居住人数").fill("2")
    wang.page.get_by_label("携带宠物").check()
    wang.page.click("#filling-form [type=submit]")
    wang.at("reading")
    expect(wang.page.locator(".own-place")).to_have_count(0)
    wang.page.click("#refill")
    wang.page.get_by_label("居住人数").fill("3")
    wang.page.click("#filling-form [type=submit]")
    wang.at("reading")
    wang.read()
    wang.page.check("#kind-typed input")
    wang.go_on()
    wang.ask()
    wang.answer(site.code(first))
    wang.at("outcome")

    lin = person("en")
    lin.enter(site.link(second))
    lin.page.click("#begin button")
    lin.at("filling")
    lin.page.get_by_label("Handing over").fill("2027-02-01")
    lin.page.get_by_label("Payment").select_option("季付")
    lin.page.keyboard.press("Tab")
    lin.page.keyboard.press("Tab")
    lin.page.keyboard.press("Enter")
    lin.at("reading")
    lin.read()
    lin.page.check("#kind-typed input")
    lin.go_on()
    lin.ask()
    lin.answer(site.code(second))
    lin.at("outcome")
    expect(lin.page.locator("#outcome-h")).to_have_text(ENGLISH["complete_title"])
    with lin.page.expect_download() as saved:
        lin.page.click("#outcome-actions a")
    with pikepdf.open(saved.value.path()) as pdf:
        values = {str(each.T): str(each.V) for each in pdf.Root.AcroForm.Fields if each.FT != "/Sig"}
    assert values == {
        "address": "杭州市西湖区文三路1号",
        "people": "3",
        "pets": "/Yes",
        "start": "2027年2月1日",
        "pay": "季付",
    }
    assert site.tenant.get(f"/v1/signing/contracts/{contract}").json()["state"] == "completed"


def test_parties_are_asked_whether_it_is_void(site, person):
    """By a fresh link: who asks and why; one agrees and waits, the other's agreement makes it void, which both see."""
    first, second = site.phone(), site.phone()
    contract = site.sent({"name": "何一", "phone": first}, {"name": "吕二", "phone": second}, marks=())
    until(lambda: site.link(second))
    asked = site.tenant.post(f"/v1/signing/contracts/{contract}/void-request", {"reason": "房屋已另行出租"})
    assert asked.status_code == 200, asked.text
    he, lv = person("zh", **PHONE), person("en")
    he.enter(site.link(first, known=1))
    voiding = he.page.locator("#voiding")
    expect(voiding).to_contain_text("请您同意《房屋租赁合同》作废")
    expect(voiding).to_contain_text("房屋已另行出租")
    he.page.click("#voiding-form button")  # not without the tick
    expect(voiding.locator("#voiding-done")).to_be_hidden()
    he.page.check("#voiding-form [type=checkbox]")
    he.page.click("#voiding-form button")
    expect(he.page.locator("#voiding-done")).to_be_focused()
    he.looks_right()
    he.page.click("#begin button")
    expect(voiding).to_be_hidden()  # while it is read, only the contract stands there
    lv.enter(site.link(second, known=1))
    expect(lv.page.locator("#voiding-text")).to_contain_text("asked you to agree")
    lv.page.check("#voiding-form [type=checkbox]")
    lv.page.click("#voiding-form button")
    lv.at("outcome")
    expect(lv.page.locator("#outcome-h")).to_have_text(ENGLISH["voided_title"])
    expect(lv.page.locator("#voiding")).to_be_hidden()
    he.page.reload()
    he.at("outcome")
    expect(he.page.locator("#outcome-h")).to_have_text(CHINESE["voided_title"])


@pytest.mark.parametrize(
    ("language", "options", "words"), [("zh", PHONE, CHINESE), ("en", {}, ENGLISH)], ids=["zh", "en"]
)
def test_an_identity_that_is_demanded_is_shown_between_reading_and_signing(
    site, person, language, options, words
):
    """A number that does not match is told and counts; the right one leads on, to the one way of confirming allowed."""
    phone = site.phone()
    site.sent({"name": "王建国", "phone": phone, "identity_level": "substantial", "factors": ["otp_sms"]})
    one = person(language, **options)
    one.enter(site.link(phone))
    expect(one.page.locator("#facts")).to_contain_text(words["factor_otp_sms"])
    expect(one.page.locator("#facts")).to_contain_text(words["level_substantial"])
    one.read(then="identifying")
    expect(one.page.locator("#ways input")).to_have_count(6)  # what is of a lower level is not offered
    for number, box in (("110105194912319999", "#identifying-result"), ("11010519491231002X", "#kinds")):
        one.page.check("input[value=telecom3]")
        one.page.fill("#id-id_number", number)
        one.page.check("#identifying-consents input")
        one.page.click("#identifying-form [type=submit]")
        expect(one.page.locator(box)).to_be_visible()
        one.looks_right()
    one.page.check("#kind-typed input")
    one.go_on()
    expect(one.page.locator("#methods input")).to_have_count(1)
    one.ask()
    one.answer(site.code(phone))
    one.at("outcome")
    expect(one.page.locator("#outcome-h")).to_have_text(words["complete_title"])


def test_a_link_opens_once_and_a_fresh_one_comes(site, person):
    """Used: said so, and nothing of whose it was; the fresh one works. Typed by hand it works without scripts too."""
    phone = site.phone()
    site.sent({"name": "李四", "phone": phone})
    link = site.link(phone)
    person("en", **PHONE).enter(link)
    late = person("en", **PHONE)
    late.land(link)
    late.page.click("#open")
    expect(late.page.locator("#used")).to_be_visible()
    late.said(ENGLISH, "link_invalid")
    late.looks_right()
    site.world.clock.offset += RESEND_PAUSE
    late.page.click("#renew")
    expect(late.page.locator("#renewed")).to_contain_text("fresh")
    fresh = site.link(phone, known=1)
    plain = person("en", java_script_enabled=False)
    plain.page.goto("/s?lang=en")
    plain.page.fill("#code", "not a link")
    plain.page.click("#paste button")
    assert plain.page.locator("#alert").text_content().startswith("This link is not good")
    plain.page.fill("#code", fresh)
    plain.page.click("#paste button")
    assert plain.page.url == f"{site.address}/sign?lang=en"
    expect(plain.page.locator("noscript p, .finding").first).to_contain_text("scripts")


def test_refusing_ends_the_contract(site, person):
    """With a reason, after a second question; the page of whoever comes later says so."""
    first, second = site.phone(), site.phone()
    site.sent({"name": "周一", "phone": first}, {"name": "吴二", "phone": second})
    link = site.link(second)
    one = person("zh", **PHONE)
    one.enter(site.link(first))
    one.page.click("#refuse summary")
    one.looks_right()
    one.page.select_option("#refuse-code", "content")
    one.page.fill("#refuse-reason", "租金与约定不符")
    one.page.check("#refuse-form [type=checkbox]")
    one.page.click("#refuse-form [type=submit]")
    one.at("outcome")
    expect(one.page.locator("#outcome-h")).to_have_text(CHINESE["rejected_title"])
    other = person("en")
    other.land(link)
    other.page.click("#open")
    other.at("outcome")
    expect(other.page.locator("#outcome-h")).to_have_text(ENGLISH["rejected_title"])


def test_a_document_that_changed_is_read_again(site, person):
    """Two may sign at once: when one has, the other's confirmation is of bytes that are no more, and he starts again."""
    first, second = site.phone(), site.phone()
    site.sent({"name": "郑三", "phone": first}, {"name": "冯四", "phone": second})
    slow, quick = person("en"), person("zh", **PHONE)
    for one, phone in ((slow, first), (quick, second)):
        one.enter(site.link(phone))
        one.read()
        one.page.check("#kind-typed input")
        one.go_on()
    slow.ask()
    quick.ask()
    quick.answer(site.code(second))
    quick.at("outcome")
    slow.answer(site.code(first))
    slow.said(ENGLISH, "document_changed")
    slow.at("reading")


def test_handing_on(site, person):
    """Somebody else gets a link of his own; whoever handed on has nothing more to do."""
    phone, other = site.phone(), site.phone()
    site.sent({"name": "陈五", "phone": phone})
    one = person("en", **PHONE)
    one.enter(site.link(phone))
    one.page.click("#delegate summary")
    one.page.fill("#delegate-name", "褚六")
    one.page.click("#delegate-form [type=submit]")
    one.said(ENGLISH, "delegate_target")
    one.page.fill("#delegate-phone", other)
    one.page.set_input_files(
        "#delegate-letter", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    one.page.click("#delegate-form [type=submit]")
    one.at("outcome")
    expect(one.page.locator("#outcome-h")).to_have_text(ENGLISH["delegated_title"])
    person("zh", **PHONE).land(site.link(other))


def test_without_a_session_nothing_is_shown(person):
    """Who comes without a link is told how to come in."""
    one = person("en")
    one.page.goto("/sign?lang=en")
    one.said(ENGLISH, "session_over")
    one.looks_right()
    expect(one.page.locator("[data-step]:visible")).to_have_count(0)


@pytest.mark.torture
def test_an_approver_and_a_simulated_face(site, person):
    """The approver agrees and signs nothing; a signer with an account may confirm by a face, and is told what that is."""
    first, second = site.phone(), site.phone()
    account = site.contact("孙七", second)
    contract = site.sent(
        {"name": "钱八", "phone": first, "role": "approver"}, {"account": account, "group": 2}
    )
    approver = person("zh", **PHONE)
    approver.enter(site.link(first))
    approver.read(then="approving")
    approver.page.click("#approve")
    approver.said(CHINESE, "still_agree")
    approver.page.check("#approve-agree")
    approver.page.click("#approve")
    approver.at("outcome")
    expect(approver.page.locator("#outcome-h")).to_have_text(CHINESE["approved_title"])
    signer = person("en")
    signer.enter(site.link(second))
    signer.read()
    signer.page.check("#kind-typed input")
    signer.go_on()
    signer.page.check("input[value=face]")
    signer.ask()
    expect(signer.page.locator("#asked")).to_contain_text("simulator")
    signer.page.click("#do-sign")
    signer.at("outcome")
    assert site.tenant.get(f"/v1/signing/contracts/{contract}").json()["state"] == "completed"


def test_what_is_over_and_what_is_late(site, person):
    """A contract that was withdrawn says so on its page; the evidence that still waits is told of, and its delay."""
    phone = site.phone()
    contract = site.sent({"name": "李九", "phone": phone})
    one = person("zh", **PHONE)
    one.enter(site.link(phone))
    withdrawn = site.tenant.post(f"/v1/signing/contracts/{contract}/withdraw", {"reason": "条款待定"})
    assert withdrawn.status_code == 200, withdrawn.text
    one.page.reload()
    one.at("outcome")
    expect(one.page.locator("#outcome-h")).to_have_text(CHINESE["withdrawn_title"])
    held = {"case": contract, "deposited": 3, "waiting": 2, "delayed": True}
    one.page.route("**/party/evidence", lambda route: route.fulfill(json=held))
    one.page.reload()
    expect(one.page.locator("#evidence-delay")).to_be_visible()
    expect(one.page.locator("#evidence-rows")).to_contain_text(CHINESE["proof_none"])
    one.looks_right()
    one.page.click("#leave")
    one.said(CHINESE, "left_page")
    assert one.context.cookies() == []
