"""The verification of an account that counts now; and, if there is none, the plain statement that there is none (S3-4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlmodel import Session, col, select

from signing.assurance import LEVELS, Level
from signing.context import Context
from signing.identity.details import Details
from signing.identity.settling import details_in
from signing.identity.tables import CheckRow
from signing.people.accounts import Account


@dataclass(frozen=True, slots=True)
class Verification:
    """A check that matched, is not too old, and is of the values the account has now."""

    check: str
    method: str
    level: Level
    provider: str
    simulated: bool
    result: str
    verified_at: datetime
    expires_at: datetime
    details: Details


def verification_of(context: Context, session: Session, account: Account) -> Verification | None:
    """Give the verification of the highest level, of several the newest; None: not verified."""
    now = context.clock()
    rows = session.exec(
        select(CheckRow)
        .where(
            CheckRow.tenant == account.tenant,
            CheckRow.account == account.id,
            CheckRow.state == "verified",
            col(CheckRow.expires_at) > now,
        )
        .order_by(col(CheckRow.position).desc())
    ).all()
    best: Verification | None = None
    for row in rows:
        details = details_in(context, session, row)
        if row.ended_at is None or row.expires_at is None or not details.still_of(account.profile):
            continue
        level = cast(Level, row.level)
        if best is None or LEVELS.index(level) > LEVELS.index(best.level):
            best = Verification(
                row.id,
                row.method,
                level,
                row.provider,
                row.simulated,
                row.result or "match",
                row.ended_at,
                row.expires_at,
                details,
            )
    return best
