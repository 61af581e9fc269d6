"""Killed at any moment, custody has every file that it confirmed, and at most leavings that the sweep removes."""

import os
import random as randomness
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signing.custody.opening import open_custody
from signing.custody.upkeep import fsck, sweep
from signing.database import open_engine, write
from signing.tables import METADATA

ROOT = Path(__file__).resolve().parents[2]
TENANT = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10"
WRITER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from signing.custody.opening import open_custody
from signing.database import open_engine, write

folder, number = Path(sys.argv[1]), 0
engine = open_engine(folder / "signing.db")
custody = open_custody(folder / "keys", folder / "blobs", clock=lambda: datetime.now(UTC), random=os.urandom)
while True:
    number += 1
    owner = f"{sys.argv[2]}-{number}"
    with write(engine) as session:
        custody.create_owner(session, %r, owner)
        stored = custody.put(session, owner, owner.encode() * 500, media_type="text/plain")
    print(owner, stored.sha256, flush=True)
"""


@pytest.mark.torture
def test_what_was_confirmed_survives_every_kill(tmp_path):
    """Thirty kills at random moments, each followed by a check of everything confirmed so far."""
    engine = open_engine(tmp_path / "signing.db")
    METADATA.create_all(engine)
    confirmed = {}
    pauses = randomness.Random(7)
    for kill in range(30):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER % TENANT, str(tmp_path), str(kill)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = writer.stdout.readline()
        time.sleep(pauses.uniform(0, 0.05))
        writer.kill()
        lines = [first, *writer.communicate()[0].splitlines(keepends=True)]
        # A last line that the kill cut off was not confirmed to anybody.
        confirmed |= dict(line.split() for line in lines if line.endswith("\n"))
        custody = open_custody(
            tmp_path / "keys", tmp_path / "blobs", clock=lambda: datetime.now(UTC), random=os.urandom
        )
        assert {finding.code for finding in fsck(engine, custody)} <= {"ORPHAN"}
        with write(engine) as session:
            for owner, sha256 in confirmed.items():
                found = custody.get(session, owner, sha256, by=None, purpose="upkeep")
                assert found == owner.encode() * 500
        custody.keys.close()
    custody = open_custody(
        tmp_path / "keys", tmp_path / "blobs", clock=lambda: datetime.now(UTC), random=os.urandom
    )
    sweep(engine, custody, now=datetime.now(UTC) + timedelta(hours=2))
    assert list(fsck(engine, custody)) == []
    assert len(confirmed) > 30
    custody.keys.close()
    engine.dispose()
