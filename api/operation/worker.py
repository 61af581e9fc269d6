"""The worker process: owns anchor.db and the embedded chain, reads the log, and asks authorities and chains."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from anchor.commitment import LogIdentity
from anchor.errors import ForkedLog
from anchor.store import AnchorStore, Taken
from anchor.worker import Authority, Cadence, Worker
from api.database import migrate, sqlite_url
from api.errors import WorkerRunningError
from api.operation.authorities import open_authorities
from api.operation.chains import open_chains
from api.settings import Settings
from api.times import Clock, Random
from ledger.errors import LedgerStoppedError
from ledger.folder import FolderLock, write_private_file
from ledger.reader import LedgerReader

LOG = structlog.get_logger("api.operation.worker")


class LedgerHeads:
    """A `HeadSource` over the log's database, read-only."""

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader

    def latest(self) -> bytes | None:
        """Give the newest signed note."""
        return self._reader.checkpoint()

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """Prove that the tree of ``new`` extends that of ``old``."""
        return self._reader.consistency(old, new)


@dataclass(frozen=True, slots=True)
class RequestedCadence(Cadence):
    """A cadence that also takes a checkpoint when somebody asked for one: ``request`` is a file he touched."""

    request: Path = field(kw_only=True)

    def due(self, last: Taken | None, size: int, now: datetime) -> bool:
        """Tell whether a head of ``size`` should be taken now."""
        if Cadence.due(self, last, size, now):
            return True
        try:
            asked = self.request.stat().st_mtime
        except FileNotFoundError:
            return False
        return last is not None and size > last.size and asked > last.at.timestamp()


@contextmanager
def sole_worker(settings: Settings) -> Iterator[None]:
    """Be the one process that writes anchor.db and owns the chain.

    Raises:
        WorkerRunningError: another process is.
    """
    try:
        lock = FolderLock(settings.paths.anchor)
    except LedgerStoppedError as error:
        raise WorkerRunningError("a worker runs on this installation already") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def open_worker(settings: Settings, *, log: LogIdentity, clock: Clock, random: Random) -> Iterator[Worker]:
    """Open the worker of an initialised installation.

    Raises:
        WorkerRunningError: another worker runs.
    """
    with ExitStack() as stack:
        stack.enter_context(sole_worker(settings))
        migrate(sqlite_url(settings.paths.anchor_db), "anchor")
        reader = LedgerReader.open(settings.paths.ledger_db)
        stack.callback(reader.close)
        store = AnchorStore.open(settings.paths.anchor_db)
        stack.callback(store.close)
        heads = LedgerHeads(reader)
        with open_chains(settings, log=log, heads=heads, store=store, clock=clock, random=random) as chains:
            yield Worker(
                heads=heads,
                log=log,
                authorities=[
                    Authority(each.driver, each.trusted)
                    for each in open_authorities(settings, clock=clock, random=random)
                ],
                chains=chains,
                store=store,
                clock=clock,
                random=random,
                cadence=RequestedCadence(
                    interval=settings.worker.interval,
                    count=settings.worker.count,
                    poll=settings.worker.poll,
                    request=settings.paths.anchor_request,
                ),
                on_fork=lambda fork: _poison(settings.paths.signer, fork),
            )


def _poison(signer: Path, fork: ForkedLog) -> None:
    """An outside memory contradicts our log: forbid the signer, durably, to sign, and call a person."""
    LOG.critical("the log is forked and has been stopped", detail=str(fork))
    write_private_file(signer / "POISONED", f"an outside memory holds another history: {fork}\n".encode())
