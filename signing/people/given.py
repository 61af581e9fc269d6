"""Roles that were given to accounts, and by whom."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from signing.people.roles import Role
from signing.people.tables import AccountRow, RoleRow
from signing.principal import Principal


def held(session: Session, account: str) -> Sequence[RoleRow]:
    """Give the roles that an account has."""
    return session.exec(select(RoleRow).where(RoleRow.account == account)).all()


def give(session: Session, row: AccountRow, role: Role, principal: Principal, now: datetime) -> None:
    """Give an account a role."""
    by = principal.account or principal.name or principal.kind
    session.add(RoleRow(account=row.id, role=role, tenant=row.tenant, granted_by=by, granted_at=now))
