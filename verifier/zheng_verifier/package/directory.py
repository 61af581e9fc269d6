"""The directory of a ZIP, read under limits before a byte is unpacked (PKWARE APPNOTE.TXT 6.3.3 §4.3).

Every file is looked up twice, in the central directory and in its own header, and the two must say the same. Files
lie side by side from the first byte to the directory, and the directory ends the file: nothing stands before, between
or behind them. What a good tool may write and we never do is a *departure*, remembered by its code.
"""

import struct
from dataclasses import dataclass

from zheng_verifier.errors import MalformedError

MAX_ARCHIVE = 512 << 20
"""Bytes of a container, and of all its files together when unpacked."""
MAX_FILES = 2_000
MAX_RATIO = 100
"""Unpacked over packed size of one file, beyond 64 KiB that are free."""
_RATIO_FREE = 1 << 16
STORED, DEFLATED = 0, 8
LOCAL = struct.Struct("<4s5HIIIHH")
CENTRAL = struct.Struct("<4s6HIIIHHHHHII")
END = struct.Struct("<4sHHHHIIH")
LOCAL_MARK, CENTRAL_MARK, END_MARK, DESCRIPTOR_MARK = (
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x07\x08",
)
_ZIP64_MARK, _ZIP64_LOCATOR = b"PK\x06\x07", 20
_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13
_DESCRIPTOR = 1 << 3
_ALLOWED_FLAGS = _DESCRIPTOR | 1 << 1 | 1 << 2 | 1 << 11  # how hard deflate tried; names in UTF-8
_MAX_COMMENT = 0xFFFF
_FILE_TYPE, _PLAIN_TYPES = 0o170000, (0, 0o100000, 0o040000)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the directory: ``packed`` bytes from ``start`` on, ``size`` and ``crc`` of what they unpack to.

    ``header`` is where its own header begins; ``streamed`` tells that sizes follow the data.
    """

    name: str
    method: int
    crc: int
    packed: int
    size: int
    header: int
    start: int
    streamed: bool

    @property
    def is_folder(self) -> bool:
        """Tell whether this is the entry of a folder, which holds nothing."""
        return self.name.endswith("/") and self.size == 0


@dataclass(frozen=True, slots=True)
class Directory:
    """The files of a ZIP in the order of its directory, and the departures found so far, by code."""

    members: tuple[Member, ...]
    departures: tuple[str, ...]


def ends_as_zip(data: bytes) -> bool:
    """Tell whether a file ends in the directory of a ZIP, whatever it begins with."""
    position = data.rfind(END_MARK, max(0, len(data) - END.size - _MAX_COMMENT))
    if position < 0 or position + END.size > len(data):
        return False
    _, _, _, _, count, size, _, comment = END.unpack_from(data, position)
    begins = data[max(0, position - size) :].startswith(CENTRAL_MARK) if count else size == 0
    return bool(begins) and position + END.size + comment == len(data)


def read_directory(data: bytes) -> Directory:
    """Read the directory of a ZIP and hold it against the headers of its files; nothing is unpacked.

    Raises:
        MalformedError: EMPTY, TOO_LARGE, NOT_A_ZIP, TRUNCATED, TRAILING_BYTES, PREFIX_BYTES, HIDDEN_BYTES, OVERLAP,
            ZIP64, MULTIPLE_DISKS, TOO_MANY, FORMAT_FAILURE, HEADER_DISAGREEMENT, ENCRYPTED, UNKNOWN_COMPRESSION,
            SYMLINK, RATIO, EXPANDED_TOO_LARGE.

    """
    if not data:
        raise MalformedError("EMPTY", "the file is empty")
    if len(data) > MAX_ARCHIVE:
        raise MalformedError("TOO_LARGE", f"{len(data)} bytes, the limit is {MAX_ARCHIVE}")
    departures: list[str] = []
    count, start, end = _read_end(data, departures)
    position, total = start, 0
    members: list[Member] = []
    for _ in range(count):
        member, position = _read_member(data, position, end, departures)
        total += member.size
        if total > MAX_ARCHIVE:
            raise MalformedError("EXPANDED_TOO_LARGE", f"unpacked it is larger than {MAX_ARCHIVE} bytes")
        members.append(member)
    if position != end:
        raise MalformedError("FORMAT_FAILURE", "the directory is not as long as it says")
    _check_layout(data, members, start, departures)
    return Directory(tuple(members), tuple(dict.fromkeys(departures)))


def _read_end(data: bytes, departures: list[str]) -> tuple[int, int, int]:
    """Give the number of files, and where the directory begins and ends."""
    position = data.rfind(END_MARK, max(0, len(data) - END.size - _MAX_COMMENT))
    if position < 0:
        if data.startswith(LOCAL_MARK):
            raise MalformedError("TRUNCATED", "the ZIP has no directory at its end: it was cut off")
        raise MalformedError("NOT_A_ZIP", "not a ZIP container")
    if position + END.size > len(data):
        raise MalformedError("TRUNCATED", "the end of the ZIP is cut off")
    _, disk, first_disk, here, count, size, offset, comment = END.unpack_from(data, position)
    if data[max(0, position - _ZIP64_LOCATOR) :].startswith(_ZIP64_MARK) or 0xFFFF in (here, count):
        raise MalformedError("ZIP64", "a ZIP64 container: no package needs one")
    if disk or first_disk or here != count:
        raise MalformedError("MULTIPLE_DISKS", "one part of a ZIP that is split")
    finish = position + END.size + comment
    if finish != len(data):
        code = "TRAILING_BYTES" if finish < len(data) else "TRUNCATED"
        raise MalformedError(code, "the ZIP does not end where it says")
    if offset + size != position:
        code = "PREFIX_BYTES" if offset + size < position else "TRUNCATED"
        raise MalformedError(code, "the directory does not lie where it says")
    if count > MAX_FILES:
        raise MalformedError("TOO_MANY", f"{count} files, the limit is {MAX_FILES}")
    if comment:
        departures.append("COMMENT")
    return count, offset, position


def _read_member(data: bytes, position: int, end: int, departures: list[str]) -> tuple[Member, int]:
    """Read an entry of the directory with the header it points to; gives where the next entry begins."""
    if position + CENTRAL.size > end:
        raise MalformedError("FORMAT_FAILURE", "the directory ends within an entry")
    (
        mark,
        _,
        _,
        flags,
        method,
        _,
        _,
        crc,
        packed,
        size,
        name_size,
        extra,
        comment,
        disk,
        _,
        attributes,
        header,
    ) = CENTRAL.unpack_from(data, position)
    name_start = position + CENTRAL.size
    following = name_start + name_size + extra + comment
    if mark != CENTRAL_MARK or following > end:
        raise MalformedError("FORMAT_FAILURE", "an entry of the directory is broken")
    raw = data[name_start : name_start + name_size]
    name = raw.decode("ascii", "replace")  # what is no ASCII is refused with the other forbidden names
    if disk:
        raise MalformedError("MULTIPLE_DISKS", "one part of a ZIP that is split", name)
    _check_kind(name, flags, method, packed, size, attributes)
    if extra:
        departures.append("EXTRA_FIELD")
    if comment:
        departures.append("COMMENT")
    if method == DEFLATED:
        departures.append("DEFLATED")
    streamed = bool(flags & _DESCRIPTOR)
    start = _check_header(data, header, raw, (flags, method, crc, packed, size), departures)
    return Member(name, method, crc, packed, size, header, start, streamed), following


def _check_kind(name: str, flags: int, method: int, packed: int, size: int, attributes: int) -> None:
    """Refuse what is no plain file: encrypted, packed in ways unknown or beyond measure, a link, larger than 4 GiB."""
    if flags & _ENCRYPTED:
        raise MalformedError("ENCRYPTED", "an encrypted file", name)
    if 0xFFFFFFFF in (packed, size):
        raise MalformedError("ZIP64", "a file in ZIP64 form: no package needs one", name)
    if method not in (STORED, DEFLATED) or flags & ~_ALLOWED_FLAGS:
        raise MalformedError("UNKNOWN_COMPRESSION", f"compression {method} with flags {flags:#x}", name)
    if attributes >> 16 & _FILE_TYPE not in _PLAIN_TYPES:
        raise MalformedError("SYMLINK", "a link or a device instead of a file", name)
    if method == STORED and packed != size:
        raise MalformedError("FORMAT_FAILURE", "a stored file of two sizes", name)
    if size > MAX_RATIO * packed + _RATIO_FREE:
        raise MalformedError("RATIO", f"{packed} bytes are to unpack to {size}", name)


def _check_header(
    data: bytes, header: int, raw: bytes, central: tuple[int, int, int, int, int], departures: list[str]
) -> int:
    """Hold a file's own header against the directory; gives where its data begin."""
    name = raw.decode("ascii", "replace")
    if header + LOCAL.size > len(data):
        raise MalformedError("FORMAT_FAILURE", "the directory points outside of the file", name)
    mark, _, flags, method, _, _, crc, packed, size, name_size, extra = LOCAL.unpack_from(data, header)
    if mark != LOCAL_MARK:
        raise MalformedError("FORMAT_FAILURE", "the directory points to no file", name)
    name_start = header + LOCAL.size
    same_name = data[name_start : name_start + name_size] == raw
    local = (flags, method, crc, packed, size)
    streamed = flags & _DESCRIPTOR and local == (*central[:2], 0, 0, 0)
    if not same_name or not (local == central or streamed):
        raise MalformedError("HEADER_DISAGREEMENT", "directory and header do not say the same", name)
    if extra:
        departures.append("EXTRA_FIELD")
    return name_start + int(name_size) + int(extra)


def _check_layout(data: bytes, members: list[Member], start: int, departures: list[str]) -> None:
    """Demand that the files lie side by side, from the first byte up to the directory."""
    ordered = sorted(members, key=lambda member: member.header)
    first = ordered[0].header if ordered else start
    if first:
        raise MalformedError("PREFIX_BYTES", f"{first} bytes before the first file")
    ends = [member.header for member in ordered[1:]] + [start]
    for member, following in zip(ordered, ends, strict=False):
        finish = member.start + member.packed
        if member.streamed and finish < following:
            finish += _descriptor_size(data, member, following)
            departures.append("DATA_DESCRIPTOR")
        if finish > following:
            raise MalformedError("OVERLAP", "two files lie one over the other", member.name)
        if finish < following:
            raise MalformedError("HIDDEN_BYTES", f"{following - finish} bytes behind this file", member.name)


def _descriptor_size(data: bytes, member: Member, following: int) -> int:
    """Give the size of the descriptor behind a streamed file, 0 if what follows is none (APPNOTE §4.3.9)."""
    body = struct.pack("<III", member.crc, member.packed, member.size)
    behind = data[member.start + member.packed : following]
    return len(behind) if behind in (body, DESCRIPTOR_MARK + body) else 0
