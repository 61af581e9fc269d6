"""One of two processes on one pipeline: deposits, sends, generates keys and starts batches until all is done."""

import os
import sys
import time
import uuid
from datetime import UTC, datetime
from multiprocessing.managers import BaseManager
from pathlib import Path

from sqlmodel import func, select

from signing.certificates.keys import KeyPool
from signing.certificates.tables import KeyRow
from signing.context import Context
from signing.custody.opening import open_custody
from signing.database import open_engine, read
from signing.delivery.links import Links
from signing.delivery.notifications import Notifications
from signing.delivery.ports import Accepted
from signing.delivery.sending import Carriers, Sending
from signing.delivery.tables import NotificationRow
from signing.dossier.depositing import Depositor
from signing.dossier.drain import Drain, Patience, backlog
from signing.dossier.recorder import Recorder

POOL = 6


class Elsewhere(BaseManager):
    """Where notary and telephones are: in the process of the test."""


Elsewhere.register("notary")
Elsewhere.register("sms")


class Texts:
    """A carrier that hands every message to the test."""

    name, simulated = "sms-elsewhere", True

    def __init__(self, there):
        self._there = there

    def send(self, message):
        self._there.take(message.id)
        return Accepted("", b"")

    def reports(self):
        return ()


def pipeline(folder):
    """Open the pipeline's state as every process of an installation does."""

    def clock():
        return datetime.now(UTC)

    engine = open_engine(folder / "signing.db")
    custody = open_custody(folder / "keys", folder / "blobs", clock=clock, random=os.urandom)
    recorder = Recorder(custody, clock=clock, random=os.urandom, uuid=lambda: str(uuid.uuid4()))
    return Context(engine, clock, os.urandom, lambda: str(uuid.uuid4()), recorder, custody)


def left(context):
    with read(context.engine) as session:
        unsent = session.exec(select(func.count()).where(NotificationRow.state == "waiting")).one()
        keys = session.exec(select(func.count()).select_from(KeyRow)).one()
        return backlog(session).rows + unsent + max(0, POOL - keys)


def main(folder, port):
    """Work beside the other process until nothing is left."""
    there = Elsewhere(("127.0.0.1", port), authkey=b"test")
    there.connect()
    context = pipeline(folder)
    depositor = Depositor(context.engine, there.notary(), context.custody, clock=context.clock)
    drain = Drain(context.engine, depositor, clock=context.clock, patience=Patience(0.05, 0.2))
    notifications = Notifications(context, Links(context, "https://sign.example.com"))
    texts = Texts(there.sms())
    sending = Sending(context, notifications, Carriers(texts, texts))
    pool = KeyPool(context, context.custody, {"ecdsa_p256": POOL})
    print("ready", flush=True)
    sys.stdin.readline()
    while left(context):
        drain.run_once()
        sending.run("sms")
        pool.refill()
        time.sleep(0.01)
    context.custody.keys.close()
    context.engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
