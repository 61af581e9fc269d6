"""API keys: `zk_live_<id>_<secret>`, shown once.

The secret is 256 random bits, so what is stored is one plain SHA-256 of it. A slow password hash would add
nothing: nobody can enumerate 2^256 secrets, however fast the hash is. (It would add work to every request.)
The id finds the record; the digests are then compared in constant time.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from zheng_verifier.encoding import format_base64url

from api.times import Random

PREFIX = "zk_live_"
ID_BYTES = 10
SECRET_BYTES = 32
_KEY = re.compile(r"zk_live_([a-z2-7]{16})_([A-Za-z0-9_-]{43})", re.ASCII)

SCOPES = (
    "cases:write",  # open cases
    "events:write",  # deposit events and documents
    "evidence:read",  # read cases, events, proofs, bundles, certificates
    "evidence:issue",  # export bundles, issue certificates: each adds an entry to the log
    "keys:write",  # register submitter keys
    "signing:read",  # read contracts, people and files of the signing pipeline
    "signing:write",  # make contracts, contacts and templates there
    "signing:admin",  # set it up: members, roles, seals, retention
)


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A key as a client sent it: the public id and the digest of the secret."""

    key_id: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; ``text`` is shown once and kept nowhere."""

    key_id: str
    digest: bytes
    text: str


def make_key(random: Random) -> NewKey:
    """Make a key from 10 + 32 random bytes."""
    key_id = base64.b32encode(random(ID_BYTES)).decode().lower()
    secret = format_base64url(random(SECRET_BYTES))
    return NewKey(key_id, digest_of(secret), f"{PREFIX}{key_id}_{secret}")


def digest_of(secret: str) -> bytes:
    """Give what is stored of a secret: SHA-256, 32 bytes."""
    return hashlib.sha256(secret.encode("ascii")).digest()


def parse_key(text: str) -> PresentedKey | None:
    """Read a presented key; None where it cannot be one."""
    match = _KEY.fullmatch(text)
    return None if match is None else PresentedKey(match[1], digest_of(match[2]))
