"""What a report is made of: a verification's result, the evidence it was about, and the words of who asks for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from zheng_verifier.report.model import Report
from zheng_verifier.statement import Statement

Edition = Literal["full", "redacted"]


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Who asks for a report, what for, and what is printed on its cover.

    ``created`` is the caller's time, aware: it stands on the cover and in the file. ``standing`` is the applicant's
    relation to the case. ``supersedes`` lists earlier reports, as number and version. What is None is printed as not
    provided.
    """

    report_no: str
    version: int
    created: datetime
    edition: Edition = "full"
    applicant: str | None = None
    purpose: str | None = None
    case_caption: str | None = None
    standing: str | None = None
    verify_url: str | None = None
    supersedes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileNames:
    """How the files are called in the command that repeats the verification; by default as the verifier was told."""

    evidence: str | None = None
    policy: str = "policy.json"
    documents: tuple[str, ...] = ()
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceReportInput:
    """Everything an evidence report is a function of.

    ``report`` is the result of verifying ``bundle`` (canonical JSON, docs/spec/bundle.md); ``statement`` the
    operator's word about himself; ``issuer`` the name under which the report is made.
    """

    report: Report
    bundle: bytes
    request: ReportRequest
    issuer: str
    statement: Statement | None = None
    files: FileNames = FileNames()
