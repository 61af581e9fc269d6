"""Holds a certificate's record against what its own bundle says: every printed value that the bundle can show.

What no bundle can show (names, filings, licences, whether originals are held) is listed in ``STATEMENTS`` and stays
the issuer's statement. Of time-stamps and anchors a record may list fewer than the bundle has, never others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zheng_verifier.deposit_certificate.model import (
    CertificateRecord,
    ChainAnchor,
    DepositedDocument,
    LogPosition,
    Span,
    TimestampToken,
)
from zheng_verifier.deposit_certificate.summary import AnchorSummary, CaseSummary, TokenSummary
from zheng_verifier.encoding import format_hex, format_time

STATEMENTS = (
    "depositor", "parties_masked", "evidence_name", "evidence_class", "flow_id", "deposit_mode", "file_name",
    "page_count", "tsa_name", "licensed", "chain_name", "consensus", "node_operators", "finality", "checkpoint_at",
    "cross_anchors", "witnesses", "signatures", "verification", "filings", "issuer", "issued_at", "verify_url",
)  # fmt: skip
"""Members of a record that its bundle does not show."""

_ABSENT = "–"


@dataclass(frozen=True, slots=True)
class Compared:
    """One printed value: the record's member, what the record says of it, and what the bundle says."""

    member: str
    said: str
    shown: str

    @property
    def agrees(self) -> bool:
        """Tell whether the two are the same."""
        return self.said == self.shown


def compare(record: CertificateRecord, summary: CaseSummary, bundle_sha256: str) -> tuple[Compared, ...]:
    """Compare every value of the record that the bundle shows, in the record's own spelling."""
    return (
        Compared("bundle_sha256", format_hex(record.bundle), bundle_sha256),
        Compared("log_id", record.log.origin, summary.origin),
        Compared("case", record.case, summary.case),
        Compared("evidence_id", record.evidence_id, summary.evidence_id),
        Compared("event_count", str(record.event_count), str(summary.event_count)),
        Compared("event_root", format_hex(record.event_root), format_hex(summary.event_root)),
        Compared("received_at", _span(record.received), _span(summary.received)),
        Compared("claimed_at", _span(record.claimed), _span(summary.claimed)),
        Compared("role", _roles(record), _joined(summary.roles)),
        _one_of("log", _position(record.log), [_position(each) for each in summary.positions]),
        *_documents(record.documents, summary.documents),
        *_among("timestamps", map(_token, record.timestamps), map(_token, summary.tokens)),
        *_among("anchors", map(_anchor, record.anchors), map(_anchor, summary.anchors)),
    )


def _span(span: Span | None) -> str:
    return _ABSENT if span is None else f"{format_time(span.first)} {format_time(span.last)}"


def _joined(values: Sequence[str] | None) -> str:
    return _ABSENT if values is None else ", ".join(values)


def _roles(record: CertificateRecord) -> str:
    return _joined(None if record.parties is None else [party.role for party in record.parties])


def _position(position: LogPosition) -> str:
    return f"{position.leaf_index}/{position.tree_size} {format_hex(position.root_hash)}"


def _one_of(member: str, said: str, shown: Sequence[str]) -> Compared:
    return Compared(member, said, said if said in shown else "; ".join(shown))


def _documents(said: Sequence[DepositedDocument], shown: Sequence[DepositedDocument]) -> Iterator[Compared]:
    """Compare the documents one by one: they stand in the order in which they were deposited."""
    for position in range(max(len(said), len(shown))):
        one, other = (
            _document(each[position]) if position < len(each) else _ABSENT for each in (said, shown)
        )
        yield Compared(f"documents/{position}", one, other)


def _document(document: DepositedDocument) -> str:
    sm3 = _ABSENT if document.sm3 is None else format_hex(document.sm3)
    hashed_by = "service" if document.hashed_by_service else "depositor"
    return f"{document.role} {document.size} {document.media_type} {hashed_by} {format_hex(document.sha256)} {sm3}"


def _among(member: str, said: Iterable[str], shown: Iterable[str]) -> Iterator[Compared]:
    """Find each listed item among those of the bundle; one that stands there once may be listed once."""
    left = list(shown)
    for position, item in enumerate(said):
        yield _one_of(f"{member}/{position}", item, left or [_ABSENT])
        if item in left:
            left.remove(item)


def _token(token: TimestampToken | TokenSummary) -> str:
    return f"{format_time(token.gen_time)} {token.serial} {token.policy} {token.imprint_algorithm}"


def _anchor(anchor: ChainAnchor | AnchorSummary) -> str:
    return (
        f"{anchor.chain_id} {format_hex(anchor.contract)} {format_hex(anchor.transaction)} "
        f"{anchor.block_number} {format_hex(anchor.block_hash)} {format_time(anchor.block_time)}"
    )
