"""Which characters the shipped fonts print, and what stands in for the rest."""

import hashlib
import re
import struct

import pytest
from zheng_verifier.pdf.characters import Coverage, parse_coverage, printable
from zheng_verifier.pdf.fonts import FOLDER, coverage


def _font(*tables: tuple[bytes, bytes]) -> bytes:
    """Lay out the smallest font file that has the given tables."""
    head = struct.pack(">LHHHH", 0x00010000, len(tables), 0, 0, 0)
    offset, records, bodies = len(head) + 16 * len(tables), b"", b""
    for tag, body in tables:
        records += struct.pack(">4sLLL", tag, 0, offset + len(bodies), len(body))
        bodies += body
    return head + records + bodies


def test_rare_names_are_covered_by_both_weights():
    """𬭎 (U+2CB4E), 㛃 (U+36C3) and all of U+4E00–9FEF and Extension A can be printed, in bold too."""
    bold = parse_coverage((FOLDER / "NotoSansSC-Bold.ttf").read_bytes())
    wanted = [0x2CB4E, 0x36C3, *range(0x4E00, 0x9FF0), *range(0x3400, 0x4DB6)]
    assert [point for point in wanted if point not in coverage()] == []
    assert bold == coverage()


def test_fonts_are_the_ones_the_readme_names():
    """The digests in the provenance table are those of the files."""
    named = re.findall(r"`(\S+\.ttf)` \|.*`([0-9a-f]{64})`", (FOLDER / "README.md").read_text("utf-8"))
    assert len(named) == 2
    assert dict(named) == {
        name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name, _ in named
    }


def test_text_that_can_be_printed_stays_as_it_is():
    """Names, Latin and punctuation pass through untouched."""
    assert printable("李小㛃 王𬭎 Ada (1815) “…”", coverage()) == "李小㛃 王𬭎 Ada (1815) “…”"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("𠮷野家", "〔U+20BB7〕野家"),
        ("a\u202eb", "a〔U+202E〕b"),
        ("a\x00b", "a〔U+0000〕b"),
        ("a\n\t b\u3000c", "a b c"),
        ("한", "〔U+D55C〕"),
    ],
)
def test_what_cannot_be_printed_is_named(text, shown):
    """A character without a glyph, a control or a direction mark becomes its code point; white space one space."""
    assert shown == printable(text, coverage())


def test_ranges_have_ends():
    """A code point before, between and behind the ranges is not covered."""
    ranges = Coverage((5, 20), (9, 20))
    assert [point for point in (4, 5, 9, 10, 19, 20, 21) if point in ranges] == [5, 9, 20]


@pytest.mark.parametrize(
    "font",
    [
        _font((b"head", b"")),
        _font((b"cmap", struct.pack(">HHHHLH", 0, 1, 3, 1, 12, 4))),
    ],
)
def test_a_font_without_full_unicode_is_refused(font):
    """A font without a 'cmap' of format 12 cannot hold the rare names."""
    with pytest.raises(ValueError, match="cmap"):
        parse_coverage(font)
