"""Pages that are written by hand above a marker, and by a script of `docs/` below it (`make vectors`)."""

import sys
from pathlib import Path


def bring(page: Path, marker: str, wanted: str, *, source: str) -> int:
    """Write what follows the marker anew, or with ``--check`` say whether it fits its ``source`` (exit 1: it does not)."""
    now = page.read_text("utf-8")
    above, found, _ = now.partition(marker)
    if not found:
        print(f"{page.name}: the marker line is missing", file=sys.stderr)
        return 1
    whole = f"{above}{marker}\n{wanted}"
    if "--check" not in sys.argv[1:]:
        page.write_text(whole, "utf-8")
    elif now != whole:
        print(f"{page.name} does not fit {source}: run `make vectors`", file=sys.stderr)
        return 1
    return 0
