"""Private files written whole: bytes, then name, then folder are durable, or the file is not there."""

import os
from pathlib import Path

_FRESH = ".new"


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
    """Write a file that only its owner may read, durably (fsync, rename, fsync of the folder).

    A crash on the way leaves at most a file whose name ends in ``.new``.
    """
    fresh = path.with_name(path.name + _FRESH)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    sync_folder(path.parent)


def blob_path(blobs: Path, blob: str) -> Path:
    """Give the file of a ciphertext: two digits of its random name make the folder."""
    return blobs / blob[:2] / blob


def write_blob(blobs: Path, blob: str, sealed: bytes) -> None:
    """Write a ciphertext durably, before any row speaks of it."""
    folder = blob_path(blobs, blob).parent
    if not folder.exists():
        make_private_folder(folder)
        sync_folder(blobs)
    write_private_file(blob_path(blobs, blob), sealed)


def remove_blob(blobs: Path, blob: str) -> None:
    """Remove a ciphertext, if it is still there."""
    blob_path(blobs, blob).unlink(missing_ok=True)


def blob_files(blobs: Path) -> list[Path]:
    """List every file below ``blobs``, half-written ones too, in the order of their names."""
    return sorted(path for path in blobs.glob("*/*") if path.is_file())
