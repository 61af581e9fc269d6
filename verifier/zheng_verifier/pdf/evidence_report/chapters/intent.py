"""Chapter 7: what was shown and told before signing, and how the act of confirmation was bound to the document."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Paragraph, Section
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_sections
from zheng_verifier.pdf.evidence_report.subjects import events_about
from zheng_verifier.report.model import CheckId


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    events = events_about(desk.case, "intent")
    return [
        Paragraph(desk.say("intent_note")),
        *event_sections(desk, events, (CheckId.C19,)),
        *([] if events else [Paragraph(desk.say("no_intent"))]),
        Section(desk.say("result_of_check")),
        desk.checks(CheckId.C19),
        *desk.findings(CheckId.C19),
    ]
