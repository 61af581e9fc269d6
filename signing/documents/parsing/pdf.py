"""PDFs of strangers: what is in them, and that it is nothing but pages to read.

Every object of the file is looked at, whether a page leads to it or not. What acts by itself, what carries other files,
what shows one thing here and another there, is refused: all signers must see the same, on paper too. pikepdf (qpdf)
reads; nothing is mended.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pikepdf

from signing.documents.limits import DocumentLimits
from signing.documents.parsing.unacceptable import UnacceptableError, malformed, too_much

# ISO 32000-2 §12.6.4: what a reader's click may do. All other actions run, fetch, hide or send something.
_HARMLESS_ACTIONS = {"/GoTo", "/URI", "/Named"}
_ACTIONS = {
    "/GoToR", "/GoToE", "/GoToDp", "/Launch", "/Thread", "/Sound", "/Movie", "/Hide", "/SubmitForm", "/ResetForm",
    "/ImportData", "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView", "/JavaScript", "/RichMediaExecute",
}  # fmt: skip
_ACTIVE_MEMBERS = {"/JS", "/JavaScript", "/AA"}
_EMBEDDING_MEMBERS = {"/EmbeddedFiles", "/EF", "/Collection", "/RichMediaContent", "/RichMediaSettings"}
_EMBEDDING_ANNOTATIONS = {"/FileAttachment", "/Screen", "/Movie", "/Sound", "/3D", "/RichMedia"}
_FONT_NAME = re.compile(r"/[A-Za-z0-9+,_.-]{1,64}", re.ASCII)
_UNEMBEDDED_SHOWN = 16


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF is: ``pages`` as (left, bottom, right, top, rotation), thousandths of a point and degrees.

    The box of a page is what is seen of it: crop box within media box. ``fonts_missing`` are fonts that the file uses and
    does not carry: another machine may show other letters. ``signed``: it carries a signature or certification.
    """

    pages: tuple[tuple[int, int, int, int, int], ...]
    fonts_missing: tuple[str, ...]
    signed: bool


def inspect_pdf(content: bytes, limits: DocumentLimits, *, attachment: bool = False) -> PdfFacts:
    """Look at a PDF; ``attachment``: it will not be signed, so it may be signed already.

    Raises:
        UnacceptableError: document-malformed, -limit, -encrypted, -active, -embedded, -form, -hidden, -signed.

    """
    with open_pdf(content) as pdf:
        if pdf.is_encrypted:
            raise UnacceptableError("document-encrypted", "The PDF is encrypted.")
        if int(pdf.trailer.get("/Size", 0)) > limits.objects or len(pdf.objects) > limits.objects:
            raise too_much(f"The PDF has more than {limits.objects} objects.")
        if len(pdf.pages) > limits.pages:
            raise too_much(f"The PDF has more than {limits.pages} pages.")
        if not len(pdf.pages):
            raise malformed("The PDF has no page.")
        survey = _Survey(limits)
        survey.look(pdf)
        _look_at_catalogue(pdf)
        signed = survey.signed or "/Perms" in pdf.Root
        if signed and not attachment:
            raise UnacceptableError(
                "document-signed", "The PDF carries signatures; taking it in anew would break them."
            )
        pages = tuple(_page(page, limits) for page in pdf.pages)
        _weigh_contents(pdf, limits)
        return PdfFacts(pages, tuple(sorted(survey.fonts))[:_UNEMBEDDED_SHOWN], signed)


def open_pdf(content: bytes) -> pikepdf.Pdf:
    """Open a PDF as it is, without guessing at what is broken.

    Raises:
        UnacceptableError: document-malformed, document-encrypted.

    """
    try:
        return pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise UnacceptableError("document-encrypted", "The PDF needs a password.") from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError) as error:
        raise malformed("The PDF is not well-formed.") from error


class _Survey:
    """One pass over all objects of a file."""

    def __init__(self, limits: DocumentLimits) -> None:
        self._limits = limits
        self._left = limits.values
        self.signed = False
        self.fonts = set[str]()

    def look(self, pdf: pikepdf.Pdf) -> None:
        """Look at every value of every object once; references are not followed, what they name has its own turn."""
        for each in pdf.objects:
            stack: list[tuple[Any, int]] = [(each, 0)]
            while stack:
                value, depth = stack.pop()
                self._left -= 1
                if self._left < 0 or depth > self._limits.depth:
                    raise too_much("The PDF holds more values, or deeper ones, than are looked at.")
                if isinstance(value, pikepdf.Array):
                    stack.extend((item, depth + 1) for item in value.as_list() if _is_container(item))
                elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
                    members = {str(key): item for key, item in value.items()}
                    self._judge(members)
                    if isinstance(value, pikepdf.Stream):
                        self._judge_stream(members)
                    stack.extend((item, depth + 1) for item in members.values() if _is_container(item))

    def _judge(self, members: dict[str, Any]) -> None:
        names = members.keys()
        if _ACTIVE_MEMBERS & names or (_name(members, "/S") in _ACTIONS and "/K" not in names):
            raise UnacceptableError("document-active", "The PDF contains a script or an action that runs.")
        if _EMBEDDING_MEMBERS & names or _name(members, "/Subtype") in _EMBEDDING_ANNOTATIONS:
            raise UnacceptableError("document-embedded", "The PDF carries other files or media.")
        if "/XFA" in names or "/NeedsRendering" in names:
            raise UnacceptableError("document-form", "The PDF is an XFA form.")
        kind = _name(members, "/Type")
        if "/ByteRange" in names or kind in ("/Sig", "/DocTimeStamp"):
            self.signed = True
        if kind == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & names:
            self._miss(_name(members, "/FontName"))
        simple = kind == "/Font" and _name(members, "/Subtype") in ("/Type1", "/TrueType", "/MMType1")
        if simple and "/FontDescriptor" not in names:
            self._miss(_name(members, "/BaseFont"))

    def _judge_stream(self, members: dict[str, Any]) -> None:
        if "/F" in members or "/OPI" in members or "/Ref" in members:
            raise UnacceptableError("document-external", "The PDF takes content from outside itself.")
        if _name(members, "/Subtype") == "/Image":
            pixels = _integer(members.get("/Width")) * _integer(members.get("/Height"))
            if pixels > self._limits.pixels:
                raise too_much(f"A picture has more than {self._limits.pixels} pixels.")

    def _miss(self, name: str) -> None:
        self.fonts.add(name[1:] if _FONT_NAME.fullmatch(name) else "unnamed")


def _is_container(value: Any) -> bool:
    """Tell whether a value is a dictionary or list that stands here itself, and is no object of its own."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _name(members: dict[str, Any], key: str) -> str:
    value = members.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _integer(value: Any) -> int:
    return abs(int(value)) if isinstance(value, int | Decimal) else 0


def _look_at_catalogue(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    action = root.get("/OpenAction")
    if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) not in _HARMLESS_ACTIONS:
        raise UnacceptableError("document-active", "The PDF does something when it is opened.")
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        fields = form.get("/Fields")
        if isinstance(fields, pikepdf.Array) and len(fields) and not _signatures_only(fields):
            raise UnacceptableError(
                "document-form",
                "The PDF has form fields that anybody can fill in; print it to a PDF without.",
            )
    layers = root.get("/OCProperties")
    if isinstance(layers, pikepdf.Dictionary):
        default = layers.get("/D", pikepdf.Dictionary())
        hidden = isinstance(default, pikepdf.Dictionary) and (
            len(default.get("/OFF", []))
            or len(default.get("/AS", []))
            or default.get("/BaseState", "/ON") != "/ON"
        )
        if hidden or len(layers.get("/Configs", [])):
            raise UnacceptableError(
                "document-hidden", "The PDF has layers that are seen by some readers and not by others."
            )


def _signatures_only(fields: pikepdf.Array) -> bool:
    """Tell whether all fields are filled signatures: those are judged as such."""
    return all(
        isinstance(field, pikepdf.Dictionary) and field.get("/FT") == "/Sig" and "/V" in field
        for field in fields.as_list()
    )


def _page(page: pikepdf.Page, limits: DocumentLimits) -> tuple[int, int, int, int, int]:
    """Give what is seen of a page."""
    if page.obj.get("/UserUnit", 1) != 1:
        raise malformed("A page measures in a unit of its own.")
    media = _box(_inherited(page, "/MediaBox", None))
    cropped = _inherited(page, "/CropBox", None)
    crop = media if cropped is None else _box(cropped)
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    for side in (right - left, top - bottom):
        if not limits.shortest_side <= side <= limits.longest_side:
            raise too_much("A page is smaller than an inch or larger than 200 inches.")
    return left, bottom, right, top, _rotation(page)


def _box(box: Any) -> tuple[int, int, int, int]:
    """Read a rectangle in thousandths of a point, whichever corners it names (ISO 32000-2 §7.9.5)."""
    values = list(box.as_list()) if isinstance(box, pikepdf.Array) else []
    if len(values) != 4 or not all(isinstance(each, int | Decimal) and abs(each) < 10**7 for each in values):
        raise malformed("The box of a page is no rectangle.")
    one, two, three, four = (round(Decimal(str(each)) * 1000) for each in values)
    return min(one, three), min(two, four), max(one, three), max(two, four)


def _rotation(page: pikepdf.Page) -> int:
    rotation = _inherited(page, "/Rotate", 0)
    if not isinstance(rotation, int) or rotation % 90:
        raise malformed("A page is turned by no right angle.")
    return rotation % 360


def _inherited(page: pikepdf.Page, name: str, default: Any) -> Any:
    """Give a member of a page or of what stands above it (ISO 32000-2 §7.7.3.4), as the file has it."""
    node: Any = page.obj
    for _ in range(64):
        if name in node:
            return node[name]
        node = node.get("/Parent")
        if not isinstance(node, pikepdf.Dictionary):
            return default
    raise too_much("The tree of pages is deeper than is looked at.")


def _weigh_contents(pdf: pikepdf.Pdf, limits: DocumentLimits) -> None:
    """Decode what all pages draw, up to a limit: a kilobyte can say a gigabyte."""
    left = limits.page_content
    seen = set[tuple[int, int]]()
    for each in pdf.objects:
        if not isinstance(each, pikepdf.Stream) or each.objgen in seen:
            continue
        seen.add(each.objgen)
        if _name({str(key): item for key, item in each.items()}, "/Subtype") == "/Image":
            continue  # bounded by pixels
        left -= _decoded_size(each, left)
        if left < 0:
            raise too_much("The PDF's streams decode to more than is read.")


def _decoded_size(stream: pikepdf.Stream, most: int) -> int:
    """Count the bytes a stream decodes to, and stop soon after ``most``."""
    filters = list(_filters(stream))
    raw = stream.read_raw_bytes()
    if filters and all(each == "/FlateDecode" for each in filters):
        for _ in filters[:-1]:
            raw = _inflate(raw, most)
        return len(_inflate(raw, most))
    return len(raw) * (3 if filters else 1)


def _filters(stream: pikepdf.Stream) -> Iterator[str]:
    found = stream.get("/Filter")
    if isinstance(found, pikepdf.Array):
        yield from (str(each) for each in found.as_list())
    elif found is not None:
        yield str(found)


def _inflate(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, most + 1)
    except zlib.error:
        return b""  # what cannot be decoded draws nothing
