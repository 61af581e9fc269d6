"""PDFs of a few kilobytes that ask for hours of work: each is answered, at once, with the limit it exceeds."""

import io
import zlib

import pikepdf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from makers import certificates, signed_pdfs
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfStreamError
from zheng_verifier.deposit_certificate.attached import read_certificate
from zheng_verifier.errors import UncheckableError
from zheng_verifier.pdf_signatures import bounded, read_signatures
from zheng_verifier.pdf_signatures.bounded import BoundedReader

_HEAD = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
)


def with_stream(index: str, widths: str, body: bytes = b"") -> bytes:
    """A file whose cross-references are a stream; ``index`` says of which objects."""
    packed = zlib.compress(body, 9)
    entry = (
        f"3 0 obj\n<</Type/XRef/Size 9/Root 1 0 R/W{widths}{index}/Length {len(packed)}"
        "/Filter/FlateDecode>>stream\n"
    )
    end = f"\nendstream\nendobj\nstartxref\n{len(_HEAD)}\n%%EOF\n"
    return _HEAD + entry.encode() + packed + end.encode()


def doubled(first: int, count: int, start: dict[int, str], last: str, kind: str) -> bytes:
    """Objects in a row of which each names the next one twice: 2^count ways from the first to the last."""
    row = {number: kind.format(n=number, next=number + 1) for number in range(first, first + count)}
    return signed_pdfs.assemble(start | row | {first + count: last})


@pytest.mark.parametrize(
    "pdf",
    [
        with_stream("/Index[0 1000000000]", "[0 0 0]"),
        # Added up the two are nothing.
        with_stream("/Index[0 1000000000 1000000000 -1000000000]", "[0 0 0]"),
        with_stream("/Index[0 9000000]", "[1 1 1]", b"\x01\x09\x00" * 9_000_000),
    ],
    ids=["no-bytes", "negative", "packed"],
)
def test_more_objects_are_announced_than_are_read(pdf):
    """A cross-reference stream that describes a thousand million objects is refused before one is read."""
    assert read_signatures(pdf).problem.code == "LIMIT_EXCEEDED"


def test_a_stream_of_few_objects_is_read():
    """The limit is on what is announced, not on streams."""
    places = [(1, 9), (1, _HEAD.index(b"2 0 obj")), (1, len(_HEAD))]
    body = b"".join(kind.to_bytes(1) + place.to_bytes(2) for kind, place in places)
    assert read_signatures(with_stream("/Index[1 3]", "[1 2 0]", body)).problem is None


def test_fields_that_name_one_another_twice_are_left():
    """A form of forty fields with 2^40 ways through it."""
    catalogue = {
        1: "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>",
        2: "<</Type/Pages/Kids[]/Count 0>>",
    }
    pdf = doubled(5, 40, catalogue, "<</T(z)/FT/Sig>>", "<</T(a{n})/Kids[{next} 0 R {next} 0 R]>>")
    assert read_signatures(pdf).problem.code == "LIMIT_EXCEEDED"


def test_objects_that_name_one_another_twice_leave_the_changes_open():
    """2^40 ways to an object, in a signed file with a later revision: it is not said to be unchanged."""
    pages = {
        1: "<</Type/Catalog/Pages 2 0 R/X 11 0 R>>",
        2: "<</Type/Pages/Kids[10 0 R]/Count 1/MediaBox[0 0 300 300]>>",
        10: "<</Type/Page/Parent 2 0 R/Resources<<>>>>",
    }
    plain = doubled(11, 40, pages, "<</A 1>>", "<</A {next} 0 R/B {next} 0 R>>")
    twice = signed_pdfs.sign(signed_pdfs.sign(plain), field="Sig2")
    first = read_signatures(twice).signatures[0]
    assert first.change is None
    assert "lookups" in (first.change_detail or first.problem.detail)


def test_an_object_stream_is_not_read_from_its_beginning_for_ever():
    """Each object of a stream costs as many as stand before it."""
    reader = BoundedReader(signed_pdfs.pdf())
    with pytest.raises(UncheckableError, match="LIMIT_EXCEEDED"):
        reader._get_object_from_stream(1, 3, 10_000_000)


def test_objects_in_streams_are_read():
    """An honest file of that kind, as most programs write it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed_pdfs.pdf(form=True))) as plain:
        plain.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"/ObjStm" in out.getvalue()
    assert read_signatures(out.getvalue()).problem is None


def test_many_honest_signatures_stay_within():
    """Twelve signers, each with a revision, cost less than the limit."""
    pdf = signed_pdfs.pdf(pages=50)
    for number in range(12):
        pdf = signed_pdfs.sign(pdf, field=f"S{number}")
    facts = read_signatures(pdf)
    assert facts.problem is None
    assert all(each.change is not None for each in facts.signatures)


def test_certificates_are_read_under_the_same_limits():
    """Whoever drops a file on the portal as a certificate asks for no more work."""
    with pytest.raises(UncheckableError, match="LIMIT_EXCEEDED"):
        read_certificate(with_stream("/Index[0 1000000000]", "[0 0 0]"))
    assert read_certificate(certificates.sealed()).record


@given(st.text("0aF> \n%<g", max_size=12), st.sampled_from([0, 1, 2, 4094, 4095, 4096, 9001]), st.booleans())
@example("", 4, False)
def test_hexadecimal_is_read_as_pyhanko_reads_it(text, zeros, ended):
    """The same value or the same complaint, and the same place in the file afterwards."""
    data = b"..<" + b"0" * zeros + text.encode() + b"> 12" * ended

    def outcome(read):
        stream = io.BytesIO(data)
        stream.seek(2)
        try:
            value = read(stream)
        except PdfStreamError as error:
            return str(error)
        return type(value), value, stream.tell()

    assert generic.read_hex_string_from_stream is bounded.read_hex_string
    assert outcome(bounded.read_hex_string) == outcome(bounded._read_each_digit)
