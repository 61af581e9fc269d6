"""Chapter 8: every event in its order: the drawing, then times, then hashes; what is missing is said."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Drawing, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.case import Event
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.drawings import ROWS_PER_DRAWING, time_line_svg
from zheng_verifier.report.model import CheckId


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    events = desk.case.events
    return [
        Paragraph(desk.say("five_times")),
        *_drawings(desk),
        Section(desk.say("events_and_times")),
        Table(
            (
                desk.say("seq"), desk.say("event"), desk.say("actor"), desk.say("claimed_at"),
                desk.say("received_at"), desk.say("not_after"), desk.say("block_time"),
            ),
            (6, 20, 12, 15, 15, 17, 15),
            tuple(_times(desk, event) for event in events),
        ),
        Paragraph(desk.say("times_basis", checks=desk.basis(CheckId.C03, CheckId.C10, CheckId.C11)), "quiet"),
        Section(desk.say("events_and_hashes")),
        Table(
            (desk.say("seq"), desk.say("leaf_hash"), desk.say("previous_leaf"), desk.say("leaf_index")),
            (6, 43, 41, 10),
            tuple(_hashes(desk, event) for event in events),
        ),
        Paragraph(desk.say("hashes_basis", checks=desk.basis(CheckId.C04, CheckId.C06)), "quiet"),
        *desk.findings(CheckId.C04),
    ]  # fmt: skip


def _drawings(desk: Desk) -> list[Block]:
    views = desk.input.report.events
    return [
        Drawing(
            time_line_svg(views[start : start + ROWS_PER_DRAWING], desk.language),
            desk.say("time_line_alternative"),
            desk.say("time_line_caption", first=start + 1, last=min(start + ROWS_PER_DRAWING, len(views))),
        )
        for start in range(0, len(views), ROWS_PER_DRAWING)
    ]


def _times(desk: Desk, event: Event) -> Row:
    view = event.view
    after = desk.moment(view.not_after.moment if view.not_after else None)
    block = desk.moment(view.anchored.moment if view.anchored else None)
    return (
        Cell(str(view.seq), "strong"),
        f"{desk.label(event)}\n{view.type}" if view.type else desk.label(event),
        _actor(desk, event),
        Cell(desk.moment(view.claimed_at), "number"),
        Cell(desk.moment(view.received_at), "number"),
        Cell(
            after + ("" if view.not_after is None or view.not_after.trusted else desk.say("not_trusted")),
            "number",
        ),
        Cell(
            block + ("" if view.anchored is None or view.anchored.trusted else desk.say("not_trusted")),
            "number",
        ),
    )


def _actor(desk: Desk, event: Event) -> str:
    claim = event.claim
    if claim is None or claim.actor is None:
        return desk.say("not_provided")
    name = desk.case.parties.get(claim.actor.ref, claim.actor.ref[:8])
    return f"{desk.say(f'actor_{claim.actor.kind}')} {name}"


def _hashes(desk: Desk, event: Event) -> Row:
    index = event.view.index
    return (
        Cell(str(event.view.seq), "strong"),
        Cell(event.view.leaf_hash, "code"),
        Cell(event.previous or desk.say("first_of_case"), "code"),
        Cell(desk.say("not_provided") if index is None else str(index), "number"),
    )
