"""Rows of the log's database, read and written inside the sequencer's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table, bindparam, func, insert, select, tuple_, update

from ledger.deposit import Prepared
from ledger.models import CASE_HEAD, EVENT, LEAF, NODE, SIGNED_HEAD, TREE_HEAD, VAULT_DOCUMENT
from ledger.reader import SignedHead
from ledger.rules import CaseState
from ledger.tree import Growth

_NEWEST_NOTE = select(func.max(SIGNED_HEAD.c.size))
_MOVE = (
    update(CASE_HEAD)
    .where(CASE_HEAD.c.case_id == bindparam("of"))
    .values(seq=bindparam("to"), head=bindparam("by"), closed_seq=bindparam("closed"))
)


@dataclass(frozen=True, slots=True)
class StoredLeaf:
    """A leaf and its place: ``index`` in the log, ``seq`` in its case."""

    index: int
    case: str
    seq: int
    leaf: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document whose ciphertext is already durable in its file."""

    blob: str
    case: str
    key_id: str
    lookup: bytes
    size: int


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event that has its place already."""

    index: int
    key_id: str
    mac: bytes
    case: str
    seq: int
    leaf: bytes


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows, in one statement."""
    if rows:
        connection.execute(_insert(table), rows)


@cache  # SQLAlchemy takes longer to make a statement than SQLite to carry it out
def _insert(table: Table) -> Insert:
    return insert(table)


def load_known(connection: Connection, batch: Iterable[Prepared]) -> dict[tuple[str, str], KnownEvent]:
    """Read which of these deposits have their place already, by (tenant, event id)."""
    names = [(prepared.claim.tenant, prepared.claim.id) for prepared in batch]
    if not names:
        return {}
    query = (
        select(EVENT, LEAF.c.case_id, LEAF.c.seq, LEAF.c.leaf)
        .join(LEAF, LEAF.c.leaf_index == EVENT.c.leaf_index)
        .where(tuple_(EVENT.c.tenant, EVENT.c.event_id).in_(names))
    )
    return {
        (row.tenant, row.event_id): KnownEvent(
            row.leaf_index, row.key_id, row.mac, row.case_id, row.seq, row.leaf
        )
        for row in connection.execute(query)
    }


def read_case(row: Any) -> CaseState:
    """Read a row of ``case_head``."""
    return CaseState(row.case_id, row.tenant, row.kind, row.first_index, row.seq, row.head, row.closed_seq)


def load_cases(connection: Connection, batch: Iterable[Prepared]) -> dict[str, CaseState]:
    """Read how the cases of these deposits stand; those that are not there are left out."""
    cases = {prepared.claim.case for prepared in batch}
    if not cases:
        return {}
    rows = connection.execute(select(CASE_HEAD).where(CASE_HEAD.c.case_id.in_(cases)))
    return {row.case_id: read_case(row) for row in rows}


def store_notes(connection: Connection, notes: Sequence[SignedHead]) -> None:
    """Add signed heads that are newer than the newest stored."""
    if not notes:
        return
    newest = connection.execute(_NEWEST_NOTE).scalar_one() or 0
    rows = [{"size": head.size, "note": head.note} for head in notes if head.size > newest]
    insert_rows(connection, SIGNED_HEAD, rows)


def store_documents(connection: Connection, documents: Sequence[DocumentRecord]) -> None:
    """Add documents, each case's only once."""
    for record in documents:
        held = select(VAULT_DOCUMENT.c.blob).where(
            VAULT_DOCUMENT.c.case_id == record.case, VAULT_DOCUMENT.c.lookup == record.lookup
        )
        if connection.execute(held).first() is None:
            row = {
                "blob": record.blob,
                "case_id": record.case,
                "key_id": record.key_id,
                "lookup": record.lookup,
                "size": record.size,
            }
            insert_rows(connection, VAULT_DOCUMENT, [row])


def store_log(connection: Connection, fresh: Sequence[StoredLeaf], growth: Growth) -> None:
    """Add leaves, the nodes they complete, and the unsigned head."""
    leaves = [
        {
            "leaf_index": item.index,
            "case_id": item.case,
            "seq": item.seq,
            "leaf": item.leaf,
            "leaf_hash": item.leaf_hash,
        }
        for item in fresh
    ]
    nodes = [
        {"level": node.level, "number": node.number, "hash": hashed}
        for node, hashed in growth.nodes
        if node.level
    ]
    insert_rows(connection, LEAF, leaves)
    insert_rows(connection, NODE, nodes)
    insert_rows(connection, TREE_HEAD, [{"size": growth.head.size, "root": growth.head.root_hash}])


def store_cases(connection: Connection, before: dict[str, CaseState], after: dict[str, CaseState]) -> None:
    """Add the cases that were opened and move the heads of those that went on."""
    opened = [state for case, state in after.items() if case not in before]
    moved = [state for case, state in after.items() if case in before and before[case] is not state]
    rows = [
        {
            "case_id": state.case,
            "tenant": state.tenant,
            "kind": state.kind,
            "first_index": state.first_index,
            "seq": state.seq,
            "head": state.head,
            "closed_seq": state.closed_seq,
        }
        for state in opened
    ]
    insert_rows(connection, CASE_HEAD, rows)
    if moved:
        connection.execute(
            _MOVE,
            [
                {"of": state.case, "to": state.seq, "by": state.head, "closed": state.closed_seq}
                for state in moved
            ],
        )
