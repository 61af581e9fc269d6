"""Carries batches through: one contract, one transaction, with the batch's own row of it in the same transaction.

So after a crash at any point each row is either untouched or done, and the next run goes on with the rest. A row that
is refused says why, and keeps no other waiting; one that only has to wait (the evidence service is down) is tried again.
"""

from datetime import timedelta

import structlog
from sqlmodel import Session, col, func, select

from signing.contracts.batch.models import FAILED, MADE, SENT, WAITING, BatchItemRow, BatchRow
from signing.contracts.batch.plan import draft_of, parse_caller, parse_plan
from signing.contracts.batch.rows import parse_row
from signing.contracts.models import ContractRow
from signing.contracts.service import Contracts
from signing.contracts.states import ContractState
from signing.database import read, write
from signing.errors import Refused
from signing.waiting import left, over

_LOG = structlog.get_logger(__name__)
_LATER = ("notary-unavailable", "busy")
_FIRST, _LONGEST = timedelta(milliseconds=250), timedelta(seconds=30)


class Running:
    """Takes the rows of all tenants' batches from stage to stage."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._context = contracts.context

    def run(self, most: int = 50) -> int:
        """Take up to ``most`` rows that are due one stage further; gives how many were looked at.

        Safe to be killed at any moment, and to be run by one thread at a time.
        """
        now = self._context.clock()
        query = (
            select(BatchItemRow.batch, BatchItemRow.position)
            .where(col(BatchItemRow.open), over(col(BatchItemRow.ready_at), now, _LONGEST))
            .order_by(col(BatchItemRow.ready_at), col(BatchItemRow.batch), col(BatchItemRow.position))
            .limit(most)
        )
        with read(self._context.engine) as session:
            due = session.exec(query).all()
        for batch, position in due:
            self._advance(batch, position)
        return len(due)

    def _advance(self, batch: str, position: int) -> None:
        """Take one row one stage further; a refusal is written down in a transaction of its own."""
        try:
            with write(self._context.engine) as session:
                item = session.get_one(BatchItemRow, (batch, position))
                if item.open and not left(item.ready_at, self._context.clock(), _LONGEST):
                    self._stage(session, session.get_one(BatchRow, batch), item)
        except Refused as refused:
            with write(self._context.engine) as session:
                self._note(session, session.get_one(BatchItemRow, (batch, position)), refused)
        except Exception:  # noqa: BLE001  (a damaged row, a full disk: it is tried again, and holds up no other)
            _LOG.exception("a row of a batch could not go on", batch=batch, position=position)
            with write(self._context.engine) as session:
                self._put_off(session, session.get_one(BatchItemRow, (batch, position)))

    def _stage(self, session: Session, batch: BatchRow, item: BatchItemRow) -> None:
        plan = parse_plan(self._context.custody.open(session, batch.id, batch.plan))
        by = parse_caller(batch.caller, batch.tenant)
        if item.state == WAITING:
            row = parse_row(self._context.custody.open(session, batch.id, item.payload or b""))
            made, _ = self._contracts.drafting.create(session, by, draft_of(plan, row, item.contract))
            item.contract, item.state, item.payload = made.id, MADE, None
            item.open, item.tries = plan.send, 0
        else:
            contract = session.get_one(ContractRow, item.contract)
            if contract.state == ContractState.DRAFT:
                self._contracts.sending.send(session, by, item.contract)
            item.state, item.open = SENT, False
        self._keep(session, item)

    def _note(self, session: Session, item: BatchItemRow, refused: Refused) -> None:
        """Write down why a row did not go on: for now, or for good."""
        if refused.code in _LATER:
            self._put_off(session, item)
            return
        item.state, item.open, item.payload = FAILED, False, None
        item.code, item.field, item.detail = refused.code, refused.field[:128], refused.detail[:300]
        self._keep(session, item)

    def _put_off(self, session: Session, item: BatchItemRow) -> None:
        item.tries += 1
        item.ready_at = self._context.clock() + min(_LONGEST, _FIRST * 2 ** min(item.tries, 10))
        self._keep(session, item)

    def _keep(self, session: Session, item: BatchItemRow) -> None:
        session.add(item)
        session.flush()
        left = select(func.count()).where(BatchItemRow.batch == item.batch, col(BatchItemRow.open))
        if session.exec(left).one() == 0:
            batch = session.get_one(BatchRow, item.batch)
            batch.ended_at = self._context.clock()
            session.add(batch)
            session.flush()
