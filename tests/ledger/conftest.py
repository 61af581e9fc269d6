"""Fixtures of the log's tests; what they share with the processes they start is in ``ledger_world``."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ledger_world import World  # the path above leads there


@pytest.fixture
def world(tmp_path):
    """A new log in a folder of its own, closed at the end."""
    made = World.create(tmp_path / "home")
    yield made
    made.close()
