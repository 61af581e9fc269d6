"""Chapter 10: electronic signatures, and the four conditions of ESL Art. 13 with who vouches for each."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_section
from zheng_verifier.report.model import CheckId

_CONDITIONS = (
    ("1", ("identity.", "certificate."), (CheckId.C14, CheckId.C18)),
    ("2", ("intent.", "certificate.key_generated", "certificate.destroyed"), (CheckId.C19,)),
    ("3", ("party.signed", "signature."), (CheckId.C13,)),
    ("4", ("party.signed", "document."), (CheckId.C02, CheckId.C13)),
)
"""Each condition: the kinds of events deposited for it, and the checks that bear on it."""


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    signed = desk.case.of("party.signed", "signature.timestamped")
    return [
        Paragraph(desk.say("signatures_note")),
        *(block for event in signed for block in event_section(desk, event, (CheckId.C13, CheckId.C14))),
        *([] if signed else [Paragraph(desk.say("no_signatures"))]),
        Section(desk.say("esl13")),
        Paragraph(desk.say("esl13_note")),
        Table(
            (desk.say("condition"), desk.say("evidence"), desk.say("result"), desk.say("who_vouches")),
            (30, 24, 20, 26),
            tuple(_condition(desk, *condition) for condition in _CONDITIONS),
        ),
        Section(desk.say("result_of_check")),
        desk.checks(CheckId.C13, CheckId.C14),
        *desk.findings(CheckId.C13, CheckId.C14),
    ]


def _condition(desk: Desk, number: str, prefixes: tuple[str, ...], checks: tuple[CheckId, ...]) -> Row:
    events = desk.case.of(*prefixes)
    named = desk.say("comma").join(str(event.view.seq) for event in events)
    return (
        Cell(desk.say(f"esl13_{number}"), "strong"),
        desk.say("events_numbered", numbers=named) if events else desk.say("not_provided"),
        "\n".join(f"{check} {desk.status(desk.result(check).status)}" for check in checks),
        desk.say(f"esl13_{number}_vouches"),
    )
