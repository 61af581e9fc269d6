"""The evidence report of a verification that somebody makes himself, from what the verification looked at."""

import hashlib

from zheng_verifier.errors import MalformedError
from zheng_verifier.pdf.evidence_report.render import render_evidence_report
from zheng_verifier.pdf.evidence_report.request import EvidenceReportInput, ReportRequest
from zheng_verifier.pdf.evidence_report.request_file import RequestFile, parse_request
from zheng_verifier.report.catalogue import Language
from zheng_verifier.report.model import Report
from zheng_verifier.statement import parse_statement


def report_pdf(report: Report, language: Language, request: bytes | None = None) -> bytes:
    """Typeset the evidence report of a verification; ``request`` is the file attached to the report to be made again.

    Without it the report is the verifier's own: numbered by its evidence, dated by the verification.

    Raises:
        MalformedError: nothing could be read, no time was given, or ``request`` is no request file.
        UncheckableError: code UNKNOWN_VERSION, of the request file.

    """
    examined = report.examined
    if examined is None or not report.checks:
        raise MalformedError("FORMAT_FAILURE", "of evidence that cannot be read there is no report")
    given = _own(report, examined.bundle) if request is None else parse_request(request)
    statement = None if examined.statement is None else parse_statement(examined.statement)
    return render_evidence_report(
        EvidenceReportInput(report, examined.bundle, given.request, given.issuer, statement, given.files),
        language,
    )


def _own(report: Report, bundle: bytes) -> RequestFile:
    if report.verified_at is None:
        raise MalformedError("FORMAT_FAILURE", "a report has the date of its verification")
    number = f"OFFLINE-{hashlib.sha256(bundle).hexdigest()[:12].upper()}"
    redacted = report.container is not None and report.container.edition == "redacted"
    request = ReportRequest(number, 1, report.verified_at, "redacted" if redacted else "full")
    return RequestFile(request, f"{report.verifier} (offline)")
