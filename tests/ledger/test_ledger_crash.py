"""Crashes: at every write boundary of the append, at random moments under load, and commits that fail or only seem to.

A receipt that was given proves for ever; what was not answered is there or not, and sending it again settles it;
nothing is ever signed twice for one size; fsck passes.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from ledger_load import read_deposit, read_receipt
from ledger_world import TENANT, World, verify_receipt
from pysqlite3 import dbapi2
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.merkle import verify_consistency

from ledger.errors import SignerUnavailableError, StorageUnavailableError
from ledger.fsck import fsck
from ledger.service import Ledger
from ledger.signer import FileSigner

LOAD = Path(__file__).parent / "ledger_load.py"
BOUNDARIES = [
    (boundary, when)
    for boundary in ("keys", "ledger", "memory", "sign", "answer", "blob")
    for when in ("before", "after")
] + [("memory", "torn")]


class Nursery:
    """Starts lives of ``ledger_load`` and gives what each told before it died."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, str(LOAD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def live(self, home, *arguments, kill_after=None):
        """Run one life; kill it some seconds after its first receipt, if told to. Gives its lines and exit code."""
        self._process.stdin.write(json.dumps([str(home), *arguments]) + "\n")
        self._process.stdin.flush()
        told, born = [], None
        while True:
            text = self._process.stdout.readline()
            try:
                line = json.loads(text)
            except json.JSONDecodeError:
                assert text, "the nursery died"
                continue  # cut off by the kill: never received
            if "born" in line:
                born = line["born"]
            elif "dead" in line:
                return told, line["dead"]
            else:
                told.append(line)
            if kill_after is not None and told:
                threading.Timer(kill_after, os.kill, (born, signal.SIGKILL)).start()
                kill_after = None

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@pytest.fixture(scope="module")
def nursery():
    made = Nursery()
    yield made
    made.close()


def assert_fsck(world):
    report = fsck(world.settings, random=os.urandom)
    assert report.difference is None, report.difference
    return report


def verify_all(receipts, ledger: Ledger):
    """Every receipt proves, and every checkpoint that was given is consistent with the newest."""
    newest = open_checkpoint(ledger.reader.checkpoint(), ledger.vkey).checkpoint.head
    heads = {}
    for receipt in receipts:
        head = verify_receipt(receipt, ledger.vkey)
        assert heads.setdefault(head.size, head) == head
    for head in heads.values():
        verify_consistency(old=head, new=newest, proof=ledger.reader.consistency(head.size, newest.size))


@pytest.mark.parametrize(("boundary", "when"), BOUNDARIES)
def test_a_crash_at_a_write_boundary_breaks_nothing(tmp_path, nursery, boundary, when):
    """Killed before, after or within one write: receipts prove, the retry gets its receipt once, fsck passes."""
    world = World.create(tmp_path / "home", with_case=False)
    world.close()
    lines, status = nursery.live(world.home, "steps", boundary, when)
    assert status == -signal.SIGKILL
    receipts = [read_receipt(line["receipt"]) for line in lines if "receipt" in line]
    assert lines
    world.reopen()
    assert_fsck(world)
    unsettled = lines[-1]
    answered = 1 + len(receipts)
    if "opening" in unsettled:
        first, second = (world.open_case(event_id=unsettled["opening"]) for _ in range(2))
    elif "sending" in unsettled:
        deposit = read_deposit(unsettled["sending"])
        first, second = (world.deposit(deposit)[0] for _ in range(2))
    else:
        first = second = receipts[-1]
        answered -= 1
    assert (first.leaf_index, first.leaf) == (second.leaf_index, second.leaf)
    assert world.ledger.status().size == answered + 1
    verify_all([*receipts, first, second], world.ledger)
    world.close()
    assert_fsck(world)


def kill_under_load(tmp_path, nursery, kills):
    chosen = random.Random(20260314)
    world = World.create(tmp_path / "home", with_case=False)
    world.close()
    receipts = []
    for number in range(kills):
        lines, status = nursery.live(world.home, "load", number, kill_after=chosen.uniform(0.0, 0.4))
        assert status == -signal.SIGKILL
        receipts += [read_receipt(line["receipt"]) for line in lines]
        if number % 10 == 4:
            assert_fsck(world)
    world.reopen()
    verify_all(receipts, world.ledger)
    assert len({receipt.leaf_index for receipt in receipts}) == len({receipt.leaf for receipt in receipts})
    world.close()
    report = assert_fsck(world)
    assert report.size >= len({receipt.leaf_index for receipt in receipts})
    assert len(receipts) > 10 * kills


def test_kill_nine_under_load_breaks_no_receipt(tmp_path, nursery):
    """8 kills at random moments; receipts were recorded by this process."""
    kill_under_load(tmp_path, nursery, 8)


@pytest.mark.torture
def test_kill_nine_under_load_breaks_no_receipt_200(tmp_path, nursery):
    """200 kills at random moments."""
    kill_under_load(tmp_path, nursery, 200)


class RecordingSigner:
    """The real signer, watched: remembers every root it ever signed, and fails the test on a second one for a size."""

    def __init__(self, real):
        self._real = real
        self.vkey, self.instance, self.last, self.close = real.vkey, real.instance, real.last, real.close
        self.roots = {}
        self.signed = 0

    def sign(self, head, proof):
        note = self._real.sign(head, proof)
        assert self.roots.setdefault(head.size, head.root_hash) == head.root_hash, "two roots for one size"
        assert open_checkpoint(note, self.vkey).checkpoint.head == head
        self.signed += 1
        return note

    def poison(self, reason):
        self._real.poison(reason)


class FlakyCommit:
    """Stands for the driver's commit: fails before or after the real one, as ``decide`` says."""

    def __init__(self, real, decide):
        self.real, self.decide, self.failed, self.persisted = real, decide, 0, 0

    def __call__(self, connection):
        verdict = self.decide()
        if verdict == "fine":
            return self.real(connection)
        self.failed += 1
        if verdict == "persisted":
            self.persisted += 1
            self.real(connection)
        raise dbapi2.OperationalError("disk I/O error")


def fail_commits(tmp_path, failures):
    """Deposit against commits that fail, most of them really, some of them only seemingly, until so many failed."""
    chosen = random.Random(31415)
    world = World.create(tmp_path / "home")
    world.close()
    signer = RecordingSigner(FileSigner(world.settings.signer))
    ledger = world.reopen(signer=signer)
    dialect = ledger._writer.dialect
    flaky = FlakyCommit(
        dialect.do_commit, lambda: chosen.choices(["fine", "lost", "persisted"], [1, 30, 2])[0]
    )
    dialect.do_commit = flaky
    receipts, given_up = [], 0
    while flaky.failed < failures:
        deposit = world.make()
        for _ in range(chosen.choice([1, 20, 1000])):
            try:
                receipts += world.deposit(deposit)
                break
            except StorageUnavailableError:
                continue
        else:
            given_up += 1  # and the next event takes the place this one would have had
    dialect.do_commit = flaky.real
    receipts += world.deposit(world.make())
    verify_all(receipts, ledger)
    assert given_up
    assert flaky.persisted
    assert signer.signed >= len({receipt.checkpoint for receipt in receipts})
    world.close()
    assert_fsck(world)


def test_failing_commits_never_give_two_roots_for_one_size(tmp_path):
    """400 commits that fail after the root is known, some after they became durable."""
    fail_commits(tmp_path, 400)


@pytest.mark.torture
def test_failing_commits_never_give_two_roots_for_one_size_10000(tmp_path):
    """10^4 of them."""
    fail_commits(tmp_path, 10_000)


def test_a_signer_that_fails_loses_nothing(tmp_path, monkeypatch):
    """Its disk full: callers are told to send again; healed, the repeat gets the receipt of the first sending."""
    world = World.create(tmp_path / "home")
    real = os.fsync
    full = [True]

    def fsync(descriptor):
        if full[0]:
            raise OSError(28, "No space left on device")
        return real(descriptor)

    monkeypatch.setattr("ledger.signer.os.fsync", fsync)
    deposits = [world.make() for _ in range(3)]
    for deposit in deposits:
        with pytest.raises(SignerUnavailableError):
            world.deposit(deposit)
        with pytest.raises(SignerUnavailableError):
            world.deposit(deposit)
    status = world.ledger.status()
    assert (status.size, status.signed_size, status.stopped) == (5, 2, None)
    with pytest.raises(SignerUnavailableError):
        world.ledger.receipt(TENANT, json.loads(deposits[0].claim)["id"])
    assert world.ledger.events(TENANT, world.case) == world.ledger.events(TENANT, world.case)[:1]
    full[0] = False
    receipts = [world.deposit(deposit)[0] for deposit in deposits]
    assert [receipt.replayed for receipt in receipts] == [True] * 3
    assert [receipt.leaf_index for receipt in receipts] == [2, 3, 4]
    verify_all(receipts, world.ledger)
    world.close()
    assert_fsck(world)


def test_an_unsigned_tail_is_signed_at_the_next_start(tmp_path, monkeypatch):
    """What was durable but unsigned when the process ended is covered by a head when it starts again."""
    world = World.create(tmp_path / "home")

    def fsync(descriptor):
        raise OSError(5, "Input/output error")

    deposit = world.make()
    with monkeypatch.context() as patch:
        patch.setattr("ledger.signer.os.fsync", fsync)
        with pytest.raises(SignerUnavailableError):
            world.deposit(deposit)
        world.close()
    world.reopen()
    assert world.ledger.reader.size() == 3
    (receipt,) = world.deposit(deposit)
    assert (receipt.leaf_index, receipt.replayed) == (2, True)
    verify_receipt(receipt, world.vkey)
    world.close()
    assert_fsck(world)
