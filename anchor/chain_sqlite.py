"""The key/value store below the embedded chain: py-evm's `BaseAtomicDB` on one SQLite connection.

py-evm writes a block in several steps. All of them, and the chain's own tables beside them, go into one SQLite
transaction (`ChainDatabase.transaction`), so that after kill -9 a block is there whole or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eth.db.backends.base import BaseAtomicDB
from pysqlite3 import dbapi2

SCHEMA = """
CREATE TABLE IF NOT EXISTS node (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pool (
    sender BLOB NOT NULL, nonce INTEGER NOT NULL, tx_hash BLOB NOT NULL UNIQUE, raw BLOB NOT NULL,
    PRIMARY KEY (sender, nonce)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
    address BLOB NOT NULL, topics BLOB NOT NULL, tx_hash BLOB NOT NULL,
    PRIMARY KEY (address, topics, tx_hash)
) WITHOUT ROWID;
"""


class ChainDatabase(BaseAtomicDB):
    """Bytes to bytes, and three small tables: `meta`, the `pool` of waiting transactions, the `log` index."""

    def __init__(self, path: Path) -> None:
        self.connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.executescript(SCHEMA)

    def __getitem__(self, key: bytes) -> bytes:
        row = self.connection.execute("SELECT value FROM node WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.connection.execute("INSERT OR REPLACE INTO node VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        if self.connection.execute("DELETE FROM node WHERE key = ?", (key,)).rowcount == 0:
            raise KeyError(key)

    def _exists(self, key: bytes) -> bool:
        row = self.connection.execute("SELECT 1 FROM node WHERE key = ?", (key,)).fetchone()
        return row is not None

    @contextmanager
    def atomic_batch(self) -> Iterator[Any]:
        """Give py-evm its batch: the transaction around the block makes it atomic."""
        if not self.connection.in_transaction:
            raise RuntimeError("the chain is written outside a transaction")
        yield self

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything inside, durably, or nothing of it."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def meta(self, name: str) -> bytes | None:
        """Read one of the chain's own facts."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def set_meta(self, name: str, value: bytes) -> None:
        """Write one of the chain's own facts."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
