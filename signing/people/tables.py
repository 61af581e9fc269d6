"""Tables of people: who they are, what they may do, how they log in, what they agreed to.

What is personal is sealed with the account's key (``profile``) or blinded for lookup; every row carries its tenant.

    people_account         persons and companies, internal and external      profile sealed
    people_organisation    which account is the tenant itself                1 row a tenant
    people_role            account ↔ role, many-to-many
    people_business_type   what contracts are about, and who may use it
    people_credential      password (Argon2id), second factor (sealed)
    people_setup           one-time links by which somebody sets these up    digest only
    people_session         who is logged in                                  digest only
    people_throttle        failed logins, and who must wait                  keyed digests only
    people_acceptance      agreements accepted; people_consent: consents, and their end
    people_actor           under which reference somebody stands in a case
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from signing.database import Moment, SigningBase


class AccountRow(SigningBase, table=True):
    """A person or a company of a tenant; its ``id`` owns its values and files in custody.

    ``request`` is the client's id of the creation, ``content`` a keyed digest of what it asked for; ``external`` the keyed
    digest of the application's own name of the user: each names one account. ``dossier`` is the account's own case.
    """

    __tablename__ = "people_account"
    __table_args__ = (
        UniqueConstraint("tenant", "request"),
        UniqueConstraint("tenant", "app", "external"),
        UniqueConstraint("tenant", "login"),
        Index("ix_people_account_phone", "tenant", "phone"),
        Index("ix_people_account_email", "tenant", "email"),
        Index("ix_people_account_listing", "tenant", "internal", "position"),
    )

    id: str = Field(primary_key=True, max_length=36)
    position: int = Field(unique=True)
    tenant: str = Field(max_length=36)
    app: str = Field(max_length=64)
    request: str = Field(max_length=36)
    content: bytes = Field(sa_type=LargeBinary)
    external: bytes | None = Field(default=None, sa_type=LargeBinary)
    kind: str = Field(max_length=16)
    internal: bool
    enabled: bool = True
    profile: bytes = Field(sa_type=LargeBinary)
    login: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone: bytes | None = Field(default=None, sa_type=LargeBinary)
    email: bytes | None = Field(default=None, sa_type=LargeBinary)
    agent: str | None = Field(default=None, max_length=36, index=True)
    dossier: str = Field(max_length=36)
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


class OrganisationRow(SigningBase, table=True):
    """The account of kind organization that is the tenant itself."""

    __tablename__ = "people_organisation"

    tenant: str = Field(primary_key=True, max_length=36)
    account: str = Field(foreign_key="people_account.id", max_length=36)


class RoleRow(SigningBase, table=True):
    """That an account has a role."""

    __tablename__ = "people_role"

    account: str = Field(primary_key=True, foreign_key="people_account.id", max_length=36)
    role: str = Field(primary_key=True, max_length=32)
    tenant: str = Field(max_length=36)
    granted_by: str = Field(max_length=64)
    granted_at: datetime = Field(sa_type=Moment)


class BusinessTypeRow(SigningBase, table=True):
    """A kind of business that templates and contracts belong to; ``scene`` is one of S4-52.

    ``identity_level`` is demanded of whoever signs its contracts; ``none``: nothing is.
    """

    __tablename__ = "people_business_type"
    __table_args__ = (UniqueConstraint("tenant", "code"),)

    id: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    code: str = Field(max_length=64)
    name: str = Field(max_length=100)
    scene: str = Field(max_length=32)
    identity_level: str = Field(default="none", max_length=16)
    enabled: bool = True
    created_at: datetime = Field(sa_type=Moment)


class BusinessTypeGrantRow(SigningBase, table=True):
    """That an account may use templates of a business type, and maintain them if its role says so."""

    __tablename__ = "people_business_type_grant"

    business_type: str = Field(primary_key=True, foreign_key="people_business_type.id", max_length=36)
    account: str = Field(primary_key=True, foreign_key="people_account.id", max_length=36, index=True)
    tenant: str = Field(max_length=36)
    granted_by: str = Field(max_length=64)
    granted_at: datetime = Field(sa_type=Moment)


class CredentialRow(SigningBase, table=True):
    """How an account proves itself. ``last_step`` is the newest time step whose code was used: none is used twice.

    ``recovery`` holds SHA-256 digests (32 bytes each) of the recovery codes that are left.
    """

    __tablename__ = "people_credential"

    account: str = Field(primary_key=True, foreign_key="people_account.id", max_length=36)
    tenant: str = Field(max_length=36)
    password: str = Field(max_length=300)
    totp: bytes = Field(sa_type=LargeBinary)
    last_step: int
    recovery: bytes = Field(sa_type=LargeBinary)
    set_at: datetime = Field(sa_type=Moment)


class SetupRow(SigningBase, table=True):
    """A one-time link; ``token`` is the SHA-256 of what it carries, ``totp`` the secret shown, until it is confirmed."""

    __tablename__ = "people_setup"

    token: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account: str = Field(foreign_key="people_account.id", max_length=36, index=True)
    tenant: str = Field(max_length=36)
    expires_at: datetime = Field(sa_type=Moment)
    totp: bytes | None = Field(default=None, sa_type=LargeBinary)
    failures: int = 0


class SessionRow(SigningBase, table=True):
    """A session; ``token`` is the SHA-256 of what the client holds. A party's is bound to one party of one contract."""

    __tablename__ = "people_session"

    id: str = Field(primary_key=True, max_length=36)
    token: bytes = Field(sa_type=LargeBinary, unique=True)
    tenant: str = Field(max_length=36)
    kind: str = Field(max_length=8)
    account: str | None = Field(default=None, max_length=36, index=True)
    party: str | None = Field(default=None, max_length=36, index=True)
    contract: str | None = Field(default=None, max_length=36)
    terminal: str = Field(max_length=16)
    created_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    idle_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class ThrottleRow(SigningBase, table=True):
    """Failures in a row under one key, and until when the next try is refused."""

    __tablename__ = "people_throttle"

    key: bytes = Field(primary_key=True, sa_type=LargeBinary)
    failures: int
    until: datetime = Field(sa_type=Moment)
    forget_at: datetime = Field(sa_type=Moment, index=True)


class KnownAddressRow(SigningBase, table=True):
    """That somebody logged in to an account from an address: others' failures elsewhere do not stop him there."""

    __tablename__ = "people_known_address"

    key: bytes = Field(primary_key=True, sa_type=LargeBinary)
    forget_at: datetime = Field(sa_type=Moment, index=True)


class AcceptanceRow(SigningBase, table=True):
    """That an account accepted one version of an agreement, as shown in one language."""

    __tablename__ = "people_acceptance"

    account: str = Field(primary_key=True, foreign_key="people_account.id", max_length=36)
    agreement: str = Field(primary_key=True, max_length=32)
    version: str = Field(primary_key=True, max_length=32)
    tenant: str = Field(max_length=36)
    locale: str = Field(max_length=12)
    text_sha256: str = Field(max_length=64)
    event: str = Field(max_length=36)
    accepted_at: datetime = Field(sa_type=Moment)


class ConsentRow(SigningBase, table=True):
    """A consent to one purpose; ``event`` is that of the account's case which recorded it."""

    __tablename__ = "people_consent"
    __table_args__ = (Index("ix_people_consent_account", "account", "purpose"),)

    id: str = Field(primary_key=True, max_length=36)
    account: str = Field(foreign_key="people_account.id", max_length=36)
    tenant: str = Field(max_length=36)
    purpose: str = Field(max_length=32)
    version: str = Field(max_length=32)
    locale: str = Field(max_length=12)
    text_sha256: str = Field(max_length=64)
    event: str = Field(max_length=36)
    given_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class ActorRow(SigningBase, table=True):
    """The reference of somebody in one dossier, drawn for it at random."""

    __tablename__ = "people_actor"

    dossier: str = Field(primary_key=True, max_length=36)
    who: str = Field(primary_key=True, max_length=80)
    ref: str = Field(max_length=36, unique=True)
