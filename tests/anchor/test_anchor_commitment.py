"""What a log commits to on a chain: who it is, by its first key, and one head with its signed note."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zheng_verifier.checkpoint import Checkpoint, format_checkpoint_body, stamped_bytes
from zheng_verifier.errors import UncheckableError
from zheng_verifier.ethereum.anchor import compute_log_id
from zheng_verifier.note import NoteSignature, ed25519_vkey, format_note

from anchor.commitment import LogIdentity, anchor_intent
from anchor.lifecycle import Kind

SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = ed25519_vkey("log.example", SIGNER.public_key().public_bytes_raw())
LOG = LogIdentity("log.example", KEY)


def note(origin="log.example", key=KEY):
    body = format_checkpoint_body(Checkpoint(origin, 7, b"r" * 32))
    return format_note(body, [NoteSignature(key.name, key.key_id, SIGNER.sign(body.encode()))])


def test_the_identity_commits_to_the_vkey_line():
    """The contract registers SHA-256 of the line without its end; the log's id names chain, contract and creator too."""
    assert LOG.vkey_line.startswith(f"log.example+{KEY.key_id.hex()}+")
    assert LOG.vkey_hash == hashlib.sha256(LOG.vkey_line.encode()).digest()
    place = {"chain_id": 5, "contract": b"c" * 20, "creator": b"d" * 20}
    assert LOG.log_id(**place) == compute_log_id(**place, vkey=LOG.vkey_line)
    assert LOG.log_id(**place | {"chain_id": 6}) != LOG.log_id(**place)


def test_an_intent_is_the_head_and_the_digest_of_the_stamped_note():
    """What the event records: size, root hash, and SHA-256 of the note as time-stamps cover it."""
    intent = anchor_intent(LOG.open(note()))
    stamped = hashlib.sha256(stamped_bytes(note(), KEY)).digest()
    assert (intent.kind, intent.size, intent.root_hash, intent.note_digest) == (
        Kind.ANCHOR,
        7,
        b"r" * 32,
        stamped,
    )


def test_a_note_by_another_key_is_not_opened():
    """Only the log's own key speaks for the log."""
    other = ed25519_vkey("log.example", bytes(32))
    with pytest.raises(UncheckableError):
        LOG.open(note(key=other))
