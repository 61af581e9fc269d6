"""The loop: each service on its own clock, dead ones waited for, forks told."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from zheng_verifier.merkle import TreeHead
from zheng_verifier.timestamp import verify_timestamp

from anchor.ethereum import ChainProfile, EthereumAnchor
from anchor.keys import KeyFileSigner
from anchor.memory import MemoryChain
from anchor.ports import AuthorityUnavailable, ChainUnavailable
from anchor.store import AnchorStore, Taken
from anchor.tsa_local import LocalTsa
from anchor.worker import Authority, Cadence, Worker


class Switch:
    """A driver that can be unplugged: every call then raises."""

    def __init__(self, driver, error):
        self._driver, self._error, self.off, self.calls = driver, error, False, 0

    def __getattr__(self, name):
        found = getattr(self._driver, name)
        if not callable(found) or name in {"mine", "anchored_sizes"}:
            return found

        def call(*arguments):
            self.calls += 1
            if self.off:
                raise self._error("unplugged")
            return found(*arguments)

        return call


class Shop:
    """A worker with two authorities and two chains, all of them with a switch."""

    def __init__(self, folder, clock, log, open_store, tsa_folder, cadence):
        self.clock, self.log = clock, log
        self.store = open_store(folder / "anchor.db")
        self.tsas = [
            Switch(
                LocalTsa(tsa_folder / name, name=name, clock=lambda: datetime.now(UTC), random=os.urandom),
                AuthorityUnavailable,
            )
            for name in ("one", "two")
        ]
        self.chains = [Switch(MemoryChain(chain_id, auto_mine=True), ChainUnavailable) for chain_id in (1, 2)]
        self.forks = []
        anchors = [
            EthereumAnchor(
                port=chain,
                profile=ChainProfile(f"chain{chain.chain_id}", "dev", chain.identity(), finality=1),
                admin=KeyFileSigner(b"\x01" * 32),
                publisher=KeyFileSigner(b"\x02" * 32),
                log=log.identity,
                heads=log,
                store=self.store,
                clock=clock,
            )
            for chain in self.chains
        ]
        self.anchors = anchors
        self.worker = Worker(
            heads=log,
            log=log.identity,
            authorities=[Authority(tsa, tsa.trusted) for tsa in self.tsas],
            chains=anchors,
            store=self.store,
            clock=clock,
            random=os.urandom,
            cadence=cadence,
            on_fork=self.forks.append,
        )

    def turn(self, seconds=1.0):
        self.clock.pass_seconds(seconds)
        return self.worker.run_once()


@pytest.fixture
def shop(tmp_path, hand_clock, growing_log, open_store, tmp_path_factory):
    shop = Shop(
        tmp_path,
        hand_clock,
        growing_log(),
        open_store,
        tmp_path_factory.mktemp("tsa"),
        Cadence(interval=60, count=50),
    )
    yield shop
    shop.store.close()


def test_nothing_is_done_for_an_empty_log(shop):
    """The first checkpoint starts it all; before there is nothing to say."""
    report = shop.turn()
    assert report.trouble == ()
    assert shop.store.anchored() == []
    assert len(report.services) == 4


def test_one_round_brings_tokens_and_anchors(shop):
    """A checkpoint gets a token of each authority and an anchor on each chain, all checked."""
    shop.log.grow(3)
    assert shop.turn().trouble == ()
    (done,) = shop.store.anchored()
    assert (
        done.state,
        done.size,
        [token.authority for token in done.tokens],
        len(done.anchors),
    ) == ("final", 3, ["one", "two"], 2)
    stamped = shop.log.identity.open(done.note).stamped
    for token, tsa in zip(done.tokens, shop.tsas, strict=True):
        assert verify_timestamp(token.raw, message=stamped, tsa=tsa.trusted, nonce=token.nonce).test


def test_the_next_checkpoint_comes_by_time_or_by_count(shop):
    """Sixty seconds, or fifty leaves: whichever is first; and nothing for a log that did not grow."""
    shop.log.grow(1)
    shop.turn()
    shop.turn(600)
    assert [done.size for done in shop.store.anchored()] == [1]
    shop.log.grow(1)
    shop.turn()
    assert [done.size for done in shop.store.anchored()] == [1, 2]
    shop.log.grow(49)
    shop.turn(1)
    assert [done.size for done in shop.store.anchored()] == [1, 2]
    shop.log.grow(1)
    shop.turn(1)
    assert [done.size for done in shop.store.anchored()] == [1, 2, 52]


def test_now_means_now(shop):
    """`zheng anchor --now`: cadence and back-off are passed over, an unchanged log is not anchored again."""
    shop.log.grow(1)
    shop.turn()
    shop.log.grow(1)
    for _ in range(2):
        shop.worker.run_once(force=True)
    assert [done.size for done in shop.store.anchored()] == [1, 2]
    assert [chain.anchored_sizes() for chain in shop.chains] == [[1, 2], [1, 2]]


def test_a_dead_authority_and_a_dead_chain_hold_nobody_up(shop):
    """The others go on; status names the dead ones; when they come back they take the newest head, once."""
    shop.log.grow(1)
    shop.tsas[0].off = shop.chains[0].off = True
    report = shop.turn()
    assert [line.split(": ")[0] for line in report.trouble] == ["tsa:one", "chain:chain1"]
    shop.log.grow(5)
    for _ in range(70):
        shop.turn()
    assert shop.chains[1].anchored_sizes() == [1, 6]
    states = {state.name: state for state in shop.store.services()}
    assert states["tsa:one"].failures > 3
    assert "unplugged" in states["chain:chain1"].last_error
    assert states["chain:chain2"].failures == 0
    waiting = shop.store.oldest_waiting(["one", "two"], ["chain1", "chain2"])
    assert waiting.size == 1
    shop.tsas[0].off = shop.chains[0].off = False
    for _ in range(70):
        shop.turn()
    assert shop.chains[0].anchored_sizes() == [6]
    assert None is shop.store.oldest_waiting(["one", "two"], ["chain1", "chain2"])
    assert {0} == {state.failures for state in shop.store.services()}
    assert [token.authority for token in shop.store.anchored()[-1].tokens] == ["one", "two"]


def test_what_is_dead_is_asked_less_and_less_often(shop):
    """One second, two, four … a minute: not a request per poll for hours."""
    shop.log.grow(1)
    shop.tsas[0].off = True
    for _ in range(200):
        shop.turn()
    assert 7 <= shop.tsas[0].calls <= 10


def test_a_fork_is_told_and_stops_that_chain(shop):
    """The callback stops the log; the other chain and the authorities are none the worse."""
    shop.log.grow(5)
    shop.turn()
    chain = shop.chains[0]._driver
    chain.set_head(shop.store.deployment("chain1").log_id, TreeHead(8, b"\x09" * 32))
    shop.log.grow(60)
    report = shop.turn()
    assert [fork.size for fork in shop.forks] == [65]
    assert [line.split(": ")[0] for line in report.trouble] == ["chain:chain1"]
    assert shop.chains[1].anchored_sizes() == [5, 65]
    shop.turn(200)
    assert len(shop.forks) == 1


def test_two_roots_of_one_size_are_a_fork(shop, growing_log):
    """The log gives another checkpoint of a size that was taken before: it is told, and nothing is stored."""
    shop.log.grow(5)
    shop.turn()
    other = growing_log(salt=b"other")
    other.grow(5)
    shop.log.leaves[:] = other.leaves
    shop.tsas[0].off = True  # its turn comes with the wrong checkpoint
    signed = shop.log.identity.open(shop.log.latest())
    with pytest.raises(Exception, match="two checkpoints of size 5"):
        shop.store.add_checkpoint(signed.note, signed.checkpoint.head, signed.note_digest, shop.clock())


def test_run_works_in_threads_until_it_is_told_to_stop(tmp_path, growing_log, open_store, tmp_path_factory):
    """A real clock, all services at once, and an orderly end."""
    log = growing_log()
    shop = Shop(
        tmp_path,
        lambda: datetime.now(UTC),
        log,
        open_store,
        tmp_path_factory.mktemp("tsa"),
        Cadence(60, 50, poll=0.01),
    )
    log.grow(2)
    stop = threading.Event()
    thread = threading.Thread(target=shop.worker.run, args=(stop,))
    thread.start()
    reader = AnchorStore.read_only(tmp_path / "anchor.db")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        done = reader.anchored()
        if done and done[0].state == "final" and len(done[0].tokens) == 2 and len(done[0].anchors) == 2:
            break
        time.sleep(0.02)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert (done[0].state, len(done[0].tokens), len(done[0].anchors)) == ("final", 2, 2)
    reader.close()
    shop.store.close()


def test_an_unexpected_error_ends_run_and_is_not_swallowed(shop):
    """What nobody foresaw reaches the caller."""
    shop.log.consistency = None
    shop.log.latest = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        shop.worker.run(threading.Event())


@pytest.mark.parametrize(
    ("last", "size", "seconds", "due"),
    [
        (None, 0, 0, False),
        (None, 1, 0, True),
        (5, 5, 999, False),
        (5, 6, 59, False),
        (5, 6, 60, True),
        (5, 55, 0, True),
    ],
)
def test_cadence(last, size, seconds, due):
    """The rule by itself."""
    then = datetime(2026, 1, 1, tzinfo=UTC)
    taken = None if last is None else Taken(last, then)
    assert due == Cadence(60, 50).due(taken, size, then + timedelta(seconds=seconds))
