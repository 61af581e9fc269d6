"""Every form of one report in one JSON object, for programs that keep or offer them: verified once, said in all ways."""

from zheng_verifier.bundle import parse_bundle
from zheng_verifier.canonical import JsonObject
from zheng_verifier.report.as_html import report_html
from zheng_verifier.report.as_text import report_text
from zheng_verifier.report.detailed import both, report_detailed
from zheng_verifier.report.diagnostic import report_diagnostic
from zheng_verifier.report.drawings import (
    ROWS_PER_DRAWING,
    ProofPath,
    proof_path_svg,
    read_proof_path,
    time_line_svg,
)
from zheng_verifier.report.model import Report
from zheng_verifier.report.simple import report_simple
from zheng_verifier.report.texts import Language


def report_forms(report: Report) -> JsonObject:
    """Give ``simple``, ``detailed``, ``html``, ``text`` and ``drawings``, and ``diagnostic`` if anything was looked at.

    ``html`` and ``text`` are texts, ``zh`` and ``en`` like all texts of a report. ``drawings`` are by language
    ``time_line``, a list of SVG images, and ``proof_path``, the one that most attests, left out if no event has a path.
    """
    path = _best_path(report)
    forms: JsonObject = {
        "zheng": "report-forms/v1",
        "simple": report_simple(report),
        "detailed": report_detailed(report),
        "html": both(lambda language: report_html(report, language, "detailed")),
        "text": both(lambda language: report_text(report, language, "detailed")),
        "drawings": {"zh": _drawings(report, path, "zh-CN"), "en": _drawings(report, path, "en")},
    }
    return forms if report.examined is None else forms | {"diagnostic": report_diagnostic(report.examined)}


def _drawings(report: Report, path: ProofPath | None, language: Language) -> JsonObject:
    starts = range(0, len(report.events), ROWS_PER_DRAWING)
    pieces = [time_line_svg(report.events[start : start + ROWS_PER_DRAWING], language) for start in starts]
    line: JsonObject = {"time_line": list(pieces)}
    return line if path is None else line | {"proof_path": proof_path_svg(path, language)}


def _best_path(report: Report) -> ProofPath | None:
    """Read the last of the paths that most attests; a report with events was made of a bundle that parses."""
    if report.examined is None or not report.events:
        return None
    bundle = parse_bundle(report.examined.bundle)
    # Events that share their first proof are attested alike: the last of each stands for all of them.
    first: dict[int, int] = {}
    for number, proof in enumerate(bundle.proofs):
        for item in proof.inclusions:
            first.setdefault(item.event, number)
    last = {number: place for place, number in sorted(first.items()) if place < len(report.events)}
    read = [read_proof_path(bundle, report, place) for place in sorted(last.values(), reverse=True)]
    return max((path for path in read if path is not None), key=_kinds, default=None)


def _kinds(path: ProofPath) -> tuple[int, int]:
    return len({each.kind for each in path.attestations}), len(path.attestations)
