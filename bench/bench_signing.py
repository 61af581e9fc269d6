"""A batch of contracts from a template, each signed over the API by two parties, every step deposited; then verified.

    python bench/bench_signing.py [contracts]        (1,000 without a number)

One service with everything in it (log, pipeline, test authorities) and its clients on the same processors. Both phases
are timed: starting (the batch drafts, fixes and sends each), and signing (per signature: link, view, terms, drawing,
code, answer: ten requests). Then what waits is deposited; a sample is verified whole, all for presence.
"""

import argparse
import base64
import io
import os
import re
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pikepdf
from measuring import Report, server, zheng
from zheng_client import Client
from zheng_client.errors import ZhengError
from zheng_client.signer import PenPoint
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.entry import parse_entry
from zheng_verifier.report.model import PolicySource, Status

from api.operation.signing_check import describe_signing
from api.settings import Settings

SIGNERS = 4  # at the same time
SAMPLE = 3
STROKES = [[PenPoint(0, 0, 0), PenPoint(400, 300, 60), PenPoint(900, 100, 120)]]
LINK, CODE = re.compile(r"/s#([A-Za-z0-9_-]{43})"), re.compile(r"验证码为 ([0-9]{6})")
BATCHES = "/v1/signing/batches"


def lease() -> bytes:
    """A page with a term of weight."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        text = b"BT /F1 12 Tf 72 700 Td (This lease shall automatically renew for one year.) Tj ET"
        pdf.pages[0].Contents = pdf.make_stream(text)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def control(name: str, kind: str, party: int, y: int) -> dict[str, object]:
    """A control of the template."""
    place = {"x": 72_000, "y": y, "width": 150_000, "height": 40_000}
    return {"name": name, "kind": kind, "party": party, "page": 1, "place": place}


@dataclass
class Phones:
    """What all simulated telephones received; links are gathered, since the simulator forgets, codes are asked for."""

    client: Client
    links: dict[str, str] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def gather(self) -> None:
        """Look once."""
        for each in self.client.signing.simulated_texts(""):
            found = LINK.search(each.text)
            if found:
                self.links[each.to] = found[1]

    def gather_all(self, count: int) -> None:
        """Look until the first party of each contract has its link.

        Raises:
            TimeoutError: none came for a minute.
        """
        newest = time.monotonic()
        while (before := len(self.links)) < count:
            self.gather()
            if len(self.links) > before:
                newest = time.monotonic()
            elif time.monotonic() > newest + 60:
                raise TimeoutError(f"{count - before} links did not arrive")
            time.sleep(1.0)

    def run(self) -> None:
        """Look until told to stop."""
        while not self.stop.wait(2.0):
            self.gather()

    def link(self, phone: str) -> str:
        """Wait for a link."""

        def arrived() -> str | None:
            found = [LINK.search(each.text) for each in self.client.signing.simulated_texts(phone)]
            return self.links.get(phone) or next((each[1] for each in reversed(found) if each), None)

        return waited(arrived, 60)

    def code(self, phone: str) -> str:
        """Wait for the newest code."""

        def arrived() -> str | None:
            found = [CODE.search(each.text) for each in self.client.signing.simulated_texts(phone)]
            return next((each[1] for each in reversed(found) if each), None)

        return waited(arrived, 30)


def waited(look: Callable[[], str | None], seconds: float) -> str:
    """Look until something is there.

    Raises:
        TimeoutError: it did not come.
    """
    end = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > end:
            raise TimeoutError("nothing arrived")
        time.sleep(0.05)
    return found


def phone(contract: int, party: int) -> str:
    """Everybody has a telephone of his own."""
    return f"+86199{party}{contract:07d}"


@dataclass
class House:
    """The service under measurement, as its operator and its platform see it."""

    folder: Path
    url: str
    process: int
    key: str

    def memory(self) -> dict[str, int]:
        """Resident and highest resident memory of the service, in MiB."""
        lines = Path(f"/proc/{self.process}/status").read_text().splitlines()
        found = {line.partition(":")[0]: int(line.split()[1]) for line in lines if line.startswith("Vm")}
        return {"now_mib": found["VmRSS"] // 1024, "highest_mib": found["VmHWM"] // 1024}

    def processor(self) -> float:
        """Processor time the service has used, in seconds."""
        used = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")

    def waiting(self) -> int:
        """How many deposits wait."""
        return int(describe_signing(Settings(home=self.folder / "zheng-home"))["waiting_deposits"])


@contextmanager
def house() -> Iterator[House]:
    """A fresh installation that serves on a free port."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        folder = Path(name)
        free.bind(("127.0.0.1", 0))
        settings = {"ZHENG_CHAINS": "[]", "ZHENG_SERVER__PORT": str(free.getsockname()[1])}
        free.close()
        zheng(folder, "init", **settings)
        tenant = zheng(folder, "tenant", "create", "Bench", **settings)["tenant"]
        key = zheng(folder, "key", "create", tenant, **settings)["key"]
        command = [sys.executable, "-m", "api.cli", "serve", "--json"]
        with server(command, folder, **settings) as (url, process):
            yield House(folder, url, process, key)


def start(report: Report, client: Client, count: int, house: House) -> list[str]:
    """Start all contracts of a batch; gives their ids."""
    http = client._http  # noqa: SLF001  # the batch routes have no typed calls yet
    template = str(uuid.uuid4())
    http.post(
        "/v1/signing/templates",
        {
            "id": template,
            "title": "租赁合同",
            "name": "contract.pdf",
            "media_type": "application/pdf",
            "content": base64.b64encode(lease()).decode(),
            "controls": [
                control("first", "signature", 1, 200_000),
                control("second", "signature", 2, 300_000),
                control("rent", "text", 0, 400_000),
            ],
        },
    )
    batch, used = str(uuid.uuid4()), house.processor()
    rows = [
        {
            "business_number": f"B-{number}",
            "people": [
                {"name": "张三", "phone": phone(number, 1)},
                {"name": "李四", "phone": phone(number, 2)},
            ],
            "values": {"rent": str(1000 + number)},
        }
        for number in range(count)
    ]
    began = time.perf_counter()
    http.post(
        BATCHES,
        {"id": batch, "template": template, "title": "租赁合同", "parties": [{}, {"group": 2}], "rows": rows},
    )
    most = told = 0
    while True:
        progress = http.get(f"{BATCHES}/{batch}").value
        most = max(most, house.waiting())
        if progress["sent"] - told >= max(count // 10, 1):
            told = progress["sent"]
            print(f"    {told} of {count} sent, {time.perf_counter() - began:.0f} s", flush=True)
        if progress["sent"] + progress["failed"] == count:
            break
        time.sleep(0.5)
    seconds = time.perf_counter() - began
    if progress["failed"]:
        raise RuntimeError(f"{progress['failed']} contracts were not started")
    facts = _rate(count, seconds, "contracts") | {"deposits_waiting_at_most": most}
    report.note("starting", facts | {"processor_seconds_each": _each(house.processor() - used, count)})
    ids: list[str] = []
    after = 0
    while len(ids) < count:
        page = http.get(f"{BATCHES}/{batch}/rows", params={"limit": 1000, "after": after}).value["data"]
        ids += [each["contract"] for each in page]
        after = page[-1]["row"]
    return ids


def sign(report: Report, phones: Phones, count: int, house: House) -> None:
    """Have both parties of all contracts sign; the second of each when the first has."""
    taken, lock, done = Counter[str](), threading.Lock(), Counter[str]()
    transport = httpx.HTTPTransport()
    began, used = time.perf_counter(), house.processor()
    most = 0

    def one(contract: int, party: int) -> None:
        number = phone(contract, party)
        steps = Steps()
        with Client(house.url, transport=Kept(transport)) as client:
            session = client.signing.use_link(phones.link(number))
        steps.mark("link")
        with Client(house.url, session.token, transport=Kept(transport)) as client:
            side = client.party_side()
            seen = side.look()
            for each in seen.documents:
                side.viewed(each.document, each.sha256, pages=1, dwell_ms=40_000)
            steps.mark("viewed")
            for each in side.look().documents:
                side.acknowledge(each.document, [term.id for term in each.terms])
            steps.mark("terms")
            side.choose(strokes=STROKES)
            steps.mark("drawing")
            asked = side.challenge("otp_sms")
            steps.mark("challenge")
            code = phones.code(number)
            steps.mark("code")
            act = side.answer(asked.id, code)
            steps.mark("answer")
        with lock:
            for step, seconds in steps.taken.items():
                taken[step] += seconds
            done[act.state] += 1

    def both(contract: int) -> None:
        nonlocal most
        try:
            one(contract, 1)
            one(contract, 2)
        except (ZhengError, TimeoutError) as error:
            print(f"    contract {contract}: {error}", flush=True)
            done["given up"] += 1
        if contract % max(count // 20, 1) == 0:
            most = max(most, house.waiting())
            print(f"    {sum(done.values())} signatures, {time.perf_counter() - began:.0f} s", flush=True)

    with ThreadPoolExecutor(SIGNERS) as pool:
        started = [pool.submit(both, number) for number in range(count)]
        try:
            for finished in started:
                finished.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    seconds = time.perf_counter() - began
    transport.close()
    facts = _rate(2 * count, seconds, "signatures") | {"signers": SIGNERS, "states": dict(done)}
    facts["processor_seconds_each"] = _each(house.processor() - used, 2 * count)
    facts["seconds_per_signature"] = {step: round(value / (2 * count), 3) for step, value in taken.items()}
    report.note("signing", facts | {"deposits_waiting_at_most": most})


class Kept(httpx.BaseTransport):
    """A transport that outlives the clients that use it: making one costs more than a request."""

    def __init__(self, inner: httpx.HTTPTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Hand it on."""
        return self._inner.handle_request(request)


@dataclass
class Steps:
    """Where the time of one signature went, in seconds as its signer waits."""

    last: float = field(default_factory=time.perf_counter)
    taken: dict[str, float] = field(default_factory=dict)

    def mark(self, step: str) -> None:
        """A step ended."""
        now = time.perf_counter()
        self.taken[step], self.last = now - self.last, now


def drain(report: Report, house: House) -> None:
    """Wait until nothing waits."""
    began, waiting = time.perf_counter(), house.waiting()
    while house.waiting():
        time.sleep(0.2)
    seconds = time.perf_counter() - began
    report.note("draining", {"deposits_left_at_the_end": waiting, "seconds": round(seconds, 1)})


def verify(report: Report, client: Client, contracts: list[str]) -> None:
    """See that each is completed and its case says so; judge a sample whole with its signed file."""
    began = time.perf_counter()
    events = unfinished = 0
    for each in contracts:
        contract = client.signing.contracts.get(each)
        entries = [found.entry for found in client.evidence.events(contract.case or "")]
        types = Counter(parse_entry(entry).claim.type for entry in entries if entry is not None)
        events += sum(types.values())
        signed = types["party.signed/1"]
        if contract.state != "completed" and signed < 2 and not types["contract.completed/1"]:
            unfinished += 1
        elif (contract.state, signed, types["contract.completed/1"]) != ("completed", 2, 1):
            raise RuntimeError(f"{each}: {contract.state}, {types}")
    presence = time.perf_counter() - began
    policy = PolicyInput(client.public.policy(), PolicySource.USER)
    step = max(len(contracts) // SAMPLE, 1)
    took = []
    for each in contracts[::step][:SAMPLE]:
        contract = client.signing.contracts.get(each)
        signed = client.signing.contracts.file(each)
        bundle = client.issuance.bundle(contract.case or "")
        began = time.perf_counter()
        judged = verify_bundle(
            bundle, documents=[Document("signed.pdf", signed)], policy=policy, at=datetime.now(UTC)
        )
        took.append(time.perf_counter() - began)
        if failed := [check.id.value for check in judged.checks if check.status is Status.FAILED]:
            raise RuntimeError(f"{each}: {failed}")
    report.note(
        "verified",
        {
            "for_presence": len(contracts),
            "unfinished": unfinished,
            "events": events,
            "seconds": round(presence, 1),
            "whole": len(took),
            "seconds_each": round(sum(took) / len(took), 2),
        },
    )


def _each(seconds: float, count: int) -> float:
    return round(seconds / count, 3)


def _rate(count: int, seconds: float, what: str) -> dict[str, object]:
    return {what: count, "seconds": round(seconds, 1), f"{what}_per_second": round(count / seconds, 2)}


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description="A batch of contracts, signed by two parties each.")
    parser.add_argument("contracts", type=int, nargs="?", default=1000)
    chosen = parser.parse_args()
    report = Report("signing", f"{chosen.contracts} contracts of a batch, signed by two parties each")
    began = time.perf_counter()
    with house() as served, Client(served.url, served.key, timeout=120) as client:
        report.note("memory_at_start", served.memory())
        phones = Phones(client)
        gathering = threading.Thread(target=phones.run)
        gathering.start()
        try:
            contracts = start(report, client, chosen.contracts, served)
            began_waiting = time.perf_counter()
            phones.gather_all(chosen.contracts)
            report.note("last_link_after", {"seconds": round(time.perf_counter() - began_waiting, 1)})
        finally:
            phones.stop.set()
            gathering.join()
        sign(report, phones, chosen.contracts, served)
        drain(report, served)
        report.note("memory_at_end", served.memory())
        verify(report, client, contracts)
        size = sum(each.stat().st_size for each in served.folder.rglob("*") if each.is_file())
        report.note("disk_mib", size >> 20)
    report.note("seconds_in_all", round(time.perf_counter() - began, 1))
    report.note("load_at_end", round(os.getloadavg()[0], 2))
    report.write()


if __name__ == "__main__":
    main()
