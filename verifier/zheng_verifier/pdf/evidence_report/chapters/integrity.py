"""Chapter 9: documents, entries, sealed values, order and completeness."""

from collections import Counter

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.model import CheckId

_CHECKS = (CheckId.C01, CheckId.C02, CheckId.C03, CheckId.C04, CheckId.C05, CheckId.C20, CheckId.C23)
_STATES = ("OPENED", "WITHHELD", "ERASED", "NEVER_HELD")


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    states = Counter(field.state for event in desk.case.events for field in event.view.sealed)
    return [
        Paragraph(desk.say("integrity_note")),
        desk.checks(*_CHECKS),
        Section(desk.say("sealed_values")),
        Paragraph(desk.say("sealed_note")),
        Table(
            (desk.say("state"), desk.say("meaning"), desk.say("count"), desk.say("basis")),
            (18, 54, 14, 14),
            tuple(
                (
                    Cell(state, "strong"),
                    desk.texts.sealed[state],
                    Cell(str(states[state]), "number"),
                    desk.basis(CheckId.C03),
                )
                for state in _STATES
            ),
        ),
        Section(desk.say("findings")),
        *desk.findings(*(check for check in _CHECKS if check is not CheckId.C02)),
    ]
