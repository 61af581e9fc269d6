"""The portal in a real browser: every page and flow, by pointer and by keyboard, judged by axe-core, on screen and paper."""

import hashlib
import re

import pytest
from playwright.sync_api import expect
from portal_visits import CONTENT, ROOT, conformance

pytestmark = pytest.mark.browser
AXE = (ROOT / "tests/portal/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


def violations(page, **options):
    """Let axe judge the page as it stands; gives what it says is wrong, and where."""
    page.evaluate(AXE)
    found = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"]} | options)[
        "violations"
    ]
    return [(each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found]


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")


def payload(name, data):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


@pytest.fixture
def open_page(browser, site):
    """Make pages of their own contexts; whatever they ask elsewhere or break in a script fails the test."""
    contexts, wrong = [], []

    def make(*, scripts=True, **options):
        context = browser.new_context(
            base_url=site, java_script_enabled=scripts, **({"viewport": DESKTOP} | options)
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: request.url.startswith(site) or wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
        )
        return page

    yield make
    assert wrong == []
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def results(browser, site, told):
    """Results of a bundle, a certificate, something false and something unreadable: addresses without a language."""
    evidence, policy, documents = conformance("whole-case-honest")
    false, false_policy, _ = conformance("package-file-changed")
    context = browser.new_context(base_url=site)
    page = context.new_page()
    found = {}

    def submit(name, given, policy=None, documents=()):
        page.goto("/")
        page.set_input_files("#package", payload(*given))
        page.locator("form:has(#package) summary").click()
        if policy:
            page.set_input_files("#policy", payload(*policy))
        if documents:
            page.set_input_files("#documents", [payload(*each) for each in documents])
        page.locator("form:has(#package) button").click()
        page.wait_for_url("**/results/**")
        found[name] = page.url.removeprefix(site)

    submit("case", evidence, policy, documents)
    submit("certificate", ("certificate.pdf", told.pdf))
    submit("inconsistent", false, false_policy)
    submit("unreadable", ("x.asice", b"PK\x03\x04"))
    context.close()
    return found


@pytest.fixture
def addresses(told, results):
    """Every page there is."""
    certificates = {name: f"/p/{getattr(told, name)}" for name in ("valid", "superseded", "revoked")}
    plain = {"home": "/", "log": "/log", "platform": "/platform", "offline": "/offline", "error": "/none"}
    return plain | certificates | results


@LANGUAGES
def test_axe_finds_nothing_on_any_page(open_page, addresses, language):
    """Names, roles, order, contrast: every page in both languages, everything unfolded."""
    page = open_page()
    for name, path in addresses.items():
        page.goto(f"{path}?lang={language}")
        unfold(page)
        assert (name, violations(page)) == (name, [])


def test_dark_pages_have_contrast_too(open_page, addresses):
    """Colours alone differ in the dark, and no word hangs on the language."""
    page = open_page(color_scheme="dark", viewport=PHONE)
    for name, path in addresses.items():
        page.goto(f"{path}?lang=zh")
        unfold(page)
        assert (name, violations(page, runOnly=["color-contrast"])) == (name, [])


@LANGUAGES
def test_no_page_is_wider_than_the_screen(open_page, addresses, language):
    """Tables and drawings scroll inside themselves; the page itself never does."""
    page = open_page()
    for name, path in addresses.items():
        page.goto(f"{path}?lang={language}")
        unfold(page)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 640})
            assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, width)


@LANGUAGES
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_file_is_found_and_never_sent(open_page, told, language, viewport):
    """Chosen, hashed here, looked up: what leaves the browser is the digest and nothing of the file."""
    page = open_page(viewport=viewport)
    sent = []
    page.on("request", lambda request: sent.append((request.method, request.post_data_buffer)))
    page.goto(f"/?lang={language}")
    page.set_input_files("#file", payload("lease.pdf", CONTENT))
    page.wait_for_url("**/find?lang=*")
    expect(page.locator("tbody tr")).not_to_have_count(0)
    bodies = [body for method, body in sent if method == "POST"]
    assert bodies == [f"digest={hashlib.sha256(CONTENT).hexdigest()}&algorithm=sha256".encode()]
    page.goto(f"/?lang={language}")
    page.set_input_files("#file", payload("other.pdf", b"another"))
    page.wait_for_url("**/find?lang=*")
    expect(page.locator("table")).to_have_count(0)
    assert violations(page) == []


def test_a_file_may_be_dropped(open_page, told):
    """Dropped on the zone it is looked up; let go beside it, nothing happens to the page."""
    page = open_page()
    page.goto("/?lang=en")
    drop = """([selector, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "lease.pdf"));
        const event = new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
        return !document.querySelector(selector).dispatchEvent(event);
    }"""
    assert page.evaluate(drop, ["h1", "x"]) is True  # taken, so that the browser does not open it
    page.evaluate(drop, ["#find .drop", CONTENT.decode()])
    page.wait_for_url("**/find?lang=en")
    expect(page.locator("tbody tr")).not_to_have_count(0)


@LANGUAGES
def test_number_and_certificate_by_pointer(open_page, told, language):
    """A number leads to its page; the PDF from there is verified; back again, the form can be used again."""
    page = open_page()
    page.goto(f"/?lang={language}")
    page.fill("#number", told.valid.lower().replace("-", " "))
    page.locator("form:has(#number) button").click()
    page.wait_for_url(f"**/p/{told.valid}?lang={language}")
    expect(page.locator(".status.valid")).to_be_visible()
    page.goto(f"/?lang={language}")
    page.set_input_files("#certificate", payload("certificate.pdf", told.pdf))
    button = page.locator("form:has(#certificate) button")
    button.click()
    page.wait_for_url("**/results/**")
    expect(page.locator("p.overall")).to_be_visible()
    expect(page.locator(".axes > li")).to_have_count(9)
    page.go_back()
    expect(button).to_be_enabled()


@LANGUAGES
def test_a_result_is_read_and_taken_home(open_page, results, language):
    """Details open by pointer, the other language is one click away, files are downloaded."""
    page = open_page(accept_downloads=True)
    page.goto(f"{results['case']}?lang={language}")
    axis = page.locator(".axes > li").first
    axis.locator("summary").first.click()
    expect(axis.locator(".check").first).to_be_visible()
    for image in page.locator("main img").all():
        image.scroll_into_view_if_needed()
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    expect(page.locator("table")).to_have_count(2)
    with page.expect_download() as download:
        page.locator(".downloads a").first.click()
    assert download.value.suggested_filename == "report-simple.json"
    page.locator("nav .lang").click()
    assert page.locator("html").get_attribute("lang") == {"zh": "en", "en": "zh-CN"}[language]
    expect(page.locator("p.overall")).to_be_visible()


def test_by_keyboard_alone(open_page, told, results):
    """The skip link comes first and works; focus is always seen; Enter submits and unfolds."""
    page = open_page()
    page.goto("/?lang=en")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        where, outline = page.evaluate(
            "[document.activeElement.id || document.activeElement.tagName,"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        if where == "BODY":
            break
        assert outline != "none", where
        seen.add(where)
        if where == "number":
            page.keyboard.type(told.valid)
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/p/{told.valid}?lang=en")
            break
    assert "file" in seen
    page.goto(f"{results['case']}?lang=en")
    page.locator(".axes summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".axes details").first).to_have_attribute("open", "")


@LANGUAGES
def test_without_scripts(open_page, told, language):
    """Digest, number, certificate and package: everything works; what only a script can do is not offered."""
    page = open_page(scripts=False)
    page.goto(f"/?lang={language}")
    expect(page.locator("#file")).to_be_hidden()
    page.fill("#digest", hashlib.sha256(CONTENT).hexdigest())
    page.locator("[data-by-hand] button").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    page.goto(f"/?lang={language}")
    page.fill("#number", told.superseded)
    page.locator("form:has(#number) button").click()
    expect(page.locator(".status.superseded")).to_be_visible()
    page.goto(f"/?lang={language}")
    page.set_input_files("#package", payload("bundle.json", told.bundle))
    page.locator("form:has(#package) > button").click()
    page.locator(".axes summary").first.click()
    expect(page.locator(".axes .check").first).to_be_visible()
    expect(page.locator("[data-print]")).to_be_hidden()


def test_a_file_over_the_limit_is_refused_before_it_travels(open_page):
    """The page says so when it is chosen, and sends nothing; a smaller one takes the words back."""
    page = open_page()
    page.goto("/?lang=zh")
    form = page.locator("form:has(#certificate)")
    page.set_input_files("#certificate", payload("huge.pdf", bytes(700_000)))
    expect(form.locator("[data-state]")).to_contain_text("0.6 MB")
    form.locator("button").click()
    assert page.url.endswith("/?lang=zh")
    page.set_input_files("#certificate", payload("small.pdf", b"%PDF-1.7"))
    expect(form.locator("[data-state]")).to_have_text("")


@LANGUAGES
def test_on_paper(open_page, results, language):
    """Printed, every fold is open, menus are gone, and no table or drawing is wider than the sheet."""
    page = open_page()
    page.goto(f"{results['case']}?lang={language}")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 within its margins
    page.evaluate("globalThis.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.querySelectorAll('details:not([open])').length") == 0
    expect(page.locator("nav")).to_be_hidden()
    cut = """[...document.querySelectorAll('main *')].filter(part =>
        part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0
        && getComputedStyle(part).display !== 'inline' && getComputedStyle(part).overflowX !== 'visible')
        .map(part => `${part.className} ${part.scrollWidth} > ${part.clientWidth}`)"""
    assert page.evaluate(cut) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 690
    page.evaluate("globalThis.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.querySelectorAll('.axes details[open]').length") == 0


def test_colours_are_never_alone(open_page, results):
    """Each status has a word and a shape."""
    page = open_page()
    page.goto(f"{results['case']}?lang=en")
    for tag in page.locator(".tag").all_text_contents():
        assert re.fullmatch(r"\s*\S\s+\S.*", tag, re.DOTALL), tag
