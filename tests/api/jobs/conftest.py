"""An installation whose jobs are carried on, and a case with personal values to open and to keep."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from api_world import World, new_id
from jobs_world import DOCUMENT, REASONS, RUNNING, finish, made, rejection

from api.issuance.export.job_service import start_jobs


@pytest.fixture(scope="session")
def job_world(tmp_path_factory):
    """An installation with a queue that runs; no worker anchors, so packages do not wait for it."""
    made = World(
        tmp_path_factory.mktemp("jobs") / "home",
        limits={"public_rate": 500.0, "public_burst": 2000},
        jobs={"anchor_seconds": 0, "first_pause": 0.05, "longest_pause": 0.2, "breaks": 2, "waits": 6},
    )
    start_jobs(made.services)
    RUNNING.append(made.services)
    yield made
    RUNNING.remove(made.services)
    made.close()


@pytest.fixture(scope="session")
def platform(job_world):
    return job_world.tenant()


@pytest.fixture(scope="session")
def case(platform):
    """A case with a kept document and two refusals, whose reasons are personal."""
    made = platform.open_case()
    seen = platform.put(f"/v1/cases/{made}/documents?keep=true", DOCUMENT).json()
    document = {
        "role": "finalized",
        "size": len(DOCUMENT),
        "media_type": "application/pdf",
        "digests": seen["digests"],
    }
    for reason in REASONS:
        answer = platform.deposit(made, **rejection(reason, seen["digests"]["sha256"]), documents=[document])
        assert answer.status_code == 201, answer.text
    return made


# Each export costs seconds of processor time, so the tests of all modules look at the same ones.


@pytest.fixture(scope="session")
def certificate(platform, case):
    return platform.post(f"/v1/cases/{case}/certificates", {"id": new_id()}).json()


@pytest.fixture(scope="session")
def full(platform, case, certificate):
    """A full package with the case's certificate: its job, and the answer that brings it."""
    return made(platform, case)


@pytest.fixture(scope="session")
def report(platform, case):
    """A redacted report, asked for twice with the same id: request, answers, and the job when it had ended."""
    request = {"id": new_id(), "edition": "redacted"}
    answers = [platform.post(f"/v1/cases/{case}/reports", request) for _ in range(2)]
    return request, answers, finish(platform, answers[1])
