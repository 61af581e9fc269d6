"""Lays typeset pages over the pages of a PDF, adds pages, and writes the result as one plain revision.

The PDF was inspected in confinement before (`inspection`), so that this is bounded work on a file that is well-formed. The
result is a function of its input: no clock, no random identifier. It carries no earlier revision, and no form but ours.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import pikepdf

from signing.documents.controls import Control
from signing.documents.fields import add_fields
from signing.documents.pages import Page
from signing.errors import Refused

MARK = "zheng:case:"


@dataclass(frozen=True, slots=True)
class Marks:
    """What the document's information (Info and XMP) says for whoever searches files; "" leaves it as it is."""

    title: str = ""
    case: str = ""


def stamp(
    base: bytes, pages: Sequence[Page], overlay: bytes, marks: Marks, fields: Sequence[Control] = ()
) -> bytes:
    """Lay the pages of ``overlay`` over those of ``base``, one to one; further ones become its last pages.

    ``fields`` become empty form fields; of a form that was there before nothing is left.

    Raises:
        Refused: document-malformed: the base cannot be read (again).

    """
    try:
        with pikepdf.open(io.BytesIO(base)) as pdf, pikepdf.open(io.BytesIO(overlay)) as over:
            for page, target, layer in zip(pages, list(pdf.pages), list(over.pages), strict=False):
                _lay_over(pdf, target, layer, pikepdf.Rectangle(*(edge / 1000 for edge in page.box)))
            pdf.pages.extend(list(over.pages)[len(pages) :])
            for name in ("/AcroForm", "/Perms", "/DSS"):
                if name in pdf.Root:
                    del pdf.Root[name]
            add_fields(pdf, pages, fields)
            _mark(pdf, marks)
            pdf.remove_unreferenced_resources()
            output = io.BytesIO()
            pdf.save(
                output,
                deterministic_id=True,
                min_version="1.7",
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
            )
            return output.getvalue()
    except pikepdf.PdfError as error:
        raise Refused("document-malformed", "The PDF cannot be written anew.") from error


def _lay_over(pdf: pikepdf.Pdf, page: pikepdf.Page, layer: pikepdf.Page, box: pikepdf.Rectangle) -> None:
    """Draw a layer upright over what is seen of a page. pikepdf's own way draws its names at random."""
    form = pdf.copy_foreign(layer.as_form_xobject())
    resources = page.resources
    if pikepdf.Name.XObject not in resources:
        resources[pikepdf.Name.XObject] = pikepdf.Dictionary()
    known = resources[pikepdf.Name.XObject]
    name = next(each for number in count(1) if (each := pikepdf.Name(f"/ZhengLayer{number}")) not in known)
    known[name] = form
    page.contents_add(b"q\n", prepend=True)
    drawn = page.calc_form_xobject_placement(
        form, name, box, invert_transformations=True, allow_shrink=True, allow_expand=False
    )
    page.contents_add(b"Q\n" + drawn)
    page.contents_coalesce()


def _mark(pdf: pikepdf.Pdf, marks: Marks) -> None:
    if not (marks.title or marks.case):
        return
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as metadata:
        if marks.title:
            metadata["dc:title"] = marks.title
        if marks.case:
            metadata["pdf:Keywords"] = MARK + marks.case
