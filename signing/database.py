"""The pipeline's database: one SQLite file, one transaction for each step, durable when a call returns.

A rollback journal, so that several processes may write safely, and ``synchronous=EXTRA``: in this mode only EXTRA makes
a commit survive a power cut right after it (sqlite.org/pragma.html). Connections come from ``pysqlite3``, which brings
its own SQLite. Whoever writes holds the file's write lock from the transaction's first statement, so that what he read
within it cannot change under him. Threads of one process take turns for it: who is refused the file's lock asks again
after a pause that grows, and under load waits long for a lock that is free.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from pysqlite3 import dbapi2
from sqlalchemy import BigInteger, Connection, Dialect, Engine, TypeDecorator, create_engine, event
from sqlalchemy.orm import registry
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, SQLModel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BUSY_SECONDS = 20.0
_PRAGMAS = (
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
)


# Whose turn it is to write, for each database of this process.
_TURNS: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()


class SigningBase(SQLModel, registry=registry()):
    """Base of the pipeline's tables: a registry of their own, apart from the other databases'."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, kept as whole milliseconds since 1970 (rounded down): SQLite drops time zones.

    Use it as ``sa_type=Moment`` of every ``datetime`` column; a moment without a time zone is refused.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Write a moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return (value - _EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read a moment."""
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


def open_engine(path: Path) -> Engine:
    """Open the database file, closed to other users if it is made here; its tables are made by the migrations."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))

    def connect() -> Any:
        # Transactions are begun by the listener below, never by the driver.
        connection = dbapi2.connect(
            str(path), isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS
        )
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(str(connection.get_execution_options().get("begin", "BEGIN")))

    _TURNS[engine] = threading.Lock()
    return engine


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Wait for our turn among the threads of this process; after some time ask the file itself, which then refuses."""
    turn = _TURNS[engine]
    ours = turn.acquire(timeout=_BUSY_SECONDS)
    try:
        yield
    finally:
        if ours:
            turn.release()


@contextmanager
def write(engine: Engine) -> Iterator[Session]:
    """Give a session that may write, and commit at the end; an exception undoes everything.

    Rows stay readable after the end. Objects of other transactions must not be put into it.
    """
    with (
        _turn(engine),
        Session(engine.execution_options(begin="BEGIN IMMEDIATE"), expire_on_commit=False) as session,
    ):
        connection = session.connection()  # the lock is taken now, not at the first statement
        yield session
        try:
            session.commit()
        except BaseException:
            # SQLite's transaction stays open when its commit fails (a full disk, a reader that does not end), and a
            # pooled connection would keep the write lock: this one is closed, which undoes everything.
            connection.invalidate()
            raise


def hold(session: Session, row: SQLModel) -> None:
    """Keep a row that is asked for again and again: a session knows a row only as long as somebody has it."""
    session.info.setdefault("held", {})[id(row)] = row


@contextmanager
def read(engine: Engine) -> Iterator[Session]:
    """Give a session that sees one state of the database; what it changes is not kept. Rows stay readable after it."""
    with Session(engine, expire_on_commit=False, autoflush=False) as session:
        yield session
        session.expunge_all()  # a rollback would empty them
        session.rollback()
