"""Our own vectors are made anew and compared: nobody edits them by hand."""

import importlib
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture
def built(monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))
    return importlib.import_module("generate").build()


def test_vectors_are_what_the_generator_writes(built):
    """Each file, byte for byte, and no file besides; `make vectors` writes them."""
    assert {path.name for path in HERE.glob("*.json")} == set(built)
    for name, data in built.items():
        assert data == (HERE / name).read_bytes(), f"{name} differs: run `make vectors`"


def test_vectors_hold_only_test_material(built):
    """No vector can be taken for evidence: every origin and key name says TEST."""
    for name in ("claim", "entry", "checkpoint", "tlog-proof", "note", "vkey"):
        assert b"TEST" in built[f"{name}.json"]
    assert all(b"\xe2\x80\xae" not in data for data in built.values()), (
        "an invisible character stands in a file"
    )
