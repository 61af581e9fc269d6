"""The two fonts of our seals, read once: outlines of glyphs for the pure drawing. OFL, beside their licence."""

from enum import StrEnum
from functools import cache
from importlib import resources
from threading import Lock
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from signing.seals.drawing.shapes import Close, Curve, Glyph, Line, Move, Step


class Font(StrEnum):
    """Styles of characters on seals."""

    SONG = "song"
    """宋体, as seals are cut: Noto Serif SC SemiBold."""
    HEI = "hei"
    """黑体: Noto Sans SC Bold, the font of our papers."""


_FILES = {
    Font.SONG: ("signing.seals", "fonts/NotoSerifSC-SemiBold.ttf"),
    Font.HEI: ("zheng_verifier.pdf", "fonts/NotoSansSC-Bold.ttf"),
}


class _Outline(BasePen):  # type: ignore[misc]  # fontTools' pens are untyped
    """Collects one glyph's path; quadratic curves come raised to cubic ones, composite glyphs taken apart."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.steps: list[Step] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802  # fontTools' name
        self.steps.append(Move(pt))

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802  # fontTools' name
        self.steps.append(Line(pt))

    def _curveToOne(  # noqa: N802  # fontTools' name
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self.steps.append(Curve(pt1, pt2, pt3))

    def _closePath(self) -> None:  # noqa: N802  # fontTools' name
        self.steps.append(Close())


class Outlines:
    """One font's glyphs by character. Safe to share between threads: the reader beneath is not."""

    def __init__(self, font: Font) -> None:
        package, path = _FILES[font]
        with resources.as_file(resources.files(package).joinpath(path)) as file:
            self._font = TTFont(file, lazy=True)
        self._names: dict[int, str] = self._font.getBestCmap()
        self._glyphs = self._font.getGlyphSet()
        self._known: dict[str, Glyph] = {}
        self._lock = Lock()

    def __call__(self, character: str) -> Glyph | None:
        """Give a character's outline, None if the font lacks it."""
        with self._lock:
            known = self._known.get(character)
            if known is None and (name := self._names.get(ord(character))) is not None:
                pen = _Outline(self._glyphs)
                drawn = self._glyphs[name]
                drawn.draw(pen)
                known = self._known[character] = Glyph(float(drawn.width), tuple(pen.steps))
            return known


@cache
def typeface(font: Font) -> Outlines:
    """Give a font, opened at its first use (a file of 10–15 MB, of which each glyph is read when it is drawn)."""
    return Outlines(font)
