"""The organisation that a tenant is: an account of its own, which is verified, has seals and is a party of contracts."""

from sqlmodel import Session

from signing.context import Context
from signing.database import read, write
from signing.errors import Refused
from signing.people.accounts import Account, Accounts, NewAccount
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.people.tables import OrganisationRow
from signing.principal import Permission, Principal


class Organisations:
    """Keeps the profile of the tenant itself."""

    def __init__(self, context: Context, accounts: Accounts) -> None:
        self._context = context
        self._accounts = accounts

    def describe(self, principal: Principal, profile: Profile, *, request: str) -> Account:
        """Set the tenant's profile; the first time makes its account, under the client's id.

        Raises:
            Refused: permission-missing, field-value.
        """
        principal.require(Permission.MANAGE_ORGANISATION)
        with write(self._context.engine) as session:
            row = session.get(OrganisationRow, principal.tenant)
            if row is None:
                new = NewAccount(request=request, kind="organization", internal=True, profile=profile)
                account, _ = self._accounts.add(session, principal, new)
                session.add(OrganisationRow(tenant=principal.tenant, account=account.id))
                session.flush()
                return account
            return self._accounts.replace_profile(session, principal.tenant, row.account, profile)

    def set_agent(self, principal: Principal, agent: str) -> Account:
        """Name the member who acts for the organisation.

        Raises:
            Refused: permission-missing, organisation-unknown, account-unknown, field-value.
        """
        principal.require(Permission.MANAGE_ORGANISATION)
        return self._accounts.update(principal, self.account(principal).id, agent=agent)

    def account(self, principal: Principal) -> Account:
        """Give the account of the tenant itself.

        Raises:
            Refused: organisation-unknown: its profile was not set yet.
        """
        with read(self._context.engine) as session:
            return self.find(session, principal.tenant)

    def find(self, session: Session, tenant: str) -> Account:
        """Give the account of the tenant itself, within a transaction.

        Raises:
            Refused: organisation-unknown.
        """
        row = session.get(OrganisationRow, tenant)
        if row is None:
            raise Refused("organisation-unknown", "The organisation's profile was not set yet.")
        return self._accounts.find(session, tenant, row.account)


def first_administrator(
    session: Session, accounts: Accounts, principal: Principal, *, request: str, name: str, login: str
) -> Account:
    """Create a super administrator, as the tenant is set up (S4-35), within a transaction.

    Raises:
        Refused: field-value, login-taken, id-reused.
    """
    roles = frozenset({Role.SUPER_ADMIN, Role.MEMBER})
    new = NewAccount(
        request=request, kind="person", internal=True, profile=Profile(name=name, login=login), roles=roles
    )
    account, _ = accounts.add(session, principal, new)
    return account
