"""The container of a package: a canonical ZIP, STORED only, that a reader writes again and compares.

``format_archive`` has one output for a set of files, ``parse_archive`` reads nothing else: duplicate names, two
directories, bytes before, between or behind the files, comments and games with checksums end there, without a list
of their own. ``read_archive`` also reads what a good tool has packed again, under the same limits, and says by which
*departures* it is not the file that was issued. Nested containers are files like any other and never opened.
Specification: docs/spec/package.md §2.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zheng_verifier.errors import MalformedError
from zheng_verifier.package.directory import (
    CENTRAL,
    CENTRAL_MARK,
    END,
    END_MARK,
    LOCAL,
    LOCAL_MARK,
    MAX_ARCHIVE,
    MAX_FILES,
    STORED,
    Directory,
    Member,
    read_directory,
)
from zheng_verifier.package.names import MIMETYPE, check_distinct, check_name, rank

MEDIA_TYPE = b"application/vnd.etsi.asic-e+zip"
"""Of the container, and the content of the file ``mimetype`` (ETSI EN 319 162-1 §4.3.3.1)."""
_VERSION = 10  # 1.0: nothing but stored files; made on MS-DOS, whose files are no links
_TIME, _DATE = 0, 1 << 5 | 1  # midnight of 1980-01-01, the first day there is


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of a container: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Archive:
    """The files of a container; ``departures`` say by code why it is not canonical, and are empty if it is."""

    files: tuple[ArchiveFile, ...]
    departures: tuple[str, ...]


def format_archive(files: Iterable[ArchiveFile]) -> bytes:
    """Write files into the canonical container, in their fixed order; ``mimetype`` is put in by itself.

    Raises:
        MalformedError: a name that no package has (``check_name``), DUPLICATE_FILE, CASE_FOLDED_NAME, TOO_MANY,
            TOO_LARGE.

    """
    ordered = [ArchiveFile(MIMETYPE, MEDIA_TYPE), *sorted(files, key=lambda file: rank(file.name))]
    for file in ordered:
        check_name(file.name)
    check_distinct(file.name for file in ordered)
    overhead = sum(LOCAL.size + CENTRAL.size + 2 * len(file.name) for file in ordered) + END.size
    if len(ordered) > MAX_FILES:
        raise MalformedError("TOO_MANY", f"{len(ordered)} files, the limit is {MAX_FILES}")
    if overhead + sum(len(file.data) for file in ordered) > MAX_ARCHIVE:
        raise MalformedError("TOO_LARGE", f"the container would be larger than {MAX_ARCHIVE} bytes")
    parts: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for file in ordered:
        name, size = file.name.encode(), len(file.data)
        common = (_VERSION, 0, STORED, _TIME, _DATE, zlib.crc32(file.data), size, size, len(name), 0)
        parts += [LOCAL.pack(LOCAL_MARK, *common), name, file.data]
        directory += [CENTRAL.pack(CENTRAL_MARK, _VERSION, *common, 0, 0, 0, 0, offset), name]
        offset += LOCAL.size + len(name) + size
    listing = b"".join(directory)
    end = END.pack(END_MARK, 0, 0, len(ordered), len(ordered), len(listing), offset, 0)
    return b"".join((*parts, listing, end))


def parse_archive(data: bytes) -> tuple[ArchiveFile, ...]:
    """Read a canonical container: all its files but ``mimetype``, in their order.

    Raises:
        MalformedError: as ``read_archive``, and for a departure by its code.

    """
    archive = read_archive(data)
    if archive.departures:
        raise MalformedError(archive.departures[0], "not the canonical form of a package")
    return archive.files


def read_archive(data: bytes, marks: Sequence[str] = ()) -> Archive:
    """Read a container that may have been packed again: all its files but ``mimetype``, in the fixed order.

    ``marks`` are names without which it is another kind of container.

    Raises:
        MalformedError: as ``read_directory``; NOT_ASIC, NOT_A_PACKAGE; a name that no package has
            (``check_name``), DUPLICATE_FILE, CASE_FOLDED_NAME; UNPACKING, CRC_MISMATCH.

    """
    directory = read_directory(data)
    members = [member for member in directory.members if not member.is_folder]
    _check_marks(data, members, marks)
    for member in directory.members:
        check_name(member.name.rstrip("/") if member.is_folder else member.name)
    check_distinct(member.name.rstrip("/") for member in directory.members)
    files = [ArchiveFile(member.name, _unpack(data, member)) for member in members if member.name != MIMETYPE]
    files.sort(key=lambda file: rank(file.name))
    return Archive(tuple(files), _departures(data, directory, files))


def _departures(data: bytes, directory: Directory, files: list[ArchiveFile]) -> tuple[str, ...]:
    """Say why a container is not canonical; the last word is that writing it again gives the same bytes."""
    found = directory.departures
    if any(member.is_folder for member in directory.members):
        found += ("FOLDER_ENTRY",)
    return found or (() if format_archive(files) == data else ("NOT_CANONICAL",))


def _check_marks(data: bytes, members: list[Member], marks: Sequence[str]) -> None:
    """Tell another kind of container from a package, before its names are judged by our rules."""
    kinds = [member for member in members if member.name == MIMETYPE]
    if not kinds or any(kind.size != len(MEDIA_TYPE) or _unpack(data, kind) != MEDIA_TYPE for kind in kinds):
        raise MalformedError("NOT_ASIC", "a ZIP, but no ASiC-E container: no such file 'mimetype'")
    names = {member.name for member in members}
    for mark in marks:
        if mark not in names:
            raise MalformedError("NOT_A_PACKAGE", f"a container without '{mark}'")


def _unpack(data: bytes, member: Member) -> bytes:
    """Give the bytes of a file, never more than the directory says.

    Raises:
        MalformedError: UNPACKING, CRC_MISMATCH.

    """
    content = data[member.start : member.start + member.packed]
    if member.method != STORED:
        content = _inflate(content, member)
    if zlib.crc32(content) != member.crc:
        raise MalformedError("CRC_MISMATCH", "the checksum is of other bytes", member.name)
    return content


def _inflate(packed: bytes, member: Member) -> bytes:
    """Unpack a deflated file; one byte more than announced is asked for, so that more is seen and never made."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(packed, member.size + 1)
    except zlib.error as error:
        raise MalformedError("UNPACKING", "the packed bytes are broken", member.name) from error
    if len(content) != member.size or not unpacker.eof or unpacker.unused_data:
        raise MalformedError("UNPACKING", f"does not unpack to {member.size} bytes", member.name)
    return content
