"""The text of a PDF as a reader could copy it: by the fonts' own character maps (ISO 32000-2 §9.10), bounded.

For search only: layout, hidden text and pictures are no matter here, and what has no map is left out. Only documents that
passed the inspection of `documents` come here.
"""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from signing.documents.characters import Characters, characters_of

MOST_PAGES, MOST_CHARACTERS, MOST_FORMS = 300, 60_000, 200
_SPACE_KERN = -200  # thousandths of an em: so far apart, letters are of two words


def text_of(pdf: bytes) -> str:
    """Give a document's text, its first 300 pages and 60,000 characters.

    Raises:
        ValueError: it cannot be read as PDF.
    """
    parts: list[str] = []
    length = 0
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            fonts: dict[tuple[int, int], Characters] = {}
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
    fonts: dict[tuple[int, int], Characters],
    forms: list[int],
) -> Iterator[str]:
    """Give the text that a page or form draws, in drawing order."""
    named: Any = {} if resources is None else resources.get("/Font", {})
    pictures: Any = {} if resources is None else resources.get("/XObject", {})
    font = Characters()
    drawing: Any = pikepdf.parse_content_stream(stream, "Tf Tj TJ ' \" Td TD Tm T* Do")
    for operands, operator in drawing:
        match str(operator):
            case "Tf":
                font = _font(named.get(str(operands[0])), fonts)
            case "TJ":
                for each in operands[0]:
                    if isinstance(each, pikepdf.String):
                        yield "".join(text for _, text in font.read(bytes(each)))
                    elif float(each) < _SPACE_KERN:
                        yield " "
            case "Tj" | "'" | '"':
                yield "".join(text for _, text in font.read(bytes(operands[-1])))
            case "Do":
                form = pictures.get(str(operands[0]))
                if form is not None and form.get("/Subtype") == "/Form" and forms[0] > 0:
                    forms[0] -= 1
                    yield from _content(form, form.get("/Resources", resources), fonts, forms)
            case _:
                yield "\n"


def _font(font: pikepdf.Object | None, fonts: dict[tuple[int, int], Characters]) -> Characters:
    if font is None:
        return Characters()
    if font.objgen not in fonts or font.objgen == (0, 0):
        fonts[font.objgen] = characters_of(font)
    return fonts[font.objgen]
