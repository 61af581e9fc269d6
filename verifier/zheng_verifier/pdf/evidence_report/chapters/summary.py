"""Chapter 1: the overall word, a result for each question, all checks at a glance, what is proved and what is not."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.model import AxisResult, CheckId, Status


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    report = desk.input.report
    return [
        Paragraph(desk.texts.overall[report.overall], "notice"),
        *(Paragraph(desk.texts.notes.get(note, note)) for note in report.notes),
        Section(desk.say("by_question")),
        Table(
            (desk.say("question"), desk.say("result"), desk.say("rests_on")),
            (22, 24, 54),
            tuple(_axis(desk, axis) for axis in report.axes),
        ),
        Paragraph(desk.say("marks"), "quiet"),
        Section(desk.say("by_check")),
        Paragraph(desk.say("by_check_note")),
        desk.checks(*CheckId),
        Paragraph(desk.say("not_one_word"), "quiet"),
    ]


def _axis(desk: Desk, axis: AxisResult) -> Row:
    passed = axis.status is Status.PASSED
    reason = desk.say("all_its_checks_passed") if passed else desk.codes(axis.id) or desk.say("dash")
    return (Cell(f"{axis.id} {desk.texts.axes[axis.id]}", "strong"), desk.status(axis.status), reason)
