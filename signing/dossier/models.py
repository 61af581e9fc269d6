"""Tables of the dossier: what is to be deposited, in order, and how far each dossier got."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from signing.database import Moment, SigningBase


class DossierRow(SigningBase, table=True):
    """One case of evidence, from before it exists at the service.

    ``last_position`` counts its outbox rows, ``seq``, ``head`` and ``leaf_index`` are of the last checked receipt.
    ``closed`` is set when the close is recorded: only custody events follow. ``failures`` in a row make the pause until
    ``next_try`` longer.
    """

    __tablename__ = "dossier"
    __table_args__ = (Index("ix_dossier_reference", "tenant", "reference"),)

    id: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    kind: str = Field(max_length=16)
    reference: str = Field(max_length=200)
    close_by: datetime | None = Field(default=None, sa_type=Moment)
    required: str = Field(max_length=2000)
    last_position: int = 0
    closed: bool = False
    case: str | None = Field(default=None, max_length=36, unique=True)
    seq: int = 0
    head: bytes | None = Field(default=None, sa_type=LargeBinary)
    failures: int = 0
    next_try: datetime | None = Field(default=None, sa_type=Moment)
    trouble: str | None = Field(default=None, max_length=500)


class OutboxRow(SigningBase, table=True):
    """One thing to deposit: ``kind`` is opening, event, document, close or erasure.

    ``payload`` is encrypted with the dossier's key; it and ``document`` (SHA-256 of a file to leave) are erased once the
    receipt was checked. ``done_at`` None: waiting.
    ``pinned`` holds what a close was filled in with, written before it is sent, so that sending it again sends the same.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_waiting", "done_at", "dossier", "position"),)

    dossier: str = Field(primary_key=True, foreign_key="dossier.id", max_length=36)
    position: int = Field(primary_key=True)
    kind: str = Field(max_length=16)
    event_id: str = Field(max_length=36, unique=True)
    type: str = Field(max_length=96)
    payload: bytes | None = Field(default=None, sa_type=LargeBinary)
    document: str | None = Field(default=None, max_length=64)
    owner: str | None = Field(default=None, max_length=200)
    recorded_at: datetime = Field(sa_type=Moment)
    pinned_seq: int | None = None
    pinned_head: bytes | None = Field(default=None, sa_type=LargeBinary)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    seq: int | None = None
    leaf_index: int | None = None
    leaf_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
