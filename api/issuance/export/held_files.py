"""Files that are kept for some days, encrypted: a package holds opened personal values and documents.

Each file has a random key of its own beside the vault's keys, apart from the file, with a backup life apart (AES-256-GCM).
Destroying the key erases the file, wherever copies of it lie.
"""

from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.times import Random
from ledger.folder import make_private_folder, write_private_file

_KEY_SIZE, _NONCE_SIZE = 32, 12


class HeldFiles:
    """Files by name in one folder, their keys by the same names in another."""

    def __init__(self, folder: Path, keys: Path, *, random: Random) -> None:
        self._folder = folder
        self._keys = keys
        self._random = random

    def write(self, name: str, content: bytes) -> None:
        """Keep a file durably, in the place of one of the same name; it is there whole, or not at all.

        Raises:
            OSError: no room, or no right to write.
        """
        make_private_folder(self._folder)
        make_private_folder(self._keys)
        key = self._key(name)
        if key is None:
            key = self._random(_KEY_SIZE)
            write_private_file(self._keys / name, key)
        nonce = self._random(_NONCE_SIZE)
        sealed = nonce + AESGCM(key).encrypt(nonce, content, self._label(name))
        write_private_file(self._folder / name, sealed)

    def read(self, name: str) -> bytes | None:
        """Give a file; None if it is not there, was erased, or is not what was written."""
        key = self._key(name)
        try:
            sealed = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        if key is None:
            return None
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], self._label(name))
        except (InvalidTag, ValueError):
            return None

    def drop(self, name: str) -> bool:
        """Erase a file, its key first, and what an interrupted write left of it; tell whether there was a file."""
        present = (self._folder / name).exists()
        for folder in (self._keys, self._folder):
            for each in (name, f"{name}.new"):
                (folder / each).unlink(missing_ok=True)
        return present

    def _key(self, name: str) -> bytes | None:
        try:
            return (self._keys / name).read_bytes()
        except FileNotFoundError:
            return None

    def _label(self, name: str) -> bytes:
        return f"zheng/held-file/v1\n{self._folder.name}\n{name}".encode()
