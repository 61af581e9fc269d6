"""Signatures drawn by hand: points of a pen in, smoothed lines of changing width out.

What the hand did is kept as it was sent (by the caller); this only draws it. Nothing of it is analysed: speed and pressure
give the width of the line and no judgement about who wrote.
"""

from dataclasses import dataclass

from signing.errors import Refused
from signing.seals.drawing.numbers import length
from signing.seals.drawing.shapes import Color, Curve, Drawing, Line, Move, Point, Step, Stroke

MOST_STROKES, MOST_POINTS = 64, 5_000
LARGEST_COORDINATE, LONGEST_MS = 100_000, 600_000
WIDTH_UM, HEIGHT_UM = 60_000, 24_000
_MARGIN, _THINNEST, _WIDEST, _LEVEL = 1_500, 280, 1_000, 40
_SMALLEST_EXTENT = 20


@dataclass(frozen=True, slots=True)
class PenPoint:
    """Where the pen was: x to the right, y downwards (any unit), milliseconds since the first point, pressure 0–1000."""

    x: int
    y: int
    at_ms: int
    pressure: int = 0


PenStroke = tuple[PenPoint, ...]


def draw_handwriting(strokes: tuple[PenStroke, ...], color: Color) -> Drawing:
    """Draw a signature within 60 × 24 mm, its proportions kept.

    Raises Refused ``signature-drawing-invalid`` for more than 64 strokes or 5,000 points, coordinates, pressures or
    times out of bounds, times that run backwards, and a drawing too small to be one.
    """
    _check(strokes)
    points = [point for stroke in strokes for point in stroke]
    left, right = min(p.x for p in points), max(p.x for p in points)
    top, bottom = min(p.y for p in points), max(p.y for p in points)
    if max(right - left, bottom - top) < _SMALLEST_EXTENT:
        raise _invalid("The drawing is too small to be a signature.", "a drawing of 20 units and more")
    scale = min(
        (WIDTH_UM - 2 * _MARGIN) / max(1, right - left), (HEIGHT_UM - 2 * _MARGIN) / max(1, bottom - top)
    )
    marks: list[Stroke] = []
    for stroke in strokes:
        path = [
            ((p.x - (left + right) / 2) * scale, ((top + bottom) / 2 - p.y) * scale)
            for p in _thinned(stroke, scale)
        ]
        marks.extend(_pen_lines(path, _widths(_thinned(stroke, scale), scale)))
    return Drawing(WIDTH_UM, HEIGHT_UM, color, tuple(marks))


def _check(strokes: tuple[PenStroke, ...]) -> None:
    if not 1 <= len(strokes) <= MOST_STROKES or not all(strokes):
        raise _invalid("Too few or too many strokes, or an empty one.", f"1 to {MOST_STROKES} strokes")
    if sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        raise _invalid("Too many points.", f"at most {MOST_POINTS} points")
    before = 0
    for stroke in strokes:
        for point in stroke:
            if max(abs(point.x), abs(point.y)) > LARGEST_COORDINATE or not 0 <= point.pressure <= 1000:
                raise _invalid("A coordinate or pressure is out of bounds.", "±100000, pressure 0 to 1000")
            if not before <= point.at_ms <= LONGEST_MS:
                raise _invalid("Times run backwards, or too far.", f"rising, at most {LONGEST_MS}")
            before = point.at_ms


def _invalid(detail: str, expected: str) -> Refused:
    return Refused("signature-drawing-invalid", detail, "/strokes", expected)


def _thinned(stroke: PenStroke, scale: float) -> list[PenPoint]:
    """Drop points nearer than a fifth of a millimetre to the one before: a hand's tremor and a pad's noise."""
    kept = [stroke[0]]
    for point in stroke[1:]:
        if length((point.x - kept[-1].x) * scale, (point.y - kept[-1].y) * scale) >= 200:
            kept.append(point)
    return kept


def _widths(points: list[PenPoint], scale: float) -> list[int]:
    """Give the line's width at each point: by pressure where the pad knows it, else thinner where the pen was fast."""
    widths, before = [], 0.0
    pressed = any(point.pressure for point in points)
    for n, point in enumerate(points):
        if pressed:
            force = point.pressure / 1000
        else:
            last = points[max(0, n - 1)]
            way = length((point.x - last.x) * scale, (point.y - last.y) * scale)
            speed = way / max(1, point.at_ms - last.at_ms)
            force = 1 / (1 + speed / 60)
        # Half of the width before: ink does not jump.
        before = force if n == 0 else (before + force) / 2
        width = _THINNEST + (_WIDEST - _THINNEST) * before
        widths.append(int(width) // _LEVEL * _LEVEL)
    return widths


def _pen_lines(points: list[Point], widths: list[int]) -> list[Stroke]:
    """Join points by Catmull-Rom curves, one mark for each run of the same width."""
    if len(points) == 1:
        return [Stroke((Move(points[0]), Line(points[0])), widths[0])]
    marks = []
    steps: list[Step] = [Move(points[0])]
    for n in range(len(points) - 1):
        before, here = points[max(0, n - 1)], points[n]
        after, beyond = points[n + 1], points[min(len(points) - 1, n + 2)]
        one = (here[0] + (after[0] - before[0]) / 6, here[1] + (after[1] - before[1]) / 6)
        two = (after[0] - (beyond[0] - here[0]) / 6, after[1] - (beyond[1] - here[1]) / 6)
        steps.append(Curve(one, two, after))
        if n == len(points) - 2 or widths[n + 1] != widths[n]:
            marks.append(Stroke(tuple(steps), widths[n]))
            steps = [Move(after)]
    return marks
