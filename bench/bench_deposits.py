"""Deposits a second over HTTP: one event a request, its claim signed beforehand, every receipt awaited.

Compared in turns with a limit (the same bytes appended to a file by group commit and fdatasync, no HTTP, no proof) and
with a peer (FastAPI and one SQLite insert an event, no evidence). The client runs on the same processors as the servers.
"""

import json
import os
import socket
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from measuring import Report, serving, take_turns, zheng
from zheng_client import Client, SubmitterKey
from zheng_client.model import LogIdentity
from zheng_verifier.canonical import format_json
from zheng_verifier.claim import Actor, Claim, write_claim
from zheng_verifier.taxonomy import seal_private

EVENTS = {1: 100, 16: 250, 64: 350}  # in one round
ROUNDS = 3
CASES = 16


def new_id() -> str:
    """Make a fresh UUID."""
    return str(uuid.uuid4())


def now() -> datetime:
    """Tell the time to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class Submitter:
    """Who signs the claims, for which tenant and log."""

    tenant: str
    key: SubmitterKey
    log: LogIdentity


def prepare(submitter: Submitter, cases: list[str], count: int) -> Iterator[tuple[str, bytes]]:
    """Sign claims with two sealed personal values each; give path and body of each request."""
    party = new_id()
    for number in range(count):
        case = cases[number % len(cases)]
        data, disclosures = seal_private(
            "agreement.accepted/1",
            {
                "party": party,
                "agreement": "service_terms",
                "version": "1",
                "text_sha256": "0f" * 32,
                "locale": "zh-CN",
                "action": "checkbox",
            },
            {"ip": "203.0.113.7", "user_agent": "bench"},
            lambda: os.urandom(16),
        )
        claim = Claim(
            log=submitter.log.origin,
            tenant=submitter.tenant,
            case=case,
            id=new_id(),
            type="agreement.accepted/1",
            data=data,
            occurred_at=now(),
            actor=Actor("person", party),
        )
        body = {
            "claim": write_claim(claim),
            "jws": submitter.key.sign_claim(claim),
            "disclosures": list(disclosures),
        }
        yield f"/v1/cases/{case}/events", format_json(body)


class Sender:
    """Sends ready requests over ``concurrency`` connections, each waiting for its answer."""

    def __init__(self, url: str, key: str, concurrency: int) -> None:
        parsed = urllib.parse.urlsplit(url)
        self._place = (parsed.hostname or "", parsed.port or 80)
        self._head = f"Host: zheng\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        self._concurrency = concurrency

    def send(self, requests: list[tuple[str, bytes]]) -> float:
        """Send all; gives events a second.

        Raises:
            RuntimeError: one was not answered with 201.
        """
        todo, lock, failures = iter(requests), threading.Lock(), list[str]()
        ready = threading.Barrier(self._concurrency + 1)

        def work() -> None:
            with socket.create_connection(self._place) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                reader = connection.makefile("rb")
                ready.wait()
                while not failures:
                    with lock:
                        request = next(todo, None)
                    if request is None:
                        break
                    path, body = request
                    head = f"POST {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
                    connection.sendall(head.encode() + body)
                    status = reader.readline()
                    length = 0
                    while (line := reader.readline()) != b"\r\n":
                        if line.lower().startswith(b"content-length:"):
                            length = int(line.partition(b":")[2])
                    answer = reader.read(length)
                    if b" 201 " not in status:
                        failures.append(f"{status!r} {answer!r}")

        threads = [threading.Thread(target=work) for _ in range(self._concurrency)]
        for thread in threads:
            thread.start()
        ready.wait()
        began = time.perf_counter()
        for thread in threads:
            thread.join()
        if failures:
            raise RuntimeError(failures[0])
        return len(requests) / (time.perf_counter() - began)


class GroupCommit:
    """The limit: whoever waits is written together with all others, with one fdatasync."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._condition = threading.Condition()
        self._waiting: list[tuple[bytes, threading.Event]] = []
        self._closed = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._waiting and not self._closed:
                    self._condition.wait()
                if not self._waiting:
                    return
                group, self._waiting = self._waiting, []
            os.writev(self._descriptor, [data for data, _ in group])
            os.fdatasync(self._descriptor)
            for _, done in group:
                done.set()

    def append(self, data: bytes) -> None:
        """Return when ``data`` is durable."""
        done = threading.Event()
        with self._condition:
            self._waiting.append((data, done))
            self._condition.notify()
        done.wait()

    def close(self) -> None:
        """End the writing thread."""
        with self._condition:
            self._closed = True
            self._condition.notify()
        self._thread.join()
        os.close(self._descriptor)

    def run(self, bodies: list[bytes], concurrency: int) -> float:
        """Append all from so many threads; gives events a second."""
        todo, lock = iter(bodies), threading.Lock()

        def work() -> None:
            while True:
                with lock:
                    body = next(todo, None)
                if body is None:
                    return
                self.append(body)

        threads = [threading.Thread(target=work) for _ in range(concurrency)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(bodies) / (time.perf_counter() - began)


def main() -> None:
    """Measure at each concurrency, and write the results."""
    report = Report("deposits", "events a second, one signed claim with two sealed values a request")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = {"ZHENG_CHAINS": "[]"}
        zheng(folder, "init", **settings)
        tenant = zheng(folder, "tenant", "create", "Bench", **settings)["tenant"]
        key = zheng(folder, "key", "create", tenant, **settings)["key"]
        ours = [sys.executable, "-m", "api.cli", "serve", "--json"]
        peer = [sys.executable, str(Path(__file__).parent / "plain_peer.py"), str(folder)]
        with serving(ours, folder, **settings) as url, serving(peer, folder) as peer_url:
            measure(report, folder, url=url, peer_url=peer_url, tenant=tenant, key=key)
    report.write()


def measure(report: Report, folder: Path, *, url: str, peer_url: str, tenant: str, key: str) -> None:
    """Prepare all requests, then let the three take turns at each concurrency."""
    signer = SubmitterKey.generate()
    with Client(url, key, tenant=tenant, key=signer) as platform:
        platform.evidence.register_key()
        cases = [platform.evidence.open_case("contract").case for _ in range(CASES)]
        submitter = Submitter(tenant, signer, platform.log())
    first = next(prepare(submitter, cases, 1))
    sizes = {"request": len(first[1])}
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as client:
        receipt = client.post(
            first[0], content=first[1], headers={"Content-Type": "application/json"}
        ).raise_for_status()
    told = json.loads(receipt.content)
    sizes |= {
        "entry": len(told["entry"].encode()),
        "leaf": len(told["leaf"]),
        "receipt": len(receipt.content),
    }
    sizes["tlog_proof"] = len(told["tlog_proof"])
    report.note("bytes", sizes)
    limit = GroupCommit(folder / "limit")
    stored = b"x" * (sizes["entry"] + sizes["leaf"])
    for concurrency, count in EVENTS.items():
        requests = list(prepare(submitter, cases, count * (ROUNDS + 1)))
        batches = [requests[at : at + count] for at in range(0, len(requests), count)]
        ours_left, peer_left = iter(batches), iter(batches)

        def send(
            to: str, left: Iterator[list[tuple[str, bytes]]], c: int = concurrency
        ) -> Callable[[], float]:
            return lambda: Sender(to, key, c).send(next(left))

        candidates = {
            "zheng": send(url, ours_left),
            "limit: group commit of the same bytes": lambda c=concurrency, n=count: limit.run(
                [stored] * n, c
            ),
            "peer: FastAPI and one SQLite insert": send(peer_url, peer_left),
        }
        for warm_up in candidates.values():
            warm_up()
        figures = take_turns(candidates, rounds=ROUNDS, unit="events/s")
        report.add(
            f"concurrency {concurrency}",
            figures,
            compared=f"{count} events a round, in turns",
            more_is_better=True,
        )
    limit.close()


if __name__ == "__main__":
    main()
