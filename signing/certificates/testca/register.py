"""What the test authority issued, revoked and listed: a database in its folder, durable before any answer.

Certificates name people: they are kept encrypted, under a key that lies beside the authority's own.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, LargeBinary
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, and_, col, select, update

from signing.certificates.ports import Reason
from signing.certificates.testca.revoking import Entry
from signing.database import Moment, open_engine
from signing.ports import Random

_KEPT_AFTER_END = timedelta(days=1)


class RegisterBase(SQLModel, registry=registry()):
    """Base of the authority's tables, apart from the pipeline's."""


class IssuedRow(RegisterBase, table=True):
    """A certificate; ``serial`` in lower-case hex, ``request`` and ``key`` SHA-256 of what was asked and of the key.

    ``sealed`` is its DER, encrypted, and None a day after its end: names are not kept longer than they are needed.
    """

    __tablename__ = "issued"

    serial: str = Field(primary_key=True)
    request: bytes = Field(unique=True, sa_type=LargeBinary)
    key: bytes = Field(unique=True, sa_type=LargeBinary)
    sealed: bytes | None = Field(sa_type=LargeBinary)
    issued_at: datetime = Field(sa_type=Moment)
    not_after: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str | None = None


class CrlRow(RegisterBase, table=True):
    """The newest list of an issuer, ``root`` or ``issuing``."""

    __tablename__ = "crls"

    issuer: str = Field(primary_key=True)
    number: int
    issued_at: datetime = Field(sa_type=Moment)
    der: bytes = Field(sa_type=LargeBinary)


class Register:
    """The database ``register.db`` of the authority's folder; ``key`` has 32 bytes."""

    def __init__(self, path: Path, key: bytes, random: Random) -> None:
        self.engine: Engine = open_engine(path)
        RegisterBase.metadata.create_all(self.engine)
        self._cipher = AESGCM(key)
        self._random = random

    def seal(self, serial: str, certificate: bytes) -> bytes:
        """Encrypt a certificate for its row."""
        nonce = self._random(12)
        return nonce + self._cipher.encrypt(nonce, certificate, serial.encode())

    def open(self, serial: str, sealed: bytes) -> bytes:
        """Decrypt a row's certificate; cryptography's InvalidTag if the row was changed."""
        return self._cipher.decrypt(sealed[:12], sealed[12:], serial.encode())


def find(session: Session, **wanted: Any) -> IssuedRow | None:
    """Find a row by one column."""
    ((name, value),) = wanted.items()
    return session.exec(select(IssuedRow).where(getattr(IssuedRow, name) == value)).first()


def forget_ended(session: Session, now: datetime) -> None:
    """Forget the certificates that ended a day ago; their numbers and revocations stay."""
    ended = and_(col(IssuedRow.not_after) < now - _KEPT_AFTER_END, col(IssuedRow.sealed).is_not(None))
    session.exec(update(IssuedRow).where(ended).values(sealed=None))


def entry_of(row: IssuedRow | None) -> Entry | None:
    """Give a row as an entry of a list; None if it is not revoked."""
    if row is None or row.revoked_at is None:
        return None
    reason: Reason = row.reason  # type: ignore[assignment]  # only ``revoke`` writes it
    return Entry(int(row.serial, 16), row.revoked_at.replace(microsecond=0), reason)


def revoked(session: Session) -> list[Entry]:
    """Give all revoked certificates in the order of their revocation."""
    rows = session.exec(
        select(IssuedRow)
        .where(col(IssuedRow.revoked_at).is_not(None))
        .order_by(col(IssuedRow.revoked_at), col(IssuedRow.serial))
    )
    return [entry for row in rows if (entry := entry_of(row)) is not None]
