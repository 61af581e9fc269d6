"""Fixtures every test may use."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).parent))

from demo_case import PlayedDemo, run_demo  # noqa: E402  # the path above leads there


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
def played_demo(tmp_path_factory: pytest.TempPathFactory) -> PlayedDemo:
    """Play the main job once for everybody who looks at what it leaves behind. Nobody may change it: copy."""
    played = run_demo(tmp_path_factory.mktemp("main-job"))
    assert played.exit_code == 0, played.logs
    return played
