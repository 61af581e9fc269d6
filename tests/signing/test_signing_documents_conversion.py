"""Conversion by LibreOffice, in confinement: what comes out, and what cannot get out."""

import io
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest

from signing.documents import confined
from signing.documents.confinement import Bounds, run_confined
from signing.documents.controls import check_controls
from signing.documents.inspection import Inspector
from signing.documents.kinds import Kind
from signing.documents.limits import DocumentLimits
from signing.documents.rendering import render_entered
from signing.documents.samples.lease import NAME, PAGES, PARTIES, VALUES, lease_controls, lease_docx
from signing.documents.soffice import INSTALL, SofficeConverter
from signing.errors import Refused

needs_soffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason=f"LibreOffice is not installed: {INSTALL}"
)
needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="seccomp is Linux's")


@pytest.fixture(scope="module")
def lease():
    """The lease, blank, as PDF."""
    return Inspector(SofficeConverter()).prepare(NAME, "", lease_docx())


def _fonts(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as read:
        return {
            str(each.BaseFont)
            for each in read.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"
        }


@needs_soffice
def test_docx_becomes_a_pdf_in_our_font_with_tool_and_version(lease):
    """The document asks for 宋体 and Times; the machine has other fonts: what comes out knows Noto Sans SC alone."""
    assert (lease.kind, lease.tool, len(lease.pages), lease.fonts_missing) == (
        Kind.DOCX,
        "libreoffice",
        PAGES,
        (),
    )
    assert lease.tool_version.split(".")[0].isdigit()
    assert all("NotoSansSC" in font for font in _fonts(lease.pdf))
    assert b"pdfaid:part" in lease.pdf


@needs_soffice
def test_converted_lease_has_its_blanks_where_its_controls_are(lease):
    """Values and fields of the sample fall into the boxes that are drawn for them."""
    check_controls(lease_controls(), [page.size for page in lease.pages])
    names = dict(zip(("landlord", "tenant_1", "tenant_2"), PARTIES, strict=True))
    _, entries = render_entered(lease.pdf, lease.pages, lease_controls(), VALUES | names, None, complete=True)
    assert len(entries) == 11


@needs_soffice
def test_conversion_that_would_write_too_much_is_refused():
    """LibreOffice cannot write a file larger than allowed: there is no PDF."""
    converter = SofficeConverter(limits=DocumentLimits(conversion_output=1000))
    with pytest.raises(Refused) as caught:
        converter.convert(lease_docx(), Kind.DOCX)
    assert caught.value.code == "conversion-failed"


def test_missing_converter_says_what_to_install():
    """Without LibreOffice a DOCX is refused, with the words to type; so is another program of that name."""
    for program in ("/nowhere/soffice", shutil.which("true")):
        with pytest.raises(Refused) as caught:
            SofficeConverter(program).convert(lease_docx(), Kind.DOCX)
        assert (caught.value.code, caught.value.expected) == ("converter-missing", INSTALL)


def _run(tmp_path, code, seconds=5, largest=1000):
    (tmp_path / "program.py").write_text(code)
    bounds = Bounds(512 << 20, seconds, largest)
    program = ("program", sys.executable, str(tmp_path / "program.py"))
    exit_code = run_confined(program, bounds=bounds, folder=tmp_path, environment={"LC_ALL": "C.UTF-8"})
    return exit_code, (tmp_path / "output").read_text()


@needs_linux
def test_confined_program_opens_no_socket_to_anywhere(tmp_path):
    """IPv4, IPv6 and raw packets are denied, also in what it starts itself; sockets in the file system are not."""
    code = (
        "import socket, subprocess, sys\n"
        "for family in (socket.AF_INET, socket.AF_INET6, socket.AF_PACKET):\n"
        "    try: socket.socket(family)\n"
        "    except PermissionError: print('denied')\n"
        "socket.socket(socket.AF_UNIX); print('local')\n"
        "child = 'import socket; socket.socket()'\n"
        "print(subprocess.run([sys.executable, '-c', child], stderr=subprocess.DEVNULL).returncode)\n"
    )
    assert _run(tmp_path, code) == (0, "denied\ndenied\ndenied\nlocal\n1\n")


def test_confined_program_is_ended_with_all_it_started(tmp_path, monkeypatch):
    """At the end of its time the whole group goes, sleeping children included."""
    monkeypatch.setattr("signing.documents.confinement._GRACE", 0.3)
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True); time.sleep(60)\n"
    )
    exit_code, output = _run(tmp_path, code, seconds=1)
    assert exit_code is None
    for _ in range(50):
        status = Path(f"/proc/{output.strip()}/stat")
        if not status.exists() or status.read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("a child lived on")


def test_confined_program_may_not_write_more_than_allowed(tmp_path):
    """A file that would grow beyond the limit is not written."""
    exit_code, _ = _run(tmp_path, "with open('big', 'wb') as big: big.write(b'x' * 5000)")
    assert exit_code == 1
    assert (tmp_path / "big").stat().st_size <= 1000


def test_confinement_says_where_it_cannot_cut_off(monkeypatch):
    """On a processor it has no numbers for it changes nothing, and says so."""
    monkeypatch.setattr(confined.platform, "machine", lambda: "sparc64")
    assert confined.cut_off() is False


@needs_soffice
def test_doc_is_converted_as_well(tmp_path):
    """A DOC, made here by LibreOffice itself from the lease, is taken in and has as many pages."""
    (tmp_path / "lease.docx").write_bytes(lease_docx())
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "doc:MS Word 97", "--outdir", str(tmp_path), str(tmp_path / "lease.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    content = (tmp_path / "lease.doc").read_bytes()
    prepared = Inspector(SofficeConverter()).prepare("合同.doc", "application/msword", content)
    assert (prepared.kind, len(prepared.pages)) == (Kind.DOC, PAGES)
