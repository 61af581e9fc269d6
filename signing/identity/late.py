"""Answers that come later than the question: told by the provider, asked for, or given up."""

from datetime import datetime

from sqlmodel import Session, col, select

from signing.context import Context
from signing.custody.errors import CustodyDamagedError
from signing.database import read, write
from signing.errors import Refused
from signing.identity.ports import Answer, IdentityProvider
from signing.identity.settling import OPEN, Settling, txn_of
from signing.identity.tables import CheckRow
from signing.principal import system


class Late:
    """Ends checks that nobody waits for any more in a request."""

    def __init__(self, context: Context, settling: Settling, provider: IdentityProvider) -> None:
        self._context = context
        self._settling = settling
        self._provider = provider

    def answered(self, check: str, answer: Answer) -> None:
        """Take a provider's late answer; again is the same as once. An unknown id changes nothing."""
        with write(self._context.engine) as session:
            row = session.get(CheckRow, check)
            if (
                row is not None
                and row.provider == self._provider.name
                and row.state in ("started", "pending")
            ):
                self._settling.settle(session, row, answer, system(row.tenant))

    def tick(self, now: datetime) -> int:
        """Ask for what should have been answered by now, and end what nobody answers; gives how many it looked at."""
        with read(self._context.engine) as session:
            late = session.exec(
                select(CheckRow)
                .where(col(CheckRow.state).in_(OPEN), CheckRow.answer_by <= now)
                .order_by(col(CheckRow.answer_by))
                .limit(50)
            ).all()
            asked = [(row.id, row.state, self._txn(session, row)) for row in late]
        for check, state, txn in asked:
            if txn is None:
                continue
            answer = Answer("pending")
            if state in ("started", "pending"):
                answer = self._provider.find(check, txn)
            with write(self._context.engine) as session:
                row = session.get(CheckRow, check)
                if row is None or row.state != state:
                    continue
                by = system(row.tenant)
                if answer.outcome in ("match", "mismatch"):
                    self._settling.settle(session, row, answer, by)
                else:
                    self._settling.fail(
                        session, row, "cancelled" if state == "collecting" else "timed_out", by
                    )
        return len(asked)

    def forget(self, session: Session, tenant: str, owner: str) -> None:
        """End what is open about an account that is erased, while it can be told: a hook of custody's erasures."""
        rows = session.exec(
            select(CheckRow).where(
                CheckRow.tenant == tenant,
                CheckRow.account == owner,
                col(CheckRow.state).in_((*OPEN, "in_review")),
            )
        ).all()
        for row in rows:
            self._settling.fail(session, row, "cancelled", system(tenant))

    def _txn(self, session: Session, row: CheckRow) -> str | None:
        """Open the provider's number of a late check; None if it does not open: it must not hold up the others."""
        try:
            return txn_of(self._context, session, row)
        except (Refused, CustodyDamagedError):
            return None
