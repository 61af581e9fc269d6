"""The signer's pages over HTTP: words in both languages, rules for the browser, files by name, no door for others."""

import re

import pytest
from portal_visits import FORBIDDEN, HTML, LANGUAGES, NOT_THAT, ROOT

from api.web.portal.signing import words_en, words_zh
from api.web.portal.signing.pages import ASSETS

TEMPLATES = "\n".join(path.read_text("utf-8") for path in (ROOT / "portal/templates/signing").glob("*.html"))
SCRIPTS = "\n".join(path.read_text("utf-8") for path in (ROOT / "portal/static/signing").glob("*.js"))
PLACE = re.compile(r"\{(\w+)\}")
CHINESE_CHARACTER = re.compile(r"[\u3400-\u9fff]")
FAMILIES = (
    "sim",
    "level",
    "role",
    "kind",
    "party",
    "method",
    "ask",
    "asked",
    "label",
    "proof",
    "still",
    "factor",
    "field",
    "reason",
    "consent",
)
PAIRS = [(words_zh.WORDS, words_en.WORDS), (words_zh.SCRIPTS, words_en.SCRIPTS)]


@pytest.mark.parametrize(("chinese", "english"), PAIRS, ids=["pages", "scripts"])
def test_both_languages_say_the_same_things(chinese, english):
    """The same keys, in the same order, with the same places for values; each written in itself, none forbidden."""
    assert list(chinese) == list(english)
    for key, text in english.items():
        assert set(PLACE.findall(text)) == set(PLACE.findall(chinese[key])), key
        assert key == "other_language" or not CHINESE_CHARACTER.search(text), key
    said = "\n".join((*chinese.values(), *english.values()))
    assert [word for word in FORBIDDEN if word.lower() in said.lower()] == []
    assert [word for word in ("公证书", "鉴定意见") if word in NOT_THAT.sub("", said)] == []


def test_every_word_is_there_and_used():
    """Templates and scripts ask for no word that is missing, and none is kept that nothing says."""
    named = set(re.findall(r"\bw\.([a-z_0-9]+)", TEMPLATES)) | {"cac_filing"}
    assert named == set(words_en.WORDS)
    asked = set(re.findall(r"""["'`]([a-z]+(?:_[a-z0-9]+)*)["'`]""", SCRIPTS))
    put_together = (*(f"{family}_" for family in FAMILIES), "term_keyword", "term_marked")
    ends = ("_title", "_text")
    unsaid = [
        key
        for key in words_en.SCRIPTS
        if key not in asked and not key.startswith(put_together) and not key.endswith(ends)
    ]
    assert unsaid == []
    said = set(re.findall(r"""\bsay\(["']([a-z_0-9]+)["']""", SCRIPTS))
    assert said - set(words_en.SCRIPTS) == set()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/s", "/sign"])
def test_the_pages_hold_nothing_and_allow_nothing(world, path, language):
    """No data, nothing kept, nothing inline, no address told to others; code is compiled only where PDF.js draws."""
    answer = world.get(f"{path}?lang={language}", headers={"Accept": HTML})
    assert answer.status_code == 200
    rules = answer.headers["content-security-policy"]
    assert "default-src 'none'" in rules
    assert "unsafe-inline" not in rules
    assert "'unsafe-eval'" not in rules
    assert ("'wasm-unsafe-eval'" in rules) == (path == "/sign")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    assert f'<html lang="{LANGUAGES[language]}">' in answer.text
    assert not re.search(r"<script(?! src=)|<style|\son[a-z]+=|\sstyle=", answer.text)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", answer.text)


def test_a_form_of_another_site_is_not_taken(world):
    """Nobody is brought into somebody else's session; a wrong code is told as such, and sets no cookie."""
    code = {"code": "x" * 43}
    foreign = world.request("POST", "/s", data=code, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    wrong = world.request("POST", "/s?lang=en", data=code, headers={"Sec-Fetch-Site": "same-origin"})
    assert wrong.status_code == 410
    assert "set-cookie" not in wrong.headers
    assert words_en.WORDS["link_invalid"] in wrong.text
    assert "x" * 43 not in wrong.text


def test_files_are_given_by_name_alone(world):
    """Every file that is listed is there, with its type; nothing else of the folder, and nothing above it."""
    for name, media_type in ASSETS.items():
        answer = world.get(f"/assets/signing/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    for name in ("README.md", "..%2Fportal.css", "%2e%2e/portal.css", "sign.js/"):
        assert world.get(f"/assets/signing/{name}").status_code == 404
    worker = world.get("/assets/pdfjs/pdf.worker.min.mjs").headers["content-security-policy"]
    assert worker.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'")
