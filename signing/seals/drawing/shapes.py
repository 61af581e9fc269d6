"""What a drawing is made of: closed paths that are filled, open ones that are stroked; y grows upwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from signing.seals.drawing.numbers import cosine_sine

Point = tuple[float, float]
_KAPPA = 0.5522847498307936
"""Where the control points of a quarter of a circle lie, as a part of the radius: 4/3 (√2 − 1)."""


class Color(StrEnum):
    """Colours of seal ink."""

    RED = "red"
    BLUE = "blue"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class Move:
    """A path starts here."""

    to: Point


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    to: Point


@dataclass(frozen=True, slots=True)
class Curve:
    """A cubic Bézier curve."""

    one: Point
    two: Point
    to: Point


@dataclass(frozen=True, slots=True)
class Close:
    """Back to where the path started."""


Step = Move | Line | Curve | Close
Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """An area (non-zero winding)."""

    path: Path


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of a pen with a round tip."""

    path: Path
    width_um: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """One colour on nothing; the origin is in the middle of the sheet."""

    width_um: int
    height_um: int
    color: Color
    marks: tuple[Fill | Stroke, ...]


@dataclass(frozen=True, slots=True)
class Glyph:
    """The outline of one character in thousandths of its em; baseline at y = 0."""

    advance: float
    path: Path


def ellipse(a: float, b: float, *, clockwise: bool = False) -> Path:
    """Draw a closed ellipse around the origin; a clockwise one cuts a hole."""
    s = -1.0 if clockwise else 1.0
    ka, kb = a * _KAPPA, s * b * _KAPPA
    b = s * b
    return (
        Move((a, 0.0)),
        Curve((a, kb), (ka, b), (0.0, b)),
        Curve((-ka, b), (-a, kb), (-a, 0.0)),
        Curve((-a, -kb), (-ka, -b), (0.0, -b)),
        Curve((ka, -b), (a, -kb), (a, 0.0)),
        Close(),
    )


def rectangle(width: float, height: float, *, clockwise: bool = False) -> Path:
    """Draw a closed rectangle around the origin; a clockwise one cuts a hole."""
    x, y = width / 2, height / 2
    corners = [(x, -y), (x, y), (-x, y), (-x, -y)]
    return polygon(reversed(corners) if clockwise else corners)


def star(radius: float) -> Path:
    """Draw a regular five-pointed star, one point up; the inner corners lie at the golden section's square."""
    inner = radius * 0.3819660112501052
    points = []
    for n in range(10):
        cosine, sine = cosine_sine(90.0 + 36.0 * n)
        size = inner if n % 2 else radius
        points.append((size * cosine, size * sine))
    return polygon(points)


def polygon(points: Iterable[Point]) -> Path:
    """Draw a closed path of straight lines."""
    first, *others = points
    return (Move(first), *(Line(point) for point in others), Close())


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a glyph goes: its em's middle, the way up, and how wide and high its em becomes."""

    x: float
    y: float
    up_x: float
    up_y: float
    em_width: float
    em_height: float

    def of(self, glyph: Glyph) -> Path:
        """Put a glyph there."""
        return tuple(_moved(step, self, glyph.advance / 2) for step in glyph.path)

    def at(self, point: Point, middle: float) -> Point:
        """Put one point of a glyph there."""
        x = (point[0] - middle) * self.em_width / 1000.0
        y = (point[1] - EM_MIDDLE) * self.em_height / 1000.0
        return (self.x + x * self.up_y + y * self.up_x, self.y - x * self.up_x + y * self.up_y)


EM_MIDDLE = 380.0
"""Half-way between bottom (−120) and top (880) of the box in which Chinese characters are designed."""


def _moved(step: Step, placing: Placing, middle: float) -> Step:
    match step:
        case Move(to):
            return Move(placing.at(to, middle))
        case Line(to):
            return Line(placing.at(to, middle))
        case Curve(one, two, to):
            return Curve(placing.at(one, middle), placing.at(two, middle), placing.at(to, middle))
        case _:
            return step
