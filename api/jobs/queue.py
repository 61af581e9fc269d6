"""The durable queue: DBOS Transact on a SQLite file of its own (ADR 0012).

It promises that a job that was submitted is carried through its stages to the end, across crashes of the process: a
stage whose end was recorded is not done again; one that was interrupted is. Stages must bear that. What is recorded
is the job's id, the names of stages and how they ended; no value, no error text.

Stages that use the processor are done one at a time; a job that waits for an authority does not keep others waiting.
"""

import logging
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog

from api.database import sqlite_url
from api.jobs.model import JobFailure, JobWaits

LOG = structlog.get_logger("api.jobs")
WORKFLOW, QUEUE = "zheng-job", "zheng-jobs"
# Jobs that wait for strangers for hours have places of their own, so that they keep nobody else waiting.
PATIENT_QUEUE = "zheng-patient-jobs"
# Jobs are carried on across versions of this program; a change of the stages' order needs another number.
APPLICATION_VERSION = "1"
_EXECUTOR = "serve"
_AT_ONCE = {QUEUE: 16, PATIENT_QUEUE: 32}
_POLL_SECONDS = {QUEUE: 0.2, PATIENT_QUEUE: 1.0}
_CLOSE_SECONDS = 10.0
_ENGINE = threading.Lock()
DONE, FAILED, WAITS, BROKE = "done", "failed", "waits", "broke"


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a job. ``run`` takes the job's id; ``exclusive``: it uses the processor, so one at a time.

    ``run`` may raise `JobFailure` (for good) or `JobWaits` (for now); anything else is tried a few times.
    """

    name: str
    run: Callable[[str], None]
    exclusive: bool = True


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is tried again: the first pause, the longest, and how many tries (a wait, an unknown failure)."""

    first: float = 0.5
    longest: float = 60.0
    waits: int = 1500
    breaks: int = 4

    def pause(self, attempt: int) -> float:
        """Give the seconds before try number ``attempt`` (from 1): doubled each time up to the longest."""
        return float(min(self.longest, self.first * 2 ** min(attempt - 1, 20)))


@dataclass(frozen=True, slots=True)
class Work:
    """What the queue is given to do: stages of a job, what to do when one is in trouble, and when it ended badly."""

    stages: Callable[[str], Sequence[Stage]]
    trouble: Callable[[str, str], None]
    fail: Callable[[str, str], None]
    patience: Patience = field(default_factory=Patience)


class _Stopping(BaseException):
    """The process ends: the job stays as it is and is carried on at the next start. No `Exception`: none may eat it."""


class DurableQueue:
    """One for each process, since DBOS keeps one engine for each process. Until ``start`` nothing is carried on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stopping = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._enqueue: Callable[[str, str], None] | None = None
        self._present = 0
        self._present_changed = threading.Condition()

    @property
    def started(self) -> bool:
        """Tell whether jobs are carried on."""
        return self._enqueue is not None

    def start(self, work: Work) -> None:
        """Open the file, carry on what was interrupted, and take jobs from now on.

        Raises:
            RuntimeError: another queue is open in this process; DBOS would mix the two.
        """
        if not _ENGINE.acquire(blocking=False):
            raise RuntimeError("a queue is open in this process already")
        try:
            self._open(work)
        except BaseException:
            _ENGINE.release()
            raise

    def _open(self, work: Work) -> None:
        from dbos import DBOS, SetWorkflowID
        from dbos._serialization import DBOSPortableJSON
        from pysqlite3 import dbapi2
        from sqlalchemy import create_engine

        # With a handler of its own DBOS leaves its records to ours (`api.web.logs`).
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        self._stopping.clear()
        url = sqlite_url(self._path)
        DBOS(
            config={
                "name": "zheng",
                "system_database_url": url,
                "system_database_engine": create_engine(url, module=dbapi2, connect_args={"timeout": 30.0}),
                "application_version": APPLICATION_VERSION,
                "executor_id": _EXECUTOR,
                "log_level": "WARNING",
                # Its default is pickle: what is read from a file must not be able to run.
                "serializer": DBOSPortableJSON,
            }
        )

        def carry(job: str) -> str:
            return self._carry(job, work, lambda name, run: str(DBOS.run_step({"name": name}, run)))

        workflow = DBOS.workflow(name=WORKFLOW)(carry)
        DBOS.launch()
        for queue, at_once in _AT_ONCE.items():
            DBOS.register_queue(
                queue,
                worker_concurrency=at_once,
                polling_interval_sec=_POLL_SECONDS[queue],
                on_conflict="always_update",
            )

        def enqueue(job: str, queue: str) -> None:
            with SetWorkflowID(job):
                DBOS.enqueue_workflow(queue, workflow, job)

        self._enqueue = enqueue

    def submit(self, job: str, queue: str = QUEUE) -> None:
        """Have a job done; the same again does nothing. Before ``start`` nothing happens, so ask again then."""
        if self._enqueue is not None:
            self._enqueue(job, queue)

    def forget(self, job: str) -> None:
        """Drop what is recorded of a finished job."""
        from dbos import DBOS

        if self._enqueue is not None:
            DBOS.delete_workflow(job)

    def close(self) -> None:
        """Let stages that are under way end, for some seconds, and stop. What is unfinished goes on at the next start."""
        if self._enqueue is None:
            return
        from dbos import DBOS

        self._enqueue = None
        self._stopping.set()
        with self._present_changed:
            self._present_changed.wait_for(lambda: self._present == 0, timeout=_CLOSE_SECONDS)
        DBOS.destroy(destroy_registry=True)
        _ENGINE.release()

    def _carry(self, job: str, work: Work, record: Callable[[str, Callable[[], str]], str]) -> str:
        """Carry a job through its stages. Each try is recorded by how it ended, so a recovery takes the same way."""
        with self._presence():
            for stage in work.stages(job):
                ended = self._stage(job, stage, work, record)
                if ended != DONE:
                    return FAILED
        return DONE

    def _stage(
        self, job: str, stage: Stage, work: Work, record: Callable[[str, Callable[[], str]], str]
    ) -> str:
        waited = broken = 0
        while True:
            live = False

            def attempt() -> str:
                nonlocal live
                live = True
                return self._attempt(job, stage)

            ended, _, code = record(stage.name, attempt).partition(" ")
            if ended == DONE:
                return DONE
            waited, broken = waited + (ended == WAITS), broken + (ended == BROKE)
            if ended == FAILED or waited >= work.patience.waits or broken >= work.patience.breaks:
                record(f"{stage.name}-failed", partial(self._told, work.fail, job, code))
                return FAILED
            if live:  # after a restart the recorded tries are gone through again, at once
                work.trouble(job, code)
                self._pause(work.patience.pause(waited + broken))

    def _attempt(self, job: str, stage: Stage) -> str:
        """Try a stage once, and say in a word how it ended: errors may quote what must not be recorded."""
        self._pause(0)
        try:
            if stage.exclusive:
                with self._one_at_a_time:
                    self._pause(0)
                    stage.run(job)
            else:
                stage.run(job)
        except JobFailure as failure:
            return f"{FAILED} {failure.code}"
        except JobWaits as wait:
            return f"{WAITS} {wait.code}"
        except OSError as error:
            _log_failure(job, stage, error)
            return f"{BROKE} storage"
        except Exception as error:  # noqa: BLE001 - recorded and tried again; the job ends as failed, not the process
            _log_failure(job, stage, error)
            return f"{BROKE} internal"
        return DONE

    @staticmethod
    def _told(tell: Callable[[str, str], None], job: str, code: str) -> str:
        tell(job, code)
        return DONE

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise _Stopping

    @contextmanager
    def _presence(self) -> Iterator[None]:
        """Count the jobs that are under way in this process."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, step: int) -> None:
        with self._present_changed:
            self._present += step
            self._present_changed.notify_all()


def _log_failure(job: str, stage: Stage, error: Exception) -> None:
    """Record where it broke; not the error's text, which may quote evidence."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = [f"{Path(each.filename).name}:{each.lineno}" for each in frames]
    LOG.warning("a stage broke", job=job, stage=stage.name, error=type(error).__name__, at=places)


def job_id(tenant: str, kind: str, request_id: str) -> str:
    """Name a job by what it was asked with: the same request again is the same job (UUID, RFC 9562 §5.5)."""
    return str(uuid.uuid5(uuid.UUID(tenant), f"zheng-job\n{kind}\n{request_id}"))
