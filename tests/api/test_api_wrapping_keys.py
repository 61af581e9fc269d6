"""`zheng signing keys`: keys that lock keys, changed beside a running pipeline, killed in between and gone on with."""

import json
import os
import random as randomness
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from api_world import new_id
from typer.testing import CliRunner

from api.cli.main import app
from api.cli.output import CommandError
from api.operation.signing_check import check_signing
from signing.custody.keystore import DataKeyRow, _context
from signing.custody.opening import open_custody
from signing.database import write

TENANT = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10"


def run(monkeypatch, home, *arguments):
    monkeypatch.setenv("ZHENG_HOME", str(home))
    done = CliRunner().invoke(app, ["signing", "keys", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def opened(home):
    folder = home / "signing"
    return open_custody(folder / "keys", folder / "blobs", clock=lambda: datetime.now(UTC), random=os.urandom)


def fill(custody, count):
    """Make many data keys in one transaction."""
    keys, owners = custody.keys, [new_id() for _ in range(count)]
    with write(keys._engine) as session:
        for owner in owners:
            key_id = os.urandom(16).hex()
            made = keys._kms.wrap(os.urandom(32), _context(key_id, TENANT, owner))
            session.add(
                DataKeyRow(
                    owner=owner, tenant=TENANT, key_id=key_id, kms_key_id=made.key_id, wrapped=made.wrapped
                )
            )
    return owners


def test_keys_are_listed_rotated_and_data_keys_locked_anew(world, monkeypatch):
    """The running pipeline goes on, `zheng fsck` counts what is still under an old key, and says if one is missing."""
    home, custody = world.settings.home, world.services.signing.custody
    fill(custody, 2)
    before = json.loads(run(monkeypatch, home, "list", "--json"))
    rotated = json.loads(run(monkeypatch, home, "rotate", "--json"))
    assert rotated["in_use"] != before["in_use"]
    fill(custody, 3)  # by the running service, under the new key
    counts = check_signing(world.settings, world.services.ledger.reader).counts
    assert counts["data_keys_under_old_wrapping"] == rotated["data_keys_under_old_wrapping"]
    listed = json.loads(run(monkeypatch, home, "list", "--json"))
    assert {row["id"]: (row["in_use"], row["data_keys"]) for row in listed["keys"]} == {
        before["in_use"]: (False, rotated["data_keys_under_old_wrapping"]),
        rotated["in_use"]: (True, 3),
    }
    done = json.loads(run(monkeypatch, home, "rewrap", "--json"))
    assert (done["rewrapped"], done["data_keys_under_old_wrapping"]) == (
        rotated["data_keys_under_old_wrapping"],
        0,
    )
    counts = check_signing(world.settings, world.services.ledger.reader).counts
    assert (counts["data_keys"], counts["data_keys_under_old_wrapping"]) == (done["rewrapped"] + 3, 0)
    assert "locks nothing any more" in run(monkeypatch, home, "list")
    run(monkeypatch, home, "rotate")
    kek = world.settings.paths.signing_keys / f"{rotated['in_use']}.kek"
    aside = kek.rename(kek.with_suffix(".aside"))
    assert "MISSING" in run(monkeypatch, home, "list")
    with pytest.raises(CommandError, match="stays as it was"):
        run(monkeypatch, home, "rewrap")
    aside.rename(kek)
    assert "are locked by" in run(monkeypatch, home, "rewrap")
    assert check_signing(world.settings, world.services.ledger.reader).differences == ()


def test_without_a_pipeline_there_are_no_keys(tmp_path, monkeypatch):
    """It says what to do, and makes nothing."""
    with pytest.raises(CommandError, match="zheng init"):
        run(monkeypatch, tmp_path / "none", "list")
    assert not (tmp_path / "none").exists()


@pytest.mark.torture
def test_killed_at_any_moment_locking_anew_goes_on(tmp_path):
    """Rotations and rewrappings are killed at random; every key opens at any time, and the end is whole."""
    home = tmp_path / "home"
    custody = opened(home)
    owners = fill(custody, 5_000)
    pauses = randomness.Random(11)
    environment = os.environ | {"ZHENG_HOME": str(home)}
    command = [sys.executable, "-m", "api.cli", "signing", "keys"]
    root = Path(__file__).resolve().parents[2]
    partly = 0
    for _ in range(12):
        subprocess.run([*command, "rotate"], env=environment, cwd=root, check=True, capture_output=True)
        old = custody.keys.wrappings()
        running = subprocess.Popen([*command, "rewrap"], env=environment, cwd=root, stderr=subprocess.DEVNULL)
        while custody.keys.wrappings() == old and running.poll() is None:
            time.sleep(0.01)
        time.sleep(pauses.uniform(0, 0.3))
        running.kill()
        running.wait()
        custody.keys.destroy(owners.pop())
        partly += len(custody.keys.wrappings()) > 1
        assert custody.keys.check()[0] == len(owners)
    assert partly
    subprocess.run([*command, "rewrap"], env=environment, cwd=root, check=True, capture_output=True)
    assert custody.keys.wrappings() == {custody.keys.kms_key_id: len(owners)}
    assert custody.keys.check() == (len(owners), 12)
    custody.keys.close()
