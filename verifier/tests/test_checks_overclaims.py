"""Files that got, or could get, a word that says more than was checked. Each was an attack that worked."""

from dataclasses import replace

import pytest
from makers import certificates, signed_pdfs
from makers.universe import (
    _FILE,
    AT,
    OURS,
    Deposit,
    Document,
    Mark,
    attesting,
    closing,
    codes,
    digest,
    document,
    outcome,
    uuid,
    verify,
)
from zheng_verifier.bundle import format_bundle
from zheng_verifier.checks import PolicyInput, verify_certificate
from zheng_verifier.checks.replay import replay
from zheng_verifier.policy import format_policy
from zheng_verifier.report.as_text import report_text
from zheng_verifier.report.diagnostic import format_diagnostic
from zheng_verifier.report.model import Overall


def story(*files):
    """A case in which nothing but these files was deposited, as PDFs."""
    uploads = [
        Deposit(
            "document.uploaded/1",
            _FILE
            | {
                "document": uuid(f"file {number}"),
                "document_sha256": digest("sha256", data).hex(),
                "size": len(data),
                "terminal": "pc",
            },
            2 + number,
            private={"title": "TEST", "ip": "203.0.113.7"},
            documents=(document("original", data),),
            checked=(0,),
            claimed=2 + number,
        )
        for number, data in enumerate(files)
    ]
    return OURS.story(
        [
            OURS.register("ed25519"),
            Deposit("case.opened/1", {"kind": "contract", "required": ["document.uploaded"]}, 1, "service"),
            *uploads,
            Deposit("case.closed/1", closing, 14),
            Deposit("evidence.attested/1", attesting, 16, "service"),
            Mark(30),
        ]
    )


def trusting(played, *issuers):
    base = OURS.policy(played)
    tsas = (*base.tsas, signed_pdfs.trusted_tsa())
    return replace(base, cas=(signed_pdfs.trusted_ca(),), issuers=issuers, tsas=tsas)


def judged(*files, given=None):
    played = story(*files)
    shown = [Document(f"{n}.pdf", data) for n, data in enumerate(files if given is None else given)]
    return verify(played.bundle(), trusting(played), documents=shown)


def altered():
    signed = signed_pdfs.standard("B-LT")
    return signed.replace(b"TEST contract", b"FAKE contract")


def test_the_honest_files_are_consistent():
    """So that the tests below show something: an unsigned and a well-signed PDF get the best word."""
    assert judged(signed_pdfs.pdf()).overall is Overall.CONSISTENT
    assert judged(signed_pdfs.standard("B-LT")).overall is Overall.CONSISTENT
    assert judged(altered()).overall is Overall.INCONSISTENT


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Signatures that are named by no event shown (1): signature 1"),
        ("zh-CN", "所示事件均未提及的电子签名（1 个）：0.pdf"),
    ],
)
def test_a_signature_that_no_event_names_is_said(language, words):
    """It passes C13, and whoever reads only the conclusions learns it too."""
    report = judged(signed_pdfs.standard("B-LT"))
    assert "SIGNATURE_NOT_NAMED" in codes(report, "C13")
    assert words in report_text(report, language, "simple")
    assert "named by no event" not in report_text(judged(signed_pdfs.pdf()), "en", "simple")


def test_bytes_before_the_head_hide_no_signature():
    """Readers open a PDF with something before its head; a broken signature in it is not "no signature"."""
    for before in (b"\n", b"%!PS-Adobe-3.0 PDF\n", b" " * 1000):
        report = judged(before + altered())
        assert outcome(report, "C13") == ("INDETERMINATE", "FORMAT_FAILURE")
        assert report.overall is Overall.INCOMPLETE


def test_what_the_events_call_a_pdf_is_not_passed_over():
    """Further bytes, so that no reader we know opens it: still nobody looked for signatures in it."""
    report = judged(b" " * 2000 + altered())
    assert outcome(report, "C13") == ("INDETERMINATE", "FORMAT_FAILURE")
    assert report.overall is Overall.INCOMPLETE


def test_a_pdf_that_was_not_given_is_not_called_unsigned():
    """One of two PDFs is at hand: that the case has no signature was not seen."""
    report = judged(signed_pdfs.pdf(), altered(), given=[signed_pdfs.pdf()])
    assert outcome(report, "C02") == ("PASSED", "PARTIAL")
    assert outcome(report, "C13") == ("NOT_PROVIDED", "NO_DOCUMENT")
    assert (outcome(report, "A4")[0], report.overall) == ("NOT_PROVIDED", Overall.INCOMPLETE)


def test_a_page_that_nobody_vouches_for_is_not_consistent():
    """A forger prints what he likes around a true bundle; only the seal of an issuer of the policy carries the word."""
    played = story(signed_pdfs.pdf())
    evidence = format_bundle(played.bundle())
    page = certificates.unsealed(certificates.record(evidence), evidence)

    def word(pdf, *issuers):
        policy = PolicyInput(format_policy(trusting(played, *issuers)))
        given = [Document("contract.pdf", signed_pdfs.pdf())]
        return verify_certificate(pdf, documents=given, policy=policy, at=AT).overall

    known = certificates.issuer()
    assert word(page, known) is Overall.INCOMPLETE
    assert word(certificates.seal(page)) is Overall.INCOMPLETE
    assert word(certificates.seal(page), known) is Overall.CONSISTENT


def test_a_forged_diagnostic_report_is_its_makers_word():
    """Facts of a broken signature taken out of it: it does not become consistent, and the report says whose word it is."""
    played = story(altered())
    policy = trusting(played)
    report = verify(played.bundle(), policy, documents=[Document("contract.pdf", altered())])
    unsigned = replace(report.examined.documents[0], pdf=True, signatures=None)
    other = judged(signed_pdfs.pdf()).examined.documents[0].signatures
    for forged in (unsigned, replace(unsigned, signatures=other)):
        examined = replace(report.examined, documents=(forged,))
        again = replay(format_diagnostic(examined), policy=PolicyInput(format_policy(policy)), at=AT)
        assert again.overall is Overall.INCOMPLETE
        assert "the word of whoever made it" in report_text(again, "en", "simple")
        assert codes(again, "C13") <= {"FORMAT_FAILURE", "NO_SIGNATURE"}
