"""Form fields filled in as one revision: values, their typeset look, and no further change by ordinary programs.

The bytes before stay a prefix, and signatures made before stay whole: nothing changes but what ISO 32000-2 §12.7 has change
when a form is filled in (value, appearance, its state, the read-only flag).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from zheng_verifier.pdf_signatures.objects import member

from signing.errors import Refused
from signing.pades.appearance import MATRICES, page_box
from signing.pades.examine import examine, refusing
from signing.pades.writer import AppendingWriter, text_string

READ_ONLY = 1
CHECKED, UNCHECKED = "Yes", "Off"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What a field is to hold: ``text`` as it is printed, or, for a box (``checked`` not None), whether it is ticked."""

    name: str
    text: str = ""
    checked: bool | None = None


def fill_fields(
    pdf: bytes, values: Sequence[FieldValue], pictures: bytes | None, settled: Sequence[str]
) -> bytes:
    """Fill fields in one revision; the same input gives the same bytes.

    ``pictures``: a PDF of ours with one page for each value that is no box, in their order, as large as its field.
    ``settled``: the fields, these and others, that programs are to let nobody edit from now on.

    Raises:
        Refused: what ``examine`` refuses; form-field-unknown; form-field-taken: it has a value already.

    """
    examine(pdf)
    with refusing():
        writer = AppendingWriter(pdf)
        fields = _fields(writer)
    for name in {*settled, *(value.name for value in values)}:
        if name not in fields:
            raise Refused("form-field-unknown", f"the document has no field {name}")
    for value in values:
        if fields[value.name].get("/V", "") not in ("", "/Off"):
            raise Refused("form-field-taken", f"field {value.name} has a value already")
    with refusing():
        looks = iter(_looks(writer, pictures))
        for value in values:
            field = fields[value.name]
            if value.checked is None:
                field[pdf_name("/V")] = text_string(value.text)
                _show(writer, field, next(looks))
            else:
                state = pdf_name(f"/{CHECKED if value.checked else UNCHECKED}")
                field[pdf_name("/V")] = field[pdf_name("/AS")] = state
            writer.update_container(field)
        for name in settled:
            field = fields[name]
            field[pdf_name("/Ff")] = generic.NumberObject(int(field.get("/Ff", 0)) | READ_ONLY)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
            writer.update_container(field)
        return writer.finish()


def _fields(writer: AppendingWriter) -> dict[str, Any]:
    """Give the fields that are their own widgets, as ours are, by name; signature fields are not among them."""
    found = [each.get_object() for each in member(member(writer.root, "/AcroForm", {}), "/Fields", ())]
    return {str(each["/T"]): each for each in found if "/Kids" not in each and each["/FT"] != "/Sig"}


@dataclass(frozen=True, slots=True)
class _Look:
    """A page that is to be a field's look: its resources as imported, and what it draws."""

    resources: Any
    content: bytes


def _looks(writer: AppendingWriter, pictures: bytes | None) -> list[_Look]:
    """Import all pages in one go, so that they share their fonts."""
    if pictures is None:
        return []
    reader = PdfFileReader(io.BytesIO(pictures))
    count = int(reader.root["/Pages"]["/Count"])
    pages = [reader.find_page_for_modification(number) for number in range(count)]  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
    together = generic.ArrayObject(resources for _, resources in pages)
    together.container_ref = reader.root_ref
    imported: Any = writer.import_object(together)
    return [
        _Look(resources, page.get_object()["/Contents"].data)
        for (page, _), resources in zip(pages, imported, strict=True)
    ]


def _show(writer: AppendingWriter, field: Any, look: _Look) -> None:
    """Give a field its new look, upright as the page is shown and clipped to the field."""
    left, bottom, right, top = (float(edge) for edge in field["/Rect"])
    rotation = page_box(field["/P"]).rotation
    width, height = (right - left, top - bottom) if rotation in (0, 180) else (top - bottom, right - left)
    form = generic.StreamObject(
        generic.DictionaryObject(  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): _numbers(0, 0, width, height),
                pdf_name("/Matrix"): _numbers(*MATRICES[rotation]),
                pdf_name("/Resources"): look.resources,
            }
        ),
        stream_data=b"/Tx BMC q " + look.content + b" Q EMC",
    )
    form.compress()  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
    drawn = {pdf_name("/N"): writer.add_object(form)}
    field[pdf_name("/AP")] = generic.DictionaryObject(drawn)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(f"{each:.3f}") for each in values)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
