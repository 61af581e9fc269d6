"""The evidence report (证据报告) and the list of evidence (证据目录) as PDF, in Chinese and English.

    report, bundle, request, statement ─► case, desk ─► chapters (blocks of text) ─► report.typ ─► PDF/A-3

A chapter is a module that turns what was checked into tables; it knows no Typst, and the template knows no evidence.
Every value stands beside the number of the check it rests on. The bytes are a function of the input alone, so that
anyone can make the report again, offline, from the evidence package.
"""

from zheng_verifier.pdf.evidence_report.offline import report_pdf
from zheng_verifier.pdf.evidence_report.render import render_evidence_list, render_evidence_report
from zheng_verifier.pdf.evidence_report.request import EvidenceReportInput, FileNames, ReportRequest

__all__ = [
    "EvidenceReportInput",
    "FileNames",
    "ReportRequest",
    "render_evidence_list",
    "render_evidence_report",
    "report_pdf",
]
