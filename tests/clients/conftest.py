"""The client's tests use the installation of the API's tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "api"))

from api_world import World  # the path above leads there


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """An installation that serves."""
    made = World(tmp_path_factory.mktemp("zheng") / "home")
    yield made
    made.close()


@pytest.fixture
def tenant(world):
    """A platform with a key of all scopes."""
    return world.tenant()
