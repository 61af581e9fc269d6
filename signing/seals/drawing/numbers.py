"""Angles and arcs by IEEE 754's exact operations only: the C library's sine differs in its last bit between machines."""

from dataclasses import dataclass
from math import sqrt

_RADIAN = 0.017453292519943295
_STEP = 0.5
"""Degrees between two entries of the table of arc lengths."""


def cosine_sine(degrees: float) -> tuple[float, float]:
    """Give cosine and sine of an angle, by Taylor's series within 45° of a quarter turn (error below 1e-15)."""
    quarters = (degrees + 45.0) // 90.0
    x = (degrees - 90.0 * quarters) * _RADIAN
    sine, cosine = _series(x, x, 3), _series(x, 1.0, 2)
    match int(quarters) % 4:
        case 0:
            return cosine, sine
        case 1:
            return -sine, cosine
        case 2:
            return -cosine, -sine
        case _:
            return sine, -cosine


def _series(x: float, first: float, start: int) -> float:
    term = total = first
    for n in range(start, 20, 2):
        term = -term * x * x / (n * (n - 1))
        total += term
    return total


def length(x: float, y: float) -> float:
    """Give the length of a vector; ``math.hypot`` is not the same on all Pythons."""
    return sqrt(x * x + y * y)


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on a curve, and the unit vector that points out of the curve there."""

    x: float
    y: float
    out_x: float
    out_y: float


@dataclass(frozen=True, slots=True)
class Arc:
    """A part of an ellipse around the origin, from the angle `start` to the angle `end` (degrees of the parameter)."""

    a: float
    b: float
    start: float
    end: float

    def spot(self, degrees: float) -> Spot:
        """Give the point at a parameter, with the normal of the curve."""
        cosine, sine = cosine_sine(degrees)
        nx, ny = cosine * self.b, sine * self.a
        size = length(nx, ny)
        return Spot(self.a * cosine, self.b * sine, nx / size, ny / size)

    def spots(self, fractions: list[float]) -> list[Spot]:
        """Give the points at fractions (rising, 0–1) of the arc's *length*, so that distances look even on an ellipse."""
        angles, sums = self._table()
        found = []
        at = 1
        for fraction in fractions:
            wanted = fraction * sums[-1]
            while at < len(sums) - 1 and sums[at] < wanted:
                at += 1
            part = (wanted - sums[at - 1]) / (sums[at] - sums[at - 1])
            found.append(self.spot(angles[at - 1] + (angles[at] - angles[at - 1]) * part))
        return found

    @property
    def length(self) -> float:
        """The arc's length."""
        return self._table()[1][-1]

    def _table(self) -> tuple[list[float], list[float]]:
        span = self.end - self.start
        steps = max(1, int(abs(span) / _STEP))
        angles = [self.start + span * n / steps for n in range(steps + 1)]
        sums = [0.0]
        before = self.spot(angles[0])
        for angle in angles[1:]:
            here = self.spot(angle)
            sums.append(sums[-1] + length(here.x - before.x, here.y - before.y))
            before = here
        return angles, sums
