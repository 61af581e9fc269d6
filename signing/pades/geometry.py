"""Places on a page: from what people see, top-left and upright, to the coordinates of a PDF (ISO 32000-2 §8.3.2)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Rotation: TypeAlias = Literal[0, 90, 180, 270]
Corners: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page's own coordinates."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place in thousandths of a point from the top-left corner of the page as it is shown."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PageBox:
    """What is shown of a page (points in its own coordinates), and how far it is turned clockwise to be shown."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: Rotation = 0

    @property
    def width(self) -> float:
        """Width as shown, in points."""
        return self.right - self.left if self.rotation in (0, 180) else self.top - self.bottom

    @property
    def height(self) -> float:
        """Height as shown, in points."""
        return self.top - self.bottom if self.rotation in (0, 180) else self.right - self.left

    def holds(self, place: Rectangle) -> bool:
        """Tell whether a place has a size and lies on the page; what is lost to rounding, a point, is allowed."""
        return (
            place.x >= 0
            and place.y >= 0
            and place.width > 0
            and place.height > 0
            and place.x + place.width <= (self.width + 1) * 1000
            and place.y + place.height <= (self.height + 1) * 1000
        )


def to_user_space(place: Rectangle, box: PageBox) -> Corners:
    """Give the corners of a place in the page's own coordinates."""
    x, y, width, height = (each / 1000 for each in (place.x, place.y, place.width, place.height))
    match box.rotation:
        case 0:
            left, bottom, size = box.left + x, box.top - y - height, (width, height)
        case 90:
            left, bottom, size = box.left + y, box.bottom + x, (height, width)
        case 180:
            left, bottom, size = box.right - x - width, box.bottom + y, (width, height)
        case _:  # 270
            left, bottom, size = box.right - y - height, box.top - x - width, (height, width)
    return (round(left, 3), round(bottom, 3), round(left + size[0], 3), round(bottom + size[1], 3))


def fit(width: float, height: float, into_width: float, into_height: float) -> tuple[float, float, float]:
    """Give scale and offset from the lower left that put one box into the middle of another, its shape kept."""
    scale = min(into_width / width, into_height / height)
    return scale, (into_width - width * scale) / 2, (into_height - height * scale) / 2
