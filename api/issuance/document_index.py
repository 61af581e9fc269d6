"""Where document digests were deposited: an index that follows the log and can be made again from it.

It is filled behind the deposits, never in their way: a deposit costs no second commit, and a crash loses nothing,
since the place up to which the log was read is stored with the rows.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select
from zheng_verifier.entry import parse_entry, parse_leaf

from api.accounts.models import CursorRow, DocumentRow
from api.times import from_millis, millis
from ledger.reader import LedgerReader
from ledger.vault import Vault

DigestAlgorithm = Literal["sha256", "sm3"]
_CURSOR = "documents"
_CHUNK = 500
_MAX_FOUND = 100


@dataclass(frozen=True, slots=True)
class DepositedAt:
    """One deposit of a document: where in the log, when we received it, in which role."""

    leaf_index: int
    received_at: datetime
    role: str


class DocumentIndex:
    """Finds deposits by SHA-256 or SM3. Documents whose digests are sealed are not in it."""

    def __init__(self, engine: Engine, reader: LedgerReader, vault: Vault) -> None:
        self._engine = engine
        self._reader = reader
        self._vault = vault
        self._mutex = threading.Lock()

    def follow(self) -> int:
        """Read on in the log, one chunk at most; give how many leaves were read."""
        with self._mutex, Session(self._engine) as session:
            cursor = session.get(CursorRow, _CURSOR) or CursorRow(name=_CURSOR, position=0)
            start = cursor.position
            end = min(start + _CHUNK, self._reader.size())
            if end <= start:
                return 0
            for index in range(start, end):
                session.add_all(self._rows(index))
            cursor.position = end
            session.add(cursor)
            session.commit()
        return end - start

    def forget(self, leaves: Sequence[int]) -> None:
        """Forget what stood at these leaves, after their entries were erased; whoever reads on finds nothing there."""
        with self._mutex, Session(self._engine) as session:
            for start in range(0, len(leaves), _CHUNK):
                part = leaves[start : start + _CHUNK]
                session.exec(delete(DocumentRow).where(col(DocumentRow.leaf_index).in_(part)))
            session.commit()

    def find(self, digest: bytes, algorithm: DigestAlgorithm = "sha256") -> tuple[DepositedAt, ...]:
        """Give the deposits of a digest (32 bytes), earliest first, a hundred at most."""
        column = DocumentRow.sha256 if algorithm == "sha256" else DocumentRow.sm3
        statement = (
            select(DocumentRow)
            .where(col(column) == digest)
            .order_by(col(DocumentRow.leaf_index), col(DocumentRow.position))
            .limit(_MAX_FOUND)
        )
        with Session(self._engine) as session:
            return tuple(
                DepositedAt(row.leaf_index, from_millis(row.received_at), row.role)
                for row in session.exec(statement)
            )

    def _rows(self, index: int) -> list[DocumentRow]:
        data = self._reader.leaf(index)
        place = None if data is None else parse_leaf(data)
        stored = None if place is None else self._vault.entry(place.case, place.seq)
        if stored is None:
            return []
        entry = parse_entry(stored)
        return [
            DocumentRow(
                leaf_index=index,
                position=position,
                sha256=document.digests["sha256"],
                sm3=document.digests.get("sm3"),
                role=document.role,
                received_at=millis(entry.received_at),
            )
            for position, document in enumerate(entry.claim.documents)
            if document.digests is not None
        ]
