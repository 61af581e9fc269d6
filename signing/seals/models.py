"""Tables of seals. A seal's id is the owner of its files and values in custody, and the reference of its own case.

seal               one picture and its state            details sealed
seal_grant         who may use it, for what, how long
seal_use_request   a use that somebody has to approve
seal_use           every use that was recorded          rows are only ever added
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from signing.custody.rows import only_add
from signing.database import Moment, SigningBase

_STANDING = text("seal_type = 'official' AND state NOT IN ('rejected', 'destroyed')")


class SealRow(SigningBase, table=True):
    """One seal. ``holder`` is the account it belongs to; None: the tenant's own organisation.

    ``request`` is the keyed digest of what created it (the id is the client's), ``details`` holds name, inscription,
    filing number and digests. ``creator`` keeps the seal: an account, or the API key that made it.
    """

    __tablename__ = "seal"
    __table_args__ = (
        Index("ix_seal_listing", "tenant", "position"),
        # One official seal (公章) for each organisation at a time, whatever two writers believe.
        Index(
            "ix_seal_official",
            "tenant",
            text("coalesce(holder, '')"),
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: str = Field(primary_key=True, max_length=36)
    position: int = Field(unique=True)
    tenant: str = Field(max_length=36)
    request: bytes = Field(sa_type=LargeBinary)
    holder: str | None = Field(default=None, max_length=36)
    creator: str = Field(max_length=64)
    submitter: str | None = Field(default=None, max_length=64)
    approver: str | None = Field(default=None, max_length=36)
    method: str = Field(max_length=16)
    shape: str = Field(max_length=16)
    seal_type: str = Field(max_length=16)
    width_um: int
    height_um: int
    approve_uses: bool
    details: bytes = Field(sa_type=LargeBinary)
    state: str = Field(max_length=16)
    dossier: str = Field(max_length=36)
    created_event: str = Field(max_length=36)
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


class SealGrantRow(SigningBase, table=True):
    """That an account may use a seal: within the times, for ``kinds`` (separated by spaces) or for one contract."""

    __tablename__ = "seal_grant"
    __table_args__ = (Index("ix_seal_grant_seal", "seal", "grantee"),)

    id: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    seal: str = Field(foreign_key="seal.id", max_length=36)
    grantee: str = Field(max_length=36, index=True)
    grantor: str = Field(max_length=64)
    scope: str = Field(max_length=16)
    kinds: str = ""
    contract: str | None = Field(default=None, max_length=36)
    valid_from: datetime = Field(sa_type=Moment)
    valid_to: datetime = Field(sa_type=Moment)
    max_uses: int | None = None
    uses: int = 0
    event: str = Field(max_length=36)
    created_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class SealUseRequestRow(SigningBase, table=True):
    """That somebody asked to use a seal on one document, and what was decided; ``approved`` None: not yet."""

    __tablename__ = "seal_use_request"
    __table_args__ = (UniqueConstraint("seal", "contract", "document_sha256", "requester"),)

    id: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36, index=True)
    seal: str = Field(foreign_key="seal.id", max_length=36, index=True)
    contract: str = Field(max_length=36)
    dossier: str = Field(max_length=36)
    document_sha256: str = Field(max_length=64)
    requester: str = Field(max_length=36)
    requested_event: str = Field(max_length=36)
    requested_at: datetime = Field(sa_type=Moment)
    approved: bool | None = None
    approver: str | None = Field(default=None, max_length=36)
    decided_event: str | None = Field(default=None, max_length=36)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)


class SealUseRow(SigningBase, table=True):
    """One recorded use; ``event`` is the contract's seal.used. Never changed."""

    __tablename__ = "seal_use"
    __table_args__ = (Index("ix_seal_use_seal", "seal", "position"), Index("ix_seal_use_case", "dossier"))

    position: int | None = Field(default=None, primary_key=True)
    event: str = Field(unique=True, max_length=36)
    tenant: str = Field(max_length=36)
    seal: str = Field(max_length=36)
    grant: str | None = Field(default=None, max_length=36)
    account: str | None = Field(default=None, max_length=36)
    contract: str = Field(max_length=36)
    dossier: str = Field(max_length=36)
    party: str = Field(max_length=36)
    document: str = Field(max_length=36)
    used_at: datetime = Field(sa_type=Moment)


only_add("seal_use")
