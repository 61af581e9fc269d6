"""Chapter 8: every event in its order: the drawing, then times, then hashes; what is missing is said."""

from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Drawing, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.case import Event
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.report.drawings import time_line_svg
from zheng_verifier.report.five_times import TOKEN, WITNESS, bound_from
from zheng_verifier.report.model import CheckId, TimeBound

_ROWS = 14  # in one drawing: what a page takes beside other things


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
                desk.say("received_at"), desk.say("stamped_at"), desk.say("witnessed_at"), desk.say("block_time"),
            ),
            (5, 19, 11, 13, 13, 13, 13, 13),
            tuple(_times(desk, event) for event in events),
        ),
        Paragraph(desk.say("times_basis", checks=desk.basis(CheckId.C03, CheckId.C07, CheckId.C10, CheckId.C11)), "quiet"),
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
    pieces = -(-len(views) // _ROWS)
    rows = -(-len(views) // pieces)
    return [
        Drawing(
            time_line_svg(views[start : start + rows], desk.language),
            desk.say("time_line_alternative"),
            desk.say("time_line_caption", first=start + 1, last=min(start + rows, len(views))),
        )
        for start in range(0, len(views), rows)
    ]


def _times(desk: Desk, event: Event) -> Row:
    view = event.view
    return (
        Cell(str(view.seq), "strong"),
        f"{desk.label(event)}\n{view.type}" if view.type else desk.label(event),
        _actor(desk, event),
        Cell(desk.moment(view.claimed_at), "number"),
        Cell(desk.moment(view.received_at), "number"),
        *(
            _bound(desk, bound)
            for bound in (bound_from(view, TOKEN), bound_from(view, WITNESS), view.anchored)
        ),
    )


def _bound(desk: Desk, bound: TimeBound | None) -> Cell:
    trusted = bound is None or bound.trusted
    moment = desk.moment(None if bound is None else bound.moment)
    return Cell(moment if trusted else f"{moment}\n{desk.say('not_trusted')}", "number")


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
