"""Verifies a draft and typesets its report, in a process of its own: `python -m api.issuance.export.report_process`.

What platforms left with us is read here by libraries for PDF and CMS; so it happens under the kernel's limits, away from
the process that writes the log. In: one line of JSON, then the draft. Out: a line "verified" once the verdict is
known, then a container with report and pages. Nothing touches a disk.
"""

import json
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from zheng_verifier.canonical import format_json
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.encoding import format_time, parse_time
from zheng_verifier.package import names
from zheng_verifier.package.archive import ArchiveFile, format_archive
from zheng_verifier.package.package import Package, open_package, read_bundle
from zheng_verifier.pdf.evidence_report import (
    EvidenceReportInput,
    FileNames,
    ReportRequest,
    render_evidence_list,
    render_evidence_report,
)
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.model import Overall, PolicySource, Report
from zheng_verifier.statement import parse_statement

REPORT_JSON = "report.json"
VERIFIED = b"verified\n"
BROKEN = b"broken: "
UNREADABLE = 3


_PURPOSES: Mapping[str, tuple[str, str]] = {
    "own_records": ("自行留存", "own records"),
    "litigation": ("诉讼", "litigation"),
    "arbitration": ("仲裁", "arbitration"),
    "notarization": ("公证", "notarization"),
    "appraisal": ("鉴定", "expert appraisal"),
    "audit": ("审计", "audit"),
    "supervision": ("监管", "supervision"),
}


@dataclass(frozen=True, slots=True)
class Cover:
    """What the report's cover says that is not in the evidence. ``lists``: the lists of evidence are wanted too."""

    number: str
    version: int
    created: datetime
    edition: str
    applicant: str | None
    purpose: str
    verify_url: str
    issuer: str
    lists: bool


def format_cover(cover: Cover) -> bytes:
    """Write the line that comes before the draft."""
    body = {name: getattr(cover, name) for name in Cover.__slots__} | {"created": format_time(cover.created)}
    return json.dumps(body).encode("ascii") + b"\n"


def parse_cover(line: bytes) -> Cover:
    """Read the line that ``format_cover`` wrote."""
    body = json.loads(line)
    return Cover(**(body | {"created": parse_time(body["created"])}))


def verify_draft(package: Package, at: datetime) -> Report:
    """Verify bundle and documents of a draft under the policy in it, which is told to be ours.

    Files are named as `zheng-verify` names those of an unpacked package, so that anyone makes the same report again.
    """
    return verify_bundle(
        read_bundle(package),
        documents=[Document(PurePosixPath(each.name).name, each.data) for each in package.documents],
        policy=PolicyInput(package.files[names.POLICY], PolicySource.PACKAGE),
        at=at,
        name=PurePosixPath(names.BUNDLE).name,
        statement=package.files[names.STATEMENT],
    )


def typeset(package: Package, report: Report, cover: Cover) -> list[ArchiveFile]:
    """Make the pages, in both languages."""
    given = EvidenceReportInput(
        report=report,
        bundle=read_bundle(package),
        request=ReportRequest(
            report_no=cover.number,
            version=cover.version,
            created=cover.created,
            edition="full" if cover.edition == "full" else "redacted",
            applicant=cover.applicant,
            verify_url=cover.verify_url,
        ),
        issuer=cover.issuer,
        statement=parse_statement(package.files[names.STATEMENT]),
        files=FileNames(
            names.BUNDLE, names.POLICY, tuple(each.name for each in package.documents), names.STATEMENT
        ),
    )
    chinese, english = (
        replace(given, request=replace(given.request, purpose=words)) for words in _PURPOSES[cover.purpose]
    )
    pages = [
        ArchiveFile(names.REPORT_ZH, render_evidence_report(chinese, "zh-CN")),
        ArchiveFile(names.REPORT_EN, render_evidence_report(english, "en")),
    ]
    if cover.lists:
        pages += [
            ArchiveFile(names.LIST_ZH, render_evidence_list(chinese, "zh-CN")),
            ArchiveFile(names.LIST_EN, render_evidence_list(english, "en")),
        ]
    return pages


def main() -> int:
    """Read, verify, typeset, write."""
    cover = parse_cover(sys.stdin.buffer.readline())
    package = open_package(sys.stdin.buffer.read())
    report = verify_draft(package, cover.created)
    if report.overall is Overall.UNREADABLE:
        return UNREADABLE
    sys.stdout.buffer.write(VERIFIED)
    sys.stdout.flush()
    payload = ArchiveFile(REPORT_JSON, format_json(report_detailed(report, signed=True)))
    sys.stdout.buffer.write(format_archive([payload, *typeset(package, report, cover)]))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    from api.web.bounded import limit

    limit(int(sys.argv[1]), int(sys.argv[2]))
    try:
        sys.exit(main())
    except Exception as broken:  # noqa: BLE001 - told by its place alone: its text may quote evidence
        frames = traceback.extract_tb(broken.__traceback__)[-3:]
        places = " ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
        sys.stdout.buffer.write(BROKEN + f"{type(broken).__name__} {places}\n".encode())
        sys.exit(1)
