"""ZIP files of strangers: the list of what is in them, bounded before anything is decoded (APPNOTE 6.3.10).

Stricter than ZIP: one archive from the first byte to the last, names that are plain relative paths and differ, stored or
deflated, nothing encrypted. What comes out is what was announced, byte for byte, or the file is refused.
"""

import io
import re
import struct
import zipfile
from dataclasses import dataclass

from signing.documents.limits import MIB, DocumentLimits
from signing.documents.parsing.unacceptable import UnacceptableError, malformed, too_much

_NAME = re.compile(r"[A-Za-z0-9_\[\]@ .,()~%+=&'!#$-]+(?:/[A-Za-z0-9_\[\]@ .,()~%+=&'!#$-]+)*/?", re.ASCII)
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED, _SYMLINK = 0x1, 0o120000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """A file in the archive: its name as written and its bytes."""

    name: str
    content: bytes


def read_zip(content: bytes, limits: DocumentLimits) -> tuple[Part, ...]:
    """Read all files of an archive, in the order of its directory; folders are left out.

    Raises:
        UnacceptableError: document-malformed, document-limit, document-encrypted.

    """
    _look_at_end(content, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _look_at_entries(entries, limits)
            return tuple(_read(archive, entry) for entry in entries if not entry.is_dir())
    except UnacceptableError:
        raise
    except Exception as error:
        # zipfile documents BadZipFile, and raises besides zlib.error, EOFError, NotImplementedError, struct.error …
        raise malformed("The ZIP is not well-formed.") from error


def _look_at_end(content: bytes, limits: DocumentLimits) -> None:
    """Hold the end record to be the file's last bytes, and its count to the limit, before the directory is read."""
    start = len(content) - _END.size
    if start < 0 or content[start : start + 4] != b"PK\x05\x06":
        raise malformed("The ZIP does not end with the end of its directory.")
    _, disk, first_disk, here, count, size, offset, comment = _END.unpack_from(content, start)
    if disk or first_disk or here != count or comment or offset + size != start:
        raise malformed("The ZIP is not one whole archive.")
    if count > limits.parts:
        raise too_much(f"The ZIP holds more than {limits.parts} files.")


def _look_at_entries(entries: list[zipfile.ZipInfo], limits: DocumentLimits) -> None:
    seen, total = set[str](), 0
    for entry in entries:
        name = entry.orig_filename
        if not _NAME.fullmatch(name) or {"..", "."} & set(name.split("/")):
            raise malformed("A file in the ZIP has a name that is no plain path within it.")
        if name.lower() in seen:
            raise malformed("Two files in the ZIP have the same name.")
        seen.add(name.lower())
        if entry.flag_bits & _ENCRYPTED:
            raise UnacceptableError("document-encrypted", "A file in the ZIP is encrypted.")
        if (entry.external_attr >> 16) & 0o170000 == _SYMLINK:
            raise malformed("The ZIP holds a link.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise malformed("A file in the ZIP is compressed in a way that documents do not use.")
        total += entry.file_size
        grown = entry.file_size > MIB and entry.file_size > limits.ratio * max(1, entry.compress_size)
        if entry.file_size > limits.part_size or total > limits.parts_size or grown:
            raise too_much("The ZIP decodes to more than is read.")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Part:
    """Decode one file; zipfile gives no more than was announced, and checks its sum."""
    content = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            content += chunk
    if len(content) != entry.file_size:
        raise malformed("A file in the ZIP is shorter than it says.")
    return Part(entry.filename, bytes(content))


def write_zip(parts: tuple[Part, ...]) -> bytes:
    """Write files as a plain archive without dates: what a converter then reads is what was looked at."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part in parts:
            archive.writestr(zipfile.ZipInfo(part.name), part.content, zipfile.ZIP_DEFLATED)
    return output.getvalue()
