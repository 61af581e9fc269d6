"""DOC files of strangers ([MS-DOC]): a compound file with a text and without macros, objects or fields that fetch."""

import re
import struct

from signing.documents.limits import DocumentLimits
from signing.documents.parsing.compound import STREAM, CompoundFile
from signing.documents.parsing.unacceptable import UnacceptableError, malformed

_MACROS = {"macros", "vba", "_vba_project", "_vba_project_cur", "projectwm", "project"}
_EMBEDDED = {"\x01ole10native", "\x03objinfo", "\x03ocxname", "package"}
_POOL = "objectpool"  # the storage of embedded objects; Word writes an empty one too
_OTHER = {"workbook", "book", "powerpoint document", "visiodocument", "__properties_version1.0"}
# The code of a field stands between 0x13 and 0x14 (§2.8.25), one byte a letter or two.
_FIELD = re.compile(
    rb"\x13\x00?(?:\s\x00?){0,64}(?:D\x00?D\x00?E|L\x00?I\x00?N\x00?K|I\x00?N\x00?C\x00?L\x00?U\x00?D\x00?E"
    rb"|D\x00?A\x00?T\x00?A\x00?B\x00?A\x00?S\x00?E|I\x00?M\x00?P\x00?O\x00?R\x00?T|M\x00?A\x00?C\x00?R\x00?O"
    rb"|E\x00?M\x00?B\x00?E\x00?D|Q\x00?U\x00?O\x00?T\x00?E|\x13)",
    re.IGNORECASE,
)
_TEMPLATE, _ENCRYPTED = 0x0001, 0x0100


def inspect_doc(content: bytes, limits: DocumentLimits) -> None:
    """Look at a DOC.

    Raises:
        UnacceptableError: document-malformed, -limit, -encrypted, -macros, -embedded, -active, -kind.

    """
    compound = CompoundFile(content, limits)
    names = {entry.name.lower() for entry in compound.entries}
    if {"encryptedpackage", "encryptioninfo"} & names:
        raise UnacceptableError("document-encrypted", "The document is encrypted.")
    if _OTHER & names:
        raise UnacceptableError("document-kind", "The file is an Office file, but no Word document.")
    if _MACROS & names:
        raise UnacceptableError("document-macros", "The document contains macros.")
    pool = any(entry.filled for entry in compound.entries if entry.name.lower() == _POOL)
    if pool or _EMBEDDED & names:
        raise UnacceptableError("document-embedded", "The document contains embedded objects or controls.")
    texts = [entry for entry in compound.entries if entry.name == "WordDocument" and entry.kind == STREAM]
    if len(texts) != 1:
        raise UnacceptableError("document-kind", "The file is no Word document (DOC).")
    start = compound.beginning(texts[0])
    if len(start) < 32:
        raise malformed("The document is shorter than its header.")
    magic, flags = struct.unpack_from("<H8xH", start)  # FibBase, §2.5.2
    if magic not in (0xA5EC, 0xA5DC):
        raise malformed("The document does not begin as one.")
    if flags & _ENCRYPTED:
        raise UnacceptableError("document-encrypted", "The document is encrypted.")
    if flags & _TEMPLATE:
        raise UnacceptableError("document-kind", "The file is a Word template, not a document.")
    if _FIELD.search(content):
        raise UnacceptableError("document-active", "The document has a field that fetches or runs something.")
