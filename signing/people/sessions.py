"""Sessions: who is logged in, for how long, and how it ends.

A session ends by itself after a time of rest and after a time at all, when it is ended, and when its account is kept
out. What the client holds is 256 random bits; what is kept is their digest.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlmodel import Session, col, select, update

from signing.context import Context
from signing.database import read, write
from signing.errors import Refused
from signing.people.roles import Role
from signing.people.secrets import new_token, token_digest
from signing.people.tables import AccountRow, RoleRow, SessionRow
from signing.principal import Kind, Permission, Principal, Seen

MEMBER_PREFIX, PARTY_PREFIX = "zs_", "zp_"
_TOUCH = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """How long a session may rest, and how long it may last."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session just opened; ``token`` is handed out this once."""

    id: str
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its owner sees it."""

    id: str
    terminal: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


class Sessions:
    """Opens, resolves and ends sessions."""

    def __init__(
        self,
        context: Context,
        *,
        member: SessionTimes = SessionTimes(),  # frozen
        party: SessionTimes = SessionTimes(absolute=timedelta(hours=4)),
    ) -> None:
        self._context = context
        self._times: dict[str, SessionTimes] = {"member": member, "party": party}

    def open_member(self, session: Session, tenant: str, account: str, seen: Seen) -> OpenedSession:
        """Open a session for a member or contact who has proved himself, within the caller's transaction."""
        row = self._new(tenant, "member", seen)
        row.account = account
        return self._save(session, row, MEMBER_PREFIX)

    def open_party(
        self, session: Session, tenant: str, *, contract: str, party: str, account: str | None, seen: Seen
    ) -> OpenedSession:
        """Open a session for whoever holds a party's one-time link; it is good for that party of that contract only."""
        row = self._new(tenant, "party", seen)
        row.contract, row.party, row.account = contract, party, account
        return self._save(session, row, PARTY_PREFIX)

    def resolve(self, token: str, seen: Seen) -> Principal:
        """Give whoever holds this token.

        Raises:
            Refused: session-invalid: unknown, ended, over, or its account is kept out: all alike.
        """
        now = self._context.clock()
        with read(self._context.engine) as session:
            row = session.exec(select(SessionRow).where(SessionRow.token == token_digest(token))).first()
            if row is None or row.ended_at is not None:
                raise Refused("session-invalid")
            over = self._over(row, now)
            roles = frozenset() if over else _roles(session, row)
        if over:
            self._end(row.id, now)
            raise Refused("session-invalid")
        if now - row.seen_at >= _TOUCH:
            self._touch(row.id, row.kind, now)
        return Principal(
            row.tenant,
            cast(Kind, row.kind),
            account=row.account,
            roles=roles,
            party=row.party,
            contract=row.contract,
            session=row.id,
            seen=seen,
        )

    def listed(self, principal: Principal) -> list[SessionView]:
        """List the sessions of one's own account that go on.

        Raises:
            Refused: account-needed.
        """
        account, now = principal.require_account(), self._context.clock()
        with read(self._context.engine) as session:
            rows = session.exec(
                select(SessionRow)
                .where(
                    SessionRow.account == account,
                    SessionRow.kind == "member",
                    col(SessionRow.ended_at).is_(None),
                    SessionRow.idle_at > now,
                    SessionRow.expires_at > now,
                )
                .order_by(col(SessionRow.created_at))
            )
            return [
                SessionView(
                    row.id,
                    row.terminal,
                    row.created_at,
                    row.seen_at,
                    row.expires_at,
                    row.id == principal.session,
                )
                for row in rows
            ]

    def end(self, principal: Principal, session_id: str) -> None:
        """End a session of one's own account, or one's own.

        Raises:
            Refused: session-unknown.
        """
        with write(self._context.engine) as session:
            row = session.get(SessionRow, session_id)
            mine = row is not None and (
                row.id == principal.session
                or (principal.kind == "member" and row.account == principal.account)
            )
            if row is None or not mine:
                raise Refused("session-unknown", "There is no such session of yours.")
            row.ended_at = row.ended_at or self._context.clock()
            session.add(row)

    def end_all(self, principal: Principal, account: str) -> None:
        """End every session of an account: one's own, or of somebody one administers.

        Raises:
            Refused: permission-missing, account-unknown.
        """
        with write(self._context.engine) as session:
            row = session.get(AccountRow, account)
            if row is None or row.tenant != principal.tenant:
                raise Refused("account-unknown", "There is no such account.")
            if principal.account != account:
                principal.require(Permission.MANAGE_MEMBERS if row.internal else Permission.MANAGE_CONTACTS)
            self.end_of(session, account)

    def end_of(self, session: Session, account: str) -> None:
        """End every session of an account, within the caller's transaction."""
        session.exec(
            update(SessionRow)
            .where(col(SessionRow.account) == account, col(SessionRow.ended_at).is_(None))
            .values(ended_at=self._context.clock())
        )

    def end_of_party(self, session: Session, party: str) -> None:
        """End every session of a party, within the caller's transaction: its link was revoked, its part is over."""
        session.exec(
            update(SessionRow)
            .where(col(SessionRow.party) == party, col(SessionRow.ended_at).is_(None))
            .values(ended_at=self._context.clock())
        )

    def become(self, session: Session, party: str, account: str) -> None:
        """Have the sessions of a party be of the account that it was given, within the caller's transaction."""
        session.exec(
            update(SessionRow)
            .where(col(SessionRow.party) == party, col(SessionRow.ended_at).is_(None))
            .values(account=account)
        )

    def _new(self, tenant: str, kind: str, seen: Seen) -> SessionRow:
        now, times = self._context.clock(), self._times[kind]
        return SessionRow(
            id=self._context.uuid(),
            token=b"",
            tenant=tenant,
            kind=kind,
            terminal=seen.terminal,
            created_at=now,
            seen_at=now,
            idle_at=now + times.idle,
            expires_at=now + times.absolute,
        )

    def _save(self, session: Session, row: SessionRow, prefix: str) -> OpenedSession:
        token = new_token(prefix, self._context.random)
        row.token = token_digest(token)
        session.add(row)
        session.flush()
        return OpenedSession(row.id, token, row.expires_at)

    def _over(self, row: SessionRow, now: datetime) -> bool:
        """Tell whether a session's time is over, or cannot be told: it began at a time that is far off yet."""
        begun_ahead = row.created_at - now > self._times[row.kind].absolute
        return begun_ahead or min(row.idle_at, row.expires_at) <= now

    def _end(self, session_id: str, now: datetime) -> None:
        """Write down that a session was found to be over: it does not come to life when the clock is set back."""
        with write(self._context.engine) as session:
            row = session.get_one(SessionRow, session_id)
            if row.ended_at is None and self._over(row, now):
                row.ended_at = now
                session.add(row)

    def _touch(self, session_id: str, kind: str, now: datetime) -> None:
        """Note that it is used: at most once a minute, since each note is a write to disk."""
        with write(self._context.engine) as session:
            row = session.get(SessionRow, session_id)
            if row is not None and row.ended_at is None:
                row.seen_at, row.idle_at = now, now + self._times[kind].idle
                session.add(row)


def _roles(session: Session, row: SessionRow) -> frozenset[Role]:
    if row.account is None:
        return frozenset()
    account = session.get(AccountRow, row.account)
    if account is None or not account.enabled:
        raise Refused("session-invalid")
    roles = session.exec(select(RoleRow.role).where(RoleRow.account == row.account))
    return frozenset(Role(role) for role in roles)
