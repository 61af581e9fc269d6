"""An installation in a folder of its own, and its processes: started by a nursery, killed as a test likes."""

import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import uuid
from dataclasses import dataclass
from pathlib import Path

from zheng_verifier.entry import entry_digest, parse_leaf
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.note import parse_vkey
from zheng_verifier.tlog_proof import parse_tlog_proof, verify_tlog_proof

NURSERY = Path(__file__).parent / "zheng_nursery.py"
PORTS = itertools.cycle(range(21500, 21700))
START_SECONDS = 180
_names = itertools.count(1)


def new_id():
    return str(uuid.uuid4())


def free_port():
    """A port of this suite's range, given to nobody before: one that stays the same when a service starts again."""
    for port in itertools.islice(PORTS, 200):
        with socket.socket() as taker:
            taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                taker.bind(("127.0.0.1", port))
                taker.listen()
            except OSError:
                continue
            return port
    raise RuntimeError("no free port in the range of these tests")


def eventually(check, seconds, what):
    """Wait until ``check`` gives something true, and give it."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


class Nursery:
    """Forks `zheng …` from a process that imported it once; see ``zheng_nursery.py``."""

    def __init__(self):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ZHENG_")}
        self._process = subprocess.Popen(
            [sys.executable, str(NURSERY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self._alive = set()

    def ask(self, job):
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, **job):
        pid = self.ask({"start": job})["pid"]
        self._alive.add(pid)
        return pid

    def wait(self, pid, seconds):
        code = self.ask({"wait": pid, "seconds": seconds})["code"]
        if code is not None:
            self._alive.discard(pid)
        return code

    def close(self):
        for pid in list(self._alive):
            os.kill(pid, signal.SIGKILL)
            self.wait(pid, 10)
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


class Command:
    """A running `zheng …`."""

    def __init__(self, nursery, pid, out, err):
        self._nursery, self.pid, self._out, self._err = nursery, pid, out, err
        self._code = None

    @property
    def out(self):
        return self._out.read_text() if self._out.exists() else ""

    @property
    def err(self):
        return self._err.read_text() if self._err.exists() else ""

    def wait(self, seconds=START_SECONDS):
        if self._code is None:
            self._code = self._nursery.wait(self.pid, seconds)
        assert self._code is not None, f"it still runs: {self.out}{self.err}"
        return self._code

    def runs(self):
        if self._code is None:
            self._code = self._nursery.wait(self.pid, 0)
        return self._code is None

    def first_line(self):
        """What a serving process says once it works."""

        def said():
            text = self.out
            assert text or self.runs(), f"it ended with {self._code}: {self.err}"
            return text if "\n" in text else ""

        return json.loads(eventually(said, START_SECONDS, "the process says that it works").split("\n")[0])

    def signal(self, number):
        if self.runs():
            os.kill(self.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.wait(10)

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.wait(30)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """HTTP with as little in between as there can be; one connection, made again when it breaks."""

    def __init__(self, url, key=None, timeout=30):
        parsed = urllib.parse.urlsplit(url)
        self._place, self._key, self._timeout = (parsed.hostname, parsed.port), key, timeout
        self._connection = None

    def request(self, method, path, body=None, headers=None):
        """Ask once.

        Raises:
            OSError, http.client.HTTPException: no whole answer came.
        """
        if self._connection is None:
            self._connection = http.client.HTTPConnection(*self._place, timeout=self._timeout)
        sent = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        if isinstance(body, dict):
            body = json.dumps(body)
            sent["Content-Type"] = "application/json"
        try:
            self._connection.request(method, path, body, sent | (headers or {}))
            response = self._connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body, **options):
        return self.request("POST", path, body, **options)

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class House:
    """One installation: ``home`` in ``folder``, and the environment that its processes are given."""

    def __init__(self, nursery, folder, **environment):
        self.nursery, self.folder = nursery, folder
        self.home = folder / "zheng-home"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "ZHENG_HOME": str(self.home),
            "ZHENG_SERVER__PORT": str(self.port),
            "ZHENG_LOG_LEVEL": "debug",
        } | environment
        self._commands, self._clients = [], []
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)

    def start(self, *arguments, file_limit=None, **environment):
        name = f"{next(_names):04}-{arguments[0]}"
        out, err = self.logs / f"{name}.out", self.logs / f"{name}.err"
        pid = self.nursery.start(
            arguments=[*arguments],
            environment=self.environment | environment,
            folder=str(self.folder),
            out=str(out),
            err=str(err),
            file_limit=file_limit,
        )
        self._commands.append(Command(self.nursery, pid, out, err))
        return self._commands[-1]

    def end(self):
        """Kill whatever still runs, and hang up."""
        for client in self._clients:
            client.close()
        for command in self._commands:
            command.kill()

    def run(self, *arguments, code=0, **environment):
        """Run a command to its end, which must be ``code``."""
        command = self.start(*arguments, **environment)
        found = command.wait(120)
        assert found == code, f"zheng {' '.join(arguments)} ended with {found}: {command.out}{command.err}"
        return command

    def refused(self, *arguments):
        """Run a command; give what it says if it fails, else nothing."""
        command = self.start(*arguments)
        return command.err if command.wait() else ""

    def json(self, *arguments, code=0, **environment):
        """Run a command with ``--json``: it must print one object and nothing else on standard output."""
        return json.loads(self.run(*arguments, "--json", code=code, **environment).out)

    def init(self):
        return self.json("init")

    def serve(self, **options):
        command = self.start("serve", "--json", **options)
        assert command.first_line()["url"] == self.url
        return command

    def worker(self):
        command = self.start("worker", "--json")
        command.first_line()
        return command

    def client(self, key=None, **options):
        self._clients.append(Client(self.url, key, **options))
        return self._clients[-1]

    def tenant(self, name="Platform"):
        """Make a tenant and its API key, by the command line."""
        tenant = self.json("tenant", "create", name)["tenant"]
        return self.json("key", "create", tenant)["key"]

    def fsck(self):
        found = self.json("fsck")
        assert found["ok"], found
        return found["counts"]

    def status(self):
        return self.json("status")

    @property
    def vkey(self):
        policy = json.loads((self.home / "policy.json").read_bytes())
        return parse_vkey(policy["logs"][0]["keys"][0]["vkey"])


def open_case(client):
    answer = client.post("/v1/cases", {"id": new_id(), "kind": "contract"})
    assert answer.status == 201, answer.body
    return answer.json["case"]


def plain_event():
    """A small event without personal data."""
    return {
        "id": new_id(),
        "type": "contract.expired/1",
        "data": {"deadline": "2026-12-01T00:00:00.000Z", "unsigned_parties": []},
    }


def personal_event():
    """An event whose personal values the service seals."""
    return {
        "id": new_id(),
        "type": "account.registered/1",
        "data": {"subject_kind": "person", "channel": "pc"},
        "private": {"account": f"user-{new_id()[:8]}", "name": "李小㛃", "phone": "+8619900000001"},
    }


def verify_receipt(receipt, vkey):
    """Hold a receipt of the API against the log's key; gives the head it stands under."""
    leaf = receipt["leaf"].encode()
    assert parse_leaf(leaf).entry == entry_digest(receipt["entry"].encode())
    assert parse_leaf(leaf).case == receipt["case"]
    proof = parse_tlog_proof(receipt["tlog_proof"].encode())
    assert proof.index == receipt["leaf_index"]
    return verify_tlog_proof(proof, leaf_hash(leaf), vkey, origin=vkey.name).checkpoint.head
