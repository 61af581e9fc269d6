"""The catalogue of sentences: whole in both languages, used, and without a word that only a court may say."""

import ast
import functools
import string
from pathlib import Path

import pytest
from makers.universe import run
from zheng_verifier import report as report_package
from zheng_verifier.report.model import Text, say
from zheng_verifier.report.sentences import BY_LANGUAGE, word
from zheng_verifier.report.texts import LANGUAGES

SOURCE = Path(report_package.__file__).resolve().parent.parent
FORBIDDEN = ("公证书", "鉴定意见", "不可篡改", "具有法律效力", "legally valid", "tamper-proof", "tamperproof")
# Looked up by the name of an observed value, not written out where they are said.
LOOKED_UP = "observed."


def places(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@functools.cache
def trees():
    files = (file for file in SOURCE.rglob("*.py") if "sentences" not in file.parts)
    return [(file, ast.parse(file.read_text("utf-8"))) for file in files]


def said():
    """Give (key, names of values or None if they are not written out, place) of every ``say``.

    The key ends in ``*`` where the rest of it is computed.
    """
    for file, tree in trees():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("say", "Text")
            ):
                names = {keyword.arg for keyword in node.keywords}
                given = None if None in names or node.func.id == "Text" else names
                place = f"{file.name}:{node.lineno}"
                yield from ((key, given, place) for key in keys_in(node.args[0]))


def keys_in(node):
    """Find what is written out of a key: a string, either side of a condition, the beginning of an f-string."""
    match node:
        case ast.Constant(value=str(key)):
            yield key
        case ast.IfExp(body=one, orelse=other):
            yield from (*keys_in(one), *keys_in(other))
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            yield f"{start}*"


def test_both_languages_have_the_same_sentences_and_places():
    """Neither lacks a sentence, and each names the same values."""
    english, chinese = BY_LANGUAGE["en"], BY_LANGUAGE["zh-CN"]
    assert set(english) == set(chinese)
    assert {key: places(text) for key, text in english.items()} == {
        key: places(text) for key, text in chinese.items()
    }


def test_every_sentence_that_is_said_exists_with_its_values():
    """A key that no catalogue knows would be found only when a court reads the report."""
    english = BY_LANGUAGE["en"]
    for key, given, place in said():
        if key.endswith("*"):
            assert any(each.startswith(key[:-1]) for each in english), f"{place}: {key}"
            continue
        assert key in english, f"{place}: {key}"
        assert given is None or given == places(english[key]), f"{place}: {key}"


def test_every_sentence_is_used():
    """Each key stands somewhere in the source, so that the catalogue holds nothing dead."""
    written = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    computed = (LOOKED_UP, *(key[:-1] for key, _, _ in said() if key.endswith("*")))
    assert {key for key in BY_LANGUAGE["en"] if not key.startswith(computed)} <= written


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_says_what_only_a_court_may(language):
    """The words that DESIGN §7 forbids."""
    for text in BY_LANGUAGE[language].values():
        assert not [forbidden for forbidden in FORBIDDEN if forbidden in text.lower()]


def test_chinese_sentences_are_chinese():
    """But for those that are only a place, or a name that has no other form."""
    for key, text in BY_LANGUAGE["zh-CN"].items():
        bare = text
        for name in places(text):
            bare = bare.replace("{" + name + "}", "")
        assert not bare.strip("，：（） ") or any("\u4e00" <= char <= "\u9fff" for char in bare), key


def test_sentences_nest():
    """A value may be a sentence or a list of them, each put into the same language."""
    names = tuple(say("event", seq=seq) for seq in (1, 2))
    listed = say("listed", names=names)
    assert (word(listed, "en"), word(listed, "zh-CN")) == ("event 1, event 2", "事件 1、事件 2")
    token = say("timestamps.token", position=0, checkpoint=say("checkpoint_of_size", size=4))
    assert word(token, "en") == "token 0 over the checkpoint of size 4"
    assert word(Text("nothing"), "en") == ""


def test_every_finding_of_a_report_is_put_into_both_languages():
    """Subject and detail of each, without an error and without a place left open."""
    for check in run().checks:
        for finding in check.findings:
            for language in LANGUAGES:
                assert "{" not in word(finding.subject, language) + word(finding.detail, language)
