"""The request of a report as a file: attached to every report, so that anyone makes the same report again.

{"created":"2026-06-01T00:00:00.000Z","edition":"full","issuer":"…","policy":"policy.json","report_no":"ER-1","version":1,
"zheng":"report-request/v1"}
"""

from dataclasses import dataclass, field

from zheng_verifier.canonical import Fields, JsonObject, JsonValue, Limits, format_json, parse_canonical
from zheng_verifier.encoding import format_time, parse_time
from zheng_verifier.errors import MalformedError
from zheng_verifier.pdf.evidence_report.request import EvidenceReportInput, FileNames, ReportRequest

REQUEST_LIMITS = Limits(max_bytes=1 << 16, max_depth=3, max_string=8_192)
_MAX_ITEMS = 1_024
_OPTIONAL = ("applicant", "purpose", "case_caption", "standing", "verify_url")


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A request with the issuer's name, and the names of the files in the command that is printed."""

    request: ReportRequest
    issuer: str
    files: FileNames = field(default_factory=FileNames)


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
        "policy": given.files.policy,
    }
    stated = {name: getattr(request, name) for name in _OPTIONAL} | {
        "evidence": given.files.evidence,
        "statement": given.files.statement,
    }
    body |= {name: value for name, value in stated.items() if value is not None}
    lists: dict[str, JsonValue] = {
        "supersedes": list(request.supersedes),
        "documents": list(given.files.documents),
    }
    return format_json(body | {name: value for name, value in lists.items() if value})


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
        supersedes=_texts(fields, "supersedes"),
        **{name: fields.optional(name, fields.text) for name in _OPTIONAL},
    )
    names = FileNames(
        fields.optional("evidence", fields.text),
        fields.text("policy"),
        _texts(fields, "documents"),
        fields.optional("statement", fields.text),
    )
    given = RequestFile(request, fields.text("issuer"), names)
    fields.end()
    return given


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    items = fields.array(name, max_items=_MAX_ITEMS) if fields.has(name) else []
    texts = tuple(item for item in items if isinstance(item, str))
    if len(texts) != len(items):
        raise MalformedError("WRONG_TYPE", "must be strings", fields.path(name))
    return texts
