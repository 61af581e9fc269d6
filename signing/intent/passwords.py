"""A member's password, given again as the answer to a challenge."""

from sqlmodel import Session

from signing.errors import Refused
from signing.people.logins import Logins
from signing.people.tables import AccountRow, CredentialRow
from signing.principal import Principal


class MemberPasswords:
    """`SigningPasswords` by the passwords members log in with; failures count there too."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins

    def has(self, session: Session, by: Principal) -> bool:
        """Tell whether he has a password at all."""
        if by.account is None or session.get(CredentialRow, by.account) is None:
            return False
        account = session.get(AccountRow, by.account)
        return account is not None and account.internal

    def check(self, by: Principal, password: str) -> bool:
        """Tell whether this is his password.

        Raises:
            Refused: login-paused, account-needed.
        """
        try:
            self._logins.confirm_password(by, password)
        except Refused as refused:
            if refused.code != "login-refused":
                raise
            return False
        return True
