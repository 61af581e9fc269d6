"""What a signer remembers, in one file: records of 128 bytes; the last one is the last head that may have been signed.

    record     "zhsigner" ‖ number u64 ‖ size u64 ‖ root 32 ‖ instance 16 ‖ inode u64 ‖ key id 4 ‖ 40 × 0 ‖ CRC-32

The inode in each record is that of the file itself, so that a copied or restored memory is noticed: there must never
be two.
"""

import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from zheng_verifier.merkle import TreeHead

from ledger.errors import LedgerStoppedError
from ledger.folder import sync_folder

RECORD_SIZE = 128
INSTANCE_SIZE = 16
_MAGIC = b"zhsigner"
_RECORD = struct.Struct(">8sQQ32s16sQ4s40x")


@dataclass(frozen=True, slots=True)
class Record:
    """One remembered head: its ``number`` in the life of the memory, and which file of which instance it stands in."""

    number: int
    head: TreeHead
    instance: bytes
    inode: int
    key_id: bytes


def format_record(record: Record) -> bytes:
    """Write a record: 128 bytes, the last four a CRC-32 of the others."""
    body = _RECORD.pack(
        _MAGIC,
        record.number,
        record.head.size,
        record.head.root_hash,
        record.instance,
        record.inode,
        record.key_id,
    )
    return body + zlib.crc32(body).to_bytes(4, "big")


def parse_record(data: bytes) -> Record | None:
    """Read a record of 128 bytes; None if they are not one."""
    body, crc = data[:-4], data[-4:]
    if len(data) != RECORD_SIZE or zlib.crc32(body).to_bytes(4, "big") != crc or body[:8] != _MAGIC:
        return None
    _, number, size, root, instance, inode, key = _RECORD.unpack(body)
    record = Record(number, TreeHead(size, root), instance, inode, key)
    return record if format_record(record) == data else None


def write_state(directory: Path, last: Record) -> Record:
    """Write a memory of one record under another name and put it in place; it knows its own inode."""
    fresh = directory / "state.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        record = Record(last.number, last.head, last.instance, os.fstat(descriptor).st_ino, last.key_id)
        write_whole(descriptor, format_record(record), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.rename(directory / "state")
    sync_folder(directory)
    return record


def write_whole(descriptor: int, data: bytes, offset: int) -> None:
    """Write all of it at a place of a file.

    Raises:
        OSError: it could not be written whole.
    """
    if os.pwrite(descriptor, data, offset) != len(data):
        raise OSError("the record was written only in part: is the disk full?")


def read_records(path: Path) -> list[Record]:
    """Read a memory; a last record that never became whole is left out.

    A record is signed for only after its fsync returned, so one that a crash tore was never signed for. It shows as
    an end that is no multiple of 128, or as zeros. Anything else that does not parse is damage, and damage to a
    memory is its loss.

    Raises:
        LedgerStoppedError: STATE_LOST, STATE_DAMAGED.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise LedgerStoppedError(
            "STATE_LOST", "the signer's memory is gone: its key must never sign again"
        ) from error
    whole = [data[at : at + RECORD_SIZE] for at in range(0, len(data), RECORD_SIZE)]
    if whole and (len(whole[-1]) < RECORD_SIZE or not any(whole[-1])):
        whole.pop()
    records = [parse_record(chunk) for chunk in whole]
    found = [record for record in records if record is not None]
    if not found or len(found) != len(records):
        raise LedgerStoppedError(
            "STATE_DAMAGED", "the signer's memory is damaged: its key must never sign again"
        )
    first = found[0]
    for number, record in enumerate(found, start=first.number):
        same = (record.instance, record.inode, record.key_id) == (first.instance, first.inode, first.key_id)
        if record.number != number or not same:
            raise LedgerStoppedError("STATE_DAMAGED", "the signer's memory was put together from several")
    return found


def read_memory(directory: Path) -> Record:
    """Read the last record of a signer's memory without opening it for signing; size 0 if nothing was ever signed.

    Raises:
        LedgerStoppedError: STATE_LOST, STATE_DAMAGED.

    """
    return read_records(directory / "state")[-1]
