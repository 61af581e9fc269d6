"""The signer with its own memory: it never signs two roots for one size, whatever the database says.

A folder, outside the data folder and in no backup:

    key        PRIVATE+KEY+<origin>+<key id>+<base64(0x01 ‖ seed)>        as Go's note package writes it
    state      what was signed (`ledger.signer_memory`)
    POISONED   there only if another history was seen; the reason in words
    lock       held while the folder is open

Order: check the consistency proof against the memory, append the record, fsync, sign. Ed25519 is deterministic, so
one head has one note and nothing but (size, root) needs remembering. Key and memory are one thing: a memory that is
lost ends the key. Reasons: format review §3.2.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body
from zheng_verifier.claim import parse_origin
from zheng_verifier.encoding import format_base64, parse_base64
from zheng_verifier.errors import EvidenceError
from zheng_verifier.merkle import EMPTY_ROOT, TreeHead, verify_extension
from zheng_verifier.note import (
    ED25519,
    NoteSignature,
    VerifierKey,
    ed25519_vkey,
    format_note,
)

from ledger.errors import LedgerStoppedError, SignerUnavailableError
from ledger.folder import FolderLock, make_private_folder, write_private_file
from ledger.ports import Random
from ledger.signer_memory import (
    INSTANCE_SIZE,
    RECORD_SIZE,
    Record,
    format_record,
    read_memory,
    read_records,
    write_state,
    write_whole,
)

MAX_RECORDS = 1 << 16  # 8 MiB; then the memory is written anew with its last record
_EMPTY = TreeHead(0, EMPTY_ROOT)


def format_private_key(origin: str, seed: bytes) -> str:
    """Write an Ed25519 seed of 32 bytes as Go's note package does."""
    vkey = _vkey(origin, Ed25519PrivateKey.from_private_bytes(seed))
    return f"PRIVATE+KEY+{origin}+{vkey.key_id.hex()}+{format_base64(bytes([ED25519]) + seed)}"


def parse_private_key(text: str) -> tuple[str, bytes]:
    """Read what ``format_private_key`` wrote: the origin and the seed.

    Raises:
        ValueError: not such a key, or its id is not that of name and key.

    """
    parts = text.split("+", 4)
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
        raise ValueError("not a private key of the note format")
    encoded = parse_base64(parts[4], size=33)
    if format_private_key(parts[2], encoded[1:]) != text:
        raise ValueError("the private key does not match its own name and id")
    return parts[2], encoded[1:]


def _vkey(origin: str, key: Ed25519PrivateKey) -> VerifierKey:
    return ed25519_vkey(origin, key.public_key().public_bytes_raw())


def create_signer(directory: Path, origin: str, random: Random) -> None:
    """Make a new key and its empty memory in ``directory``. What a crash left half made is finished.

    Raises:
        LedgerStoppedError: KEY_LOST: there is a memory of signed heads without its key.

    """
    parse_origin(origin)
    make_private_folder(directory)
    with FolderLock(directory):
        state, key = directory / "state", directory / "key"
        if key.exists():
            return
        # The memory comes first: one without a key has signed nothing and may be made again, never the reverse.
        if state.exists() and read_memory(directory).head.size:
            raise LedgerStoppedError(
                "KEY_LOST", "the key to the signer's memory is gone: end this log, begin another"
            )
        seed = random(32)
        vkey = _vkey(origin, Ed25519PrivateKey.from_private_bytes(seed))
        write_state(directory, Record(0, _EMPTY, random(INSTANCE_SIZE), 0, vkey.key_id))
        write_private_file(key, format_private_key(origin, seed).encode() + b"\n")


def adopt_signer(directory: Path) -> None:
    """Declare that the memory in ``directory`` was moved here and that no other copy of it is left anywhere.

    Only a person can know that. The last remembered head stays what it was.

    Raises:
        LedgerStoppedError: the memory is in use, lost or damaged.

    """
    with FolderLock(directory):
        records = read_records(directory / "state")
        write_state(directory, records[-1])


class FileSigner:
    """A ``Signer`` in this process, with key and memory in a folder."""

    def __init__(self, directory: Path) -> None:
        """Open the folder and hold its lock.

        Raises:
            LedgerStoppedError: NOT_INITIALISED, LOCKED, STATE_LOST, STATE_DAMAGED, COPIED, POISONED.

        """
        self._directory = directory
        self._path = directory / "state"
        self._mutex = threading.Lock()
        if not (directory / "key").is_file():
            raise LedgerStoppedError("NOT_INITIALISED", "there is no signer's key here")
        self._lock = FolderLock(directory)
        try:
            origin, seed = parse_private_key((directory / "key").read_text().removesuffix("\n"))
            self._key = Ed25519PrivateKey.from_private_bytes(seed)
            self._vkey = _vkey(origin, self._key)
            self._open_state()
        except BaseException:
            self._lock.release()
            raise

    def _open_state(self) -> None:
        self._refuse_poisoned()
        records = read_records(self._path)
        self._record = records[-1]
        if self._record.key_id != self._vkey.key_id:
            raise LedgerStoppedError("STATE_DAMAGED", "the signer's memory is that of another key")
        self._descriptor = os.open(self._path, os.O_RDWR)
        if os.fstat(self._descriptor).st_ino != self._record.inode:
            os.close(self._descriptor)
            raise LedgerStoppedError(
                "COPIED",
                "the signer's memory was copied or restored: there may be another one that knows more",
            )
        self._first = records[0].number
        self._length = len(records) * RECORD_SIZE
        # What a crash tore off is cut away, and what was read is made durable before anything builds on it.
        os.ftruncate(self._descriptor, self._length)
        os.fsync(self._descriptor)
        self._uncertain = False

    @property
    def vkey(self) -> VerifierKey:
        """The public half of the key; its name is the log's origin."""
        return self._vkey

    @property
    def instance(self) -> bytes:
        """The 16 bytes that name this memory."""
        return self._record.instance

    def last(self) -> TreeHead | None:
        """Give the last head remembered, or None if none ever was."""
        return self._record.head if self._record.head.size else None

    def sign(self, head: TreeHead, proof: Sequence[bytes]) -> bytes:
        """Check ``proof`` against the memory, remember ``head`` durably, then sign it; see ``ports.Signer``."""
        with self._mutex:
            self._refuse_poisoned()
            self._check(head, proof)
            if head != self._record.head or self._uncertain:
                self._remember(head)
            return self._note(head)

    def poison(self, reason: str) -> None:
        """Refuse, durably and for ever, to sign."""
        with self._mutex:
            write_private_file(self._directory / "POISONED", reason.encode() + b"\n")

    def close(self) -> None:
        """Close the folder and give its lock free."""
        with self._mutex:
            os.close(self._descriptor)
            self._lock.release()

    def _refuse_poisoned(self) -> None:
        marker = self._directory / "POISONED"
        if marker.exists():
            raise LedgerStoppedError("POISONED", f"the signer is poisoned: {marker.read_text().strip()}")

    def _check(self, head: TreeHead, proof: Sequence[bytes]) -> None:
        last = self._record.head
        sizes = {"database": head.size, "signer": last.size}
        if head.size < max(last.size, 1):
            raise LedgerStoppedError("BEHIND", "the database is behind the signer", sizes)
        if head.size == last.size:
            if head != last:
                raise LedgerStoppedError("FORKED", "the database has another root hash of this size", sizes)
            return
        try:
            verify_extension(old=last, new=head, proof=proof)
        except EvidenceError as error:
            raise LedgerStoppedError(
                "INCONSISTENT", f"the database does not extend what was signed: {error.detail}", sizes
            ) from error

    def _remember(self, head: TreeHead) -> None:
        """Make ``head`` durable. From the first attempt on nothing else of its size is signed, even if it fails."""
        self._refuse_changed_state()
        number = self._first + self._length // RECORD_SIZE
        record = replace(self._record, number=number, head=head)
        self._record, self._uncertain = record, True
        try:
            if number - self._first >= MAX_RECORDS:
                self._begin_anew(record)
            else:
                self._append(record)
        except OSError as error:
            raise SignerUnavailableError(f"the signer's memory could not be written: {error}") from error
        self._uncertain = False

    def _append(self, record: Record) -> None:
        write_whole(self._descriptor, format_record(record), self._length)
        os.fsync(self._descriptor)
        self._length += RECORD_SIZE

    def _begin_anew(self, record: Record) -> None:
        self._record = write_state(self._directory, record)
        os.close(self._descriptor)
        self._descriptor = os.open(self._path, os.O_RDWR)
        self._first, self._length = record.number, RECORD_SIZE

    def _refuse_changed_state(self) -> None:
        """Notice another writer of the memory, or another memory in its place, before writing.

        After a failed attempt up to one record more may stand in the file.
        """
        slack = RECORD_SIZE if self._uncertain else 0
        try:
            length = os.fstat(self._descriptor).st_size
            inode = self._path.stat().st_ino
        except OSError as error:
            raise SignerUnavailableError(f"the signer's memory cannot be reached: {error}") from error
        if inode != self._record.inode or not self._length <= length <= self._length + slack:
            raise LedgerStoppedError("STATE_CHANGED", "somebody else wrote the signer's memory")

    def _note(self, head: TreeHead) -> bytes:
        text = format_checkpoint_body(Checkpoint(self._vkey.name, head.size, head.root_hash))
        signature = NoteSignature(self._vkey.name, self._vkey.key_id, self._key.sign(text.encode()))
        return format_note(text, [signature])
