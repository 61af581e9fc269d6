"""`zheng` as its users run it: processes of their own, a real socket on loopback, exit codes and plain words."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
from api_world import new_id, viewed
from zheng_verifier.bundle import parse_bundle
from zheng_verifier.tlog_proof import parse_tlog_proof

from api.cli.main import main
from api.errors import PortInUseError
from api.settings import Settings
from api.web.serving import listen

PORT = 21410


def environment(home, **more):
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ZHENG_")}
    worker = {"ZHENG_WORKER__POLL": "0.2", "ZHENG_WORKER__INTERVAL": "3600"}
    return bare | {"ZHENG_HOME": str(home), "ZHENG_LOG_LEVEL": "warning"} | worker | more


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def zheng(home, *arguments, stdin="", **more):
    """Run a command in this process, which saves two seconds of imports; the services run in their own."""
    out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    before = dict(os.environ)
    source = io.TextIOWrapper(io.BytesIO(stdin.encode()))
    with (
        mock.patch.object(sys, "argv", ["zheng", *arguments]),
        mock.patch.object(sys, "stdin", source),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        os.environ.clear()
        os.environ.update(environment(home, **more))
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        finally:
            os.environ.clear()
            os.environ.update(before)
    for stream in (out, err):
        stream.flush()
    return Done(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def process(home, *arguments):
    """Run a command as a process of its own: those that set up logs and signals."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )


def answer(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def start(home, *arguments):
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", *arguments, "--json"],
        env=environment(home),
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    return process, json.loads(process.stdout.readline())


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zheng") / "home"
    made = answer(zheng(folder, "init", "--json"))
    assert made["chains"] == ["embedded"]
    return folder


@pytest.fixture(scope="module")
def running(home):
    serve, first = start(home, "serve", "--port", str(PORT))
    worker, _ = start(home, "worker")
    yield first["url"], serve, worker
    for process in (serve, worker):
        process.terminate()
        assert process.wait(timeout=30) == 0
        process.stdout.close()


@pytest.fixture(scope="module")
def key(home, tmp_path_factory):
    tenant = answer(zheng(home, "tenant", "create", "Platform", "--json"))["tenant"]
    file = tmp_path_factory.mktemp("key") / "key"
    made = answer(zheng(home, "key", "create", tenant, "--to-file", str(file), "--label", "ci", "--json"))
    assert "key" not in made
    assert file.stat().st_mode & 0o777 == 0o600
    return file


def test_init_again_changes_nothing(home):
    """A second `init` finds everything and announces nothing new."""
    policy = (home / "policy.json").read_bytes()
    again = answer(zheng(home, "init", "--json"))
    assert again["announced"] == 0
    assert (home / "policy.json").read_bytes() == policy


def test_folders_are_private(home):
    """No folder is open to other users, and no key file is."""
    for path in [home, *home.rglob("*")]:
        if path.is_dir():
            assert path.stat().st_mode & 0o077 == 0, path
    for name in ("signer/key", "vault-keys/kek"):
        assert (home / name).stat().st_mode & 0o077 == 0


def test_keys_are_listed_and_revoked(home, key):
    """A list shows no secret; a revoked key says so."""
    listed = answer(zheng(home, "key", "list", "--json"))["keys"]
    assert [each["label"] for each in listed] == ["ci"]
    assert key.read_text().strip()[-43:] not in json.dumps(listed)
    tenant = listed[0]["tenant"]
    made = answer(zheng(home, "key", "create", tenant, "--days", "1", "--scope", "evidence:read", "--json"))
    assert made["scopes"] == ["evidence:read"]
    assert made["key"].startswith("zk_live_")
    assert answer(zheng(home, "key", "revoke", made["key_id"], "--json"))["state"] == "revoked"
    assert [each["name"] for each in answer(zheng(home, "tenant", "list", "--json"))["tenants"]][
        -1
    ] == "Platform"


def test_a_case_from_deposit_to_bundle(home, key, running, tmp_path):
    """Open, deposit, anchor now, prove, bundle: each a command, each with its file or JSON."""
    url, _, _ = running
    client = ["--url", url, "--key-file", str(key)]
    case = answer(zheng(home, "deposit", "new", *client, "--json"))["case"]
    event = viewed()
    receipt = answer(zheng(home, "deposit", case, "-", *client, "--json", stdin=json.dumps(event)))
    assert (receipt["case"], receipt["seq"]) == (case, 2)
    anchored = answer(zheng(home, "anchor", "--now", "--json"))
    assert anchored["anchored"] >= receipt["inclusion"]["size"]
    output = tmp_path / "event.tlog-proof"
    done = zheng(home, "proof", event["id"], *client, "--output", str(output))
    assert done.returncode == 0, done.stderr
    assert parse_tlog_proof(output.read_bytes()).index == receipt["leaf_index"]
    full = answer(zheng(home, "proof", event["id"], *client, "--level", "anchored", "--json"))
    assert full["level"] == "anchored"
    file = tmp_path / "bundle.json"
    assert answer(zheng(home, "bundle", case, *client, "-o", str(file), "--json"))["size"] > 0
    assert len(parse_bundle(file.read_bytes()).events) == 3
    looked = zheng(home, "bundle", case, *client, "--no-export")
    assert len(parse_bundle(looked.stdout.encode()).events) == 3


def test_status_while_running(home, running):
    """`status` reads beside the running processes."""
    state = answer(zheng(home, "status", "--json"))
    assert state["state"] == "ready"
    assert state["services"] == {"chain:embedded": "ok", "tsa:zheng-test-tsa": "ok"}
    assert state["size"] > 70


def test_second_serve_and_second_worker_are_refused(home, running):
    """The log and the chain each have one process; another one says who is in the way."""
    done = process(home, "serve", "--port", "21411")
    assert done.returncode == 1
    assert "another process works" in done.stderr
    done = process(home, "worker")
    assert done.returncode == 1
    assert "a worker runs" in done.stderr
    with pytest.raises(PortInUseError, match=f"cannot listen on 127.0.0.1:{PORT}"):
        listen(Settings(home=home, server={"port": PORT}))


def test_fsck_beside_running_processes(home, running):
    """Everything agrees, and is counted."""
    found = answer(zheng(home, "fsck", "--json"))
    assert found["ok"] is True
    assert found["counts"]["chain_proofs"] >= 1


def test_refusals_of_the_service_are_put_into_words(home, key, running):
    """A problem document becomes lines; the exit code is 1."""
    url, _, _ = running
    done = zheng(
        home, "deposit", new_id(), "-", "--url", url, "--key-file", str(key), stdin=json.dumps(viewed())
    )
    assert done.returncode == 1
    assert "urn:zheng:problem:case-unknown" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "more", "code", "words"),
    [
        (["deposit", "new"], {}, 2, "ZHENG_API_KEY"),
        (
            ["deposit", "new", "--url", "http://127.0.0.1:21499"],
            {"ZHENG_API_KEY": "zk"},
            1,
            "cannot be reached",
        ),
        (["status"], {"ZHENG_HOME": "/nonexistent/zheng"}, 1, "zheng init"),
        (["tenant", "list"], {"ZHENG_HOME": "/nonexistent/zheng"}, 1, "zheng init"),
        (["status"], {"ZHENG_HOEM": "x"}, 1, "ZHENG_HOEM"),
        (["status"], {"ZHENG_SERVER__PORT": "many"}, 1, "port"),
        (["key", "create", "no-such-tenant"], {}, 1, "zheng tenant list"),
        (["key", "create", "x", "--scope", "everything"], {}, 2, "no such scope"),
        (["key", "revoke", "nope"], {}, 1, "zheng key list"),
        (["tenant", "create", " "], {}, 2, "1 to 200"),
        (["anchor"], {}, 2, "--now"),
        (["fly"], {}, 2, "No such command"),
    ],
)
def test_errors_say_what_to_do(home, arguments, more, code, words):
    """A mistake ends with one clear line and a fitting exit code, never with a traceback."""
    done = zheng(home, *arguments, **more)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_changed_leaf_is_found_and_stops_the_start(home, tmp_path):
    """fsck names a leaf that was changed in the database, and the service does not start on it."""
    changed = tmp_path / "changed"
    shutil.copytree(home, changed)
    assert zheng(changed, "adopt", "--no-other-copy").returncode == 0
    with sqlite3.connect(changed / "data" / "ledger.db") as connection:
        connection.execute(
            "UPDATE leaf SET leaf = CAST(replace(leaf, 'leaf/v1', 'leaf/v2') AS BLOB) WHERE leaf_index = 3"
        )
    connection.close()
    found = zheng(changed, "fsck", "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["differences"][0].startswith("ledger: leaf")
    refused = process(changed, "serve", "--port", "21412")
    assert refused.returncode == 1
    assert "the log does not start" in refused.stderr


def test_copied_folder_does_not_sign(home, tmp_path):
    """A copy of the whole folder refuses to serve: only the original memory may sign."""
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    time.sleep(0.1)
    done = process(copy, "serve", "--port", "21413")
    assert done.returncode == 1
    assert "copied" in done.stderr


def test_moved_folder_serves_once_a_person_adopts_it(home, tmp_path):
    """No program can know that no other copy is left: only a person's word lets a moved memory sign again."""
    moved = tmp_path / "moved"
    shutil.copytree(home, moved)
    refused = zheng(moved, "adopt")
    assert refused.returncode == 2
    assert "--no-other-copy" in refused.stderr
    assert zheng(moved, "adopt", "--no-other-copy").returncode == 0
    serve, first = start(moved, "serve", "--port", "21414")
    assert first["url"].endswith(":21414")
    serve.terminate()
    assert serve.wait(timeout=30) == 0
    serve.stdout.close()
