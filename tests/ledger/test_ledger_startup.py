"""Nothing is signed until database ⊒ signer ⊒ every outside memory that answers (format review §3.3)."""

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from ledger_world import OPERATOR, ORIGIN, World, clock, new_id, verify_receipt
from pysqlite3 import dbapi2
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.merkle import TreeHead

from ledger.database import create_schema, open_writer
from ledger.errors import LedgerStoppedError, VaultError
from ledger.fsck import fsck
from ledger.keystore import create_keystore
from ledger.service import create_ledger, open_ledger
from ledger.settings import LedgerSettings
from ledger.signer import FileSigner, create_signer


def refused(settings, **arguments):
    """Open a log that must not open; give the error."""
    with pytest.raises(LedgerStoppedError) as raised:
        open_ledger(settings, clock=clock, random=os.urandom, **arguments)
    return raised.value


@dataclasses.dataclass
class Memory:
    """An outside memory that says what it is told to."""

    answer: TreeHead | bytes | Exception | None
    name: str = "witness one"
    elsewhere: bool = True

    def latest(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def signed_heads(world, *counts):
    """Deposit batches of so many events; give the note of each."""
    return [world.deposit(*[world.make() for _ in range(count)])[0].checkpoint for count in counts]


def head_of(note, world):
    return open_checkpoint(note, world.vkey).checkpoint.head


def copy_data(world, to):
    shutil.copytree(world.settings.database.parent, to)


def test_yesterdays_data_folder_is_refused(world, tmp_path):
    """An old copy put back: BEHIND, with both sizes, and the signer signed nothing in between."""
    signed_heads(world, 3)
    world.close()
    copy_data(world, tmp_path / "yesterday")
    world.reopen()
    signed_heads(world, 4)
    world.close()
    signed = FileSigner(world.settings.signer)
    last = signed.last()
    signed.close()
    shutil.rmtree(world.settings.database.parent)
    shutil.copytree(tmp_path / "yesterday", world.settings.database.parent)
    error = refused(world.settings)
    assert (error.code, error.sizes) == ("BEHIND", {"database": 5, "signer": 9})
    assert "5" in str(error)
    assert "9" in str(error)
    report = fsck(world.settings, random=os.urandom)
    assert report.difference.table == "signer"
    signer = FileSigner(world.settings.signer)
    assert signer.last() == last
    signer.close()


def test_a_lost_data_folder_is_not_begun_anew(world):
    """The signer has signed and the database is gone: neither opening nor creating starts a second history."""
    world.close()
    shutil.rmtree(world.settings.database.parent)
    assert refused(world.settings).code == "NOT_INITIALISED"
    with pytest.raises(LedgerStoppedError) as raised:
        create_ledger(world.settings, clock=clock, random=os.urandom)
    assert (raised.value.code, raised.value.sizes) == ("BEHIND", {"database": 0, "signer": 2})


def test_a_copied_folder_started_twice_is_refused(world, tmp_path):
    """The whole home copied: the copy's signer is noticed, while the first runs and after it ended."""
    shutil.copytree(world.home, tmp_path / "copy")
    copied = LedgerSettings.in_home(tmp_path / "copy")
    assert refused(copied).code == "COPIED"
    world.close()
    assert refused(copied).code == "COPIED"


def test_two_databases_cannot_share_a_signer(world, tmp_path):
    """The data folder alone copied: the signer's lock is held; after that, the histories part and one is refused."""
    copy_data(world, tmp_path / "second")
    second = dataclasses.replace(world.settings, database=tmp_path / "second" / "ledger.db")
    assert refused(second).code == "LOCKED"
    signed_heads(world, 2)
    world.close()
    error = refused(second)
    assert (error.code, error.sizes) == ("BEHIND", {"database": 2, "signer": 4})


def test_a_history_that_parted_is_refused(world, tmp_path):
    """A copy went on and was signed for; the first, longer but no extension of that, is FORKED."""
    world.close()
    copy_data(world, tmp_path / "second")
    second = dataclasses.replace(world.settings, database=tmp_path / "second" / "ledger.db")
    with open_ledger(second, clock=clock, random=os.urandom) as world.ledger:
        signed_heads(world, 2)
    forgetful = Forgetful(world.settings.signer)
    with open_ledger(world.settings, clock=clock, random=os.urandom, signer=forgetful) as world.ledger:
        signed_heads_size = world.deposit(*[world.make() for _ in range(5)])[-1].leaf_index + 1
    error = refused(world.settings)
    assert (error.code, error.sizes) == ("FORKED", {"database": signed_heads_size, "signer": 4})


class Forgetful:
    """A signer without memory, which no real one is: it lets a database grow apart from what was signed."""

    def __init__(self, directory):
        self._real = FileSigner(directory)
        self.vkey, self.instance, self.close = self._real.vkey, self._real.instance, self._real.close

    def last(self):
        return None

    def sign(self, head, proof):
        return b"no note"


def test_a_second_process_is_locked_out(world):
    """While one process has the log, running or stopped by SIGSTOP, another cannot open it."""
    world.close()
    script = textwrap.dedent(f"""
        import os, sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from pathlib import Path
        from ledger_world import clock
        from ledger.service import open_ledger
        from ledger.settings import LedgerSettings
        ledger = open_ledger(LedgerSettings.in_home(Path({str(world.home)!r})), clock=clock, random=os.urandom)
        print("open", flush=True)
        sys.stdin.readline()
        ledger.close()
    """)
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "open\n"
        assert refused(world.settings).code == "LOCKED"
        os.kill(child.pid, signal.SIGSTOP)
        assert refused(world.settings).code == "LOCKED"
        os.kill(child.pid, signal.SIGCONT)
        child.communicate("\n", timeout=30)
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()
    world.reopen()


def test_split_brain_past_the_locks_signs_once(world, tmp_path):
    """Lock files removed below a running log and a second one started on both folders: the first signs no more."""
    (world.settings.database.parent / "lock").unlink()
    (world.settings.signer / "lock").unlink()
    with open_ledger(world.settings, clock=clock, random=os.urandom) as second:
        first, world.ledger = world.ledger, second
        (note,) = signed_heads(world, 2)
        world.ledger = first
        with pytest.raises(LedgerStoppedError) as raised:
            signed_heads(world, 1)
        assert raised.value.code == "STATE_CHANGED"
        assert first.status().stopped is not None
        with pytest.raises(LedgerStoppedError):
            first.deposit([world.make()])
        world.ledger = second
        (later,) = signed_heads(world, 1)
        assert head_of(later, world).size > head_of(note, world).size
    world.ledger = first


def test_another_installations_signer_is_refused(world, tmp_path):
    """Database and signer name one instance, or nothing is opened."""
    world.close()
    other = World.create(tmp_path / "other", with_case=False)
    other.close()
    mixed = dataclasses.replace(world.settings, signer=other.settings.signer)
    assert refused(mixed).code == "WRONG_INSTANCE"
    wrong = dataclasses.replace(world.settings, origin="other.example/log")
    assert refused(wrong).code == "WRONG_LOG"
    wrong = dataclasses.replace(world.settings, operator_tenant=new_id())
    assert refused(wrong).code == "WRONG_LOG"
    mixed = dataclasses.replace(world.settings, vault_keys=other.settings.vault_keys)
    with pytest.raises(VaultError):
        open_ledger(mixed, clock=clock, random=os.urandom)
    world.reopen()


def test_nothing_opens_where_no_log_is(tmp_path):
    """A folder without a log, or whose signer was never made, is not initialised by opening."""
    world = World.create(tmp_path / "home", with_case=False)
    world.close()
    assert refused(dataclasses.replace(world.settings, database=tmp_path / "no.db")).code == "NOT_INITIALISED"
    assert refused(dataclasses.replace(world.settings, signer=tmp_path / "no")).code == "NOT_INITIALISED"


def test_a_key_that_log_created_does_not_name_is_refused(world):
    """Rule 2, where even the instance ids were made to fit."""
    signed_heads(world, 1)
    world.close()
    signer = FileSigner(world.settings.signer)
    instance = signer.instance
    signer.close()
    home = World.create(world.home.parent / "other", with_case=False)
    home.close()

    class Impostor:
        def __init__(self):
            self.real = FileSigner(home.settings.signer)
            self.vkey, self.instance, self.close = self.real.vkey, instance, self.real.close

        def last(self):
            return None

    assert refused(world.settings, signer=Impostor()).code == "WRONG_LOG"


def test_a_poisoned_log_stays_shut(world):
    """Poisoned while running it stops at once; it does not open again."""
    world.ledger.poison("a witness showed another head of size 2")
    with pytest.raises(LedgerStoppedError) as raised:
        world.ledger.deposit([world.make()])
    assert raised.value.code == "POISONED"
    assert "POISONED" in world.ledger.status().stopped
    world.close()
    assert refused(world.settings).code == "POISONED"
    assert fsck(world.settings, random=os.urandom).ok


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE leaf SET leaf = CAST(x'20' || leaf AS BLOB) WHERE leaf_index = 4",
        "UPDATE leaf SET leaf_hash = zeroblob(32) WHERE leaf_index = 4",
        "UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND number = 1",
        "UPDATE tree_head SET root = zeroblob(32) WHERE size = (SELECT max(size) FROM tree_head)",
        "DELETE FROM leaf WHERE leaf_index = 3",
        "DELETE FROM leaf WHERE leaf_index = (SELECT max(leaf_index) FROM leaf)",
        "DELETE FROM node WHERE level = 2",
        "INSERT INTO node VALUES (1, 99, zeroblob(32))",
        "INSERT INTO leaf VALUES (99, 'x', 1, x'00', zeroblob(32))",
    ],
)
def test_a_damaged_right_edge_is_refused(world, damage):
    """Rule 3: count, newest leaves, nodes and root are computed again."""
    signed_heads(world, 6)
    world.close()
    with dbapi2.connect(str(world.settings.database)) as connection:
        connection.execute(damage)
    connection.close()
    assert refused(world.settings).code == "DAMAGED"
    assert not fsck(world.settings, random=os.urandom).ok


def test_damage_far_from_the_edge_does_not_stop_the_start(world):
    """Rule 3 reads the newest 256 leaves; fsck reads all."""
    signed_heads(world, 600)
    world.close()
    with dbapi2.connect(str(world.settings.database)) as connection:
        connection.execute("UPDATE leaf SET leaf = CAST(x'20' || leaf AS BLOB) WHERE leaf_index = 4")
    connection.close()
    world.reopen()
    verify_receipt(world.deposit(world.make())[0], world.vkey)
    report = fsck(world.settings, random=os.urandom)
    assert (report.difference.table, report.difference.row) == ("leaf", "4")


def test_outside_memories_that_agree_let_the_log_start(world):
    """An equal head, an older one as a signed note, and one that knows of nothing."""
    old, new = signed_heads(world, 3, 2)
    memories = [Memory(head_of(new, world), "a"), Memory(old, "b"), Memory(None, "c")]
    world.reopen(outside=memories)
    assert [(state.name, state.size) for state in world.ledger.status().outside] == [
        ("a", 7),
        ("b", 5),
        ("c", 0),
    ]
    assert world.ledger.status().warnings == ()
    assert world.ledger.check_outside([Memory(new)])[0].size == 7


def test_a_memory_that_knows_more_stops_the_log(world):
    """Larger outside: BEHIND, named with both sizes, and no poison: the missing leaves may be found again."""
    world.close()
    error = refused(world.settings, outside=[Memory(TreeHead(99, b"r" * 32))])
    assert (error.code, error.sizes) == ("BEHIND", {"database": 2, "witness one": 99})
    world.reopen()
    with pytest.raises(LedgerStoppedError) as raised:
        world.ledger.check_outside([Memory(TreeHead(99, b"r" * 32))])
    assert raised.value.code == "BEHIND"
    assert world.ledger.status().stopped is not None
    world.reopen()


def test_a_memory_of_another_history_poisons_the_log(world):
    """Another root outside: FORKED, and from then on the signer is poisoned."""
    world.close()
    error = refused(world.settings, outside=[Memory(TreeHead(2, b"r" * 32))])
    assert error.code == "FORKED"
    assert refused(world.settings).code == "POISONED"


def test_too_few_memories_stop_the_log(world):
    """One that cannot be reached, or shows a note that is not ours, does not count."""
    world.close()
    settings = dataclasses.replace(world.settings, min_outside_memories=1)
    assert refused(settings).code == "TOO_FEW_MEMORIES"
    for answer in (OSError("no route"), b"no note", b"x.example\n1\nAAAA\n\n\xe2\x80\x94 x AAAAAAA=\n"):
        assert refused(settings, outside=[Memory(answer)]).code == "TOO_FEW_MEMORIES"
    ledger = open_ledger(
        settings, clock=clock, random=os.urandom, outside=[Memory(OSError("down"), "a"), Memory(None, "b")]
    )
    assert [(state.name, state.size) for state in ledger.status().outside] == [("a", None), ("b", 0)]
    ledger.close()


def test_a_memory_on_this_machine_is_asked_but_counts_for_nothing(world):
    """The worker's own store finds a fork, and is no substitute for somebody outside."""
    world.close()
    settings = dataclasses.replace(world.settings, min_outside_memories=1)
    here = Memory(None, "the worker's store", elsewhere=False)
    assert refused(settings, outside=[here]).code == "TOO_FEW_MEMORIES"
    world.reopen(outside=[here])
    assert "nothing outside this machine" in world.ledger.status().warnings[-1]
    world.close()
    forked = dataclasses.replace(here, answer=TreeHead(2, b"r" * 32))
    assert refused(world.settings, outside=[forked]).code == "FORKED"


def test_a_key_store_that_is_gone_stops_the_log(world):
    """Without the key-encryption key nothing opens."""
    world.close()
    (world.settings.vault_keys / "kek").unlink()
    with pytest.raises(VaultError):
        open_ledger(world.settings, clock=clock, random=os.urandom)


def test_creation_cut_short_is_finished(tmp_path):
    """After signer and instance, before the first leaf: creating again gives a log with its leaf 0."""
    settings = LedgerSettings.in_home(tmp_path, origin=ORIGIN, operator_tenant=OPERATOR)
    create_signer(settings.signer, ORIGIN, os.urandom)
    create_keystore(settings.vault_keys, os.urandom)
    engine = open_writer(settings.database)
    create_schema(engine)
    engine.dispose()
    assert refused(settings).code == "NOT_INITIALISED"
    for _ in range(2):
        with create_ledger(settings, clock=clock, random=os.urandom) as ledger:
            assert ledger.status().size == 1
