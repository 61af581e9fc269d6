"""The conformance cases of the verifier, as the tests of the HTML verifier read them."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zheng_verifier.encoding import format_base64

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


def ask_core(core: Path, asked: list[tuple[Case, list[tuple[int, int]]]]) -> list[dict[str, Any]]:
    """Verify cases in Node.js, each once for each flip (position, bits): by the core of the page, without its buttons."""
    requests = [
        {
            "name": case.evidence[0],
            "evidence": format_base64(case.evidence[1]),
            "policy": format_base64(case.policy),
            "documents": [{"name": name, "data": format_base64(data)} for name, data in case.documents],
            "statement": None if case.statement is None else format_base64(case.statement),
            "at": case.expected["options"]["at"],
            "source": case.expected["options"].get("policy-source", "user"),
            "flips": flips,
        }
        for case, flips in asked
    ]
    command = ["node", core / "flips.mjs"]
    done = subprocess.run(command, input=json.dumps(requests), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
