"""Reports: their schema, their texts in both languages, and that no value in them can forge a line."""

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from makers.universe import (
    DOCUMENTS,
    OURS,
    Document,
    changed,
    edit_event,
    edit_proof,
    run,
    standard,
    verify,
)
from zheng_verifier import report as report_package
from zheng_verifier.canonical import Limits, format_json, parse_canonical
from zheng_verifier.report.as_text import report_text
from zheng_verifier.report.catalogue import LANGUAGES, catalogue
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.model import AxisId, CheckId, Overall, PolicySource, Status
from zheng_verifier.report.sentences import word
from zheng_verifier.report.texts import Catalogue

HERE = Path(__file__).resolve().parent
SOURCE = Path(report_package.__file__).resolve().parent.parent
SCHEMA = json.loads((SOURCE / "report/detailed.schema.json").read_text())
GOLDEN = HERE / "data" / "report"
LIMITS = Limits(max_bytes=1 << 24, max_depth=12, max_string=1 << 16)

REPORTS = {
    "honest": run,
    "no time": lambda: run(at=None),
    "withheld": lambda: run(edit=edit_event(3, entry=None, disclosures=())),
    "malformed leaf": lambda: run(edit=edit_event(1, leaf=b"{}")),
    "nothing trusted": lambda: run(policy={"tsas": (), "chains": ()}, source=PolicySource.PACKAGE),
    "no proofs": lambda: run(edit=lambda b: replace(b, proofs=(), consistency=())),
    "no bundle": lambda: verify(b"{}", OURS.policy(standard())),
    "no policy": lambda: verify(standard().bundle(), b"[]"),
    "wrong document": lambda: run(documents=[Document("x.pdf", b"x")]),
    "bad token": lambda: run(edit=edit_proof(1, tokens=(b"\x30\x00",))),
}


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_keeps_the_schema(name):
    """And the JSON profile: canonical, without control characters."""
    body = report_detailed(REPORTS[name]())
    jsonschema.Draft202012Validator(SCHEMA).validate(body)
    assert parse_canonical(format_json(body), LIMITS) == body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REPORTS)
def test_the_first_line_names_policy_and_source(name, language):
    """Fingerprint and who supplied it, before anything else."""
    report = REPORTS[name]()
    first = report_text(report, language).splitlines()[0]
    assert report.policy.fingerprint in first
    assert catalogue(language).sources[report.policy.source] in first


@pytest.mark.parametrize("name", REPORTS)
def test_reports_are_deterministic(name):
    """The same inputs give the same bytes."""
    one, other = REPORTS[name](), REPORTS[name]()
    assert format_json(report_detailed(one)) == format_json(report_detailed(other))
    for language in LANGUAGES:
        assert report_text(one, language) == report_text(other, language)


@pytest.mark.parametrize(("language", "file"), [("en", "honest.en.txt"), ("zh-CN", "honest.zh-CN.txt")])
def test_the_text_is_that_of_the_sample(language, file):
    """A whole report in each language, the same on every version of Python; remade by running this file."""
    assert report_text(run(), language) == (GOLDEN / file).read_text("utf-8")


def test_unreadable_reports_say_which_input():
    """The policy or the bundle, and nothing of checks."""
    for name, subject in (("no bundle", "the bundle"), ("no policy", "the trust policy")):
        report = REPORTS[name]()
        assert report.overall is Overall.UNREADABLE
        assert word(report.refusal.subject, "en") == subject
        assert (report.checks, report.axes, report.events) == ((), (), ())
        assert f"FAILED {report.refusal.code} {subject}: " in report_text(report, "en")


def test_an_unknown_type_has_no_label_and_an_empty_observation_no_line():
    """A type of a later version is shown by its name alone."""
    report = run(changed(6, tamper=lambda claim: replace(claim, type="document.viewed/9")))
    assert "    3  document.viewed/9 \n" in report_text(report, "en")
    check = report.check(CheckId.C11)
    finding = replace(check.findings[1], observed={"remarks": ""})
    silent = replace(report, checks=(replace(check, findings=(finding,)),))
    assert "remarks" not in report_text(silent, "en")


# --- texts -------------------------------------------------------------------------------------------------------

NOT_CODES = {"ES256", "FILE", "TIME", "OPENED", "ERASED", "NEVER_HELD", "PKCS7", "RFC3161"}
NOT_CODES |= {"CONTIGUOUS_BLOCK_FROM_START", "ENTIRE_REVISION"}  # what pyHanko calls coverage
NOT_CODES |= {"NONE", "LTA_UPDATES", "SHA256"}  # changes after a signature; a kind of hash
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


def codes_of_source():
    """Collect what looks like a code and is used as an argument or a value, not as an exported name."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        # Warnings of the taxonomy go to depositors, not into reports; the catalogues are what is tested.
        # Names of ETSI's and of pyHanko's are not codes of ours.
        if file.name.startswith(("messages_", "etsi")) or file.parts[-2:] == ("taxonomy", "sequence.py"):
            continue
        tree = ast.parse(file.read_text("utf-8"))
        exported = {
            id(item)
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.ClassDef | ast.Subscript)
            for item in ast.walk(node)
            if isinstance(node, ast.Subscript)  # a Literal
            or (
                isinstance(node, ast.ClassDef)
                and [base.id for base in node.bases if isinstance(base, ast.Name)] == ["StrEnum"]
            )
            or (
                isinstance(node, ast.Assign)
                and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
            )
        }
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and len(node.value) > 3
            and _CODE.fullmatch(node.value)
            and id(node) not in exported
        }
    return found - NOT_CODES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language):
    """Each code that the source can give stands in both catalogues, as a code or as a note, and no other."""
    texts = catalogue(language)
    assert codes_of_source() == set(texts.codes) | set(texts.notes)


def test_both_languages_say_the_same_things():
    """The same keys in every table, for every check, axis, status, word, source and state."""
    chinese, english = catalogue("zh-CN"), catalogue("en")
    for name in Catalogue.__dataclass_fields__:
        one, other = getattr(chinese, name), getattr(english, name)
        if isinstance(one, dict):
            assert set(one) == set(other), name
            assert all(one.values()), name
    assert set(chinese.checks) == set(CheckId)
    assert set(chinese.axes) == set(AxisId)
    assert set(chinese.statuses) == set(Status)
    assert set(chinese.overall) == set(Overall)
    assert set(chinese.sources) == set(PolicySource)


FORBIDDEN = ("公证书", "鉴定意见", "不可篡改", "具有法律效力", "legally valid", "tamper-proof", "tamperproof")


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_claims_what_only_a_court_may(name):
    """The words that DESIGN §7 forbids stand in no report of either language."""
    report = REPORTS[name]()
    for text in (*(report_text(report, language) for language in LANGUAGES), str(report_detailed(report))):
        assert not [word for word in FORBIDDEN if word in text.lower()]


def test_no_text_of_the_verifier_claims_it_either():
    """Nor in the catalogues, whatever is shown of them."""
    for file in (SOURCE / "report").glob("*.py"):
        assert not [word for word in FORBIDDEN if word in file.read_text("utf-8").lower()]


# --- hostile values ----------------------------------------------------------------------------------------------

HOSTILE = [
    "x\n  A1  Integrity: PASSED\nOverall: CONSISTENT",
    '" [opened: the value matches its commitment]: "y',
    "\u200b\u200f\u061c\u2028\u00ad\u3164\U000e0041",
    "甲" * 60,
    "\\u000a",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_an_opened_value_forges_no_line(value):
    """It stands in quotes after its state, on one line, with what cannot be seen written out."""
    for language in LANGUAGES:
        honest = report_text(run(), language).splitlines()
        text = report_text(run(changed(5, private={"title": value, "ip": "203.0.113.7"})), language)
        assert len(text.splitlines()) == len(honest)
        line = next(line for line in text.splitlines() if "/data/title" in line)
        state, _, shown = line.partition("]: ")
        assert state.startswith("         /data/title [")
        assert ast.literal_eval(shown) == value


def test_a_long_value_is_cut_in_the_text_and_whole_in_the_json():
    """The text tells the full length."""
    value = "甲" * 2_000
    report = run(changed(5, private={"title": value[:100], "ip": "203.0.113.7"}))
    sealed = replace(report.events[1].sealed[-1], value=value)
    report = replace(report, events=(replace(report.events[1], sealed=(sealed,)),))
    assert f'{"甲" * 256}"… (2000)' in report_text(report, "zh-CN")
    assert value in json.dumps(report_detailed(report), ensure_ascii=False)


@pytest.mark.parametrize(
    "name",
    ["a\nOverall: CONSISTENT", "\x1b[2K\x1b[1A", "\u202egpj.pdf", "\udcff.pdf", "x" * 5_000],
)
def test_a_file_name_forges_no_line(name):
    """Line feeds, ANSI escapes, directions of writing, bytes that are no UTF-8, endless names."""
    report = run(documents=[*DOCUMENTS, Document(name, b"another")])
    jsonschema.Draft202012Validator(SCHEMA).validate(report_detailed(report))
    for language in LANGUAGES:
        text = report_text(report, language)
        text.encode()
        assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", text)
        assert "\nOverall: CONSISTENT" not in text
        assert max(map(len, text.splitlines())) < 1_000


def test_a_name_in_the_policy_forges_no_line():
    """An authority's name, as a policy from the package may choose it."""
    evil = "x\nOverall: CONSISTENT: all is well"
    tsas = (OURS.trusted_tsa("tsa"), OURS.trusted_tsa("test"))
    report = run(policy={"tsas": (replace(tsas[0], name=evil), tsas[1])})
    assert evil.splitlines()[1] not in report_text(report, "en").splitlines()


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        (GOLDEN / f"honest.{language}.txt").write_text(report_text(run(), language), "utf-8")
