"""Typesetting: the same bytes for the same input, nothing of the machine in them."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from zheng_verifier.pdf.qr import qr_svg
from zheng_verifier.pdf.render import RenderError, render_pdf

AT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
SOURCE = """
#set document(title: "t")
#set text(font: "Noto Sans SC")
#sys.inputs.name
#image(bytes(sys.inputs.qr), format: "svg", alt: "qr")
"""
INPUTS = {"name": "王𬭎", "qr": qr_svg("https://zheng.example/p/1")}


def test_same_input_same_bytes_in_another_process():
    """A second process, in another folder and time zone, writes the same file."""
    program = (
        "import sys, datetime, hashlib; from zheng_verifier.pdf.render import render_pdf;"
        f"at = datetime.datetime.fromisoformat({AT.isoformat()!r});"
        f"sys.stdout.buffer.write(render_pdf({SOURCE!r}, inputs={INPUTS!r}, created=at))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        cwd="/",
        env={"TZ": "Asia/Tokyo", "PYTHONPATH": ":".join(path for path in sys.path if path)},
    )
    assert render_pdf(SOURCE, inputs=INPUTS, created=AT) == other.stdout


def test_creation_date_comes_from_the_caller():
    """The file says when it was made in the caller's words."""
    assert b"D:20260102030405Z" in render_pdf(SOURCE, inputs=INPUTS, created=AT)


def test_only_used_glyphs_are_embedded():
    """Two characters out of a font of 10 MB make a small file."""
    assert len(render_pdf(SOURCE, inputs=INPUTS, created=AT)) < 30_000


@pytest.mark.parametrize(
    "source",
    [
        '#set text(font: "Comic Sans MS")\nx',
        '#read("/etc/hostname")',
        "#let",
    ],
)
def test_fonts_and_files_of_the_machine_are_out_of_reach(source):
    """An unknown font (a warning), a file outside, a syntax error: all are errors of the template."""
    with pytest.raises(RenderError):
        render_pdf(source, inputs={}, created=AT)


def test_verifier_does_not_load_the_typesetter():
    """Importing the verifier costs no typesetter: the extra may be absent."""
    program = "import sys, zheng_verifier.canonical; sys.exit(bool({*sys.modules} & {'typst', 'segno'}))"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_qr_code_is_drawn_for_its_text():
    """The drawing has the size of the symbol, no quiet zone of its own, and differs for another text."""
    drawing = qr_svg("https://zheng.example/p/1")
    assert drawing.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="25" height="25"')
    assert qr_svg("https://zheng.example/p/2") != drawing
