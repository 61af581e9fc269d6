"""The text of a PDF as a reader could copy it: by the fonts' own character maps (ISO 32000-2 §9.10), bounded.

For search only: layout, hidden text and pictures are no matter here, and what has no map is left out. Only documents that
passed the inspection of `documents` come here.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

MOST_PAGES, MOST_CHARACTERS, MOST_FORMS = 300, 60_000, 200
_HEX = re.compile(r"<([0-9a-fA-F]*)>")
_ENTRY = re.compile(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*(<[0-9a-fA-F]*>|\[[^\]]*\])")
_WIDEST_RANGE = 65_536
_SPACE_KERN = -200  # thousandths of an em: so far apart, letters are of two words


@dataclass(slots=True)
class _Font:
    """How a font's codes read: bytes a code, and the text of each."""

    width: int
    known: dict[int, str] = field(default_factory=dict)

    def text(self, codes: bytes) -> str:
        """Give the text of a string operand."""
        parts = []
        for at in range(0, len(codes) - self.width + 1, self.width):
            code = int.from_bytes(codes[at : at + self.width])
            fallback = chr(code) if self.width == 1 and 32 <= code < 127 else ""
            parts.append(self.known.get(code, fallback))
        return "".join(parts)


def text_of(pdf: bytes) -> str:
    """Give a document's text, its first 300 pages and 60,000 characters.

    Raises:
        ValueError: it cannot be read as PDF.
    """
    parts: list[str] = []
    length = 0
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            fonts: dict[tuple[int, int], _Font] = {}
            for page in document.pages[:MOST_PAGES]:
                forms = [MOST_FORMS]
                for part in _content(page.obj, page.obj.get("/Resources"), fonts, forms):
                    parts.append(part)
                    length += len(part)
                    if length >= MOST_CHARACTERS:
                        return "".join(parts)[:MOST_CHARACTERS]
                parts.append("\n")
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError("the text of the PDF cannot be read") from error
    return "".join(parts)


def _content(
    stream: pikepdf.Object,
    resources: pikepdf.Object | None,
    fonts: dict[tuple[int, int], _Font],
    forms: list[int],
) -> Iterator[str]:
    """Give the text that a page or form draws, in drawing order."""
    named: Any = {} if resources is None else resources.get("/Font", {})
    pictures: Any = {} if resources is None else resources.get("/XObject", {})
    font = _Font(1)
    drawing: Any = pikepdf.parse_content_stream(stream, "Tf Tj TJ ' \" Td TD Tm T* Do")
    for operands, operator in drawing:
        match str(operator):
            case "Tf":
                font = _font(named.get(str(operands[0])), fonts)
            case "TJ":
                for each in operands[0]:
                    if isinstance(each, pikepdf.String):
                        yield font.text(bytes(each))
                    elif float(each) < _SPACE_KERN:
                        yield " "
            case "Tj" | "'" | '"':
                yield font.text(bytes(operands[-1]))
            case "Do":
                form = pictures.get(str(operands[0]))
                if form is not None and form.get("/Subtype") == "/Form" and forms[0] > 0:
                    forms[0] -= 1
                    yield from _content(form, form.get("/Resources", resources), fonts, forms)
            case _:
                yield "\n"


def _font(font: pikepdf.Object | None, fonts: dict[tuple[int, int], _Font]) -> _Font:
    if font is None:
        return _Font(1)
    if font.objgen not in fonts or font.objgen == (0, 0):
        made = _Font(2 if font.get("/Subtype") == "/Type0" else 1)
        cmap = font.get("/ToUnicode")
        if isinstance(cmap, pikepdf.Stream):
            made.known = _characters(cmap.read_bytes()[: 1 << 20].decode("latin-1"))
        fonts[font.objgen] = made
    return fonts[font.objgen]


def _characters(cmap: str) -> dict[int, str]:
    known: dict[int, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        codes = _HEX.findall(section)
        for code, text in zip(codes[::2], codes[1::2], strict=False):
            known[int(code, 16)] = _utf16(text)
    for section in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, target in _ENTRY.findall(section):
            start, end = int(first, 16), min(int(last, 16), int(first, 16) + _WIDEST_RANGE)
            if target.startswith("["):
                for n, text in enumerate(_HEX.findall(target)[: end - start + 1]):
                    known[start + n] = _utf16(text)
                continue
            text = _utf16(target[1:-1])
            if text:
                for n in range(end - start + 1):
                    known[start + n] = text[:-1] + chr(min(ord(text[-1]) + n, 0x10FFFF))
    return known


def _utf16(text: str) -> str:
    return bytes.fromhex(text if len(text) % 2 == 0 else text + "0").decode("utf-16-be", "ignore")
