"""Write the lower part of docs/spec/signing.md from the routes: `docs/generate_signing.py [--check]`."""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import cast

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.web.signing import ROUTERS
from docs.generated_page import bring

PAGE = Path(__file__).parent / "spec" / "signing.md"
MARKER = "<!-- Below this line: written by docs/generate_signing.py. -->"
ROOT = "/v1/signing"


def generated() -> str:
    """Give the part of the page that follows the marker: every route, what it does, and whom it admits."""
    lines = [
        "",
        "## Routes",
        "",
        f"All below `{ROOT}`. A program needs the scope; a member or party needs the right, whatever the scope.",
        "",
        "| route | what it does | scope | admitted |",
        "|---|---|---|---|",
    ]
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                lines += _rows(route)
    return "\n".join(lines) + "\n"


def _rows(route: APIRoute) -> Iterator[str]:
    scope, callers = next(_admitted(route.dependant), ("–", ("everybody",)))
    scope = scope if "program" in callers else "–"
    path = route.path.removeprefix(ROOT).replace(":path}", "}")
    for method in sorted(route.methods or ()):
        yield f"| `{method} {path}` | {route.summary} | {scope} | {', '.join(callers)} |"


def _admitted(dependant: Dependant) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Find what `callers.admit` was told: the scope of a program, and who else is let in."""
    for each in dependant.dependencies:
        if getattr(each.call, "__qualname__", "").startswith("admit.<locals>"):
            told = inspect.getclosurevars(cast(FunctionType, each.call)).nonlocals
            yield told["scope"], told["callers"]
        yield from _admitted(each)


def main() -> int:
    """Write the page anew, or with ``--check`` say whether it is up to date (exit 1: it is not)."""
    return bring(PAGE, MARKER, generated(), source="the routes")


if __name__ == "__main__":
    sys.exit(main())
