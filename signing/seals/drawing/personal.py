"""Name seals of persons (square and rectangular), and typed names."""

from dataclasses import dataclass
from math import sqrt

from signing.errors import Refused
from signing.seals.drawing.shapes import Color, Drawing, Fill, Glyph, Path, Placing, rectangle
from signing.seals.drawing.text import Typeface, ems, glyphs_of

SMALLEST_UM, LARGEST_UM = 10_000, 30_000
LONGEST_NAME_SEAL, LONGEST_TYPED = 16, 60
_RIM = 800.0
_TYPED_HEIGHT = 9_000


@dataclass(frozen=True, slots=True)
class NameSeal:
    """A person's seal. A square one is read in columns from the right, a rectangle along its longer side."""

    text: str
    width_um: int = 20_000
    height_um: int = 20_000
    frame: bool = True
    color: Color = Color.RED


def draw_name_seal(design: NameSeal, typeface: Typeface) -> Drawing:
    """Draw a person's seal.

    Raises Refused: ``seal-design-invalid`` for a size out of 10–30 mm, ``seal-text-too-long`` where a character would
    be less than 2 mm wide or high, and as ``glyphs_of``.
    """
    width, height = design.width_um, design.height_um
    if not (SMALLEST_UM <= width <= LARGEST_UM and SMALLEST_UM <= height <= LARGEST_UM):
        bounds = f"{SMALLEST_UM} to {LARGEST_UM}"
        raise Refused("seal-design-invalid", "Name seals of this size are not drawn.", "/width_um", bounds)
    glyphs = glyphs_of(design.text, typeface, field="/text", longest=LONGEST_NAME_SEAL)
    margin = 2 * _RIM if design.frame else 0.0
    inner_width, inner_height = width - 2 * margin, height - 2 * margin
    parts: list[Path] = []
    if design.frame:
        parts += [rectangle(width, height), rectangle(width - 2 * _RIM, height - 2 * _RIM, clockwise=True)]
    count = len(glyphs)
    if width == height:
        columns = _columns(glyphs)
    elif width > height:
        columns = [[glyph] for glyph in reversed(glyphs)]
    else:
        columns = [glyphs]
    column_width = inner_width / len(columns)
    if min(column_width, inner_height / max(len(column) for column in columns)) < 2_000:
        raise Refused("seal-text-too-long", f"{count} characters do not fit.", "/text", "fewer characters")
    for n, column in enumerate(columns):
        x = inner_width / 2 - column_width * (n + 0.5)
        cell = inner_height / len(column)
        for m, glyph in enumerate(column):
            y = inner_height / 2 - cell * (m + 0.5)
            # Characters fill their cell; Latin letters keep their proportion to it.
            parts.append(Placing(x, y, 0.0, 1.0, column_width * 0.99, cell * 0.99).of(glyph))
    return _filled(width, height, design.color, parts)


def draw_typed(text: str, color: Color, typeface: Typeface) -> Drawing:
    """Draw a typed name in one line, 9 mm high and as wide as it is."""
    glyphs = glyphs_of(text, typeface, field="/text", longest=LONGEST_TYPED)
    em = 0.8 * _TYPED_HEIGHT
    width = int(ems(glyphs) * em) + 2_000
    x = -ems(glyphs) * em / 2
    parts = []
    for glyph in glyphs:
        step = glyph.advance * em / 1000.0
        parts.append(Placing(x + step / 2, 0.0, 0.0, 1.0, em, em).of(glyph))
        x += step
    return _filled(width, _TYPED_HEIGHT, color, parts)


def _columns(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Share characters among columns, the first ones (the family name) among the larger cells: 3 are 1 and 2."""
    number = max(1, int(sqrt(len(glyphs) - 1)) + 1) if len(glyphs) > 1 else 1
    size, more = divmod(len(glyphs), number)
    columns, at = [], 0
    for n in range(number):
        take = size + (1 if n >= number - more else 0)
        columns.append(glyphs[at : at + take])
        at += take
    return columns


def _filled(width: int, height: int, color: Color, parts: list[Path]) -> Drawing:
    return Drawing(width, height, color, (Fill(tuple(step for part in parts for step in part)),))
