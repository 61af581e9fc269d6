"""Every form of one report in one JSON object, for programs that keep or offer them: verified once, said in all ways."""

from zheng_verifier.canonical import JsonObject
from zheng_verifier.report.as_html import report_html
from zheng_verifier.report.as_text import report_text
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.diagnostic import report_diagnostic
from zheng_verifier.report.model import Report
from zheng_verifier.report.simple import report_simple
from zheng_verifier.report.texts import LANGUAGES


def report_forms(report: Report) -> JsonObject:
    """Give ``simple``, ``detailed``, ``html`` and ``text`` (by language), and ``diagnostic`` if anything was looked at."""
    forms: JsonObject = {
        "zheng": "report-forms/v1",
        "simple": report_simple(report),
        "detailed": report_detailed(report),
        "html": {language: report_html(report, language, "detailed") for language in LANGUAGES},
        "text": {language: report_text(report, language, "detailed") for language in LANGUAGES},
    }
    return forms if report.examined is None else forms | {"diagnostic": report_diagnostic(report.examined)}
