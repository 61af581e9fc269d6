"""The worker process: owns anchor.db and the embedded chain, reads the log, and asks authorities and chains."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog

from anchor.commitment import LogIdentity
from anchor.errors import ForkedLog
from anchor.store import AnchorStore
from anchor.worker import Cadence, Worker
from api.outside import Clock, Random, open_authorities, open_chains
from api.settings import Settings
from ledger.folder import write_private_file
from ledger.reader import LedgerReader

LOG = structlog.get_logger("api.worker")


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


@contextmanager
def open_worker(settings: Settings, *, log: LogIdentity, clock: Clock, random: Random) -> Iterator[Worker]:
    """Open the worker of an initialised installation.

    Raises:
        ChainInUse: another worker runs.
    """
    reader = LedgerReader.open(settings.paths.ledger_db)
    store = AnchorStore.open(settings.paths.anchor_db)
    heads = LedgerHeads(reader)
    try:
        with open_chains(settings, log=log, heads=heads, store=store, clock=clock, random=random) as chains:
            yield Worker(
                heads=heads,
                log=log,
                authorities=open_authorities(settings, clock=clock, random=random),
                chains=chains,
                store=store,
                clock=clock,
                random=random,
                cadence=Cadence(
                    interval=settings.worker.interval,
                    count=settings.worker.count,
                    poll=settings.worker.poll,
                ),
                on_fork=lambda fork: _poison(settings.paths.signer, fork),
            )
    finally:
        store.close()
        reader.close()


def _poison(signer: Path, fork: ForkedLog) -> None:
    """An outside memory contradicts our log: forbid the signer, durably, to sign, and call a person."""
    LOG.critical("the log is forked and has been stopped", detail=str(fork))
    write_private_file(signer / "POISONED", f"an outside memory holds another history: {fork}\n".encode())
