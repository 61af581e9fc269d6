"""Takes record and proof out of a certificate's PDF, which may be a stranger's: under limits, and no third file.

The file is read as a whole, its last revision: what may stand between the sealed revision and the last one is for
the check of the seal. Everything is demanded in the one form the service writes; a file that hides its attachments
deeper in a tree, has none, two of a name or others beside them is no certificate.

This module alone loads pyHanko, which takes a second: import it when there is a certificate to read.
"""

from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)

from zheng_verifier.canonical import BUNDLE_LIMITS
from zheng_verifier.deposit_certificate.files import BUNDLE_FILE, RECORD_FILE, Attached
from zheng_verifier.deposit_certificate.record import RECORD_LIMITS
from zheng_verifier.errors import MalformedError, UncheckableError
from zheng_verifier.pdf_signatures.bounded import BoundedReader
from zheng_verifier.pdf_signatures.guard import reading

MAX_PDF = 40 << 20
"""Bytes of a certificate: the largest bundle, and a page around it."""

_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=BUNDLE_LIMITS.max_bytes + 1),
    document_budget=DocumentDecodeBudget(base_allowance=2 * BUNDLE_LIMITS.max_bytes, max_ratio=0),
)


def read_certificate(pdf: bytes) -> Attached:
    """Take `certificate.json` and `bundle.json` out of a certificate of deposit.

    Raises:
        MalformedError: FORMAT_FAILURE: no PDF of one page, something before its head or behind its end, damaged;
            ATTACHMENTS: not exactly those two files attached.
        UncheckableError: ENCRYPTED; LIMIT_EXCEEDED: larger than ``MAX_PDF``, or swells beyond any bundle when
            unpacked; UNREADABLE: hostile in a way that stopped the reader.

    """
    if len(pdf) > MAX_PDF:
        raise UncheckableError("LIMIT_EXCEEDED", f"a certificate has at most {MAX_PDF} bytes")
    if not pdf.startswith(b"%PDF-"):
        raise MalformedError("FORMAT_FAILURE", "not a PDF from its first byte on")
    if not pdf[-16:].rstrip(b"\r\n").endswith(b"%%EOF"):
        raise MalformedError("FORMAT_FAILURE", "something stands behind the end of the PDF")
    with reading("the certificate"):
        return _read(BoundedReader(pdf, _LIMITS))


def _read(reader: BoundedReader) -> Attached:
    if reader.encrypted:
        raise UncheckableError("ENCRYPTED", "the PDF is encrypted; a certificate never is")
    root = reader.root
    pages = root["/Pages"]["/Kids"]
    if len(pages) != 1 or pages[0]["/Type"] != "/Page":
        raise MalformedError("FORMAT_FAILURE", "a certificate has one page")
    found = list(_attachments(root))
    if sorted(name for name, _ in found) != [BUNDLE_FILE, RECORD_FILE] or len(root.get("/AF", ())) != 2:
        raise MalformedError("ATTACHMENTS", f"not exactly {RECORD_FILE} and {BUNDLE_FILE} are attached")
    files = {name: stream.data for name, stream in found}
    record, bundle = files[RECORD_FILE], files[BUNDLE_FILE]
    if len(record) > RECORD_LIMITS.max_bytes or len(bundle) > BUNDLE_LIMITS.max_bytes:
        raise UncheckableError("LIMIT_EXCEEDED", "an attached file is larger than its format allows")
    return Attached(record, bundle)


def _attachments(root: generic.DictionaryObject) -> Iterator[tuple[str, generic.StreamObject]]:
    """Give what the one node of the name tree names (ISO 32000-2 §7.7.4, §7.11.4)."""
    tree = (
        root["/Names"]["/EmbeddedFiles"] if "/Names" in root and "/EmbeddedFiles" in root["/Names"] else None
    )
    if tree is None or "/Kids" in tree:
        raise MalformedError("ATTACHMENTS", "no files are attached as a certificate attaches them")
    names = tree["/Names"]
    for position in range(0, len(names), 2):
        specification = names[position + 1]
        if specification["/F"] != names[position] or specification["/UF"] != names[position]:
            raise MalformedError("ATTACHMENTS", "an attached file has two names")
        yield str(names[position]), specification["/EF"]["/F"]
