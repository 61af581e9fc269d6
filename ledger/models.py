"""The tables of the log and the vault. Rows are only ever added, but for the head of a case.

    instance          which log this is                  1 row
    leaf              the log: public for ever           index = place in the tree
    node              complete subtrees above leaves
    tree_head         unsigned heads, one a commit       written with the leaves
    signed_head       notes by the signer                written after; the signer could make each again
    case_head         who owns a case, and its last leaf
    event             a tenant's own id of each event    idempotency
    vault_entry       the entry of each leaf             ciphertext
    vault_disclosure  opened values                      ciphertext
    vault_document    originals, if given                ciphertext, in files beside the database

Hashes are 32 raw bytes, UUIDs lower-case text. Ciphertexts say in ``key_id`` which key of the key store opens them.
"""

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Table, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

_BIG = BigInteger().with_variant(Integer, "sqlite")
_UUID = String(36)
_HASH = LargeBinary(32)


class LedgerBase(SQLModel, registry=registry()):
    """The registry of the log's own tables; other packages have theirs."""


class InstanceRow(LedgerBase, table=True):
    """Which log this database belongs to; one row with ``id`` 1. ``instance`` is also in the signer's memory."""

    __tablename__ = "instance"

    id: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    instance: bytes = Field(sa_type=LargeBinary(16))
    origin: str = Field(sa_type=String(255))
    operator: str = Field(sa_type=_UUID)
    log_case: str = Field(sa_type=_UUID)


class LeafRow(LedgerBase, table=True):
    """One leaf of the tree, verbatim, and what it says, to look it up."""

    __tablename__ = "leaf"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    leaf_index: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    case_id: str = Field(sa_type=_UUID)
    seq: int = Field(sa_type=_BIG)
    leaf: bytes = Field(sa_type=LargeBinary)
    leaf_hash: bytes = Field(sa_type=_HASH, unique=True)


class NodeRow(LedgerBase, table=True):
    """A complete subtree of 2^level leaves, level 1 and above: the leaves' own hashes stand in ``leaf``."""

    __tablename__ = "node"
    __table_args__ = ({"sqlite_with_rowid": False},)

    level: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    hash: bytes = Field(sa_type=_HASH)


class TreeHeadRow(LedgerBase, table=True):
    """A head as it was committed with its leaves, before anybody signed it."""

    __tablename__ = "tree_head"

    size: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    root: bytes = Field(sa_type=_HASH)


class SignedHeadRow(LedgerBase, table=True):
    """A signed note, and the size it speaks of."""

    __tablename__ = "signed_head"

    size: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    note: bytes = Field(sa_type=LargeBinary)


class CaseHeadRow(LedgerBase, table=True):
    """A case: whose it is, of which kind, and its newest leaf. ``closed_seq`` is that of its ``case.closed``."""

    __tablename__ = "case_head"
    __table_args__ = (Index("ix_case_head_tenant", "tenant", "first_index"),)

    case_id: str = Field(primary_key=True, sa_type=_UUID)
    tenant: str = Field(sa_type=_UUID)
    kind: str = Field(sa_type=String(16))
    first_index: int = Field(sa_type=_BIG, unique=True)
    seq: int = Field(sa_type=_BIG)
    head: bytes = Field(sa_type=_HASH)
    closed_seq: int | None = Field(default=None, sa_type=_BIG, nullable=True)


class EventRow(LedgerBase, table=True):
    """A tenant's id for an event. ``mac`` is the request's HMAC, sealed like everything in the vault."""

    __tablename__ = "event"
    __table_args__ = ({"sqlite_with_rowid": False},)

    tenant: str = Field(primary_key=True, sa_type=_UUID)
    event_id: str = Field(primary_key=True, sa_type=_UUID)
    leaf_index: int = Field(sa_type=_BIG, unique=True)
    key_id: str = Field(sa_type=String(32))
    mac: bytes = Field(sa_type=LargeBinary)


class VaultEntryRow(LedgerBase, table=True):
    """The entry of a leaf, under the case's own key."""

    __tablename__ = "vault_entry"

    leaf_index: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    key_id: str = Field(sa_type=String(32))
    ciphertext: bytes = Field(sa_type=LargeBinary)


class VaultDisclosureRow(LedgerBase, table=True):
    """A disclosure of an entry, under the key of the person it is about."""

    __tablename__ = "vault_disclosure"
    __table_args__ = ({"sqlite_with_rowid": False},)

    leaf_index: int = Field(primary_key=True, sa_type=_BIG, sa_column_kwargs={"autoincrement": False})
    position: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    key_id: str = Field(sa_type=String(32))
    ciphertext: bytes = Field(sa_type=LargeBinary)


class VaultDocumentRow(LedgerBase, table=True):
    """An original. ``lookup`` is an HMAC of its SHA-256, ``blob`` the name of the file with the ciphertext."""

    __tablename__ = "vault_document"
    __table_args__ = (UniqueConstraint("case_id", "lookup"),)

    blob: str = Field(primary_key=True, sa_type=String(32))
    case_id: str = Field(sa_type=_UUID)
    key_id: str = Field(sa_type=String(32))
    lookup: bytes = Field(sa_type=_HASH)
    size: int = Field(sa_type=_BIG)


def _table(name: str) -> Table:
    return LedgerBase.metadata.tables[name]


# The hot path writes and reads rows in plain SQL Core; these are the same tables.
INSTANCE = _table("instance")
LEAF = _table("leaf")
NODE = _table("node")
TREE_HEAD = _table("tree_head")
SIGNED_HEAD = _table("signed_head")
CASE_HEAD = _table("case_head")
EVENT = _table("event")
VAULT_ENTRY = _table("vault_entry")
VAULT_DISCLOSURE = _table("vault_disclosure")
VAULT_DOCUMENT = _table("vault_document")
