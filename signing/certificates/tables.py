"""The tables of keys and certificates. Private keys, requests and certificates are ciphertext."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from signing.database import Moment, SigningBase


class KeyRow(SigningBase, table=True):
    """A key pair, from its making to its destruction.

    ``id`` is also the custody owner of its ciphertexts: destroying that data key destroys the private key, wherever copies
    of this row lie. ``tenant`` is empty while the key waits in the pool. ``holder`` is whose long-term key it is (an
    account). ``above`` are the certificates of the authority, PEM.
    """

    __tablename__ = "signing_keys"

    id: str = Field(primary_key=True)
    algorithm: str = Field(index=True)
    state: str = Field(index=True)
    generated_at: datetime = Field(sa_type=Moment)
    spki_sha256: str
    private: bytes | None = Field(default=None, sa_type=LargeBinary)
    tenant: str = Field(default="", index=True)
    holder: str | None = Field(default=None, index=True)
    profile: str = ""
    subject: bytes | None = Field(default=None, sa_type=LargeBinary)
    request: bytes | None = Field(default=None, sa_type=LargeBinary)
    certificate: bytes | None = Field(default=None, sa_type=LargeBinary)
    response_sha256: str | None = None
    above: str = ""
    certificate_sha256: str | None = Field(default=None, index=True)
    serial: str | None = Field(default=None, index=True)
    not_before: datetime | None = Field(default=None, sa_type=Moment)
    not_after: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str | None = None
    destroyed_at: datetime | None = Field(default=None, sa_type=Moment)


class KeyUseRow(SigningBase, table=True):
    """A key in one case: ``ref`` is what the case's events call it, random for the case.

    ``told`` is whether the case's events say that its certificate was issued.
    """

    __tablename__ = "signing_key_uses"

    ref: str = Field(primary_key=True)
    key: str = Field(index=True, foreign_key="signing_keys.id")
    tenant: str
    dossier: str
    party: str
    told: bool = False
