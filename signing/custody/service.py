"""The encrypted keeping of files and of small personal values, for every part of the pipeline.

    create_owner   a data key for a contract, an account, a seal, a template, a dossier
    put / get      files: ciphertext on disk before the row commits; digest checked at each read, the read logged
    seal / open    small values, kept in columns of other tables
    blind          a keyed digest by which a personal value can be looked up

A ciphertext is durable before the transaction that speaks of it commits; a crash between leaves a file without a row,
which ``signing.custody.upkeep`` finds and removes.
"""

import hmac
import json
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select
from zheng_verifier.timestamp.algorithms import digest

from signing.custody import access, sealing
from signing.custody.errors import CustodyDamagedError
from signing.custody.files import blob_path, make_private_folder, write_blob
from signing.custody.keystore import DataKey, KeyStore
from signing.custody.owners import owner_key, owner_row, tenant_key
from signing.custody.rows import FileRow, OwnerRow
from signing.errors import Refused
from signing.ports import Clock, Random
from signing.principal import Principal

MAX_FILE = 128 * 2**20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A kept file: digests in lower-case hex, ``size`` in bytes."""

    sha256: str
    sm3: str
    size: int
    media_type: str


class Custody:
    """Keeps what must be kept secret and given back unchanged; every call is within the caller's transaction."""

    def __init__(self, keys: KeyStore, blobs: Path, *, clock: Clock, random: Random) -> None:
        make_private_folder(blobs)
        self.keys = keys
        self.blobs = blobs
        self._clock = clock
        self._random = random

    def create_owner(self, session: Session, tenant: str, owner: str) -> None:
        """Make a data key for an owner (1-64 characters); again for the same tenant changes nothing.

        Raises:
            Refused: custody-unknown: another tenant has an owner of this id; erased: it was erased.

        """
        row = session.get(OwnerRow, owner)
        if row is not None:
            owner_key(self.keys, owner_row(session, owner, tenant))
            return
        if self.keys.ensure(tenant, owner) is None:
            raise Refused("erased", "What was kept under this id was erased.")
        session.add(OwnerRow(owner=owner, tenant=tenant, created_at=self._clock()))
        session.flush()

    def require(self, session: Session, tenant: str, owner: str) -> None:
        """Let pass who asks for an owner of his own tenant.

        Raises:
            Refused: custody-unknown.

        """
        owner_row(session, owner, tenant)

    def put(self, session: Session, owner: str, content: bytes, *, media_type: str) -> StoredFile:
        """Keep a file of at most 128 MiB; the same bytes again give the same answer and write nothing.

        Raises:
            Refused: custody-unknown, erased, file-too-large.

        """
        if len(content) > MAX_FILE:
            raise Refused(
                "file-too-large", "The file is too large to keep.", expected=f"at most {MAX_FILE} bytes"
            )
        key = owner_key(self.keys, owner_row(session, owner))
        sha256, sm3 = digest("sha256", content).hex(), digest("sm3", content).hex()
        lookup = _lookup(key, sha256)
        known = session.exec(select(FileRow).where(FileRow.owner == owner, FileRow.lookup == lookup)).first()
        if known is not None:
            return StoredFile(sha256, sm3, known.size, known.media_type)
        blob = self._random(16).hex()
        write_blob(
            self.blobs, blob, sealing.encrypt(key, sealing.file_bound(key, sha256), content, self._random)
        )
        digests = json.dumps([sha256, sm3]).encode()
        session.add(
            FileRow(
                blob=blob,
                owner=owner,
                lookup=lookup,
                digests=sealing.encrypt(
                    key, sealing.value_bound(key, _digests_of(blob)), digests, self._random
                ),
                size=len(content),
                media_type=media_type,
                stored_at=self._clock(),
            )
        )
        session.flush()
        return StoredFile(sha256, sm3, len(content), media_type)

    def get(self, session: Session, owner: str, sha256: str, *, by: Principal | None, purpose: str) -> bytes:
        """Give a file whose digest was checked, and log who was given it; None for ``by`` is the pipeline itself.

        ``session`` must be one that commits, and the bytes must not leave before it did: the log row is part of it.
        ``purpose`` is one word such as ``view``, ``download``, ``sign`` (see ``access``).

        Raises:
            Refused: custody-unknown, file-unknown, erased.
            CustodyDamagedError: the file is gone, changed, or another one.

        """
        owned = owner_row(session, owner)
        key = owner_key(self.keys, owned)
        row = session.exec(
            select(FileRow).where(FileRow.owner == owner, FileRow.lookup == _lookup(key, sha256))
        ).first()
        if row is None:
            raise Refused("file-unknown", "There is no file with this digest here.")
        content = self.read(key, row, sha256)
        access.log(session, row, owned.tenant, key, by, purpose, at=self._clock(), random=self._random)
        return content

    def read(self, key: DataKey, row: FileRow, sha256: str) -> bytes:
        """Decrypt the file of a row and check its digest; not logged: for ``get`` and ``fsck``.

        Raises:
            CustodyDamagedError: FILE_MISSING, FILE_DAMAGED.

        """
        try:
            sealed = blob_path(self.blobs, row.blob).read_bytes()
        except FileNotFoundError as error:
            raise CustodyDamagedError("FILE_MISSING", f"a file of {row.owner} is gone") from error
        bound = sealing.file_bound(key, sha256)
        content = sealing.decrypt(key, bound, sealed, code="FILE_DAMAGED", what="a file")
        if len(content) != row.size or not hmac.compare_digest(digest("sha256", content).hex(), sha256):
            raise CustodyDamagedError("FILE_DAMAGED", f"a file of {row.owner} is not the one its row names")
        return content

    def files(self, session: Session, owner: str) -> list[StoredFile]:
        """List the files of an owner in the order they came.

        Raises:
            Refused: custody-unknown, erased.
            CustodyDamagedError: a row does not open.

        """
        key = owner_key(self.keys, owner_row(session, owner))
        rows = session.exec(
            select(FileRow).where(FileRow.owner == owner).order_by(FileRow.stored_at, FileRow.blob)  # type: ignore[arg-type]
        )
        return [self.describe(key, row) for row in rows]

    def describe(self, key: DataKey, row: FileRow) -> StoredFile:
        """Open what a row says of its file.

        Raises:
            CustodyDamagedError: VALUE_DAMAGED.

        """
        bound = sealing.value_bound(key, _digests_of(row.blob))
        plain = sealing.decrypt(key, bound, row.digests, code="VALUE_DAMAGED", what="the row of a file")
        sha256, sm3 = json.loads(plain)
        return StoredFile(sha256, sm3, row.size, row.media_type)

    def accesses(
        self, session: Session, tenant: str, owner: str | None = None, *, after: int = 0, limit: int = 100
    ) -> list[access.Access]:
        """List readings of a tenant's files, of one owner's if given, with a number above ``after``, oldest first.

        Raises:
            Refused: custody-unknown.
            CustodyDamagedError: a key or a row does not open.

        """
        if owner is not None:
            owner_row(session, owner, tenant)
        listed = []
        for row in access.rows_of(session, tenant, owner, after=after, limit=limit):
            owned = owner_row(session, row.owner)
            key = None if owned.erased_at is not None else self.keys.get(tenant, row.owner)
            file = session.get(FileRow, row.blob)
            sha256 = None if key is None or file is None else self.describe(key, file).sha256
            listed.append(access.opened(row, key, sha256))
        return listed

    def abandon(self, session: Session, owner: str) -> None:
        """Decide that what an owner locks has served, as a key that signs once: it reads as erased from the commit on.

        His data key is destroyed afterwards, by whoever abandoned it, or by `Erasures.finish`.
        """
        row = owner_row(session, owner)
        if row.erased_at is None:
            row.erased_at, row.erased_by, row.basis = self._clock(), "system", "purpose_fulfilled"
            session.add(row)
            session.flush()

    def seal(self, session: Session, owner: str, plaintext: bytes, *, place: str = "") -> bytes:
        """Encrypt a small value for a column; with a ``place`` (such as ``phone``) it opens at that place only.

        Raises:
            Refused: custody-unknown, erased.

        """
        key = owner_key(self.keys, owner_row(session, owner))
        return sealing.encrypt(key, sealing.value_bound(key, place), plaintext, self._random)

    def open(self, session: Session, owner: str, sealed: bytes, *, place: str = "") -> bytes:
        """Decrypt what ``seal`` made for the same owner and place.

        Raises:
            Refused: custody-unknown, erased.
            CustodyDamagedError: VALUE_DAMAGED: changed, or of another owner or place.

        """
        key = owner_key(self.keys, owner_row(session, owner))
        return sealing.decrypt(
            key, sealing.value_bound(key, place), sealed, code="VALUE_DAMAGED", what="a value"
        )

    def blind(self, tenant: str, purpose: str, value: str) -> bytes:
        """Give the HMAC (32 bytes) by which a personal value is looked up within a tenant, for one purpose."""
        key = tenant_key(self.keys, tenant)
        return hmac.digest(key.authentication, f"blind\n{purpose}\n{value}".encode(), "sha256")


def _lookup(key: DataKey, sha256: str) -> bytes:
    return hmac.digest(key.authentication, f"file\n{sha256}".encode(), "sha256")


def _digests_of(blob: str) -> str:
    return f"custody/digests/{blob}"
