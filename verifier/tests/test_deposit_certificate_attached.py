"""Taking the two files out of a stranger's PDF: exactly one of each, and nothing that surprises the reader."""

import io
import zlib

import pikepdf
import pytest
from makers import certificates, signed_pdfs
from zheng_verifier.deposit_certificate.attached import MAX_PDF, read_certificate
from zheng_verifier.deposit_certificate.files import Attached
from zheng_verifier.errors import EvidenceError


def refused(pdf):
    with pytest.raises(EvidenceError) as caught:
        read_certificate(pdf)
    return caught.value.code


def test_both_files_are_taken():
    """Before and after the seal they are the same bytes."""
    pdf = certificates.page({"certificate.json": b'{"a":1}', "bundle.json": b"{}"})
    assert read_certificate(pdf) == Attached(b'{"a":1}', b"{}")
    assert read_certificate(certificates.seal(pdf)) == Attached(b'{"a":1}', b"{}")


@pytest.mark.parametrize(
    ("pdf", "code"),
    [
        (b"", "FORMAT_FAILURE"),
        (b"{}", "FORMAT_FAILURE"),
        (b"PK\x03\x04" + certificates.page(), "FORMAT_FAILURE"),
        (certificates.page() + b"PK\x05\x06" + bytes(18), "FORMAT_FAILURE"),
        (b"%PDF-1.7\n%%EOF\n", "FORMAT_FAILURE"),
        (certificates.page(pages=2), "FORMAT_FAILURE"),
        (certificates.page().replace(b"/Type/Page/", b"/Type/Pagf/"), "FORMAT_FAILURE"),
        (certificates.page(names=" "), "ATTACHMENTS"),
        (certificates.page(names="/Names<<>>"), "ATTACHMENTS"),
        (certificates.page(names="/Names<</EmbeddedFiles<</Kids[]>>>>"), "ATTACHMENTS"),
        (certificates.page({"certificate.json": b"{}"}), "ATTACHMENTS"),
        (certificates.page({"certificate.json": b"{}", "bundle.json": b"{}", "x": b""}), "ATTACHMENTS"),
        (certificates.page({"certificate.json": b"{}", "bundle.jsom": b"{}"}), "ATTACHMENTS"),
        (certificates.page().replace(b"/UF(bundle.json)", b"/UF(bundle.jsom)"), "ATTACHMENTS"),
        (certificates.page().replace(b"/F(bundle.json)", b"/F(bundle.jsom)"), "ATTACHMENTS"),
        (certificates.page().replace(b"/AF[10 0 R 12 0 R]", b"/AF[10 0 R]       "), "ATTACHMENTS"),
        (certificates.page().replace(b"/EF<<", b"/EG<<"), "UNREADABLE"),
        (signed_pdfs.pdf(), "ATTACHMENTS"),
    ],
    ids=range(18),
)
def test_what_is_no_certificate_is_refused(pdf, code):
    """Empty, another format, prefixed, followed by more, another number of pages or files, two names for one."""
    assert refused(pdf) == code


def test_an_encrypted_file_is_not_read():
    """Even where the password is empty: a certificate is never encrypted."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(certificates.page())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="", user=""))
    assert refused(out.getvalue()) == "ENCRYPTED"


def test_huge_files_are_not_read():
    """Neither as they come nor when they are unpacked."""
    assert refused(b"%PDF-" + bytes(MAX_PDF)) == "LIMIT_EXCEEDED"
    packed = zlib.compress(bytes(34 << 20), 9)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(certificates.page())) as document:
        names = document.Root.Names.EmbeddedFiles.Names
        names[1].EF.F.write(packed, filter=pikepdf.Name.FlateDecode)
        document.save(out, compress_streams=False)
    assert refused(out.getvalue()) == "LIMIT_EXCEEDED"


def test_a_record_beyond_its_format_is_not_read():
    """More than a mebibyte is no record."""
    pdf = certificates.page({"certificate.json": b" " * ((1 << 20) + 1), "bundle.json": b"{}"})
    assert refused(pdf) == "LIMIT_EXCEEDED"
