"""Chapter 4: the documents, each version by its digests, as the events of the case name them."""

from collections.abc import Iterator

from zheng_verifier.claim import DocumentRef
from zheng_verifier.pdf.evidence_report.blocks import Block, Cell, Paragraph, Row, Section, Table
from zheng_verifier.pdf.evidence_report.case import Event
from zheng_verifier.pdf.evidence_report.chapters.application import grouped
from zheng_verifier.pdf.evidence_report.desk import Desk
from zheng_verifier.pdf.evidence_report.fields import event_sections
from zheng_verifier.pdf.evidence_report.subjects import events_about
from zheng_verifier.report.model import CheckId


def write(desk: Desk) -> list[Block]:
    """Write the chapter."""
    rows = [row for event in desk.case.events for row in _rows(desk, event)]
    table = Table(
        (
            desk.say("event"),
            desk.say("document"),
            desk.say("digests"),
            desk.say("hashed_by"),
            desk.say("at_hand"),
        ),
        (9, 19, 40, 15, 17),
        tuple(rows),
    )
    return [
        Paragraph(desk.say("documents_note")),
        table if rows else Paragraph(desk.say("no_documents")),
        *_events(desk),
        Section(desk.say("result_of_comparison")),
        desk.checks(CheckId.C02),
        *desk.findings(CheckId.C02),
    ]


def _events(desk: Desk) -> list[Block]:
    """Show what happened to documents, who sent what to whom and when (ESL Art. 6)."""
    events = events_about(desk.case, "documents")
    if not events:
        return []
    return [
        Section(desk.say("document_events")),
        *event_sections(desk, events, compact=True),
    ]


def role(desk: Desk, document: DocumentRef) -> str:
    """Name a document's role; one that has no word keeps its name."""
    known = ("original", "shown", "finalized", "signed", "attachment", "archived")
    return desk.say(f"role_{document.role}") if document.role in known else document.role


def _rows(desk: Desk, event: Event) -> Iterator[Row]:
    if event.entry is None:
        return
    compared = {view.sha256: view.status for view in desk.input.report.documents if view.name is not None}
    for position, document in enumerate(event.entry.claim.documents):
        sha256 = (document.digests or {}).get("sha256", b"").hex()
        hashed = "hashed_by_service" if position in event.entry.checked.documents else "hashed_by_submitter"
        yield (
            Cell(str(event.view.seq), "strong"),
            f"{role(desk, document)}\n{document.media_type}\n{document.size:,} {desk.say('bytes')}",
            Cell(_digests(desk, document), "number"),
            desk.say(hashed),
            f"C02 {desk.status(compared[sha256])}" if sha256 in compared else desk.say("not_at_hand"),
        )


def _digests(desk: Desk, document: DocumentRef) -> str:
    if document.digests is None:
        return desk.say("sealed_digest")
    return "\n".join(
        f"{name.upper().replace('SHA256', 'SHA-256')}\n{grouped(digest.hex())}"
        for name, digest in document.digests.items()
    )
