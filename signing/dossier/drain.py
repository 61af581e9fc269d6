"""The drain: brings all that waits to the evidence service, many dossiers at once, each strictly in order."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, true
from sqlmodel import Session, col, func, or_, select

from signing.database import read
from signing.dossier.depositing import Depositor
from signing.dossier.errors import NotaryError
from signing.dossier.models import DossierRow, OutboxRow
from signing.ports import Clock
from signing.waiting import over

LOG = structlog.get_logger("signing.dossier.drain")
_LOOK_SECONDS = 0.5  # rows written by another process wake nobody
_GATHER_SECONDS = 0.2  # between two looks: what a step records in several transactions may go together
_AHEAD = 8  # dossiers taken up for each thread, so that a pause leaves none idle


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait after a failure, in seconds: ``first``, doubled at each further one, at most ``longest``."""

    first: float = 0.5
    longest: float = 60.0

    def after(self, failures: int, *, refused: bool) -> timedelta:
        """Give the pause; what was refused for good needs a person, and is not asked often."""
        if refused:
            return timedelta(seconds=self.longest)
        return timedelta(seconds=min(self.longest, self.first * 2.0 ** min(failures - 1, 32)))


@dataclass(frozen=True, slots=True)
class Backlog:
    """All that waits: rows, in how many dossiers, since when, and how many dossiers are in trouble."""

    rows: int
    dossiers: int
    oldest: datetime | None
    troubled: int


def backlog(session: Session) -> Backlog:
    """Say what waits to be deposited, of all tenants."""
    rows, dossiers, oldest = session.exec(
        select(
            func.count(),
            func.count(col(OutboxRow.dossier).distinct()),
            func.min(col(OutboxRow.recorded_at)),
        ).where(col(OutboxRow.done_at).is_(None))
    ).one()
    troubled = session.exec(select(func.count()).where(col(DossierRow.trouble).is_not(None))).one()
    return Backlog(rows, dossiers, oldest, troubled)


class Drain:
    """Runs in a thread of its own, with ``threads`` more that deposit."""

    def __init__(
        self,
        engine: Engine,
        depositor: Depositor,
        *,
        clock: Clock,
        patience: Patience | None = None,
        threads: int = 4,
    ) -> None:
        self._engine = engine
        self._depositor = depositor
        self._clock = clock
        self._patience = patience or Patience()
        self._threads = threads
        self._woken = threading.Event()

    def wake(self) -> None:
        """Look for new rows now."""
        self._woken.set()

    def run(self, stop: threading.Event) -> None:
        """Deposit until ``stop`` is set; what is under way then is finished."""
        busy: dict[Future[None], str] = {}
        most = self._threads * _AHEAD
        with ThreadPoolExecutor(self._threads, thread_name_prefix="deposit") as pool:
            while not stop.is_set():
                self._woken.clear()
                looked = time.monotonic()
                for dossier in self.due(most + len(busy)):
                    if dossier not in busy.values() and len(busy) < most:
                        future = pool.submit(self.deposit, dossier)
                        busy[future] = dossier
                        future.add_done_callback(lambda _done: self._woken.set())
                if self._woken.wait(_LOOK_SECONDS):
                    stop.wait(max(0.0, looked + _GATHER_SECONDS - time.monotonic()))
                done = [future for future in busy if future.done()]
                for future in done:
                    del busy[future]
                    if future.exception() is not None:  # not even the failure could be written down
                        LOG.error("the outbox cannot be written", error=str(future.exception()))
                        stop.wait(_LOOK_SECONDS)
            pool.shutdown(cancel_futures=True)

    def deposit(self, dossier: str) -> None:
        """Deposit all that waits of one dossier; a failure is written down, with the time of the next try."""
        try:
            while self._depositor.advance(dossier):
                pass
        except Exception as error:  # whatever it was, other dossiers go on, and this one is tried again
            if not isinstance(error, NotaryError):
                LOG.exception("a dossier could not be deposited", dossier=dossier)
            self._depositor.note_trouble(dossier, error, self._next_try)

    def run_once(self) -> None:
        """Deposit what is due now, one dossier after the other: for commands and tests."""
        for dossier in self.due():
            self.deposit(dossier)

    def _next_try(self, failures: int, refused: bool) -> datetime:
        return self._clock() + self._patience.after(failures, refused=refused)

    def due(self, most: int | None = None, *, pauses: bool = True) -> tuple[str, ...]:
        """Give dossiers with waiting rows, the one that waits longest first; by ``pauses`` only if theirs is over."""
        oldest = func.min(col(OutboxRow.recorded_at))
        longest = timedelta(seconds=self._patience.longest)
        tried = over(col(DossierRow.next_try), self._clock(), longest)
        ready = or_(col(DossierRow.next_try).is_(None), tried)
        statement = (
            select(OutboxRow.dossier)
            .join(DossierRow, col(DossierRow.id) == col(OutboxRow.dossier))
            .where(col(OutboxRow.done_at).is_(None), ready if pauses else true())
            .group_by(col(OutboxRow.dossier))
            .order_by(oldest, col(OutboxRow.dossier))
        )
        with read(self._engine) as session:
            return tuple(session.exec(statement if most is None else statement.limit(most)))
