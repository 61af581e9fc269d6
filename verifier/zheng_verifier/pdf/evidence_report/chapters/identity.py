"""Chapter 5: what was recorded of persons and organisations, by whom, when; masked in the redacted edition."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_sections
from zheng_verifier.pdf.evidence_report.subjects import events_about
from zheng_verifier.report.model import CheckId


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    events = events_about(desk.case, "identity")
    parties = tuple(
        (Cell(name, "strong"), Cell(reference, "code"), desk.basis(CheckId.C03))
        for reference, name in desk.case.parties.items()
    )
    return [
        Paragraph(desk.say("identity_note")),
        *(
            [
                Table(
                    (desk.say("party"), desk.say("party_reference"), desk.say("basis")), (14, 72, 14), parties
                )
            ]
            if parties
            else []
        ),
        *event_sections(desk, events, (CheckId.C18,)),
        *([] if events else [Paragraph(desk.say("no_identity"))]),
        Section(desk.say("result_of_check")),
        desk.checks(CheckId.C18),
        *desk.findings(CheckId.C18),
    ]
