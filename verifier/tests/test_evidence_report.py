"""The evidence report and the list of evidence: what they print is what was checked, in both languages."""

import hashlib
import io
import json
import re
import string
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from makers.fullcase import FILES, NAME, PHONE, full_steps
from makers.pdf_text import pages_text, squeezed
from makers.universe import (
    AT,
    CASE,
    DOCUMENTS,
    OURS,
    Deposit,
    Mark,
    changed,
    edit_event,
    edit_proof,
    format_bundle,
    standard,
    uuid,
    verify,
)
from zheng_verifier import cli, taxonomy
from zheng_verifier.canonical import format_json
from zheng_verifier.checks import PolicyInput, verify_bundle
from zheng_verifier.cli import main
from zheng_verifier.encoding import format_time
from zheng_verifier.errors import EvidenceError, MalformedError
from zheng_verifier.pdf.evidence_report import (
    EvidenceReportInput,
    FileNames,
    ReportRequest,
    render_evidence_list,
    render_evidence_report,
    report_pdf,
)
from zheng_verifier.pdf.evidence_report.blocks import Paragraph, Section, Table
from zheng_verifier.pdf.evidence_report.case import read_case
from zheng_verifier.pdf.evidence_report.chapters import ANNEXES, CHAPTERS, write_chapters
from zheng_verifier.pdf.evidence_report.cover import write_cover
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import masked
from zheng_verifier.pdf.evidence_report.redaction import hidden_values, hider
from zheng_verifier.pdf.evidence_report.request_file import format_request, parse_request
from zheng_verifier.pdf.evidence_report.subjects import subject_of
from zheng_verifier.pdf.evidence_report.words import GLOSSARY, SOURCES, WORDS
from zheng_verifier.policy import format_policy
from zheng_verifier.report.catalogue import LANGUAGES, catalogue
from zheng_verifier.report.marks import mark
from zheng_verifier.report.model import (
    AxisId,
    CertificateView,
    CheckId,
    Comparison,
    ContainerView,
    PolicySource,
    SealedField,
    SignatureView,
    Status,
)
from zheng_verifier.statement import Component, Filings, Interest, Operator, Statement, format_statement

REQUEST = ReportRequest("ER-2026-0001", 1, AT, applicant="测试人", purpose="诉讼", case_caption="合同纠纷")
STATEMENT = Statement(
    operator=Operator("示例有限公司", "91110000MA00000000"),
    components=(Component("log", "log", "示例有限公司", True), Component("chain", "chain", "他人", False)),
    interests=(Interest("甲方", "客户"),),
    filings=Filings(mlps_no="等保 1"),
    environment={"consensus": "PoA", "cleanliness": "每日检查", "software": "zheng 0.1"},
)
FORBIDDEN = ("公证书", "鉴定意见", "不可篡改", "具有法律效力", "认定真实", "legally valid", "tamper-proof")


@cache
def made(name="standard", **changes):
    """An input for a report: a whole case, verified as a user would."""
    steps = {
        "standard": lambda: OURS.steps(),
        "full": full_steps,
        "two": lambda: [*OURS.steps()[4:6], Mark(20)],
        "test only": _test_only,
        "many": _many,
        "roles": _roles,
    }[name]()
    story = standard() if name == "standard" else OURS.story(steps)
    bundle = story.bundle()
    report = verify(bundle, OURS.policy(story), documents=FILES if name == "full" else DOCUMENTS)
    return replace(EvidenceReportInput(report, format_bundle(bundle), REQUEST, "示例有限公司"), **changes)


def _test_only():
    steps = changed(14, tsas=("test",), chains=("dev",))
    steps[8] = steps[8].but(tsas=("test",), chains=("dev",))
    steps[9] = steps[9].but(after=lambda _: ())
    return steps


def _roles():
    """A contract of a signatory, a guarantor and a witness, who handed his part on; of a fourth nothing is said."""
    parties = [
        {"party": uuid(role), "kind": "person", "role": role, "required": True, "order": 1}
        for role in ("signatory", "guarantor", "witness")
    ]
    data = {"scene": "loan", "parties": parties, "signing_order": "parallel"}
    private = {"title": "借款合同", "parties": [{"name": NAME}] * 3}
    handed = {"from_party": uuid("witness"), "to_party": uuid("delegate")}
    notice = {"notification": uuid("notice"), "party": uuid("delegate"), "act": "link"}
    return [
        *OURS.steps()[4:5],
        Deposit("contract.created/1", data, 6, private=private),
        Deposit("party.delegated/1", handed, 7, "api-key", private={"delegate_name": NAME}),
        Deposit("notification.opened/1", notice, 8, "api-key"),
        Deposit("notification.opened/1", notice | {"party": uuid("stranger")}, 9, "api-key"),
        Mark(20),
    ]


def _many():
    """300 events, of which more are detailed than have tables of their own."""
    view = OURS.steps()[6].but(kind="api-key")
    notice = Deposit(
        "notification.opened/1",
        {"notification": uuid("notification"), "party": uuid("party"), "act": "link"},
        30,
        "api-key",
    )
    views = [view.but(minute=3 + number / 10) for number in range(50)]
    notices = [notice.but(minute=20 + number / 10) for number in range(249)]
    return [*OURS.steps()[4:5], *views, *notices, Mark(60)]


def edited(given, edit):
    """The same case with its bundle changed and verified again."""
    bundle = edit(standard().bundle())
    report = verify(bundle, OURS.policy(standard()))
    return replace(given, bundle=format_bundle(bundle), report=report)


def chapters(given, language="zh-CN"):
    return write_chapters(Desk(given, read_case(given.bundle, given.report), language))


def texts(blocks):
    """Every text of some blocks, cell by cell."""
    for block in blocks:
        match block:
            case Table():
                yield from (
                    cell if isinstance(cell, str) else cell.text for row in block.rows for cell in row
                )
            case Paragraph():
                yield block.text
            case Section():
                yield block.title
            case _:
                yield str(block)


def all_text(given, language="zh-CN"):
    return "\n".join(text for chapter in chapters(given, language) for text in texts(chapter.blocks))


@cache
def pdf_of(name, language):
    """A report's PDF, typeset once."""
    return render_evidence_report(made(name), language)


@cache
def read(name, language):
    """The text of a report's PDF, page by page."""
    return pages_text(pdf_of(name, language))


def cover(given, language="zh-CN"):
    return str(write_cover(Desk(given, read_case(given.bundle, given.report), language)))


# ---- words


def _places(text):
    return sorted(place for _, place, _, _ in string.Formatter().parse(text) if place is not None)


def test_both_languages_have_the_same_sentences_with_the_same_places():
    """Key by key, place by place; the annexes are as long in both."""
    chinese, english = WORDS["zh-CN"], WORDS["en"]
    assert chinese.keys() == english.keys()
    assert {key: _places(text) for key, text in chinese.items()} == {
        key: _places(text) for key, text in english.items()
    }
    assert len(GLOSSARY["zh-CN"]) == len(GLOSSARY["en"])
    assert len(SOURCES["zh-CN"]) == len(SOURCES["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_forbidden_word_and_no_claim_of_truth(language):
    """In no sentence, in no annex."""
    every = "\n".join([*WORDS[language].values(), str(GLOSSARY[language]), str(SOURCES[language])])
    assert [word for word in FORBIDDEN if word in every] == []


# ---- the whole


@pytest.mark.parametrize(("name", "language"), [("two", "en"), ("standard", "zh-CN"), ("full", "zh-CN")])
def test_every_chapter_and_every_event_is_in_the_text(name, language):
    """Titles of 19 chapters and 8 annexes stand in order, and each event with number, type and leaf hash."""
    text = "".join(read(name, language)[2:])
    places = [
        text.index(squeezed(WORDS[language][f"{kind}_{number}"]))
        for kind, listed in (("chapter", CHAPTERS), ("annex", ANNEXES))
        for number, _ in listed
    ]
    assert len(places) == 27
    for event in made(name).report.events:
        label = taxonomy.EVENT_TYPES[event.type]
        name_shown = label.label_zh if language == "zh-CN" else label.label_en
        assert squeezed(f"{event.seq}{name_shown}{event.type}") in text
        assert event.leaf_hash in text


def test_chapters_stand_in_the_order_of_the_norms():
    """0 cover, 1 … 19, annexes A–G and I."""
    assert [number for number, _ in CHAPTERS] == [str(number) for number in range(1, 20)]
    assert [number for number, _ in ANNEXES] == ["A", "B", "C", "D", "E", "F", "G", "I"]


def test_three_hundred_events_are_all_there():
    """A long case is a long report and nothing falls out; many events share one table."""
    text = all_text(made("many"))
    events = made("many").report.events
    assert len(events) == 300
    assert [event.seq for event in events if event.leaf_hash not in text] == []
    assert "49 文件查看" in text


@pytest.mark.torture
def test_three_hundred_events_are_typeset():
    """As above, in the PDF."""
    text = "".join(read("many", "zh-CN"))
    assert [event.seq for event in made("many").report.events if event.leaf_hash not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_printed_statuses_are_the_reports(language):
    """In the table of checks, and wherever a check's number stands with a mark."""
    for name in ("standard", "full", "test only"):
        given = made(name)
        words = catalogue(language)
        text = all_text(given, language)
        for check in given.report.checks:
            title = f"{check.id} {words.checks[check.id].title}\n"
            assert title + f"{mark(check.status)} {words.statuses[check.status]}" in text
        for axis in given.report.axes:
            assert (
                f"{axis.id} {words.axes[axis.id]}\n{mark(axis.status)} {words.statuses[axis.status]}" in text
            )
        shown = set(re.findall(r"(C[0-2][0-9]) ([●×○◎–])", text))
        assert len(shown) >= 15
        assert shown <= {(check.id.value, mark(check.status)) for check in given.report.checks}


def test_the_pdf_says_what_the_blocks_say():
    """Status by status, also after typesetting."""
    text = "".join(read("standard", "zh-CN"))
    words = catalogue("zh-CN")
    for check in made().report.checks:
        row = f"{check.id}{words.checks[check.id].title}{mark(check.status)}{words.statuses[check.status]}"
        assert squeezed(row) in text


def test_the_same_input_gives_the_same_bytes_in_another_process():
    """In another folder and time zone too."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_evidence_report import made, render_evidence_report, render_evidence_list\n"
        "out = render_evidence_report(made(), 'zh-CN') + render_evidence_list(made(), 'en')\n"
        "sys.stdout.buffer.write(out)"
    )
    here = str(Path(__file__).resolve().parent)
    other = subprocess.run(
        [sys.executable, "-c", program, here],
        capture_output=True,
        check=True,
        cwd="/",
        env={"TZ": "Asia/Tokyo", "PYTHONPATH": ":".join(path for path in sys.path if path)},
    )
    one = pdf_of("standard", "zh-CN") + render_evidence_list(made(), "en")
    assert one == other.stdout


def test_the_file_claims_pdf_a_3_and_is_tagged_with_outline_and_language():
    """What a validator and a screen reader look for first."""
    with pikepdf.open(io.BytesIO(pdf_of("standard", "zh-CN"))) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "zh-CN"
        with pdf.open_outline() as outline:
            titles = [squeezed(item.title) for item in outline.root]
        pages = len(pdf.pages)
    assert [title for title in titles if "证据目录" in title] != []
    assert len(titles) == 27
    assert f"第{pages}页，共{pages}页" in read("standard", "zh-CN")[-1]


# ---- values


def test_hostile_values_stay_text():
    """Typst code, markup, directions, controls, rare names and 10 000 characters: printed, not obeyed."""
    request = replace(
        REQUEST,
        applicant='#read("/etc/hostname") $x$ *b* @ref <label> \\u{202e}',
        purpose="a\u202eb\x07c\ufffe 𬭎㛃",
        case_caption="名" * 10_000,
        standing="w" * 10_000,
        report_no="]#panic()",
    )
    text = "".join(pages_text(render_evidence_report(made(request=request), "zh-CN")))
    assert squeezed('#read("/etc/hostname")$x$*b*@ref<label>\\u{202e}') in text
    assert squeezed("a〔U+202E〕b〔U+0007〕c〔U+FFFE〕𬭎㛃") in text
    assert "]#panic()" in text
    assert squeezed("名" * 400 + "…（共 10000 字") in text
    assert squeezed("w" * 400 + "…（共 10000 字") in text


def test_rare_names_of_the_case_are_printed():
    """𬭎 and 㛃, opened in the full edition."""
    assert squeezed(NAME) in "".join(read("full", "zh-CN"))


def test_the_redacted_edition_shows_no_opened_personal_value():
    """Masked by field in tables, and wherever else the value would stand."""
    subject = f"Common Name: {NAME}, Country: CN"
    details = CertificateView(
        subject, "CN=CA", "01", AT, AT, "EC 256", "ecdsa", "ab", None, None, True, "signer"
    )
    signature = SignatureView(
        "signed.pdf", 1, subject, "B-B", None, None, Status.PASSED, "", False, Status.PASSED, "", details
    )
    given = made("full")
    report = replace(given.report, signatures=(signature,))
    full = replace(given, report=report)
    redacted = replace(full, request=replace(REQUEST, edition="redacted", applicant=None))
    shown = all_text(full)
    hidden = "".join(pages_text(render_evidence_report(redacted, "en")))
    for value in (NAME, PHONE):
        assert value in shown
        assert squeezed(value) not in hidden
    assert "138******00" in hidden


def test_sealed_values_show_their_state_and_never_a_blank():
    """OPENED, WITHHELD, ERASED and NEVER HELD, each by name."""
    for given in (made(), made("full")):
        text = all_text(given)
        states = Counter(field.state for event in given.report.events for field in event.sealed)
        shown = {state: text.count(WORDS["zh-CN"][f"state_{state}"]) for state in states}
        # The particulars of a certificate stand a second time in the table of ESL Art. 21.
        assert {state: count for state, count in states.items() if shown[state] < count} == {}
    assert set(Counter(field.state for event in made().report.events for field in event.sealed)) == {
        "OPENED",
        "WITHHELD",
        "ERASED",
        "NEVER_HELD",
    }


def test_every_event_type_is_shown_by_one_chapter():
    """The exact name wins, and what has no chapter of its own is custody."""
    kinds = {name.partition("/")[0] for name in taxonomy.EVENT_TYPES}
    assert {subject_of(kind) for kind in kinds} == {
        "documents",
        "identity",
        "certificates",
        "custody_of_keys",
        "seals",
        "intent",
        "signatures",
        "custody",
    }
    assert subject_of("document.viewed") == "intent"
    assert subject_of("document.uploaded") == "documents"
    assert subject_of("contract.created") == "identity"
    assert subject_of("evidence.attested") == "custody"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_stated_is_said_to_be_missing(language):
    """Without a statement every component and filing is printed as not provided."""
    third = chapters(made(), language)[2]
    missing = WORDS[language]["not_provided"]
    assert sum(text == missing for text in texts(third.blocks)) >= 7 + 8 * 3


def test_the_operators_statement_is_printed_as_his_word():
    """Components, interests, filings, environment; beside each C22."""
    given = replace(made(), statement=STATEMENT)
    text = all_text(given)
    for value in ("示例有限公司", "91110000MA00000000", "客户", "等保 1", "PoA", "每日检查", "zheng 0.1"):
        assert value in text
    assert "运营方陈述：与当事人无利害关系。" in all_text(
        replace(made(), statement=replace(STATEMENT, interests=()))
    )


def test_a_test_chain_and_a_test_authority_are_named_on_the_cover():
    """What weakens the evidence stands first."""
    assert "单机测试链" in cover(made("test only"))
    assert "测试时间戳" in cover(made("test only"))
    assert "单机测试链" not in read("standard", "zh-CN")[0]
    given = made()
    story = standard()
    report = verify(story.bundle(), OURS.policy(story), source=PolicySource.PACKAGE)
    assert "信任策略取自" in cover(replace(given, report=report))


def test_the_first_line_is_the_policy():
    """Fingerprint and who chose it."""
    assert read("standard", "en")[0].startswith(
        squeezed(f"Trust policy SHA-256 {made().report.policy.fingerprint} (chosen by the verifier's user)")
    )


def test_the_command_repeats_this_verification():
    """With the files as they were named, quoted for a shell, at the same time."""
    given = made()
    report = replace(
        given.report,
        inputs=(replace(given.report.inputs[0], name="my bundle.json"), *given.report.inputs[1:]),
    )
    text = all_text(replace(given, report=report))
    assert "zheng-verify 'my bundle.json' \\" in text
    assert "--document contract.pdf \\" in text
    assert "--at 2026-06-01T00:00:00.000Z" in text
    other = replace(report, verified_at=None, policy=replace(report.policy, source=PolicySource.PACKAGE))
    text = all_text(replace(given, report=other))
    assert "--policy-source package" in text
    assert "--at 20" not in text


# ---- conclusions by fixed sentences


def conclusion(given):
    return "\n".join(texts(chapters(given)[17].blocks))


def with_axis(given, axis, status, *codes):
    report = given.report
    axes = tuple(replace(one, status=status, codes=codes) if one.id is axis else one for one in report.axes)
    return replace(given, report=replace(report, axes=axes))


def with_check(given, check, status, code=""):
    report = given.report
    checks = tuple(
        replace(one, status=status, code=code) if one.id is check else one for one in report.checks
    )
    return replace(given, report=replace(report, checks=checks))


def test_a_consistent_case_is_concluded_so():
    """Same file, existence with its interval, ledger storage after upload only."""
    text = conclusion(made())
    assert "可以判定送检文件与存证时提交的数据相同" in text
    assert "并且不早于2026-05-04" in text
    assert "经本次技术核验一致" in text
    assert "上述结论仅及于上链之后。" in text
    assert text.endswith("以上为技术核验结果，可由任何人按第17章方法复现；有相反证据的，以法院查明为准。")


def test_what_failed_and_what_is_open_is_concluded_so():
    """INDETERMINATE means neither; FAILED names its reason."""
    given = with_check(made(), CheckId.C02, Status.FAILED, "HASH_FAILURE")
    given = with_axis(given, AxisId.A1, Status.FAILED, "C02:HASH_FAILURE")
    given = with_axis(given, AxisId.A2, Status.INDETERMINATE, "C11:TEST_TSA")
    given = with_axis(given, AxisId.A3, Status.NOT_PROVIDED)
    given = with_axis(given, AxisId.A7, Status.INDETERMINATE, "C20:NOT_CLOSED")
    given = with_check(given, CheckId.C04, Status.FAILED)
    text = conclusion(given)
    assert "送检文件不是存证时提交的数据，或提交后发生过改变" in text
    assert "经核验不一致：C02 哈希值不一致" in text
    assert text.count("这不表示数据被篡改，也不表示未被篡改") >= 2
    assert "连续，与结束事件记载的数量一致" not in text
    nothing = with_check(made(), CheckId.C02, Status.NOT_PROVIDED)
    assert "送检文件" not in conclusion(nothing).split("A2")[0]


def test_signatures_are_concluded_one_by_one():
    """Passed, failed, undecided; and none at all."""
    one = SignatureView("a.pdf", 1, "x", "B-B", AT, None, Status.PASSED, "", False, Status.PASSED, "")
    two = replace(
        one, status=Status.FAILED, code="HASH_FAILURE", changed=True, certificate=Status.INDETERMINATE
    )
    three = replace(one, changed=None, certificate_code="NO_POE", certificate=Status.INDETERMINATE)
    given = made()
    four, five = replace(one, changed=True), replace(one, changed=True, status=Status.INDETERMINATE)
    given = replace(given, report=replace(given.report, signatures=(one, two, three, four, five)))
    text = conclusion(given)
    assert "第1个电子签名（a.pdf）：密码学核验通过；签名后未发现对所签内容的改动" in text
    assert "第2个电子签名（a.pdf）：密码学核验未通过（HASH_FAILURE）；签名后发现对所签内容的改动" in text
    assert "未能判定改动" in text
    assert "第4个电子签名（a.pdf）：密码学核验通过；签名后仅有许可的追加" in text
    assert "未能判定是否改动所签内容" in text
    assert "无法判定（NO_POE）" in text
    assert "证书未附或无法读取" in all_text(given)
    assert "签署证书经核验有效" in conclusion(with_axis(given, AxisId.A4, Status.PASSED))
    assert "本项不适用" in conclusion(with_axis(given, AxisId.A4, Status.NOT_APPLICABLE))


def test_before_deposit_nothing_is_decided():
    """The count comes from C21; what it does not count is none."""
    assert "就六项中的3项提供了材料" in conclusion(with_check(made(), CheckId.C21, Status.SUPPORTED, "3/6"))
    assert "就六项中的0项" in conclusion(with_check(made(), CheckId.C21, Status.NOT_PROVIDED, "NOT_PROVIDED"))
    assert "未提供。" in conclusion(made())
    assert "是否中立，由法庭认定" in conclusion(replace(made(), statement=STATEMENT))


def test_records_of_persons_are_told_and_not_vouched_for():
    """Method, provider, time; and that nobody here checked the person."""
    text = conclusion(made("full"))
    assert "平台提交的记录显示：事件" in text
    assert "未对自然人身份作独立核实" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_party_is_named_with_what_it_does_in_the_contract(language):
    """By the case's own words: who signs as guarantor or witness, and who took a part over."""
    (table,) = (
        block
        for chapter in chapters(made("roles"), language)
        for block in chapter.blocks
        if isinstance(block, Table) and WORDS[language]["party_role"] in block.titles
    )
    says = WORDS[language]
    roles = ["signatory", "guarantor", "witness", "witness"]
    said = [row[1] for row in table.rows]
    assert said == ["", *(says[f"party_{role}"] for role in roles), ""]


# ---- evidence that is missing or broken


def test_evidence_that_is_not_there_is_said_not_to_be():
    """Without proofs: no path, no token, no record, nothing enclosed."""
    given = edited(made(), lambda bundle: replace(bundle, proofs=(), consistency=(), certificates=()))
    text = all_text(given)
    for key in ("no_proof_path", "no_tokens", "no_chain_record", "nothing_enclosed"):
        assert WORDS["zh-CN"][key] in text
    assert "不晚于" in text


def test_enclosed_certificates_are_listed_by_digest_and_place():
    """Annex D, by JSON pointer."""
    given = edited(made(), lambda bundle: replace(bundle, certificates=(b"0",)))
    text = all_text(given)
    assert "/certificates/0" in text
    assert "/proofs/0/tokens/0" in text


def test_an_event_without_upper_bound_is_left_out_of_the_conclusion():
    """Though its axis passes for others."""
    given = made()
    events = (replace(given.report.events[0], not_after=None), *given.report.events[1:])
    text = conclusion(replace(given, report=replace(given.report, events=events)))
    assert "事件1（" not in text
    assert "事件2（" in text


def test_a_code_without_words_is_printed_once():
    """As C21's count of slots."""
    assert "3/6：" not in all_text(with_check(made(), CheckId.C21, Status.SUPPORTED, "3/6"))


def test_a_check_without_findings_has_no_empty_table():
    """Nothing is drawn where nothing was found."""
    report = made().report
    checks = tuple(replace(one, findings=()) if one.id is CheckId.C22 else one for one in report.checks)
    third = chapters(replace(made(), report=replace(report, checks=checks)))[2]
    assert "C22" not in list(texts(third.blocks))


def test_a_withheld_entry_has_no_words_in_the_report():
    """It is named as not shown, in tables and annex."""
    given = edited(made(), edit_event(3, entry=None, disclosures=()))
    text = all_text(given)
    assert "条目未附或未被接受" in text
    given = edited(made(), edit_event(1, leaf=b"{}", entry=None, disclosures=()))
    assert "条目未附或未被接受" in all_text(given)


def test_unreadable_parts_are_called_so():
    """A token and a checkpoint that do not parse."""
    given = edited(made(), edit_proof(0, tokens=(b"\x30\x00",), checkpoint=b"no note\n"))
    text = all_text(given)
    assert "无法读取" in text


def test_a_sealed_document_digest_is_said_to_be_sealed():
    """Its digest cannot be printed, and it is listed all the same."""
    steps = OURS.steps()
    document = replace(steps[5].documents[0], digests=None, sealed="A" * 43)
    story = OURS.story([steps[4], steps[5].but(documents=(document,), opened=(), checked=()), Mark(20)])
    bundle = story.bundle()
    report = verify(bundle, OURS.policy(story))
    given = EvidenceReportInput(report, format_bundle(bundle), REQUEST, "x")
    assert "哈希值已封存，未开启" in all_text(given)


def test_an_unknown_event_type_is_shown_under_its_own_name():
    """A verifier of today reads a case of tomorrow."""
    given = made()
    events = tuple(
        replace(event, type="future.thing/9") if event.seq == 2 else event for event in given.report.events
    )
    text = all_text(replace(given, report=replace(given.report, events=events)))
    assert "future.thing/9" in text


def test_of_no_bundle_and_of_another_bundle_there_is_no_report():
    """Malformed is no evidence, and a report belongs to what was verified."""
    with pytest.raises(MalformedError):
        render_evidence_report(made(bundle=b"{}"), "en")
    given = made()
    with pytest.raises(ValueError, match="another case"):
        render_evidence_report(replace(given, report=replace(given.report, case=uuid("other"))), "en")
    with pytest.raises(ValueError, match="zip"):
        render_evidence_list(replace(given, report=replace(given.report, events=())), "en")


def test_the_container_and_its_enclosed_report_are_told():
    """What it is, and whether the report in it agrees; never that report's verdict."""
    given = made()
    container = ContainerView("package", (), edition="redacted", enclosed=Comparison(True, True, (), ()))
    text = all_text(replace(given, report=replace(given.report, container=container)))
    assert "证据包" in text
    assert "结果相同" in text
    other = replace(container, enclosed=replace(container.enclosed, overall=False))
    assert "结果不同" in all_text(replace(given, report=replace(given.report, container=other)))
    bare = ContainerView("certificate", (), number="X", departures=("ORDER",))
    assert "ORDER" in all_text(replace(given, report=replace(given.report, container=bare)))


def test_moments_at_the_ends_of_the_calendar_are_printed():
    """A clock may say anything; Beijing's next day may not exist."""
    given = made()
    last = datetime.max.replace(tzinfo=UTC)
    events = tuple(replace(event, claimed_at=last) for event in given.report.events)
    assert "9999-12-31 23:59:59.999" in all_text(replace(given, report=replace(given.report, events=events)))


def test_masks_go_by_the_name_of_the_field():
    """Telephone, mail, number, name; all else is hidden whole, and organisations are public."""
    given = {
        ("name", "张三"): "张*",
        ("phone", "13800138000"): "138******00",
        ("target", "a@b.cn"): "a***@b***.cn",
        ("email", "a@b.cn"): "a***@b***.cn",
        ("id_number", "110101199003070011"): "110***********0011",
        ("organization_name", "示例公司"): "示例公司",
        ("ip", "203.0.113.7"): "hidden",
    }
    assert {key: masked(*key, "hidden") for key in given} == given


def test_values_too_short_to_be_looked_for_are_left_alone():
    """A digit would be found in every hash; tables hide it by its field all the same."""
    given = made("standard")
    view = replace(given.report.events[1], sealed=(SealedField("/data/x", "OPENED", "1"),))
    case = read_case(
        given.bundle, replace(given.report, events=(given.report.events[0], view, *given.report.events[2:]))
    )
    hidden = hidden_values(case, given.report, lambda name, value: "hidden")
    assert "1" not in hidden
    assert hider({})("a 1") == "a 1"
    assert hider({"abcde": "x"})("abcde abcdef") == "x abcdef"


# ---- made again, and from the command line


def test_a_report_is_made_again_from_its_attached_request(tmp_path, capsysbinary):
    """Byte for byte, by anyone, with bundle, documents, policy and the attachment."""
    number = "0b9e4a52-0e2f-4d7e-8a0b-6f5d2c1e9f33"
    request = replace(
        REQUEST,
        report_no=number,
        verify_url="https://zheng.example/r",
        supersedes=("ER-0 v1",),
        standing="当事人",
    )
    story = standard()
    report = verify_bundle(
        made().bundle,
        documents=DOCUMENTS,
        policy=PolicyInput(format_policy(OURS.policy(story))),
        at=AT,
        name="honest.json",
        statement=format_statement(STATEMENT),
    )
    first = render_evidence_report(
        EvidenceReportInput(
            report,
            made().bundle,
            request,
            "示例有限公司",
            STATEMENT,
            FileNames("honest.json", statement="statement.json"),
        ),
        "zh-CN",
    )
    assert "--statementstatement.json" in "".join(pages_text(first))
    with pikepdf.open(io.BytesIO(first)) as pdf:
        # What breaks long words on a page does not stand in the metadata.
        assert str(pdf.docinfo.Title).endswith(f" {number}")
        attached = pdf.attachments["report-request.json"].get_file().read_bytes()
    files = {
        "honest.json": made().bundle,
        "policy.json": format_policy(OURS.policy(story)),
        "statement.json": format_statement(STATEMENT),
        "request.json": attached,
        **{document.name: document.data for document in DOCUMENTS},
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    options = [
        str(tmp_path / "honest.json"),
        *(f"--document={tmp_path / document.name}" for document in DOCUMENTS),
        f"--policy={tmp_path / 'policy.json'}",
        f"--statement={tmp_path / 'statement.json'}",
        f"--at={format_time(AT)}",
        f"--pdf={tmp_path / 'again.pdf'}",
        f"--request={tmp_path / 'request.json'}",
        "--language=zh-CN",
    ]
    assert main(options) == 3
    assert (tmp_path / "again.pdf").read_bytes() == first
    capsysbinary.readouterr()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 0}, "version"),
        ({"edition": "other"}, "edition"),
        ({"supersedes": [1]}, "supersedes"),
        ({"more": "x"}, "more"),
        ({"zheng": "report-request/v2"}, "report-request/v1"),
    ],
)
def test_a_request_file_has_exactly_its_members(change, said):
    """Round trip, and every other form is refused."""
    data = format_request(made())
    assert format_request(replace(made(), request=parse_request(data).request)) == data
    with pytest.raises(EvidenceError, match=said):
        parse_request(format_json(json.loads(data) | change))


def test_a_report_of_ones_own_is_numbered_by_its_evidence():
    """Without a request; of a redacted package the redacted edition."""
    report = made().report
    number = hashlib.sha256(report.examined.bundle).hexdigest()[:12].upper()
    redacted = replace(report, container=ContainerView("package", (), edition="redacted"))
    text = pages_text(report_pdf(redacted, "en"))[0]
    assert f"OFFLINE-{number}" in text
    assert "Redactededition" in text


def test_of_what_was_not_read_or_not_dated_there_is_no_report():
    """Each with its reason."""
    report = made().report
    with pytest.raises(MalformedError, match="cannot be read"):
        report_pdf(verify(b"{}", OURS.policy(standard())), "en")
    with pytest.raises(MalformedError, match="cannot be read"):
        report_pdf(replace(report, examined=None), "en")
    with pytest.raises(MalformedError, match="date"):
        report_pdf(replace(report, verified_at=None), "en")


def test_the_command_line_says_what_a_pdf_needs(tmp_path, capsys, monkeypatch):
    """One file; the extra."""
    with pytest.raises(SystemExit):
        main(["a.json", "b.json", "--policy=p.json", f"--pdf={tmp_path / 'x.pdf'}"])
    assert "one file" in capsys.readouterr().err
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        main(["a.json", "--policy=p.json", f"--pdf={tmp_path / 'x.pdf'}"])
    assert "zheng-verifier[pdf]" in capsys.readouterr().err


# ---- the list of evidence


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_evidence_has_the_columns_of_the_rule_and_every_document(language):
    """CEV Art. 19; a document once, with all events that name it; pages and date are left to the party."""
    text = "".join(pages_text(render_evidence_list(made("full"), language)))
    for key in ("exhibit_no", "exhibit_name", "source", "fact_to_prove", "content_note", "pages", "filed_on"):
        assert squeezed(WORDS[language][key]) in text
    for file in FILES:
        assert text.count(hashlib.sha256(file.data).hexdigest()) == 1
    assert CASE in text
