"""What the codes of a PDF's font read as: by the font's own map to Unicode (ISO 32000-2 §9.10.3), bounded.

What has no map is left out, but for plain ASCII in codes of one byte. Only documents that passed the inspection come here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pikepdf

_MOST_BYTES = 1 << 20
_WIDEST_RANGE = 65_536
_HEX = re.compile(r"<([0-9a-fA-F]*)>")
_RANGE = re.compile(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*(<[0-9a-fA-F]*>|\[[^\]]*\])")


@dataclass(frozen=True, slots=True)
class Characters:
    """How a font's codes read: ``size`` bytes a code, and the text of each that is known."""

    size: int = 1
    known: Mapping[int, str] = field(default_factory=dict)

    def read(self, codes: bytes) -> Iterator[tuple[int, str]]:
        """Give each code of a string operand with its text."""
        for at in range(0, len(codes) - self.size + 1, self.size):
            code = int.from_bytes(codes[at : at + self.size])
            fallback = chr(code) if self.size == 1 and 32 <= code < 127 else ""
            yield code, self.known.get(code, fallback)


def characters_of(font: pikepdf.Object) -> Characters:
    """Read the map of a font."""
    cmap = font.get("/ToUnicode")
    known: Mapping[int, str] = {}
    if isinstance(cmap, pikepdf.Stream):
        known = _known(cmap.read_bytes()[:_MOST_BYTES].decode("latin-1"))
    return Characters(2 if font.get("/Subtype") == "/Type0" else 1, known)


def _known(cmap: str) -> Mapping[int, str]:
    known: dict[int, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        codes = _HEX.findall(section)
        known |= {
            int(code, 16): _utf16(text) for code, text in zip(codes[::2], codes[1::2], strict=False) if code
        }
    for section in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, target in _RANGE.findall(section):
            start = int(first, 16)
            width = max(min(int(last, 16) - start, _WIDEST_RANGE) + 1, 0)
            if target.startswith("["):
                known |= {start + n: _utf16(text) for n, text in enumerate(_HEX.findall(target)[:width])}
            elif text := _utf16(target[1:-1]):
                known |= {start + n: text[:-1] + chr(min(ord(text[-1]) + n, 0x10FFFF)) for n in range(width)}
    return known


def _utf16(text: str) -> str:
    return bytes.fromhex(text if len(text) % 2 == 0 else text + "0").decode("utf-16-be", "ignore")
