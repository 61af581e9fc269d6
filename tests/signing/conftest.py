"""One pipeline for each test: a database of its own, a clock that stands, reproducible ids, a notary in memory."""

import random as randomness
import shutil
import sys
import uuid as uuids
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import event

from signing.database import open_engine
from signing.dossier.memory import MemorySealer, RecordingNotary
from signing.dossier.recorder import Recorder
from signing.tables import METADATA

sys.path.insert(0, str(Path(__file__).parent))  # where the tests' own modules lie


class FixedClock:
    """A clock that stands until a test moves it."""

    def __init__(self):
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def advance(self, **parts):
        self.now += timedelta(**parts)


@pytest.fixture(scope="session", autouse=True)
def _quiet():
    """Failures that a test makes on purpose are not drawn on the terminal."""
    structlog.configure(processors=[], logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def random():
    """Bytes that look random and are the same in every run."""
    return randomness.Random(4).randbytes


@pytest.fixture
def uuid(random):
    return lambda: str(uuids.UUID(bytes=random(16), version=4))


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory):
    """A database with all tables and no rows; a copy costs a hundredth of making one."""
    path = tmp_path_factory.mktemp("blank") / "signing.db"
    made = open_engine(path)
    METADATA.create_all(made)
    made.dispose()
    return path


@pytest.fixture
def engine(tmp_path, blank_database):
    """A database with all tables of the pipeline."""
    shutil.copy(blank_database, tmp_path / "signing.db")
    made = open_engine(tmp_path / "signing.db")
    # What would be lost with the machine's power is no matter here, and each sync would cost time.
    event.listen(made, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
    yield made
    made.dispose()


@pytest.fixture
def notary(clock, random, uuid):
    return RecordingNotary(clock, random, uuid)


@pytest.fixture
def sealer(random):
    return MemorySealer(random)


@pytest.fixture
def recorder(sealer, clock, random, uuid):
    return Recorder(sealer, clock=clock, random=random, uuid=uuid)
