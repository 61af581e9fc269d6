"""Looking after the blobs: what a crash left, what is missing, what does not open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import col, select

from signing.custody.errors import CustodyDamagedError
from signing.custody.files import blob_files, sync_folder
from signing.custody.rows import FileRow, OwnerRow
from signing.custody.service import Custody
from signing.database import read

# A younger file may belong to a transaction that has not committed yet.
ORPHAN_AGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: a code, and the blob or owner it is about."""

    code: str
    subject: str


def _orphans(engine: Engine, custody: Custody) -> Iterator[str]:
    # The folder is listed first: a file that gets its row after that is not on the list.
    files = blob_files(custody.blobs)
    with read(engine) as session:
        known = set(session.exec(select(FileRow.blob)))
    return (path.name for path in files if path.name not in known)


def sweep(engine: Engine, custody: Custody, *, now: datetime) -> int:
    """Remove files without a row that are older than an hour, and tell how many: leavings of a crash."""
    removed = 0
    for name in _orphans(engine, custody):
        path = custody.blobs / name[:2] / name
        try:
            old = path.stat().st_mtime <= (now - ORPHAN_AGE).timestamp()
        except FileNotFoundError:
            continue  # it was being written when it was listed, and has its own name by now
        if old:
            path.unlink(missing_ok=True)
            sync_folder(path.parent)
            removed += 1
    return removed


def fsck(engine: Engine, custody: Custody) -> Iterator[Finding]:
    """Read every file and open every key; find what is missing, damaged, left over or not yet destroyed.

    ``ORPHAN`` and ``ERASURE_UNFINISHED`` are leavings that the next sweep or finish removes; all others are damage.
    """
    for name in _orphans(engine, custody):
        yield Finding("ORPHAN", name)
    with read(engine) as session:
        owners = session.exec(select(OwnerRow).order_by(col(OwnerRow.owner))).all()
    for owner in owners:
        if owner.erased_at is not None:
            if not custody.keys.is_destroyed(owner.owner):
                yield Finding("ERASURE_UNFINISHED", owner.owner)
            continue
        yield from _check_owner(engine, custody, owner)


def _check_owner(engine: Engine, custody: Custody, owner: OwnerRow) -> Iterator[Finding]:
    try:
        key = custody.keys.get(owner.tenant, owner.owner)
    except CustodyDamagedError as error:
        yield Finding(error.code, owner.owner)
        return
    if key is None:
        # An older signing.db beside the newer key store: everything here reads as erased.
        yield Finding("KEY_DESTROYED", owner.owner)
        return
    with read(engine) as session:
        rows = session.exec(select(FileRow).where(FileRow.owner == owner.owner)).all()
    for row in rows:
        try:
            custody.read(key, row, custody.describe(key, row).sha256)
        except CustodyDamagedError as error:
            yield Finding(error.code, row.blob)
