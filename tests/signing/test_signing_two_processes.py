"""Two real processes on one pipeline's state: everything happens once and in its order, whoever does it.

A second `zheng serve` on the same home is refused by the log's lock (tests/e2e/test_e2e_failures.py); commands of the
command line do work beside a serving process, and what they share must hold without that lock.
"""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import func, select
from two_processes_child import POOL, Elsewhere, pipeline

from signing.certificates.tables import KeyRow
from signing.database import read, write
from signing.delivery.links import Links
from signing.delivery.notifications import Notice, Notifications
from signing.dossier.depositing import Depositor
from signing.dossier.fsck import fsck
from signing.dossier.memory import RecordingNotary
from signing.dossier.model import Event
from signing.dossier.models import DossierRow
from signing.tables import METADATA

ROOT = Path(__file__).resolve().parents[2]
TENANT = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10"
DOSSIERS, EVENTS, MESSAGES = 12, 9, 15


class Telephones:
    """Counts what arrives."""

    def __init__(self):
        self.taken = Counter()

    def take(self, message):
        self.taken[message] += 1
        time.sleep(0.05)  # as long as another process needs to take the same one up


@pytest.mark.torture
def test_two_processes_do_everything_once_and_in_order(tmp_path):
    """Deposits, closes, messages and keys, done by two processes that know nothing of each other."""
    context = pipeline(tmp_path)
    METADATA.create_all(context.engine)
    notary = RecordingNotary(context.clock, os.urandom, context.uuid)
    phones = Telephones()
    recorded, messages = record(context)
    Elsewhere.register("notary", callable=lambda: notary)
    Elsewhere.register("sms", callable=lambda: phones)
    server = Elsewhere(("127.0.0.1", 22170), authkey=b"test").get_server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    work(tmp_path)
    with read(context.engine) as session:
        assert fsck(session, context.custody, None).differences == ()
        for row in session.exec(select(DossierRow)):
            events = notary.events(row.case)
            told = [each.claim.id for each in events if each.claim.id in recorded[row.id]]
            assert told == recorded[row.id]
            assert [each.claim.type for each in events].count("case.closed/1") == int(row.closed)
            assert (row.trouble, row.failures) == (None, 0)
        assert session.exec(select(func.count()).select_from(KeyRow)).one() == POOL
    assert phones.taken == dict.fromkeys(messages, 1)
    context.custody.keys.close()
    context.engine.dispose()


def record(context):
    """Record dossiers of several events, half of them closed, and messages; gives the events' ids in order."""
    recorded, messages = {}, []
    for number in range(DOSSIERS):
        with write(context.engine) as session:
            context.custody.create_owner(session, TENANT, f"contract-{number}")
            dossier = context.recorder.open(
                session, tenant=TENANT, kind="contract", reference=f"contract-{number}"
            )
            event = Event(
                "contract.expired/1", {"deadline": "2026-12-01T00:00:00.000Z", "unsigned_parties": []}
            )
            recorded[dossier] = [context.recorder.record(session, dossier, event) for _ in range(EVENTS)]
            if number % 2:
                context.recorder.close(session, dossier, "ended")
    notifications = Notifications(context, Links(context, "https://sign.example.com"))
    with write(context.engine) as session:
        dossier = next(iter(recorded))
        for number in range(MESSAGES):
            notice = Notice(
                TENANT,
                "contract-0",
                dossier,
                context.uuid(),
                "sms",
                f"139{number:08d}",
                "copy",
                "a",
                "b",
                "c",
            )
            messages.append(notifications.notify(session, notice))
    return recorded, messages


def work(folder):
    """Have two processes do it at the same moment, and wait for both."""
    child = [sys.executable, str(Path(__file__).with_name("two_processes_child.py")), str(folder), "22170"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    both = [
        subprocess.Popen(
            child, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert [each.stdout.readline() for each in both] == ["ready\n"] * 2
    for each in both:
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in both:
        each.communicate(timeout=240)
        assert each.returncode == 0


def test_a_close_that_two_processes_fill_in_is_filled_in_once(engine, recorder, notary, sealer, clock):
    """While one asks for the head, another closes the case: the first sends what the other wrote down, and is told so."""
    with write(engine) as session:
        dossier = recorder.open(session, tenant=TENANT, kind="subject", reference="somebody")
        recorder.close(session, dossier, "ended")
    first, second = (Depositor(engine, notary, sealer, clock=clock) for _ in range(2))
    assert first.advance(dossier)

    def meanwhile(operation):
        notary.before = lambda _operation: None
        if operation == "head":
            assert second.advance(dossier)

    notary.before = meanwhile
    assert first.advance(dossier)
    with read(engine) as session:
        row = session.get_one(DossierRow, dossier)
        assert fsck(session, sealer, None).differences == ()
    assert [each.claim.type for each in notary.events(row.case)] == ["case.opened/1", "case.closed/1"]
