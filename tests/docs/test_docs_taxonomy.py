"""The page about the taxonomy says what the schemas say."""

import json
import re
import subprocess
import sys
from pathlib import Path

from zheng_verifier.taxonomy import check_data

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "spec" / "taxonomy.md"


def test_the_tables_are_those_of_the_schemas():
    """Fields, labels and the SHA-256 of every schema file stand in the page as they are: a changed file shows."""
    script = [sys.executable, ROOT / "docs" / "generate_taxonomy.py", "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_example_on_the_page_is_a_valid_event():
    """What a reader copies from the page is accepted."""
    blocks = re.findall(r"type `([a-z_./0-9]+)`:\n\n```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 1
    for name, text in blocks:
        assert [field.path for field in check_data(name, json.loads(text))] == ["/reason"]
