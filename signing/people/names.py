"""What accounts are found by: ids of applications, phone numbers, addresses, login names, as keyed digests.

Of these, a login name is one account's alone in its tenant, and an external id in its application.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from signing.custody.service import Custody
from signing.errors import Refused
from signing.people.account import NewAccount, plain_phone
from signing.people.profile import Profile
from signing.people.tables import AccountRow


class Names:
    """Looks accounts up, and sets what they are looked up by."""

    def __init__(self, custody: Custody) -> None:
        self._custody = custody

    def key(self, tenant: str, purpose: str, value: str) -> bytes | None:
        """Give the keyed digest of a value, None where there is none."""
        return self._custody.blind(tenant, purpose, value) if value else None

    def login_key(self, tenant: str, login: str) -> bytes:
        """Give the keyed digest under which a login name is looked up."""
        return self._custody.blind(tenant, "login", login)

    def known(self, session: Session, tenant: str, new: NewAccount, content: bytes) -> AccountRow | None:
        """Find the account that this creation made before.

        Raises:
            Refused: id-reused, external-id-reused: it was another one.
        """
        row = session.exec(
            select(AccountRow).where(AccountRow.tenant == tenant, AccountRow.request == new.request)
        ).first()
        code = "id-reused"
        if row is None and new.profile.external_id:
            row = self.by_external_id(session, tenant, new.app, new.profile.external_id)
            code = "external-id-reused"
        if row is not None and row.content != content:
            raise Refused(code, "This id was used for an account with other values.")
        return row

    def by_external_id(self, session: Session, tenant: str, app: str, external_id: str) -> AccountRow | None:
        """Find the account that an application calls by its own id."""
        return session.exec(
            select(AccountRow).where(
                AccountRow.tenant == tenant,
                AccountRow.app == app,
                AccountRow.external == self.key(tenant, "external-id", external_id),
            )
        ).first()

    def by_address(self, session: Session, tenant: str, target: str) -> Sequence[AccountRow]:
        """Find the accounts of a phone number or an e-mail address, oldest first."""
        column, value = (
            (AccountRow.email, self.key(tenant, "email", target.lower()))
            if "@" in target
            else (AccountRow.phone, self.key(tenant, "phone", plain_phone(target)))
        )
        return session.exec(
            select(AccountRow)
            .where(AccountRow.tenant == tenant, column == value)
            .order_by(col(AccountRow.position))
        ).all()

    def index(self, session: Session, row: AccountRow, profile: Profile) -> None:
        """Set what an account is looked up by.

        Raises:
            Refused: login-taken, external-id-reused.
        """
        row.phone = self.key(row.tenant, "phone", plain_phone(profile.phone))
        row.email = self.key(row.tenant, "email", profile.email.lower())
        row.login = self.key(row.tenant, "login", profile.login)
        _check_free(session, row, AccountRow.login, row.login, "login-taken")
        _check_free(session, row, AccountRow.external, row.external, "external-id-reused")


def _check_free(
    session: Session, row: AccountRow, column: bytes | None, value: bytes | None, code: str
) -> None:
    """Refuse what another account of the tenant is called by already."""
    if value is None:
        return
    same = select(AccountRow.id).where(
        AccountRow.tenant == row.tenant, column == value, AccountRow.id != row.id
    )
    if code == "external-id-reused":
        same = same.where(AccountRow.app == row.app)
    with session.no_autoflush:
        taken = session.exec(same).first()
    if taken is not None:
        raise Refused(code, "Another account is called by this name.")
