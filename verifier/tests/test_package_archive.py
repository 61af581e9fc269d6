"""The container: one form to write, that form alone to read strictly, and limits before anything is unpacked."""

import contextlib
import io
import shutil
import struct
import subprocess
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers.packages import MIME, Entry, container, deflate, package
from zheng_verifier.errors import MalformedError
from zheng_verifier.package import directory
from zheng_verifier.package.archive import (
    MEDIA_TYPE,
    ArchiveFile,
    format_archive,
    parse_archive,
    read_archive,
)
from zheng_verifier.package.directory import MAX_ARCHIVE, ends_as_zip
from zheng_verifier.package.names import ORDER

NAMES = st.one_of(
    st.sampled_from(ORDER[1:]),
    st.from_regex(r"documents/[0-9a-f]{16}\.[a-z]{1,8}", fullmatch=True),
    st.from_regex(r"[a-z0-9][a-z0-9._-]{0,9}", fullmatch=True).filter(lambda name: name != "mimetype"),
)
FILE = Entry("a.txt", b"some words")


def refused(data, marks=()):
    with pytest.raises(MalformedError) as caught:
        read_archive(data, marks)
    with pytest.raises(MalformedError):
        parse_archive(data)
    return caught.value.code


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=8))
def test_what_is_written_is_read_again(files):
    """Whatever the order they come in: one container, the same files in the fixed order."""
    given_files = [ArchiveFile(name, data) for name, data in files.items()]
    written = format_archive(given_files)
    read = parse_archive(written)
    assert {file.name: file.data for file in read} == files
    assert format_archive(reversed(given_files)) == format_archive(read) == written


def test_the_form_is_fixed_to_the_byte():
    """``mimetype`` first at offset 30, so that tools which look no further know the file (ETSI EN 319 162-1 §4.3.3.1)."""
    written = format_archive([ArchiveFile("a.txt", b"x")])
    assert written[:30] == struct.pack(
        "<4s5HIIIHH", b"PK\3\4", 10, 0, 0, 0, 33, zlib.crc32(MEDIA_TYPE), 31, 31, 8, 0
    )
    assert written[30:38] == b"mimetype"
    assert written[38:69] == MEDIA_TYPE
    assert written == container([MIME, Entry("a.txt", b"x")])


def test_other_readers_read_it(tmp_path):
    """Python's zipfile finds every file, with the date of 1980 and nothing packed; so does unzip, where it is at hand."""
    data = package()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert [(i.filename, i.compress_type, i.date_time[:3]) for i in archive.infolist()] == [
            (name, zipfile.ZIP_STORED, (1980, 1, 1))
            for name in ["mimetype", *(f.name for f in parse_archive(data))]
        ]
        assert {file.name: archive.read(file.name) for file in parse_archive(data)} == {
            file.name: file.data for file in parse_archive(data)
        }
    path = tmp_path / "package.asice"
    path.write_bytes(data)
    if shutil.which("unzip") is not None:
        assert subprocess.run(["unzip", "-tq", path], check=False, capture_output=True).returncode == 0


REFUSED = {
    "EMPTY": b"",
    "NOT_A_ZIP": b"no container at all",
    "TRUNCATED": container([MIME, FILE])[:-30],
    "TRAILING_BYTES": container([MIME, FILE], behind=b"%PDF-"),
    "PREFIX_BYTES": container([MIME, FILE], before=b"%PDF-"),
    "HIDDEN_BYTES": container([MIME, Entry("a.txt", b"x", behind=b"hidden")]),
    "OVERLAP": container([MIME, Entry("a.txt", b"x", packed_size=5, size=5)]),
    "ZIP64": container([MIME, FILE], here=0xFFFF),
    "MULTIPLE_DISKS": container([MIME, FILE], disk=1),
    "TOO_MANY": container([MIME, FILE], here=2001),
    "FORMAT_FAILURE": container([MIME, FILE], here=1),
    "HEADER_DISAGREEMENT": container([MIME, Entry("a.txt", b"x", local={"name": "b.txt"})]),
    "ENCRYPTED": container([MIME, Entry("a.txt", b"x", flags=1)]),
    "UNKNOWN_COMPRESSION": container([MIME, Entry("a.txt", b"x", method=12)]),
    "SYMLINK": container([MIME, Entry("a.txt", b"/etc/passwd", attributes=0o120777 << 16, made_by=0x31E)]),
    "RATIO": container([MIME, Entry("a.txt", bytes(1 << 20), method=8)]),
    "NOT_ASIC": container([FILE]),
    "BACKSLASH_NAME": container([MIME, Entry("a\\b.txt")]),
    "ABSOLUTE_NAME": container([MIME, Entry("/a.txt")]),
    "PARENT_NAME": container([MIME, Entry("documents/../../a.txt")]),
    "FORBIDDEN_NAME": container([MIME, Entry("A.txt")]),
    "DUPLICATE_FILE": container([MIME, FILE, FILE]),
    "CASE_FOLDED_NAME": container([MIME, Entry("META-INF/a.xml"), Entry("META-INF/A.xml")]),
    "CRC_MISMATCH": container([MIME, Entry("a.txt", b"x", crc=1)]),
    "UNPACKING": container([MIME, Entry("a.txt", b"x", method=8, packed=b"\xff\xff", size=1)]),
}


@pytest.mark.parametrize("code", REFUSED)
def test_every_refusal_has_its_own_code(code):
    """Neither reader gives a file of it."""
    assert refused(REFUSED[code]) == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (container([MIME, FILE])[:-1], "TRUNCATED"),
        (container([MIME, FILE])[:-10], "TRUNCATED"),
        (container([MIME, FILE], comment_size=9), "TRUNCATED"),
        (container([MIME, FILE], offset=10_000), "TRUNCATED"),
        (container([MIME, FILE], gap=b"PK\x06\x07" + bytes(16)), "ZIP64"),
        (container([MIME, FILE], offset=5), "PREFIX_BYTES"),
        (container([MIME, FILE], total=3), "MULTIPLE_DISKS"),
        (container([MIME, FILE], first=1), "MULTIPLE_DISKS"),
        (container([MIME, Entry("a.txt", disk=1)]), "MULTIPLE_DISKS"),
        (container([MIME, FILE], here=3), "FORMAT_FAILURE"),
        (container([MIME, FILE]).replace(b"PK\1\2", b"PK\1\3"), "FORMAT_FAILURE"),
        (container([MIME, Entry("a.txt", b"x", offset=3)]), "FORMAT_FAILURE"),
        (container([MIME, Entry("a.txt", b"x", offset=1 << 20)]), "FORMAT_FAILURE"),
        (container([MIME, Entry("a.txt", b"x", size=2)]), "FORMAT_FAILURE"),
        (container([MIME, Entry("a.txt", b"x", size=0xFFFFFFFF)]), "ZIP64"),
        (container([MIME, Entry("a.txt", b"x", flags=1 << 13)]), "ENCRYPTED"),
        (container([MIME, Entry("a.txt", b"x", flags=1 << 5)]), "UNKNOWN_COMPRESSION"),
        (container([MIME, Entry("a.txt", b"x", attributes=0o020000 << 16)]), "SYMLINK"),
        (container([MIME, Entry("a.txt", b"x", local={"crc": 1})]), "HEADER_DISAGREEMENT"),
        (container([MIME, Entry("a.txt", b"x", local={"flags": 8})]), "HEADER_DISAGREEMENT"),
        (container([MIME, Entry("a.txt", b"x", method=8, size=2)]), "UNPACKING"),
        (container([MIME, Entry("a.txt", b"xy", method=8, size=1)]), "UNPACKING"),
        (container([MIME, Entry("a.txt", b"x", method=8, packed=deflate(b"x") + b"y")]), "UNPACKING"),
        (container([MIME, Entry("a.txt", b"xy", method=8, packed=deflate(b"xy")[:-1])]), "UNPACKING"),
        (container([MIME, Entry("a.txt", b"x", flags=8, behind=b"no descriptor")]), "HIDDEN_BYTES"),
        (container([Entry("mimetype", b"application/epub+zip")]), "NOT_ASIC"),
        (container([Entry("mimetype", MEDIA_TYPE.upper())]), "NOT_ASIC"),
        (container([]), "NOT_ASIC"),
        (container([MIME, Entry("c:/a.txt")]), "ABSOLUTE_NAME"),
        (container([MIME, Entry("..")]), "PARENT_NAME"),
        (container([MIME, Entry("a/b/c.txt")]), "FORBIDDEN_NAME"),
        (container([MIME, Entry("a//c.txt")]), "FORBIDDEN_NAME"),
        (container([MIME, Entry("a" * 129)]), "FORBIDDEN_NAME"),
        (container([MIME, Entry("合同.pdf", flags=1 << 11)]), "FORBIDDEN_NAME"),
        (container([MIME, Entry(b"a\0.txt")]), "FORBIDDEN_NAME"),
        (container([MIME, Entry(b"")]), "FORBIDDEN_NAME"),
        (container([MIME, Entry("documents/"), Entry("documents")]), "DUPLICATE_FILE"),
        (container([MIME, MIME]), "DUPLICATE_FILE"),
    ],
)
def test_variants_are_refused_too(data, code):
    """Each way to be wrong that has no code of its own falls under one that has."""
    assert refused(data) == code


def test_limits_are_held_before_anything_is_unpacked(monkeypatch):
    """Size of the container, and of its files as the directory announces them."""
    data = container([MIME, *(Entry(f"a{n}.txt", bytes(60_000), method=8) for n in range(3))])
    monkeypatch.setattr(directory, "MAX_ARCHIVE", 170_000)
    assert refused(data) == "EXPANDED_TOO_LARGE"
    monkeypatch.setattr(directory, "MAX_ARCHIVE", len(data) - 1)
    assert refused(data) == "TOO_LARGE"


def test_what_is_too_large_or_misnamed_is_not_written(monkeypatch):
    """The writer keeps to what the reader takes."""
    for files, code in (
        ([ArchiveFile("A.txt", b"")], "FORBIDDEN_NAME"),
        ([ArchiveFile("mimetype", b"")], "DUPLICATE_FILE"),
        ([ArchiveFile(f"{n}.txt", b"") for n in range(2_000)], "TOO_MANY"),
    ):
        with pytest.raises(MalformedError) as caught:
            format_archive(files)
        assert caught.value.code == code
    monkeypatch.setattr("zheng_verifier.package.archive.MAX_ARCHIVE", 100)
    with pytest.raises(MalformedError, match="TOO_LARGE"):
        format_archive([])
    assert MAX_ARCHIVE == 512 << 20


DEPARTURES = {
    "DEFLATED": container([MIME, Entry("a.txt", b"some words", method=8)]),
    "EXTRA_FIELD": container([MIME, Entry("a.txt", b"some words", extra=b"UT\0\0")]),
    "COMMENT": container([MIME, FILE], comment=b"as you wish"),
    "DATA_DESCRIPTOR": container(
        [
            MIME,
            Entry(
                "a.txt",
                b"some words",
                flags=8,
                local={"crc": 0, "size": 0, "packed_size": 0},
                behind=b"PK\7\x08" + struct.pack("<III", zlib.crc32(b"some words"), 10, 10),
            ),
        ]
    ),
    "FOLDER_ENTRY": container([MIME, FILE, Entry("documents/", attributes=0o040755 << 16, made_by=0x31E)]),
    "NOT_CANONICAL": container([MIME, Entry("a.txt", b"some words", date=0x5C21)]),
}


@pytest.mark.parametrize("code", DEPARTURES)
def test_what_another_tool_has_packed_is_read_with_a_remark(code):
    """The files are given, with the reason why they are not in the file that was issued; the strict reader refuses."""
    archive = read_archive(DEPARTURES[code])
    assert {file.name: file.data for file in archive.files} == {"a.txt": b"some words"}
    assert archive.departures == (code,)
    with pytest.raises(MalformedError, match=code):
        parse_archive(DEPARTURES[code])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (container([FILE, MIME]), "NOT_CANONICAL"),
        (container([MIME, Entry("a.txt", b"some words", comment=b"note")]), "COMMENT"),
        (container([MIME, Entry("a.txt", b"some words", local={"extra": b"UT\0\0"})]), "EXTRA_FIELD"),
        (container([MIME, Entry("a.txt", b"some words", flags=1 << 11)]), "NOT_CANONICAL"),
        (
            container([MIME, Entry("a.txt", b"some words", attributes=0o100644 << 16, made_by=0x31E)]),
            "NOT_CANONICAL",
        ),
    ],
)
def test_smaller_departures(data, code):
    """Order, notes, permissions and flags are no content, and yet not the one form."""
    assert read_archive(data).departures == (code,)


def test_python_and_zip_pack_again_what_is_read(tmp_path):
    """A package unpacked and packed by a common tool, with and without compression: all files are still there."""
    files = parse_archive(package())
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w", method) as archive:
            archive.writestr("mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
            for file in reversed(files):
                archive.writestr(file.name, file.data)
        read = read_archive(again.getvalue())
        assert read.files == files
        assert read.departures


def test_marks_tell_one_container_from_another():
    """A signed container of somebody else is called so, whatever its names are."""
    assert (
        refused(container([MIME, Entry("Vertrag Müller.docx")]), ("zheng/manifest.json",)) == "NOT_A_PACKAGE"
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (container([MIME, FILE]), True),
        (container([MIME, FILE], before=b"%PDF-"), True),
        (container([]), True),
        (container([], size=1), False),
        (container([MIME, FILE], behind=b"x"), False),
        (container([MIME, FILE])[:-8], False),
        (container([MIME, FILE], size=9), False),
        (b"%PDF-1.7", False),
    ],
)
def test_a_zip_is_known_by_its_end(data, expected):
    """Whatever the file begins with."""
    assert ends_as_zip(data) is expected


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(data):
    """Only errors about evidence come out."""
    for prefix in (b"", b"PK\3\4", container([MIME, FILE])[:60]):
        with contextlib.suppress(MalformedError):
            read_archive(prefix + data)


BIG = Entry("b.txt", b"words " * 40, method=8, extra=b"UT\0\0", comment=b"note")
STREAMED = DEPARTURES["DATA_DESCRIPTOR"]


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from([container([MIME, FILE, BIG]), STREAMED, package()[-700:], container([MIME, BIG, FILE])]),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 1, 0x7F, 0x80, 0xFF])), min_size=1, max_size=4),
    st.booleans(),
)
def test_no_change_of_structure_raises_anything_else(data, changes, back):
    """Bytes of headers exchanged for those that make numbers extreme: refused, or read within what was announced."""
    changed = bytearray(data)
    for place, value in changes:
        position = int(place * (len(changed) - 1))
        changed[-1 - position if back else position] = value
    try:
        archive = read_archive(bytes(changed))
    except MalformedError:
        return
    assert sum(len(file.data) for file in archive.files) <= 100 * len(data) + 65_536 * len(archive.files)
