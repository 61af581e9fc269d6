"""Data keys, one for each (case, subject), in a file of their own: destroying one forgets what it locked.

The key store is not part of the database's backups, or a restore would bring back what was erased; it has its own
backup life (keep few copies, and none longer than an erasure may take). Each data key is stored wrapped by the
key-encryption key in the file ``kek`` beside it. A destroyed key leaves a tombstone, so that erased and lost differ.

The subject of a case as a whole is the empty string; that of a person is his ``actor.ref``, random for each case. What
the service states of an erasure has a key of its own, which no later erasure destroys.
"""

import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, LargeBinary, String, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from ledger.database import open_reader, open_writer
from ledger.errors import StorageUnavailableError, VaultError
from ledger.folder import make_private_folder, write_private_file
from ledger.ports import Random

KEY_SIZE = 32
NONCE_SIZE = 12
CASE_SUBJECT = ""
ERASURE_SUBJECT = "erasure"
"""Whose the statements of erasures are; no reference of a person, which is a UUID."""
_CACHED_KEYS = 4096


class KeyStoreBase(SQLModel, registry=registry()):
    """The registry of the key store's one table."""


class DataKeyRow(KeyStoreBase, table=True):
    """A wrapped data key; ``wrapped`` is NULL once the key was destroyed."""

    __tablename__ = "data_key"

    key_id: str = Field(primary_key=True, sa_type=String(32))
    case_id: str = Field(sa_type=String(36), index=True)
    subject: str = Field(sa_type=String(36))
    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)


DATA_KEY = KeyStoreBase.metadata.tables["data_key"]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a data key is: of one case, its own (empty subject), a person's in it, or its statements' of erasures."""

    case: str
    subject: str = CASE_SUBJECT


@dataclass(frozen=True, slots=True)
class DataKey:
    """An opened data key and the two keys made from it: for ciphertexts, and for HMACs of requests."""

    key_id: str
    owner: Owner
    encryption: bytes
    authentication: bytes


def _derive(key_id: str, owner: Owner, secret: bytes) -> DataKey:
    """Make the working keys by HMAC as a pseudo-random function (NIST SP 800-108), one label each."""
    return DataKey(
        key_id,
        owner,
        hmac.digest(secret, b"zheng/vault/v1", "sha256"),
        hmac.digest(secret, b"zheng/request/v1", "sha256"),
    )


def _wrapping(key_id: str, owner: Owner) -> bytes:
    return f"zheng/data-key/v1\n{key_id}\n{owner.case}\n{owner.subject}".encode()


def create_keystore(directory: Path, random: Random) -> None:
    """Make an empty key store with a new key-encryption key, unless there is one."""
    make_private_folder(directory)
    engine = open_writer(directory / "keys.db", rollback_journal=True)
    with engine.begin() as connection:
        KeyStoreBase.metadata.create_all(connection)
    engine.dispose()
    if not (directory / "kek").exists():
        write_private_file(directory / "kek", random(KEY_SIZE))


class KeyStore:
    """The data keys of one installation. One process writes; others may read with ``writable=False``."""

    def __init__(self, directory: Path, random: Random, *, writable: bool = True) -> None:
        """Open a key store.

        Raises:
            VaultError: KEY_MISSING: there is no key-encryption key.

        """
        try:
            kek = (directory / "kek").read_bytes()
        except FileNotFoundError as error:
            raise VaultError("the key-encryption key of the vault is missing", code="KEY_MISSING") from error
        self._kek = AESGCM(kek)
        self._random = random
        path = directory / "keys.db"
        self._engine = open_writer(path, rollback_journal=True) if writable else open_reader(path)
        self._mutex = threading.RLock()
        self._cache: OrderedDict[str, DataKey] = OrderedDict()
        self._current: OrderedDict[Owner, DataKey] = OrderedDict()

    def close(self) -> None:
        """Close the file and forget the opened keys."""
        with self._mutex:
            self._cache.clear()
            self._current.clear()
            self._engine.dispose()

    def ensure(self, owners: Iterable[Owner]) -> dict[Owner, DataKey]:
        """Give the present key of each owner; those that have none get one, durable before this returns.

        Raises:
            StorageUnavailableError: new keys could not be made durable; none of them may be used.
            VaultError: a key does not open.

        """
        with self._mutex:
            wanted = dict.fromkeys(owners)
            unknown = [owner for owner in wanted if owner not in self._current]
            try:
                found = self._load(unknown)
                made = self._make([owner for owner in unknown if owner not in found])
            except SQLAlchemyError as error:
                raise StorageUnavailableError("the key store cannot be written") from error
            keys = {owner: self._current[owner] for owner in wanted if owner in self._current} | found | made
            for key in (*found.values(), *made.values()):
                self._remember(key, current=True)
            return keys

    def _load(self, owners: list[Owner]) -> dict[Owner, DataKey]:
        if not owners:
            return {}
        cases = {owner.case for owner in owners}
        with self._engine.connect() as connection:
            rows = connection.execute(select(DATA_KEY).where(DATA_KEY.c.case_id.in_(cases))).all()
        wanted = set(owners)
        opened = {}
        for row in rows:
            owner = Owner(row.case_id, row.subject)
            if row.wrapped is not None and owner in wanted:
                opened[owner] = self._unwrap(row.key_id, owner, row.wrapped)
        return opened

    def _make(self, owners: list[Owner]) -> dict[Owner, DataKey]:
        if not owners:
            return {}
        made = {}
        rows = []
        for owner in owners:
            key_id, secret, nonce = self._random(16).hex(), self._random(KEY_SIZE), self._random(NONCE_SIZE)
            wrapped = nonce + self._kek.encrypt(nonce, secret, _wrapping(key_id, owner))
            made[owner] = _derive(key_id, owner, secret)
            rows.append(
                {"key_id": key_id, "case_id": owner.case, "subject": owner.subject, "wrapped": wrapped}
            )
        with self._engine.begin() as connection:
            connection.execute(insert(DATA_KEY), rows)
        return made

    def _unwrap(self, key_id: str, owner: Owner, wrapped: bytes) -> DataKey:
        try:
            secret = self._kek.decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], _wrapping(key_id, owner))
        except (InvalidTag, ValueError) as error:
            raise VaultError(f"data key {key_id} does not open") from error
        return _derive(key_id, owner, secret)

    def get(self, key_id: str) -> DataKey | None:
        """Give a key by its id; None if it was destroyed.

        Raises:
            VaultError: KEY_MISSING: there never was such a key here, or it was lost; DECRYPTION_FAILED.

        """
        with self._mutex:
            if key_id in self._cache:
                return self._cache[key_id]
            with self._engine.connect() as connection:
                row = connection.execute(select(DATA_KEY).where(DATA_KEY.c.key_id == key_id)).one_or_none()
            if row is None:
                raise VaultError(f"data key {key_id} is not in the key store", code="KEY_MISSING")
            if row.wrapped is None:
                return None
            return self._remember(self._unwrap(key_id, Owner(row.case_id, row.subject), row.wrapped))

    def check(self) -> tuple[int, int]:
        """Open every key, and count those that live and those that were destroyed.

        Raises:
            VaultError: a key does not open.

        """
        living = destroyed = 0
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=1000).execute(select(DATA_KEY)):
                if row.wrapped is None:
                    destroyed += 1
                else:
                    self._unwrap(row.key_id, Owner(row.case_id, row.subject), row.wrapped)
                    living += 1
        return living, destroyed

    def _remember(self, key: DataKey, *, current: bool = False) -> DataKey:
        self._cache[key.key_id] = key
        if current:
            self._current[key.owner] = key
        for cache in (self._cache, self._current):
            while len(cache) > _CACHED_KEYS:
                cache.popitem(last=False)
        return key

    def erase(self, owner: Owner) -> int:
        """Destroy every key of ``owner``, durably, and tell how many there were.

        Raises:
            StorageUnavailableError: the key store cannot be written.

        """
        return self._destroy(owner.case, DATA_KEY.c.subject == owner.subject, lambda each: each == owner)

    def erase_case(self, case: str) -> int:
        """Destroy every key of a case but that of its statements of erasures, durably, and tell how many there were.

        Raises:
            StorageUnavailableError: the key store cannot be written.

        """
        others = DATA_KEY.c.subject != ERASURE_SUBJECT
        return self._destroy(case, others, lambda each: each.case == case and each.subject != ERASURE_SUBJECT)

    def _destroy(self, case: str, whose: ColumnElement[bool], concerned: Callable[[Owner], bool]) -> int:
        with self._mutex:
            try:
                with self._engine.begin() as connection:
                    destroyed = connection.execute(
                        update(DATA_KEY)
                        .where(DATA_KEY.c.case_id == case, whose, DATA_KEY.c.wrapped.is_not(None))
                        .values(wrapped=None)
                    ).rowcount
            except SQLAlchemyError as error:
                raise StorageUnavailableError("the key store cannot be written") from error
            for owner in [owner for owner in self._current if concerned(owner)]:
                del self._current[owner]
            for key_id in [key_id for key_id, key in self._cache.items() if concerned(key.owner)]:
                del self._cache[key_id]
            return destroyed
