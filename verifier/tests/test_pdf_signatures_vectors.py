"""Signed PDFs that others made: what they are, and what pyHanko says of them (signed-pdf/cases.json)."""

import io
import json
from dataclasses import replace
from datetime import datetime

import pytest
from asn1crypto import pem
from makers import signing_cases as cases
from pyhanko.pdf_utils.reader import PdfFileReader
from zheng_verifier.checks.pdf_signatures import check_pdf_signatures, find_signatures, judge_signature
from zheng_verifier.checks.proof_of_existence import Sources
from zheng_verifier.checks.signer_certificates import check_signers
from zheng_verifier.pdf_signatures import read_signatures
from zheng_verifier.policy import AlgorithmRule, TrustedCa
from zheng_verifier.policy.model import Quorum, TrustPolicy
from zheng_verifier.timestamp import TrustedTsa

# What each expectation of the corpus means here: the verdicts of C13 and C14 on the first signature.
_CHAIN, _STATUS = "NO_CERTIFICATE_CHAIN_FOUND", "REVOCATION_NOT_CHECKED"
_GOOD = ("PASSED", "")
_EXPECTED = {
    "valid": (_GOOD, {_STATUS, ""}),
    "untrusted": (_GOOD, {_CHAIN}),
    "altered": (("FAILED", "HASH_FAILURE"), {"DEPENDENCY"}),
    "modified": (("FAILED", "SUSPICIOUS_MODIFICATION"), {_STATUS}),
    "reject": (("FAILED", "PARTIAL_COVERAGE"), {_CHAIN}),
    "weak": (("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE"), {"DEPENDENCY"}),
    "malformed": (("FAILED", "FORMAT_FAILURE"), {"DEPENDENCY"}),
    "indeterminate": (_GOOD, {"OUT_OF_BOUNDS_NO_POE"}),
    "valid-at-timestamp": (_GOOD, {_STATUS, ""}),
    "revoked": (_GOOD, {"REVOKED"}),
}
_NAMES = ("sha256", "sha512", "sha384", "rsa-sha256", "rsa-sha512", "ecdsa-sha256", "ed25519", "rsa-sha1")


def _policy(roots, tsas):
    ca = TrustedCa("vector", roots, (), "none", "XX", test=False)
    return TrustPolicy(
        issued_at=datetime.fromisoformat("2019-01-01T00:00:00+00:00"),
        expires=datetime.fromisoformat("2030-01-01T00:00:00+00:00"),
        algorithms=tuple(AlgorithmRule(name, None, None) for name in _NAMES),
        logs=(),
        chains=(),
        tsas=tsas,
        submitters=(),
        quorum=Quorum(1, 1, 0),
        cas=(ca,) if roots else (),
        issuers=(),
    )


def test_every_case_is_what_the_corpus_says(vectors):
    """C13 and C14 on each of the corpus; the sneaky ones are told, and the level is the stated one."""
    folder = vectors("signed-pdf")
    for case in json.loads((folder / "cases.json").read_text()):
        document = cases.examined((folder / case["file"]).read_bytes())
        given = tuple((folder / name).read_bytes() for name in case.get("crls_given") or ())
        facts = document.signatures
        assert facts is not None
        document = replace(document, signatures=replace(facts, crls=facts.crls + given))
        roots = tuple(pem.unarmor((folder / name).read_bytes())[2] for name in case["trust"])
        tsa = TrustedTsa("vector", roots, (), ("1.3.6.1.4.1.4146.2.2",), ("sha256", "sha512"), test=False)
        policy = _policy(roots, (tsa,) if roots else ())
        found = find_signatures([document])
        finding = judge_signature(found[0])
        whole, codes = _EXPECTED[case["expect"]]
        assert whole == (finding.status.value, finding.code), case["id"]
        at = datetime.fromisoformat(case["validate_at"])
        judged = check_signers(found, Sources(policy.tsas, cases.case(), {}), policy, at)
        assert judged.views[0].certificate_code in codes | {"CUSTODY_UNKNOWN"}, (case["id"], judged.views[0])
        if case.get("level"):
            assert case["level"] == found[0].fact.level, case["id"]
        assert check_pdf_signatures(cases.case(), [document], all_shown=True)


def test_pyhanko_agrees_on_bytes_coverage_and_changes(vectors):
    """A differential: pyHanko's own figures of each signature, as the corpus recorded them."""
    folder = vectors("signed-pdf")
    for case in json.loads((folder / "cases.json").read_text()):
        ours = [
            each
            for each in read_signatures((folder / case["file"]).read_bytes()).signatures
            if not each.is_timestamp
        ]
        theirs = [each for each in case["signatures_by_pyhanko_0.38"] if each.get("type") != "DocTimeStamp"]
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            if "error" in other:
                assert one.problem is not None
                continue
            coverage = {"CONTIGUOUS_BLOCK_FROM_START": "PARTIAL"}.get(other["coverage"], other["coverage"])
            change = other["mod"] if coverage.startswith("ENTIRE") else None
            assert (other["field"], other["intact"], coverage, change) == (
                one.field,
                one.digest_ok,
                one.coverage,
                one.change,
            ), case["id"]
            assert one.doc_mdp_ok in (None, other["docmdp_ok"]) or coverage == "UNCLEAR"


def test_malformed_documents_are_read_or_refused(vectors):
    """PDFs with unusual or broken syntax: facts or a problem, never an exception, and no signature invented."""
    for path in sorted((vectors("documents")).rglob("*.pdf")):
        facts = read_signatures(path.read_bytes())
        assert facts.signatures == ()
        assert facts.problem is None or facts.problem.detail


@pytest.mark.torture
def test_flips_of_every_byte_are_found(vectors):
    """Each byte of three signed files, flipped: facts differ, or the file is not read."""
    folder = vectors("signed-pdf") / "pdf"
    for name in ("own-a-bb.pdf", "own-a-two-signers.pdf", "ns-signed.pdf"):
        pdf = (folder / name).read_bytes()
        good = read_signatures(pdf)
        assert len(PdfFileReader(io.BytesIO(pdf)).embedded_signatures) == len(good.signatures)
        for position in range(len(pdf)):
            facts = read_signatures(pdf[:position] + bytes([pdf[position] ^ 1]) + pdf[position + 1 :])
            assert facts.signatures != good.signatures or facts.problem is not None, (name, position)
