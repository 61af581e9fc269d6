"""The court guide says the same in both languages, its commands run, and what it shows is what they print."""

import hashlib
import re
import subprocess

import pytest
from demo_case import ZHENG_VERIFY
from docs_pages import IMAGE, ROOT, assert_excerpt, blocks, commands, headings
from zheng_verifier.report.catalogue import catalogue
from zheng_verifier.report.model import AxisId, Overall, Status

GUIDES = {
    language: (ROOT / "docs" / f"court-guide.{language}.md").read_text(encoding="utf-8")
    for language in ("zh-CN", "en")
}
BOTH = pytest.mark.parametrize("language", GUIDES)
FORBIDDEN = ("公证书", "鉴定意见", "不可篡改", "具有法律效力", "legally valid", "tamper-proof", "tamperproof")


def run(command, folder):
    return subprocess.run(
        [ZHENG_VERIFY, *command[1:]], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


def plain(command):
    """A command without its choice of language."""
    return [word for word in command if word not in ("--language", "zh-CN")]


def test_both_languages_have_the_same_parts():
    """Headings by number and level, tables by rows, commands but for the language, pictures."""
    zh, en = GUIDES["zh-CN"], GUIDES["en"]
    assert [level for level, _ in headings(zh)] == [level for level, _ in headings(en)]
    assert len(re.findall(r"^\|", zh, re.MULTILINE)) == len(re.findall(r"^\|", en, re.MULTILINE))
    assert len(re.findall(r"^- ", zh, re.MULTILINE)) == len(re.findall(r"^- ", en, re.MULTILINE))
    assert [plain(each) for each in commands(zh)] == commands(en)
    assert len(IMAGE.findall(zh)) == len(IMAGE.findall(en))


@BOTH
def test_no_word_says_more_than_was_checked(language):
    """None of the words that the design forbids in any output."""
    assert [word for word in FORBIDDEN if word in GUIDES[language].lower()] == []


@BOTH
def test_what_the_verifier_can_say_is_explained(language):
    """Each overall word, each axis by id and name, and the results, in the verifier's own words."""
    guide, words = GUIDES[language], catalogue(language)
    for overall in Overall:
        assert f"| {overall.value}" in guide
    for axis in AxisId:
        assert f"| {axis.value} {words.axes[axis]} |".lower() in guide.lower()
    for status in (Status.INDETERMINATE, Status.NOT_PROVIDED, Status.NOT_APPLICABLE, Status.SKIPPED):
        assert words.statuses[status] in guide


@BOTH
def test_the_excerpt_is_what_the_command_prints(language, played_demo):
    """The first command on the demonstration's package, word for word: exit code 3, and the lines shown."""
    first = next(words for words in commands(GUIDES[language]) if words[0] == "zheng-verify")
    (excerpt,) = blocks(GUIDES[language], "")
    done = run(first, played_demo.folder)
    assert (done.returncode, done.stderr) == (3, "")
    assert_excerpt(excerpt, done.stdout)


def test_the_other_commands_run(played_demo):
    """Each prints something and ends with 3, incomplete; none writes a file of its own."""
    _, *others = [words for words in commands(GUIDES["en"]) if words[0] == "zheng-verify"]
    assert len(others) == 4
    for command in others:
        done = run(command, played_demo.folder)
        assert (done.returncode, done.stderr) == (3, ""), command
        assert done.stdout


def test_the_fingerprint_is_the_digest_of_the_policys_file(played_demo):
    """So that a clerk can compute it with a common tool: `sha256sum` and line 1 agree."""
    assert ["sha256sum", "demo/policy.json"] in commands(GUIDES["en"])
    digest = hashlib.sha256((played_demo.evidence / "policy.json").read_bytes()).hexdigest()
    assert digest in played_demo.output.splitlines()[0]
