"""Batches as they are given and looked at: a plan, its rows, and how far they are (`running` carries them through)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from signing.contracts.batch.models import FAILED, MADE, SENT, WAITING, BatchItemRow, BatchRow
from signing.contracts.batch.plan import Plan, format_caller, format_plan
from signing.contracts.batch.rows import Row, check_count, format_row
from signing.contracts.batch.running import Running
from signing.contracts.book import creator
from signing.contracts.service import Contracts
from signing.errors import Refused
from signing.principal import Permission, Principal


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: rows in all, and in each state. ``ended_at`` None: there is still something to do."""

    id: str
    position: int
    total: int
    waiting: int
    made: int
    sent: int
    failed: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a batch; ``contract`` is empty until it was made."""

    position: int
    state: str
    contract: str
    code: str
    field: str
    detail: str


class Batches:
    """Batches of all tenants."""

    def __init__(self, contracts: Contracts) -> None:
        self._context = contracts.context
        self._running = Running(contracts)

    def create(
        self, session: Session, by: Principal, plan: Plan, rows: Sequence[Row] | None = None
    ) -> tuple[BatchRow, bool]:
        """Take a batch, with its rows or without; the same again is the same batch.

        Raises:
            Refused: id-reused, batch-empty, batch-too-large, permission-missing.
        """
        by.require(Permission.SEND_CONTRACTS)
        by.require(Permission.USE_TEMPLATES)
        custody = self._context.custody
        body = format_plan(plan)
        content = custody.blind(by.tenant, "batch", hashlib.sha256(body).hexdigest())
        row = session.get(BatchRow, plan.id)
        if row is not None:
            if row.tenant != by.tenant or row.content != content:
                raise Refused("id-reused", "This id was used for another batch.", "/id")
            if rows is not None:
                self.add_rows(session, by, plan.id, rows)
            return row, False
        custody.create_owner(session, by.tenant, plan.id)
        row = BatchRow(
            id=plan.id,
            position=(session.exec(select(func.max(col(BatchRow.position)))).one() or 0) + 1,
            tenant=by.tenant,
            content=content,
            plan=custody.seal(session, plan.id, body),
            caller=format_caller(by),
            creator=creator(by),
            created_at=self._context.clock(),
        )
        session.add(row)
        session.flush()
        if rows is not None:
            self.add_rows(session, by, plan.id, rows)
        return row, True

    def add_rows(self, session: Session, by: Principal, batch: str, rows: Sequence[Row]) -> BatchRow:
        """Give a batch its rows, once: then it starts. The same rows again change nothing.

        Raises:
            Refused: batch-unknown, batch-started: it has other rows; batch-empty, batch-too-large.
        """
        row = self._batch(session, by, batch)
        check_count(len(rows))
        kept = [format_row(each) for each in rows]
        whole = hashlib.sha256(b"\n".join(kept)).hexdigest()
        digest = self._context.custody.blind(by.tenant, "batch-rows", whole)
        if row.rows_digest is not None:
            if row.rows_digest != digest:
                raise Refused("batch-started", "This batch has other rows already.")
            return row
        now = self._context.clock()
        row.rows_digest, row.total, row.started_at = digest, len(rows), now
        session.add(row)
        for position, content in enumerate(kept, start=1):
            item = BatchItemRow(
                batch=batch,
                position=position,
                tenant=row.tenant,
                payload=self._context.custody.seal(session, batch, content),
                contract=self._context.uuid(),
                state=WAITING,
                ready_at=now,
            )
            session.add(item)
        session.flush()
        return row

    def run(self, most: int = 50) -> int:
        """As ``Running.run``."""
        return self._running.run(most)

    def progress(self, session: Session, by: Principal, batch: str) -> Progress:
        """Say how far a batch is.

        Raises:
            Refused: batch-unknown.
        """
        return self._progress(session, self._batch(session, by, batch))

    def listing(self, session: Session, by: Principal, *, after: int, limit: int) -> Sequence[Progress]:
        """Give up to ``limit`` batches of the caller, newest first, before a position (0: the newest)."""
        query = select(BatchRow).where(BatchRow.tenant == by.tenant)
        if after:
            query = query.where(BatchRow.position < after)
        if not self._sees_all(by):
            query = query.where(BatchRow.creator == creator(by))
        rows = session.exec(query.order_by(col(BatchRow.position).desc()).limit(limit)).all()
        return [self._progress(session, row) for row in rows]

    def items(
        self, session: Session, by: Principal, batch: str, *, after: int, limit: int, state: str | None = None
    ) -> Sequence[Item]:
        """Give rows of a batch after a position, in order; ``state`` keeps those in it.

        Raises:
            Refused: batch-unknown.
        """
        self._batch(session, by, batch)
        query = select(BatchItemRow).where(BatchItemRow.batch == batch, BatchItemRow.position > after)
        if state is not None:
            query = query.where(BatchItemRow.state == state)
        found = session.exec(query.order_by(col(BatchItemRow.position)).limit(limit)).all()
        return [
            Item(
                each.position,
                each.state,
                each.contract if each.state in (MADE, SENT) else "",
                each.code or "",
                each.field or "",
                each.detail or "",
            )
            for each in found
        ]

    def _progress(self, session: Session, row: BatchRow) -> Progress:
        counted = select(BatchItemRow.state, func.count()).where(BatchItemRow.batch == row.id)
        counts = dict(session.exec(counted.group_by(BatchItemRow.state)).all())
        return Progress(
            id=row.id,
            position=row.position,
            total=row.total,
            waiting=counts.get(WAITING, 0),
            made=counts.get(MADE, 0),
            sent=counts.get(SENT, 0),
            failed=counts.get(FAILED, 0),
            created_at=row.created_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )

    def _batch(self, session: Session, by: Principal, batch: str) -> BatchRow:
        row = session.get(BatchRow, batch)
        if row is None or row.tenant != by.tenant or not (self._sees_all(by) or row.creator == creator(by)):
            raise Refused("batch-unknown", "There is no such batch.")
        return row

    @staticmethod
    def _sees_all(by: Principal) -> bool:
        return by.kind == "api_client" or by.may(Permission.VIEW_ALL_CONTRACTS)
