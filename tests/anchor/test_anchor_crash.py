"""The worker dies at each write of its outbox and at each send, before and after; and nothing is lost or doubled."""

import copy
import hashlib
import os
import shutil
from datetime import UTC, datetime

import pytest

from anchor.ethereum import ChainProfile, EthereumAnchor
from anchor.fsck import fsck
from anchor.keys import KeyFileSigner
from anchor.lifecycle import Rules
from anchor.memory import MemoryChain
from anchor.tsa_local import LocalTsa
from anchor.worker import Authority, Cadence, Worker

ADMIN = KeyFileSigner(hashlib.sha256(b"admin").digest())
PUBLISHER = KeyFileSigner(hashlib.sha256(b"publisher").digest())
SIZES = (3, 8)


class Boundaries:
    """Knows the moments at which something becomes durable: each commit that changes something, and each send."""

    def __init__(self, before, after):
        self.before, self.after, self.changes = before, after, 0

    def cross(self, act):
        self.before()
        result = act()
        self.after()
        return result

    def watch(self, engine):
        commit = engine.dialect.do_commit

        def do_commit(connection):
            driver = getattr(connection, "driver_connection", connection)
            if driver.total_changes == self.changes:
                return commit(connection)
            self.changes = driver.total_changes
            return self.cross(lambda: commit(connection))

        engine.dialect.do_commit = do_commit


class WatchedChain:
    """The chain, whose every send is a boundary too."""

    def __init__(self, chain, boundaries):
        self._chain, self._boundaries = chain, boundaries

    def __getattr__(self, name):
        return getattr(self._chain, name)

    def send(self, raw):
        return self._boundaries.cross(lambda: self._chain.send(raw))


class Service:
    """A worker with one authority and one chain over a folder; the chain and the log live outside of it."""

    def __init__(self, folder, chain, log, clock, tsa, open_store, boundaries=None):
        self.folder, self.chain, self.log, self.clock = folder, chain, log, clock
        self.store = open_store(folder / "anchor.db")
        port = chain
        if boundaries is not None:
            boundaries.watch(self.store.engine)
            port = WatchedChain(chain, boundaries)
        self.forks = []
        anchor = EthereumAnchor(
            port=port,
            profile=ChainProfile("memory", "dev", chain.identity(), rules=Rules()),
            admin=ADMIN,
            publisher=PUBLISHER,
            log=log.identity,
            heads=log,
            store=self.store,
            clock=clock,
        )
        self.worker = Worker(
            heads=log,
            log=log.identity,
            authorities=[Authority(tsa, tsa.trusted)],
            chains=[anchor],
            store=self.store,
            clock=clock,
            random=os.urandom,
            cadence=Cadence(interval=5, count=100),
            on_fork=self.forks.append,
        )

    def play(self):
        """Grow the log in steps, each waited for until it is final; gives up loudly."""
        for size in [size for size in SIZES if size >= len(self.log.leaves)]:
            self.log.grow(size - len(self.log.leaves))
            for _ in range(200):
                self.worker.run_once()
                self.chain.mine()
                self.clock.pass_seconds(1)
                last = self.store.anchored()
                if last and last[-1].size == size and last[-1].state == "final" and last[-1].tokens:
                    break
            else:
                raise AssertionError(f"size {size} did not become final: {self.store.services()}")


@pytest.fixture(scope="session")
def crash_tsa(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tsa") / "local"
    return LocalTsa(folder, name="local", clock=lambda: datetime.now(UTC), random=os.urandom)


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.torture)])
def test_a_crash_at_any_boundary_loses_and_doubles_nothing(
    step, tmp_path, hand_clock, growing_log, open_store, crash_tsa
):
    """Each boundary (here one death in seven), died before it (lost) and after it (persisted, and nobody was told):
    one event per size on chain at the end, and a store without fault.
    """
    life = tmp_path / "life"
    life.mkdir()
    deaths = []

    def die(when):
        """Keep what would be left if the process were killed now."""
        corpse = tmp_path / str(len(deaths))
        shutil.copytree(life, corpse)
        deaths.append((corpse, when, copy.deepcopy(chain), copy.deepcopy(hand_clock), len(log.leaves)))

    chain, log = MemoryChain(), growing_log()
    boundaries = Boundaries(lambda: die("before"), lambda: die("after"))
    Service(life, chain, log, hand_clock, crash_tsa, open_store, boundaries).play()
    assert len(deaths) > 60

    for number, (folder, when, chain_then, clock_then, leaves) in list(enumerate(deaths))[::step]:
        log_then = growing_log()
        log_then.grow(leaves)
        service = Service(folder, chain_then, log_then, clock_then, crash_tsa, open_store)
        service.play()
        events = service.chain.anchored_sizes()
        died = f"died {when} boundary {number // 2}"
        assert list(SIZES) == events, died
        report = fsck(service.store, log.identity, {crash_tsa.name: crash_tsa.trusted})
        assert (report.difference, report.proofs, report.tokens) == (None, 2, 2), died
        assert service.forks == []
        service.store.close()


def test_a_worker_that_dies_again_and_again_gets_there(
    tmp_path, hand_clock, growing_log, open_store, crash_tsa
):
    """It dies after every second boundary of each life, and the log is anchored all the same."""

    class Death(BaseException):
        pass

    chain, log, lives = MemoryChain(), growing_log(), 0
    while True:
        lives += 1
        crossed = []

        def after(crossed=crossed):
            crossed.append(1)
            if len(crossed) == 2:
                raise Death

        boundaries = Boundaries(lambda: None, after)
        service = Service(tmp_path, chain, log, hand_clock, crash_tsa, open_store, boundaries)
        try:
            service.play()
        except Death:
            service.store.close()
            chain.mine()
            hand_clock.pass_seconds(1)
            continue
        break
    assert lives > 10
    assert list(SIZES) == chain.anchored_sizes()
