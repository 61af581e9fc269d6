"""Reads the text of a PDF by its fonts' own character maps, so that tests ask what a reader can copy out of it."""

import io
import re

import pikepdf

_HEX = re.compile(r"<([0-9a-fA-F]*)>")


def _characters(font: pikepdf.Object) -> dict[int, str]:
    """Give the text of each two-byte code of a font, from its ToUnicode map (ISO 32000-2 §9.10.3)."""
    known: dict[int, str] = {}
    cmap = font["/ToUnicode"].read_bytes().decode("latin-1")
    for section in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for line in section.strip().splitlines():
            code, text = _HEX.findall(line)
            known[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for section in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for line in section.strip().splitlines():
            first, last, text = _HEX.findall(line)
            start = ord(bytes.fromhex(text).decode("utf-16-be"))
            known |= {
                code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)
            }
    return known


def pages_text(pdf: bytes) -> list[str]:
    """Give the text of each page in drawing order, without white space and places to break: lines do not matter."""
    pages = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        maps: dict[tuple[int, int], dict[int, str]] = {}
        for page in document.pages:
            drawn: list[str] = []
            fonts = page.resources.get("/Font", {})
            for font in fonts.values():
                maps.setdefault(font.objgen, {}) or maps[font.objgen].update(_characters(font))
            current: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page, "Tf Tj TJ"):
                if str(operator) == "Tf":
                    current = maps[fonts[str(operands[0])].objgen]
                strings = operands[0] if str(operator) == "TJ" else operands if str(operator) == "Tj" else []
                for string in strings:
                    if isinstance(string, pikepdf.String):
                        codes = bytes(string)
                        drawn += [
                            current[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2)
                        ]
            pages.append("".join("".join(drawn).split()).replace("\u200b", ""))
    return pages


def squeezed(text: str) -> str:
    """Give a text as ``pages_text`` gives it: without white space."""
    return "".join(text.split())
