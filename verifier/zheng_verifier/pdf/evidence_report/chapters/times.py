"""Chapter 13: for each event the interval that was proved, the delay, and what the times say against each other."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.case import Event
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.drawings.delay import delay_words
from zheng_verifier.report.model import CheckId, Status


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    anomalies = [
        finding
        for finding in desk.result(CheckId.C16).findings
        if finding.status is not Status.PASSED or finding.code
    ]
    return [
        Paragraph(desk.say("times_note")),
        Table(
            (
                desk.say("seq"), desk.say("not_before"), desk.say("received_at"), desk.say("not_after"),
                desk.say("delay"), desk.say("block_time"),
            ),
            (6, 22, 17, 22, 13, 20),
            tuple(_bounds(desk, event) for event in desk.case.events),
        ),
        Paragraph(desk.say("delay_note"), "quiet"),
        Section(desk.say("anomalies")),
        Paragraph(desk.say("anomalies_found", count=len(anomalies)) if anomalies else desk.say("no_anomalies")),
        desk.checks(CheckId.C16),
        *desk.findings(CheckId.C16),
    ]  # fmt: skip


def _bounds(desk: Desk, event: Event) -> Row:
    view = event.view
    return (
        Cell(str(view.seq), "strong"),
        Cell(desk.bound(view.not_before), "number"),
        Cell(desk.moment(view.received_at), "number"),
        Cell(desk.bound(view.not_after), "number"),
        _delay(desk, event),
        Cell(desk.bound(view.anchored), "number"),
    )


def _delay(desk: Desk, event: Event) -> str:
    received, bound = event.view.received_at, event.view.not_after
    if received is None or bound is None:
        return desk.say("dash")
    return delay_words(bound.moment - received, desk.language)
