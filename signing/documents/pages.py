"""The pages of a document, as they are seen (pure)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """What is seen of a page: (left, bottom, right, top) in thousandths of a point, turned clockwise by ``rotation``."""

    box: tuple[int, int, int, int]
    rotation: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as seen."""
        left, bottom, right, top = self.box
        width, height = right - left, top - bottom
        return (width, height) if self.rotation % 180 == 0 else (height, width)


def format_pages(pages: Sequence[Page]) -> str:
    """Write pages as they are kept."""
    return json.dumps([[*page.box, page.rotation] for page in pages], separators=(",", ":"))


def parse_pages(text: str) -> tuple[Page, ...]:
    """Read pages as ``format_pages`` wrote them, or as the inspection gives them."""
    return tuple(
        Page((left, bottom, right, top), turned) for left, bottom, right, top, turned in json.loads(text)
    )
