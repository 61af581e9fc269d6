"""No module needs itself, by whatever way round: what a file rests on can be read before it, in Python and in TypeScript."""

import re
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("zheng_verifier", "zheng_client", "ledger", "anchor", "signing", "api")
PAGE = ROOT / "portal" / "verifier" / "src"
IMPORT = re.compile(r'^(?:import|export)\b[^;"]*?from "(\.[^"]+)"', re.MULTILINE)


def circle(imports: Mapping[str, Iterable[str]]) -> list[str]:
    """Name the modules of one circle, in order, or none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_circle_in_python():
    """No module of ours imports itself through others, not even for its types alone."""
    graph = grimp.build_graph(*PACKAGES)
    assert len(graph.modules) > 500
    assert circle({each: graph.find_modules_directly_imported_by(each) for each in graph.modules}) == []


def test_no_circle_in_the_html_verifier():
    """Nor does any of the verifier in one HTML file."""
    imports = {
        path: [(path.parent / name).resolve() for name in IMPORT.findall(path.read_text("utf-8"))]
        for path in PAGE.rglob("*.ts")
    }
    assert PAGE / "der.ts" in {each for names in imports.values() for each in names} <= imports.keys()
    assert circle({str(path): map(str, names) for path, names in imports.items()}) == []


@pytest.mark.parametrize(
    "written",
    ['import { a } from "./b.ts";', 'import {\n  type A,\n} from "./b.ts";', 'export { a } from "./b.ts";'],
)
def test_each_form_of_import_is_seen(written):
    """However an import is written, the test reads it."""
    assert IMPORT.findall(written) == ["./b.ts"]


def test_a_circle_is_found():
    """The test finds what it is for."""
    assert circle({"a": ["b"], "b": ["c"], "c": ["a"]}) != []
