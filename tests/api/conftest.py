"""One installation for all tests of the API; each test works with tenants of its own."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from api_world import World  # the path above leads there


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """An installation that serves, with limits small enough to reach."""
    made = World(
        tmp_path_factory.mktemp("zheng") / "home",
        limits={
            "body": 200_000,
            "batch_body": 400_000,
            "document_body": 300_000,
            "verify_body": 600_000,
            "verify_seconds": 5,
            "verify_parallel": 1,
            "verify_waiting": 1,
            "read_seconds": 1.0,
            "public_rate": 500.0,
            "public_burst": 2000,
        },
    )
    yield made
    made.close()


@pytest.fixture
def tenant(world):
    """A platform with a key of all scopes."""
    return world.tenant()


@pytest.fixture(autouse=True)
def no_session_outlives_its_test(request):
    """Whoever logged in is gone: the next test begins as a stranger, in whatever order they run."""
    world = request.getfixturevalue("world") if "world" in request.fixturenames else None
    yield
    if world is not None:
        world.client.cookies.clear()
