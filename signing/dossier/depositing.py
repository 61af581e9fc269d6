"""Deposits one dossier's rows: read what is next, send it, check what came back, and only then mark it as done.

Nothing is held open while the service is asked. Whatever fails, and wherever the process dies, the next try sends the
same under the same ids, and the service answers as it did the first time; so each row ends in the log once, in order.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select
from zheng_verifier.canonical import JsonObject
from zheng_verifier.claim import Claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import EvidenceError
from zheng_verifier.receipt import CheckedReceipt, Receipt, check_receipt

from signing.database import read, write
from signing.dossier.errors import (
    NotaryError,
    RefusedNotaryError,
    UnavailableNotaryError,
    UnprovenReceiptError,
)
from signing.dossier.model import Opening, Statement, parse_statement
from signing.dossier.models import DossierRow, OutboxRow
from signing.dossier.ports import Keeper, Notary
from signing.dossier.recorder import CASE_ERASED, CLOSE, EVENT, OPENING
from signing.errors import Refused
from signing.ports import Clock

BATCH = 100  # events in one request at most
_BATCH_BYTES = 4 << 20
NOT_KEPT = "not-kept"
_TOO_LARGE = "body-too-large"


@dataclass(frozen=True, slots=True)
class Next:
    """What a dossier has to deposit next: rows of one kind, in order, and how the dossier stands."""

    dossier: DossierRow
    rows: tuple[OutboxRow, ...]
    statements: tuple[Statement, ...]

    @property
    def kind(self) -> str:
        """The kind of all the rows."""
        return self.rows[0].kind


class Depositor:
    """Brings one dossier after the other forward; safe to use from several threads, one dossier in one of them."""

    def __init__(self, engine: Engine, notary: Notary, keeper: Keeper, *, clock: Clock) -> None:
        self._engine = engine
        self._notary = notary
        self._keeper = keeper
        self._clock = clock

    def advance(self, dossier: str) -> bool:
        """Deposit what is next of a dossier; False: nothing waits.

        Raises:
            NotaryError: it is to be tried again, later.

        """
        found = self._next(dossier, BATCH)
        if found is None:
            return False
        match found.kind:
            case "opening":
                self._open(found)
            case "event":
                self._deposit(found)
            case "document":
                self._leave(found)
            case "erasure":
                self._erase(found)
            case _:
                self._close(found)
        return True

    def _next(self, dossier: str, most: int) -> Next | None:
        """Read the first rows that wait, as far as they go in one request."""
        with read(self._engine) as session:
            row = session.get_one(DossierRow, dossier)
            waiting = session.exec(
                select(OutboxRow)
                .where(OutboxRow.dossier == dossier, col(OutboxRow.done_at).is_(None))
                .order_by(col(OutboxRow.position))
                .limit(most)
            )
            rows: list[OutboxRow] = []
            size = 0
            for each in waiting:
                size += len(each.payload or b"")
                if rows and (each.kind != EVENT or rows[0].kind != EVENT or size > _BATCH_BYTES):
                    break
                rows.append(each)
            if not rows:
                return None
            statements = tuple(self._opened(session, each) for each in rows if each.kind in (EVENT, CLOSE))
            return Next(row, tuple(rows), statements)

    def _opened(self, session: Session, row: OutboxRow) -> Statement:
        if row.payload is None:
            raise UnprovenReceiptError(
                "a waiting event has no content: the database was changed from outside"
            )
        try:
            return parse_statement(self._keeper.open(session, row.dossier, row.payload))
        except Refused as error:
            raise RefusedNotaryError(error.code, "the content of a waiting event was erased") from error

    # One step for each kind of row

    def _open(self, found: Next) -> None:
        row = found.dossier
        opening = Opening(
            id=found.rows[0].event_id,
            kind=row.kind,
            reference=row.reference,
            close_by=row.close_by,
            required=tuple(json.loads(row.required)),
        )
        receipt = self._notary.open_case(row.tenant, opening)
        checked = self._check(found, opening.id, receipt, None)
        told = (checked.entry.claim.type, checked.entry.claim.tenant, checked.leaf.seq)
        if told != ("case.opened/1", row.tenant, 1):
            raise UnprovenReceiptError("the receipt is not of the opening of a case of ours")
        self._done(found, [checked])

    def _deposit(self, found: Next) -> None:
        try:
            self._send(found, found.statements)
        except RefusedNotaryError:
            if len(found.rows) == 1:
                raise
            # All or none: what stands before the one that is refused goes on alone.
            alone = self._next(found.dossier.id, 1)
            if alone is not None:
                self._send(alone, alone.statements)

    def _leave(self, found: Next) -> None:
        row = found.rows[0]
        if found.dossier.case is None or row.document is None or row.owner is None:
            raise UnprovenReceiptError(
                "a document waits without its case: the database was changed from outside"
            )
        try:
            with write(self._engine) as session:  # the reading is logged
                content = self._keeper.get(session, row.owner, row.document, by=None, purpose="deposit")
        except Refused:
            self._done(found, [], not_kept=True)
            return
        try:
            self._notary.leave(found.dossier.tenant, found.dossier.case, content)
        except RefusedNotaryError as error:
            if error.code != _TOO_LARGE:
                raise
            # Its digest stands in the events all the same; the evidence after it must not wait for ever.
            self._done(found, [], not_kept=True)
            return
        self._done(found, [])

    def _erase(self, found: Next) -> None:
        """Have the case erased; nothing waits of it by then that would still be needed."""
        row, dossier = found.rows[0], found.dossier
        if dossier.case is None or row.payload is None:
            raise UnprovenReceiptError(
                "an erasure waits without its case: the database was changed from outside"
            )
        with read(self._engine) as session:
            basis = self._keeper.open(session, row.dossier, row.payload).decode()
        receipt = self._notary.erase(dossier.tenant, dossier.case, row.event_id, basis)
        checked = self._check(found, row.event_id, receipt, None)
        if checked.entry.claim.type != CASE_ERASED:
            raise UnprovenReceiptError("the receipt is not of a statement that the case was erased")
        self._done(found, [checked])

    def _close(self, found: Next) -> None:
        """Fill in count and head; they are written down before they are sent, so that a lost answer can be had again."""
        row, case = found.rows[0], found.dossier.case
        if case is None:
            raise UnprovenReceiptError(
                "a close waits without its case: the database was changed from outside"
            )
        seq, head = row.pinned_seq, row.pinned_head
        if seq is None or head is None:
            now = self._notary.head(found.dossier.tenant, case)
            if now.seq < found.dossier.seq:
                raise UnprovenReceiptError(
                    "the service shows fewer events of the case than it gave receipts for"
                )
            seq, head = self._pin(row, now.seq, now.head)
        claim = found.statements[0].claim
        data: JsonObject = claim.data | {"count": seq, "head": format_base64url(head)}
        try:
            self._send(found, [Statement(replace(claim, data=data))])
        except RefusedNotaryError as error:
            if error.code != "case-head-mismatch":
                raise
            self._unpin(row, seq)
            raise UnavailableNotaryError("an event came between asking for the head and closing") from error

    def _send(self, found: Next, statements: Sequence[Statement]) -> None:
        dossier = found.dossier
        if dossier.case is None:
            raise UnprovenReceiptError(
                "an event waits without its case: the database was changed from outside"
            )
        log = self._notary.log()
        addressed = [each.addressed(log=log.origin, case=dossier.case) for each in statements]
        receipts = self._notary.deposit(dossier.tenant, dossier.case, addressed)
        if len(receipts) != len(addressed):
            raise UnprovenReceiptError("there are not as many receipts as events")
        checked = [
            self._check(found, each.id, receipt, each.claim)
            for each, receipt in zip(addressed, receipts, strict=True)
        ]
        self._done(found, checked)

    # Believing and remembering

    def _check(self, found: Next, event_id: str, receipt: Receipt, claim: Claim | None) -> CheckedReceipt:
        log = self._notary.log()
        try:
            return check_receipt(receipt, origin=log.origin, key=log.key, event_id=event_id, claim=claim)
        except EvidenceError as error:
            raise UnprovenReceiptError(f"a receipt of {found.kind} does not hold: {error.code}") from error

    def _done(self, found: Next, receipts: Sequence[CheckedReceipt], *, not_kept: bool = False) -> None:
        """Mark rows as done, with their places in the log, and erase what they held."""
        with write(self._engine) as session:
            dossier = session.get_one(DossierRow, found.dossier.id)
            now = self._clock()
            places = [old.position for old in found.rows]
            known = select(OutboxRow).where(
                OutboxRow.dossier == dossier.id, col(OutboxRow.position).in_(places)
            )
            rows = {row.position: row for row in session.exec(known)}
            for position, old in enumerate(found.rows):
                row = rows[old.position]
                if row.done_at is not None:  # another process was faster; it checked the same receipt
                    continue
                if receipts:
                    _follow(dossier, row, receipts[position])
                row.done_at, row.payload, row.document = now, None, None
                row.type = NOT_KEPT if not_kept else row.type
                session.add(row)
            dossier.failures, dossier.next_try, dossier.trouble = 0, None, None
            session.add(dossier)

    def _pin(self, row: OutboxRow, seq: int, head: bytes) -> tuple[int, bytes]:
        """Write down what a close is filled in with; what another process wrote before stands, and is given."""
        with write(self._engine) as session:
            kept = session.get_one(OutboxRow, (row.dossier, row.position))
            if kept.pinned_seq is not None and kept.pinned_head is not None:
                return kept.pinned_seq, kept.pinned_head
            kept.pinned_seq, kept.pinned_head = seq, head
            session.add(kept)
            return seq, head

    def _unpin(self, row: OutboxRow, seq: int) -> None:
        """Take back what was refused, unless another process filled in something newer."""
        with write(self._engine) as session:
            kept = session.get_one(OutboxRow, (row.dossier, row.position))
            if kept.pinned_seq == seq and kept.done_at is None:
                kept.pinned_seq, kept.pinned_head = None, None
                session.add(kept)

    def note_trouble(self, dossier: str, error: Exception, pause: Callable[[int, bool], datetime]) -> None:
        """Write down that a try failed; ``pause`` gives the next one by failures in a row and whether it was refused."""
        told = str(error) if isinstance(error, NotaryError) else f"unexpected: {type(error).__name__}"
        with write(self._engine) as session:
            row = session.get_one(DossierRow, dossier)
            waiting = select(OutboxRow.position).where(
                OutboxRow.dossier == dossier, col(OutboxRow.done_at).is_(None)
            )
            if session.exec(waiting).first() is None:
                return  # another process brought it all meanwhile
            row.failures += 1
            row.trouble = told[:500]
            row.next_try = pause(row.failures, isinstance(error, RefusedNotaryError))
            session.add(row)


def _follow(dossier: DossierRow, row: OutboxRow, receipt: CheckedReceipt) -> None:
    """Take a receipt as the dossier's newest: its leaf comes later in the same case, and names ours if it is the next.

    Raises:
        UnprovenReceiptError: it is of another case, or at a place that was taken before.

    """
    leaf = receipt.leaf
    if row.kind == OPENING:
        dossier.case = leaf.case
    if leaf.case != dossier.case or leaf.seq <= dossier.seq:
        raise UnprovenReceiptError("a receipt has a place in the case that was taken before")
    if leaf.seq == dossier.seq + 1 and leaf.prev != dossier.head:
        raise UnprovenReceiptError("a leaf does not name the one before it")
    dossier.seq, dossier.head = leaf.seq, receipt.leaf_hash
    row.seq, row.leaf_index, row.leaf_hash = leaf.seq, receipt.leaf_index, receipt.leaf_hash
