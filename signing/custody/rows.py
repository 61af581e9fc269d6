"""The tables of custody in ``signing.db``.

    custody_owner    what is kept and forgotten together: retention, and whether it was erased
    custody_file     a ciphertext among the blobs, and what opens it
    custody_access   who was given which file, when, for what: rows are only ever added
    custody_hold     litigation holds, placed and released
    custody_rule     how long a tenant keeps contracts of a business type

Nothing here tells a document's digest to whom the owner's key does not: files are found by an HMAC under that key,
since the bare digest of a document that can be guessed would betray it after its erasure.
"""

from datetime import datetime

from sqlalchemy import DDL, BigInteger, Integer, LargeBinary, String, UniqueConstraint, event
from sqlmodel import Field

from signing.database import Moment, SigningBase

_BIG = BigInteger().with_variant(Integer, "sqlite")
_OWNER = String(64)


class OwnerRow(SigningBase, table=True):
    """What is kept and forgotten together. ``erased_at``: forgotten; ``destroyed_at``: its key is gone as well."""

    __tablename__ = "custody_owner"

    owner: str = Field(primary_key=True, sa_type=_OWNER)
    tenant: str = Field(sa_type=String(64), index=True)
    created_at: datetime = Field(sa_type=Moment)
    keep_until: datetime | None = Field(default=None, sa_type=Moment, nullable=True)
    erased_at: datetime | None = Field(default=None, sa_type=Moment, nullable=True, index=True)
    erased_by: str | None = Field(default=None, sa_type=String(96), nullable=True)
    basis: str | None = Field(default=None, sa_type=String(32), nullable=True)
    forced: bool = False
    reason: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    destroyed_at: datetime | None = Field(default=None, sa_type=Moment, nullable=True)


class FileRow(SigningBase, table=True):
    """A stored file: ``lookup`` is an HMAC of its SHA-256, ``digests`` (sealed) its SHA-256 and SM3."""

    __tablename__ = "custody_file"
    __table_args__ = (UniqueConstraint("owner", "lookup"),)

    blob: str = Field(primary_key=True, sa_type=String(32))
    owner: str = Field(sa_type=_OWNER)
    lookup: bytes = Field(sa_type=LargeBinary(32))
    digests: bytes = Field(sa_type=LargeBinary)
    size: int = Field(sa_type=_BIG)
    media_type: str = Field(sa_type=String(127))
    stored_at: datetime = Field(sa_type=Moment)


class AccessRow(SigningBase, table=True):
    """One reading: ``who`` is a kind and an id, ``client`` (sealed) address and software, ``blob`` the file."""

    __tablename__ = "custody_access"

    number: int | None = Field(default=None, primary_key=True, sa_type=Integer)
    tenant: str = Field(sa_type=String(64), index=True)
    owner: str = Field(sa_type=_OWNER, index=True)
    blob: str = Field(sa_type=String(32))
    who_kind: str = Field(sa_type=String(16))
    who: str = Field(sa_type=String(64))
    terminal: str = Field(sa_type=String(16))
    client: bytes = Field(sa_type=LargeBinary)
    purpose: str = Field(sa_type=String(32))
    at: datetime = Field(sa_type=Moment)


class HoldRow(SigningBase, table=True):
    """A litigation hold: while one is open, nothing of the owner is erased. ``reason`` is sealed."""

    __tablename__ = "custody_hold"

    id: str = Field(primary_key=True, sa_type=String(36))
    tenant: str = Field(sa_type=String(64))
    owner: str = Field(sa_type=_OWNER, index=True)
    reason: bytes = Field(sa_type=LargeBinary)
    placed_at: datetime = Field(sa_type=Moment)
    placed_by: str = Field(sa_type=String(96))
    released_at: datetime | None = Field(default=None, sa_type=Moment, nullable=True)
    released_by: str | None = Field(default=None, sa_type=String(96), nullable=True)


class RetentionRuleRow(SigningBase, table=True):
    """How many days after its end a contract of this business type is kept at least."""

    __tablename__ = "custody_rule"

    tenant: str = Field(primary_key=True, sa_type=String(64))
    business_type: str = Field(primary_key=True, sa_type=String(64))
    days: int
    set_at: datetime = Field(sa_type=Moment)


def only_add(table: str) -> None:
    """Let the database (SQLite) itself refuse to change or remove rows of a table."""
    for verb in ("UPDATE", "DELETE"):
        statement = (
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        )
        trigger = DDL(statement).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
        event.listen(SigningBase.metadata.tables[table], "after_create", trigger)


only_add("custody_access")
