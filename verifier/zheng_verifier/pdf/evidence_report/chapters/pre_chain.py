"""Chapter 14: what there is about the time before deposit, in the six slots of OLR Art. 18; decided by nobody here."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.model import CheckId

SLOTS = ("source", "generation", "storage", "notarization", "third_party", "corroboration")


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    return [
        Paragraph(desk.say("pre_chain_note")),
        Table(
            (desk.say("slot"), desk.say("material"), desk.say("basis")),
            (24, 62, 14),
            tuple(_slot(desk, slot) for slot in SLOTS),
        ),
        Paragraph(desk.say("pre_chain_not_decided"), "strong"),
        Section(desk.say("result_of_check")),
        desk.checks(CheckId.C21),
        *desk.findings(CheckId.C21),
    ]


def _slot(desk: Desk, slot: str) -> Row:
    """Show what C21 found for a slot; one that it says nothing of is not provided."""
    found = [
        finding for finding in desk.result(CheckId.C21).findings if finding.subject.key == f"pre_chain.{slot}"
    ]
    told = [f"{desk.status(finding.status)}\n{desk.told(finding.detail)}".strip() for finding in found]
    return (
        Cell(desk.say(f"slot_{slot}"), "strong"),
        "\n".join(told) or desk.say("not_provided"),
        Cell(desk.basis(CheckId.C21), "quiet"),
    )
