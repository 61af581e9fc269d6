"""A process that deposits and tells what it sent and got, one JSON line each, until it is killed.

It reads jobs from its standard input, one JSON array a line, and forks a child for each, so that twenty lives cost
the imports once:

    [HOME, "steps", BOUNDARY, WHEN]    one thread; the child dies by SIGKILL at a write boundary
    [HOME, "load", SEED]               eight threads, until killed from outside

It tells each child's pid when it was born and its status when it is dead.
"""

import base64
import json
import os
import random
import signal
import sys
import threading
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ledger_world import ORIGIN, TENANT, World, clock, new_id
from zheng_verifier.entry import Submitter

import ledger.log as ledger_log
from ledger.deposit import Deposit
from ledger.receipts import Receipt
from ledger.service import open_ledger
from ledger.settings import LedgerSettings
from ledger.signer_memory import format_record

_OUT = threading.Lock()


def b64(data):
    return base64.b64encode(data).decode()


def tell(**line):
    with _OUT:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def write_deposit(deposit):
    return {"tenant": deposit.tenant, "claim": b64(deposit.claim), "disclosures": list(deposit.disclosures)}


def read_deposit(line):
    return Deposit(
        line["tenant"],
        base64.b64decode(line["claim"]),
        Submitter("api-key"),
        disclosures=tuple(line["disclosures"]),
        sealed_seen=bool(line["disclosures"]),
    )


def write_receipt(receipt):
    return {
        "event_id": receipt.event_id,
        "case": receipt.case,
        "leaf_index": receipt.leaf_index,
        "leaf": b64(receipt.leaf),
        "entry": b64(receipt.entry),
        "checkpoint": b64(receipt.checkpoint),
        "path": [b64(item) for item in receipt.path],
        "replayed": receipt.replayed,
    }


def read_receipt(line):
    raw = base64.b64decode
    return Receipt(
        line["event_id"],
        line["case"],
        line["leaf_index"],
        raw(line["leaf"]),
        raw(line["entry"]),
        raw(line["checkpoint"]),
        tuple(raw(item) for item in line["path"]),
        line["replayed"],
    )


def die():
    os.kill(os.getpid(), signal.SIGKILL)


class Trap:
    """Stands before a function of the product: the third call after arming dies before, after, or half way."""

    def __init__(self, real, when, torn=None):
        self.real, self.when, self.torn, self.calls = real, when, torn, 0

    def __call__(self, *arguments):
        self.calls += 1
        if self.calls < 3:
            return self.real(*arguments)
        if self.when == "before":
            die()
        if self.when == "torn":
            self.torn(*arguments)
            die()
        result = self.real(*arguments)
        die()
        return result


def arm(ledger, boundary, when):
    """Put the trap on one write boundary of the append."""
    signer = ledger._signer
    match boundary:
        case "keys":
            dialect = ledger._keys._engine.dialect
            dialect.do_commit = Trap(dialect.do_commit, when)
        case "ledger":
            dialect = ledger._writer.dialect
            dialect.do_commit = Trap(dialect.do_commit, when)
        case "memory":

            def torn(record):
                os.pwrite(signer._descriptor, format_record(record)[:77], signer._length)

            signer._append = Trap(signer._append, when, torn)
        case "sign":
            signer._note = Trap(signer._note, when)
        case "answer":
            ledger._heads.receipts = Trap(ledger._heads.receipts, when)
        case "blob":
            ledger_log.write_blob = Trap(ledger_log.write_blob, when)


def steps(ledger, boundary=None, when=None):
    """Ten times: open a case, deposit an event with a person's value in it, keep a document."""
    world = World(Path(), None, ledger)
    if boundary:
        arm(ledger, boundary, when)
    for number in range(10):
        event_id = new_id()
        tell(opening=event_id)
        opened = world.open_case(event_id=event_id)
        tell(receipt=write_receipt(opened))
        world.case = opened.case
        deposit = world.personal(new_id())
        tell(sending=write_deposit(deposit))
        tell(receipt=write_receipt(world.deposit(deposit)[0]))
        ledger.store_document(TENANT, opened.case, b"document %d" % number).result()
    tell(done=True)


def load(ledger, seed):
    """Eight threads: cases, batches of up to five, repeats."""
    world = World(Path(), None, ledger)
    cases = [world.open_case().case for _ in range(4)]

    def work(number):
        chosen = random.Random(seed * 100 + number)
        while True:
            batch = [world.make(chosen.choice(cases)) for _ in range(chosen.randint(1, 5))]
            for _ in range(1 + (chosen.random() < 0.2)):
                for receipt in world.deposit(*batch):
                    tell(receipt=write_receipt(receipt))

    for number in range(8):
        threading.Thread(target=work, args=(number,), daemon=True).start()
    signal.pause()


def live(home, mode, *arguments):
    """The whole life of a child."""
    settings = LedgerSettings.in_home(Path(home), origin=ORIGIN)
    ledger = open_ledger(settings, clock=clock, random=os.urandom)
    if mode == "load":
        load(ledger, *arguments)
    steps(ledger, *arguments)
    ledger.close()


def main():
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                live(*json.loads(line))
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        tell(born=child)
        _, status = os.waitpid(child, 0)
        sys.stdout.write("\n")  # the killed child may have left half a line
        tell(dead=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
