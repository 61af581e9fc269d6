"""A service that dies in a job, at every stage, goes on with it: one package, one attestation, one record of the export."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from api_world import World, new_id
from jobs_child import SETTINGS
from jobs_world import REASONS, rejection

from api.issuance.export.exporting import held_files
from api.issuance.export.ordering import order_export
from api.issuance.export.request import ExportRequest
from api.jobs.model import JobKind, JobState

HERE = Path(__file__).parent
STAGES = ("attest", "anchor", "collect", "report", "stamp", "check", "record")


def live(home, stage, how):
    """Run one life of the service; give how it ended."""
    command = [sys.executable, str(HERE / "jobs_child.py"), str(home), stage, how]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        timeout=120,
        cwd=HERE.parents[2],
        env=dict(os.environ) | {"PYTHONPATH": str(HERE.parents[2])},
    )
    return done.returncode, done.stderr.decode()


def ordered(tmp_path):
    """An installation that stands still, with a job that was accepted and not begun."""
    world = World(tmp_path / "home", jobs=SETTINGS)
    tenant = world.tenant()
    case = tenant.open_case()
    assert tenant.deposit(case, **rejection(REASONS[0], "ab" * 32)).status_code == 201
    job, _ = order_export(
        world.services,
        tenant=tenant.id,
        case=case,
        kind=JobKind.PACKAGE,
        request_id=new_id(),
        request=ExportRequest("full"),
    )
    assert job.state is JobState.ACCEPTED
    world.close()
    return world.settings.paths.home, job


def judge(home, job):
    """Open the installation again, and hold what came out against what may have come out."""
    world = World(home, jobs=SETTINGS)
    try:
        found = world.services.jobs.find(job.id)
        assert found.state is JobState.SEALED, found.trouble
        entries = [world.services.ledger.vault.entry(job.case, seq) for seq in range(1, 6)]
        types = Counter(
            name
            for name in ("attested", "exported")
            for entry in entries
            if entry and f"evidence.{name}/1".encode() in entry
        )
        assert types == {"attested": 1, "exported": 1}
        content = held_files(world.services, JobKind.PACKAGE).read(job.id)
        assert found.result.size == len(content)
        recorded = next(each for each in entries if each and b"evidence.exported/1" in each)
        assert found.result.sha256.hex().encode() in recorded
        left = {each.name for each in world.settings.paths.packages.iterdir()}
        assert left == {job.id}
    finally:
        world.close()


@pytest.mark.torture
def test_a_job_that_was_killed_when_its_file_was_written_ends_once(tmp_path):
    """The process dies between the file and the log's record of it; the next one records that very file."""
    home, job = ordered(tmp_path)
    code, said = live(home, "stamp", "after")
    assert code == -signal.SIGKILL, said
    code, said = live(home, "none", "before")
    assert code == 0, said
    judge(home, job)


@pytest.mark.torture
def test_a_job_that_was_killed_at_every_stage_ends_once(tmp_path):
    """Seven lives, each dies in the next stage; the eighth finishes the job."""
    home, job = ordered(tmp_path)
    for stage in STAGES:
        code, said = live(home, stage, "after" if stage in ("attest", "stamp", "record") else "before")
        assert code == -signal.SIGKILL, said
    code, said = live(home, "none", "before")
    assert code == 0, said
    judge(home, job)


@pytest.mark.torture
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("how", ["before", "after"])
def test_a_job_that_was_killed_in_a_stage_ends_once(tmp_path, stage, how):
    """Whether the stage's work was done or not when the process died, it comes to the same."""
    home, job = ordered(tmp_path)
    code, said = live(home, stage, how)
    assert code == -signal.SIGKILL, said
    code, said = live(home, "none", how)
    assert code == 0, said
    judge(home, job)
