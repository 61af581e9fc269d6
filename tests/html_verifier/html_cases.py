"""The conformance cases of the verifier, as the tests of the HTML verifier read them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VERIFIER = ROOT / "portal" / "verifier"
FILE = ROOT / "portal" / "static" / "zheng-verifier.html"
FOLDER = ROOT / "verifier" / "tests" / "conformance"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))
NOT_HERE = ("C13", "C14")
"""What the page does not check, and says so."""


@dataclass(frozen=True)
class Case:
    evidence: tuple[str, bytes]
    policy: bytes
    documents: list[tuple[str, bytes]]
    statement: bytes | None
    expected: dict[str, Any]


def read_case(name: str) -> Case:
    folder = FOLDER / name
    evidence = next(path for path in (folder / "bundle.json", *folder.glob("package.*")) if path.exists())
    statement = folder / "statement.json"
    return Case(
        (evidence.name, evidence.read_bytes()),
        (folder / "policy.json").read_bytes(),
        [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.pdf"))],
        statement.read_bytes() if statement.exists() else None,
        json.loads((folder / "expected.json").read_text()),
    )
