"""Hostile PDFs, limits, and the JSON form of the facts: docs/spec/pdf-signatures.md §3, §5."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import signed_pdfs as made
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from zheng_verifier.canonical import format_json, parse_json
from zheng_verifier.errors import (
    InsufficientError,
    MalformedError,
    UncheckableError,
    VerificationError,
)
from zheng_verifier.pdf_signatures import (
    Change,
    Family,
    format_facts,
    parse_facts,
    preparation,
    read_signatures,
)
from zheng_verifier.pdf_signatures import document as documents
from zheng_verifier.pdf_signatures import prefixes as revisions
from zheng_verifier.pdf_signatures import read as reading_module
from zheng_verifier.pdf_signatures import signature as signatures
from zheng_verifier.pdf_signatures.encoding import FACTS_LIMITS
from zheng_verifier.pdf_signatures.guard import problem_of, reading
from zheng_verifier.timestamp.algorithms import digest


def code(pdf: bytes) -> str:
    """Why a file could not be read."""
    problem = read_signatures(pdf).problem
    return "" if problem is None else problem.code


def first(pdf: bytes):
    (fact,) = [each for each in read_signatures(pdf).signatures if each.field == "Sig1"]
    return fact


class TestFiles:
    def test_what_is_no_pdf_is_told(self):
        """Empty, prefixed, cut off: FORMAT_FAILURE, and digest and size all the same."""
        for pdf in (b"", b"\n" + made.pdf(), made.pdf()[:-30], b"%PDF-1.7\n%%EOF"):
            assert code(pdf) == "FORMAT_FAILURE"
            assert (len(pdf), digest("sha256", pdf)) == (
                read_signatures(pdf).size,
                read_signatures(pdf).sha256,
            )

    def test_what_is_too_large_is_not_read(self, monkeypatch):
        """Bytes, revisions, markers and signatures are limited."""
        signed = made.standard("B-T")
        for module, name, value in (
            (documents, "MAX_PDF_SIZE", 100),
            (documents, "MAX_REVISIONS", 1),
            (documents, "MAX_SIGNATURES", 0),
            (revisions, "MAX_REVISIONS", 1),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(module, name, value)
                assert code(signed) == "LIMIT_EXCEEDED"

    def test_an_encrypted_file_is_not_read(self):
        """Nobody gave a password."""
        import io

        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.pdf_utils.writer import copy_into_new_writer

        writer = copy_into_new_writer(PdfFileReader(io.BytesIO(made.pdf())))
        writer.encrypt("owner", "user")
        out = io.BytesIO()
        writer.write(out)
        assert code(out.getvalue()) == "ENCRYPTED"

    def test_a_file_with_two_tables_is_ambiguous(self):
        """Hybrid references: old and new programs see different objects."""
        base = made.pdf()
        place = len(base)
        stream = b"20 0 obj\n<</Type/XRef/Size 21/W[1 2 1]/Index[20 1]/Length 4>>stream\n\x01\0\0\0\nendstream\nendobj\n"
        start = place + len(stream)
        tail = f"xref\n0 0\ntrailer\n<</Size 21/Root 1 0 R/Prev {base.rindex(b'xref', 0, base.rindex(b'startxref'))}"
        tail += f"/XRefStm {place}>>\nstartxref\n{start}\n%%EOF\n"
        assert code(base + stream + tail.encode()) == "AMBIGUOUS"

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_rubbish_ends_in_facts(self, data):
        """Pieces cut, doubled or overwritten: facts or a problem, never an exception."""
        pdf = bytearray(made.standard("B-LTA"))
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(pdf)))
            pdf[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=30))
        facts = read_signatures(bytes(pdf))
        assert facts == parse_facts(format_facts(facts))

    def test_what_pyhanko_raises_keeps_its_family(self):
        """Its own errors are malformed, its limits and all else undecided."""
        with pytest.raises(UncheckableError, match="LIMIT_EXCEEDED"), reading("x"):
            raise PdfDecodeLimitError("much")
        with pytest.raises(UncheckableError, match="UNREADABLE"), reading("x"):
            raise RecursionError
        families = {
            MalformedError: "malformed",
            VerificationError: "false",
            InsufficientError: "insufficient",
        }
        for kind, family in (families | {UncheckableError: "uncheckable"}).items():
            assert Family(family) is problem_of(kind("CODE", "")).family


class TestDictionaries:
    """Signature dictionaries that an attacker wrote by hand into a signed file, of the same length."""

    def swap(self, old: bytes, new: bytes):
        signed = made.standard("B-B")
        assert old in signed
        return first(signed.replace(old, new.ljust(len(old)), 1))

    def test_signatures_of_unknown_kind_are_named(self):
        """A sub-filter that is not known here is neither true nor false."""
        fact = self.swap(b"/ETSI.CAdES.detached", b"/Some.Other.detached")
        assert (fact.problem.code, fact.problem.family) == ("UNKNOWN_ALGORITHM", Family.UNCHECKABLE)

    def test_a_time_stamp_that_is_none_is_malformed(self):
        """A signature that calls itself a document time-stamp."""
        fact = self.swap(b"/ETSI.CAdES.detached", b"/ETSI.RFC3161")
        assert (fact.problem.code, fact.level) == ("FORMAT_FAILURE", "RFC3161")

    @pytest.mark.parametrize("value", [b"[0 1]", b"[0 -1 5 6]", b"[0 9 9 9]", b"[1 9 20 9]", b"[0 5 900 7]"])
    def test_byte_ranges_that_are_not_the_hole_are_unclear(self, value):
        """Two numbers, negative ones, overlapping ones, ranges around something else."""
        signed = made.standard("B-B")
        start = signed.index(b"/ByteRange") + 10
        end = signed.index(b"]", start) + 1
        facts = read_signatures(signed[:start] + value.ljust(end - start) + signed[end:])
        assert not facts.signatures[0].holds
        assert facts.signatures[0].coverage == "UNCLEAR"

    def test_a_hole_that_is_no_hexadecimal_is_unclear(self):
        """The hole must be /Contents, byte for byte, and nothing else."""
        for pdf, contents in ((b"ab<zz>cd", b""), (b"ab(00)cd", b"\0"), (b"ab<01>cd", b"\0")):
            assert not signatures._hole_is_contents(pdf, (0, 2, 6, 2), contents)
        assert signatures._hole_is_contents(b"ab<00>cd", (0, 2, 6, 2), b"\0")

    def test_a_claimed_time_that_is_none_is_left_out(self):
        """/M that does not parse."""
        signed = made.standard("PKCS7")
        start = signed.index(b"/M (") + 4
        assert first(signed[:start] + b"X" + signed[start + 1 :]) is not None

        class Bad:
            @property
            def self_reported_timestamp(self):
                raise ValueError

        assert signatures._claimed_at(Bad()) is None

    def test_a_rectangle_that_is_none_shows_nothing(self):
        """An appearance that cannot be read is not visible."""
        broken = generic.DictionaryObject({generic.pdf_name("/Rect"): generic.NullObject()})
        assert not signatures._is_visible(broken)


class TestPreparation:
    """What may come between the document that was shown and its first signature."""

    def change(self, edit, base=None, field="Sig1") -> Change | None:
        base = made.pdf(form=True, extra="/Outlines<</Dest[10 0 R/Fit]/X[1 2]>>") if base is None else base
        signed = made.sign(made.update(base, edit), field=field)
        return read_signatures(signed).prefix(digest("sha256", base)).change

    def test_signing_itself_is_allowed(self):
        """With a form or without, with links to pages and lists in the catalogue."""
        assert Change.FORM_FILLING is self.change(lambda writer: writer.update_root())
        assert Change.FORM_FILLING is self.change(lambda writer: writer.update_root(), made.pdf(pages=3))

    @pytest.mark.parametrize(
        "edit",
        [
            made.add_text,
            lambda writer: (
                writer.root.update({generic.pdf_name("/OpenAction"): generic.pdf_string("x")})
                or writer.update_root()
            ),
            lambda writer: (
                writer.root["/Outlines"].update({generic.pdf_name("/X"): generic.ArrayObject()})
                or writer.update_root()
            ),
        ],
    )
    def test_all_else_is_a_change(self, edit):
        """Text, actions, other lists."""
        assert Change.OTHER is self.change(edit)

    def test_a_field_that_was_filled_in_is_named(self):
        """Whether somebody is said to have done so is for the events to tell."""
        base = made.pdf(form=True)
        signed = made.sign(made.update(base, made.fill))
        found = read_signatures(signed).prefix(digest("sha256", base))
        assert found.change is Change.FORM_FILLING
        assert len(found.filled) == 1

    def test_pages_and_annotations_are_counted(self):
        """A page more; an annotation that is no signature; one less; a field more; a form of another kind."""

        def page(writer):
            pages = writer.root["/Pages"]
            pages["/Kids"].append(pages["/Kids"].raw_get(0))
            writer.update_container(pages)

        def note(writer):
            first = writer.root["/Pages"]["/Kids"][0].get_object()
            made_note = generic.DictionaryObject({generic.pdf_name("/Subtype"): generic.pdf_name("/Text")})
            first["/Annots"] = generic.ArrayObject([first["/Annots"].raw_get(0), made_note])
            writer.update_container(first)

        def fewer(writer):
            first = writer.root["/Pages"]["/Kids"][0].get_object()
            first["/Annots"] = generic.ArrayObject([])
            writer.update_container(first)

        def xfa(writer):
            writer.root["/AcroForm"][generic.pdf_name("/XFA")] = generic.ArrayObject([])
            writer.update_root()

        assert [self.change(edit) for edit in (page, note, fewer, xfa)] == [Change.OTHER] * 4

    def test_an_empty_signature_field_may_be_filled(self):
        """A field that waited for the signature in the document shown."""
        from pyhanko.sign import fields
        from pyhanko.sign.fields import SigFieldSpec

        base = made.update(
            made.pdf(), lambda writer: fields.append_signature_field(writer, SigFieldSpec("Sig1"))
        )
        signed = made.sign(base, new_field=False)
        assert Change.FORM_FILLING is read_signatures(signed).prefix(digest("sha256", base)).change

    def test_a_page_tree_that_bites_its_tail_is_left(self, monkeypatch):
        """A circle of pages, and more values than are compared, end in no verdict."""
        monkeypatch.setattr(preparation, "MAX_NODES", 99)
        circle = made.assemble({1: "<</Type/Catalog/Pages 2 0 R>>", 2: "<</Type/Pages/Kids[2 0 R]/Count 1>>"})
        root = documents.open_document(circle).reader.root
        with pytest.raises(UncheckableError, match="LIMIT_EXCEEDED"):
            preparation._pages(root["/Pages"])
        with pytest.raises(UncheckableError, match="LIMIT_EXCEEDED"):
            preparation._Comparison(left=0).same(1, 1)
        opened = documents.open_document(circle)
        assert opened.compare_unsigned(0, 0).change is None

    def test_a_stream_is_no_dictionary(self):
        """Streams are compared by their bytes."""
        one, other = generic.StreamObject(stream_data=b"1"), generic.StreamObject(stream_data=b"2")
        comparison = preparation._Comparison()
        assert not comparison.same(one, other)
        assert not comparison.same(one, generic.DictionaryObject())
        assert comparison.same(one, generic.StreamObject(stream_data=b"1"))
        assert not comparison.same(generic.NumberObject(1), generic.pdf_string("1"))


class TestFacts:
    def test_facts_round_trip(self):
        """What is written is read as the same facts, of every kind of file."""
        files = [made.standard(level) for level in ("PKCS7", "B-LTA")]
        files += [b"", made.pdf(), made.sign(made.pdf(form=True), certify=made.fields.MDPPerm.FILL_FORMS)]
        for pdf in files:
            facts = read_signatures(pdf)
            assert facts == parse_facts(format_facts(facts))

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("signatures", 0, "byte_range", 0), "0"),
            (("signatures", 0, "byte_range", 0), True),
            (("signatures", 0, "level"), "B-Z"),
            (("signatures", 0, "digests"), []),
            (("removed",), [1]),
            (("zheng",), "pdf-signatures"),
            (("more",), 1),
        ],
    )
    def test_what_is_no_facts_is_refused(self, path, value):
        """Wrong types, unknown values and members."""
        body = parse_json(format_facts(read_signatures(made.standard("B-B"))), FACTS_LIMITS)
        place = body
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        with pytest.raises(MalformedError):
            parse_facts(format_json(body))

    def test_certificates_beyond_the_limit_are_left_out(self, monkeypatch):
        """Too many or too large: not kept, and counted."""
        monkeypatch.setattr(reading_module, "MAX_BLOBS", 1)
        facts = read_signatures(made.standard("B-LT"))
        assert (len(facts.certificates), len(facts.crls), facts.left_out) == (1, 0, 4)
        monkeypatch.setattr(documents, "MAX_BLOB_SIZE", 10)
        assert read_signatures(made.standard("B-LT")).left_out == 5

    def test_a_prefix_is_found_by_its_digest(self):
        """And only then."""
        facts = read_signatures(made.standard("B-B"))
        assert facts.prefix(facts.sha256) == facts.prefixes[-1]
        assert facts.prefix(bytes(32)) is None
        assert replace(facts, prefixes=()).digests() == {facts.sha256}

    def test_two_ends_of_one_revision_are_none(self):
        """A revision whose end stands twice has no known end."""
        tail = b"startxref\n9\n%%EOF"
        assert {0: (len(tail),)} == revisions.revision_ends(tail, [9])
        assert revisions.revision_ends(tail + tail, [9]) == {}
