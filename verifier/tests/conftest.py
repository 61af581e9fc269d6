"""Fixtures every test may use."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import asn1crypto.pdf  # noqa: F401  # it adds names to maps that asn1crypto turns round and keeps at their first use
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# Leads to the package `makers`: what makes tokens, anchors and whole bundles for the tests.
sys.path.insert(0, str(Path(__file__).resolve().parent))


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
