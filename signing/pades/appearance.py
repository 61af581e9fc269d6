"""What a signature shows: the first page of a given PDF, a seal or a handwriting, fitted into the field and upright."""

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.pades.geometry import PageBox, fit
from signing.pades.writer import AppendingWriter

# Content is turned against the page (ISO 32000-2 §12.5.5, table 166: the matrix is applied before the fit).
MATRICES = {
    0: (1, 0, 0, 1, 0, 0),
    90: (0, 1, -1, 0, 0, 0),
    180: (-1, 0, 0, -1, 0, 0),
    270: (0, -1, 1, 0, 0, 0),
}


def page_box(page: Any) -> PageBox:
    """Read what is shown of a page: its crop box within its media box, and its rotation."""
    media = _inherited(page, "/MediaBox")
    crop = _inherited(page, "/CropBox") or media
    left, bottom = (max(_edges(media)[i], _edges(crop)[i]) for i in (0, 1))
    right, top = (min(_edges(media)[i], _edges(crop)[i]) for i in (2, 3))
    turned = int(_inherited(page, "/Rotate") or 0) % 360
    return PageBox(left, bottom, right, top, turned if turned in MATRICES else 0)  # type: ignore[arg-type]


def _inherited(node: Any, name: str) -> Any:
    for _ in range(64):
        if name in node:
            return node[name]
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return None


def _edges(box: Any) -> list[float]:
    one, two, three, four = (float(edge) for edge in box)
    return [min(one, three), min(two, four), max(one, three), max(two, four)]


def frame(annotation: Any) -> None:
    """Give the empty appearance of a new field the frame that ``draw`` fills: later only its content changes."""
    form = annotation["/AP"]["/N"]
    form[pdf_name("/BBox")], form[pdf_name("/Matrix")], *_ = _frame(annotation)


def draw(writer: AppendingWriter, annotation: Any, picture: bytes) -> None:
    """Give the widget of a field the first page of ``picture``, a PDF of ours, as its appearance."""
    box, matrix, width, height = _frame(annotation)
    if not (width and height):
        return
    page = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(picture)))
    x, y, page_right, page_top = _edges(page.get_object()["/BBox"])
    scale, dx, dy = fit(page_right - x, page_top - y, width, height)
    form = generic.StreamObject(
        _dictionary(
            Type=pdf_name("/XObject"),
            Subtype=pdf_name("/Form"),
            BBox=box,
            Matrix=matrix,
            Resources=_dictionary(XObject=_dictionary(Seal=page)),
        ),
        stream_data=b"q %.5f 0 0 %.5f %.3f %.3f cm /Seal Do Q"
        % (scale, scale, dx - x * scale, dy - y * scale),
    )
    annotation[pdf_name("/AP")] = _dictionary(N=writer.add_object(form))
    writer.update_container(annotation)


def _frame(annotation: Any) -> tuple[generic.ArrayObject, generic.ArrayObject, float, float]:
    """Give box and matrix of an appearance that stands upright as the page is shown, and the box's width and height."""
    left, bottom, right, top = _edges(annotation["/Rect"])
    rotation = page_box(annotation["/P"]).rotation if "/P" in annotation else 0
    width, height = (right - left, top - bottom) if rotation in (0, 180) else (top - bottom, right - left)
    return _numbers(0, 0, width, height), _numbers(*MATRICES[rotation]), width, height


def _dictionary(**members: Any) -> generic.DictionaryObject:
    named = {pdf_name(f"/{name}"): value for name, value in members.items()}
    return generic.DictionaryObject(named)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(f"{each:.3f}") for each in values)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
