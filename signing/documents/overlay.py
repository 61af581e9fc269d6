"""Typesets what is laid over a document's pages: values, watermark, footer, and a page to sign on where none is placed.

Typst, our fonts, constant source: values travel as input. Words shrink to their smallest size and are then refused; they
are never cut.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from zheng_verifier.pdf.characters import printable
from zheng_verifier.pdf.fonts import coverage
from zheng_verifier.pdf.render import RenderError, render_pdf

from signing.documents.forms import Entry
from signing.errors import Refused
from signing.pades.geometry import Rectangle

TOOL, TOOL_VERSION = "typst", version("typst")
SIGNING_PAGE = (595_276, 841_890)
_HEADING = "签署页  Signature page"
_BOX, _GAP, _TOP, _LEFT = (230_000, 110_000), 16_000, 110_000, 56_000
BOXES_A_PAGE = 10
# Only the pages are used; what the file says of itself is left behind.
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)
_OVERFLOW = re.compile(r"overflow:([A-Za-z0-9_-]{1,64})")


@dataclass(frozen=True, slots=True)
class Watermark:
    """Words across every page: ``angle`` in degrees anticlockwise, ``opacity`` in percent, ``size`` in mpt."""

    text: str
    angle: int = 30
    opacity: int = 15
    size: int = 24_000

    def check(self) -> None:
        """Hold the watermark to its bounds.

        Raises:
            Refused: field-value.

        """
        for name, value, least, most in (
            ("text", len(self.text), 1, 60),
            ("angle", self.angle, -90, 90),
            ("opacity", self.opacity, 3, 40),
            ("size", self.size, 8_000, 72_000),
        ):
            if not least <= value <= most:
                raise Refused("field-value", "", f"/watermark/{name}", f"{least} to {most}")
        if printable(self.text, coverage()) != self.text:
            raise Refused("field-value", "", "/watermark/text", "characters that can be printed, on one line")


@dataclass(frozen=True, slots=True)
class Layer:
    """What is laid over one page of the given size as seen; ``boxes`` are places to sign with the words in them."""

    size: tuple[int, int]
    entries: tuple[Entry, ...] = ()
    watermark: Watermark | None = None
    footer: str = ""
    boxes: tuple[tuple[Rectangle, str], ...] = ()


def typeset(layers: Sequence[Layer]) -> bytes:
    """Make a PDF of one page for each layer.

    Raises:
        Refused: value-overflow: a value does not fit its place at the smallest size; ``field`` names it.

    """
    source = files("signing.documents").joinpath("overlay.typ").read_text("utf-8")
    pages = json.dumps([_page(layer) for layer in layers], ensure_ascii=False)
    try:
        return render_pdf(source, inputs={"pages": pages}, created=_CREATED, standard="1.7")
    except RenderError as error:
        found = _OVERFLOW.search(str(error))
        if found is None:
            raise
        raise Refused(
            "value-overflow", "The value does not fit its place.", f"/values/{found[1]}", "a shorter value"
        ) from error


def _page(layer: Layer) -> dict[str, Any]:
    width, height = layer.size
    page: dict[str, Any] = {
        "width": width,
        "height": height,
        "items": [_item(entry) for entry in layer.entries],
    }
    if layer.watermark is not None:
        mark = layer.watermark
        page["watermark"] = {
            "text": mark.text,
            "angle": mark.angle,
            "opacity": mark.opacity,
            "size": mark.size,
        }
    if layer.footer:
        page["footer"] = {"text": layer.footer, "size": 7_000, "smallest": 2_500, "name": "footer"}
    if layer.boxes:
        page["heading"] = _HEADING
        page["boxes"] = [
            _place(place) | {"text": printable(words, coverage())} for place, words in layer.boxes
        ]
    return page


def _item(entry: Entry) -> dict[str, Any]:
    control = entry.control
    rule = control.rule
    return _place(control.place) | {
        "name": control.name,
        "kind": control.kind.value,
        "text": entry.text,
        "size": rule.size,
        "smallest": rule.smallest,
        "align": rule.align,
    }


def _place(place: Rectangle) -> dict[str, Any]:
    return {"x": place.x, "y": place.y, "width": place.width, "height": place.height}


def signing_places(count: int) -> tuple[Rectangle, ...]:
    """Give places for so many signatures on one page of ``SIGNING_PAGE``, at most ``BOXES_A_PAGE``."""
    width, height = _BOX
    return tuple(
        Rectangle(
            _LEFT + (number % 2) * (width + _GAP), _TOP + (number // 2) * (height + _GAP), width, height
        )
        for number in range(count)
    )


def footer_text(number: str, case: str, page: int, pages: int) -> str:
    """Give the line at the foot of a page: the contract's number, the case of evidence, the page."""
    named = f"合同编号 Contract no. {printable(number, coverage())} · " if number else ""
    return f"{named}存证案卷 Evidence case {case} · {page}/{pages}"


def values_of(entries: Sequence[Entry]) -> Mapping[str, str]:
    """Give values by the names of their controls, as they were given."""
    return {entry.control.name: entry.value for entry in entries}
