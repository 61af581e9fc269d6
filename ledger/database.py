"""SQLite as the log needs it: what was committed stays, and exactly one connection writes and checkpoints.

SQLite comes with pysqlite3, which brings its own; the one that Python links is often older than 3.51.3, before which
several connections that write or checkpoint a WAL database could lose committed transactions (sqlite.org/wal.html,
"The WAL-Reset Bug"). Whatever the version, the rule here leaves nothing to that bug: one writing connection a file,
under a lock, and readers that cannot write (``mode=ro``, ``query_only``) and so never checkpoint.

Nothing outside this module speaks a dialect of SQL.
"""

import os
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool

from ledger.errors import LedgerStoppedError
from ledger.folder import make_private_folder, refuse_network_file_system
from ledger.models import LedgerBase

SQLITE_VERSION: str = dbapi2.sqlite_version
READERS = 8
_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


def lacks_wal_fix(version: str) -> bool:
    """Tell whether SQLite of this version has the WAL-reset bug: before 3.51.3, but for 3.50.7+ and 3.44.6+."""
    numbers = tuple(int(part) for part in version.split("."))
    return numbers < _FIXED[0] and not any(numbers[:2] == fix[:2] and numbers >= fix for fix in _FIXED[1:])


def sqlite_warning(version: str = SQLITE_VERSION) -> str | None:
    """Say what is doubtful about the SQLite in use; None if nothing is."""
    if not lacks_wal_fix(version):
        return None
    return f"SQLite {version} is older than 3.51.3 and can lose committed writes when several connections checkpoint"


def _set(connection: Any, pragma: str, value: str, expected: object) -> None:
    """Set a pragma and see that it took: SQLite ignores what it cannot do."""
    connection.execute(f"PRAGMA {pragma} = {value}")
    found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    if found != expected:
        raise LedgerStoppedError(
            "STORAGE_SETTINGS", f"SQLite keeps {pragma} at {found} instead of {expected}"
        )


def _raw(target: str) -> Any:
    # Transactions are begun by the listener below, never by the driver.
    return dbapi2.connect(target, uri=True, isolation_level=None, check_same_thread=False, timeout=10)


def _connect_writer(path: Path, *, rollback_journal: bool) -> Any:
    connection = _raw(f"{path.absolute().as_uri()}?mode=rw")
    if rollback_journal:
        _set(connection, "journal_mode", "DELETE", "delete")
        # In this mode only EXTRA makes a commit survive a power cut right after it (sqlite.org/pragma.html).
        _set(connection, "synchronous", "EXTRA", 3)
        _set(connection, "secure_delete", "ON", 1)
    else:
        _set(connection, "journal_mode", "WAL", "wal")
        _set(connection, "synchronous", "FULL", 2)
    _set(connection, "trusted_schema", "OFF", 0)
    return connection


def _connect_reader(path: Path) -> Any:
    connection = _raw(f"{path.absolute().as_uri()}?mode=ro")
    _set(connection, "query_only", "ON", 1)
    _set(connection, "trusted_schema", "OFF", 0)
    return connection


def open_writer(path: Path, *, rollback_journal: bool = False) -> Engine:
    """Open the one writing connection of a database file, making an empty private file if there is none.

    The caller holds the folder's lock. Each transaction begins as BEGIN IMMEDIATE, so that it either has the right
    to write from its start or fails there.

    Raises:
        LedgerStoppedError: NETWORK_FILE_SYSTEM, STORAGE_SETTINGS.

    """
    make_private_folder(path.parent)
    refuse_network_file_system(path.parent)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: _connect_writer(path, rollback_journal=rollback_journal),
        poolclass=StaticPool,
    )
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def open_reader(path: Path) -> Engine:
    """Open read-only connections to a database file; each transaction sees one snapshot."""
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: _connect_reader(path),
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=READERS,
    )
    _begin_with(engine, "BEGIN")
    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


def file_damage(connection: Connection) -> str | None:
    """Let SQLite check the structure of its file and indexes; None if it finds nothing."""
    found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    return None if found == "ok" else str(found)


def create_schema(engine: Engine) -> None:
    """Make the tables that are not there yet, as the first migration would."""
    with engine.begin() as connection:
        LedgerBase.metadata.create_all(connection)
