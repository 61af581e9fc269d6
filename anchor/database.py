"""How `anchor.db` is opened: SQLite by pysqlite3, one connection that writes, any number that only read.

SQLite before 3.51.3 can lose committed writes when several connections of one database write or checkpoint
(sqlite.org/wal.html, "WAL-reset bug"). pysqlite3 brings a newer one, and this package keeps to one writing
connection all the same.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from pysqlite3 import dbapi2
from sqlalchemy import Engine, event
from sqlalchemy.pool import NullPool, StaticPool
from sqlmodel import create_engine

BUSY_SECONDS = 30.0


def open_writer(path: Path) -> Engine:
    """Open the one connection that writes and checkpoints: WAL, synchronous=FULL, transactions BEGIN IMMEDIATE."""
    engine = create_engine(
        f"sqlite:///{path}",
        module=dbapi2,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver shall not begin transactions: we do, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def open_reader(path: Path) -> Engine:
    """Open read-only connections, one per use; another process may be writing meanwhile."""

    def connect() -> Any:
        connection = dbapi2.connect(
            f"file:{quote(str(path.absolute()))}?mode=ro",
            uri=True,
            timeout=BUSY_SECONDS,
            check_same_thread=False,
        )
        connection.isolation_level = None
        connection.execute("PRAGMA query_only=ON")
        return connection

    engine = create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine
