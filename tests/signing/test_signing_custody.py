"""Custody: the same bytes back, for their owner only, with every reading logged, whatever crashes on the way."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pysqlite3 import dbapi2
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from signing.custody.errors import CustodyDamagedError
from signing.custody.files import blob_path
from signing.custody.opening import open_custody
from signing.custody.rows import FileRow, OwnerRow
from signing.custody.upkeep import fsck, sweep
from signing.database import read, write
from signing.errors import Refused
from signing.principal import Principal, Seen

TENANT, OTHER = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10", "9a2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c11"
LEASE, LOAN = "contract-lease", "contract-loan"
CONTENT = "租赁合同".encode() * 100
PDF = "application/pdf"
READER = Principal(TENANT, "member", "account-1", seen=Seen("192.0.2.7", "browser/1", "pc"))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "signing"


@pytest.fixture
def custody(folder, clock):
    made = open_custody(folder / "keys", folder / "blobs", clock=clock, random=os.urandom)
    yield made
    made.keys.close()


@pytest.fixture
def kept(engine, custody):
    """A lease and a loan with one file each; gives the digest of the lease."""
    with write(engine) as session:
        custody.create_owner(session, TENANT, LEASE)
        custody.create_owner(session, TENANT, LOAN)
        custody.put(session, LOAN, b"loan", media_type=PDF)
        return custody.put(session, LEASE, CONTENT, media_type=PDF).sha256


def fetch(engine, custody, owner, sha256, by=READER):
    with write(engine) as session:
        return custody.get(session, owner, sha256, by=by, purpose="view")


def only_blob(engine, custody, owner):
    with read(engine) as session:
        return blob_path(
            custody.blobs, session.exec(select(FileRow).where(FileRow.owner == owner)).one().blob
        )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=2000))
def test_the_same_bytes_come_back(engine, custody, content):
    """Whatever the bytes, also after a restart; putting them again gives the same answer and writes nothing."""
    with write(engine) as session:
        custody.create_owner(session, TENANT, LEASE)
        stored = custody.put(session, LEASE, content, media_type="text/plain")
        assert custody.put(session, LEASE, content, media_type="text/plain") == stored
        assert stored.size == len(content)
        assert stored in custody.files(session, LEASE)
    assert fetch(engine, custody, LEASE, stored.sha256) == content


def test_nothing_readable_lies_on_disk(engine, custody, kept, folder, tmp_path):
    """Neither content nor digest nor an opened key; files are for their owner only; keys lie apart."""
    key = custody.keys.get(TENANT, LEASE)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert CONTENT[:12] not in data
            assert kept.encode() not in data
            assert bytes.fromhex(kept) not in data
            assert key.encryption not in data
            if path.is_relative_to(folder):
                assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_process_reads_what_the_old_one_kept(engine, custody, kept, folder, clock):
    """Keys and files are durable when the transaction is."""
    custody.keys.close()
    again = open_custody(folder / "keys", folder / "blobs", clock=clock, random=os.urandom)
    assert fetch(engine, again, LEASE, kept) == CONTENT
    assert again.keys.check() == (2, 0)
    again.keys.close()


@pytest.mark.parametrize("at", [0, 11, 12, 40, -17, -1])
def test_changed_ciphertext_is_refused(engine, custody, kept, at):
    """Any byte of nonce, ciphertext or tag."""
    path = only_blob(engine, custody, LEASE)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(CustodyDamagedError, match="FILE_DAMAGED"):
        fetch(engine, custody, LEASE, kept)
    assert [finding.code for finding in fsck(engine, custody)] == ["FILE_DAMAGED"]


@pytest.mark.parametrize("cut", [0, 5, 12, 27])
def test_a_truncated_or_missing_file_is_refused(engine, custody, kept, cut):
    """Damage is told apart from erasure."""
    path = only_blob(engine, custody, LEASE)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(CustodyDamagedError, match="FILE_DAMAGED"):
        fetch(engine, custody, LEASE, kept)
    path.unlink()
    with pytest.raises(CustodyDamagedError, match="FILE_MISSING"):
        fetch(engine, custody, LEASE, kept)
    assert [finding.code for finding in fsck(engine, custody)] == ["FILE_MISSING"]


def test_swapped_files_are_refused(engine, custody, kept):
    """Neither another file of the same owner nor one of another owner passes for this one."""
    with write(engine) as session:
        second = custody.put(session, LEASE, b"second", media_type=PDF)
    with read(engine) as session:
        rows = session.exec(select(FileRow).where(FileRow.owner == LEASE)).all()
    one, two = (blob_path(custody.blobs, row.blob) for row in rows)
    first_bytes, second_bytes = one.read_bytes(), two.read_bytes()
    one.write_bytes(second_bytes)
    two.write_bytes(first_bytes)
    for sha256 in (kept, second.sha256):
        with pytest.raises(CustodyDamagedError, match="FILE_DAMAGED"):
            fetch(engine, custody, LEASE, sha256)
    one.write_bytes(only_blob(engine, custody, LOAN).read_bytes())
    with pytest.raises(CustodyDamagedError, match="FILE_DAMAGED"):
        fetch(engine, custody, LEASE, kept)


def test_swapped_owners_are_refused(engine, custody, kept):
    """A row written over to another owner opens nothing: neither a lookup nor a key fits."""
    with write(engine) as session:
        row = session.exec(select(FileRow).where(FileRow.owner == LEASE)).one()
        row.owner = LOAN
        session.add(row)
    with pytest.raises(Refused, match="file-unknown"):
        fetch(engine, custody, LOAN, kept)
    with read(engine) as session, pytest.raises(CustodyDamagedError, match="VALUE_DAMAGED"):
        custody.files(session, LOAN)
    with write(engine) as session:
        row = session.get(OwnerRow, LEASE)
        row.tenant = OTHER
        session.add(row)
    with pytest.raises(CustodyDamagedError, match="KEY_MISSING"):
        fetch(engine, custody, LEASE, kept)


def test_values_open_for_their_owner_and_place_only(engine, custody, kept):
    """Sealed twice they look different; a lookup digest depends on tenant, purpose and value."""
    with read(engine) as session:
        sealed = custody.seal(session, LEASE, "李明".encode(), place="name")
        assert custody.open(session, LEASE, sealed, place="name") == "李明".encode()
        assert custody.seal(session, LEASE, "李明".encode(), place="name") != sealed
        for owner, place in ((LOAN, "name"), (LEASE, "phone")):
            with pytest.raises(CustodyDamagedError, match="VALUE_DAMAGED"):
                custody.open(session, owner, sealed, place=place)
    blinded = {
        custody.blind(*each)
        for each in (
            (TENANT, "phone", "1"),
            (OTHER, "phone", "1"),
            (TENANT, "id", "1"),
            (TENANT, "phone", "2"),
        )
    }
    assert len(blinded) == 4
    assert custody.blind(TENANT, "phone", "1") in blinded


def test_owners_belong_to_one_tenant(engine, custody, kept):
    """Another tenant's owner is unknown, and an id nobody created as well."""
    with write(engine) as session:
        custody.create_owner(session, TENANT, LEASE)
        with pytest.raises(Refused, match="custody-unknown"):
            custody.create_owner(session, OTHER, LEASE)
        with pytest.raises(Refused, match="custody-unknown"):
            custody.put(session, "nobody", b"x", media_type=PDF)
        with pytest.raises(Refused, match="file-unknown"):
            custody.get(session, LOAN, kept, by=READER, purpose="view")


def test_every_reading_is_logged_and_nothing_removes_it(engine, custody, kept):
    """Who, when, from where, what for; the database itself refuses to change or delete a row."""
    fetch(engine, custody, LEASE, kept)
    fetch(engine, custody, LEASE, kept, by=None)
    with read(engine) as session:
        first, second = custody.accesses(session, TENANT, LEASE)
        assert (first.who_kind, first.who, first.purpose, first.terminal) == (
            "member",
            "account-1",
            "view",
            "pc",
        )
        assert (first.ip, first.user_agent, first.sha256) == ("192.0.2.7", "browser/1", kept)
        assert (second.who_kind, second.ip) == ("system", None)
        assert custody.accesses(session, OTHER) == []
        assert custody.accesses(session, TENANT, after=first.number) == [second]
        with pytest.raises(Refused, match="custody-unknown"):
            custody.accesses(session, OTHER, LEASE)
    for statement in ("DELETE FROM custody_access", "UPDATE custody_access SET who = 'nobody'"):
        with pytest.raises(DBAPIError, match="only ever added"), write(engine) as session:
            session.connection().exec_driver_sql(statement)
    with write(engine) as session, pytest.raises(ValueError, match="no purpose"):
        custody.get(session, LEASE, kept, by=READER, purpose="just looking")


class Crash(BaseException):
    """The process ends here."""


def crash(*_arguments):
    raise Crash


def test_sweeping_goes_on_while_files_get_their_names(engine, custody, kept):
    """A file that is renamed between being listed and being looked at spoils no sweep, and is not removed."""
    folder = custody.blobs / "00"
    folder.mkdir(exist_ok=True)
    stop, swept = threading.Event(), 0

    def write_on():
        while not stop.is_set():
            for number in range(50):
                (folder / f"00{number}.new").write_bytes(b"")
                (folder / f"00{number}.new").rename(folder / f"00{number}")

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        for _ in range(40):
            swept += sweep(engine, custody, now=datetime.now(UTC))
    finally:
        stop.set()
        writer.join()
    assert swept == 0
    assert not {finding.code for finding in fsck(engine, custody)} - {"ORPHAN"}


@pytest.mark.parametrize("step", range(6))
def test_a_crash_at_any_write_leaves_at_most_an_orphan(engine, custody, kept, monkeypatch, step):
    """fsync of the folder of folders, of the file, rename, fsync of the folder, flush, commit; then the same works."""
    calls = []

    def crashing(real):
        def call(*args, **keywords):
            calls.append(real)
            if len(calls) == step + 1:
                raise Crash
            return real(*args, **keywords)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", crashing(os.fsync))
        patch.setattr(Path, "rename", crashing(Path.rename))
        if step == 4:
            patch.setattr(custody, "_clock", crashing(custody._clock))
        # One write less where the folder of folders is there already: then a later one, and the commit at the latest.
        patch.setattr(engine.dialect, "do_commit", crash)
        with pytest.raises(Crash), write(engine) as session:
            custody.put(session, LEASE, b"new", media_type=PDF)
    assert {finding.code for finding in fsck(engine, custody)} <= {"ORPHAN"}
    now = datetime.now(UTC)
    assert sweep(engine, custody, now=now) == 0
    sweep(engine, custody, now=now + timedelta(hours=2))
    assert list(fsck(engine, custody)) == []
    with write(engine) as session:
        stored = custody.put(session, LEASE, b"new", media_type=PDF)
    assert fetch(engine, custody, LEASE, stored.sha256) == b"new"
    assert list(fsck(engine, custody)) == []


def test_a_commit_that_failed_but_persisted_is_the_same_file(engine, custody, kept, monkeypatch):
    """The answer was lost, the row is there: putting again finds it."""
    real = engine.dialect.do_commit

    def lost(connection):
        real(connection)
        raise dbapi2.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(engine.dialect, "do_commit", lost)
        with pytest.raises(DBAPIError), write(engine) as session:
            custody.put(session, LEASE, b"new", media_type=PDF)
    with write(engine) as session:
        custody.put(session, LEASE, b"new", media_type=PDF)
        assert len(custody.files(session, LEASE)) == 2
    assert list(fsck(engine, custody)) == []


def test_an_owner_whose_transaction_was_lost_is_made_again(engine, custody):
    """The key made for it is used then; no second one appears."""
    with pytest.raises(Crash), write(engine) as session:
        custody.create_owner(session, TENANT, LEASE)
        raise Crash
    with write(engine) as session:
        custody.create_owner(session, TENANT, LEASE)
        custody.put(session, LEASE, b"x", media_type=PDF)
    assert custody.keys.check() == (1, 0)


def test_a_rotated_key_encryption_key_opens_everything(engine, custody, kept, folder, clock):
    """After rewrapping the old one is not needed any more."""
    kms = custody.keys._kms
    old = kms.key_id
    assert kms.rotate() != old
    assert custody.keys.rewrap() == 2
    assert custody.keys.rewrap() == 0
    custody.keys.close()
    (folder / "keys" / f"{old}.kek").unlink()
    again = open_custody(folder / "keys", folder / "blobs", clock=clock, random=os.urandom)
    assert fetch(engine, again, LEASE, kept) == CONTENT
    again.keys.close()


def test_keys_are_wrapped_anew_while_another_process_works_and_from_wherever_it_was_cut_off(folder, clock):
    """What the other makes after a rotation is under the new key at once; what it destroys stays destroyed."""
    places = folder / "keys", folder / "blobs"
    ours, other = (open_custody(*places, clock=clock, random=os.urandom) for _ in range(2))
    kept = [other.keys.ensure(TENANT, f"owner-{number}") for number in range(5)]
    old, new = ours.keys.kms_key_id, ours.keys._kms.rotate()
    other.keys.ensure(TENANT, "later")
    assert ours.keys.wrappings() == {old: 5, new: 1}

    def cut_off(done):
        assert done == 2
        other.keys.destroy("owner-4")
        raise Crash

    with pytest.raises(Crash):
        ours.keys.rewrap(cut_off, batch=2)
    assert ours.keys.wrappings() == {old: 2, new: 3}
    ours.keys.close()
    again = open_custody(*places, clock=clock, random=os.urandom)
    assert again.keys.rewrap(batch=2) == 2
    assert again.keys.wrappings() == {new: 5}
    (places[0] / f"{old}.kek").unlink()
    assert [again.keys.get(TENANT, key.owner) for key in kept[:4]] == kept[:4]
    assert again.keys.is_destroyed("owner-4")
    assert again.keys.check() == (5, 1)
    for each in (again, other):
        each.keys.close()


def test_two_processes_that_make_a_key_for_one_owner_get_the_same(folder, clock, monkeypatch):
    """Whoever comes second takes the first's, and takes none that was destroyed in between."""
    places = folder / "keys", folder / "blobs"
    ours, other = (open_custody(*places, clock=clock, random=os.urandom) for _ in range(2))
    for owner, destroyed in (("lease", False), ("loan", True)):
        known = []
        looked_up = ours.keys._row

        def raced(asked, owner=owner, destroyed=destroyed, known=known, looked_up=looked_up):
            found = looked_up(asked)
            if not known:
                known.append(other.keys.ensure(TENANT, owner))
                if destroyed:
                    other.keys.destroy(owner)
            return found

        with monkeypatch.context() as patch:
            patch.setattr(ours.keys, "_row", raced)
            assert ours.keys.ensure(TENANT, owner) == (None if destroyed else known[0])
    for each in (ours, other):
        each.keys.close()


def test_without_its_key_encryption_key_custody_does_not_open(engine, custody, kept, folder, clock):
    """It never makes a new one beside keys that only the old one opens; another one opens nothing."""
    custody.keys.close()
    kms = folder / "keys"
    current = (kms / "current").read_text()
    (kms / "current").unlink()
    with pytest.raises(CustodyDamagedError, match="KEY_MISSING"):
        open_custody(folder / "keys", folder / "blobs", clock=clock, random=os.urandom)
    (kms / "current").write_text(current)
    (kms / f"{current}.kek").write_bytes(bytes(32))
    other = open_custody(folder / "keys", folder / "blobs", clock=clock, random=os.urandom)
    with pytest.raises(CustodyDamagedError, match="KEY_DAMAGED"):
        fetch(engine, other, LEASE, kept)
    assert {finding.code for finding in fsck(engine, other)} == {"KEY_DAMAGED"}
    other.keys.close()
