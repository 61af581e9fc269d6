"""Chapter 15: platform and environment by the heads of OLR Art. 17(3)(4), and who handled the evidence since."""

from collections.abc import Sequence

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_sections
from zheng_verifier.pdf.evidence_report.subjects import events_about
from zheng_verifier.report.model import CheckId

_HEADS: tuple[tuple[str, Sequence[CheckId]], ...] = (
    ("cleanliness", ()),
    ("security", (CheckId.C07, CheckId.C23)),
    ("reliability", (CheckId.C08,)),
    ("availability", ()),
    ("system_environment", ()),
    ("technical_security", (CheckId.C05, CheckId.C07)),
    ("encryption", (CheckId.C23,)),
    ("transmission", (CheckId.C05,)),
    ("information_verification", (CheckId.C03, CheckId.C06)),
)


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    said = desk.input.statement
    environment = {} if said is None else said.environment
    handled = events_about(desk.case, "custody")
    return [
        Paragraph(desk.say("environment_note")),
        Table(
            (desk.say("head"), desk.say("stated"), desk.say("checked_here")),
            (22, 50, 28),
            tuple(
                (
                    Cell(desk.say(f"head_{head}"), "strong"),
                    desk.given(environment.get(head)),
                    desk.basis(*checks) if checks else desk.say("no_check_bears"),
                )
                for head, checks in _HEADS
            ),
        ),
        Section(desk.say("stated_by_operator")),
        desk.facts(
            (
                ("time_source", None if said is None else said.time_source, (CheckId.C22,)),
                ("key_management", None if said is None else said.key_management, (CheckId.C22,)),
                ("storage_and_custody", None if said is None else said.custody, (CheckId.C22,)),
            )
        ),
        *_versions(desk),
        Section(desk.say("custody")),
        Paragraph(desk.say("custody_note")),
        *(
            event_sections(desk, handled, (CheckId.C04,), compact=True)
            or [Paragraph(desk.say("no_custody_events"))]
        ),
    ]


def _versions(desk: Desk) -> list[Block]:
    """Show what else the operator states of his environment, under his own names for it."""
    said = desk.input.statement
    heads = {head for head, _ in _HEADS}
    others = (
        []
        if said is None
        else [(name, value) for name, value in said.environment.items() if name not in heads]
    )
    if not others:
        return []
    rows = tuple((Cell(name, "strong"), desk.cut(value), desk.basis(CheckId.C22)) for name, value in others)
    return [Table((desk.say("item"), desk.say("content"), desk.say("basis")), (26, 60, 14), rows)]
