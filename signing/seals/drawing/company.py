"""Seals of organisations: round and elliptical, in the proportions that local rules of seal carving agree on.

Round: Ø 38–58 mm, rim 1 mm up to Ø 40 and 1.2 mm above, star Ø 35 % of the seal (14 mm at Ø 40), the name along the
upper arc over at most 180°, growing from 12 characters on to 210° at 20, the kind of seal written horizontally below the
middle, the number along the lower arc, read from left to right. Characters first grow narrow, then small; what is still
too long is refused.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt

from signing.errors import Refused
from signing.seals.drawing.numbers import Arc, Spot
from signing.seals.drawing.shapes import Color, Drawing, Fill, Glyph, Path, Placing, ellipse, star
from signing.seals.drawing.text import Typeface, ems, glyphs_of


class Outline(StrEnum):
    """Outer line of an organisation's seal."""

    CIRCLE = "circle"
    ELLIPSE = "ellipse"


SIZES_UM: dict[Outline, tuple[tuple[int, int], ...]] = {
    Outline.CIRCLE: tuple((size, size) for size in (38_000, 40_000, 42_000, 45_000, 58_000)),
    Outline.ELLIPSE: ((45_000, 30_000), (45_000, 32_000), (40_000, 30_000)),
}
"""Widths and heights that are drawn."""

LONGEST_NAME, LONGEST_LINE, LONGEST_NUMBER, MOST_LINES = 50, 20, 20, 2


@dataclass(frozen=True, slots=True)
class SealDesign:
    """What an organisation's seal shows."""

    outline: Outline
    width_um: int
    height_um: int
    upper_text: str
    lines: tuple[str, ...] = ()
    lower_text: str = ""
    star: bool = False
    color: Color = Color.RED

    @property
    def inscription(self) -> str:
        """Everything that can be read on the seal, outside in."""
        return " ".join(text for text in (self.upper_text, *self.lines, self.lower_text) if text)


@dataclass(frozen=True, slots=True)
class _Field:
    """The area within the rim: half-axes, and lengths that follow from the size."""

    a: float
    b: float
    rim: float
    size: float

    @property
    def air(self) -> float:
        """Between the rim and what stands along it."""
        return 0.022 * self.size

    def inset(self, depth: float) -> tuple[float, float]:
        """Give the half-axes so far within the rim."""
        return self.a - self.rim - depth, self.b - self.rim - depth


def draw(design: SealDesign, typeface: Typeface) -> Drawing:
    """Draw a seal.

    Raises Refused: ``seal-design-invalid`` for a size that is not drawn, a star in an ellipse or too many lines,
    ``seal-text-too-long`` where characters would fall below the smallest legible size, and as ``glyphs_of``.
    """
    if (design.width_um, design.height_um) not in SIZES_UM[design.outline]:
        known = ", ".join(f"{width}x{height}" for width, height in SIZES_UM[design.outline])
        raise Refused("seal-design-invalid", "Seals of this size are not drawn.", "/width_um", known)
    if design.star and design.outline is Outline.ELLIPSE:
        raise Refused("seal-design-invalid", "An elliptical seal has no star.", "/star", "false")
    if len(design.lines) > MOST_LINES:
        raise Refused("seal-design-invalid", "Too many lines.", "/lines", f"at most {MOST_LINES}")
    rim = 1_000.0 if design.width_um <= 40_000 or design.outline is Outline.ELLIPSE else 1_200.0
    field = _Field(design.width_um / 2, design.height_um / 2, rim, float(design.height_um))
    path: list[Path] = [ellipse(field.a, field.b), ellipse(*field.inset(0.0), clockwise=True)]
    name = _upper(field, glyphs_of(design.upper_text, typeface, field="/upper_text", longest=LONGEST_NAME))
    path.extend(name.paths)
    depth = field.air
    if design.lower_text:
        number = _lower(
            field, glyphs_of(design.lower_text, typeface, field="/lower_text", longest=LONGEST_NUMBER)
        )
        path.extend(number.paths)
        depth = number.depth
    if design.star:
        path.append(star(_star_radius(field)))
    if design.lines:
        lines = [glyphs_of(line, typeface, field="/lines", longest=LONGEST_LINE) for line in design.lines]
        path.extend(_horizontal(field, lines, name.depth, depth, starred=design.star))
    whole = tuple(step for part in path for step in part)
    return Drawing(design.width_um, design.height_um, design.color, (Fill(whole),))


@dataclass(frozen=True, slots=True)
class _Ring:
    """A text along the rim, and how far it reaches inwards."""

    paths: list[Path]
    depth: float


_NARROWEST = 0.62
"""Width of an em as a part of its height, before the text becomes smaller."""
_SMALLEST_NAME, _SMALLEST_LINE, _SMALLEST_NUMBER = 2_000.0, 1_800.0, 1_300.0
_STEP = 50.0


def _upper(field: _Field, glyphs: list[Glyph]) -> _Ring:
    """Set the name along the upper arc, spread evenly by length."""
    width = ems(glyphs)
    widest = 180.0 + 30.0 * min(1.0, max(0.0, (width - 12.0) / 8.0))
    span = min(widest, 40.0 + 16.0 * width)
    height = 0.145 * field.size
    while height >= _SMALLEST_NAME:
        arc = Arc(*field.inset(field.air + height / 2), 90.0 + span / 2, 90.0 - span / 2)
        share = arc.length / width
        em = min(0.84 * height, 0.88 * share)
        if em >= _NARROWEST * height:
            spots = arc.spots(_middles(glyphs))
            placed = [_upright(spot, em, height).of(glyph) for spot, glyph in zip(spots, glyphs, strict=True)]
            return _Ring(placed, field.air + height)
        height -= _STEP
    raise Refused(
        "seal-text-too-long", "The name does not fit on a seal of this size.", "/upper_text", "a larger seal"
    )


def _lower(field: _Field, glyphs: list[Glyph]) -> _Ring:
    """Set the number along the lower arc, letters upright, over at most 120°."""
    height = 0.05 * field.size
    while height >= _SMALLEST_NUMBER:
        arc = Arc(*field.inset(field.air + height / 2), 210.0, 330.0)
        wanted = ems(glyphs) * height + 0.5 * height * len(glyphs)
        if wanted <= arc.length:
            half = 60.0 * wanted / arc.length
            arc = replace(arc, start=270.0 - half, end=270.0 + half)
            spots = arc.spots(_middles(glyphs))
            inwards = [Placing(spot.x, spot.y, -spot.out_x, -spot.out_y, height, height) for spot in spots]
            placed = [placing.of(glyph) for placing, glyph in zip(inwards, glyphs, strict=True)]
            return _Ring(placed, 2 * field.air + height)
        height -= _STEP
    raise Refused("seal-text-too-long", "The number does not fit.", "/lower_text", "fewer characters")


def _middles(glyphs: list[Glyph]) -> list[float]:
    """Give where on a line of length 1 each character has its middle, if all share it by their widths."""
    total = sum(glyph.advance for glyph in glyphs)
    middles, before = [], 0.0
    for glyph in glyphs:
        middles.append((before + glyph.advance / 2) / total)
        before += glyph.advance
    return middles


def _upright(spot: Spot, em_width: float, em_height: float) -> Placing:
    return Placing(spot.x, spot.y, spot.out_x, spot.out_y, em_width, em_height)


def _star_radius(field: _Field) -> float:
    return 0.175 * field.size


def _horizontal(
    field: _Field, lines: list[list[Glyph]], above: float, below: float, *, starred: bool
) -> list[Path]:
    """Set up to two lines: below the star, or in the middle of what the rings leave free."""
    gap = 0.022 * field.size
    bottom = field.inset(below + gap)
    if starred:
        top = -_star_radius(field) * 0.809 - gap
        height = (0.105 if len(lines) == 1 else 0.078) * field.size
        centre = top - (height * len(lines) + gap * (len(lines) - 1)) / 2
        room = bottom
    else:
        room = field.inset(above + 2 * gap)
        height = (0.17 if field.a > field.b else 0.13) * field.size / (1.0 if len(lines) == 1 else 1.3)
        centre = (room[1] - bottom[1]) / 2
        if field.a == field.b:
            centre -= 0.06 * field.size
    while height >= _SMALLEST_LINE:
        pitch = height + gap
        ys = [centre + pitch * ((len(lines) - 1) / 2 - n) for n in range(len(lines))]
        widths = [2 * _half_chord(room if y > 0 or not starred else bottom, abs(y) + height / 2) for y in ys]
        fits = [_fit(line, height, width) for line, width in zip(lines, widths, strict=True)]
        if all(fit is not None for fit in fits):
            return [
                path
                for line, y, fit in zip(lines, ys, fits, strict=True)
                if fit is not None
                for path in _row(line, y, height, fit)
            ]
        height -= _STEP
    raise Refused(
        "seal-text-too-long", "A line does not fit on a seal of this size.", "/lines", "a shorter line"
    )


def _half_chord(axes: tuple[float, float], y: float) -> float:
    a, b = axes
    return a * sqrt(max(0.0, 1.0 - (y / b) * (y / b)))


@dataclass(frozen=True, slots=True)
class _Fit:
    em_width: float
    gap: float


def _fit(line: list[Glyph], height: float, width: float) -> _Fit | None:
    """Shrink the gaps first, then the characters' width."""
    count, total = len(line) - 1, ems(line)
    em = 0.92 * height
    for part in (0.20, 0.12, 0.04):
        if total * em + count * part * height <= width:
            return _Fit(em, part * height)
    em = (width - count * 0.04 * height) / total
    return _Fit(em, 0.04 * height) if em >= _NARROWEST * height else None


def _row(line: list[Glyph], y: float, height: float, fit: _Fit) -> list[Path]:
    x = -(ems(line) * fit.em_width + (len(line) - 1) * fit.gap) / 2
    placed = []
    for glyph in line:
        width = glyph.advance * fit.em_width / 1000.0
        placed.append(Placing(x + width / 2, y, 0.0, 1.0, fit.em_width, height).of(glyph))
        x += width + fit.gap
    return placed
