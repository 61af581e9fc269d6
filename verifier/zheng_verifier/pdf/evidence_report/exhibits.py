"""The list of evidence that a party files (CEV Art. 19): a row for each exhibit, in groups, each with its source."""

from collections.abc import Iterator
from dataclasses import dataclass

from zheng_verifier.claim import DocumentRef
from zheng_verifier.pdf.evidence_report.blocks import Cell, Row, Table
from zheng_verifier.pdf.evidence_report.case import Event
from zheng_verifier.pdf.evidence_report.chapters.documents import role
from zheng_verifier.pdf.evidence_report.desk import Desk

_GROUPS = (
    ("identity", ("identity.", "account."), "3"),
    ("intent", ("intent.", "consent.", "agreement.", "document.viewed", "document.read_confirmed"), "3"),
    ("certificates", ("certificate.", "seal."), "4"),
    ("signatures", ("party.signed", "signature."), "4"),
    ("delivery", ("contract.", "notification.", "document.downloaded"), "3"),
)
"""Groups of events that make one exhibit: name, kinds of events, item of CEV Art. 14."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence: what it is called, where it comes from, what it is to prove, what it contains."""

    name: str
    source: str
    proves: str
    content: str


def exhibits(desk: Desk) -> list[Exhibit]:
    """Gather the exhibits of a case: documents first, then records, then what fixes them."""
    return [*_documents(desk), _record(desk), *_groups(desk), *_fixing(desk)]


def _documents(desk: Desk) -> Iterator[Exhibit]:
    """List each document once, by its SHA-256, with every event that names it; a sealed one each time."""
    found: dict[str, tuple[DocumentRef, list[Event]]] = {}
    for event in desk.case.events:
        for position, document in enumerate(event.claim.documents if event.claim is not None else ()):
            key = _sha256(document) or f"{event.view.seq}.{position}"
            found.setdefault(key, (document, []))[1].append(event)
    for document, events in found.values():
        sha256 = _sha256(document) or desk.say("sealed_digest")
        yield Exhibit(
            desk.say("exhibit_document", role=role(desk, document), media_type=document.media_type),
            desk.say("source_events", numbers=_numbers(desk, events)),
            desk.say("proves_document"),
            desk.say("content_document", size=f"{document.size:,}", sha256=sha256, item="4"),
        )


def _sha256(document: DocumentRef) -> str:
    return "" if document.digests is None else document.digests["sha256"].hex()


def _record(desk: Desk) -> Exhibit:
    return Exhibit(
        desk.say("exhibit_record"),
        desk.say("source_log", log=desk.case.bundle.origin),
        desk.say("proves_record"),
        desk.say("content_record", count=len(desk.case.events), case=desk.case.bundle.case, item="3"),
    )


def _groups(desk: Desk) -> Iterator[Exhibit]:
    for name, prefixes, item in _GROUPS:
        events = desk.case.of(*prefixes)
        if events:
            yield Exhibit(
                desk.say(f"exhibit_{name}"),
                desk.say("source_events", numbers=_numbers(desk, events)),
                desk.say(f"proves_{name}"),
                desk.say("content_events", count=len(events), item=item),
            )


def _fixing(desk: Desk) -> Iterator[Exhibit]:
    proofs = desk.case.bundle.proofs
    tokens, anchors = sum(len(p.tokens) for p in proofs), sum(len(p.anchors) for p in proofs)
    if tokens:
        yield Exhibit(
            desk.say("exhibit_tokens"),
            desk.say("source_bundle"),
            desk.say("proves_tokens"),
            desk.say("content_tokens", count=tokens, item="5"),
        )
    if anchors:
        yield Exhibit(
            desk.say("exhibit_anchors"),
            desk.say("source_bundle"),
            desk.say("proves_anchors"),
            desk.say("content_anchors", count=anchors, item="5"),
        )
    yield Exhibit(
        desk.say("exhibit_report"),
        desk.cut(desk.input.issuer),
        desk.say("proves_report"),
        desk.say("content_report", number=desk.input.request.report_no, version=desk.input.request.version),
    )


def _numbers(desk: Desk, events: list[Event] | tuple[Event, ...]) -> str:
    shown = [str(event.view.seq) for event in events[:12]]
    return desk.say("comma").join(shown) + (" …" if len(events) > 12 else "")


def exhibit_table(desk: Desk) -> Table:
    """Make the table of CEV Art. 19; pages and date are for the party who files it to fill in."""
    rows: list[Row] = [
        (
            Cell(str(number), "strong"),
            Cell(exhibit.name, "strong"),
            exhibit.source,
            exhibit.proves,
            Cell(exhibit.content, "code"),
            desk.say("to_fill_in"),
            desk.say("to_fill_in"),
        )
        for number, exhibit in enumerate(exhibits(desk), start=1)
    ]
    titles = ("exhibit_no", "exhibit_name", "source", "fact_to_prove", "content_note", "pages", "filed_on")
    return Table(tuple(desk.say(title) for title in titles), (5, 15, 17, 21, 26, 8, 8), tuple(rows))
