"""Data keys, one for each owner, in a database of their own: destroying one forgets what it locked.

An owner is what is kept and forgotten together: a contract, an account, a seal, a template, a dossier. The key store
has a backup life of its own (few copies, none kept longer than an erasure may take): were it part of the backups of
``signing.db``, restoring one would bring back what was erased. A destroyed key leaves a tombstone, so that *erased*
and *lost* differ, whatever an older ``signing.db`` says. Keys are durable before they are given to anyone; a key whose
owner's transaction did not commit stays behind, harmless and unused.
"""

import hmac
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, LargeBinary, String
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col, func, select

from signing.custody.errors import CustodyDamagedError
from signing.custody.files import make_private_folder
from signing.custody.kms import KEY_SIZE, Kms
from signing.database import open_engine, read, write
from signing.ports import Random

KEYS_DB = "keys.db"
_CACHED_KEYS = 1024


class KeyStoreBase(SQLModel, registry=registry()):
    """The registry of the key store's one table."""


class DataKeyRow(KeyStoreBase, table=True):
    """A wrapped data key and which key-encryption key wraps it; ``wrapped`` is NULL once the key was destroyed."""

    __tablename__ = "data_key"

    owner: str = Field(primary_key=True, sa_type=String(64))
    tenant: str = Field(sa_type=String(64))
    key_id: str = Field(sa_type=String(32), unique=True)
    kms_key_id: str = Field(sa_type=String(64))
    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)


@dataclass(frozen=True, slots=True)
class DataKey:
    """An opened data key and the two made from it, 32 bytes each: for ciphertexts, and for HMACs of lookups."""

    key_id: str
    tenant: str
    owner: str
    encryption: bytes
    authentication: bytes


def _opened(key_id: str, tenant: str, owner: str, secret: bytes) -> DataKey:
    """Make the working keys by HMAC as a pseudo-random function (NIST SP 800-108), one label each."""
    return DataKey(
        key_id,
        tenant,
        owner,
        hmac.digest(secret, b"zheng/custody/encryption/v1", "sha256"),
        hmac.digest(secret, b"zheng/custody/lookup/v1", "sha256"),
    )


def _context(key_id: str, tenant: str, owner: str) -> bytes:
    return f"zheng/custody/data-key/v1\n{key_id}\n{tenant}\n{owner}".encode()


class KeyStore:
    """The data keys of one installation."""

    def __init__(self, directory: Path, kms: Kms, random: Random) -> None:
        """Open the key store ``keys.db`` of a folder, making an empty one if there is none."""
        make_private_folder(directory)
        path = directory / KEYS_DB
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._kms = kms
        self._random = random
        self._engine: Engine = open_engine(path)
        KeyStoreBase.metadata.create_all(self._engine)
        self._mutex = threading.RLock()
        self._cache: OrderedDict[str, DataKey] = OrderedDict()

    def close(self) -> None:
        """Close the file and forget the opened keys."""
        with self._mutex:
            self._cache.clear()
            self._engine.dispose()

    def ensure(self, tenant: str, owner: str) -> DataKey | None:
        """Give the key of an owner, making one, durable before this returns, if he has none; None if destroyed.

        Raises:
            CustodyDamagedError: the key does not open, or the owner is another tenant's.

        """
        with self._mutex:
            if owner not in self._cache and self._row(owner) is None:
                made = self._make(tenant, owner)
                if made is not None:
                    self._remember(made)
            return self.get(tenant, owner)

    def _make(self, tenant: str, owner: str) -> DataKey | None:
        key_id, secret = self._random(16).hex(), self._random(KEY_SIZE)
        wrapped = self._kms.wrap(secret, _context(key_id, tenant, owner))
        with write(self._engine) as session:
            known = session.get(DataKeyRow, owner)
            if known is None:
                session.add(
                    DataKeyRow(
                        owner=owner,
                        tenant=tenant,
                        key_id=key_id,
                        kms_key_id=wrapped.key_id,
                        wrapped=wrapped.wrapped,
                    )
                )
        if known is not None:  # another process was faster
            return None if known.wrapped is None else self._unwrap(known)
        return _opened(key_id, tenant, owner, secret)

    def get(self, tenant: str, owner: str) -> DataKey | None:
        """Give the key of an owner; None if it was destroyed.

        Raises:
            CustodyDamagedError: KEY_MISSING: there never was one here, it was lost, or it is another tenant's;
                KEY_DAMAGED: it does not open.

        """
        with self._mutex:
            key = self._cache.get(owner)
            if key is None:
                row = self._row(owner)
                if row is None:
                    raise CustodyDamagedError(
                        "KEY_MISSING", f"the data key of {owner} is not in the key store"
                    )
                if row.wrapped is None:
                    return None
                key = self._remember(self._unwrap(row))
            if key.tenant != tenant:
                raise CustodyDamagedError("KEY_MISSING", f"the data key of {owner} is another tenant's")
            return key

    def _row(self, owner: str) -> DataKeyRow | None:
        with read(self._engine) as session:
            return session.get(DataKeyRow, owner)

    def _secret(self, row: DataKeyRow) -> bytes:
        return self._kms.unwrap(
            row.kms_key_id, row.wrapped or b"", _context(row.key_id, row.tenant, row.owner)
        )

    def _unwrap(self, row: DataKeyRow) -> DataKey:
        return _opened(row.key_id, row.tenant, row.owner, self._secret(row))

    def _remember(self, key: DataKey) -> DataKey:
        self._cache[key.owner] = key
        while len(self._cache) > _CACHED_KEYS:
            self._cache.popitem(last=False)
        return key

    def destroy(self, owner: str) -> bool:
        """Destroy the key of an owner, durably; tell whether there was one left to destroy."""
        with self._mutex:
            with write(self._engine) as session:
                row = session.get(DataKeyRow, owner)
                if row is None or row.wrapped is None:
                    return False
                row.wrapped = None
                session.add(row)
            self._cache.pop(owner, None)
            return True

    def is_destroyed(self, owner: str) -> bool:
        """Tell whether the owner's key was destroyed; False too where there never was one."""
        row = self._row(owner)
        return row is not None and row.wrapped is None

    def rewrap(self, progress: Callable[[int], None] = lambda _done: None, *, batch: int = 500) -> int:
        """Wrap every key that an older key-encryption key wraps with the one in use; tell how many.

        By so many at a time, each batch whole or not at all, so that others may write in between; cut off, it is begun
        again where it was. ``progress`` is told after each batch how many were done.

        Raises:
            CustodyDamagedError: a key does not open; batches before it are done, nothing is lost.

        """
        done = 0
        while changed := self._rewrap_some(batch):
            done += changed
            progress(done)
        return done

    def _rewrap_some(self, limit: int) -> int:
        with self._mutex, write(self._engine) as session:
            living = col(DataKeyRow.wrapped).is_not(None)
            query = select(DataKeyRow).where(living, DataKeyRow.kms_key_id != self._kms.key_id)
            rows = session.exec(query.order_by(col(DataKeyRow.owner)).limit(limit)).all()
            for row in rows:
                wrapped = self._kms.wrap(self._secret(row), _context(row.key_id, row.tenant, row.owner))
                row.wrapped, row.kms_key_id = wrapped.wrapped, wrapped.key_id
                session.add(row)
            return len(rows)

    def wrappings(self) -> dict[str, int]:
        """Count the living keys by the id of the key-encryption key that wraps each."""
        with read(self._engine) as session:
            living = select(DataKeyRow.kms_key_id, func.count()).where(col(DataKeyRow.wrapped).is_not(None))
            return dict(session.exec(living.group_by(DataKeyRow.kms_key_id)).all())

    @property
    def kms_key_id(self) -> str:
        """The id of the key-encryption key in use."""
        return self._kms.key_id

    def check(self) -> tuple[int, int]:
        """Open every key, and count those that live and those that were destroyed.

        Raises:
            CustodyDamagedError: a key does not open.

        """
        with read(self._engine) as session:
            rows = session.exec(select(DataKeyRow)).all()
        living = [self._unwrap(row) for row in rows if row.wrapped is not None]
        return len(living), len(rows) - len(living)
