"""What pyHanko lacks: revisions that are a function of their input."""

import hashlib
import io

from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject, TextStringEncoding, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from zheng_verifier.pdf_signatures.bounded import BoundedReader


class AppendingWriter(IncrementalPdfFileWriter):
    """Appends one revision to a PDF: the bytes before stay as they are, and the same input gives the same output.

    pyHanko itself puts a random identifier and this machine's time into every revision. Here the identifier is made from
    the digest of what was there before, and Info and XMP stay as they were typeset: the only times in a signed file are
    those of its signatures.
    """

    def __init__(self, pdf: bytes) -> None:
        """Begin a revision.

        Raises:
            PdfError, EvidenceError: the file cannot be read; see ``examine``, which says so in our own words.

        """
        super().__init__(io.BytesIO(pdf), prev=BoundedReader(pdf))
        made = ByteStringObject(hashlib.sha256(pdf).digest()[:16])
        first = self.document_id[0] if "/ID" in self.prev.trailer else made
        self._document_id = ArrayObject([first, made])

    def _update_meta(self) -> None:
        """Leave Info and XMP alone."""

    def finish(self) -> bytes:
        """Give the file with the revision at its end."""
        output = io.BytesIO()
        self.write(output)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
        return output.getvalue()


def text_string(text: str) -> TextStringObject:
    """Write a text so that every program reads the same one.

    pyHanko writes PDFDocEncoding where it can, also where that begins like a byte order mark (ISO 32000-2 §7.9.2.2): "þÿab"
    would be read as another text than the one that was shown.
    """
    made = TextStringObject(text)
    if not text.isascii():
        made.force_output_encoding = TextStringEncoding.UTF16BE
    return made
