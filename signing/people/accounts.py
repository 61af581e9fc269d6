"""Accounts of a tenant: internal members, external persons and companies (S4-34…44).

An account is created once: the same request id, or the same external id of the same application, gives the account
that is there, and is refused if it asks for something else. Its first event opens its own case of evidence.
"""

from collections.abc import Sequence
from typing import cast

from sqlmodel import Session, col, func, select
from zheng_verifier.canonical import JsonObject

from signing.context import Context
from signing.database import read, write
from signing.dossier.model import Event
from signing.errors import Refused
from signing.people.account import Account, NewAccount, content_of, roles_of
from signing.people.actors import actor_in
from signing.people.given import give, held
from signing.people.names import Names
from signing.people.profile import Profile, SubjectKind, checked, format_profile, parse_profile
from signing.people.roles import Role
from signing.people.tables import AccountRow, CredentialRow
from signing.principal import Permission, Principal

__all__ = ["Account", "Accounts", "NewAccount"]
_UNKNOWN = "There is no such account."


class Accounts:
    """Creates, changes and finds accounts."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.names = Names(context.custody)

    def create(self, principal: Principal, new: NewAccount) -> tuple[Account, bool]:
        """Create an account; the second value tells whether it is new.

        Raises:
            Refused: permission-missing, field-value, id-reused, external-id-reused, login-taken, account-unknown.
        """
        principal.require(Permission.MANAGE_MEMBERS if new.internal else Permission.MANAGE_CONTACTS)
        if new.roles - {Role.MEMBER}:
            principal.require(Permission.GRANT_ROLES)
        with write(self._context.engine) as session:
            return self.add(session, principal, new)

    def add(self, session: Session, principal: Principal, new: NewAccount) -> tuple[Account, bool]:
        """Create an account within a transaction; permissions were asked for.

        Raises:
            Refused: as ``create``.
        """
        tenant, custody, now = principal.tenant, self._context.custody, self._context.clock()
        profile = checked(new.profile)
        roles = roles_of(new)
        content = custody.blind(tenant, "account-content", content_of(new))
        known = self.names.known(session, tenant, new, content)
        if known is not None:
            return self.load(session, known), False
        if new.agent is not None:
            _check_agent(self.row(session, tenant, new.agent))
        account = self._context.uuid()
        custody.create_owner(session, tenant, account)
        row = AccountRow(
            id=account,
            position=_next_position(session),
            tenant=tenant,
            app=new.app,
            request=new.request,
            content=content,
            external=self.names.key(tenant, "external-id", profile.external_id),
            kind=new.kind,
            internal=new.internal,
            profile=custody.seal(session, account, format_profile(profile)),
            agent=new.agent,
            dossier=self._context.recorder.open(session, tenant=tenant, kind="subject", reference=account),
            created_at=now,
            updated_at=now,
        )
        self.names.index(session, row, profile)
        session.add(row)
        session.flush()
        for role in sorted(roles):
            give(session, row, role, principal, now)
        self._record_registration(session, row, profile, principal)
        session.flush()
        return self.load(session, row), True

    def get(self, principal: Principal, account: str) -> Account:
        """Give an account of the tenant; one's own may always be seen.

        Raises:
            Refused: permission-missing, account-unknown, erased.
        """
        if principal.account != account:
            principal.require(Permission.READ_PEOPLE)
        with read(self._context.engine) as session:
            return self.find(session, principal.tenant, account)

    def listed(
        self, principal: Principal, *, internal: bool, after: int = 0, limit: int = 100
    ) -> Sequence[Account]:
        """List the tenant's members or contacts, in the order they were created, after a position.

        Of an account whose personal values were erased the name is empty.

        Raises:
            Refused: permission-missing.
        """
        principal.require(Permission.READ_PEOPLE)
        with read(self._context.engine) as session:
            rows = session.exec(
                select(AccountRow)
                .where(
                    AccountRow.tenant == principal.tenant,
                    AccountRow.internal == internal,
                    AccountRow.position > after,
                )
                .order_by(col(AccountRow.position))
                .limit(limit)
            ).all()
            return [self._even_erased(session, row) for row in rows]

    def by_external_id(self, principal: Principal, app: str, external_id: str) -> Account:
        """Give the account that an application calls by its own id.

        Raises:
            Refused: permission-missing, account-unknown.
        """
        principal.require(Permission.READ_PEOPLE)
        with read(self._context.engine) as session:
            row = self.names.by_external_id(session, principal.tenant, app, external_id)
            if row is None:
                raise Refused("account-unknown", _UNKNOWN)
            return self.load(session, row)

    def by_address(self, session: Session, tenant: str, target: str) -> Sequence[Account]:
        """Give the accounts of a phone number or an e-mail address, oldest first."""
        return [self.load(session, row) for row in self.names.by_address(session, tenant, target)]

    def update(
        self, principal: Principal, account: str, *, agent: str | None = None, **values: str
    ) -> Account:
        """Change values of an account; a verification of other names or numbers no longer counts.

        Raises:
            Refused: permission-missing, account-unknown, field-value, login-taken.
        """
        with write(self._context.engine) as session:
            row = self.row(session, principal.tenant, account)
            principal.require(Permission.MANAGE_MEMBERS if row.internal else Permission.MANAGE_CONTACTS)
            if agent is not None:
                _check_agent(self.row(session, principal.tenant, agent))
                row.agent = agent
            self._set(session, row, self._profile(session, row).changed(**values))
            return self.load(session, row)

    def replace_profile(self, session: Session, tenant: str, account: str, profile: Profile) -> Account:
        """Set all values of an account, within a transaction; permissions were asked for.

        Raises:
            Refused: account-unknown, field-value, login-taken.
        """
        row = self.row(session, tenant, account)
        self._set(session, row, checked(profile))
        return self.load(session, row)

    def rename(self, session: Session, row: AccountRow, login: str) -> None:
        """Set the name by which somebody logs in, within a transaction; he himself chooses it.

        Raises:
            Refused: field-value, login-taken.
        """
        self._set(session, row, self._profile(session, row).changed(login=login))

    def find(self, session: Session, tenant: str, account: str) -> Account:
        """Give an account within a transaction.

        Raises:
            Refused: account-unknown, erased.
        """
        return self.load(session, self.row(session, tenant, account))

    def row(self, session: Session, tenant: str, account: str) -> AccountRow:
        """Find the row of an account.

        Raises:
            Refused: account-unknown.
        """
        row = session.get(AccountRow, account)
        if row is None or row.tenant != tenant:
            raise Refused("account-unknown", _UNKNOWN)
        return row

    def load(self, session: Session, row: AccountRow) -> Account:
        """Open a row.

        Raises:
            Refused: erased.
        """
        return self._account(session, row, self._profile(session, row))

    def _account(self, session: Session, row: AccountRow, profile: Profile) -> Account:
        return Account(
            id=row.id,
            tenant=row.tenant,
            app=row.app,
            kind=cast(SubjectKind, row.kind),
            internal=row.internal,
            enabled=row.enabled,
            profile=profile,
            roles=frozenset(Role(each.role) for each in held(session, row.id)),
            agent=row.agent,
            dossier=row.dossier,
            registered=session.get(CredentialRow, row.id) is not None,
            created_at=row.created_at,
            position=row.position,
        )

    def _even_erased(self, session: Session, row: AccountRow) -> Account:
        """Open a row; an erased one has no values left, and does not keep the others from being listed."""
        try:
            profile = self._profile(session, row)
        except Refused as refused:
            if refused.code != "erased":
                raise
            profile = Profile(name="")
        return self._account(session, row, profile)

    def _profile(self, session: Session, row: AccountRow) -> Profile:
        return parse_profile(self._context.custody.open(session, row.id, row.profile))

    def _set(self, session: Session, row: AccountRow, profile: Profile) -> None:
        row.profile = self._context.custody.seal(session, row.id, format_profile(profile))
        row.external = self.names.key(row.tenant, "external-id", profile.external_id)
        row.updated_at = self._context.clock()
        self.names.index(session, row, profile)
        session.add(row)
        session.flush()

    def _record_registration(
        self, session: Session, row: AccountRow, profile: Profile, principal: Principal
    ) -> None:
        private: JsonObject = {"account": row.id, "name": profile.name} | principal.seen.private
        private |= {name: value for name in ("phone", "email") if (value := getattr(profile, name))}
        self._context.recorder.record(
            session,
            row.dossier,
            Event(
                "account.registered/1",
                {"subject_kind": row.kind, "channel": principal.seen.terminal},
                private=private,
                actor=actor_in(session, row.dossier, principal, self._context.uuid),
            ),
        )


def _check_agent(row: AccountRow) -> None:
    if row.kind != "person":
        raise Refused("field-value", "A company is acted for by a person.", field="/agent")


def _next_position(session: Session) -> int:
    newest = session.exec(select(func.max(AccountRow.position))).one()
    return (newest or 0) + 1
