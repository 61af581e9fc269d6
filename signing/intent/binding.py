"""What a challenge binds a signer's act to: the bytes he is shown, the state of the case, and a fresh number.

    challenge = SHA-256(SHA-256 of the document ‖ head of the case ‖ nonce)          32 ‖ 32 ‖ 16 bytes

As C19 of docs/spec/verification.md recomputes it. The head is the leaf hash of the case's last event that the evidence
service has receipted: a leaf under a signed checkpoint, so that nobody could have made the challenge before it.
"""

import hashlib
from dataclasses import dataclass

from zheng_verifier.encoding import format_base64url, parse_hex

NONCE_SIZE = 16
HEAD_SIZE = 32


@dataclass(frozen=True, slots=True)
class Binding:
    """One challenge: ``document_sha256`` in lower-case hex, ``head`` (32 bytes), ``nonce`` (16 bytes)."""

    document_sha256: str
    head: bytes
    nonce: bytes

    def __post_init__(self) -> None:
        if len(self.head) != HEAD_SIZE or len(self.nonce) != NONCE_SIZE:
            raise ValueError("a challenge needs a head of 32 bytes and a nonce of 16")

    @property
    def challenge(self) -> str:
        """The 32 bytes that the signer's act is bound to, base64url."""
        parts = parse_hex(self.document_sha256, size=32) + self.head + self.nonce
        return format_base64url(hashlib.sha256(parts).digest())
