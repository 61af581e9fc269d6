"""What pyHanko lacks for the demonstration: revisions without a random identifier or a clock, seals from memory."""

import io

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader


class AppendingWriter(IncrementalPdfFileWriter):
    """Appends a revision that is a function of its input: given identifier, no time of its own in the metadata."""

    def __init__(self, stream: io.BytesIO, *, identifier: bytes) -> None:
        super().__init__(stream)
        first, _ = self.document_id
        self._document_id = ArrayObject([ByteStringObject(first), ByteStringObject(identifier)])

    def _update_meta(self) -> None:
        """Leave Info and XMP as they were typeset; the time of signing stands in the signature."""


class TypesetPage(PdfContent):
    """The first page of a PDF in memory, as content to be drawn elsewhere."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        """Bring the page into the file and give the operator that draws it."""
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/Seal"] = page
        left, bottom, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=right - left, height=top - bottom)
        return b"/Seal Do"
