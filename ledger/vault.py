"""What we hold, we hold encrypted: entries, disclosures, documents, and HMACs of requests (AES-256-GCM).

Every ciphertext is bound to its place: the additional data name what it is, its case, its number there and its
position, so that no ciphertext can stand in for another. Entries are under the case's own key, disclosures under
that of the person they are about.
"""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, bindparam, select

from ledger.errors import VaultError
from ledger.folder import make_private_folder, write_private_file
from ledger.keystore import NONCE_SIZE, DataKey, KeyStore
from ledger.models import LEAF, VAULT_DISCLOSURE, VAULT_DOCUMENT, VAULT_ENTRY, VaultDocumentRow
from ledger.ports import Random

_ENTRY = (
    select(VAULT_ENTRY)
    .join(LEAF, LEAF.c.leaf_index == VAULT_ENTRY.c.leaf_index)
    .where(LEAF.c.case_id == bindparam("case"), LEAF.c.seq == bindparam("seq"))
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a ciphertext is and where it belongs: ``kind``, case, ``seq`` in it, ``position`` in its entry."""

    kind: str
    case: str
    seq: int = 0
    position: int = 0

    @property
    def aad(self) -> bytes:
        """The additional data that bind a ciphertext to this place."""
        return f"zheng/vault/v1\n{self.kind}\n{self.case}\n{self.seq}\n{self.position}".encode()


def entry_place(case: str, seq: int) -> Place:
    """Name the place of an entry."""
    return Place("entry", case, seq)


def disclosure_place(case: str, seq: int, position: int) -> Place:
    """Name the place of a disclosure."""
    return Place("disclosure", case, seq, position)


def request_place(case: str, seq: int, tenant: str, event_id: str) -> Place:
    """Name the place of a request's HMAC, bound to the ids it was made under."""
    return Place(f"request\n{tenant}\n{event_id}", case, seq)


def document_place(case: str, blob: str) -> Place:
    """Name the place of a document."""
    return Place(f"document\n{blob}", case)


def seal(key: DataKey, place: Place, plain: bytes, random: Random) -> bytes:
    """Encrypt for a place: nonce of 12 bytes, ciphertext, tag of 16 bytes."""
    nonce = random(NONCE_SIZE)
    return nonce + AESGCM(key.encryption).encrypt(nonce, plain, place.aad)


def unseal(key: DataKey, place: Place, sealed: bytes) -> bytes:
    """Decrypt what ``seal`` made for this place.

    Raises:
        VaultError: DECRYPTION_FAILED: changed, or of another place or key.

    """
    try:
        return AESGCM(key.encryption).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], place.aad)
    except (InvalidTag, ValueError) as error:
        raise VaultError(
            f"the {place.kind.split()[0]} of case {place.case}, seq {place.seq} does not open"
        ) from error


def request_mac(key: DataKey, content: bytes) -> bytes:
    """Compute the HMAC that tells whether a request with a known id is the same request (32 bytes)."""
    return hmac.digest(key.authentication, b"request\n" + content, "sha256")


def document_lookup(key: DataKey, sha256: bytes) -> bytes:
    """Compute the value a document is found by: an HMAC, since a digest of a guessable document would betray it."""
    return hmac.digest(key.authentication, b"document\n" + sha256, "sha256")


@dataclass(frozen=True, slots=True)
class StoredDisclosure:
    """A disclosure of the vault: its ``text``, or None if it was erased."""

    position: int
    text: str | None


class Vault:
    """Reads the vault through a read-only engine; usable from another process than the one that writes."""

    def __init__(self, engine: Engine, keys: KeyStore, blobs: Path) -> None:
        self._engine = engine
        self._keys = keys
        self._blobs = blobs

    def entry(self, case: str, seq: int) -> bytes | None:
        """Give the bytes of an entry; None if it was erased, or there is none.

        Raises:
            VaultError: its key is lost, or it does not open.

        """
        with self._engine.connect() as connection:
            row = connection.execute(_ENTRY, {"case": case, "seq": seq}).one_or_none()
        return None if row is None else self.open_entry(case, seq, row.key_id, row.ciphertext)

    def open_entry(self, case: str, seq: int, key_id: str, ciphertext: bytes) -> bytes | None:
        """Decrypt an entry that was read; None if it was erased.

        Raises:
            VaultError: its key is lost, or it does not open.

        """
        key = self._keys.get(key_id)
        return None if key is None else unseal(key, entry_place(case, seq), ciphertext)

    def disclosures(self, case: str, seq: int) -> tuple[StoredDisclosure, ...]:
        """Give the disclosures held for an entry, in the order they came.

        Raises:
            VaultError: a key is lost, or one does not open.

        """
        query = (
            select(VAULT_DISCLOSURE)
            .join(LEAF, LEAF.c.leaf_index == VAULT_DISCLOSURE.c.leaf_index)
            .where(LEAF.c.case_id == case, LEAF.c.seq == seq)
            .order_by(VAULT_DISCLOSURE.c.position)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(
            StoredDisclosure(
                row.position, self.open_disclosure(case, seq, row.position, row.key_id, row.ciphertext)
            )
            for row in rows
        )

    def open_disclosure(
        self, case: str, seq: int, position: int, key_id: str, ciphertext: bytes
    ) -> str | None:
        """Decrypt a disclosure that was read; None if it was erased.

        Raises:
            VaultError: its key is lost, or it does not open.

        """
        key = self._keys.get(key_id)
        if key is None:
            return None
        return unseal(key, disclosure_place(case, seq, position), ciphertext).decode("ascii")

    def document(self, case: str, sha256: bytes) -> bytes | None:
        """Give an original of a case by its SHA-256; None if it is not held, or was erased.

        Raises:
            VaultError: its key or file is lost, or it does not open.

        """
        with self._engine.connect() as connection:
            for row in document_rows(connection, case):
                key = self._keys.get(row.key_id)
                if key is not None and hmac.compare_digest(document_lookup(key, sha256), row.lookup):
                    return self.open_document(key, row)
        return None

    def open_document(self, key: DataKey, row: VaultDocumentRow) -> bytes:
        """Read and decrypt the file of a document, and see that it is the one it is looked up as.

        Raises:
            VaultError: the file is lost or changed, or the row is.

        """
        try:
            sealed = blob_path(self._blobs, row.blob).read_bytes()
        except FileNotFoundError as error:
            raise VaultError(f"the file of document {row.blob} is gone", code="BLOB_MISSING") from error
        plain = unseal(key, document_place(row.case_id, row.blob), sealed)
        lookup = document_lookup(key, hashlib.sha256(plain).digest())
        if len(plain) != row.size or not hmac.compare_digest(lookup, row.lookup):
            raise VaultError(f"document {row.blob} is not what its row says")
        return plain


def document_rows(connection: Connection, case: str) -> list[VaultDocumentRow]:
    """List the documents held for a case."""
    query = select(VAULT_DOCUMENT).where(VAULT_DOCUMENT.c.case_id == case)
    return [VaultDocumentRow(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001  # SQLAlchemy's name


def blob_path(blobs: Path, blob: str) -> Path:
    """Give the file of a document: two digits of its random name make the folder."""
    return blobs / blob[:2] / blob


def write_blob(blobs: Path, blob: str, sealed: bytes) -> None:
    """Write the ciphertext of a document durably, before any row speaks of it."""
    path = blob_path(blobs, blob)
    make_private_folder(path.parent)
    write_private_file(path, sealed)
