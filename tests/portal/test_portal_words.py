"""The words of the pages: complete in both languages, each used, none of the forbidden ones."""

import re

import pytest
from portal_visits import FORBIDDEN, NOT_THAT, ROOT

from api.web.portal.words_en import WORDS as ENGLISH
from api.web.portal.words_zh import WORDS as CHINESE

SOURCES = [
    path.read_text(encoding="utf-8")
    for folder, kind in (("portal/templates", "*.html"), ("api/web/portal", "*.py"))
    for path in (ROOT / folder).glob(kind)
    if not path.name.startswith("words_")
]
PLACE = re.compile(r"\{(\w+)\}")
CHINESE_CHARACTER = re.compile(r"[\u3400-\u9fff]")


def named():
    """Give the keys that templates and code name, and the beginnings of those that code puts together."""
    text = "\n".join(SOURCES)
    whole = set(re.findall(r"\bw\.([a-z_0-9]+)", text))
    whole |= set(re.findall(r"""said\[["']([A-Za-z_0-9]+)["']\]""", text))
    begun = set(re.findall(r"""said(?:\[|\.get\()f["']([a-z_]+_)\{""", text)) | set(
        re.findall(r"""said\[["']([a-z]+_)["'] \+""", text)
    )
    return whole, begun


def test_the_same_keys_in_both_languages():
    """Whatever one language says the other says too, with the same places for values."""
    assert list(CHINESE) == list(ENGLISH)
    for key, words in ENGLISH.items():
        assert set(PLACE.findall(words)) == set(PLACE.findall(CHINESE[key])), key
        assert words.strip(), key
        assert CHINESE[key].strip(), key


def test_every_word_that_is_named_exists():
    """No page and no code asks for words that are not there."""
    whole, begun = named()
    assert whole - set(ENGLISH) == set()
    assert [prefix for prefix in begun if not any(key.startswith(prefix) for key in ENGLISH)] == []


def test_every_word_is_used():
    """No words are kept that nothing says."""
    text = "\n".join(SOURCES)
    whole, begun = named()
    unused = [
        key
        for key in ENGLISH
        if key not in whole and not key.startswith(tuple(begun)) and f'"{key}"' not in text
    ]
    assert ", ".join(unused) == ""


def test_no_key_is_a_method_of_a_mapping():
    """`w.items` in a template would be the method, not the word."""
    assert [key for key in ENGLISH if hasattr(dict, key)] == []


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_no_forbidden_word(words):
    """DESIGN §7; the sentence that says what these pages are not may name it."""
    said = "\n".join(words.values())
    assert [word for word in FORBIDDEN if word.lower() in said.lower()] == []
    assert [word for word in ("公证书", "鉴定意见") if word in NOT_THAT.sub("", said)] == []


def test_each_language_is_written_in_itself():
    """English has no Chinese characters but the name of the other language, Chinese no sentence without them."""
    assert [key for key, words in ENGLISH.items() if CHINESE_CHARACTER.search(words)] == ["other_language"]
    plain = {key for key, words in CHINESE.items() if not CHINESE_CHARACTER.search(words)}
    assert plain <= {"other_language", "colon", "separator"}
