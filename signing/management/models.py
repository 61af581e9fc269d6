"""Tables of management. Every row carries its tenant.

    search_text       one row a contract: what is indexed of it (sealed), and of which revision
    search_gram       keyed digest of a unit of text → contract, and in which fields it stands
    contract_shelf    folder, archive, class and term of a contract
    contract_folder   contract_tag   contract_reminder

The index tells nobody who lacks the key what stands in a contract: units are keyed digests, the text is sealed. Folder and
tag names are the tenant's own words for order; they are not about a person and stay in the open.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from signing.database import Moment, SigningBase


class SearchTextRow(SigningBase, table=True):
    """What is indexed of a contract. ``revision`` 0: to be indexed anew; ``content`` is the digest of what was indexed.

    ``failed`` says that a document's text could not be read, so that only title and parties are found.
    """

    __tablename__ = "search_text"

    id: int | None = Field(default=None, primary_key=True)
    tenant: str = Field(max_length=36, index=True)
    contract: str = Field(unique=True, max_length=36)
    revision: int
    content: bytes = Field(sa_type=LargeBinary)
    text: bytes = Field(sa_type=LargeBinary)
    failed: bool = False
    indexed_at: datetime = Field(sa_type=Moment)


class SearchGramRow(SigningBase, table=True):
    """That a unit stands in a contract. ``fields``: 4 in the title, 2 in a party's name, 1 in a document's text."""

    __tablename__ = "search_gram"
    __table_args__ = (Index("ix_search_gram_text", "text"), {"sqlite_with_rowid": False})

    gram: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    text: int = Field(
        primary_key=True, foreign_key="search_text.id", sa_column_kwargs={"autoincrement": False}
    )
    fields: int


class FolderRow(SigningBase, table=True):
    """A folder of contracts."""

    __tablename__ = "contract_folder"
    __table_args__ = (UniqueConstraint("tenant", "name"),)

    id: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    name: str = Field(max_length=100)
    created_at: datetime = Field(sa_type=Moment)


class ShelfRow(SigningBase, table=True):
    """Where a contract is kept, what it is classified as, and from when to when it runs."""

    __tablename__ = "contract_shelf"
    __table_args__ = (Index("ix_contract_shelf_ends", "tenant", "ends_on"),)

    contract: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36)
    folder: str | None = Field(default=None, foreign_key="contract_folder.id", max_length=36, index=True)
    category: str = Field(default="", max_length=64)
    archived_at: datetime | None = Field(default=None, sa_type=Moment)
    starts_on: date | None = None
    ends_on: date | None = None


class TagRow(SigningBase, table=True):
    """That a contract has a tag."""

    __tablename__ = "contract_tag"

    tenant: str = Field(primary_key=True, max_length=36)
    tag: str = Field(primary_key=True, max_length=64)
    contract: str = Field(primary_key=True, max_length=36, index=True)


class ReminderRow(SigningBase, table=True):
    """That somebody is to be reminded of a contract's end ``days`` before it; ``told_at`` when he was."""

    __tablename__ = "contract_reminder"
    __table_args__ = (
        UniqueConstraint("contract", "days"),
        Index("ix_contract_reminder_due", "told_at", "due_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    tenant: str = Field(max_length=36, index=True)
    contract: str = Field(max_length=36)
    days: int
    due_at: datetime = Field(sa_type=Moment)
    told_at: datetime | None = Field(default=None, sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
