"""The outbox: a step and its evidence are durable together, and what could be refused later is refused at once."""

import pytest
from zheng_verifier.errors import MalformedError

from signing.database import read, write
from signing.dossier.model import Event
from signing.errors import Refused

TENANT = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10"


def test_rows_of_a_step_that_fails_are_gone(engine, recorder):
    """A step and its evidence are one transaction."""
    with write(engine) as session:
        dossier = recorder.open(session, tenant=TENANT, kind="subject", reference="a")
    with pytest.raises(ZeroDivisionError), write(engine) as session:
        recorder.close(session, dossier, "ended")
        raise ZeroDivisionError
    with read(engine) as session:
        assert recorder.standing(session, dossier).waiting == 1


def test_personal_values_in_the_clear_are_refused_at_once(engine, recorder):
    """An event that the service would refuse never enters the outbox, where nobody could correct it."""
    with write(engine) as session:
        dossier = recorder.open(session, tenant=TENANT, kind="subject", reference="a")
        with pytest.raises(MalformedError):
            recorder.record(session, dossier, Event("account.registered/1", {"name": "李明"}))


def test_nothing_but_custody_follows_a_close(engine, recorder):
    """After a close only custody events are recorded, and no second close."""
    with write(engine) as session:
        dossier = recorder.open(session, tenant=TENANT, kind="contract", reference="a")
        recorder.close(session, dossier, "completed")
        with pytest.raises(Refused, match="case-closed"):
            recorder.close(session, dossier, "completed")
