"""The demonstration contract: four states, each the beginning of the next where evidence needs it."""

import asyncio
import io
import subprocess
import sys
from datetime import UTC, datetime

import pikepdf
import pytest
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from api.demo.documents import PARTIES, finalize_contract, render_contract, render_draft
from api.demo.signing import make_signers, sign_contract

CASE = "7f1d2c84-9f0e-4c0b-8b1d-2a7c5e9d4f10"
AT = datetime(2026, 11, 22, 1, 2, 3, 999000, tzinfo=UTC)


@pytest.fixture(scope="module")
def shown():
    return render_contract(CASE)


@pytest.fixture(scope="module")
def finalized(shown):
    return finalize_contract(shown)


@pytest.fixture(scope="module")
def signers():
    return make_signers(lambda: AT)


@pytest.fixture(scope="module")
def signed(finalized, signers):
    return sign_contract(finalized, signers, lambda: AT, reason="head 00")


def test_same_case_same_bytes(shown, finalized):
    """Draft, shown and finalized documents are a function of the case alone."""
    assert render_draft() == render_draft()
    assert render_contract(CASE) == shown
    assert finalize_contract(shown) == finalized
    assert render_contract(CASE.replace("7", "8")) != shown


def test_lease_is_a_contract_of_several_pages_in_two_languages(shown, pdf_text, pdf_pages):
    """Three or four pages; rare names and both languages can be copied out."""
    text = pdf_text(shown)
    assert pdf_pages(shown) in (3, 4)
    for words in ("李小㛃", "王𬭎", "第十七条", "ResidentialLease", "当事人与号码均为虚构"):
        assert words in text


def test_case_stands_in_the_document_before_it_is_signed(shown, finalized, pdf_text):
    """Footer, Info and XMP name the case; the draft knows none."""
    with pikepdf.open(io.BytesIO(finalized)) as document:
        assert str(document.docinfo["/Keywords"]) == f"zheng:case:{CASE}"
        assert f"zheng:case:{CASE}" in document.Root.Metadata.read_bytes().decode()
    assert CASE in pdf_text(shown)
    assert "Evidencecase" not in pdf_text(render_draft())


def test_each_state_is_the_beginning_of_the_next(shown, finalized, signed):
    """What was shown is an exact prefix of what was finalized, and that of what was signed."""
    assert finalized.startswith(shown)
    assert signed.startswith(finalized)


def _validate(pdf, signers):
    roots = [Certificate.load(signers[0].authority.public_bytes(serialization.Encoding.DER))]

    async def statuses():
        reader = PdfFileReader(io.BytesIO(pdf))
        return [
            await async_validate_pdf_signature(
                signature, signer_validation_context=ValidationContext(trust_roots=roots, moment=AT)
            )
            for signature in reader.embedded_signatures
        ]

    return asyncio.run(statuses())


def test_both_signatures_hold(signed, signers):
    """PyHanko finds two signatures of the right people, intact, trusted, and only signing after each."""
    statuses = _validate(signed, signers)
    names = [status.signing_cert.subject.native["common_name"] for status in statuses]
    assert names == [f"{name} (TEST)" for _, _, name in PARTIES]
    for status in statuses:
        assert status.bottom_line
        assert status.signer_reported_dt == AT.replace(microsecond=0)
        assert status.modification_level <= ModificationLevel.FORM_FILLING


def test_a_changed_byte_is_noticed(signed, signers):
    """One flipped byte of the text breaks both signatures."""
    at = signed.index(b"/ToUnicode")
    changed = signed[:at] + b"/ToUnicodf" + signed[at + 10 :]
    assert [status.intact for status in _validate(changed, signers)] == [False, False]


def test_reason_is_signed_text(signed):
    """The reason given by the caller, such as the head of the case, is in each signature's dictionary."""
    reader = PdfFileReader(io.BytesIO(signed))
    assert [signature.sig_object["/Reason"] for signature in reader.embedded_signatures] == ["head 00"] * 2
    assert [signature.sig_object["/SubFilter"] for signature in reader.embedded_signatures] == [
        "/ETSI.CAdES.detached"
    ] * 2


def test_certificates_say_that_they_are_for_tests(signers):
    """Every name in the chain says TEST and 演示."""
    for signer in signers:
        for certificate in (signer.certificate, signer.authority):
            assert "TEST" in certificate.subject.rfc4514_string()
            assert "演示" in certificate.subject.rfc4514_string()


def test_importing_the_demonstration_is_cheap():
    """Neither pyHanko nor the typesetter is loaded before a document is made."""
    program = "import sys, api.demo.documents, api.demo.signing; sys.exit(bool({*sys.modules} & {'typst', 'pyhanko'}))"
    subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        env={"PYTHONPATH": ":".join(filter(None, [".", *sys.path]))},
    )
