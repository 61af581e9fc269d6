"""The text of a PDF with its places on the pages, for the search for terms: by the fonts' own character maps, bounded.

For pointing at places only: a character without a map is left out, widths are those that fonts state. Only documents that
were inspected when they came are read; what cannot be read is counted, never a reason to fail.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from signing.documents.characters import Characters, characters_of
from signing.intent.ports import Reading
from signing.intent.terms import Line, Place
from signing.pades.geometry import PageBox

MOST_PAGES, MOST_OPERATORS, MOST_FORMS = 1_000, 200_000, 200
_OPERATORS = "q Q cm BT ET Tf Tc Tw Tz TL Td TD Tm T* Tj TJ ' \" Do"
_SAME_LINE = 2.0  # points between the baselines of one line
_WIDEST_RANGE = 65_536
_MISSING = (KeyError, IndexError, TypeError, ValueError, OverflowError, pikepdf.PdfError)

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(slots=True)
class _Font:
    """How codes read and how far they go: widths in thousandths of the size."""

    characters: Characters = field(default_factory=Characters)
    advances: dict[int, float] = field(default_factory=dict)
    usual: float = 500

    def shown(self, codes: bytes) -> Iterator[tuple[str, float]]:
        """Give the text and the width of each code."""
        for code, text in self.characters.read(codes):
            yield text, self.advances.get(code, self.usual)


@dataclass(slots=True)
class _Pen:
    """Where text is drawn: matrices of ISO 32000-2 §9.4, and the font with its size."""

    page: Matrix = _IDENTITY
    text: Matrix = _IDENTITY
    line: Matrix = _IDENTITY
    font: _Font = field(default_factory=_Font)
    size: float = 0
    leading: float = 0
    spacing: float = 0
    word_spacing: float = 0
    stretch: float = 1

    def next_line(self, x: float, y: float) -> None:
        """Begin another line, so far from the one before."""
        self.line = self.text = _times((1, 0, 0, 1, x, y), self.line)

    def move(self, width: float) -> None:
        """Go on along the line."""
        self.text = _times((1, 0, 0, 1, width, 0), self.text)


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of text between two points of its baseline, in the page's own coordinates."""

    text: str
    start: tuple[float, float]
    end: tuple[float, float]
    size: float


class PdfTextReader:
    """A `TextReader` by pikepdf."""

    def read(self, pdf: bytes) -> Reading:
        """Read a document; whatever cannot be read is counted in ``unread``."""
        lines: list[Line] = []
        heights: list[int] = []
        unread = 0
        try:
            with pikepdf.open(io.BytesIO(pdf)) as document:
                fonts: dict[tuple[int, int], _Font] = {}
                for number, page in enumerate(document.pages, start=1):
                    box = _box(page)
                    heights.append(round(box.height * 1000))
                    try:
                        if number > MOST_PAGES:
                            raise ValueError("too many pages")
                        lines += _lines(_Drawn(fonts).page(page), number, box)
                    except (*_MISSING, RecursionError):
                        unread += 1
        except pikepdf.PdfError:
            return Reading((), (), 1)
        return Reading(tuple(lines), tuple(heights), unread)


class _Drawn:
    """Follows what a page draws."""

    def __init__(self, fonts: dict[tuple[int, int], _Font]) -> None:
        self._fonts = fonts
        self._operators = MOST_OPERATORS
        self._forms = MOST_FORMS
        self._runs: list[_Run] = []

    def page(self, page: pikepdf.Page) -> list[_Run]:
        """Give the runs of a page in drawing order."""
        self._follow(page.obj, page.obj.get("/Resources"), _IDENTITY)
        return self._runs

    def _follow(self, stream: Any, resources: Any, matrix: Matrix) -> None:
        pen, kept = _Pen(page=matrix), list[Matrix]()
        for step in pikepdf.parse_content_stream(stream, _OPERATORS):
            operands, operator = step.operands, step.operator
            self._operators -= 1
            if self._operators < 0:
                raise ValueError("too much is drawn")
            match str(operator):
                case "q":
                    kept.append(pen.page)
                case "Q":
                    pen.page = kept.pop() if kept else pen.page
                case "cm":
                    pen.page = _times(_matrix(operands), pen.page)
                case "Do":
                    self._form(resources, str(operands[0]), pen.page)
                case name:
                    self._text(pen, name, list(operands), resources)

    def _form(self, resources: Any, name: str, matrix: Matrix) -> None:
        form = resources.get("/XObject", {}).get(name) if resources is not None else None
        if form is None or form.get("/Subtype") != "/Form":
            return
        self._forms -= 1
        if self._forms < 0:
            raise ValueError("too many forms")
        own = _matrix(form.get("/Matrix")) if "/Matrix" in form else _IDENTITY
        self._follow(form, form.get("/Resources", resources), _times(own, matrix))

    def _text(self, pen: _Pen, name: str, operands: list[Any], resources: Any) -> None:
        match name:
            case "BT":
                pen.text = pen.line = _IDENTITY
            case "Tf":
                pen.font, pen.size = self._font(resources, str(operands[0])), float(operands[1])
            case "Tc":
                pen.spacing = float(operands[0])
            case "Tw":
                pen.word_spacing = float(operands[0])
            case "Tz":
                pen.stretch = float(operands[0]) / 100
            case "TL":
                pen.leading = float(operands[0])
            case "Td" | "TD":
                x, y = map(float, operands)
                pen.leading = -y if name == "TD" else pen.leading
                pen.next_line(x, y)
            case "Tm":
                pen.text = pen.line = _matrix(operands)
            case "T*" | "'" | '"':
                pen.next_line(0, -pen.leading)
        if name in ("Tj", "'", '"'):
            self._show(pen, [operands[-1]])
        elif name == "TJ":
            self._show(pen, list(operands[0]))

    def _show(self, pen: _Pen, pieces: list[Any]) -> None:
        start, text = _at(pen), ""
        for piece in pieces:
            if not isinstance(piece, pikepdf.String):
                pen.move(-float(piece) / 1000 * pen.size * pen.stretch)
                text += " " if float(piece) < -200 else ""
                continue
            for shown, width in pen.font.shown(bytes(piece)):
                text += shown
                more = pen.spacing + (pen.word_spacing if shown == " " else 0)
                pen.move((width / 1000 * pen.size + more) * pen.stretch)
        if text.strip():
            scale = abs(pen.text[3] * pen.page[3]) or abs(pen.text[1] * pen.page[1]) or 1
            self._runs.append(_Run(text, start, _at(pen), pen.size * scale))

    def _font(self, resources: Any, name: str) -> _Font:
        font = resources.get("/Font", {}).get(name) if resources is not None else None
        if font is None:
            return _Font()
        if font.objgen not in self._fonts or font.objgen == (0, 0):
            self._fonts[font.objgen] = _font(font)
        return self._fonts[font.objgen]


def _lines(runs: list[_Run], page: int, box: PageBox) -> Iterator[Line]:
    """Put runs of one baseline together, from top to bottom and left to right as the page is seen."""
    placed = sorted(((_place(run, page, box), run.text) for run in runs), key=lambda each: each[0].y)
    rows: list[list[tuple[Place, str]]] = []
    for place, text in placed:
        bottom = place.y + place.height
        if rows and abs(bottom - (rows[-1][0][0].y + rows[-1][0][0].height)) <= _SAME_LINE * 1000:
            rows[-1].append((place, text))
        else:
            rows.append([(place, text)])
    for row in rows:
        row.sort(key=lambda each: each[0].x)
        joined, text = row[0]
        for place, more in row[1:]:
            gap = place.x - (joined.x + joined.width) > place.height // 4
            joined, text = joined.joined(place), f"{text} {more}" if gap else text + more
        yield Line(text, joined)


def _place(run: _Run, page: int, box: PageBox) -> Place:
    """Give the rectangle of a run from the top-left corner of the page as it is seen."""
    (x1, y1), (x2, y2) = _seen(run.start, box), _seen(run.end, box)
    left, right = min(x1, x2), max(x1, x2)
    top, bottom = min(y1, y2) - run.size, max(y1, y2) + run.size / 4
    edges = [max(round(each * 1000), 0) for each in (left, top, right, bottom)]
    return Place(page, edges[0], edges[1], max(edges[2] - edges[0], 1), max(edges[3] - edges[1], 1))


def _seen(point: tuple[float, float], box: PageBox) -> tuple[float, float]:
    x, y = point
    match box.rotation:
        case 0:
            return x - box.left, box.top - y
        case 90:
            return y - box.bottom, x - box.left
        case 180:
            return box.right - x, y - box.bottom
        case _:  # 270
            return box.top - y, box.right - x


def _box(page: pikepdf.Page) -> PageBox:
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    turned = int(page.obj.get("/Rotate", 0)) % 360
    rotation: Any = turned if turned in (0, 90, 180, 270) else 0
    return PageBox(min(left, right), min(bottom, top), max(left, right), max(bottom, top), rotation)


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _matrix(values: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _at(pen: _Pen) -> tuple[float, float]:
    drawn = _times(pen.text, pen.page)
    return drawn[4], drawn[5]


def _font(font: Any) -> _Font:
    made = _Font(characters_of(font))
    if font.get("/Subtype") == "/Type0":
        descendant = font["/DescendantFonts"][0]
        made.usual = float(descendant.get("/DW", 1000))
        made.advances = dict(_wide_advances(list(descendant.get("/W", []))))
    elif "/Widths" in font:
        first = int(font.get("/FirstChar", 0))
        made.advances = {first + n: float(width) for n, width in enumerate(font["/Widths"])}
    return made


def _wide_advances(entries: list[Any]) -> Iterator[tuple[int, float]]:
    """Read /W (ISO 32000-2 §9.7.4.3): a first code and a list, or a range of codes and one width."""
    at = 0
    while at + 1 < len(entries):
        first = int(entries[at])
        if isinstance(entries[at + 1], pikepdf.Array):
            yield from ((first + n, float(width)) for n, width in enumerate(entries[at + 1]))
            at += 2
            continue
        last = min(int(entries[at + 1]), first + _WIDEST_RANGE)
        yield from ((code, float(entries[at + 2])) for code in range(first, last + 1))
        at += 3
