"""One-time links by which somebody sets password and second factor, and recovers both.

Whoever has the link sets them, so it is good once and for a short time, and what is kept of it is a digest. The secret
of the second factor is shown when it is begun, and drawn anew if it is begun again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from signing.context import Context
from signing.database import read, write
from signing.errors import Refused
from signing.people.accounts import Accounts
from signing.people.agreements import REQUIRED, Agreements, Yes
from signing.people.roles import Role
from signing.people.secrets import (
    PasswordCost,
    check_new_password,
    hash_password,
    matching_step,
    new_recovery_codes,
    new_token,
    new_totp_secret,
    token_digest,
    totp_text,
    totp_uri,
)
from signing.people.sessions import OpenedSession, Sessions
from signing.people.tables import AccountRow, CredentialRow, SetupRow
from signing.principal import Permission, Principal, Seen

LIFETIME = timedelta(hours=72)
_FAILURES = 5
_PREFIX = "zi_"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link's token, handed out this once."""

    account: str
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What is shown to whoever opened the link: the second factor's secret, as text and as URI for a QR code."""

    tenant: str
    account: str
    name: str
    login: str
    secret: str
    uri: str
    agreements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What he gives back: a code of the new second factor shows that he has it."""

    token: str
    password: str
    code: str
    login: str = ""
    agreements: Sequence[Yes] = ()


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The session that begins, and recovery codes, shown this once."""

    session: OpenedSession
    recovery_codes: tuple[str, ...]


class Setups:
    """Invites people, and takes what they set."""

    def __init__(
        self,
        context: Context,
        accounts: Accounts,
        sessions: Sessions,
        agreements: Agreements,
        *,
        cost: PasswordCost,
        issuer: str,
    ) -> None:
        self._context = context
        self._accounts = accounts
        self._sessions = sessions
        self._agreements = agreements
        self._cost = cost
        self._issuer = issuer

    def invite(self, principal: Principal, account: str) -> Invitation:
        """Make a link for an account; an earlier one is no longer good. It is also the way to recovery.

        Raises:
            Refused: permission-missing, account-unknown, account-disabled, role-unfit.
        """
        with write(self._context.engine) as session:
            return self.invite_within(session, principal, account)

    def invite_within(self, session: Session, principal: Principal, account: str) -> Invitation:
        """Make a link within a transaction.

        Raises:
            Refused: as ``invite``.
        """
        found = self._accounts.find(session, principal.tenant, account)
        principal.require(Permission.MANAGE_MEMBERS if found.internal else Permission.MANAGE_CONTACTS)
        known = session.get(CredentialRow, account) is not None
        if Role.SUPER_ADMIN in found.roles or (found.internal and known):
            # Whoever has the link comes in as that member: beyond the first time it takes who could give any role anyway.
            principal.require(Permission.GRANT_ROLES)
        if found.kind != "person":
            raise Refused("role-unfit", "A company does not log in: the person who acts for it does.")
        if not found.enabled:
            raise Refused("account-disabled", "The account is kept out.")
        token, now = new_token(_PREFIX, self._context.random), self._context.clock()
        session.exec(delete(SetupRow).where(col(SetupRow.account) == account))
        session.add(
            SetupRow(
                token=token_digest(token), account=account, tenant=found.tenant, expires_at=now + LIFETIME
            )
        )
        session.flush()
        return Invitation(account, token, now + LIFETIME)

    def begin(self, token: str) -> Enrolment:
        """Draw a second factor and show it.

        Raises:
            Refused: setup-invalid: unknown, used, over.
        """
        with write(self._context.engine) as session:
            setup = self._setup(session, token)
            account = self._accounts.find(session, setup.tenant, setup.account)
            secret = new_totp_secret(self._context.random)
            setup.totp = self._context.custody.seal(session, account.id, secret)
            session.add(setup)
            return Enrolment(
                tenant=account.tenant,
                account=account.id,
                name=account.profile.name,
                login=account.profile.login,
                secret=totp_text(secret),
                uri=totp_uri(
                    secret, account=account.profile.login or account.profile.name, issuer=self._issuer
                ),
                agreements=tuple(self._agreements.missing(session, account.id)),
            )

    def finish(self, answer: Answer, seen: Seen) -> Enrolled:
        """Set password and second factor, accept what must be accepted, end other sessions, and open one.

        Raises:
            Refused: setup-invalid, code-wrong, password-weak, login-taken, agreement-missing, agreement-changed,
                field-value.
        """
        with read(self._context.engine) as session:
            setup = self._setup(session, answer.token)
            account = self._accounts.find(session, setup.tenant, setup.account)
        login = answer.login or account.profile.login
        if not login:
            raise Refused("field-missing", "A login name is needed.", field="/login")
        known = (login, account.profile.name, account.profile.phone, account.profile.id_number)
        check_new_password(answer.password, avoid=known)
        self._check_code(answer)
        password = hash_password(answer.password, self._cost, self._context.random)
        with write(self._context.engine) as session:
            return self._settle(session, answer, login, password, seen)

    def _check_code(self, answer: Answer) -> None:
        """Check the code of the new second factor; what is wrong is counted, and not undone with the rest."""
        with write(self._context.engine) as session:
            setup = self._setup(session, answer.token)
            right = self._step(session, setup, answer.code) is not None
            if not right:
                setup.failures += 1
                if setup.failures >= _FAILURES:
                    session.delete(setup)
                else:
                    session.add(setup)
        if not right:
            raise Refused("code-wrong", "This is not the code of now.", field="/code")

    def _settle(self, session: Session, answer: Answer, login: str, password: str, seen: Seen) -> Enrolled:
        setup = self._setup(session, answer.token)
        step = self._step(session, setup, answer.code)
        row = session.get(AccountRow, setup.account)
        if step is None or row is None or setup.totp is None:
            raise Refused("setup-invalid")
        account = self._accounts.load(session, row)
        himself = Principal(row.tenant, "member", account=row.id, roles=account.roles, seen=seen)
        if login != account.profile.login:
            self._accounts.rename(session, row, login)
        self._agreements.accept_within(session, himself, row, answer.agreements)
        self._agreements.require(session, row.id, REQUIRED)
        codes, kept = new_recovery_codes(self._context.random)
        credential = session.get(CredentialRow, row.id) or CredentialRow(
            account=row.id,
            tenant=row.tenant,
            password="",
            totp=b"",
            last_step=0,
            recovery=b"",
            set_at=self._context.clock(),
        )
        credential.password, credential.totp, credential.recovery = password, setup.totp, kept
        credential.last_step, credential.set_at = step, self._context.clock()
        session.add(credential)
        session.delete(setup)
        self._sessions.end_of(session, row.id)
        return Enrolled(self._sessions.open_member(session, row.tenant, row.id, seen), codes)

    def _step(self, session: Session, setup: SetupRow, code: str) -> int | None:
        if setup.totp is None:
            return None
        secret = self._context.custody.open(session, setup.account, setup.totp)
        return matching_step(secret, code, self._context.clock(), after=0)

    def _setup(self, session: Session, token: str) -> SetupRow:
        row = session.get(SetupRow, token_digest(token))
        account = session.get(AccountRow, row.account) if row is not None else None
        if row is None or account is None or not account.enabled or row.expires_at <= self._context.clock():
            raise Refused("setup-invalid", "The link is unknown, was used, or is over.")
        return row
