"""Ciphertexts bound to their place: AES-256-GCM, a random nonce of 96 bits, and additional data that say whose they are.

A ciphertext opens for its tenant, its owner and its use only, so that neither swapped files nor rows copied from one
owner to another pass for what they are not. The additional data of a file name its digest as well.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing.custody.errors import CustodyDamagedError
from signing.custody.keystore import DataKey
from signing.custody.kms import NONCE_SIZE
from signing.ports import Random


def _bound(key: DataKey, use: str, place: str) -> bytes:
    return f"zheng/custody/v1\n{use}\n{key.tenant}\n{key.owner}\n{place}".encode()


def file_bound(key: DataKey, sha256: str) -> bytes:
    """Give the additional data of a file: tenant, owner, digest (hex)."""
    return _bound(key, "file", sha256)


def value_bound(key: DataKey, place: str) -> bytes:
    """Give the additional data of a small value: tenant, owner, and the place the caller names."""
    return _bound(key, "value", place)


def encrypt(key: DataKey, bound: bytes, plain: bytes, random: Random) -> bytes:
    """Encrypt: nonce of 12 bytes, ciphertext, tag of 16 bytes."""
    nonce = random(NONCE_SIZE)
    return nonce + AESGCM(key.encryption).encrypt(nonce, plain, bound)


def decrypt(key: DataKey, bound: bytes, sealed: bytes, *, code: str, what: str) -> bytes:
    """Decrypt what ``encrypt`` made for the same key and the same additional data.

    Raises:
        CustodyDamagedError: ``code``: changed, or of another place.

    """
    try:
        return AESGCM(key.encryption).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], bound)
    except (InvalidTag, ValueError) as error:
        raise CustodyDamagedError(code, f"{what} of {key.owner} does not open") from error
