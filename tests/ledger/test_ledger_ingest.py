"""What callers are told when something breaks that nobody foresaw: the truth, at once, and nobody waits for ever."""

import threading

import pytest
from ledger_world import new_id, verify_receipt

from ledger.errors import LedgerStoppedError, StorageUnavailableError
from ledger.reader import LedgerReader


def outcome(answer):
    """Give the code of the error a future ends with."""
    with pytest.raises(LedgerStoppedError) as raised:
        answer.result(timeout=20)
    return raised.value.code


def stopped(world):
    """Later callers are told so too, each by an error of his own."""
    errors = []
    for _ in range(2):
        with pytest.raises(LedgerStoppedError) as raised:
            world.ledger.deposit([world.make()])
        errors.append(raised.value)
    assert errors[0] is not errors[1]
    assert world.ledger.status().stopped == str(errors[0])
    return errors[0].code


def test_an_unforeseen_error_of_the_writer_stops_the_log(world):
    """Callers get INTERNAL, and nothing more is written until it is opened again."""

    def fail(*_, **__):
        raise RuntimeError("a bug")

    world.ledger._sequencer._write = fail
    answer = world.ledger.deposit([world.make()])
    assert outcome(answer) == "INTERNAL"
    assert stopped(world) == "INTERNAL"
    assert "a bug" in world.ledger.status().stopped
    world.reopen()
    verify_receipt(world.deposit(world.make())[0], world.vkey)


def test_an_unforeseen_error_of_the_signer_stops_the_log(world):
    """What was committed is signed for at the next start; the repeat gets its receipt."""

    def fail(*_):
        raise RuntimeError("a bug")

    world.ledger._heads.sign = fail
    deposit = world.make()
    assert outcome(world.ledger.deposit([deposit])) == "INTERNAL"
    assert stopped(world) == "INTERNAL"
    world.reopen()
    (receipt,) = world.deposit(deposit)
    assert receipt.replayed
    verify_receipt(receipt, world.vkey)


class Gate:
    """Holds the calls of a function back until it is opened."""

    def __init__(self, real):
        self.real, self.entered, self.opened = real, threading.Event(), threading.Event()

    def __call__(self, *arguments, **named):
        self.entered.set()
        assert self.opened.wait(20)
        return self.real(*arguments, **named)


def test_a_stop_reaches_everybody_who_waits(world):
    """Those in the queue, those being written, and one who had given up."""
    gate = world.ledger._sequencer.commit = Gate(world.ledger._sequencer.commit)
    writing = world.ledger.deposit([world.make()])
    assert gate.entered.wait(20)
    queued, given_up = world.ledger.deposit([world.make()]), world.ledger.deposit([world.make()])
    assert given_up.cancel()
    world.ledger.poison("another history")
    assert outcome(queued) == "POISONED"
    gate.opened.set()
    assert outcome(writing) == "POISONED"
    assert given_up.cancelled()


def test_a_stop_reaches_those_who_wait_for_the_signer(world):
    """They are durable but unsigned, and are told that the log stopped."""
    gate = world.ledger._heads.sign = Gate(world.ledger._heads.sign)
    first = world.ledger.deposit([world.make()])
    assert gate.entered.wait(20)
    second = world.ledger.deposit([world.make()])
    while world.ledger.status().size < 4:
        pass
    world.ledger.poison("another history")
    assert outcome(second) == "POISONED"
    gate.opened.set()
    assert outcome(first) == "POISONED"
    world.ledger.poison("once is enough")


def test_while_one_head_is_signed_the_next_groups_coalesce(world):
    """Groups committed meanwhile share the next head: fewer heads than groups, each receipt under one that covers it."""
    gate = world.ledger._heads.sign = Gate(world.ledger._heads.sign)
    answers = [world.ledger.deposit([world.make()])]
    assert gate.entered.wait(20)
    for size in range(4, 9):
        answers.append(world.ledger.deposit([world.make()]))
        while world.ledger.status().size < size:
            pass
    gate.opened.set()
    heads = [verify_receipt(answer.result()[0], world.vkey).size for answer in answers]
    assert heads == [3, 8, 8, 8, 8, 8]


def test_notes_outlive_a_failing_database(world):
    """A note that could not be stored is stored later."""
    world.deposit(world.make())
    dialect = world.ledger._writer.dialect
    real = dialect.do_commit
    broken = threading.Event()

    def fail(connection):
        broken.set()
        raise real.__self__.dbapi.OperationalError("disk I/O error")

    dialect.do_commit = fail
    with pytest.raises(StorageUnavailableError):
        world.deposit(world.make())
    assert broken.is_set()
    dialect.do_commit = real
    receipt = world.open_case(event_id=new_id())
    world.close()
    head = verify_receipt(receipt, world.vkey)
    reader = LedgerReader.open(world.settings.database)
    assert reader.signed_sizes() == (1, 2, 3, head.size)
    reader.close()
