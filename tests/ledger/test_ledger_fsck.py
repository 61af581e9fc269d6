"""fsck notices a change of any column of any table, of any file, and names the place."""

import dataclasses
import json
import os
import shutil

import pytest
from ledger_world import TENANT, World, new_id
from pysqlite3 import dbapi2

from ledger.fsck import fsck
from ledger.keystore import KeyStoreBase
from ledger.models import LedgerBase
from ledger.settings import LedgerSettings
from ledger.signer_memory import format_record, read_memory

COLUMNS = [
    (table.name, column.name) for table in LedgerBase.metadata.sorted_tables for column in table.columns
]
KEY_COLUMNS = [column.name for column in KeyStoreBase.metadata.tables["data_key"].columns]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A closed log with everything in it: cases of all kinds, one closed, disclosures, documents, an erased person."""
    world = World.create(tmp_path_factory.mktemp("fsck") / "home")
    world.deposit(*[world.make() for _ in range(6)])
    erased = new_id()
    for person in (new_id(), erased, new_id()):
        world.deposit(world.personal(person))
    world.ledger.store_document(TENANT, world.case, b"a document").result()
    world.ledger.store_document(TENANT, world.case, b"another").result()
    world.deposit(world.close_event(), internal=True)
    other = world.open_case(kind="subject").case
    world.deposit(world.personal(new_id(), case=other))
    world.ledger.erase(TENANT, world.case, erased)
    third = world.open_case().case
    world.deposit(world.make(third), world.make(third))
    world.close()
    assert fsck(world.settings, random=os.urandom).difference is None
    return world.home


@pytest.fixture
def damaged(template, tmp_path):
    """A copy of that log to damage: fsck reads the signer's memory without opening it for signing."""
    shutil.copytree(template, tmp_path / "home")
    return LedgerSettings.in_home(tmp_path / "home")


def change(value):
    """Another value of the same kind."""
    match value:
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1]) if value else b"x"
        case int():
            return value + 1_000_003
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case None:
            return 2
    raise AssertionError


def corrupt(path, table, column, position, only="1"):
    """Change one column of one row, found by its place in the table; give what it said, or None if there is no row."""
    connection = dbapi2.connect(str(path))
    try:
        keys = [
            row[1]
            for row in sorted(connection.execute(f"PRAGMA table_info({table})"), key=lambda r: r[5])
            if row[5]
        ]
        where = " AND ".join(f"{key} = ?" for key in keys)
        rows = connection.execute(
            f"SELECT {', '.join(keys)}, {column} FROM {table} WHERE {only} ORDER BY {', '.join(keys)}"
        ).fetchall()
        row = rows[position % len(rows)]
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (change(row[-1]), *row[:-1]))
        connection.commit()
        return row[-1]
    finally:
        connection.close()


@pytest.mark.parametrize("position", [0, 2, -1])
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_change_of_any_column_is_noticed(damaged, table, column, position):
    """The first, the third and the last row of each table, each column in turn.

    What an erased ciphertext said, nobody can tell any more: the second disclosure is one.
    """
    before = corrupt(damaged.database, table, column, position)
    report = fsck(damaged, random=os.urandom)
    assert not report.ok, f"{table}.{column} of row {position} was {before!r}"
    assert report.difference.detail


@pytest.mark.parametrize("position", [0, -1])
@pytest.mark.parametrize("column", KEY_COLUMNS)
def test_a_change_of_any_column_of_the_key_store_is_noticed(damaged, column, position):
    """Keys open only as what they are."""
    corrupt(damaged.vault_keys / "keys.db", "data_key", column, position, "wrapped IS NOT NULL")
    assert not fsck(damaged, random=os.urandom).ok


@pytest.mark.parametrize(
    "table",
    [
        table
        for table in LedgerBase.metadata.tables
        if table not in ("tree_head", "signed_head", "vault_document")
    ],
)
def test_a_lost_row_is_noticed(damaged, table):
    """One row deleted, anywhere but among heads, of which only the newest must be there, and documents, which may go."""
    connection = dbapi2.connect(str(damaged.database))
    column = connection.execute(f"PRAGMA table_info({table})").fetchone()[1]
    value = connection.execute(f"SELECT max({column}) FROM {table}").fetchone()[0]
    connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (value,))
    connection.commit()
    connection.close()
    assert not fsck(damaged, random=os.urandom).ok


def test_the_newest_head_must_be_there(damaged):
    """Without it the database is behind its own leaves; without its note the next start makes it again."""
    connection = dbapi2.connect(str(damaged.database))
    connection.execute("DELETE FROM signed_head WHERE size = (SELECT max(size) FROM signed_head)")
    connection.commit()
    report = fsck(damaged, random=os.urandom)
    assert report.ok
    assert len(report.notices) == 1
    connection.execute("DELETE FROM tree_head WHERE size = (SELECT max(size) FROM tree_head)")
    connection.commit()
    connection.close()
    assert fsck(damaged, random=os.urandom).difference.table == "tree_head"


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("INSERT INTO node VALUES (1, 999, zeroblob(32))", "node"),
        ("INSERT INTO tree_head VALUES (999, zeroblob(32))", "tree_head"),
        ("INSERT INTO signed_head VALUES (999, x'00')", "signed_head"),
        ("INSERT INTO event VALUES ('t', 'e', 999, 'k', x'00')", "event"),
        ("INSERT INTO vault_entry VALUES (999, 'k', x'00')", "vault_entry"),
        ("INSERT INTO vault_disclosure VALUES (999, 0, 'k', x'00')", "vault_disclosure"),
        ("INSERT INTO case_head VALUES ('00', 't', 'contract', 999, 1, zeroblob(32), NULL)", "case_head"),
        ("INSERT INTO case_head VALUES ('zz', 't', 'contract', 999, 1, zeroblob(32), NULL)", "case_head"),
        ("DELETE FROM instance", "instance"),
        ("UPDATE leaf SET leaf = 'text' WHERE leaf_index = 3", "database"),
        ("UPDATE vault_entry SET ciphertext = 7 WHERE leaf_index = 3", "database"),
        ("UPDATE event SET mac = (SELECT mac FROM event WHERE leaf_index = 3) WHERE leaf_index = 4", "event"),
        (
            "UPDATE vault_entry SET ciphertext = (SELECT ciphertext FROM vault_entry WHERE leaf_index = 3)",
            "vault_entry",
        ),
        (
            "UPDATE signed_head SET note = (SELECT max(note) FROM signed_head) WHERE size = 1",
            "signed_head",
        ),
    ],
)
def test_what_does_not_belong_is_noticed(damaged, statement, table):
    """Rows too many, and values that are right elsewhere."""
    connection = dbapi2.connect(str(damaged.database))
    connection.execute(statement)
    connection.commit()
    connection.close()
    assert fsck(damaged, random=os.urandom).difference.table == table


def test_changed_files_are_noticed(damaged, tmp_path):
    """The ciphertext of a document, the key-encryption key, the database file itself."""
    blob = next(path for path in damaged.blobs.rglob("*") if path.is_file())
    content = blob.read_bytes()
    blob.write_bytes(change(content))
    assert fsck(damaged, random=os.urandom).difference.table == "vault_document"
    blob.unlink()
    assert "gone" in fsck(damaged, random=os.urandom).difference.detail
    blob.write_bytes(content)
    assert fsck(damaged, random=os.urandom).ok
    kek = damaged.vault_keys / "kek"
    kek.write_bytes(change(kek.read_bytes()))
    assert not fsck(damaged, random=os.urandom).ok
    kek.write_bytes(change(kek.read_bytes()))
    data = bytearray(damaged.database.read_bytes())
    data[5 * 4096 : 6 * 4096] = bytes(4096)
    damaged.database.write_bytes(data)
    assert not fsck(damaged, random=os.urandom).ok


def test_a_signer_that_signed_something_else_is_noticed(damaged, template, tmp_path):
    """Its memory of another root, of more than there is, or of another installation."""
    state = damaged.signer / "state"
    last = read_memory(damaged.signer)
    for head, detail in (
        (dataclasses.replace(last.head, root_hash=b"x" * 32), "another root"),
        (dataclasses.replace(last.head, size=last.head.size + 1), "leaves"),
        (dataclasses.replace(last.head, size=3), "another root"),
    ):
        state.write_bytes(format_record(dataclasses.replace(last, number=0, head=head)))
        difference = fsck(damaged, random=os.urandom).difference
        assert difference.table == "signer"
        assert detail in difference.detail
    state.write_bytes(format_record(dataclasses.replace(last, instance=b"x" * 16)))
    assert fsck(damaged, random=os.urandom).difference.table == "instance"
    state.write_bytes(format_record(dataclasses.replace(last, key_id=b"x" * 4)))
    assert fsck(damaged, random=os.urandom).difference.table == "signer"
    state.unlink()
    assert "STATE_LOST" in fsck(damaged, random=os.urandom).difference.detail


def test_the_report_is_json_and_counts(damaged):
    """Everything of it can be written down, and progress was told."""
    steps = []
    report = fsck(damaged, random=os.urandom, progress=lambda *step: steps.append(step))
    written = json.loads(json.dumps(dataclasses.asdict(report)))
    assert (written["difference"], written["cases"], written["documents"]) == (None, 4, 2)
    assert (written["disclosures"], written["disclosures_erased"], written["keys_destroyed"]) == (3, 1, 1)
    assert written["entries"] == written["size"] == written["signed_size"]
    assert len(written["root_hash"]) == 64
    assert steps[-1] == ("entries", report.size, report.size)


def test_fsck_of_a_running_log_disturbs_nobody(tmp_path):
    """It reads one snapshot while deposits go on."""
    world = World.create(tmp_path / "home")
    answers = [world.ledger.deposit([world.make()]) for _ in range(50)]
    report = fsck(world.settings, random=os.urandom)
    assert report.ok
    assert [answer.result() for answer in answers]
    world.close()
    assert fsck(world.settings, random=os.urandom).size == 52


def test_an_empty_log_is_fine(tmp_path):
    """Just its own creation."""
    world = World.create(tmp_path / "home", with_case=False)
    world.close()
    report = fsck(world.settings, random=os.urandom)
    assert (report.ok, report.size, report.cases) == (True, 1, 1)
