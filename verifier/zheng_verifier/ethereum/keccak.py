"""Keccak-256 as Ethereum uses it: the original padding, not that of SHA3-256 (FIPS 202)."""

from Crypto.Hash import keccak

HASH_SIZE = 32


def keccak256(data: bytes) -> bytes:
    """Hash ``data`` into 32 bytes (Ethereum Yellow Paper, appendix "KEC")."""
    return keccak.new(digest_bits=256, data=data).digest()
