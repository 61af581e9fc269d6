"""The page of contracts is written from the tables that decide."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_page_of_contracts_fits_the_tables():
    """`make vectors` would change nothing."""
    script = [sys.executable, ROOT / "docs" / "generate_contracts.py", "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
