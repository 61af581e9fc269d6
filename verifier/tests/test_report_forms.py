"""The three forms of a report, in text, JSON and HTML: what they say, their schemas, and that no value escapes."""

import functools
import itertools
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from makers.universe import OURS, Document, changed, edit_event, edit_proof, minute, standard, verify
from makers.universe import run as run_anew
from zheng_verifier import report as report_package
from zheng_verifier.canonical import format_json, parse_canonical
from zheng_verifier.report.as_html import report_html
from zheng_verifier.report.as_text import report_text
from zheng_verifier.report.catalogue import LANGUAGES, catalogue, explain
from zheng_verifier.report.conclusions import case_interval, conclude_axis, say_interval
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.etsi import SUB_INDICATIONS
from zheng_verifier.report.model import (
    AxisId,
    AxisResult,
    CheckId,
    CheckResult,
    Comparison,
    ContainerView,
    DocumentView,
    Finding,
    InputFile,
    PolicySource,
    SignatureView,
    Status,
    TimeBound,
    say,
)
from zheng_verifier.report.moments import show_time
from zheng_verifier.report.signed import REPORT_LIMITS
from zheng_verifier.report.simple import report_simple
from zheng_verifier.report.structure import DEPENDS_ON

HONEST = functools.cache(run_anew)


def run(*args, **named):
    """The same report each time where nothing is asked of it: it is frozen."""
    return run_anew(*args, **named) if args or named else HONEST()


FOLDER = Path(report_package.__file__).parent
DETAILED = json.loads((FOLDER / "detailed.schema.json").read_text())
SIMPLE = json.loads((FOLDER / "simple.schema.json").read_text())
FORBIDDEN = ("公证书", "鉴定意见", "不可篡改", "具有法律效力", "legally valid", "tamper-proof", "tamperproof")
BOUND = TimeBound(minute(30), say("times.tsa", name="T"), trusted=True)


def signature(**changes):
    base = SignatureView(
        document="lease.pdf",
        number=1,
        signer="甲",
        level="B-LT",
        claimed_at=minute(20),
        existed=BOUND,
        status=Status.PASSED,
        code="",
        changed=False,
        certificate=Status.PASSED,
        certificate_code="",
    )
    return replace(base, **changes)


SIGNATURES = (
    signature(),
    signature(
        number=2,
        status=Status.FAILED,
        code="HASH_FAILURE",
        changed=True,
        certificate=Status.INDETERMINATE,
        certificate_code="EXPIRED",
        existed=None,
        claimed_at=None,
    ),
    signature(number=3, status=Status.INDETERMINATE, code="KEY_UNKNOWN", changed=None),
)
DOCUMENTS = (
    DocumentView("lease.pdf", "signed", 7, "ab" * 32, "cd" * 32, (2, 4), True, Status.PASSED),
    DocumentView(None, "annex", 7, "ab" * 32, None, (3,), False, Status.NOT_PROVIDED),
)
FILES = (InputFile("zheng/bundle.json", 9, "ef" * 32),)
AGREES = Comparison(True, True, (), ())


def whole():
    """A report with everything a report can have."""
    container = ContainerView("package", FILES, ("NOT_CANONICAL",), "redacted", None, AGREES)
    return replace(run(), documents=DOCUMENTS, signatures=SIGNATURES, container=container)


def certificate():
    return replace(run(), container=ContainerView("certificate", FILES, number="ZC-1"))


REPORTS = {
    name: functools.cache(make)
    for name, make in {
        "honest": run,
        "whole": whole,
        "certificate": certificate,
        "no time": lambda: run(at=None),
        "withheld": lambda: run(edit=edit_event(3, entry=None, disclosures=())),
        "malformed leaf": lambda: run(edit=edit_event(1, leaf=b"{}")),
        "unknown type": lambda: run(
            changed(6, tamper=lambda claim: replace(claim, type="document.viewed/9"))
        ),
        "nothing trusted": lambda: run(policy={"tsas": (), "chains": ()}, source=PolicySource.PACKAGE),
        "no bundle": lambda: verify(b"{}", OURS.policy(standard())),
        "wrong document": lambda: run(documents=[Document("x.pdf", b"x")]),
        "bad token": lambda: run(edit=edit_proof(1, tokens=(b"\x30\x00",))),
    }.items()
}


def pages(report):
    for language in LANGUAGES:
        for form in ("simple", "detailed"):
            yield report_html(report, language, form)


@pytest.mark.parametrize("name", REPORTS)
def test_every_form_keeps_its_schema_and_the_profile(name):
    """Simple and detailed, also made for signing, whose limits they keep."""
    report = REPORTS[name]()
    for body, schema in (
        (report_simple(report), SIMPLE),
        (report_detailed(report), DETAILED),
        (report_detailed(report, signed=True), DETAILED),
    ):
        jsonschema.Draft202012Validator(schema).validate(body)
        assert parse_canonical(format_json(body), REPORT_LIMITS) == body


@pytest.mark.parametrize("name", REPORTS)
def test_no_form_claims_what_only_a_court_may(name):
    """In no language and no format."""
    report = REPORTS[name]()
    texts = [str(report_simple(report)), *pages(report)]
    texts += [report_text(report, language, "simple") for language in LANGUAGES]
    for text in texts:
        assert not [word for word in FORBIDDEN if word in text.lower()]


def test_schemas_are_schemas():
    """Both, by their own meta-schema."""
    for schema in (DETAILED, SIMPLE):
        jsonschema.Draft202012Validator.check_schema(schema)


def test_an_offline_report_says_that_it_is_unsigned():
    """In every form and language."""
    report = run()
    for language in LANGUAGES:
        unsigned = catalogue(language).labels["unsigned"]
        assert unsigned in report_text(report, language, "simple")
        assert all(unsigned in report_html(report, language, form) for form in ("simple", "detailed"))
    assert report_simple(report)["signed"] is False


# --- conclusions -------------------------------------------------------------------------------------------------


def concluded(report, axis, status, *codes, language="en"):
    return " ".join(conclude_axis(report, AxisResult(axis, status, codes), language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_axis_and_status_has_a_conclusion(language):
    """Also where no verifier of today gives it; A5 and A6 say that persons were not verified."""
    for axis, status in itertools.product(AxisId, Status):
        said = concluded(run(), axis, status, "C13:EXPIRED", "C14:EXPIRED", "C15:C15", language=language)
        if (axis, status) not in {(AxisId.A4, Status.PASSED), (AxisId.A8, Status.PASSED)}:
            assert said


def test_documents_agree_or_differ():
    """A1 names the algorithms by which every file given was compared, and the norm's words for a difference."""
    both = replace(run(), documents=DOCUMENTS)
    assert "SHA-256 and SM3" in concluded(both, AxisId.A1, Status.PASSED)
    sha256_only = replace(both, documents=(replace(DOCUMENTS[0], sm3=None),))
    assert "The SHA-256 digest computed" in concluded(sha256_only, AxisId.A1, Status.PASSED)
    none = replace(both, documents=())
    assert "computed" not in concluded(none, AxisId.A1, Status.PASSED)
    wrong = run(documents=[Document("x.pdf", b"x")])
    failed = next(axis for axis in wrong.axes if axis.id is AxisId.A1)
    assert " ".join(conclude_axis(wrong, failed, "zh-CN")).startswith(
        "经计算，送检文件的哈希值与存证记录不一致"
    )
    other = run(edit=edit_event(1, leaf=b"{}"))
    failed = next(axis for axis in other.axes if axis.id is AxisId.A1)
    assert "送检文件不是" not in " ".join(conclude_axis(other, failed, "zh-CN"))


def test_the_chain_record_is_named():
    """A3 passed names chain, block and transaction, and that it concerns the time after upload."""
    seen = {"chain_id": "1", "block_number": "108", "tx_hash": "ab"}
    check = CheckResult(CheckId.C10, Status.PASSED, "", (Finding(Status.PASSED, observed=seen),))
    said = concluded(replace(run(), checks=(check,)), AxisId.A3, Status.PASSED)
    assert "on chain 1, block 108, transaction ab; the check is consistent." in said
    assert said.endswith("This concerns the time after upload only.")
    bare = replace(run(), checks=(replace(check, findings=()),))
    assert "block" not in concluded(bare, AxisId.A3, Status.PASSED)


def test_signatures_are_concluded_one_by_one():
    """Arithmetic, changes, certificate; and that custody is for the court."""
    said = conclude_axis(
        replace(run(), signatures=SIGNATURES), AxisResult(AxisId.A4, Status.FAILED, ()), "en"
    )
    assert "(甲): the cryptographic check passed; no change of what was signed was found" in said[0]
    assert "failed (HASH_FAILURE); what was signed was changed after it" in said[1]
    assert "was judged: INDETERMINATE (a certificate had expired at that time)" in said[1]
    assert "is indeterminate (KEY_UNKNOWN); changes after it could not be judged" in said[2]
    assert "is for the court" in said[3]


def test_what_a_later_signature_adds_is_no_change_of_what_was_signed():
    """Additions that C13 lets pass are not called a change; where it could not decide, nothing is said of changes."""
    views = (signature(changed=True), signature(changed=True, status=Status.INDETERMINATE))
    said = conclude_axis(replace(run(), signatures=views), AxisResult(AxisId.A4, Status.PASSED, ()), "en")
    assert "no change of what was signed was found" in said[0]
    assert "changes after it could not be judged" in said[1]


def test_reasons_are_grouped_by_meaning():
    """Two checks with one reason give one reason."""
    said = concluded(run(), AxisId.A4, Status.INDETERMINATE, "C13:EXPIRED", "C14:EXPIRED", language="zh-CN")
    assert said.startswith("因证书当时已过期（C13, C14），本项本次无法判定；这不表示数据被篡改")


# --- the interval ------------------------------------------------------------------------------------------------


def test_the_interval_bounds_the_whole_case():
    """From the latest lower bound of any event to the latest upper bound of all."""
    interval = case_interval(run())
    assert (interval.lower, interval.upper) == (minute(11), minute(30))
    assert "不早于2026-05-04 11:11:00（北京时间），不晚于2026-05-04 11:30:00（北京时间）" in say_interval(
        run(), "zh-CN"
    )


def test_no_interval_without_trusted_bounds_of_all():
    """One event without a trusted bound leaves the end open; bounds that contradict one another give none."""
    report = run()
    untrusted = replace(BOUND, trusted=False)
    events = (replace(report.events[0], not_after=untrusted), *report.events[1:])
    assert case_interval(replace(report, events=events)).upper is None
    assert "no interval can be given" in say_interval(replace(report, events=events), "en")
    without = tuple(replace(event, not_before=None) for event in report.events)
    assert "no lower bound" in say_interval(replace(report, events=without), "en")
    crossed = tuple(
        replace(e, not_before=BOUND, not_after=replace(BOUND, moment=minute(1))) for e in report.events
    )
    assert case_interval(replace(report, events=crossed)).upper is None
    assert "2026" in say_interval(replace(report, events=crossed[:1] + report.events[1:]), "en")


def test_moments_name_their_zone():
    """Beijing time for Chinese readers, UTC for others; at the end of the calendar there is no eight hours later."""
    moment = datetime(2026, 5, 4, 16, 30, 1, 250_000, tzinfo=UTC)
    assert show_time(moment, "zh-CN") == "2026-05-05 00:30:01.250（北京时间）"
    assert show_time(moment, "en") == "2026-05-04 16:30:01.250 UTC"
    last = datetime.max.replace(tzinfo=UTC) - timedelta(hours=1)
    assert show_time(last, "zh-CN").endswith("UTC")


# --- parts of the model ------------------------------------------------------------------------------------------


def test_checks_rest_on_earlier_ones_without_a_circle():
    """Following what each rests on comes to an end."""

    def depth(check, seen=()):
        assert check not in seen
        return 1 + max((depth(each, (*seen, check)) for each in DEPENDS_ON.get(check, ())), default=0)

    assert max(depth(check) for check in CheckId) >= 4


def test_sub_indications_are_those_of_our_codes():
    """Each key is a code of the catalogue or reserved for one; each value ETSI's own form."""
    assert all(re.fullmatch(r"[A-Z_]+", name) for name in SUB_INDICATIONS.values())
    assert SUB_INDICATIONS["COMMITMENT_MISMATCH"] == "HASH_FAILURE"
    found = report_detailed(run(documents=[Document("x.pdf", b"x")]))["checks"][1]
    assert (found["code"], found["etsi"]) == ("HASH_FAILURE", "HASH_FAILURE")


@pytest.mark.parametrize(
    ("finding", "says"),
    [
        (Finding(Status.FAILED, "EXPIRED"), "a certificate had expired at that time"),
        (Finding(Status.FAILED, "X_1", detail=say("technical", text="oops")), "X_1 (oops)"),
        (Finding(Status.PASSED, "", detail=say("technical", text="fine")), "fine"),
        (Finding(Status.PASSED, "EXPIRED", detail=say("no_entry")), "its entry is not enclosed"),
        (Finding(Status.PASSED), ""),
    ],
)
def test_findings_are_explained(finding, says):
    """By their own sentence; a parser's words stand behind what their code means."""
    assert explain(finding, "en").startswith(says)


def test_technical_words_stand_in_brackets_in_chinese():
    """English for the expert, behind Chinese for the reader."""
    finding = Finding(Status.FAILED, "EXPIRED", detail=say("technical_at", text="late", where="x"))
    assert explain(finding, "zh-CN") == "证书当时已过期（late（位置：x））"


# --- HTML --------------------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Follow tags: none open at the end, none from outside, nothing that runs."""

    VOID = frozenset({"meta", "br", "line", "rect", "circle", "polygon"})

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("name", REPORTS)
def test_pages_are_whole_and_need_nothing(name):
    """Every tag closed; no script, no link, no picture, no address but SVG's own name; the policy on the first line."""
    report = REPORTS[name]()
    for page in pages(report):
        reader = read(page)
        assert not reader.tags & {"script", "link", "img", "iframe", "object", "a", "form", "base"}
        assert not [name for name, _ in reader.attributes if name.startswith("on") or name in ("src", "href")]
        assert set(re.findall(r"https?://[^\"' ]+", page)) <= {"http://www.w3.org/2000/svg"}
        assert "url(" not in page
        assert "@import" not in page
        assert report.policy.fingerprint in "".join(reader.text).split("</style>")[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_shows_everything(language):
    """Documents, signatures, the container with its departures, and how the enclosed report compares."""
    page = report_html(whole(), language)
    labels = catalogue(language).labels
    for shown in ("lease.pdf", "ZC-1", "NOT_CANONICAL", "B-LT", "zheng/bundle.json", "cd" * 32):
        assert (shown in page) == (shown != "ZC-1")
    for label in ("documents", "signatures", "container", "edition_redacted", "stated", "hashed", "existed"):
        assert labels[label] in page
    assert "ZC-1" in report_html(certificate(), language)
    assert labels["page_detailed"] not in report_html(whole(), language, "simple")
    enclosed = {"en": "The enclosed report agrees", "zh-CN": "所附报告与本次核验结果一致"}[language]
    assert enclosed in report_html(whole(), language, "simple")
    assert enclosed in report_text(whole(), language, "simple")


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
    "&lt;b&gt;",
    "\u202egpj.exe",
    "</style><b>",
    "{x}",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_leaves_its_place(value):
    """In an opened value, a file name, a signer, a container: text stays text."""
    report = run(changed(5, private={"title": "x", "ip": "203.0.113.7"}))
    sealed = replace(report.events[1].sealed[-1], value=value)
    events = (replace(report.events[0], type=value), replace(report.events[1], sealed=(sealed,)))
    check = CheckResult(
        CheckId.C01,
        Status.FAILED,
        "",
        (
            Finding(
                Status.FAILED,
                value,
                say("technical", text=value),
                say("technical", text=value),
                {value: value},
            ),
        ),
    )
    report = replace(
        report,
        events=events,
        checks=(check, *report.checks[1:]),
        documents=(replace(DOCUMENTS[0], name=value, role=value),),
        signatures=(
            signature(document=value, signer=value, level=value, code=value, certificate_code=value),
        ),
        container=ContainerView("package", (InputFile(value, 1, "00" * 32),), (value,), value, value),
        inputs=(InputFile(value, 1, "00" * 32),),
        origin=value,
    )
    for page in pages(report):
        assert not read(page).tags & {"script", "img", "b"}
        assert "\u202e" not in page


def test_long_values_are_cut():
    """And their length told, so that no page grows by a stranger's wish."""
    report = replace(run(), origin="x" * 5_000)
    assert "x… (5000)" in report_html(report)


def test_a_report_of_little_shows_little():
    """No heading stands over nothing."""
    bare = CheckResult(CheckId.C01, Status.NOT_APPLICABLE, "", ())
    report = replace(run(), documents=(), signatures=(), events=(), axes=(), checks=(bare,))
    labels = catalogue("en").labels
    page = report_html(report, "en")
    assert [
        name for name in ("documents", "signatures", "time_line") if f"<h2>{labels[name]}</h2>" in page
    ] == []
    assert concluded(report, AxisId.A2, Status.PASSED) == ""


def test_a_policy_that_is_none_has_no_dates():
    """It is named by its fingerprint all the same."""
    page = report_html(verify(standard().bundle(), OURS.policy(standard()), source=PolicySource.USER), "en")
    assert "in force until" in page
    page = report_html(verify(standard().bundle(), b"[]"), "en")
    assert "in force until" not in page


def test_a_long_case_has_several_drawings():
    """As many as it takes."""
    report = run()
    assert report_html(replace(report, events=report.events * 20)).count("<svg") > 1


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "另有 3 个电子签名"), ("en", "3 more signatures")])
def test_a_page_says_how_many_signatures_it_leaves_out(language, words):
    """The simple report holds four signatures; of more it tells their number."""
    seven = replace(whole(), signatures=tuple(signature(number=number) for number in range(1, 8)))
    (axis,) = [axis for axis in seven.axes if axis.id == "A4"]
    told = " ".join(conclude_axis(seven, axis, language))
    assert words in told
    four = replace(seven, signatures=seven.signatures[:4])
    assert words not in " ".join(conclude_axis(four, axis, language))
