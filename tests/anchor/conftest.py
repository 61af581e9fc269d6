"""A log to anchor, a clock to turn, a store on disk: what every test of anchoring needs."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body
from zheng_verifier.merkle import leaf_hash, node_hash
from zheng_verifier.note import NoteSignature, ed25519_vkey, format_note

from anchor.commitment import LogIdentity
from anchor.database import open_writer
from anchor.models import AnchorBase
from anchor.store import AnchorStore

ORIGIN = "zheng.test/log"


def _root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    if not leaves:
        return hashlib.sha256(b"").digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(_root(leaves[:k]), _root(leaves[k:]))


def _subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """RFC 9162 §2.1.4.1, word for word."""
    if m == len(leaves):
        return [] if whole else [_root(leaves)]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if m <= k:
        return [*_subproof(m, leaves[:k], whole), _root(leaves[k:])]
    return [*_subproof(m - k, leaves[k:], False), _root(leaves[:k])]


@dataclass
class GrowingLog:
    """A `HeadSource` whose leaves are numbers; ``salt`` makes another history under the same key."""

    salt: bytes = b""
    leaves: list[bytes] = field(default_factory=list)
    origin: str = ORIGIN

    def __post_init__(self) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.origin.encode()).digest())
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.identity = LogIdentity(self.origin, ed25519_vkey(self.origin, public))

    def grow(self, count: int = 1) -> None:
        for _ in range(count):
            self.leaves.append(leaf_hash(self.salt + str(len(self.leaves)).encode()))

    def note(self, size: int) -> bytes:
        text = format_checkpoint_body(Checkpoint(self.origin, size, _root(self.leaves[:size])))
        vkey = self.identity.key
        return format_note(text, [NoteSignature(vkey.name, vkey.key_id, self._key.sign(text.encode()))])

    def latest(self) -> bytes | None:
        return self.note(len(self.leaves)) if self.leaves else None

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        return tuple(_subproof(old, self.leaves[:new], True))


class HandClock:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def growing_log() -> type[GrowingLog]:
    return GrowingLog


@pytest.fixture
def hand_clock() -> HandClock:
    return HandClock()


@pytest.fixture
def new_clock() -> type[HandClock]:
    return HandClock


@pytest.fixture
def open_store() -> Callable[[Path], AnchorStore]:
    """Open a store with the tables of the models; that Alembic makes the same ones is a test of its own."""

    def opener(path: Path) -> AnchorStore:
        if not path.exists():
            engine = open_writer(path)
            AnchorBase.metadata.create_all(engine)
            engine.dispose()
        return AnchorStore.open(path)

    return opener
