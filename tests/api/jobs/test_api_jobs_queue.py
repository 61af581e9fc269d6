"""The durable queue by itself: order, tries, crashes of the process, and what its file gives away."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
import uuid
from pathlib import Path

import pytest
from jobs_world import RUNNING

from api.issuance.export.job_service import start_jobs
from api.jobs.model import JobFailure, JobWaits
from api.jobs.queue import DurableQueue, Patience, Stage, Work, job_id

REPOSITORY = Path(__file__).parents[3]


class Script:
    """Stages that note what happened to them, and do as a test says."""

    def __init__(self, **behaviour):
        self.behaviour = behaviour
        self.events = []
        self.ended = threading.Event()

    def run(self, name):
        def stage(job):
            self.events.append((name, job))
            action = self.behaviour.get(name)
            if action is not None:
                action(job)
            if name == "last":
                self.ended.set()

        return stage

    def trouble(self, job, code):
        self.events.append(("trouble", code))

    def fail(self, job, code):
        self.events.append(("fail", code))
        self.ended.set()

    def work(self, *names, **patience):
        stages = [Stage(name, self.run(name)) for name in names]
        return Work(lambda _job: stages, self.trouble, self.fail, Patience(0.01, 0.02, **patience))


@pytest.fixture(scope="module", autouse=True)
def no_other_queue():
    """The queue of the tests' installation stands still meanwhile."""
    for services in RUNNING:
        services.queue.close()
    yield
    for services in RUNNING:
        start_jobs(services)


@pytest.fixture(scope="module")
def used_file(tmp_path_factory):
    """A queue's file that was used before: the engine finds its queue at once instead of a second later."""
    path = tmp_path_factory.mktemp("used") / "jobs.db"
    script = Script()
    made = DurableQueue(path)
    made.start(script.work("last"))
    made.close()
    return path


@pytest.fixture
def queue(tmp_path, used_file):
    shutil.copy(used_file, tmp_path)
    made = DurableQueue(tmp_path / "jobs.db")
    yield made
    made.close()


def new_id():
    return str(uuid.uuid4())


def times(count, error):
    """Raise an error so many times, then no more."""
    left = [count]

    def act(_job):
        if left[0]:
            left[0] -= 1
            raise error

    return act


def test_a_process_has_one_queue(queue, tmp_path):
    """A second queue is refused while the first is open."""
    queue.start(Script().work("last"))
    with pytest.raises(RuntimeError, match="already"):
        DurableQueue(tmp_path / "other.db").start(Script().work("last"))


def test_stages_are_done_in_order_and_once(queue):
    """A job runs through its stages; submitting it again does nothing."""
    script, job = Script(), new_id()
    queue.start(script.work("first", "last"))
    queue.submit(job)
    assert script.ended.wait(10)
    script.ended.clear()
    queue.submit(job)
    assert not script.ended.wait(0.6)
    assert script.events == [("first", job), ("last", job)]


def test_a_wait_is_told_and_tried_again(queue):
    """What waits is tried again as long as patience says, and the trouble is told each time."""
    script = Script(first=times(3, JobWaits("tsa-unavailable")))
    queue.start(script.work("first", "last", breaks=2))
    queue.submit(new_id())
    assert script.ended.wait(10)
    assert script.events.count(("trouble", "tsa-unavailable")) == 3
    assert ("fail", "tsa-unavailable") not in script.events


@pytest.mark.parametrize(
    ("error", "code", "tries"),
    [
        (JobFailure("case-too-large"), "case-too-large", 1),
        (JobWaits("tsa-unavailable"), "tsa-unavailable", 3),
        (OSError(28, "No space left on device"), "storage", 2),
        (ValueError("张伟 13800000000"), "internal", 2),
    ],
)
def test_a_job_that_cannot_be_done_fails_with_its_code(queue, tmp_path, error, code, tries):
    """A failure ends at once, an unexpected one after a few tries; and no text of an error is in the queue's file."""
    script = Script(first=times(99, error))
    queue.start(script.work("first", "last", waits=3, breaks=2))
    queue.submit(new_id())
    assert script.ended.wait(10)
    queue.close()
    names = [name for name, _ in script.events]
    assert names.count("first") == tries
    assert script.events[-1] == ("fail", code)
    stored = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert "张伟".encode() not in stored
    assert b"13800000000" not in stored


def test_closing_lets_a_stage_end_and_leaves_the_job_for_the_next_start(queue, tmp_path):
    """No thread is left after a close; a job in between two stages is carried on when the queue is started again."""
    entered, leave = threading.Event(), threading.Event()

    def slow(_job):
        entered.set()
        leave.wait(10)

    script, job = Script(first=slow), new_id()
    before = set(threading.enumerate())
    queue.start(script.work("first", "last"))
    queue.submit(job)
    assert entered.wait(10)
    threading.Timer(0.3, leave.set).start()
    queue.close()
    assert script.events == [("first", job)]
    deadline = time.monotonic() + 5
    while set(threading.enumerate()) - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert {each.name for each in set(threading.enumerate()) - before} == set()
    again = DurableQueue(tmp_path / "jobs.db")
    later = Script()
    again.start(later.work("first", "last"))
    try:
        assert later.ended.wait(10)
    finally:
        again.close()
    assert later.events == [("last", job)]


CHILD = """
    import os, sys, threading, time
    from pathlib import Path
    from api.jobs.queue import DurableQueue, Stage, Work
    folder, die = Path(sys.argv[1]), sys.argv[2]
    ended = threading.Event()
    def run(name):
        def stage(job):
            with open(folder / "told", "a") as file:
                file.write(name + "\\n")
            if name == die:
                os.kill(os.getpid(), 9)
            if name == "last":
                ended.set()
        return stage
    queue = DurableQueue(folder / "jobs.db")
    stages = [Stage(name, run(name)) for name in ("collect", "render", "last")]
    queue.start(Work(lambda _job: stages, print, print))
    queue.submit("0b9e4a52-0e2f-4d7e-8a0b-6f5d2c1e9f33")
    assert ended.wait(20)
    queue.close()
"""


def test_a_killed_process_does_only_the_interrupted_stage_again(tmp_path, used_file):
    """After kill -9 in a stage, the next process begins with that stage and with no earlier one."""
    shutil.copy(used_file, tmp_path)
    program = [sys.executable, "-W", "error", "-c", textwrap.dedent(CHILD), str(tmp_path)]
    for place, code in (("collect", -signal.SIGKILL), ("last", -signal.SIGKILL), ("none", 0)):
        life = subprocess.run([*program, place], cwd=REPOSITORY, check=False, capture_output=True, timeout=60)
        assert life.returncode == code, life.stderr.decode()
    assert (tmp_path / "told").read_text().split() == ["collect", "collect", "render", "last", "last"]


def test_the_file_holds_ids_and_words_only(queue, tmp_path):
    """What the queue records of a job: its id, the names of stages, and how they ended; nothing pickled."""
    script, job = Script(), new_id()
    queue.start(script.work("first", "last"))
    queue.submit(job)
    assert script.ended.wait(10)
    queue.close()
    connection = sqlite3.connect(tmp_path / "jobs.db")
    recorded = {row[0] for row in connection.execute("SELECT output FROM operation_outputs")}
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    values = {
        str(each) for name in tables for row in connection.execute(f"SELECT * FROM {name}") for each in row
    }
    connection.close()
    assert recorded == {'"done"'}
    assert "py_pickle" not in values
    assert any(job in each for each in values)


def test_an_id_names_tenant_kind_and_request():
    """The same request of the same tenant is the same job; anything else is another."""
    tenant, other, request = new_id(), new_id(), new_id()
    assert job_id(tenant, "package", request) == job_id(tenant, "package", request)
    made = {
        job_id(tenant, "package", request),
        job_id(tenant, "report", request),
        job_id(other, "package", request),
    }
    assert len(made) == 3
