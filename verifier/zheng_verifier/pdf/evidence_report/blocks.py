"""What a page is made of: a few kinds of blocks with plain strings in them, and their form for the template.

Nothing here knows Typst. Text is text: the template prints it and evaluates none of it.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from zheng_verifier.canonical import JsonObject, JsonValue

Style = Literal["plain", "strong", "quiet", "number", "code"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; ``number`` sets digits of equal width, ``code`` is text that may break anywhere."""

    text: str
    style: Style = "plain"


Row: TypeAlias = tuple["Cell | str", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``widths`` in parts of the page's width, one title a column; a row stays on one page if it can."""

    titles: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[Row, ...]

    def write(self) -> JsonObject:
        """Write the block for the template."""
        return {
            "kind": "table",
            "titles": list(self.titles),
            "widths": [str(width) for width in self.widths],
            "rows": [[_cell(cell) for cell in row] for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``notice`` is framed: what a reader must not miss."""

    text: str
    style: Literal["plain", "quiet", "notice", "strong"] = "plain"

    def write(self) -> JsonObject:
        """Write the block for the template."""
        return {"kind": "paragraph", "style": self.style, "text": self.text}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading within a chapter."""

    title: str

    def write(self) -> JsonObject:
        """Write the block for the template."""
        return {"kind": "section", "title": self.title}


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines to be typed or compared letter by letter."""

    lines: tuple[str, ...]

    def write(self) -> JsonObject:
        """Write the block for the template."""
        return {"kind": "listing", "lines": list(self.lines)}


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    items: tuple[str, ...]

    def write(self) -> JsonObject:
        """Write the block for the template."""
        return {"kind": "items", "items": list(self.items)}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A vector drawing (SVG), with the words for who cannot see it and a caption."""

    svg: str
    alternative: str
    caption: str

    def write(self) -> JsonObject:
        """Write the block for the template."""
        return {"kind": "drawing", "svg": self.svg, "alt": self.alternative, "caption": self.caption}


@dataclass(frozen=True, slots=True)
class Form:
    """Lines that a named person fills in by hand: a label each."""

    labels: tuple[str, ...]

    def write(self) -> JsonObject:
        """Write the block for the template."""
        return {"kind": "form", "labels": list(self.labels)}


Block: TypeAlias = Table | Paragraph | Section | Listing | Items | Drawing | Form


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter or annex: ``number`` as printed before the title; ``breaks`` puts it on a page of its own."""

    number: str
    title: str
    blocks: tuple[Block, ...]
    breaks: bool = False

    def write(self) -> JsonObject:
        """Write the chapter for the template."""
        return {
            "number": self.number,
            "title": self.title,
            "breaks": self.breaks,
            "blocks": [block.write() for block in self.blocks],
        }


def _cell(cell: "Cell | str") -> JsonValue:
    return [cell, "plain"] if isinstance(cell, str) else [cell.text, cell.style]
