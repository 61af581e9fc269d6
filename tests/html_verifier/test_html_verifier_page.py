"""The page as people use it: two languages, keyboard, no network, hostile names, clear words where something is missing."""

import json

import pytest
from html_cases import read_case
from html_page import Verifier

pytestmark = pytest.mark.browser

CJK = "\u4e00", "\u9fff"


@pytest.fixture
def fresh(browser):
    """Open the page anew, in the language asked for."""
    contexts = []

    def opened(locale: str, **more) -> Verifier:
        contexts.append(browser.new_context(locale=locale, offline=True, **more))
        return Verifier(contexts[-1].new_page())

    yield opened
    for context in contexts:
        context.close()


def verify(verifier: Verifier, name: str) -> dict:
    case = read_case(name)
    return verifier.verify(
        case.evidence, case.policy, case.documents, case.expected["options"], case.statement
    )


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh-CN"), ("de-DE", "en")])
def test_the_page_speaks_the_browsers_language_and_can_be_switched(locale, language, fresh):
    """Chinese for Chinese browsers, English for all others; one button changes it and keeps the result."""
    verifier = fresh(locale)
    page = verifier.page
    assert page.locator("html").get_attribute("lang") == language
    verify(verifier, "honest")
    first = page.locator("#overall").text_content()
    page.click("#language")
    assert page.locator("html").get_attribute("lang") != language
    assert page.locator("#overall").text_content() != first
    assert verifier.errors == []


def test_english_has_no_chinese_left(fresh):
    """Nor a key without a sentence; what evidence itself says is not translated."""
    verifier = fresh("en-GB")
    verify(verifier, "whole-case-honest")
    text = verifier.page.locator("#result").inner_text()
    assert not [letter for letter in text if CJK[0] <= letter <= CJK[1]]
    assert "html." not in text
    assert "{" not in text.partition("Machine-readable")[0]


def test_the_policy_is_the_first_line_and_no_badge_stands_for_all(fresh):
    """Fingerprint first, then a careful word, then nine questions, each with its own words."""
    verifier = fresh("en-GB")
    result = verify(verifier, "package-honest")
    page = verifier.page
    assert (
        page.locator("#result > *")
        .first.inner_text()
        .startswith("Trust policy SHA-256: " + result["policy"]["fingerprint"])
    )
    assert page.locator(".axis").count() == 9
    assert page.locator("#overall .status").count() == 0
    assert page.evaluate("document.activeElement.id") == "result"


def test_the_page_works_by_keyboard_alone(fresh):
    """Every control is reached by Tab in its order and has a name; Enter verifies."""
    verifier = fresh("en-GB")
    page = verifier.page
    reached: list[str] = []
    while "clear" not in reached and len(reached) < 20:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
    order = [
        "language",
        "policy",
        "evidence",
        "documents",
        "statement",
        "source-user",
        "enclosed",
        "at",
        "start",
        "clear",
    ]
    assert reached == order
    named = page.evaluate(
        "[...document.querySelectorAll('input')].every(each => each.labels.length === 1 && each.labels[0].innerText.trim())"
    )
    assert named
    page.focus("#at")
    page.keyboard.press("Enter")
    assert page.locator("#status").inner_text() == "Choose the evidence and a trust policy first"


def test_a_wrong_time_is_named(fresh):
    """Nothing is verified at a time that nobody understands."""
    verifier = fresh("en-GB")
    case = read_case("honest")
    verifier.page.set_input_files("#policy", [{"name": "p", "mimeType": "", "buffer": case.policy}])
    verifier.page.set_input_files("#evidence", [{"name": "e", "mimeType": "", "buffer": case.evidence[1]}])
    verifier.page.fill("#at", "yesterday")
    verifier.page.click("#start")
    assert "YYYY-MM-DD" in verifier.page.locator("#status").inner_text()
    assert verifier.page.locator("#result").count() == 0


def test_a_policy_taken_from_the_package_caps_the_word(fresh):
    """It may be used where the user has no other, and the result says whose it is."""
    verifier = fresh("en-GB")
    case = read_case("package-policy-from-the-package")
    page = verifier.page
    page.set_input_files("#evidence", [{"name": "package.asice", "mimeType": "", "buffer": case.evidence[1]}])
    page.check("#enclosed")
    page.fill("#at", case.expected["options"]["at"])
    page.click("#start")
    result = json.loads(page.locator("#json").text_content() or "")
    assert result["policy"]["source"] == "package"
    assert result["overall"] == "INCOMPLETE"


def test_names_are_text_and_never_markup(fresh):
    """A hostile file name is shown as it is; no element and no request comes of it."""
    verifier = fresh("en-GB")
    case = read_case("honest")
    hostile = '<img src=x onerror="document.title=1">\u202e.pdf'
    result = verifier.verify(case.evidence, case.policy, [(hostile, b"%PDF-")], case.expected["options"])
    assert verifier.page.locator("#result img").count() == 0
    assert "\\u202e" in [file["name"] for file in result["inputs"]][-1]
    assert verifier.errors == []
    assert len(verifier.requests) == 1


def test_a_certificate_of_deposit_is_said_to_be_not_supported(fresh):
    """A PDF is no bundle and no package; the page says what to use instead of guessing."""
    verifier = fresh("en-GB")
    case = read_case("honest")
    result = verifier.verify(("certificate.pdf", b"%PDF-1.7\n"), case.policy, (), case.expected["options"])
    assert result["overall"] == "UNREADABLE"
    assert result["refusal"]["code"] == "NOT_SUPPORTED_HERE"


def test_the_result_is_saved_as_a_file(fresh, tmp_path):
    """What is downloaded is what is shown: the detailed report, unsigned."""
    verifier = fresh("en-GB")
    shown = verify(verifier, "honest")
    with verifier.page.expect_download() as download:
        verifier.page.click("#download")
    download.value.save_as(tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text()) == shown
    assert shown["signed"] is False


def test_a_phone_needs_no_sideways_scrolling(fresh):
    """At 390 pixels the page is as wide as the screen."""
    verifier = fresh("zh-CN", viewport={"width": 390, "height": 844})
    verify(verifier, "whole-case-honest")
    assert verifier.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_rsa_signatures_are_verified_on_a_page_from_disk(fresh):
    """WebCrypto is there, since a page opened from disk is a secure context in Chromium."""
    page = fresh("en-GB").page
    assert page.evaluate("isSecureContext && typeof crypto.subtle.verify === 'function'")
