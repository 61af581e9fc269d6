"""The answers to the attacks name tests and conformance cases that exist."""

import re

from docs_pages import ROOT

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<number>\d+) \|.*\| (?P<shown>[^|]*) \|$", re.MULTILINE)

ANSWERED_IN_WORDS = [15]


def test_every_attack_has_an_answer_with_a_test():
    """Rows 1 to 26, each but one with a name; each name in code style is a test or a case."""
    rows = {int(row["number"]): re.findall(r"`([a-z0-9_-]+)`", row["shown"]) for row in ROW.finditer(PAGE)}
    assert sorted(rows) == list(range(1, 27))
    assert [number for number, names in rows.items() if not names] == ANSWERED_IN_WORDS
    files = [path for folder in ("tests", "verifier/tests") for path in (ROOT / folder).rglob("test_*.py")]
    tests = set(
        re.findall(r"^ *def (test_\w+)", "\n".join(path.read_text("utf-8") for path in files), re.MULTILINE)
    )
    cases = {path.name for path in (ROOT / "verifier/tests/conformance").iterdir()}
    named = {name for names in rows.values() for name in names} | set(re.findall(r"`(test_\w+)`", PAGE))
    assert named - tests - cases == set()
