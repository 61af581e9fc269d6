"""Kill -9 at random moments, over HTTP and under load: what was answered holds, and nothing happens twice."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from e2e_house import eventually, open_case, plain_event, verify_receipt
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.ethereum.event import TOPIC, parse_event
from zheng_verifier.ethereum.receipt import parse_receipt
from zheng_verifier.merkle import verify_consistency

from anchor.chain_embedded import EmbeddedChain
from anchor.store import AnchorStore
from ledger.reader import LedgerReader

LOADER = Path(__file__).parent / "e2e_loader.py"
THREADS = 8


class Load:
    """The loading process, and what it wrote down so far."""

    def __init__(self, house, key, cases, seed):
        self._vkey = house.vkey
        self._folder = house.folder
        self._database = house.home / "data" / "ledger.db"
        self._process = subprocess.Popen(
            [sys.executable, str(LOADER), str(self._folder), str(THREADS), str(seed)],
            stdin=subprocess.PIPE,
            text=True,
        )
        self._process.stdin.write(json.dumps({"url": house.url, "key": key, "cases": cases}) + "\n")
        self._process.stdin.flush()
        self._read = 0
        self.leaves = {}
        self.heads = {}
        self.receipts = 0

    def arrived(self):
        """How many bytes of receipts there are."""
        path = self._folder / "receipts"
        return path.stat().st_size if path.exists() else 0

    def check_new(self):
        """Verify what arrived since the last time: each proof, one leaf to an id, one history."""
        if not self.arrived():
            return
        with (self._folder / "receipts").open("rb") as file:
            file.seek(self._read)
            new = file.read()
        new = new[: new.rfind(b"\n") + 1]
        self._read += len(new)
        heads = {}
        for line in new.splitlines():
            receipt = json.loads(line)
            head = verify_receipt(receipt, self._vkey)
            heads[head.size] = head
            assert self.heads.setdefault(head.size, head) == head, "two roots for one size"
            told = (receipt["leaf_index"], receipt["leaf"])
            assert self.leaves.setdefault(receipt["id"], told) == told, "two leaves for one id"
            self.receipts += 1
        self.check_consistent(heads.values())

    def check_consistent(self, heads):
        """Prove by the log's own reader that the newest head extends each of these."""
        reader = LedgerReader.open(self._database)
        try:
            newest = open_checkpoint(reader.checkpoint(), self._vkey).checkpoint.head
            for head in heads:
                proof = reader.consistency(head.size, newest.size)
                verify_consistency(old=head, new=newest, proof=proof)
        finally:
            reader.close()

    def finish(self):
        """Let everything that was sent be answered."""
        self._process.stdin.close()
        assert self._process.wait(90) == 0
        self.check_new()
        with (self._folder / "sent").open() as file:
            sent = {each for line in file for each in json.loads(line)}
        assert sent == set(self.leaves)
        self.check_consistent(self.heads.values())

    def abandon(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process.stdin.close()


def kill_under_load(house, kills, seed):
    chosen = random.Random(seed)
    house.init()
    key = house.tenant()
    serve, worker = house.serve(), house.worker()
    client = house.client(key)
    cases = [open_case(client) for _ in range(4)]
    client.close()
    load = Load(house, key, cases, seed)
    try:
        for number in range(kills):
            if number % 4 == 3:
                time.sleep(chosen.uniform(0.0, 0.3))  # counted from the fork: it may not listen yet
            else:
                serve.first_line()
                before = load.arrived()
                eventually(lambda before=before: load.arrived() > before, 30, "a receipt arrives")
                time.sleep(chosen.uniform(0.0, 0.5))
            assert serve.kill() == -signal.SIGKILL, serve.err
            serve = house.start("serve", "--json")
            if number % 4 != 2:
                serve.first_line()
                load.check_new()
        serve.first_line()
        load.finish()
    finally:
        load.abandon()
    assert worker.runs(), worker.err
    told = house.status()
    eventually(lambda: house.status()["unanchored"] == 0, 60, "the worker anchors what there is")
    assert (worker.stop(), serve.stop()) == (0, 0)
    counts = house.fsck()
    # Nothing twice and nothing lost: a case holds its opening and each id that was ever sent, once.
    reader = LedgerReader.open(house.home / "data" / "ledger.db")
    try:
        stored = sum(len(reader.case_leaves(case)) - 1 for case in cases)
    finally:
        reader.close()
    assert stored == len(load.leaves) == len({index for index, _ in load.leaves.values()})
    assert told["size"] == counts["leaves"]
    print(f"{kills} kills, {load.receipts} receipts under {len(load.heads)} heads, {counts}")
    return load


def test_kill_nine_under_load(new_house):
    """8 kills at random moments, start-up included: every receipt verifies under one growing log, retries get the
    receipt of the first sending, fsck agrees, and the worker has anchored it all.
    """
    house = new_house(ZHENG_WORKER__INTERVAL="1")
    assert kill_under_load(house, 8, seed=20261122).receipts > 80


@pytest.mark.torture
def test_kill_nine_under_load_200(new_house):
    """200 of them."""
    house = new_house(ZHENG_WORKER__INTERVAL="1")
    assert kill_under_load(house, 200, seed=20261123).receipts > 2000


@contextmanager
def deposits(house, key):
    """Deposit one event after the other until the end of the block."""
    stop, failures = threading.Event(), []
    client = house.client(key)
    case = open_case(client)

    def loop():
        while not stop.is_set():
            answer = client.post(f"/v1/cases/{case}/events", plain_event())
            if answer.status != 201:
                failures.append(answer.body)
            stop.wait(0.05)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        client.close()
    assert failures == []


def anchored_on_chain(house):
    """Read every anchoring event from the blocks of the embedded chain."""
    (trusted,) = json.loads((house.home / "policy.json").read_bytes())["chains"]
    contract = bytes.fromhex(trusted["contract"])
    chain = EmbeddedChain(house.home / "chain", clock=lambda: datetime.now(UTC), random=os.urandom)
    try:
        return [
            parse_event(log).tree_size
            for number in range(1, chain.head() + 1)
            for receipt in chain.contents(chain.block_hash(number), contract).receipts
            for log in parse_receipt(receipt).logs
            if log.address == contract and log.topics[0] == TOPIC
        ]
    finally:
        chain.close()


def test_kill_nine_while_anchoring(new_house):
    """The worker dies five times at random moments: each size stands on the chain once, and nothing is missing."""
    house = new_house(ZHENG_WORKER__INTERVAL="0.2", ZHENG_WORKER__POLL="0.02")
    house.init()
    key = house.tenant()
    serve = house.serve()
    chosen = random.Random(20261122)
    with deposits(house, key):
        for _ in range(5):
            worker = house.worker()
            time.sleep(chosen.uniform(0.1, 1.6))
            assert worker.kill() == -signal.SIGKILL, worker.err
        worker = house.worker()
    eventually(lambda: house.status()["unanchored"] == 0, 60, "the worker anchors what there is")
    size = house.status()["size"]
    assert (worker.stop(), serve.stop()) == (0, 0)

    sizes = Counter(anchored_on_chain(house))
    assert set(sizes.values()) == {1}, sizes
    assert max(sizes) == size
    assert len(sizes) >= 3
    store = AnchorStore.read_only(house.home / "anchor" / "anchor.db")
    try:
        proven = [each.size for each in store.anchored() if each.anchors]
    finally:
        store.close()
    assert sorted(proven) == sorted(sizes)
    counts = house.fsck()
    assert counts["chain_proofs"] == len(sizes)
    print(f"5 kills, {len(sizes)} sizes on the chain, {counts}")
