"""The key store: one key for each owner, durable before it is used, gone when it is erased."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from pysqlite3 import dbapi2

from ledger.errors import StorageUnavailableError, VaultError
from ledger.keystore import KeyStore, Owner, create_keystore

ALICE, BOB, CASE = Owner("case 1", "alice"), Owner("case 1", "bob"), Owner("case 1")


@pytest.fixture
def folder(tmp_path):
    create_keystore(tmp_path / "keys", os.urandom)
    return tmp_path / "keys"


@pytest.fixture
def store(folder):
    made = KeyStore(folder, os.urandom)
    yield made
    made.close()


def test_each_owner_has_one_key(store):
    """The same one each time, another one for each subject and case."""
    first = store.ensure([ALICE, BOB, CASE, Owner("case 2")])
    assert store.ensure([BOB, ALICE]) == {ALICE: first[ALICE], BOB: first[BOB]}
    secrets = {secret for key in first.values() for secret in (key.encryption, key.authentication)}
    assert len(secrets) == 8
    assert len({key.key_id for key in first.values()}) == 4


def test_keys_are_durable_when_they_are_given(store, folder):
    """Another process finds them at once, and opens them with the key-encryption key."""
    key = store.ensure([ALICE])[ALICE]
    other = KeyStore(folder, os.urandom, writable=False)
    assert other.get(key.key_id) == key
    assert other.check() == (1, 0)
    other.close()


def test_no_secret_stands_in_the_file(store, folder):
    """Only wrapped keys do."""
    key = store.ensure([ALICE])[ALICE]
    store.close()
    data = (folder / "keys.db").read_bytes()
    assert key.encryption not in data
    assert key.authentication not in data
    assert (folder / "kek").stat().st_mode & 0o777 == 0o600
    assert (folder / "keys.db").stat().st_mode & 0o777 == 0o600


def test_erasing_destroys_the_key_of_one_owner(store, folder):
    """His key is gone for this process and every other, the others' stay; he gets a new one when asked for."""
    keys = store.ensure([ALICE, BOB])
    (wrapped,) = (
        dbapi2.connect(str(folder / "keys.db"))
        .execute("SELECT wrapped FROM data_key WHERE subject = 'alice'")
        .fetchone()
    )
    assert store.erase(ALICE) == 1
    assert store.erase(ALICE) == 0
    assert store.get(keys[ALICE].key_id) is None
    assert store.get(keys[BOB].key_id) == keys[BOB]
    fresh = store.ensure([ALICE])[ALICE]
    assert fresh.key_id != keys[ALICE].key_id
    assert store.check() == (2, 1)
    store.close()
    assert wrapped not in (folder / "keys.db").read_bytes()


def test_a_key_that_never_was_is_missing(store):
    """Not the same as erased."""
    with pytest.raises(VaultError) as raised:
        store.get("0" * 32)
    assert raised.value.code == "KEY_MISSING"


def test_another_key_encryption_key_opens_nothing(store, folder):
    """Wrapped keys are bound to it, to their id and to their owner."""
    key = store.ensure([ALICE])[ALICE]
    store.close()
    (folder / "kek").write_bytes(os.urandom(32))
    other = KeyStore(folder, os.urandom)
    for ask in (lambda: other.get(key.key_id), lambda: other.ensure([ALICE]), other.check):
        with pytest.raises(VaultError):
            ask()
    other.close()


def test_without_its_key_encryption_key_it_does_not_open(folder):
    """It says what is missing."""
    (folder / "kek").unlink()
    with pytest.raises(VaultError) as raised:
        KeyStore(folder, os.urandom)
    assert raised.value.code == "KEY_MISSING"


def test_creating_again_keeps_the_keys(store, folder):
    """A second creation changes nothing."""
    key = store.ensure([ALICE])[ALICE]
    store.close()
    create_keystore(folder, os.urandom)
    other = KeyStore(folder, os.urandom)
    assert other.ensure([ALICE])[ALICE] == key
    other.close()


def test_racing_callers_get_one_key(store):
    """Eight threads ask for the same twenty owners."""
    owners = [Owner("case", str(number)) for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: store.ensure(owners), range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert store.check() == (20, 0)


def test_more_owners_than_the_cache_holds(store, monkeypatch):
    """Keys that fell out of the cache are read again."""
    monkeypatch.setattr("ledger.keystore._CACHED_KEYS", 2)
    owners = [Owner("case", str(number)) for number in range(5)]
    keys = store.ensure(owners)
    assert store.ensure(owners) == keys
    assert [store.get(key.key_id) for key in keys.values()] == list(keys.values())


def test_a_store_that_cannot_be_written_gives_no_key(store):
    """Neither makes nor erases."""

    def fail(connection):
        raise dbapi2.OperationalError("disk full")

    key = store.ensure([BOB])[BOB]
    store._engine.dialect.do_commit = fail
    with pytest.raises(StorageUnavailableError):
        store.ensure([ALICE])
    with pytest.raises(StorageUnavailableError):
        store.erase(BOB)
    assert store.get(key.key_id) == key
    assert ALICE not in store._current
