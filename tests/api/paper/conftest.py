"""Reads PDFs the way a reader does: text by the fonts' own character maps, attachments, pages."""

import io
import re
from collections.abc import Callable

import pikepdf
import pytest

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


def _text(pdf: bytes) -> str:
    """Give all text in drawing order, without any white space: where lines break is not what tests ask."""
    drawn: list[str] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            fonts = {name: _characters(font) for name, font in page.resources["/Font"].items()}
            current: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = fonts[str(operands[0])]
                strings = operands[0] if str(operator) == "TJ" else operands if str(operator) == "Tj" else []
                for string in strings:
                    if isinstance(string, pikepdf.String):
                        codes = bytes(string)
                        drawn += [
                            current[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2)
                        ]
    return "".join("".join(drawn).split())


@pytest.fixture(scope="session")
def pdf_text() -> Callable[[bytes], str]:
    """Give a function that extracts the text of a PDF, white space removed."""
    return _text


@pytest.fixture(scope="session")
def pdf_pages() -> Callable[[bytes], int]:
    """Give a function that counts the pages of a PDF."""

    def count(pdf: bytes) -> int:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return len(document.pages)

    return count
