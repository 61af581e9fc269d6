"""Logging in: login name and password, and a one-time code; the same answer and the same work whatever was wrong.

Nothing about an account can be learned here: not whether a login name exists, not which of the factors was wrong, not
whether the account is kept out. The password is checked outside any transaction, since it is slow on purpose.
"""

import threading
from dataclasses import dataclass

from sqlmodel import Session, select

from signing.context import Context
from signing.database import write
from signing.errors import Refused
from signing.people.accounts import Accounts
from signing.people.secrets import (
    PasswordCost,
    hash_password,
    matching_step,
    new_totp_secret,
    password_matches,
    without_recovery_code,
)
from signing.people.sessions import OpenedSession, Sessions
from signing.people.tables import AccountRow, CredentialRow
from signing.people.throttle import Throttle
from signing.principal import Principal, Seen

# Each takes the memory of one Argon2id.
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody offers: a code of his app, or a recovery code instead. ``tenant`` is the organisation's id."""

    tenant: str
    login: str
    password: str
    code: str = ""
    recovery_code: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """What an attempt is held against; of nobody if there is no such account."""

    account: str | None
    password: str


class Logins:
    """Checks who somebody is, and opens his session."""

    def __init__(self, context: Context, accounts: Accounts, sessions: Sessions, cost: PasswordCost) -> None:
        self._context = context
        self._accounts = accounts
        self._sessions = sessions
        self._throttle = Throttle(context)
        self._gate = threading.BoundedSemaphore(_AT_ONCE)
        # Whoever does not exist has a password too, which nobody knows, at the same cost.
        self._nobody = hash_password(context.random(32).hex(), cost, context.random)
        self._no_secret = new_totp_secret(context.random)

    def login(self, attempt: Attempt, seen: Seen) -> OpenedSession:
        """Open a session.

        Raises:
            Refused: login-refused, whatever is wrong; login-paused (`PausedError`).
        """
        name = f"{attempt.tenant}\n{attempt.login}"
        with write(self._context.engine) as session:
            self._throttle.enter(session, name, seen.ip)
            held = self._held(session, self._by_login(session, attempt.tenant, attempt.login))
        with self._gate:
            right = password_matches(attempt.password, held.password)
        with write(self._context.engine) as session:
            if not self._second_factor(session, held.account if right else None, attempt) or not held.account:
                raise Refused("login-refused")
            self._throttle.succeeded(session, name, seen.ip)
            return self._sessions.open_member(session, attempt.tenant, held.account, seen)

    def confirm_password(self, principal: Principal, password: str) -> None:
        """Have whoever is logged in give his password again, for an act that asks for it.

        Raises:
            Refused: account-needed, login-refused, login-paused.
        """
        account = principal.require_account()
        name = f"confirm\n{account}"
        with write(self._context.engine) as session:
            self._throttle.enter(session, name, principal.seen.ip)
            row = session.get(AccountRow, account)
            held = self._held(session, row if row is not None and row.tenant == principal.tenant else None)
        with self._gate:
            right = password_matches(password, held.password)
        if not right or held.account is None:
            raise Refused("login-refused")
        with write(self._context.engine) as session:
            self._throttle.succeeded(session, name, principal.seen.ip)

    def _by_login(self, session: Session, tenant: str, login: str) -> AccountRow | None:
        # A tenant that has no account is not asked for: its key would be made.
        if session.exec(select(AccountRow.id).where(AccountRow.tenant == tenant)).first() is None:
            return None
        key = self._accounts.names.login_key(tenant, login)
        return session.exec(
            select(AccountRow).where(AccountRow.tenant == tenant, AccountRow.login == key)
        ).first()

    def _held(self, session: Session, row: AccountRow | None) -> _Held:
        credential = session.get(CredentialRow, row.id) if row is not None and row.enabled else None
        if credential is None:
            return _Held(None, self._nobody)
        return _Held(credential.account, credential.password)

    def _second_factor(self, session: Session, account: str | None, attempt: Attempt) -> bool:
        """Check code or recovery code, and use it up: no code is good twice."""
        row = session.get(CredentialRow, account) if account is not None else None
        if row is None:
            matching_step(self._no_secret, attempt.code, self._context.clock(), after=0)
            return False
        if attempt.recovery_code:
            left = without_recovery_code(row.recovery, attempt.recovery_code)
            if left is None:
                return False
            row.recovery = left
        else:
            secret = self._context.custody.open(session, row.account, row.totp)
            step = matching_step(secret, attempt.code, self._context.clock(), after=row.last_step)
            if step is None:
                return False
            row.last_step = step
        session.add(row)
        session.flush()
        return True
