"""Turns an evidence report into PDF: chapters to JSON, JSON to the template; the same bytes for the same input."""

import json
import re
from collections.abc import Callable
from importlib.resources import files

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.pdf.characters import Coverage, printable
from zheng_verifier.pdf.evidence_report.blocks import Chapter, Form, Paragraph
from zheng_verifier.pdf.evidence_report.case import read_case
from zheng_verifier.pdf.evidence_report.chapters import write_chapters
from zheng_verifier.pdf.evidence_report.cover import qr_text, write_cover
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.exhibits import exhibit_table
from zheng_verifier.pdf.evidence_report.fields import masked
from zheng_verifier.pdf.evidence_report.redaction import hidden_values, hider
from zheng_verifier.pdf.evidence_report.request import EvidenceReportInput
from zheng_verifier.pdf.evidence_report.request_file import format_request
from zheng_verifier.pdf.fonts import coverage
from zheng_verifier.pdf.qr import qr_svg
from zheng_verifier.pdf.render import render_pdf
from zheng_verifier.report.texts import Language

# A run of letters and digits longer than a line has places to break put into it, each a zero-width space.
_LONG_RUN = re.compile(r"[!-~]{20,}")
_BREAK_EVERY = 10
# These stand in the file's metadata alone, where no line is broken.
_METADATA = ("document_title", "issuer")


def render_evidence_report(given: EvidenceReportInput, language: Language) -> bytes:
    """Typeset the evidence report, PDF/A-3b (claimed, not validated), tagged, with outline.

    About 0.7 s for a case of 20 events.

    Raises:
        MalformedError: ``given.bundle`` is no bundle: of evidence that cannot be read there is no report.
        ValueError: ``given.report`` is about another bundle.

    """
    desk = _desk(given, language)
    return _typeset(
        desk, {"cover": write_cover(desk), "landscape": False}, write_chapters(desk), qr_text(desk)
    )


def render_evidence_list(given: EvidenceReportInput, language: Language) -> bytes:
    """Typeset the list of evidence that a party files with the court (CEV Art. 19), on pages of its own.

    Raises:
        MalformedError: ``given.bundle`` is no bundle.
        ValueError: ``given.report`` is about another bundle.

    """
    desk = _desk(given, language)
    request = given.request
    applicant = f"{desk.say('applicant')}{desk.say('colon')}{desk.given(request.applicant)}"
    caption = f"{desk.say('case_caption')}{desk.say('colon')}{desk.given(request.case_caption)}"
    chapter = Chapter(
        "",
        desk.say("evidence_list_title"),
        (
            Paragraph(applicant),
            Paragraph(caption),
            exhibit_table(desk),
            Paragraph(desk.say("list_foot")),
            Form((desk.say("list_filed_by"), desk.say("form_date"))),
        ),
    )
    return _typeset(desk, {"landscape": True}, (chapter,), "")


def _desk(given: EvidenceReportInput, language: Language) -> Desk:
    return Desk(given, read_case(given.bundle, given.report), language)


def _typeset(desk: Desk, head: JsonObject, chapters: tuple[Chapter, ...], qr: str) -> bytes:
    request = desk.input.request
    view: JsonObject = {
        **head,
        "language": desk.language,
        "document_title": f"{desk.say('report_title')} {request.report_no}",
        "running": desk.say("running", number=request.report_no, version=request.version),
        "edition": desk.say(f"edition_{request.edition}"),
        "zone": desk.say("zone"),
        "contents": desk.say("contents"),
        "page": [desk.say("page_before"), desk.say("page_between"), desk.say("page_after")],
        "issuer": desk.input.issuer,
        "attached": desk.say("attached"),
        "chapters": [chapter.write() for chapter in chapters],
    }
    return render_pdf(
        files(__package__).joinpath("report.typ").read_text("utf-8"),
        inputs={
            "view": json.dumps(_spelled(view, coverage(), _hiding(desk)), ensure_ascii=False),
            "qr": qr_svg(qr) if qr else "",
            "request": format_request(desk.input).decode(),
        },
        created=request.created,
    )


def _hiding(desk: Desk) -> Callable[[str], str]:
    if not desk.redacted:
        return str
    return hider(
        hidden_values(
            desk.case, desk.input.report, lambda name, value: masked(name, value, desk.say("masked"))
        )
    )


def _spelled(value: JsonValue, characters: Coverage, hide: Callable[[str], str]) -> JsonValue:
    """Spell out what the font cannot print, line by line: the line feeds are ours, values have none."""
    match value:
        case str():
            lines = (printable(line, characters) for line in hide(value).split("\n"))
            return "\n".join(_LONG_RUN.sub(_breakable, line) for line in lines)
        case list():
            return [_spelled(item, characters, hide) for item in value]
        case dict():
            return {name: _spelled_member(name, item, characters, hide) for name, item in value.items()}
        case _:
            return value


def _spelled_member(
    name: str, item: JsonValue, characters: Coverage, hide: Callable[[str], str]
) -> JsonValue:
    if isinstance(item, str) and name == "svg":
        return printable(item, characters)
    if isinstance(item, str) and name in _METADATA:
        return printable(hide(item), characters)
    return _spelled(item, characters, hide)


def _breakable(run: re.Match[str]) -> str:
    text = run[0]
    return "\u200b".join(text[start : start + _BREAK_EVERY] for start in range(0, len(text), _BREAK_EVERY))
