"""Tables of api.db: who may ask, with which keys, and what the API keeps beside the log.

Nothing here is evidence. Times are integer milliseconds since 1970 UTC, because SQLite drops time zones.
"""

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class ApiTable(SQLModel, registry=registry()):
    """Base of the tables of api.db: a registry of their own, apart from ledger's and anchor's."""


class TenantRow(ApiTable, table=True):
    """A signing platform."""

    __tablename__ = "tenant"

    id: str = Field(primary_key=True, max_length=36)
    name: str = Field(max_length=200)
    created_at: int


class ApiKeyRow(ApiTable, table=True):
    """An API key; ``digest`` is SHA-256 of its secret. ``last_used_day`` counts days since 1970: no finer trace."""

    __tablename__ = "api_key"

    key_id: str = Field(primary_key=True, max_length=16)
    tenant_id: str = Field(foreign_key="tenant.id", index=True, max_length=36)
    digest: bytes = Field(sa_type=LargeBinary)
    label: str = Field(max_length=100)
    scopes: str = Field(max_length=200)
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None
    last_used_day: int | None = None


class SubmitterKeyRow(ApiTable, table=True):
    """A key that signs claims, good from ``registered_index`` of the log on (format-review §7)."""

    __tablename__ = "submitter_key"

    tenant_id: str = Field(primary_key=True, foreign_key="tenant.id", max_length=36)
    kid: str = Field(primary_key=True, max_length=43)
    spki: bytes = Field(sa_type=LargeBinary)
    organisation: str = Field(max_length=200)
    registered_index: int
    event_id: str = Field(max_length=36)
    created_at: int


class CertificateRow(ApiTable, table=True):
    """A certificate of deposit as issued: its canonical JSON, from which page and PDF are made."""

    __tablename__ = "certificate"
    __table_args__ = (Index("ix_certificate_request", "tenant_id", "request_id", unique=True),)

    number: str = Field(primary_key=True, max_length=40)
    tenant_id: str = Field(foreign_key="tenant.id", index=True, max_length=36)
    case_id: str = Field(index=True, max_length=36)
    request_id: str = Field(index=True, max_length=36)
    issued_at: int
    document: bytes = Field(sa_type=LargeBinary)


class CertificateChangeRow(ApiTable, table=True):
    """A change in a certificate's standing, in the order of ``position``; ``leaf_index`` None: not in the log yet.

    ``kind`` is issued, superseded or revoked, each once for a certificate. ``event_id`` is drawn before the log hears of
    it, so that the same entry is deposited however often a crash comes between.
    """

    __tablename__ = "certificate_change"
    __table_args__ = (UniqueConstraint("number", "kind"),)

    position: int | None = Field(default=None, primary_key=True)
    number: str = Field(foreign_key="certificate.number", max_length=40)
    kind: str = Field(max_length=16)
    event_id: str = Field(max_length=36)
    at: int
    reason: str | None = Field(default=None, max_length=32)
    successor: str | None = Field(default=None, max_length=40)
    leaf_index: int | None = Field(default=None, index=True)


class ExternalRefRow(ApiTable, table=True):
    """The platform's own name of a case: may be a contract number, so it never enters the log."""

    __tablename__ = "external_ref"
    __table_args__ = (Index("ix_external_ref_lookup", "tenant_id", "reference"),)

    case_id: str = Field(primary_key=True, max_length=36)
    tenant_id: str = Field(foreign_key="tenant.id", max_length=36)
    reference: str = Field(max_length=200)


class DocumentRow(ApiTable, table=True):
    """Where a document digest was deposited: an index derived from the log, which may be dropped and made again."""

    __tablename__ = "document"

    leaf_index: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    sha256: bytes = Field(sa_type=LargeBinary, index=True)
    sm3: bytes | None = Field(default=None, sa_type=LargeBinary, index=True)
    role: str = Field(max_length=32)
    received_at: int


class CursorRow(ApiTable, table=True):
    """How far a derived index has read the log."""

    __tablename__ = "cursor"

    name: str = Field(primary_key=True, max_length=40)
    position: int


class SeenDocumentRow(ApiTable, table=True):
    """A document of a case that the service hashed itself: SHA-256 and SM3 over the bytes it was sent."""

    __tablename__ = "seen_document"

    case_id: str = Field(primary_key=True, max_length=36)
    sha256: bytes = Field(primary_key=True, sa_type=LargeBinary)
    tenant_id: str = Field(max_length=36)
    sm3: bytes = Field(sa_type=LargeBinary)
    size: int
    seen_at: int
