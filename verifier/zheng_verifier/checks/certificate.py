"""C01 of a certificate of deposit: whose seal it bears, that nothing changed since, and that its record is its proof's.

The seal shows who issued the page, never that the evidence is good: that is for the bundle's own checks. So an issuer
that the policy does not know, or calls a test, lowers no axis; a broken seal, a change after it, or a record that says
something else than the bundle beside it, fails A1. The page itself is not read here: it is rendered from the record,
and who doubts it compares the two, or has the record printed again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from zheng_verifier.bundle import Bundle
from zheng_verifier.checks.certificate_seal import check_seal, mismatch
from zheng_verifier.checks.evidence import (
    conclude,
    finding_of,
    not_applicable,
    passed,
)
from zheng_verifier.checks.verdict import judge_axes
from zheng_verifier.deposit_certificate.compare import STATEMENTS, compare
from zheng_verifier.deposit_certificate.files import BUNDLE_FILE, RECORD_FILE, Attached
from zheng_verifier.deposit_certificate.model import CertificateRecord
from zheng_verifier.deposit_certificate.record import parse_record
from zheng_verifier.deposit_certificate.summary import summarise
from zheng_verifier.encoding import format_hex, format_time
from zheng_verifier.errors import (
    EvidenceError,
    VerificationError,
    escape,
)
from zheng_verifier.examined import ExaminedContainer, ExaminedFile
from zheng_verifier.pdf_signatures.encoding import format_facts, parse_facts
from zheng_verifier.pdf_signatures.facts import (
    SignatureFacts,
)
from zheng_verifier.pdf_signatures.read import read_signatures
from zheng_verifier.policy import TrustPolicy
from zheng_verifier.report.model import (
    CheckId,
    CheckResult,
    ContainerView,
    Finding,
    InputFile,
    Overall,
    Report,
    Status,
    say,
)

SEAL_FILE = "seal.json"
"""Where an examined certificate keeps what was read of its signatures; no file of that name lies in the PDF."""


def examine_certificate(pdf: bytes, attached: Attached, name: str) -> ExaminedContainer:
    """Take down what C01 needs of a certificate's PDF, so that it can be judged again without it."""
    facts = format_facts(read_signatures(pdf))
    files = (
        _file(RECORD_FILE, attached.record, attached.record),
        _file(BUNDLE_FILE, attached.bundle, None),
        _file(SEAL_FILE, facts, facts),
    )
    return ExaminedContainer("certificate", escape(name), len(pdf), _sha256(pdf), files)


def _file(name: str, content: bytes, kept: bytes | None) -> ExaminedFile:
    return ExaminedFile(name, len(content), _sha256(content), kept)


def _sha256(data: bytes) -> str:
    return format_hex(hashlib.sha256(data).digest())


def judge_certificate(
    report: Report, container: ExaminedContainer, bundle: Bundle, policy: TrustPolicy
) -> Report:
    """Put C01 into a report on the bundle of a certificate, and judge axes and overall word again."""
    result = conclude(CheckId.C01, check_certificate(report, container, bundle, policy))
    checks = tuple(result if check.id is CheckId.C01 else check for check in report.checks)
    axes, overall = judge_axes(checks), report.overall
    if any(axis.status is Status.FAILED for axis in axes[:4]):
        overall = Overall.INCONSISTENT
    elif overall is Overall.CONSISTENT and not _is_vouched_for(result):
        overall = Overall.INCOMPLETE
    files = tuple(
        InputFile(file.name, file.size, file.sha256) for file in container.files if file.name != SEAL_FILE
    )
    view = ContainerView(container.kind, files, container.departures)
    return replace(report, checks=checks, axes=axes, overall=overall, container=view)


def _is_vouched_for(result: CheckResult) -> bool:
    """Tell whether an issuer that the policy trusts sealed the page: nobody reads it here, so that anybody's else may lie.

    Around a true bundle a forger can print what he likes. The bundle stands by itself; the word is about the certificate.
    """
    return any(
        finding.status is Status.PASSED and finding.subject.key == "certificate.issuer"
        for finding in result.findings
    )


def check_certificate(
    report: Report, container: ExaminedContainer, bundle: Bundle, policy: TrustPolicy
) -> list[Finding]:
    """Judge the certificate around a bundle (C01), on which ``report`` says what the other checks found."""
    facts, record = _read_facts(container), _read_record(container)
    findings: list[Finding] = []
    known = None
    if isinstance(record, Finding):
        findings.append(record)
    else:
        known = record
        enclosed = container.file(BUNDLE_FILE)
        findings += _comparisons(record, bundle, "" if enclosed is None else enclosed.sha256)
        findings += _labels(record, policy, report)
    findings += (
        [facts] if isinstance(facts, Finding) else check_seal(facts, known, policy, report.verified_at)
    )
    findings.append(_statements(known))
    return findings


def _read_record(container: ExaminedContainer) -> CertificateRecord | Finding:
    file = container.file(RECORD_FILE)
    try:
        return parse_record(b"" if file is None or file.data is None else file.data)
    except EvidenceError as error:
        return finding_of(error, say("certificate.record"))


def _read_facts(container: ExaminedContainer) -> SignatureFacts | Finding:
    file = container.file(SEAL_FILE)
    try:
        return parse_facts(b"" if file is None or file.data is None else file.data)
    except EvidenceError as error:
        return finding_of(error, say("certificate.seal"))


# The record


def _comparisons(record: CertificateRecord, bundle: Bundle, bundle_sha256: str) -> Iterator[Finding]:
    subject = say("certificate.record")
    try:
        summary = summarise(bundle)
    except VerificationError as error:
        yield finding_of(error, subject)
        return
    compared = compare(record, summary, bundle_sha256)
    for each in compared:
        if not each.agrees:
            yield mismatch(each.member, each.said, each.shown)
    if all(each.agrees for each in compared):
        yield passed(subject, say("certificate.agrees", count=len(compared)))


def _labels(record: CertificateRecord, policy: TrustPolicy, report: Report) -> Iterator[Finding]:
    """See that no test is printed as the real thing, by the word of the policy (C11 found whose the tokens are)."""
    stamps = [each.observed for each in report.check(CheckId.C11).findings if each.code == "TEST_TSA"]
    tests = {(each.get("gen_time"), each.get("serial_number")) for each in stamps}
    for position, token in enumerate(record.timestamps):
        if (format_time(token.gen_time), f"{token.serial:x}") in tests and not token.test:
            yield mismatch(f"timestamps/{position}/test", "false", "true")
    kinds = {(chain.chain_id, chain.contract): chain.kind for chain in policy.chains}
    for position, anchor in enumerate(record.anchors):
        kind = kinds.get((anchor.chain_id, anchor.contract), anchor.kind)
        if kind != anchor.kind:
            yield mismatch(f"anchors/{position}/kind", anchor.kind, kind)


def _statements(record: CertificateRecord | None) -> Finding:
    """Say which members nothing here proves, and where to ask whether the certificate still stands."""
    subject = say("certificate.statements")
    if record is None:
        return not_applicable("", subject, say("certificate.no_record"))
    members, url = ", ".join(STATEMENTS), record.verify_url
    return not_applicable("", subject, say("certificate.only_said", members=members, url=url))
