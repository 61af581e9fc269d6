"""The depositor's own signing key: what makes a claim his words, which the service cannot put into his mouth."""

from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from zheng_verifier.claim import Claim, format_claim
from zheng_verifier.jws import CLAIM_TYPE, format_jws, format_protected, key_fingerprint, signing_input


@dataclass(frozen=True, slots=True)
class SubmitterKey:
    """An Ed25519 key. Its signatures are deterministic: the same claim sent again is the same request."""

    private: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> Self:
        """Make a fresh key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Read a key from its PEM (PKCS #8, not encrypted).

        Raises:
            ValueError: it is another kind of key, or none.

        """
        key = load_pem_private_key(pem, None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("a submitter's key is of Ed25519")  # noqa: TRY004  # the file is wrong, not its type
        return cls(key)

    def pem(self) -> bytes:
        """Write the key as PEM, in the clear: keep it in a file that only its user can read."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def spki(self) -> bytes:
        """The public key: DER SubjectPublicKeyInfo."""
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, payload: bytes, typ: str = CLAIM_TYPE) -> str:
        """Make a detached JWS over ``payload``."""
        protected = format_protected("EdDSA", key_fingerprint(self.spki), typ)
        return format_jws(protected, self.private.sign(signing_input(protected, payload)))

    def sign_claim(self, claim: Claim) -> str:
        """Make the JWS of a claim over its canonical bytes."""
        return self.sign(format_claim(claim))
