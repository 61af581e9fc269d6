"""Members sign where they work: from the desk's list to the end, by the keyboard alone; and a finger signs on a phone."""

import re

import pytest
from desk_visits import PASSWORD, set_up
from playwright.sync_api import expect
from portal_visits import ROOT
from signing_site import signing_site, until

from api.web.portal.signing.words_en import SCRIPTS as ENGLISH
from api.web.portal.signing.words_zh import SCRIPTS as CHINESE

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)  # several browsers and services share what the machine has
AXE = (ROOT / "tests/portal/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with signing_site(tmp_path_factory.mktemp("members-pages")) as opened:
        yield opened


def looks_right(page):
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found] == []


def reach(page, selector):
    """Go on by the Tab key until a part has the focus, which is seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(outline) != "none", selector
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def press(page, selector, key="Enter"):
    reach(page, selector)
    page.keyboard.press(key)


def by_finger(page):
    """Draw two strokes on the pad as a finger does."""
    page.locator("#pad").scroll_into_view_if_needed()
    frame = page.locator("#pad").bounding_box()
    finger = page.context.new_cdp_session(page)
    for start in (60, 180):
        places = [(frame["x"] + start + 5 * step, frame["y"] + 40 + 7 * step) for step in range(12)]
        for kind, (x, y) in zip(["touchStart", *["touchMove"] * (len(places) - 1)], places, strict=True):
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.torture
def test_a_member_signs_by_the_keyboard_and_a_finger_on_a_phone(site, browser):
    """S0-28, S4-21: listed as waiting, sealed and confirmed by password without a mouse; drawn by touch; then certified."""
    phone = site.phone()
    member = site.keeper("李主管", "lizg")
    site.granted_seal(member)
    contract = site.sent(
        {"account": member, "kind": "organization"}, {"name": "王建国", "phone": phone, "group": 2}
    )

    context = browser.new_context(base_url=site.address, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(15_000)
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    set_up(page, site.world, site.setup(member), "en")
    expect(page.locator("section:has(#pile-waiting_for_me)")).to_contain_text("房屋租赁合同")
    press(page, "#pile-waiting_for_me ~ ul a")
    page.wait_for_url(f"**/desk/contracts/{contract}?*")
    press(page, ".bar a.button[href^='/sign']")
    page.wait_for_url(f"**/sign?contract={contract}*")
    expect(page.locator("#overview")).to_be_visible()
    expect(page.locator("#leave")).to_be_hidden()
    looks_right(page)
    press(page, "#begin button")
    expect(page.locator("#progress")).not_to_have_text("")
    while page.locator("#next-unread").is_visible():
        before = page.locator("#progress").text_content()
        press(page, "#next-unread")
        expect(page.locator("#progress")).not_to_have_text(before)
    page.wait_for_selector("#terms-list input")
    for _ in page.locator("#terms-list input").all():
        press(page, "#terms-list input:not(:checked)", "Space")
    press(page, "#read-on")
    expect(page.locator("#choosing")).to_be_visible()
    reach(page, "#kinds input")
    while not page.locator("#kind-seal input").is_checked():
        page.keyboard.press("ArrowDown")
    press(page, "input[name=seal]", "Space")
    looks_right(page)
    press(page, "#choosing-form [type=submit]")
    page.wait_for_selector("#confirming:not([hidden])")
    press(page, "#agree", "Space")
    reach(page, "#methods input")
    while not page.locator("#methods input[value=password]").is_checked():
        page.keyboard.press("ArrowDown")
    press(page, "#ask")
    page.wait_for_selector("#answer-form:not([hidden])")
    if not page.evaluate("document.activeElement.id === 'answer'"):
        reach(page, "#answer")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#outcome-h")).to_have_text(ENGLISH["done_title"])
    looks_right(page)

    other = browser.new_context(base_url=site.address, color_scheme="dark", **PHONE)
    hand = other.new_page()
    hand.set_default_timeout(15_000)
    hand.goto(site.link(phone).replace("/s#", "/s?lang=zh#"))
    hand.tap("#open")
    hand.tap("#begin button")
    expect(hand.locator("#progress")).not_to_have_text("")
    while hand.locator("#next-unread").is_visible():
        before = hand.locator("#progress").text_content()
        hand.tap("#next-unread")
        expect(hand.locator("#progress")).not_to_have_text(before)
    looks_right(hand)
    for box in hand.locator("#terms-list input").all():
        box.check()
    hand.tap("#read-on")
    hand.tap("#kind-drawn")
    by_finger(hand)
    looks_right(hand)
    hand.tap("#choosing-form [type=submit]")
    hand.wait_for_selector("#confirming:not([hidden])")
    hand.check("#agree")
    hand.tap("#ask")
    hand.wait_for_selector("#answer-form:not([hidden])")
    hand.fill("#answer", site.code(phone))
    hand.tap("#do-sign")
    expect(hand.locator("#outcome-h")).to_have_text(CHINESE["complete_title"])
    hand.tap("#certificate-actions button")
    expect(hand.locator("#certificate-actions a")).to_have_count(2)
    looks_right(hand)
    number = hand.locator("#certificate-actions a").last.get_attribute("href")
    hand.goto(number)
    expect(hand.locator("h1")).to_be_visible()

    expect(page.locator("#outcome-h")).to_have_text(ENGLISH["complete_title"])
    until(lambda: page.locator("#certificate-actions a").count() == 2)  # the same one: none takes its place
    assert (
        page.locator("#certificate-actions a").last.get_attribute("href").partition("?")[0]
        == number.partition("?")[0]
    )
    press(page, "#desk")
    expect(page.locator(".head .state")).to_contain_text(re.compile("completed"))
    assert wrong == []
    context.close()
    other.close()
