"""How long something is kept at least, and holds that stop every erasure while a dispute lasts.

Default: five years after a contract's end (GB/T 36298-2018 asks platforms for no less; limitation under the Civil
Code Art. 188 is three). A tenant sets other times by business type; an owner's time is only ever moved further out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from signing.context import Context
from signing.custody import sealing
from signing.custody.access import who_is
from signing.custody.keystore import KeyStore
from signing.custody.owners import owner_row, tenant_key
from signing.custody.rows import HoldRow, RetentionRuleRow
from signing.errors import Refused
from signing.principal import Permission, Principal

DEFAULT_DAYS = 5 * 366
MAX_DAYS = 100 * 366


@dataclass(frozen=True, slots=True)
class Hold:
    """A litigation hold; ``reason`` in the words of who placed it; ``released_at`` None: it stands."""

    id: str
    owner: str
    reason: str
    placed_at: datetime
    placed_by: str
    released_at: datetime | None
    released_by: str | None


class Retention:
    """Rules, times and holds, within the caller's transaction."""

    def __init__(self, context: Context, keys: KeyStore) -> None:
        self._context = context
        self._keys = keys

    def set_rule(self, session: Session, by: Principal, business_type: str, days: int) -> None:
        """Say how long contracts of a business type are kept after their end (1 day to 100 years).

        What is archived already keeps its time.

        Raises:
            Refused: permission-missing, field-value.

        """
        by.require(Permission.MANAGE_CUSTODY)
        if not 1 <= days <= MAX_DAYS:
            raise Refused("field-value", "No such time.", "/days", f"1 to {MAX_DAYS}")
        row = session.get(RetentionRuleRow, (by.tenant, business_type))
        if row is None:
            row = RetentionRuleRow(
                tenant=by.tenant, business_type=business_type, days=days, set_at=self._context.clock()
            )
        row.days, row.set_at = days, self._context.clock()
        session.add(row)
        session.flush()

    def rules(self, session: Session, tenant: str) -> dict[str, int]:
        """List the days by business type, where a tenant set them."""
        rows = session.exec(select(RetentionRuleRow).where(RetentionRuleRow.tenant == tenant))
        return {row.business_type: row.days for row in rows}

    def until(self, session: Session, tenant: str, business_type: str, ended: datetime) -> datetime:
        """Work out until when a contract that ended then is kept at least."""
        row = session.get(RetentionRuleRow, (tenant, business_type))
        return ended + timedelta(days=DEFAULT_DAYS if row is None else row.days)

    def keep(self, session: Session, tenant: str, owner: str, until: datetime) -> datetime:
        """Keep an owner at least until then, and give the time that now holds: a later one set before stays.

        Raises:
            Refused: custody-unknown.

        """
        row = owner_row(session, owner, tenant)
        row.keep_until = until if row.keep_until is None else max(row.keep_until, until)
        session.add(row)
        session.flush()
        return row.keep_until

    def kept_until(self, session: Session, tenant: str, owner: str) -> datetime | None:
        """Give the end of an owner's retention; None where nobody set one.

        Raises:
            Refused: custody-unknown.

        """
        return owner_row(session, owner, tenant).keep_until

    def hold(self, session: Session, by: Principal, hold_id: str, owner: str, reason: str) -> Hold:
        """Place a hold; the same id with the same owner and reason again is the same hold.

        Raises:
            Refused: permission-missing, custody-unknown, erased, id-reused.

        """
        by.require(Permission.MANAGE_CUSTODY)
        owned = owner_row(session, owner, by.tenant)
        row = session.get(HoldRow, hold_id)
        if row is not None:
            known = self._opened(row) if row.tenant == by.tenant else None
            if known is None or (known.owner, known.reason) != (owner, reason):
                raise Refused("id-reused", "This id was used for another hold.", "/id")
            return known
        if owned.erased_at is not None:
            raise Refused("erased", "What was kept here was erased.")
        kind, who = who_is(by)
        row = HoldRow(
            id=hold_id,
            tenant=by.tenant,
            owner=owner,
            reason=self._sealed(by.tenant, hold_id, reason),
            placed_at=self._context.clock(),
            placed_by=f"{kind} {who}",
        )
        session.add(row)
        session.flush()
        return self._opened(row)

    def release(self, session: Session, by: Principal, owner: str, hold_id: str) -> Hold:
        """Release a hold; again changes nothing.

        Raises:
            Refused: permission-missing, custody-unknown, hold-unknown.

        """
        by.require(Permission.MANAGE_CUSTODY)
        owner_row(session, owner, by.tenant)
        row = session.get(HoldRow, hold_id)
        if row is None or (row.tenant, row.owner) != (by.tenant, owner):
            raise Refused("hold-unknown", "There is no such hold.")
        if row.released_at is None:
            row.released_at, row.released_by = self._context.clock(), " ".join(who_is(by))
            session.add(row)
            session.flush()
        return self._opened(row)

    def holds(self, session: Session, tenant: str, owner: str) -> list[Hold]:
        """List the holds of an owner, standing and released, in the order they were placed.

        Raises:
            Refused: custody-unknown.

        """
        owner_row(session, owner, tenant)
        query = (
            select(HoldRow).where(HoldRow.owner == owner).order_by(col(HoldRow.placed_at), col(HoldRow.id))
        )
        return [self._opened(row) for row in session.exec(query)]

    def _sealed(self, tenant: str, hold_id: str, reason: str) -> bytes:
        key = tenant_key(self._keys, tenant)
        bound = sealing.value_bound(key, f"custody/hold/{hold_id}")
        return sealing.encrypt(key, bound, reason.encode(), self._context.random)

    def _opened(self, row: HoldRow) -> Hold:
        key = tenant_key(self._keys, row.tenant)
        bound = sealing.value_bound(key, f"custody/hold/{row.id}")
        reason = sealing.decrypt(key, bound, row.reason, code="VALUE_DAMAGED", what="a hold").decode()
        return Hold(row.id, row.owner, reason, row.placed_at, row.placed_by, row.released_at, row.released_by)


def is_held(session: Session, owner: str) -> bool:
    """Tell whether a hold stands on an owner."""
    query = select(HoldRow.id).where(HoldRow.owner == owner, col(HoldRow.released_at).is_(None))
    return session.exec(query).first() is not None
