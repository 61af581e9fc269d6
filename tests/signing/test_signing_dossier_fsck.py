"""The check of the outbox finds every kind of disorder, and nothing where there is none."""

import pytest
from sqlmodel import select
from zheng_verifier.merkle import leaf_hash

from signing.database import read, write
from signing.dossier.depositing import Depositor
from signing.dossier.drain import Drain
from signing.dossier.fsck import fsck
from signing.dossier.model import Event
from signing.dossier.models import DossierRow, OutboxRow

TENANT = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10"
EXPIRED = Event("contract.expired/1", {"deadline": "2026-12-01T00:00:00.000Z", "unsigned_parties": []})


@pytest.fixture
def check(engine, recorder, notary, sealer, clock):
    """Give the check of a dossier with deposited and with waiting rows."""
    with write(engine) as session:
        dossier = recorder.open(session, tenant=TENANT, kind="contract", reference="a")
        recorder.record(session, dossier, EXPIRED)
    Drain(engine, Depositor(engine, notary, sealer, clock=clock), clock=clock).run_once()
    with write(engine) as session:
        recorder.record(session, dossier, EXPIRED)
        recorder.close(session, dossier, "expired")
    leaves = [leaf_hash(each.leaf) for each in notary.events(notary.cases(TENANT)[0])]

    def run():
        with read(engine) as session:
            return fsck(session, sealer, lambda index: leaves[index] if index < len(leaves) else None)

    return run


def test_an_outbox_in_order_has_no_difference(check):
    """Two rows deposited, two waiting, everything in its place."""
    found = check()
    assert (found.differences, found.dossiers, found.deposited, found.waiting) == ((), 1, 2, 2)


def waiting_before(rows, _dossier):
    rows[3].done_at = rows[0].done_at


def swapped(rows, _dossier):
    rows[2].payload, rows[3].payload = rows[3].payload, rows[2].payload


DISORDERS = {
    "not numbered": lambda rows, dossier: setattr(dossier, "last_position", 5),
    "opening is not": lambda rows, dossier: setattr(rows[1], "kind", "opening"),
    "closed without": lambda rows, dossier: setattr(dossier, "closed", False),
    "comes earlier": waiting_before,
    "has no receipt": lambda rows, dossier: setattr(rows[1], "seq", None),
    "order of the case": lambda rows, dossier: setattr(rows[0], "seq", 2),
    "its head": lambda rows, dossier: setattr(dossier, "head", bytes(32)),
    "still here": lambda rows, dossier: setattr(rows[1], "payload", b"x"),
    "has no content": lambda rows, dossier: setattr(rows[2], "payload", None),
    "another event": swapped,
    "another one": lambda rows, dossier: setattr(rows[1], "leaf_index", 7),
}


@pytest.mark.parametrize("told", DISORDERS)
def test_each_disorder_is_told(engine, check, told):
    """A row changed by hand is named by what is wrong with it."""
    with write(engine) as session:
        rows = session.exec(select(OutboxRow).order_by(OutboxRow.position)).all()
        DISORDERS[told](rows, session.exec(select(DossierRow)).one())
    assert any(told in text for text in check().differences)


def test_an_erased_key_is_told_where_something_waits(check, sealer, engine):
    """What waits under a destroyed key cannot be deposited any more."""
    with read(engine) as session:
        sealer.erase(session.exec(select(DossierRow.id)).one())
    assert [text.endswith("cannot be read: Refused") for text in check().differences] == [True, True]
