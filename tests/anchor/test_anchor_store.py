"""anchor.db: its migrations, its readers, and what fsck finds in it."""

import os
import sqlite3
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import OperationalError

from anchor.chain_embedded import KIND, EmbeddedChain
from anchor.database import open_writer
from anchor.ethereum import ChainProfile, EthereumAnchor
from anchor.fsck import fsck
from anchor.keys import KeyFileError, KeyFileSigner
from anchor.models import AnchorBase
from anchor.store import AnchorStore, StoredToken
from anchor.tsa_local import LocalTsa
from anchor.worker import Authority, Cadence, Worker
from api.database import migrate, sqlite_url


def test_the_migrations_lead_to_the_models(tmp_path):
    """Alembic's history and the declared tables are the same schema."""
    path = tmp_path / "anchor.db"
    migrate(sqlite_url(path), "anchor")
    engine = open_writer(path)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, AnchorBase.metadata) == []
    engine.dispose()


def test_the_writer_is_durable_and_the_reader_cannot_write(tmp_path, open_store, hand_clock):
    """WAL and synchronous=FULL for the one; mode=ro and query_only for the others."""
    store = open_store(tmp_path / "anchor.db")
    with store.engine.connect() as connection:
        values = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        ]
    assert values == ["wal", 2]
    reader = AnchorStore.read_only(tmp_path / "anchor.db")
    with pytest.raises(OperationalError, match="readonly"):
        reader.service_ok("tsa:x", hand_clock())
    reader.close()
    store.close()


@pytest.fixture
def anchored(tmp_path, hand_clock, growing_log, open_store):
    log = growing_log()
    chain = EmbeddedChain(tmp_path / "chain", clock=hand_clock, random=os.urandom)
    tsa = LocalTsa(tmp_path / "tsa", name="local", clock=lambda: datetime.now(UTC), random=os.urandom)
    store = open_store(tmp_path / "anchor.db")
    anchor = EthereumAnchor(
        port=chain,
        profile=ChainProfile("embedded", KIND, chain.identity(), finality=1),
        admin=chain.admin,
        publisher=chain.publisher,
        log=log.identity,
        heads=log,
        store=store,
        clock=hand_clock,
    )
    worker = Worker(
        heads=log,
        log=log.identity,
        authorities=[Authority(tsa, tsa.trusted)],
        chains=[anchor],
        store=store,
        clock=hand_clock,
        random=os.urandom,
        cadence=Cadence(interval=1),
        on_fork=lambda fork: None,
    )
    for size in (2, 9):
        log.grow(size - len(log.leaves))
        for _ in range(8):
            hand_clock.pass_seconds(1)
            worker.run_once()
    assert [done.state for done in store.anchored()] == ["final", "final"]
    store.close()
    chain.close()

    def check():
        opened = open_store(tmp_path / "anchor.db")
        report = fsck(opened, log.identity, {"local": tsa.trusted})
        opened.close()
        return report

    return tmp_path / "anchor.db", check


def test_fsck_names_what_was_changed(anchored):
    """Each stored thing is changed in turn: fsck names the table, and is content when the change is undone."""
    path, check = anchored
    assert tuple(
        getattr(check(), name) for name in ("difference", "checkpoints", "tokens", "proofs", "flights")
    ) == (None, 2, 2, 2, 5)
    changes = {
        "checkpoint": ["root_hash", "note", "note_digest", "taken_at"],
        "token": ["raw", "nonce", "obtained_at"],
        "flight": [
            "kind",
            "size",
            "root_hash",
            "note_digest",
            "phase",
            "live",
            "included_tx",
            "included_block",
            "included_hash",
        ],
        "attempt": ["tx_hash", "raw", "position"],
        "proof": [
            *("final", "chain_id", "contract", "block_number", "tx_index", "log_index", "header"),
            *("receipt_proof", "transaction_proof", "account_proof"),
        ],
        "deployment": ["chain_id", "contract", "code_hash", "log_id", "creator", "publisher"],
    }
    for table, columns in changes.items():
        for column in columns:
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA foreign_keys=OFF")
            where = "WHERE rowid = (SELECT max(rowid) FROM " + table + ")"
            (before,) = connection.execute(f"SELECT {column} FROM {table} {where}").fetchone()
            if isinstance(before, bytes):
                changed = before[:-1] + bytes([before[-1] ^ 1])
            elif isinstance(before, int):
                changed = 1 - before if before in {0, 1} and column in {"live", "final"} else before + 1
            else:
                changed = before[:-1] + ("1" if before[-1] != "1" else "2")
            connection.execute(f"UPDATE {table} SET {column} = ? {where}", (changed,))
            connection.commit()
            connection.close()
            difference = check().difference
            assert difference is not None, f"{table}.{column}"
            connection = sqlite3.connect(path)
            connection.execute(f"UPDATE {table} SET {column} = ? {where}", (before,))
            connection.commit()
            connection.close()
    assert None is check().difference


def test_fsck_counts_what_it_cannot_judge(anchored, open_store, growing_log):
    """Tokens of an authority that is configured no more are counted, not passed."""
    path, _ = anchored
    store = open_store(path)
    log = growing_log()
    report = fsck(store, log.identity, {})
    assert (report.difference, report.tokens, report.unjudged) == (None, 0, 2)
    store.close()


def test_the_first_token_of_a_checkpoint_stays(anchored, open_store, hand_clock):
    """A second one for the same checkpoint and authority changes nothing."""
    path, _ = anchored
    store = open_store(path)
    before = store.anchored()
    store.add_token(2, StoredToken("local", b"other", 1), hand_clock())
    assert before == store.anchored()
    store.close()


@pytest.mark.parametrize("text", ["", "zz", "00" * 32, "ff" * 32, "11" * 31])
def test_a_file_without_a_key_is_refused(tmp_path, text):
    """Not hexadecimal, not 32 bytes, or not in the group."""
    path = tmp_path / "key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        KeyFileSigner.open(path)


def test_a_key_open_to_others_is_refused(tmp_path):
    """Mode 0600, or it is not used."""
    path = tmp_path / "key"
    signer = KeyFileSigner.create(path, os.urandom)
    assert (
        signer.address == KeyFileSigner.open(path).address == KeyFileSigner.create(path, os.urandom).address
    )
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        KeyFileSigner.open(path)
    with pytest.raises(KeyFileError, match="cannot be read"):
        KeyFileSigner.open(tmp_path / "none")
