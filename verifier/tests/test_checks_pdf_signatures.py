"""C13: verdicts on signatures in PDFs, and on what the events of a case say about them."""

from dataclasses import replace

import pytest
from makers import signed_pdfs as made
from makers import signing_cases as cases
from pyhanko.pdf_utils.generic import ArrayObject, NameObject, NumberObject, TextStringObject
from pyhanko.sign import fields
from zheng_verifier.checks.pdf_signatures import check_pdf_signatures, find_signatures, judge_signature
from zheng_verifier.pdf_signatures import Coverage, Family, Problem
from zheng_verifier.pdf_signatures.encoding import format_facts, parse_facts
from zheng_verifier.report.model import Status
from zheng_verifier.report.sentences import word


def found(*pdfs, case=None, all_shown=True):
    """(status, code) of every finding; each can be put into words of both languages."""
    documents = [pdf if not isinstance(pdf, bytes) else cases.examined(pdf) for pdf in pdfs]
    findings = check_pdf_signatures(case or cases.case(), documents, all_shown=all_shown)
    for finding in findings:
        assert all(
            word(text, language) for text in (finding.subject, finding.detail) for language in ("en", "zh-CN")
        )
    return [(finding.status.value, finding.code) for finding in findings]


def only(pdf):
    (signature,) = find_signatures([cases.examined(pdf)])
    return signature


def verdict(pdf):
    finding = judge_signature(only(pdf))
    return finding.status.value, finding.code


SEALED = {"_sd": ["A" * 43]}
NAMED, UNNAMED = ("PASSED", ""), ("PASSED", "SIGNATURE_NOT_NAMED")


class TestSignature:
    @pytest.mark.parametrize("level", ["PKCS7", "B-B", "B-T", "B-LT", "B-LTA"])
    def test_a_whole_signature_passes_at_every_level(self, level):
        """Level does not decide C13."""
        assert verdict(made.standard(level)) == ("PASSED", "")

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            (lambda pdf: pdf.replace(b"TEST contract", b"TEST contrakt"), ("FAILED", "HASH_FAILURE")),
            (lambda pdf: made.update(pdf, made.add_text), ("FAILED", "SUSPICIOUS_MODIFICATION")),
            (lambda pdf: made.update(pdf, made.fill), ("PASSED", "")),
        ],
    )
    def test_what_happened_to_the_file_is_told(self, change, expected):
        """A changed byte, a changed page and a filled field are three different things."""
        assert expected == verdict(change(made.standard("B-T")))

    def test_a_change_that_the_signer_forbade_fails(self):
        """DocMDP 1 and a filled field."""
        certified = made.sign(made.pdf(form=True), certify=fields.MDPPerm.NO_CHANGES)
        assert verdict(made.update(certified, made.fill)) == ("FAILED", "SUSPICIOUS_MODIFICATION")

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"signature_ok": False}, ("FAILED", "SIG_CRYPTO_FAILURE")),
            ({"digest_ok": None}, ("FAILED", "FORMAT_FAILURE")),
            ({"coverage": Coverage.PARTIAL}, ("FAILED", "PARTIAL_COVERAGE")),
            ({"change": None}, ("INDETERMINATE", "MODIFICATIONS_UNCLEAR")),
            (
                {"problem": Problem(Family.UNCHECKABLE, "UNKNOWN_ALGORITHM", "")},
                ("INDETERMINATE", "UNKNOWN_ALGORITHM"),
            ),
            ({"problem": Problem(Family.MALFORMED, "FORMAT_FAILURE", "")}, ("FAILED", "FORMAT_FAILURE")),
        ],
    )
    def test_each_fact_has_its_verdict(self, changes, expected):
        """The four families of errors stay apart."""
        signature = only(made.standard("B-B"))
        finding = judge_signature(replace(signature, fact=replace(signature.fact, **changes)))
        assert expected == (finding.status.value, finding.code)


class TestFile:
    def test_without_signatures_and_claims_nothing_applies(self):
        """No signature, no claim: NOT_APPLICABLE, or NOT_PROVIDED if entries are withheld."""
        assert found(made.pdf()) == [("NOT_APPLICABLE", "NO_SIGNATURE")]
        assert found(b"a text") == [("NOT_APPLICABLE", "NO_SIGNATURE")]
        assert found(made.pdf(), all_shown=False) == [("NOT_PROVIDED", "NO_SIGNATURE")]

    def test_a_file_that_cannot_be_read_is_undecided(self):
        """Malformed is not false: this reader may be the one that errs."""
        assert found(b"%PDF-1.7 and nothing") == [("INDETERMINATE", "FORMAT_FAILURE")]

    def test_a_removed_signature_fails(self):
        """A signature that an earlier revision has."""
        document = cases.examined(made.standard("B-B"))
        gone = replace(document, signatures=replace(document.signatures, removed=("Sig0",)))
        assert ("FAILED", "SUSPICIOUS_MODIFICATION") in found(gone)

    def test_a_signature_that_no_event_names_is_said(self):
        """It passes, and is named."""
        assert found(made.standard("B-B")) == [("PASSED", ""), UNNAMED]


class TestClaims:
    base, signed = made.pdf(form=True), made.standard("B-T")

    def claim(self, **changes):
        return cases.signed(2, only(self.signed).fact, self.base, self.signed, **changes)

    def test_a_claim_that_agrees_passes(self):
        """Signature, as claimed, and the document before it a prefix."""
        assert found(self.signed, case=cases.case(self.claim())) == [NAMED] * 3

    @pytest.mark.parametrize(
        "changes",
        [
            {"field": "Sig9"},
            {"byte_range": [0, 1, 2, 3]},
            {"certificate": "00" * 32},
            {"level": "pades_b_lta"},
        ],
    )
    def test_what_the_file_contradicts_fails(self, changes):
        """Field, byte range, certificate and level are held against the file."""
        assert ("FAILED", "SIGNATURE_MISMATCH") in found(self.signed, case=cases.case(self.claim(**changes)))

    @pytest.mark.parametrize(
        "changes", [{"certificate": {"_sd": ["A" * 43]}}, {"level": "gm_seal"}, {"level": "pades_b_b"}]
    )
    def test_what_is_sealed_or_less_contradicts_nothing(self, changes):
        """A sealed certificate, a level of another kind or a lower one that has grown since."""
        assert found(self.signed, case=cases.case(self.claim(**changes))) == [NAMED] * 3

    def test_a_claim_without_a_file_is_not_provided(self):
        """No file, or another signed file: nothing is false."""
        lone = cases.case(self.claim(signature_sha256="00" * 32, after_sha256="00" * 32))
        assert found(case=lone) == [("NOT_PROVIDED", "NO_DOCUMENT")]
        assert ("NOT_PROVIDED", "NO_SIGNATURE") in found(self.signed, case=lone)

    def test_a_signature_that_the_named_file_lacks_fails(self):
        """The file is at hand, and the signature is not in it."""
        lone = cases.case(self.claim(signature_sha256="00" * 32))
        assert ("FAILED", "NO_SIGNATURE") in found(self.signed, case=lone)

    def test_a_file_that_was_cut_off_is_undecided(self):
        """The last revision cut off leaves a whole signature; only the digest that was logged tells."""
        longer = made.sign(self.signed, made.signer("李四 TEST", kind="p256-bob"), field="Sig2")
        claim = cases.signed(2, only(self.signed).fact, self.base, longer)
        assert ("INDETERMINATE", "SIGNED_DATA_NOT_FOUND") in found(self.signed, case=cases.case(claim))

    def test_the_file_that_the_event_names_is_looked_at_first(self):
        """Two files hold the signature: the one whose digest was logged counts."""
        other = made.update(self.signed, made.fill)
        claim = cases.signed(2, only(self.signed).fact, self.base, other)
        assert ("INDETERMINATE", "SIGNED_DATA_NOT_FOUND") not in found(
            self.signed, other, case=cases.case(claim)
        )

    def test_sealed_digests_are_not_compared(self):
        """An after or before that is sealed and not opened says nothing."""
        sealed = {"_sd": ["A" * 43]}
        claim = self.claim(after_sha256=sealed, before_sha256=sealed)
        assert found(self.signed, case=cases.case(claim)) == [NAMED] * 2


class TestShown:
    base, signed = made.pdf(form=True), made.standard("B-T")

    def test_what_was_shown_is_the_beginning_of_what_was_signed(self):
        """A finalized document that the signed file begins with, named twice, is judged once."""
        shown = cases.case(cases.finalized(1, self.base), cases.finalized(2, self.base))
        assert found(self.signed, case=shown) == [NAMED, NAMED, UNNAMED]

    def test_a_document_by_its_role_counts_as_well(self):
        """Role ``shown`` of any event's documents; other roles and media types do not."""
        from makers.universe import document

        refs = (document("shown", self.base), document("original", b"%PDF-"))
        refs += (replace(document("shown", b"text"), media_type="text/plain"),)
        shown = cases.case(cases.event(1, "document.viewed", {}, refs))
        assert found(self.signed, case=shown) == [NAMED, NAMED, UNNAMED]

    def test_another_document_than_was_signed_is_undecided(self):
        """The signed file begins otherwise: signing may have rewritten it."""
        shown = cases.case(cases.finalized(1, made.pdf(pages=2)))
        assert ("INDETERMINATE", "SIGNED_DATA_NOT_FOUND") in found(self.signed, case=shown)
        claim = cases.signed(2, only(self.signed).fact, self.base, self.signed)
        linked = cases.case(cases.finalized(1, made.pdf(pages=2)), claim)
        assert ("INDETERMINATE", "SIGNED_DATA_NOT_FOUND") in found(self.signed, case=linked)

    def test_a_document_that_nobody_is_said_to_have_signed_is_passed_over(self):
        """Another document of the case, of which the signed file says nothing."""
        other = cases.finalized(1, made.pdf(pages=2), cases.uuid("another"))
        claim = cases.signed(2, only(self.signed).fact, self.base, self.signed)
        assert found(self.signed, case=cases.case(other, claim)) == [NAMED] * 3
        assert found(case=cases.case(other)) == [("NOT_APPLICABLE", "NO_SIGNATURE")]

    def test_a_page_changed_between_showing_and_signing_fails(self):
        """The prefix is there, and something else than signing came between."""
        changed = made.sign(made.update(self.base, made.add_text))
        assert ("FAILED", "SUSPICIOUS_MODIFICATION") in found(
            changed, case=cases.case(cases.finalized(1, self.base))
        )

    def test_a_form_that_came_only_after_the_signature_is_not_what_was_signed(self):
        """A prefix that ends behind the signature cannot have been before it."""
        claim = cases.signed(2, only(self.signed).fact, self.signed, self.signed)
        assert ("FAILED", "SIGNED_DATA_NOT_FOUND") in found(self.signed, case=cases.case(claim))

    def test_between_two_signers_the_first_signature_watches(self):
        """What the second signer had before him ends with the first signature."""
        bob = made.signer("李四 TEST", kind="p256-bob")
        twice = made.sign(self.signed, bob, field="Sig2")
        second = find_signatures([cases.examined(twice)])[1].fact
        claim = cases.signed(2, second, self.signed, twice)
        assert found(twice, case=cases.case(claim))[-2] == ("PASSED", "")

    def test_a_prefix_that_cannot_be_judged_or_found_is_undecided(self):
        """An unclear change before the signature; a document before it that is no prefix."""
        document = cases.examined(self.signed)
        prefixes = tuple(replace(each, change=None) for each in document.signatures.prefixes)
        unclear = replace(document, signatures=replace(document.signatures, prefixes=prefixes))
        shown = cases.case(cases.finalized(1, self.base))
        assert ("INDETERMINATE", "MODIFICATIONS_UNCLEAR") in found(unclear, case=shown)
        claim = cases.signed(2, only(self.signed).fact, b"another", self.signed)
        assert ("INDETERMINATE", "SIGNED_DATA_NOT_FOUND") in found(self.signed, case=cases.case(claim))


class TestFilled:
    base = made.pdf(form=True)
    filled = made.update(base, made.fill)
    signed = made.sign(filled)

    def told(self, **changes):
        data = {
            "document": cases.REFERENCE,
            "before_sha256": cases.sha256(self.base),
            "after_sha256": cases.sha256(self.filled),
        } | changes
        return cases.case(cases.finalized(1, self.base), cases.event(2, "document.filled", data))

    def test_what_was_filled_in_before_the_signature_is_named(self):
        """The fact tells which field; an event that says so has it pass, and its digests are those of revisions."""
        facts = cases.examined(self.signed).signatures
        assert facts.prefix(bytes.fromhex(cases.sha256(self.base))).filled == ("Remark",)
        assert facts.prefix(bytes.fromhex(cases.sha256(self.filled))).filled == ()
        assert parse_facts(format_facts(facts)) == facts
        assert found(self.signed, case=self.told()) == [NAMED, NAMED, UNNAMED]
        assert found(self.signed, case=self.told(before_sha256=SEALED)) == [NAMED, NAMED, UNNAMED]

    @pytest.mark.parametrize(
        ("changes", "all_shown", "expected"),
        [
            ({"after_sha256": "00" * 32}, True, ("FAILED", "SUSPICIOUS_MODIFICATION")),
            ({"before_sha256": "00" * 32}, True, ("FAILED", "SUSPICIOUS_MODIFICATION")),
            ({"after_sha256": SEALED}, True, ("INDETERMINATE", "MODIFICATIONS_UNCLEAR")),
            ({"after_sha256": "00" * 32}, False, ("INDETERMINATE", "MODIFICATIONS_UNCLEAR")),
        ],
    )
    def test_what_nobody_is_said_to_have_filled_in_does_not_pass(self, changes, all_shown, expected):
        """Other digests than the file's tell of another filling; what is sealed or not shown leaves it open."""
        assert expected in found(self.signed, case=self.told(**changes), all_shown=all_shown)

    @pytest.mark.parametrize("name", ["/Rect", "/DA", "/F", "/TU", "/Ff"])
    def test_more_than_a_value_is_no_filling_in(self, name):
        """A field that moves, looks otherwise by itself, hides, or is something else was changed, and not filled in."""
        value = {"/Rect": [10, 10, 590, 830], "/F": 2, "/Ff": 4096}.get(name, "other")

        def change(writer):
            made.fill(writer)
            field = writer.root["/AcroForm"]["/Fields"][0].get_object()
            made_of = {
                list: lambda v: ArrayObject(map(NumberObject, v)),
                int: NumberObject,
                str: TextStringObject,
            }
            field[NameObject(name)] = made_of[type(value)](value)
            writer.update_container(field)

        changed = made.sign(made.update(self.base, change))
        assert ("FAILED", "SUSPICIOUS_MODIFICATION") in found(changed, case=self.told())

    def test_a_value_that_stood_there_is_not_filled_in_again(self):
        """Between what was shown with a value and the signature, another value is a change."""
        again = made.update(self.filled, lambda writer: refill(writer, "refused"))
        shown = cases.case(cases.finalized(1, self.filled))
        assert ("FAILED", "SUSPICIOUS_MODIFICATION") in found(made.sign(again), case=shown)


def refill(writer, text):
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field["/V"] = TextStringObject(text)
    writer.update_container(field)


def test_a_report_carries_both_checks():
    """The whole way: a bundle with a signed PDF gives C13, C14 and a view of the signature."""
    from makers.universe import run
    from zheng_verifier.examined import Document

    report = run(documents=(Document("signed.pdf", made.standard("B-T")),))
    assert {Status.PASSED, Status.NOT_PROVIDED} >= {finding.status for finding in report.checks[12].findings}
    (view,) = report.signatures
    assert (
        view.document,
        view.number,
        view.level,
        view.certificate_code,
    ) == ("signed.pdf", 1, "B-T", "NO_CERTIFICATE_CHAIN_FOUND")
