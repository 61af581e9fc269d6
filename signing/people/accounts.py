"""Accounts of a tenant: internal members, external persons and companies (S4-34…44).

An account is created once: the same request id, or the same external id of the same application, gives the account
that is there, and is refused if it asks for something else. Its first event opens its own case of evidence.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlmodel import Session, col, func, select
from zheng_verifier.canonical import JsonObject

from signing.context import Context
from signing.database import read, write
from signing.dossier.model import Event
from signing.errors import Refused
from signing.people.account import Account, NewAccount, content_of, plain_phone, roles_of
from signing.people.actors import actor_in
from signing.people.profile import Profile, SubjectKind, checked, format_profile, parse_profile
from signing.people.roles import INTERNAL, Role
from signing.people.tables import AccountRow, CredentialRow, RoleRow
from signing.principal import Permission, Principal

__all__ = ["Account", "Accounts", "NewAccount"]
_UNKNOWN = "There is no such account."


class Accounts:
    """Creates, changes and finds accounts."""

    def __init__(self, context: Context) -> None:
        self._context = context

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
        known = self._known(session, tenant, new, content)
        if known is not None:
            return self.load(session, known), False
        if new.agent is not None:
            _check_agent(self._row(session, tenant, new.agent))
        account = self._context.uuid()
        custody.create_owner(session, tenant, account)
        row = AccountRow(
            id=account,
            position=_next_position(session),
            tenant=tenant,
            app=new.app,
            request=new.request,
            content=content,
            external=self._blind(tenant, "external-id", profile.external_id),
            kind=new.kind,
            internal=new.internal,
            profile=custody.seal(session, account, format_profile(profile)),
            agent=new.agent,
            dossier=self._context.recorder.open(session, tenant=tenant, kind="subject", reference=account),
            created_at=now,
            updated_at=now,
        )
        self._index(session, row, profile)
        session.add(row)
        session.flush()
        for role in sorted(roles):
            session.add(_role_row(row, role, principal, now))
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
            row = session.exec(
                select(AccountRow).where(
                    AccountRow.tenant == principal.tenant,
                    AccountRow.app == app,
                    AccountRow.external == self._blind(principal.tenant, "external-id", external_id),
                )
            ).first()
            if row is None:
                raise Refused("account-unknown", _UNKNOWN)
            return self.load(session, row)

    def by_address(self, session: Session, tenant: str, target: str) -> Sequence[Account]:
        """Give the accounts of a phone number or an e-mail address, oldest first."""
        column, value = (
            (AccountRow.email, self._blind(tenant, "email", target.lower()))
            if "@" in target
            else (AccountRow.phone, self._blind(tenant, "phone", plain_phone(target)))
        )
        rows = session.exec(
            select(AccountRow)
            .where(AccountRow.tenant == tenant, column == value)
            .order_by(col(AccountRow.position))
        )
        return [self.load(session, row) for row in rows]

    def update(
        self, principal: Principal, account: str, *, agent: str | None = None, **values: str
    ) -> Account:
        """Change values of an account; a verification of other names or numbers no longer counts.

        Raises:
            Refused: permission-missing, account-unknown, field-value, login-taken.
        """
        with write(self._context.engine) as session:
            row = self._row(session, principal.tenant, account)
            principal.require(Permission.MANAGE_MEMBERS if row.internal else Permission.MANAGE_CONTACTS)
            if agent is not None:
                _check_agent(self._row(session, principal.tenant, agent))
                row.agent = agent
            self._set(session, row, self._profile(session, row).changed(**values))
            return self.load(session, row)

    def replace_profile(self, session: Session, tenant: str, account: str, profile: Profile) -> Account:
        """Set all values of an account, within a transaction; permissions were asked for.

        Raises:
            Refused: account-unknown, field-value, login-taken.
        """
        row = self._row(session, tenant, account)
        self._set(session, row, checked(profile))
        return self.load(session, row)

    def rename(self, session: Session, row: AccountRow, login: str) -> None:
        """Set the name by which somebody logs in, within a transaction; he himself chooses it.

        Raises:
            Refused: field-value, login-taken.
        """
        self._set(session, row, self._profile(session, row).changed(login=login))

    def set_enabled(self, principal: Principal, account: str, *, enabled: bool) -> Account:
        """Let an account in, or keep it out: a disabled one has no session and gets none.

        Raises:
            Refused: permission-missing, account-unknown, last-super-admin.
        """
        with write(self._context.engine) as session:
            row = self._row(session, principal.tenant, account)
            principal.require(Permission.MANAGE_MEMBERS if row.internal else Permission.MANAGE_CONTACTS)
            self._guard_administrators(session, principal, row)
            row.enabled = enabled
            row.updated_at = self._context.clock()
            session.add(row)
            session.flush()
            if not enabled and self._is_administrator(session, row):
                self._keep_an_administrator(session, row.tenant)
            return self.load(session, row)

    def set_roles(self, principal: Principal, account: str, roles: frozenset[Role]) -> Account:
        """Give an internal account exactly these roles.

        Raises:
            Refused: permission-missing, account-unknown, role-unfit, last-super-admin.
        """
        principal.require(Permission.GRANT_ROLES)
        with write(self._context.engine) as session:
            row = self._row(session, principal.tenant, account)
            if not row.internal or row.kind != "person" or not roles or roles - INTERNAL:
                raise Refused("role-unfit", "Only internal persons are given roles, and only internal ones.")
            held = {Role(each.role): each for each in _role_rows(session, row.id)}
            for role, each in held.items():
                if role not in roles:
                    session.delete(each)
            for role in sorted(roles - held.keys()):
                session.add(_role_row(row, role, principal, self._context.clock()))
            session.flush()
            if Role.SUPER_ADMIN in held.keys() - roles:
                self._keep_an_administrator(session, row.tenant)
            return self.load(session, row)

    def find(self, session: Session, tenant: str, account: str) -> Account:
        """Give an account within a transaction.

        Raises:
            Refused: account-unknown, erased.
        """
        return self.load(session, self._row(session, tenant, account))

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
            roles=frozenset(Role(each.role) for each in _role_rows(session, row.id)),
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

    def login_key(self, tenant: str, login: str) -> bytes:
        """Give the keyed digest under which a login name is looked up."""
        return self._context.custody.blind(tenant, "login", login)

    def _known(self, session: Session, tenant: str, new: NewAccount, content: bytes) -> AccountRow | None:
        """Find the account that this creation made before."""
        row = session.exec(
            select(AccountRow).where(AccountRow.tenant == tenant, AccountRow.request == new.request)
        ).first()
        code = "id-reused"
        if row is None and new.profile.external_id:
            external = self._blind(tenant, "external-id", new.profile.external_id)
            row = session.exec(
                select(AccountRow).where(
                    AccountRow.tenant == tenant, AccountRow.app == new.app, AccountRow.external == external
                )
            ).first()
            code = "external-id-reused"
        if row is not None and row.content != content:
            raise Refused(code, "This id was used for an account with other values.")
        return row

    def _row(self, session: Session, tenant: str, account: str) -> AccountRow:
        row = session.get(AccountRow, account)
        if row is None or row.tenant != tenant:
            raise Refused("account-unknown", _UNKNOWN)
        return row

    def _profile(self, session: Session, row: AccountRow) -> Profile:
        return parse_profile(self._context.custody.open(session, row.id, row.profile))

    def _blind(self, tenant: str, purpose: str, value: str) -> bytes | None:
        return self._context.custody.blind(tenant, purpose, value) if value else None

    def _set(self, session: Session, row: AccountRow, profile: Profile) -> None:
        row.profile = self._context.custody.seal(session, row.id, format_profile(profile))
        row.external = self._blind(row.tenant, "external-id", profile.external_id)
        row.updated_at = self._context.clock()
        self._index(session, row, profile)
        session.add(row)
        session.flush()

    def _index(self, session: Session, row: AccountRow, profile: Profile) -> None:
        """Set what the account is looked up by."""
        row.phone = self._blind(row.tenant, "phone", plain_phone(profile.phone))
        row.email = self._blind(row.tenant, "email", profile.email.lower())
        row.login = self._blind(row.tenant, "login", profile.login)
        self._check_free(session, row, AccountRow.login, row.login, "login-taken")
        self._check_free(session, row, AccountRow.external, row.external, "external-id-reused")

    def _check_free(
        self, session: Session, row: AccountRow, column: bytes | None, value: bytes | None, code: str
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

    def _guard_administrators(self, session: Session, principal: Principal, row: AccountRow) -> None:
        """Let only those who grant roles touch whoever has a role of administration."""
        if self._is_administrator(session, row):
            principal.require(Permission.GRANT_ROLES)

    def _is_administrator(self, session: Session, row: AccountRow) -> bool:
        return any(each.role == Role.SUPER_ADMIN for each in _role_rows(session, row.id))

    def _keep_an_administrator(self, session: Session, tenant: str) -> None:
        left = session.exec(
            select(func.count())
            .select_from(RoleRow)
            .join(AccountRow, col(AccountRow.id) == col(RoleRow.account))
            .where(RoleRow.tenant == tenant, RoleRow.role == Role.SUPER_ADMIN, col(AccountRow.enabled))
        ).one()
        if not left:
            raise Refused("last-super-admin", "The tenant would have no super administrator left.")

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


def _role_rows(session: Session, account: str) -> Sequence[RoleRow]:
    return session.exec(select(RoleRow).where(RoleRow.account == account)).all()


def _role_row(row: AccountRow, role: Role, principal: Principal, now: datetime) -> RoleRow:
    by = principal.account or principal.name or principal.kind
    return RoleRow(account=row.id, role=role, tenant=row.tenant, granted_by=by, granted_at=now)
