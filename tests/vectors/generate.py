"""Write our own test vectors: ``make vectors``. CI writes them anew and compares.

A format joins by adding its file name and its function to ``FORMATS``, and its reader to
``verifier/tests/test_own_vectors.py``.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bundle_cases import bundle_cases, policy_cases
from cases import Case
from entry_cases import claim_cases, entry_cases, jws_cases, leaf_cases, sealed_cases
from json_cases import json_cases
from proof_cases import (
    checkpoint_cases,
    consistency_cases,
    inclusion_cases,
    note_cases,
    tlog_proof_cases,
    vkey_cases,
)

HERE = Path(__file__).resolve().parent
FORMATS: Mapping[str, tuple[str, Callable[[], list[Case]]]] = {
    "json": ("docs/spec/json.md", json_cases),
    "claim": ("docs/spec/entry.md", claim_cases),
    "entry": ("docs/spec/entry.md", entry_cases),
    "leaf": ("docs/spec/entry.md", leaf_cases),
    "sealed": ("docs/spec/entry.md", sealed_cases),
    "jws": ("docs/spec/entry.md", jws_cases),
    "inclusion": ("docs/spec/proofs.md", inclusion_cases),
    "consistency": ("docs/spec/proofs.md", consistency_cases),
    "note": ("docs/spec/checkpoint.md", note_cases),
    "vkey": ("docs/spec/checkpoint.md", vkey_cases),
    "checkpoint": ("docs/spec/checkpoint.md", checkpoint_cases),
    "tlog-proof": ("docs/spec/proofs.md", tlog_proof_cases),
    "bundle": ("docs/spec/bundle.md", bundle_cases),
    "policy": ("docs/spec/policy.md", policy_cases),
}


def build() -> dict[str, bytes]:
    """Make every vector file in memory, by file name."""
    files = {}
    for name, (spec, make) in FORMATS.items():
        cases = make()
        names = [case["name"] for case in cases]
        if len(set(names)) != len(names):
            raise ValueError(f"two cases of {name} have one name")
        text = json.dumps({"format": name, "spec": spec, "cases": cases}, ensure_ascii=False, indent=1)
        files[f"{name}.json"] = text.encode() + b"\n"
    return files


def main() -> int:
    """Write the files that differ, and say which."""
    for name, data in build().items():
        path = HERE / name
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
            print(f"wrote {path.relative_to(HERE.parent.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
