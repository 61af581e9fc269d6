"""Chapter 5: what was recorded of persons and organisations, by whom, when; masked in the redacted edition."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_sections
from zheng_verifier.pdf.evidence_report.subjects import events_about
from zheng_verifier.report.model import CheckId

_ROLES = ("signatory", "guarantor", "witness", "approver", "copy")


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    events = events_about(desk.case, "identity")
    parties = tuple(
        (Cell(name, "strong"), _role(desk, reference), Cell(reference, "code"), desk.basis(CheckId.C03))
        for reference, name in desk.case.parties.items()
    )
    return [
        Paragraph(desk.say("identity_note")),
        *(
            [
                Table(
                    (
                        desk.say("party"),
                        desk.say("party_role"),
                        desk.say("party_reference"),
                        desk.say("basis"),
                    ),
                    (14, 18, 54, 14),
                    parties,
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


def _role(desk: Desk, reference: str) -> str:
    """Say what a party does in the contract; nothing where no event says it."""
    role = desk.case.roles.get(reference, "")
    return desk.say(f"party_{role}") if role in _ROLES else role
