"""Empty form fields (ISO 32000-2 §12.7) on the pages of a document, for the parties to fill in as they sign.

They stand in the bytes that are shown, so that whoever reads the document sees where something is still to be entered: a
line for words, a box to tick. What is entered later changes these fields and nothing else.
"""

from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name

from signing.documents.controls import Control, ControlKind
from signing.documents.pages import Page
from signing.pades.appearance import MATRICES
from signing.pades.filling import CHECKED, UNCHECKED
from signing.pades.geometry import PageBox, to_user_space

_REQUIRED, _MULTILINE, _COMBO = 1 << 1, 1 << 12, 1 << 17
_PRINT = 4
_ALIGNED = {"left": 0, "center": 1, "right": 2}


def add_fields(pdf: pikepdf.Pdf, pages: Sequence[Page], controls: Sequence[Control]) -> None:
    """Put an empty field at the place of each control; one goes through them from top to bottom, page by page."""
    if not controls:
        return
    made = []
    for control in sorted(controls, key=lambda each: (each.page, each.place.y, each.place.x)):
        page = pdf.pages[control.page - 1]
        field = pdf.make_indirect(_field(pdf, control, pages[control.page - 1]))
        field.P = page.obj
        page.obj.Annots = Array([*page.obj.get("/Annots", ()), field])
        page.obj.Tabs = Name.R  # rows, from top to bottom
        made.append(field)
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(
            Fields=Array(made),
            DA=pikepdf.String("/Helv 0 Tf 0 g"),
            DR=Dictionary(Font=Dictionary(Helv=pdf.make_indirect(helvetica))),
        )
    )


def _field(pdf: pikepdf.Pdf, control: Control, page: Page) -> pikepdf.Dictionary:
    left, bottom, right, top = (edge / 1000 for edge in page.box)
    corners = to_user_space(control.place, PageBox(left, bottom, right, top, page.rotation))  # type: ignore[arg-type]  # 0 to 270
    size = control.place.width / 1000, control.place.height / 1000
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        T=pikepdf.String(control.name),
        TU=pikepdf.String(control.rule.label or control.name),
        F=_PRINT,
        Ff=_REQUIRED if control.required else 0,
        Rect=Array(_decimal(each) for each in corners),
    )
    if page.rotation:
        field.MK = Dictionary(R=page.rotation)
    if control.kind is ControlKind.CHECKBOX:
        looks = {f"/{UNCHECKED}": _box(*size), f"/{CHECKED}": _box(*size) + _tick(*size)}
        field.FT = Name.Btn
        field.V = field.AS = Name(f"/{UNCHECKED}")
        field.AP = Dictionary(
            N=Dictionary({name: _look(pdf, drawn, size, page.rotation) for name, drawn in looks.items()})
        )
        return field
    # A state among one: pyHanko (0.38) takes a stream that is older than a signature for one replaced in place
    # after it, unless the field has a state; a field that the signature settles would then count as changed.
    field.AS = Name.N
    field.DA = pikepdf.String(f"/Helv {control.rule.size / 1000:g} Tf 0 g")
    field.Q = _ALIGNED[control.rule.align]
    field.AP = Dictionary(N=_look(pdf, _line(size[0]), size, page.rotation))
    if control.kind is ControlKind.CHOICE:
        field.FT = Name.Ch
        field.Ff = int(field.Ff) | _COMBO
        field.Opt = Array(pikepdf.String(option) for option in control.rule.options)
        return field
    field.FT = Name.Tx
    if control.kind is ControlKind.TEXT:
        field.Ff = int(field.Ff) | _MULTILINE
        field.MaxLen = control.rule.max_length
    return field


def _look(pdf: pikepdf.Pdf, drawn: str, size: tuple[float, float], rotation: int) -> pikepdf.Object:
    box = Array([0, 0, *map(_decimal, size)])
    return pdf.make_stream(
        drawn.encode(),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=box,
        Matrix=Array(MATRICES[rotation]),
        Resources=Dictionary(),
    )


def _line(width: float) -> str:
    return f"0.55 G 0.5 w 1 0.6 m {width - 1:.3f} 0.6 l S"


def _box(width: float, height: float) -> str:
    """Draw the box that `overlay.typ` draws: as high as the place, or as wide, in its upper left corner."""
    side = min(width, height)
    pen = side / 16
    return f"{pen:.3f} w {pen / 2:.3f} {height - side + pen / 2:.3f} {side - pen:.3f} {side - pen:.3f} re S"


def _tick(width: float, height: float) -> str:
    side = min(width, height)
    (ax, ay), (bx, by), (cx, cy) = (
        (side * x, height - side * y) for x, y in ((0.22, 0.52), (0.43, 0.74), (0.8, 0.26))
    )
    return f" {side / 9:.3f} w 1 J {ax:.3f} {ay:.3f} m {bx:.3f} {by:.3f} l {cx:.3f} {cy:.3f} l S"


def _decimal(number: float) -> pikepdf.Object:
    return pikepdf.Object.parse(f"{number:.3f}".encode())
