"""Every refusal of the signing pipeline has a row in the API's table: none becomes an internal error."""

import ast
from pathlib import Path

import pytest

from api.problems import KINDS

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("signing", "api/signing", "api/web/signing")


def codes(source):
    """Give every code that a module's source refuses with: `Refused("code", …)` and subclasses that name one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in ("Refused", "ProblemError"):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _name(node):
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_code_is_in_the_table(folder):
    """The code of each refusal written in the source is one that the API has a status and two titles for."""
    unknown = {
        (path.relative_to(ROOT).as_posix(), code)
        for path in sorted((ROOT / folder).rglob("*.py"))
        for code in codes(path.read_text("utf-8"))
        if code not in KINDS
    }
    assert unknown == set()


def test_an_unknown_code_would_be_found():
    """The search sees both forms of a refusal."""
    source = 'raise Refused("one", "x")\nraise errors.Refused("two")\nraise Other("three")\nRefused(code)\n'
    assert list(codes(source)) == ["one", "two"]
