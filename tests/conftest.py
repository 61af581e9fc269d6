"""Fixtures every test may use."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).parent))

from chromium import chromium  # noqa: E402  # the path above leads there
from demo_case import PlayedDemo, run_demo  # noqa: E402


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], Path]:
    """Give the folder of one set of third-party test data, or skip: it lies outside the repository."""
    base = Path(os.environ.get("ZHENG_VECTORS", ROOT.parent / "shared" / "vectors"))

    def folder(name: str) -> Path:
        path = base / name
        if not path.is_dir():
            pytest.skip(f"third-party vectors '{name}' are not at hand: set ZHENG_VECTORS to their folder")
        return path

    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for all tests that need a real one; each makes contexts of its own."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def played_demo(tmp_path_factory: pytest.TempPathFactory) -> PlayedDemo:
    """Play the main job once for everybody who looks at what it leaves behind. Nobody may change it: copy."""
    played = run_demo(tmp_path_factory.mktemp("main-job"))
    assert played.exit_code == 0, played.logs
    return played
