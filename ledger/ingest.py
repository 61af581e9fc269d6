"""Group commit: many callers, one writer, one signer, and nobody is answered before it is true.

    caller    prepare ──► queue                                          bounded: beyond it OVERLOADED
    writer              group ──► transaction n   ──► transaction n+1 …  everything waiting makes one group
    signer                              └──► sign head n, answer         while n+1 is written; heads coalesce

Signed notes go back to the writer, which alone writes the database, and are stored with the next transaction or
after a short rest. Losing one in a crash loses nothing: the signer makes the same note again.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import TypeAlias

from ledger.deposit import Prepared
from ledger.errors import LedgerError, LedgerStoppedError, OverloadedError, UnavailableError
from ledger.reader import SignedHead
from ledger.receipts import Receipt
from ledger.rows import DocumentRecord
from ledger.sequencer import Commit, Placed, Sequencer
from ledger.signing import HeadSigner

Answer: TypeAlias = Future[tuple[Receipt, ...]]
_NOTE_REST = 0.005  # seconds the writer waits for deposits before it stores notes on their own
_FAILED_REST = 0.5  # the same, after the database failed


@dataclass(slots=True)
class _Job:
    """A batch, or a document record, and the future its caller waits on."""

    batch: tuple[Prepared, ...]
    answer: Answer
    documents: tuple[DocumentRecord, ...] = ()

    @property
    def weight(self) -> int:
        return len(self.batch) + len(self.documents)


@dataclass(slots=True)
class _Written:
    """A committed group: its transaction, and whom to answer with which places."""

    commit: Commit
    waiting: list[tuple[_Job, tuple[Placed, ...]]] = field(default_factory=list)


class Ingest:
    """Runs the writer and the signer thread. Each future gets its receipts, or the error that befell its batch.

    ``notes`` were signed before it ran and are stored first, as far as they are not.
    """

    def __init__(
        self,
        sequencer: Sequencer,
        signer: HeadSigner,
        *,
        queue_limit: int,
        group_limit: int,
        notes: Sequence[SignedHead] = (),
    ) -> None:
        self._sequencer = sequencer
        self._signer = signer
        self._queue_limit = queue_limit
        self._group_limit = group_limit
        self._condition = threading.Condition()
        self._jobs: deque[_Job] = deque()
        self._written: deque[_Written] = deque()
        self._notes = list(notes)
        self._rest = _NOTE_REST
        self._outstanding = 0
        self._closing = False
        self._writer_done = False
        self._stopped: LedgerStoppedError | None = None
        self._threads = [
            threading.Thread(target=self._guard, args=(loop,), name=name, daemon=True)
            for name, loop in (("ledger-writer", self._write_loop), ("ledger-signer", self._sign_loop))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def stopped(self) -> LedgerStoppedError | None:
        """Why the log stopped; None while it runs."""
        return self._stopped

    @property
    def waiting(self) -> int:
        """How many events are accepted but not answered yet."""
        return self._outstanding

    def submit(self, batch: Sequence[Prepared], documents: Sequence[DocumentRecord] = ()) -> Answer:
        """Put a batch into the queue.

        Raises:
            OverloadedError: the queue is full.
            LedgerStoppedError: the log has stopped, or is being closed.

        """
        job = _Job(tuple(batch), Future(), tuple(documents))
        with self._condition:
            if self._stopped is not None:
                raise self._stopped.again()
            if self._closing:
                raise LedgerStoppedError("CLOSED", "the log is being closed")
            if self._outstanding + job.weight > self._queue_limit:
                raise OverloadedError(
                    f"{self._outstanding} events are waiting; send the same again in a moment"
                )
            self._outstanding += job.weight
            self._jobs.append(job)
            self._condition.notify_all()
        return job.answer

    def stop(self, error: LedgerStoppedError) -> None:
        """Stop the log: everybody who waits, and who comes later, is told ``error``."""
        with self._condition:
            if self._stopped is not None:
                return
            self._stopped = error
            jobs = [*self._jobs, *(job for written in self._written for job, _ in written.waiting)]
            self._jobs.clear()
            self._written.clear()
            self._condition.notify_all()
        for job in jobs:
            self._fail(job, error)

    def close(self) -> None:
        """Answer everybody who waits, store the last notes, and end both threads."""
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        for thread in self._threads:
            thread.join()

    def _guard(self, loop: Callable[[], None]) -> None:
        """Run a loop; whatever it did not foresee stops the log instead of leaving callers to wait for ever."""
        try:
            loop()
        except LedgerStoppedError as error:
            self.stop(error)
        except Exception as error:  # noqa: BLE001  # the end of a thread: fail, and say so to everybody
            stopped = LedgerStoppedError("INTERNAL", f"an error nobody foresaw: {error!r}")
            stopped.__cause__ = error
            self.stop(stopped)

    # The writer

    def _write_loop(self) -> None:
        try:
            while (work := self._next_group()) is not None:
                self._write_group(*work)
        finally:
            with self._condition:
                self._writer_done = True
                self._condition.notify_all()

    def _next_group(self) -> tuple[list[_Job], list[SignedHead]] | None:
        """Wait for something to write; None when all is written and the log closes."""
        with self._condition:
            while not self._jobs:
                if self._stopped is not None:
                    return None
                if self._notes and (self._closing or not self._condition.wait(self._rest)):
                    break
                if self._closing and not self._outstanding and not self._notes:
                    return None
                if not self._notes:
                    self._condition.wait()
            group: list[_Job] = []
            room = self._group_limit
            while self._jobs and (not group or self._jobs[0].weight <= room):
                group.append(self._jobs.popleft())
                room -= group[-1].weight
            notes, self._notes = self._notes, []
            return group, notes

    def _write_group(self, jobs: list[_Job], notes: list[SignedHead]) -> None:
        # A caller that gave up before its turn is left out; from here on it cannot give up any more.
        live = [job for job in jobs if job.answer.set_running_or_notify_cancel()]
        self._settle(sum(job.weight for job in jobs) - sum(job.weight for job in live))
        documents = [record for job in live for record in job.documents]
        try:
            commit = self._sequencer.commit([job.batch for job in live], notes=notes, documents=documents)
        except UnavailableError as error:
            with self._condition:
                self._notes = notes + self._notes
                self._rest = _FAILED_REST
            for job in live:
                self._fail(job, error)
            return
        except BaseException:
            stopped = LedgerStoppedError("INTERNAL", "the writer failed")
            for job in live:
                self._fail(job, stopped)
            raise
        self._rest = _NOTE_REST
        written = _Written(commit)
        for job, outcome in zip(live, commit.outcomes, strict=True):
            if isinstance(outcome, LedgerError):
                self._fail(job, outcome)
            else:
                written.waiting.append((job, outcome))
        with self._condition:
            if self._stopped is None:
                self._written.append(written)
                self._condition.notify_all()
                return
            stopped = self._stopped
        for job, _ in written.waiting:
            self._fail(job, stopped)

    # The signer

    def _sign_loop(self) -> None:
        while (written := self._next_written()) is not None:
            self._answer(written)

    def _next_written(self) -> list[_Written] | None:
        with self._condition:
            while not self._written:
                if self._stopped is not None or self._writer_done:
                    return None
                self._condition.wait()
            taken = list(self._written)
            self._written.clear()
            return taken

    def _answer(self, groups: list[_Written]) -> None:
        nodes = {node: hashed for group in groups for node, hashed in group.commit.nodes.items()}
        waiting = [item for group in groups for item in group.waiting]
        before = self._signer.newest
        try:
            head = self._signer.sign(groups[-1].commit.head, nodes) if groups[-1].commit.head.size else None
            if head is not None and head is not before:
                with self._condition:
                    self._notes.append(head)
                    self._condition.notify_all()
            for job, placed in waiting:
                receipts = self._signer.receipts(placed, head, nodes) if head is not None else ()
                self._settle(job.weight)
                job.answer.set_result(receipts)
        except UnavailableError as error:
            for job, _ in waiting:
                self._fail(job, error)
        except BaseException as error:
            stopped = (
                error
                if isinstance(error, LedgerStoppedError)
                else LedgerStoppedError("INTERNAL", repr(error))
            )
            for job, _ in waiting:
                self._fail(job, stopped)
            raise

    def _fail(self, job: _Job, error: LedgerError) -> None:
        try:
            job.answer.set_exception(error)
        except InvalidStateError:
            return  # answered before, or the caller gave up
        self._settle(job.weight)

    def _settle(self, weight: int) -> None:
        with self._condition:
            self._outstanding -= weight
            if self._closing:
                self._condition.notify_all()
