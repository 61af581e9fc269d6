"""The request of a report as a file: attached to every report, so that anyone makes the same report again.

{"created":"2026-06-01T00:00:00.000Z","edition":"full","issuer":"…","report_no":"ER-1","version":1,
"zheng":"report-request/v1"}
"""

from dataclasses import dataclass

from zheng_verifier.canonical import Fields, JsonObject, Limits, format_json, parse_canonical
from zheng_verifier.encoding import format_time, parse_time
from zheng_verifier.errors import MalformedError
from zheng_verifier.pdf.evidence_report.request import EvidenceReportInput, FileNames, ReportRequest

REQUEST_LIMITS = Limits(max_bytes=1 << 16, max_depth=3, max_string=8_192)
_OPTIONAL = ("applicant", "purpose", "case_caption", "standing", "verify_url")


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A request with the issuer's name, and the name of the evidence in the command that is printed."""

    request: ReportRequest
    issuer: str
    evidence: str | None = None

    @property
    def files(self) -> FileNames:
        """The names for the printed command."""
        return FileNames(self.evidence)


def format_request(given: EvidenceReportInput) -> bytes:
    """Write what a report is made of besides the evidence, as canonical JSON."""
    request = given.request
    body: JsonObject = {
        "zheng": "report-request/v1",
        "report_no": request.report_no,
        "version": request.version,
        "created": format_time(request.created),
        "edition": request.edition,
        "issuer": given.issuer,
    }
    stated = {name: getattr(request, name) for name in _OPTIONAL} | {"evidence": given.files.evidence}
    body |= {name: value for name, value in stated.items() if value is not None}
    return format_json(body | ({"supersedes": list(request.supersedes)} if request.supersedes else {}))


def parse_request(data: bytes) -> RequestFile:
    """Read a request file.

    Raises:
        MalformedError: not canonical JSON, or not with exactly these members.
        UncheckableError: code UNKNOWN_VERSION.

    """
    fields = Fields(parse_canonical(data, REQUEST_LIMITS))
    fields.version("report-request/v1")
    edition = fields.text("edition", choices=("full", "redacted"))
    request = ReportRequest(
        report_no=fields.text("report_no"),
        version=fields.integer("version", minimum=1),
        created=parse_time(fields.text("created"), "/created"),
        edition="full" if edition == "full" else "redacted",
        supersedes=tuple(_text(item) for item in fields.array("supersedes", max_items=64))
        if fields.has("supersedes")
        else (),
        **{name: fields.optional(name, fields.text) for name in _OPTIONAL},
    )
    given = RequestFile(request, fields.text("issuer"), fields.optional("evidence", fields.text))
    fields.end()
    return given


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedError("WRONG_TYPE", "must be a string", "/supersedes")
    return value
