"""Who may do what in a tenant, and who is let in at all: roles, and accounts enabled or disabled (S4-35…42).

A tenant never loses its last super administrator.
"""

from sqlmodel import Session, col, func, select

from signing.context import Context
from signing.database import write
from signing.errors import Refused
from signing.people.account import Account
from signing.people.accounts import Accounts
from signing.people.given import give, held
from signing.people.roles import INTERNAL, Role
from signing.people.tables import AccountRow, RoleRow
from signing.principal import Permission, Principal


class Administration:
    """Gives roles, lets accounts in and keeps them out."""

    def __init__(self, context: Context, accounts: Accounts) -> None:
        self._context = context
        self._accounts = accounts

    def set_enabled(self, principal: Principal, account: str, *, enabled: bool) -> Account:
        """Let an account in, or keep it out: a disabled one has no session and gets none.

        Raises:
            Refused: permission-missing, account-unknown, last-super-admin.
        """
        with write(self._context.engine) as session:
            row = self._accounts.row(session, principal.tenant, account)
            principal.require(Permission.MANAGE_MEMBERS if row.internal else Permission.MANAGE_CONTACTS)
            _guard_administrators(session, principal, row)
            row.enabled = enabled
            row.updated_at = self._context.clock()
            session.add(row)
            session.flush()
            if not enabled and _is_administrator(session, row):
                _keep_an_administrator(session, row.tenant)
            return self._accounts.load(session, row)

    def set_roles(self, principal: Principal, account: str, roles: frozenset[Role]) -> Account:
        """Give an internal account exactly these roles.

        Raises:
            Refused: permission-missing, account-unknown, role-unfit, last-super-admin.
        """
        principal.require(Permission.GRANT_ROLES)
        with write(self._context.engine) as session:
            row = self._accounts.row(session, principal.tenant, account)
            if not row.internal or row.kind != "person" or not roles or roles - INTERNAL:
                raise Refused("role-unfit", "Only internal persons are given roles, and only internal ones.")
            before = {Role(each.role): each for each in held(session, row.id)}
            for role, each in before.items():
                if role not in roles:
                    session.delete(each)
            for role in sorted(roles - before.keys()):
                give(session, row, role, principal, self._context.clock())
            session.flush()
            if Role.SUPER_ADMIN in before.keys() - roles:
                _keep_an_administrator(session, row.tenant)
            return self._accounts.load(session, row)


def _guard_administrators(session: Session, principal: Principal, row: AccountRow) -> None:
    """Let only those who grant roles touch whoever has a role of administration."""
    if _is_administrator(session, row):
        principal.require(Permission.GRANT_ROLES)


def _is_administrator(session: Session, row: AccountRow) -> bool:
    return any(each.role == Role.SUPER_ADMIN for each in held(session, row.id))


def _keep_an_administrator(session: Session, tenant: str) -> None:
    left = session.exec(
        select(func.count())
        .select_from(RoleRow)
        .join(AccountRow, col(AccountRow.id) == col(RoleRow.account))
        .where(RoleRow.tenant == tenant, RoleRow.role == Role.SUPER_ADMIN, col(AccountRow.enabled))
    ).one()
    if not left:
        raise Refused("last-super-admin", "The tenant would have no super administrator left.")
