"""Reminders of terms (S3-16): when a contract's end comes near, its sending side is told, once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import structlog
from sqlmodel import Session, col, select

from signing.context import Context
from signing.contracts.models import ContractRow
from signing.database import read, write
from signing.errors import Refused
from signing.management.criteria import visible_to
from signing.management.models import ReminderRow, ShelfRow
from signing.principal import Permission, Principal

_LOG = structlog.get_logger(__name__)
_PORTION = 200


class TermNotices(Protocol):
    """Tells the sending side of a contract that it ends soon.

    Called within the transaction that marks the reminder as told: a message is put into an outbox there, not sent.
    """

    def ending(self, session: Session, contract: ContractRow, shelf: ShelfRow, reminder: ReminderRow) -> None:
        """Have the sending side told."""


class ShownHere:
    """Tells nobody by itself: due reminders are shown in the reminders' list until they are done."""

    def ending(self, session: Session, contract: ContractRow, shelf: ShelfRow, reminder: ReminderRow) -> None:
        """Do nothing: the list is read from the rows."""


class Reminders:
    """Finds what is due, and lets it be done with."""

    def __init__(self, context: Context, notices: TermNotices) -> None:
        self._context = context
        self._notices = notices

    def tick(self, now: datetime) -> int:
        """Tell of every reminder that is due, each in a transaction of its own; gives how many were told."""
        with read(self._context.engine) as session:
            due = session.exec(
                select(ReminderRow.id)
                .where(col(ReminderRow.told_at).is_(None), ReminderRow.due_at <= now)
                .order_by(col(ReminderRow.due_at))
                .limit(_PORTION)
            ).all()
        told = 0
        for reminder in due:
            try:
                told += self._tell(reminder, now)
            except Exception:  # noqa: BLE001  (a damaged value, say: of this one alone, and it must not hold up the others)
                _LOG.exception("a reminder could not be told", reminder=reminder)
        return told

    def listed(
        self, principal: Principal, *, due: bool = True, limit: int = 100
    ) -> Sequence[tuple[ReminderRow, ShelfRow]]:
        """List open reminders of contracts he may see, the first due first; with ``due``, only those due."""
        with read(self._context.engine) as session:
            query = (
                select(ReminderRow, ShelfRow)
                .join(ContractRow, col(ContractRow.id) == ReminderRow.contract)
                .join(ShelfRow, col(ShelfRow.contract) == ReminderRow.contract)
                .where(ReminderRow.tenant == principal.tenant, col(ReminderRow.done_at).is_(None))
                .where(*visible_to(principal))
            )
            if due:
                query = query.where(ReminderRow.due_at <= self._context.clock())
            return session.exec(query.order_by(col(ReminderRow.due_at), ReminderRow.id).limit(limit)).all()

    def done(self, principal: Principal, reminder: str) -> ReminderRow:
        """Be done with a reminder; again changes nothing. Raises Refused: permission-missing, reminder-unknown."""
        principal.require(Permission.MANAGE_ARCHIVE)
        with write(self._context.engine) as session:
            row = session.get(ReminderRow, reminder)
            if row is None or row.tenant != principal.tenant:
                raise Refused("reminder-unknown", "There is no such reminder.")
            row.done_at = row.done_at or self._context.clock()
            session.add(row)
            return row

    def _tell(self, reminder: str, now: datetime) -> int:
        with write(self._context.engine) as session:
            row = session.get(ReminderRow, reminder)
            if row is None or row.told_at is not None:
                return 0
            contract, shelf = session.get(ContractRow, row.contract), session.get(ShelfRow, row.contract)
            row.told_at = now
            session.add(row)
            if contract is not None and shelf is not None and row.done_at is None:
                self._notices.ending(session, contract, shelf, row)
            return 1
