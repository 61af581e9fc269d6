"""Checks the outbox against itself and against the log: every row in its place, every receipt still true."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select
from zheng_verifier.errors import EvidenceError

from signing.custody.errors import CustodyDamagedError
from signing.dossier.model import parse_statement
from signing.dossier.models import DossierRow, OutboxRow
from signing.dossier.ports import Sealer
from signing.dossier.recorder import CLOSE, DOCUMENT, EVENT, OPENING
from signing.errors import Refused

# Gives the leaf hash at an index of the log, None where the log is shorter.
LeafHashAt = Callable[[int], bytes | None]


@dataclass(frozen=True, slots=True)
class DossierFsck:
    """What was found: one sentence for each difference, and what was counted."""

    differences: tuple[str, ...]
    dossiers: int
    deposited: int
    waiting: int


def fsck(session: Session, sealer: Sealer, leaf_hash_at: LeafHashAt | None) -> DossierFsck:
    """Check every dossier; ``leaf_hash_at`` None: the log is a foreign service's, and is not looked into."""
    differences: list[str] = []
    dossiers = deposited = waiting = 0
    for dossier in session.exec(select(DossierRow).order_by(col(DossierRow.id))):
        statement = select(OutboxRow).where(OutboxRow.dossier == dossier.id).order_by(col(OutboxRow.position))
        rows = session.exec(statement).all()
        found = [*_order(dossier, rows), *_places(dossier, rows), *_contents(session, sealer, rows)]
        if leaf_hash_at is not None:
            found += _in_log(rows, leaf_hash_at)
        differences += [f"dossier {dossier.id}: {text}" for text in found]
        dossiers += 1
        deposited += sum(row.done_at is not None for row in rows)
        waiting += sum(row.done_at is None for row in rows)
    return DossierFsck(tuple(differences), dossiers, deposited, waiting)


def _order(dossier: DossierRow, rows: Sequence[OutboxRow]) -> Iterator[str]:
    """Positions run from 1 without gaps; the opening is the first; what is done comes before what waits."""
    if [row.position for row in rows] != list(range(1, dossier.last_position + 1)):
        yield f"its rows are not numbered 1 to {dossier.last_position}"
    if [row.position for row in rows if row.kind == OPENING] != [1]:
        yield "its opening is not its first row, and the only one"
    if dossier.closed != any(row.kind == CLOSE for row in rows):
        yield "it is closed without a close, or the other way round"
    states = [row.done_at is not None for row in rows]
    if states != sorted(states, reverse=True):
        yield "a row was deposited before one that comes earlier"


def _places(dossier: DossierRow, rows: Sequence[OutboxRow]) -> Iterator[str]:
    """What was deposited has its place in the log, ever later; the last one is the dossier's head."""
    placed = [row for row in rows if row.done_at is not None and row.kind != DOCUMENT]
    if any(None in (row.seq, row.leaf_index, row.leaf_hash) for row in placed):
        yield "a row was deposited and has no receipt"
        return
    seqs = [row.seq for row in placed if row.seq is not None]
    if seqs != sorted(set(seqs)):
        yield "its receipts are not in the order of the case"
    last = (placed[-1].seq, placed[-1].leaf_hash) if placed else (0, None)
    if (dossier.seq, dossier.head) != last or (dossier.case is None) == bool(placed):
        yield "its head is not that of its last receipt"


def _contents(session: Session, sealer: Sealer, rows: Sequence[OutboxRow]) -> Iterator[str]:
    """What waits can be read and is what its row says; what was deposited is not kept here any more."""
    for row in rows:
        if row.done_at is not None:
            if row.payload is not None:
                yield f"row {row.position} was deposited and its content is still here"
            continue
        if row.kind not in (EVENT, CLOSE):
            continue
        if row.payload is None:
            yield f"row {row.position} waits and has no content"
            continue
        try:
            claim = parse_statement(sealer.open(session, row.dossier, row.payload)).claim
        except (EvidenceError, Refused, CustodyDamagedError) as error:
            yield f"row {row.position} waits and cannot be read: {type(error).__name__}"
            continue
        if (claim.id, claim.type) != (row.event_id, row.type):
            yield f"row {row.position} holds another event than it says"


def _in_log(rows: Sequence[OutboxRow], leaf_hash_at: LeafHashAt) -> Iterator[str]:
    for row in rows:
        if row.leaf_index is not None and leaf_hash_at(row.leaf_index) != row.leaf_hash:
            yield f"row {row.position} has a receipt for leaf {row.leaf_index}, which is another one"
