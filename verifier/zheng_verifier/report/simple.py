"""The simple report: one page for a court. Overall word, each axis in plain words, the interval, what is not proven."""

from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time
from zheng_verifier.report.catalogue import Language, catalogue
from zheng_verifier.report.conclusions import case_interval, conclude_axis, say_interval
from zheng_verifier.report.detailed import both, report_head
from zheng_verifier.report.model import AxisResult, Report, Status


def report_simple(report: Report, *, signed: bool = False) -> JsonObject:
    """Write the simple report as a JSON object, described by simple.schema.json."""
    body = report_head(report, signed=signed) | {
        "zheng": "report-simple/v1",
        "axes": [_axis(report, axis) for axis in report.axes],
        "not_proven": both(lambda language: "\n".join(not_proven(report, language))),
        "notes": list(report.notes),
        "closing": both(lambda language: catalogue(language).closing),
    }
    return body | ({"interval": _interval(report)} if report.events else {})


def not_proven(report: Report, language: Language) -> list[str]:
    """List what the passed checks do not prove, one line each."""
    texts = catalogue(language)
    colon = "：" if language == "zh-CN" else ": "
    return [
        f"{texts.checks[check.id].title}{colon}{texts.checks[check.id].not_proves}"
        for check in report.checks
        if check.status is Status.PASSED
    ]


def _axis(report: Report, axis: AxisResult) -> JsonObject:
    return {
        "id": axis.id.value,
        "title": both(lambda language: catalogue(language).axes[axis.id]),
        "status": axis.status.value,
        "status_text": both(lambda language: catalogue(language).statuses[axis.status]),
        "conclusion": both(lambda language: " ".join(conclude_axis(report, axis, language))),
    }


def _interval(report: Report) -> JsonObject:
    interval = case_interval(report)
    body: JsonObject = {"text": both(lambda language: say_interval(report, language))}
    for name, moment in (("not_before", interval.lower), ("not_after", interval.upper)):
        if moment is not None:
            body[name] = format_time(moment)
    return body
