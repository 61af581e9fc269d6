"""Tables of documents and templates. Every row carries its tenant; what is personal is sealed with its owner's key.

Files are in custody: a document's are its contract's, a template's its own. Digests are SHA-256 in lower-case hex.
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from signing.database import Moment, SigningBase


class DocumentRow(SigningBase, table=True):
    """One document of a contract; ``id`` is its name in the case, drawn at random for this contract.

    ``original`` as it came, ``base`` its pages as PDF, ``current`` with values and watermark, ``shown`` and ``finalized``
    once it is sent, ``newest`` the last revision. ``entered`` are the values and the watermark, sealed; ``pages`` and
    ``controls`` are JSON (`pages`, `controls`); ``fonts_missing`` are names separated by line feeds.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("contract", "position"),)

    id: str = Field(primary_key=True, max_length=36)
    contract: str = Field(foreign_key="contract.id", max_length=36)
    tenant: str = Field(max_length=36)
    position: int
    attachment: bool = False
    name: bytes = Field(sa_type=LargeBinary)
    media_type: str = Field(max_length=128)
    original: str = Field(max_length=64)
    base: str = Field(max_length=64)
    current: str = Field(max_length=64)
    shown: str | None = Field(default=None, max_length=64)
    finalized: str | None = Field(default=None, max_length=64)
    newest: str | None = Field(default=None, max_length=64)
    pages: str
    controls: str = "[]"
    entered: bytes | None = Field(default=None, sa_type=LargeBinary)
    tool: str = Field(default="", max_length=64)
    tool_version: str = Field(default="", max_length=32)
    fonts_missing: str = ""
    created_at: datetime = Field(sa_type=Moment)


class SlotRow(SigningBase, table=True):
    """Where a party signs a finalized document: the field, and the place as it is seen, in thousandths of a point."""

    __tablename__ = "document_slot"

    document: str = Field(primary_key=True, foreign_key="document.id", max_length=36)
    party: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    field: str = Field(max_length=64)
    page: int
    x: int
    y: int
    width: int
    height: int
    page_height: int
    sealed: bool


class FieldRow(SigningBase, table=True):
    """A field of a finalized document that was left to a party to fill in; what may be entered its control says."""

    __tablename__ = "document_field"

    document: str = Field(primary_key=True, foreign_key="document.id", max_length=36)
    name: str = Field(primary_key=True, max_length=64)
    tenant: str = Field(max_length=36)
    party: str = Field(max_length=36)


class FillingRow(SigningBase, table=True):
    """What a party entered into a document (sealed), and the revision that came of it, on the ground of ``base``.

    It holds while ``base`` is the document's newest revision; the document itself grows when the party signs. ``told``: the
    case was told of it.
    """

    __tablename__ = "document_filling"

    document: str = Field(primary_key=True, foreign_key="document.id", max_length=36)
    party: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    entered: bytes = Field(sa_type=LargeBinary)
    base: str = Field(max_length=64)
    filled: str = Field(max_length=64)
    sm3: str = Field(max_length=64)
    size: int
    told: bool = False
    filled_at: datetime = Field(sa_type=Moment)


class TemplateRow(SigningBase, table=True):
    """A template: its newest version, and whether it may still be used. ``id`` names it in its own case."""

    __tablename__ = "template"
    __table_args__ = (Index("ix_template_listing", "tenant", "position"),)

    id: str = Field(primary_key=True, max_length=36)
    position: int = Field(unique=True)
    tenant: str = Field(max_length=36)
    business_type: str | None = Field(default=None, max_length=36)
    title: bytes = Field(sa_type=LargeBinary)
    version: int = 1
    archived: bool = False
    dossier: str = Field(max_length=36)
    created_at: datetime = Field(sa_type=Moment)


class TemplateVersionRow(SigningBase, table=True):
    """One version of a template, never changed; ``request`` is the keyed digest of what it was made from."""

    __tablename__ = "template_version"

    template: str = Field(primary_key=True, foreign_key="template.id", max_length=36)
    version: int = Field(primary_key=True)
    tenant: str = Field(max_length=36)
    request: bytes = Field(sa_type=LargeBinary)
    name: bytes = Field(sa_type=LargeBinary)
    media_type: str = Field(max_length=128)
    original: str = Field(max_length=64)
    base: str = Field(max_length=64)
    size: int
    pages: str
    controls: str
    creator: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=Moment)
