"""What outside the log's database is asked before anything is signed."""

from datetime import UTC, datetime

import pytest
from zheng_verifier.merkle import TreeHead
from zheng_verifier.note import ed25519_vkey

from anchor.commitment import LogIdentity
from anchor.store import AnchorStore
from api.database import migrate, sqlite_url
from api.operation.memories import ContractMemory, TakenCheckpoints, outside_memories
from api.settings import EthereumChainSettings, Settings

LOG = LogIdentity("log.example", ed25519_vkey("log.example", bytes(32)))
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "anchor.db"
    migrate(sqlite_url(path), "anchor")
    opened = AnchorStore.open(path)
    yield opened
    opened.close()


def chain(**changes):
    values = {
        "kind": "ethereum",
        "name": "theirs",
        "url": "http://127.0.0.1:9",
        "chain_kind": "consortium",
        "chain_id": 7,
        "genesis_hash": "00" * 32,
        "admin_key": "admin.json",
        "publisher_key": "publisher.json",
    }
    return EthereumChainSettings(**values | changes)


def test_the_workers_store_gives_the_newest_note_it_took(store):
    """Whatever the worker once took to be stamped, the log must still hold; but it lies on this machine."""
    memory = TakenCheckpoints(store)
    assert memory.latest() is None
    for size in (3, 9, 5):
        store.add_checkpoint(f"note {size}".encode(), TreeHead(size, bytes(32)), bytes(32), NOW)
    assert (memory.latest(), memory.elsewhere) == (b"note 9", False)


def test_a_contract_that_is_not_set_up_remembers_nothing(store):
    """Before its contract stands, a chain knows of no head."""
    memory = ContractMemory(chain(), LOG, store)
    assert (memory.latest(), memory.elsewhere, memory.name) == (None, True, "the contract on theirs")


def test_every_foreign_chain_is_a_memory(store):
    """The embedded chain is none: it lies on this machine, and the worker's store speaks for it."""
    settings = Settings(chains=(chain(), *Settings().chains))
    names = [memory.name for memory in outside_memories(settings, LOG, store)]
    assert names == ["the worker's store", "the contract on theirs"]
