"""Chapter 19: the statement, and the undertaking that a named person completes and signs (norms App. C)."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Form, Paragraph, Section
from zheng_verifier.pdf.evidence_report.desk import Desk


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    return [
        Paragraph(desk.say("statement")),
        Section(desk.say("undertaking_heading")),
        Paragraph(desk.say("undertaking_note"), "quiet"),
        Paragraph(desk.say("undertaking")),
        Form(
            tuple(
                desk.say(f"form_{name}")
                for name in ("name", "position", "competence", "relation", "date", "sign")
            )
        ),
    ]
