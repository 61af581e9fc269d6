"""The evidence report as PDF, for the demonstration's case, in both languages, full and redacted.

Compared in turns with a limit: as many pages of plain text by the same compiler, as PDF/A-3b too.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from measuring import Report, demonstration, take_turns, timed
from zheng_verifier.bundle import parse_bundle
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.pdf.evidence_report import (
    EvidenceReportInput,
    ReportRequest,
    render_evidence_list,
    render_evidence_report,
)
from zheng_verifier.pdf.render import render_pdf

ROUNDS = 9
PAGES = """#set document(title: "plain")
#set page(paper: "a4")
#set text(font: "Noto Sans SC", size: 8pt, lang: "en")
#for page in range(int(sys.inputs.pages)) [#for line in range(30) [Plain text of a line to fill the page. ] #pagebreak()]
"""


def main() -> None:
    """Play the demonstration, typeset its report again and again, and write the results."""
    report = Report(
        "report", "evidence report of 19 chapters and 8 annexes, from bundle and verification to PDF/A-3b"
    )
    with demonstration() as folder:
        measure(report, folder / "demo")
    report.write()


def measure(report: Report, evidence: Path) -> None:
    """Let the reports and plain pages take turns."""
    moment = datetime.now(UTC).replace(microsecond=0)
    bundle = (evidence / "bundle.json").read_bytes()
    documents = [
        Document(path.name, path.read_bytes()) for path in sorted((evidence / "documents").iterdir())
    ]
    verified = verify_bundle(
        bundle, documents=documents, policy=PolicyInput((evidence / "policy.json").read_bytes()), at=moment
    )
    full = EvidenceReportInput(verified, bundle, ReportRequest("ER-1", 1, moment), "bench")
    redacted = replace(full, request=replace(full.request, edition="redacted"))
    pdf = render_evidence_report(full, "zh-CN")
    pages = pdf.count(b"/Type/Page/")
    report.note("events", len(parse_bundle(bundle).events))
    report.note("bytes", {"zh-CN": len(pdf), "en": len(render_evidence_report(full, "en"))})
    report.note("pages", pages)
    figures = take_turns(
        {
            "zheng: full edition, zh-CN": timed(lambda: render_evidence_report(full, "zh-CN")),
            "zheng: full edition, en": timed(lambda: render_evidence_report(full, "en")),
            "zheng: redacted edition, zh-CN": timed(lambda: render_evidence_report(redacted, "zh-CN")),
            "zheng: list of evidence, zh-CN": timed(lambda: render_evidence_list(full, "zh-CN")),
            "limit: as many pages of plain text": timed(
                lambda: render_pdf(PAGES, inputs={"pages": str(pages)}, created=moment)
            ),
        },
        rounds=ROUNDS,
        unit="ms",
    )
    report.add("an evidence report", figures, compared="in turns, one process", more_is_better=False)


if __name__ == "__main__":
    main()
