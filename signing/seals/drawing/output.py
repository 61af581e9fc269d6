"""Drawings as SVG and as a PDF of one page. Both hold outlines only: a viewer needs no font, and nothing is compressed."""

from math import floor

from signing.seals.drawing.shapes import Color, Curve, Drawing, Fill, Line, Move, Path, Point

_HEX = {Color.RED: "#e60012", Color.BLUE: "#1b3fa0", Color.BLACK: "#000000"}
_RGB = {Color.RED: "0.902 0 0.071", Color.BLUE: "0.106 0.247 0.627", Color.BLACK: "0 0 0"}


def svg(drawing: Drawing) -> bytes:
    """Write a drawing as SVG 1.1 in its real size."""
    width, height = drawing.width_um, drawing.height_um
    color = _HEX[drawing.color]
    size = f'width="{_millimetres(width)}mm" height="{_millimetres(height)}mm"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}">']
    for mark in drawing.marks:
        path = _svg_path(mark.path, width, height)
        if isinstance(mark, Fill):
            lines.append(f'<path fill="{color}" d="{path}"/>')
        else:
            lines.append(
                f'<path fill="none" stroke="{color}" stroke-width="{mark.width_um}" '
                f'stroke-linecap="round" stroke-linejoin="round" d="{path}"/>'
            )
    return "\n".join([*lines, "</svg>\n"]).encode()


def pdf(drawing: Drawing) -> bytes:
    """Write a drawing as a PDF page without background, in its real size (ISO 32000-2 §8.5)."""
    width, height = drawing.width_um, drawing.height_um
    color = _RGB[drawing.color]
    # One unit is a micrometre from here on: 72 / 25,400 points.
    lines = ["0.00283464567 0 0 0.00283464567 0 0 cm", f"{color} rg {color} RG 1 J 1 j"]
    for mark in drawing.marks:
        path = _pdf_path(mark.path, width, height)
        lines.append(f"{path} f" if isinstance(mark, Fill) else f"{mark.width_um} w {path} S")
    content = "\n".join(lines).encode()
    box = f"[0 0 {points(width)} {points(height)}]"
    return pdf_file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Resources << >> /Contents 4 0 R >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    )


def pdf_file(objects: list[bytes]) -> bytes:
    """Put numbered objects (the first is the catalogue) into a file with its table of offsets."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _whole(value: float) -> int:
    return floor(value + 0.5)


def _millimetres(value: int) -> str:
    return f"{value // 1000}.{value % 1000:03}".rstrip("0").rstrip(".")


def points(value: int) -> str:
    """Write micrometres in points with three decimals, by whole numbers."""
    thousandths = (value * 72_000 + 12_700) // 25_400
    return f"{thousandths // 1000}.{thousandths % 1000:03}".rstrip("0").rstrip(".")


def _svg_path(path: Path, width: int, height: int) -> str:
    def at(point: Point) -> str:
        return f"{_whole(point[0] + width / 2)} {_whole(height / 2 - point[1])}"

    parts = []
    for step in path:
        match step:
            case Move(to):
                parts.append(f"M{at(to)}")
            case Line(to):
                parts.append(f"L{at(to)}")
            case Curve(one, two, to):
                parts.append(f"C{at(one)} {at(two)} {at(to)}")
            case _:
                parts.append("Z")
    return "".join(parts)


def _pdf_path(path: Path, width: int, height: int) -> str:
    def at(point: Point) -> str:
        return f"{_whole(point[0] + width / 2)} {_whole(point[1] + height / 2)}"

    parts = []
    for step in path:
        match step:
            case Move(to):
                parts.append(f"{at(to)} m")
            case Line(to):
                parts.append(f"{at(to)} l")
            case Curve(one, two, to):
                parts.append(f"{at(one)} {at(two)} {at(to)} c")
            case _:
                parts.append("h")
    return " ".join(parts)
