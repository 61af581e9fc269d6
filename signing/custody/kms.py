"""The key that locks all others: a port, and one that keeps it in private files.

A key management service wraps data keys and never gives its own key away. The one here, for a single machine, keeps
each key-encryption key in a file ``<key id>.kek`` of its folder, and in ``current`` the id of the one in use, which is read
anew at each wrapping: another process may have rotated it.
Wrapping is AES-256-GCM; the context (whose data key it is) is authenticated, so that no wrapped key can stand in for
another.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing.custody.errors import CustodyDamagedError
from signing.custody.files import make_private_folder, write_private_file
from signing.ports import Random

KEY_SIZE = 32
NONCE_SIZE = 12
_CURRENT = "current"
_KEY_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A wrapped data key and the id of the key-encryption key that opens it (1-64 printable ASCII characters)."""

    key_id: str
    wrapped: bytes


class Kms(Protocol):
    """Holds key-encryption keys and wraps data keys with them.

    Promises: what ``wrap`` gave under a key id opens with ``unwrap`` under the same id and context as long as that
    key is kept, and with no other; the key-encryption key itself never leaves.
    """

    @property
    def key_id(self) -> str:
        """The id of the key that wraps now; the next wrapping may be by a younger one."""

    def wrap(self, data_key: bytes, context: bytes) -> Wrapped:
        """Encrypt a data key of 32 bytes for ``context`` under the key in use."""

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Decrypt what ``wrap`` made.

        Raises:
            CustodyDamagedError: KEY_MISSING: no such key-encryption key; KEY_DAMAGED: it does not open.

        """


def create_file_kms(directory: Path, random: Random) -> None:
    """Make the folder with a first key-encryption key, unless there is one."""
    make_private_folder(directory)
    with _alone(directory):
        if not (directory / _CURRENT).exists():
            _add_key(directory, random)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Be the only process that changes which key is in use."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _add_key(directory: Path, random: Random) -> None:
    key_id = random(8).hex()
    write_private_file(directory / f"{key_id}.kek", random(KEY_SIZE))
    write_private_file(directory / _CURRENT, key_id.encode("ascii"))


class FileKms:
    """Key-encryption keys in files that only their owner may read."""

    def __init__(self, directory: Path, random: Random) -> None:
        """Open the folder.

        Raises:
            CustodyDamagedError: KEY_MISSING: it has no current key.

        """
        self._directory = directory
        self._random = random
        self._opened: dict[str, AESGCM] = {}
        self._key(self.key_id)

    @property
    def key_id(self) -> str:
        """The id of the key that wraps now (16 hexadecimal digits).

        Raises:
            CustodyDamagedError: KEY_MISSING: the folder does not say.

        """
        try:
            return (self._directory / _CURRENT).read_text("ascii")
        except FileNotFoundError as error:
            raise CustodyDamagedError(
                "KEY_MISSING", "the key-encryption key of custody is missing"
            ) from error

    def wrap(self, data_key: bytes, context: bytes) -> Wrapped:
        """Encrypt a data key: nonce of 12 bytes, ciphertext, tag of 16 bytes."""
        key_id, nonce = self.key_id, self._random(NONCE_SIZE)
        return Wrapped(key_id, nonce + self._key(key_id).encrypt(nonce, data_key, context))

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Decrypt what ``wrap`` made.

        Raises:
            CustodyDamagedError: KEY_MISSING, KEY_DAMAGED.

        """
        try:
            return self._key(key_id).decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], context)
        except (InvalidTag, ValueError) as error:
            raise CustodyDamagedError("KEY_DAMAGED", "a data key does not open") from error

    def rotate(self) -> str:
        """Make a new key-encryption key the one in use, and give its id; the old ones stay to unwrap with.

        Cut off at any moment, it was done or not: a key is durable before it is named as the one in use.
        """
        with _alone(self._directory):
            _add_key(self._directory, self._random)
            return self.key_id

    def key_ids(self) -> tuple[str, ...]:
        """List the key-encryption keys that are kept here, in use or not."""
        return tuple(sorted(path.stem for path in self._directory.glob("*.kek")))

    def _key(self, key_id: str) -> AESGCM:
        if key_id not in self._opened:
            if not _KEY_ID.fullmatch(key_id):
                raise CustodyDamagedError("KEY_MISSING", "the id of a key-encryption key is malformed")
            try:
                self._opened[key_id] = AESGCM((self._directory / f"{key_id}.kek").read_bytes())
            except (FileNotFoundError, ValueError) as error:
                raise CustodyDamagedError("KEY_MISSING", f"key-encryption key {key_id} is missing") from error
        return self._opened[key_id]
