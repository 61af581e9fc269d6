"""Which characters a font can print, and what to print in place of the others.

A missing glyph would come out as an empty box, a control or direction character as nothing at all or as text
in another order. On a certificate both are worse than a code point: 〔U+20BB7〕 can be looked up.
"""

import struct
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coverage:
    """The code points of a font, as ranges ``starts[i]…ends[i]``, both inclusive, ascending."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, code_point: int) -> bool:
        position = bisect_right(self.starts, code_point) - 1
        return position >= 0 and code_point <= self.ends[position]


def parse_coverage(font: bytes) -> Coverage:
    """Read the code points of a TrueType font from its 'cmap' table, format 12 (OpenType 1.9.1, 'cmap').

    Raises:
        ValueError: the font has no such table.

    """
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * number) for number in range(tables))
    cmap = next((offset for tag, _, offset, _ in records if tag == b"cmap"), None)
    if cmap is None:
        raise ValueError("the font has no 'cmap' table")
    encodings = struct.unpack_from(">H", font, cmap + 2)[0]
    for number in range(encodings):
        subtable = cmap + struct.unpack_from(">HHL", font, cmap + 4 + 8 * number)[2]
        if struct.unpack_from(">H", font, subtable)[0] == 12:
            count = struct.unpack_from(">L", font, subtable + 12)[0]
            groups = [struct.unpack_from(">LL", font, subtable + 16 + 12 * group) for group in range(count)]
            return Coverage(tuple(start for start, _ in groups), tuple(end for _, end in groups))
    raise ValueError("the font has no 'cmap' subtable of format 12")


def printable(text: str, coverage: Coverage) -> str:
    """Give the text with white space as single spaces and every unprintable character as its code point."""
    return "".join(
        character
        if ord(character) in coverage and unicodedata.category(character)[0] != "C"
        else f"〔U+{ord(character):04X}〕"
        for character in " ".join(text.split())
    )
