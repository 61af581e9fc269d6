"""SQLite as the log needs it, and folders that only one process uses."""

import os
from pathlib import Path

import pytest
from pysqlite3 import dbapi2
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.database import (
    SQLITE_VERSION,
    create_schema,
    file_damage,
    lacks_wal_fix,
    open_reader,
    open_writer,
    sqlite_warning,
)
from ledger.errors import LedgerStoppedError
from ledger.folder import FolderLock, mount_type, refuse_network_file_system, write_private_file


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "ledger.db"


def pragma(engine, name):
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_the_writer_is_durable(path):
    """WAL, synchronous FULL, a private file."""
    engine = open_writer(path)
    assert (pragma(engine, "journal_mode"), pragma(engine, "synchronous")) == ("wal", 2)
    assert path.stat().st_mode & 0o777 == 0o600
    engine.dispose()


def test_the_key_stores_writer_is_durable_and_forgets(path):
    """Rollback journal, synchronous EXTRA (a commit outlives a power cut), deleted content overwritten."""
    engine = open_writer(path, rollback_journal=True)
    found = [pragma(engine, name) for name in ("journal_mode", "synchronous", "secure_delete")]
    assert found == ["delete", 3, 1]
    engine.dispose()


def test_readers_cannot_write(path):
    """Neither rows nor pragmas that write: they cannot checkpoint."""
    writer = open_writer(path)
    create_schema(writer)
    reader = open_reader(path)
    with reader.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("DELETE FROM leaf"))
    with reader.connect() as connection, pytest.raises(DBAPIError):
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert path.with_name("ledger.db-wal").stat().st_size > 0
    reader.dispose()
    writer.dispose()
    assert not path.with_name("ledger.db-wal").exists()


def test_a_reader_sees_one_snapshot(path):
    """What is committed while it reads does not show."""
    writer = open_writer(path)
    create_schema(writer)
    reader = open_reader(path)
    count = text("SELECT count(*) FROM tree_head")
    with reader.connect() as connection:
        assert connection.execute(count).scalar_one() == 0
        with writer.begin() as other:
            other.execute(text("INSERT INTO tree_head VALUES (1, x'00')"))
        assert connection.execute(count).scalar_one() == 0
    with reader.connect() as connection:
        assert connection.execute(count).scalar_one() == 1
    reader.dispose()
    writer.dispose()


def test_a_rolled_back_transaction_leaves_nothing(path):
    """Begin is ours, not the driver's: everything in it goes together."""
    writer = open_writer(path)
    create_schema(writer)
    with pytest.raises(ZeroDivisionError), writer.begin() as connection:
        connection.execute(text("INSERT INTO tree_head VALUES (1, x'00')"))
        raise ZeroDivisionError
    with writer.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM tree_head")).scalar_one() == 0
        assert file_damage(connection) is None
    writer.dispose()


def test_a_setting_that_does_not_take_is_noticed(tmp_path):
    """A database that stays in another journal mode, since somebody else has it open, does not open for writing."""
    path = tmp_path / "held.db"
    holder = dbapi2.connect(str(path), isolation_level=None)
    holder.execute("CREATE TABLE t (x)")
    holder.execute("BEGIN EXCLUSIVE")
    engine = open_writer(path)
    with pytest.raises((LedgerStoppedError, DBAPIError, dbapi2.OperationalError)):
        engine.connect()
    holder.close()
    engine.dispose()


@pytest.mark.parametrize(
    ("version", "lacks"),
    [
        *[(version, True) for version in ("3.40.1", "3.44.5", "3.45.0", "3.50.6", "3.51.2")],
        *[(version, False) for version in ("3.44.6", "3.50.7", "3.51.3", "3.53.0", "4.0.0")],
    ],
)
def test_versions_with_the_wal_reset_bug_are_known(version, lacks):
    """Before 3.51.3, but for the backports."""
    assert lacks_wal_fix(version) == lacks
    assert (sqlite_warning(version) is not None) == lacks


def test_the_sqlite_in_use_has_the_fix():
    """pysqlite3 brings a new one."""
    assert sqlite_warning(SQLITE_VERSION) is None


MOUNTS = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
31 27 0:30 / /srv/shared rw - nfs4 server:/export rw
32 27 0:31 / /srv/two\040words rw - cifs //server/share rw
33 31 254:1 / /srv/shared/local rw - xfs /dev/vdb rw
34 31 0:40 / /srv/shared/local rw - fuse.sshfs host: rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/data", "ext4"),
        ("/srv/shared/zheng", "nfs4"),
        ("/srv/two words/x", "cifs"),
        ("/srv/sharedish", "ext4"),
        ("/srv/shared/local/data", "fuse.sshfs"),
        ("/proc", "proc"),
    ],
)
def test_the_mount_of_a_path_is_the_deepest_and_last(path, kind):
    """Escaped spaces, mounts upon mounts, names that only begin alike."""

    assert mount_type(MOUNTS.strip(), Path(path)) == kind


def test_no_mount_no_type():
    """Text that names no mount above the path."""

    assert mount_type("", Path("/x")) == ""


def test_network_file_systems_are_refused(tmp_path, monkeypatch):
    """Where the system tells; elsewhere nothing is known."""
    monkeypatch.setattr("ledger.folder.mount_type", lambda *_: "nfs4")
    with pytest.raises(LedgerStoppedError) as raised:
        open_writer(tmp_path / "x.db")
    assert raised.value.code == "NETWORK_FILE_SYSTEM"
    monkeypatch.setattr("ledger.folder.sys.platform", "darwin")
    refuse_network_file_system(tmp_path)


def test_a_folder_is_locked_once(tmp_path):
    """Until it is given free."""
    with FolderLock(tmp_path):
        with pytest.raises(LedgerStoppedError) as raised:
            FolderLock(tmp_path)
        assert raised.value.code == "LOCKED"
    FolderLock(tmp_path).release()


def test_a_private_file_is_whole_or_not_there(tmp_path, monkeypatch):
    """A failure before it is in place leaves the old one."""
    write_private_file(tmp_path / "f", b"old")
    real = os.fsync

    def fail(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ledger.folder.os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_private_file(tmp_path / "f", b"new")
    monkeypatch.setattr("ledger.folder.os.fsync", real)
    assert (tmp_path / "f").read_bytes() == b"old"
