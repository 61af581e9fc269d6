"""C2SP tlog-tiles: the paths under which a log's hashes and leaves are served, and what is in them.

    tile/<L>/<N>[.p/<W>]          256 (or W) hashes of tree level 8·L, from index 256·N on; 32 bytes each
    tile/entries/<N>[.p/<W>]      256 (or W) leaves, each after its length in two bytes

N is written in groups of three digits, all but the last after an ``x``: 1234067 is ``x001/x234/067``. W from 1 to 255
names a partial tile. Specification: C2SP tlog-tiles v0.1.0, "Merkle tree" and "Log entries".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zheng_verifier.errors import MalformedError

from ledger.tree import NodeId

TILE_WIDTH = 256
MAX_LEVEL = 63
MAX_ENTRY_BYTES = 65_535
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class TilePath:
    """One tile: of hashes at ``level``, or of log entries where ``level`` is None; ``width`` items from 1 to 256."""

    level: int | None
    index: int
    width: int = TILE_WIDTH


def parse_tile_path(path: str) -> TilePath:
    """Read the path of a tile, without a leading slash.

    Raises:
        MalformedError: not such a path, or not its one spelling.

    """
    match = _PATH.fullmatch(path)
    if match is None:
        raise MalformedError("FORMAT_FAILURE", "not the path of a tile", "path")
    level = None if match["level"] == "entries" else int(match["level"])
    width = int(match["width"]) if match["width"] else TILE_WIDTH
    tile = TilePath(level, int(re.sub("[x/]", "", match["index"])), width)
    if (level or 0) > MAX_LEVEL or format_tile_path(tile) != path:
        raise MalformedError("FORMAT_FAILURE", "not the path of a tile in its one spelling", "path")
    return tile


def format_tile_path(tile: TilePath) -> str:
    """Write the path of a tile, without a leading slash."""
    digits = str(tile.index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    partial = f".p/{tile.width}" if tile.width < TILE_WIDTH else ""
    return f"tile/{'entries' if tile.level is None else tile.level}/{number}{partial}"


def available_width(level: int | None, index: int, size: int) -> int:
    """Tell how many items a tile holds in a tree of ``size``: 0 (there is no such tile) to 256."""
    items = size >> (8 * (level or 0))
    return max(0, min(TILE_WIDTH, items - index * TILE_WIDTH))


def tile_nodes(tile: TilePath) -> tuple[NodeId, ...]:
    """List the tree nodes whose hashes make up a tile; of a tile of entries, the leaves."""
    first = tile.index * TILE_WIDTH
    return tuple(NodeId(8 * (tile.level or 0), at) for at in range(first, first + tile.width))


def format_entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Write log entries one after the other, each after its length as two bytes, the higher first.

    Raises:
        MalformedError: an entry longer than 65,535 bytes.

    """
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise MalformedError("TOO_LARGE", f"a log entry has at most {MAX_ENTRY_BYTES} bytes", "entries")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_entry_bundle(data: bytes) -> tuple[bytes, ...]:
    """Read what ``format_entry_bundle`` wrote.

    Raises:
        MalformedError: the data ends within a length or an entry.

    """
    entries = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise MalformedError("FORMAT_FAILURE", "the data ends within an entry", "entries")
        entries.append(data[start:at])
    return tuple(entries)
