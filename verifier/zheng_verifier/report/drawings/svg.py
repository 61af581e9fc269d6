"""A few shapes of SVG 1.1, written with care: coordinates to a tenth, texts escaped."""

from collections.abc import Iterable
from xml.sax.saxutils import escape as escape_xml

from zheng_verifier.errors import escape

INK, SOFT, HAIR = "#16202c", "#4a5560", "#9aa3ad"
FONTS = "Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: float = 9,
    anchor: str = "start",
    bold: bool = False,
    color: str = INK,
) -> str:
    """Write a line of text; ``y`` is its base line, ``anchor`` start, middle or end."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{_number(x)}" y="{_number(y)}" font-size="{_number(size)}" text-anchor="{anchor}" '
        f'fill="{color}"{weight}>{escape_xml(escape(content))}</text>'
    )


def line(
    x1: float, y1: float, x2: float, y2: float, *, width: float = 0.8, dashed: bool = False, color: str = INK
) -> str:
    """Draw a line."""
    dashes = ' stroke-dasharray="2 2"' if dashed else ""
    points = f'x1="{_number(x1)}" y1="{_number(y1)}" x2="{_number(x2)}" y2="{_number(y2)}"'
    return f'<line {points} stroke="{color}" stroke-width="{_number(width)}"{dashes}/>'


def box(x: float, y: float, width: float, height: float, *, stroke: float = 0.8, dashed: bool = False) -> str:
    """Draw a white box."""
    dashes = ' stroke-dasharray="3 2"' if dashed else ""
    place = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f'<rect {place} fill="#ffffff" stroke="{INK}" stroke-width="{_number(stroke)}"{dashes}/>'


def polygon(points: Iterable[tuple[float, float]], *, filled: bool) -> str:
    """Draw a closed shape, black or white."""
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return (
        f'<polygon points="{path}" fill="{INK if filled else "#ffffff"}" stroke="{INK}" stroke-width="0.9"/>'
    )


def circle(x: float, y: float, radius: float) -> str:
    """Draw a black disc."""
    return f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}" fill="{INK}"/>'


def drawing(width: float, height: float, title: str, shapes: Iterable[str]) -> str:
    """Put shapes into a drawing of this size; ``title`` is what a screen reader says."""
    size = f'width="{_number(width)}" height="{_number(height)}" viewBox="0 0 {_number(width)} {_number(height)}"'
    named = escape_xml(escape(title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONTS}">'
        f"<title>{named}</title>{''.join(shapes)}</svg>"
    )
