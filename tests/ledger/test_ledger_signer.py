"""The signer with its own memory: what it signs, what it refuses, and what it remembers through every accident."""

import base64
import os
import shutil
import signal
import subprocess
import sys
import textwrap

import pytest
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.errors import MalformedError
from zheng_verifier.merkle import EMPTY_ROOT, TreeHead, leaf_hash

from ledger.errors import LedgerStoppedError, SignerUnavailableError
from ledger.folder import FolderLock
from ledger.signer import FileSigner, adopt_signer, create_signer, format_private_key, parse_private_key
from ledger.signer_memory import RECORD_SIZE, Record, format_record, parse_record, read_memory
from ledger.tree import consistency_plan, finish, grow

ORIGIN = "log.zheng.example/test"


class Tree:
    """A growing tree that can prove its growth."""

    def __init__(self, salt=b""):
        self.salt, self.nodes, self.edge, self.heads = salt, {}, (), [TreeHead(0, EMPTY_ROOT)]

    def upto(self, size):
        while len(self.heads) <= size:
            at = len(self.heads) - 1
            growth = grow(at, self.edge, [leaf_hash(self.salt + b"%d" % at)])
            self.nodes.update(growth.nodes)
            self.edge = growth.edge
            self.heads.append(growth.head)
        return self.heads[size]

    def proof(self, old, new):
        self.upto(new)
        return finish(consistency_plan(old, new), self.nodes)


@pytest.fixture
def tree():
    return Tree()


@pytest.fixture
def folder(tmp_path):
    create_signer(tmp_path / "signer", ORIGIN, os.urandom)
    return tmp_path / "signer"


@pytest.fixture
def signer(folder):
    made = FileSigner(folder)
    yield made
    made.close()


def sign(signer, tree, size):
    last = signer.last()
    return signer.sign(tree.upto(size), tree.proof(last.size if last else 0, size))


def code(raised):
    return raised.value.code


def test_a_note_is_a_checkpoint_by_the_logs_key(signer, tree):
    """It opens with the public key, says origin, size and root, and the first one needs no proof."""
    assert signer.last() is None
    checkpoint = open_checkpoint(sign(signer, tree, 3), signer.vkey).checkpoint
    assert (checkpoint.origin, checkpoint.head) == (ORIGIN, tree.heads[3])
    assert signer.last() == tree.heads[3]


def test_the_same_head_gives_the_same_note(signer, tree):
    """Ed25519 is deterministic, and nothing is written the second time."""
    note = sign(signer, tree, 3)
    before = read_memory(signer._directory)
    assert sign(signer, tree, 3) == note
    assert read_memory(signer._directory) == before


def test_an_extension_is_signed(signer, tree):
    """One head after another, with gaps, each with its proof from the last."""
    for size in [1, 2, 5, 6, 64, 100]:
        assert open_checkpoint(sign(signer, tree, size), signer.vkey).checkpoint.head == tree.heads[size]


def test_a_smaller_tree_is_behind(signer, tree):
    """The database was put back: BEHIND, with both sizes."""
    sign(signer, tree, 5)
    with pytest.raises(LedgerStoppedError) as raised:
        signer.sign(tree.heads[4], ())
    assert (code(raised), raised.value.sizes) == ("BEHIND", {"database": 4, "signer": 5})


def test_another_root_of_one_size_is_forked(signer, tree):
    """Two roots for one size are never signed."""
    sign(signer, tree, 5)
    with pytest.raises(LedgerStoppedError) as raised:
        signer.sign(Tree(b"other").upto(5), ())
    assert code(raised) == "FORKED"


@pytest.mark.parametrize("proof", [(), (b"\0" * 32,), (b"\0" * 32,) * 3, (b"short",)])
def test_growth_without_proof_is_inconsistent(signer, tree, proof):
    """A head that is not shown to extend the last one is not signed."""
    sign(signer, tree, 3)
    with pytest.raises(LedgerStoppedError) as raised:
        signer.sign(tree.upto(4), proof)
    assert code(raised) == "INCONSISTENT"
    assert signer.last() == tree.heads[3]


def test_growth_of_another_tree_is_inconsistent(signer, tree):
    """Its own proof does not help another tree."""
    sign(signer, tree, 3)
    other = Tree(b"other")
    with pytest.raises(LedgerStoppedError) as raised:
        signer.sign(other.upto(9), other.proof(3, 9))
    assert code(raised) == "INCONSISTENT"


def test_the_empty_tree_is_not_signed(signer):
    """A checkpoint of nothing would promise nothing."""
    with pytest.raises(LedgerStoppedError) as raised:
        signer.sign(TreeHead(0, EMPTY_ROOT), ())
    assert code(raised) == "BEHIND"


def test_memory_outlives_the_process(folder, tree):
    """Opened again it has the same key, instance and head, and goes on."""
    signer = FileSigner(folder)
    note, vkey, instance = sign(signer, tree, 7), signer.vkey, signer.instance
    signer.close()
    again = FileSigner(folder)
    assert (again.vkey, again.instance, again.last()) == (vkey, instance, tree.heads[7])
    assert sign(again, tree, 7) == note
    sign(again, tree, 8)
    again.close()


def test_two_cannot_hold_one_memory(folder, signer):
    """The second is told LOCKED."""
    with pytest.raises(LedgerStoppedError) as raised:
        FileSigner(folder)
    assert code(raised) == "LOCKED"


def test_a_stopped_process_still_holds_the_memory(folder, tree):
    """SIGSTOP split brain: while the first is frozen a second cannot start; thawed, the first goes on."""
    script = textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from ledger.signer import FileSigner
        signer = FileSigner(Path({str(folder)!r}))
        print("open", flush=True)
        sys.stdin.readline()
        signer.close()
    """)
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "open\n"
        os.kill(child.pid, signal.SIGSTOP)
        with pytest.raises(LedgerStoppedError) as raised:
            FileSigner(folder)
        assert code(raised) == "LOCKED"
        os.kill(child.pid, signal.SIGCONT)
        child.communicate("\n", timeout=20)
        assert child.returncode == 0
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()
    FileSigner(folder).close()


def test_a_second_writer_past_the_lock_is_noticed(folder, signer, tree):
    """Forced past the lock (its file removed), the one whose memory the other extended signs nothing any more."""
    sign(signer, tree, 3)
    (folder / "lock").unlink()
    second = FileSigner(folder)
    sign(second, tree, 4)
    with pytest.raises(LedgerStoppedError) as raised:
        signer.sign(tree.upto(5), tree.proof(3, 5))
    assert code(raised) == "STATE_CHANGED"
    second.close()


def test_a_copied_memory_is_noticed(folder, signer, tree, tmp_path):
    """A copy or a restored backup of the folder does not open: there may be another that knows more."""
    sign(signer, tree, 3)
    shutil.copytree(folder, tmp_path / "copy")
    with pytest.raises(LedgerStoppedError) as raised:
        FileSigner(tmp_path / "copy")
    assert code(raised) == "COPIED"


def test_a_moved_memory_can_be_adopted(folder, tree, tmp_path):
    """A person who knows that the old one is gone may say so; the last head is kept."""
    signer = FileSigner(folder)
    sign(signer, tree, 3)
    signer.close()
    shutil.copytree(folder, tmp_path / "moved")
    shutil.rmtree(folder)
    adopt_signer(tmp_path / "moved")
    moved = FileSigner(tmp_path / "moved")
    assert moved.last() == tree.heads[3]
    sign(moved, tree, 4)
    moved.close()


@pytest.mark.parametrize("torn", [b"z", b"zhsigner" + b"\0" * 60, b"\0" * 128, b"\0" * 100])
def test_a_torn_last_record_was_never_signed_for(folder, tree, torn):
    """A record that a crash cut off, or that is zeros, is left out: its fsync never returned."""
    signer = FileSigner(folder)
    sign(signer, tree, 3)
    signer.close()
    with (folder / "state").open("ab") as file:
        file.write(torn)
    again = FileSigner(folder)
    assert again.last() == tree.heads[3]
    sign(again, tree, 4)
    again.close()
    assert read_memory(folder).head == tree.heads[4]


@pytest.mark.parametrize("at", [0, 8, 20, 40, 60, 75, 82, 100, 127])
@pytest.mark.parametrize("record", [0, 1, 2])
def test_damage_within_the_memory_ends_the_key(folder, tree, record, at):
    """A changed byte in any whole record is not taken for a crash."""
    signer = FileSigner(folder)
    sign(signer, tree, 3)
    sign(signer, tree, 4)
    signer.close()
    data = bytearray((folder / "state").read_bytes())
    data[record * RECORD_SIZE + at] ^= 1
    (folder / "state").write_bytes(data)
    with pytest.raises(LedgerStoppedError) as raised:
        FileSigner(folder)
    assert code(raised) == "STATE_DAMAGED"


def test_records_of_two_memories_do_not_mix(folder, tree):
    """A record taken out or repeated is damage."""
    signer = FileSigner(folder)
    sign(signer, tree, 3)
    sign(signer, tree, 4)
    signer.close()
    data = (folder / "state").read_bytes()
    (folder / "state").write_bytes(data[:RECORD_SIZE] + data[2 * RECORD_SIZE :])
    with pytest.raises(LedgerStoppedError) as raised:
        FileSigner(folder)
    assert code(raised) == "STATE_DAMAGED"


def test_a_lost_memory_ends_the_key(folder, tree):
    """A key without its memory never signs again, nor is a new memory made for it."""
    signer = FileSigner(folder)
    sign(signer, tree, 3)
    signer.close()
    (folder / "state").unlink()
    create_signer(folder, ORIGIN, os.urandom)
    with pytest.raises(LedgerStoppedError) as raised:
        FileSigner(folder)
    assert code(raised) == "STATE_LOST"


def test_a_lost_key_is_not_replaced(folder, tree):
    """Where something was signed, no second key comes into the same folder."""
    signer = FileSigner(folder)
    sign(signer, tree, 3)
    signer.close()
    (folder / "key").unlink()
    with pytest.raises(LedgerStoppedError) as raised:
        create_signer(folder, ORIGIN, os.urandom)
    assert code(raised) == "KEY_LOST"


def test_a_key_half_made_is_made_again(tmp_path):
    """A crash between memory and key leaves nothing that could have signed."""
    create_signer(tmp_path / "s", ORIGIN, os.urandom)
    (tmp_path / "s" / "key").unlink()
    create_signer(tmp_path / "s", ORIGIN, os.urandom)
    FileSigner(tmp_path / "s").close()


def test_a_foreign_key_in_the_folder_is_noticed(folder, tmp_path):
    """Key and memory are one thing."""
    create_signer(tmp_path / "other", ORIGIN, os.urandom)
    shutil.copy(tmp_path / "other" / "key", folder / "key")
    with pytest.raises(LedgerStoppedError) as raised:
        FileSigner(folder)
    assert code(raised) == "STATE_DAMAGED"


def test_no_signer_without_a_key(tmp_path):
    """A folder that is not a signer's says so."""
    with pytest.raises(LedgerStoppedError) as raised:
        FileSigner(tmp_path)
    assert code(raised) == "NOT_INITIALISED"


def test_poison_lasts(folder, signer, tree):
    """Once poisoned nothing is signed, not even what was, and not after opening again."""
    sign(signer, tree, 3)
    signer.poison("a witness has another history")
    with pytest.raises(LedgerStoppedError) as raised:
        sign(signer, tree, 3)
    assert code(raised) == "POISONED"
    assert "another history" in str(raised.value)
    signer._lock.release()
    with pytest.raises(LedgerStoppedError) as raised:
        FileSigner(folder)
    assert code(raised) == "POISONED"
    signer._lock = FolderLock(folder)


class FailingDisk:
    """Stands for ``os.fsync`` or ``os.pwrite``: fails while told to."""

    def __init__(self, real, before=b""):
        self.real, self.failing, self.part = real, False, before

    def __call__(self, *arguments):
        if self.failing:
            if self.part is not None and len(arguments) == 3:
                self.real(arguments[0], arguments[1][:50], arguments[2])
                return 50
            raise OSError(28, "No space left on device")
        return self.real(*arguments)


@pytest.mark.parametrize("call", ["fsync", "pwrite"])
def test_a_full_disk_signs_nothing_and_heals(folder, signer, tree, monkeypatch, call):
    """What could not be remembered is not signed; later the same head is; another of that size never."""
    sign(signer, tree, 3)
    disk = FailingDisk(getattr(os, call))
    monkeypatch.setattr(f"ledger.signer.os.{call}", disk)
    disk.failing = True
    for _ in range(3):
        with pytest.raises(SignerUnavailableError):
            signer.sign(tree.upto(4), tree.proof(3, 4))
    with pytest.raises(LedgerStoppedError) as raised:
        signer.sign(Tree(b"other").upto(4), ())
    assert code(raised) == "FORKED"
    disk.failing = False
    note = signer.sign(tree.heads[4], ())
    assert open_checkpoint(note, signer.vkey).checkpoint.head == tree.heads[4]
    sign(signer, tree, 5)
    assert [parse_record(chunk).head.size for chunk in _records(folder)] == [0, 3, 4, 5]


def test_after_a_failure_a_larger_head_may_follow(folder, signer, tree, monkeypatch):
    """The head that failed is extended, and the file stays readable."""
    sign(signer, tree, 3)
    disk = FailingDisk(os.fsync)
    monkeypatch.setattr("ledger.signer.os.fsync", disk)
    disk.failing = True
    with pytest.raises(SignerUnavailableError):
        signer.sign(tree.upto(4), tree.proof(3, 4))
    disk.failing = False
    signer.sign(tree.upto(6), tree.proof(4, 6))
    assert read_memory(folder).head == tree.heads[6]
    assert [parse_record(chunk).number for chunk in _records(folder)] == [0, 1, 2]


def test_a_memory_that_cannot_be_reached_signs_nothing(folder, signer, tree):
    """The file is gone below a running signer."""
    (folder / "state").unlink()
    with pytest.raises(SignerUnavailableError):
        sign(signer, tree, 3)


def test_a_long_memory_is_written_anew(folder, tree, monkeypatch):
    """After so many records the last one begins a new file; it opens, and goes on."""
    monkeypatch.setattr("ledger.signer.MAX_RECORDS", 4)
    signer = FileSigner(folder)
    for size in range(1, 11):
        sign(signer, tree, size)
    signer.close()
    assert len(_records(folder)) <= 4
    again = FileSigner(folder)
    assert again.last() == tree.heads[10]
    sign(again, tree, 11)
    again.close()


def _records(folder):
    data = (folder / "state").read_bytes()
    return [data[at : at + RECORD_SIZE] for at in range(0, len(data), RECORD_SIZE)]


def test_files_are_private(folder):
    """Nobody else reads the key."""
    for name in ["key", "state", "lock"]:
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_record_reads_as_written():
    """All fields, 128 bytes; a changed byte anywhere is no record."""
    record = Record(7, TreeHead(9, b"r" * 32), b"i" * 16, 12345, b"k" * 4)
    data = format_record(record)
    assert len(data) == RECORD_SIZE
    assert parse_record(data) == record
    assert all(
        parse_record(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]) is None for at in range(RECORD_SIZE)
    )
    assert parse_record(data[:-1]) is None


def test_the_key_is_written_as_gos_note_package_does():
    """Go's example key PeterNeumann reads, and is written again as it was: its id is that of name and public half."""
    text = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    origin, seed = parse_private_key(text)
    assert (origin, base64.b64encode(b"\x01" + seed).decode()) == ("PeterNeumann", text.split("+", 4)[4])
    assert format_private_key(origin, seed) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRIVATE+KEY+a+00000000+AQ==",
        "PUBLIC+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AoEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
    ],
)
def test_other_keys_are_refused(text):
    """Another form, another algorithm, an id that is not the key's."""
    with pytest.raises((ValueError, MalformedError)):
        parse_private_key(text)


def test_an_origin_that_no_note_can_carry_is_refused(tmp_path):
    """Before anything is made."""
    with pytest.raises(MalformedError):
        create_signer(tmp_path / "s", "not an origin", os.urandom)
    assert not (tmp_path / "s").exists()
