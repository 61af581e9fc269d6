"""Folders and files that belong to one process: private, locked, durable, and not on a network file system."""

import fcntl
import os
import re
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from ledger.errors import LedgerStoppedError

# File systems on which locks or shared memory do not reach every writer (SQLite, "Write-Ahead Logging", §1).
_NETWORK_TYPES = """
    9p afs beegfs ceph cifs fuse.glusterfs fuse.sshfs gfs2 glusterfs lustre ncpfs nfs nfs4 ocfs2 orangefs pvfs2
    smb3 smbfs vboxsf
"""
NETWORK_TYPES = frozenset(_NETWORK_TYPES.split())


def make_private_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, and those above it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync_folder(path: Path) -> None:
    """Make the names within a folder durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_private_file(path: Path, data: bytes) -> None:
    """Write a whole file that only its owner may read, durably: it is there complete, or not at all."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    sync_folder(path.parent)


class FolderLock:
    """The exclusive lock of a folder, held until it is given free or the process ends, however it ends."""

    def __init__(self, directory: Path) -> None:
        """Take the lock.

        Raises:
            LedgerStoppedError: LOCKED: another process holds it. NETWORK_FILE_SYSTEM.

        """
        refuse_network_file_system(directory)
        self._descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise LedgerStoppedError("LOCKED", f"another process works in {directory}") from error

    def release(self) -> None:
        """Give the lock free."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def mount_type(mountinfo: str, path: Path) -> str:
    """Find the type of the file system that an absolute ``path`` lies on, from the text of Linux' mountinfo.

    Of several mounts above the path the deepest counts, of several at one place the last. Empty if none is found.
    """
    best, found = -1, ""
    for line in mountinfo.splitlines():
        head, _, tail = line.partition(" - ")
        # Space, tab, line feed and backslash stand as three octal digits.
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), head.split(" ")[4])
        depth = len(Path(point).parts)
        if path.is_relative_to(point) and depth >= best:
            best, found = depth, tail.split(" ")[0]
    return found


def refuse_network_file_system(directory: Path) -> None:
    """Refuse a folder on a network file system, where the system tells.

    Raises:
        LedgerStoppedError: NETWORK_FILE_SYSTEM.

    """
    if sys.platform != "linux":
        return
    kind = mount_type(Path("/proc/self/mountinfo").read_text(), directory.resolve())
    if kind in NETWORK_TYPES:
        raise LedgerStoppedError(
            "NETWORK_FILE_SYSTEM",
            f"{directory} lies on {kind}, where locks and shared memory cannot be trusted",
        )
