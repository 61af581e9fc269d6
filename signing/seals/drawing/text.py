"""Texts on seals: what may stand on one, and its glyphs."""

import unicodedata
from collections.abc import Callable

from signing.errors import Refused
from signing.seals.drawing.shapes import Glyph

Typeface = Callable[[str], Glyph | None]
"""Gives the outline of a character, None for one that it lacks."""

_PRINTABLE = {
    "Ll",
    "Lm",
    "Lo",
    "Lt",
    "Lu",
    "Nd",
    "Nl",
    "No",
    "Pc",
    "Pd",
    "Pe",
    "Pf",
    "Pi",
    "Po",
    "Ps",
    "Sm",
    "So",
}


def glyphs_of(text: str, typeface: Typeface, *, field: str, longest: int) -> list[Glyph]:
    """Give the outlines of a text.

    Raises Refused: ``seal-text-invalid`` for an empty or too long text, for white space at an end, and for characters
    that are not printed by themselves (controls, marks of direction, combining marks, unusual spaces);
    ``seal-glyph-missing`` where the typeface lacks one: a box in place of a name is worse than a refusal.
    """
    if not 1 <= len(text) <= longest or text != text.strip():
        raise Refused(
            "seal-text-invalid",
            "The text is empty, too long, or begins or ends with white space.",
            field,
            f"1 to {longest} characters",
        )
    glyphs = []
    for character in text:
        if character != " " and unicodedata.category(character) not in _PRINTABLE:
            raise Refused(
                "seal-text-invalid",
                f"The character U+{ord(character):04X} cannot stand on a seal.",
                field,
                "letters, digits, punctuation and plain spaces",
            )
        glyph = typeface(character)
        if glyph is None:
            raise Refused(
                "seal-glyph-missing",
                f"The font has no glyph for {character} (U+{ord(character):04X}).",
                field,
                "another font, or an uploaded picture of the seal",
            )
        glyphs.append(glyph)
    return glyphs


def ems(glyphs: list[Glyph]) -> float:
    """Give the width of a line in ems, without gaps."""
    return sum(glyph.advance for glyph in glyphs) / 1000.0
