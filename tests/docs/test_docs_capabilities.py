"""The page of capabilities: one row for each statement of the source documents, none missing, each shown by a test."""

import ast
import re
from functools import cache

import pytest
from docs_pages import ROOT

PAGE = (ROOT / "docs" / "capabilities.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (?P<id>S\d-\d+) \| (?P<statement>[^|]+) \| (?P<state>[^|]+) \| (?P<how>[^|]+) \| (?P<shown>[^|]*) \|$",
    re.MULTILINE,
)
TEST = re.compile(r"`([\w/]+\.py)::((?:Test\w+::)?test_\w+)`")
COUNTS = (42, 33, 20, 23, 52)
IDS = [f"S{source}-{number}" for source, count in enumerate(COUNTS) for number in range(1, count + 1)]
STATES = ("working", "port, simulator", "planned")
# What may be left for later is a closed list; each is told with its name on the page.
LATER = {"extraction of fields", "OCR", "comparison of versions", "PDF to DOCX"}
ROWS = {row["id"]: row for row in ROW.finditer(PAGE)}


@cache
def collected_of(name):
    """The tests that a plain run of a file collects, as it names them, but for those that are marked as long."""
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    places = [("", tree), *((f"{each.name}::", each) for each in tree.body if isinstance(each, ast.ClassDef))]
    return {
        prefix + each.name
        for prefix, place in places
        for each in place.body
        if isinstance(each, ast.FunctionDef)
        and not any("torture" in ast.dump(mark) for mark in each.decorator_list)
    }


def test_every_statement_has_one_row():
    """All 170, in their order, each once."""
    assert [row["id"] for row in ROW.finditer(PAGE)] == IDS


@pytest.mark.parametrize("name", IDS)
def test_a_row_is_shown_by_a_test_or_planned_by_name(name):
    """What works is shown by a test that every run collects; what is planned is on the list of what may be left."""
    row = ROWS[name]
    shown = TEST.findall(row["shown"])
    assert row["state"] in STATES
    if row["state"] == "planned":
        assert shown == []
        assert any(each in row["how"] for each in LATER)
    else:
        assert shown
    if row["state"] == "port, simulator":
        assert "simulat" in row["how"]
    for file, test in shown:
        assert test in collected_of(file), f"{file} has no {test} that every run collects"
