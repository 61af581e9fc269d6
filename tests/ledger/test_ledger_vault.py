"""Ciphertexts open at their own place and nowhere else."""

import os
from dataclasses import replace

import pytest

from ledger.errors import VaultError
from ledger.keystore import DataKey, Owner
from ledger.vault import (
    Place,
    blob_path,
    disclosure_place,
    document_lookup,
    document_place,
    entry_place,
    request_mac,
    request_place,
    seal,
    unseal,
    write_blob,
)

KEY = DataKey("k", Owner("case"), b"e" * 32, b"a" * 32)
PLACES = [
    entry_place("case", 1),
    entry_place("case", 2),
    entry_place("case 2", 1),
    disclosure_place("case", 1, 0),
    disclosure_place("case", 1, 1),
    request_place("case", 1, "t", "e"),
    request_place("case", 1, "t", "f"),
    document_place("case", "b"),
    document_place("case", "c"),
]


def test_what_is_sealed_opens_at_its_place_only():
    """Kind, case, seq, position and ids are bound into every ciphertext."""
    sealed = [seal(KEY, place, b"words", os.urandom) for place in PLACES]
    for at, data in enumerate(sealed):
        for other, place in enumerate(PLACES):
            if at == other:
                assert unseal(KEY, place, data) == b"words"
            else:
                with pytest.raises(VaultError):
                    unseal(KEY, place, data)


def test_a_changed_byte_does_not_open():
    """Any of nonce, ciphertext, tag; nor does what is too short."""
    sealed = seal(KEY, PLACES[0], b"words", os.urandom)
    assert len(sealed) == 12 + 5 + 16
    for at in range(len(sealed)):
        with pytest.raises(VaultError):
            unseal(KEY, PLACES[0], sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
    for short in (b"", sealed[:11], sealed[:20]):
        with pytest.raises(VaultError):
            unseal(KEY, PLACES[0], short)


def test_the_same_words_never_look_the_same():
    """Each ciphertext has a nonce of its own."""
    assert seal(KEY, PLACES[0], b"words", os.urandom) != seal(KEY, PLACES[0], b"words", os.urandom)


def test_macs_need_the_key_and_know_their_use():
    """Another key, another content, another use: another value."""
    other = replace(KEY, authentication=b"b" * 32)
    values = {
        request_mac(KEY, b"x"),
        request_mac(KEY, b"y"),
        request_mac(other, b"x"),
        document_lookup(KEY, b"x"),
    }
    assert len(values) == 4


def test_places_cannot_be_confused():
    """No two of them have the same additional data."""
    assert len({place.aad for place in PLACES}) == len(PLACES)
    assert Place("entry", "case", 11).aad != Place("entry", "case", 1, 1).aad


def test_blobs_are_private_files(tmp_path):
    """Written whole, below two digits of their name, for the owner only."""
    write_blob(tmp_path / "blobs", "abcd", b"sealed")
    path = blob_path(tmp_path / "blobs", "abcd")
    assert path == tmp_path / "blobs" / "ab" / "abcd"
    assert path.read_bytes() == b"sealed"
    assert path.stat().st_mode & 0o777 == 0o600
