"""The page does not only find what the Python verifier finds: it says it in the same words, in both languages."""

from typing import Any

import pytest
from html_cases import CASES, NOT_HERE, ask_core, read_case
from zheng_verifier.checks import Document, PolicyInput
from zheng_verifier.checks.any import verify_any
from zheng_verifier.encoding import parse_time
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.model import PolicySource

TECHNICAL = ("technical", "technical_at")


def python_report(name: str) -> tuple[dict[str, Any], set[tuple[str, int]]]:
    """Give the detailed report, and which findings (check, position) carry a parser's own words."""
    case = read_case(name)
    options = case.expected["options"]
    report = verify_any(
        case.evidence[1],
        documents=[Document(*document) for document in case.documents],
        policy=PolicyInput(case.policy, PolicySource(options.get("policy-source", "user"))),
        at=parse_time(options["at"]),
        name=case.evidence[0],
        statement=case.statement,
    )
    own_words = {
        (check.id.value, position)
        for check in report.checks
        for position, finding in enumerate(check.findings)
        if finding.detail.key in TECHNICAL
    }
    return report_detailed(report), own_words


def comparable(report: dict[str, Any], own_words: set[tuple[str, int]]) -> dict[str, Any]:
    """Leave out what must differ: C13, C14 and A4, the name of the program, words of parsers, ETSI's names of codes."""
    checks = []
    for check in report["checks"]:
        if check["id"] in NOT_HERE:
            continue
        findings = [
            {key: value for key, value in finding.items() if key != "etsi"}
            | ({"detail": ""} if (check["id"], position) in own_words else {})
            for position, finding in enumerate(check["findings"])
        ]
        checks.append({key: value for key, value in check.items() if key != "etsi"} | {"findings": findings})
    return {
        "axes": [axis for axis in report["axes"] if axis["id"] != "A4"],
        "checks": checks,
        **{
            key: report.get(key)
            for key in ("policy", "inputs", "origin", "case", "events", "documents", "notes")
        },
    }


READABLE = [name for name in CASES if read_case(name).expected["axes"]]


@pytest.fixture(scope="module")
def said(core) -> dict[str, dict[str, Any]]:
    """Give the page's report on every case, by one run of Node.js."""
    results = ask_core(core, [(read_case(name), [(0, 0)]) for name in READABLE])
    return dict(zip(READABLE, results, strict=True))


@pytest.mark.parametrize("name", READABLE)
def test_the_words_are_the_same(name, said):
    """Findings with their values, conclusions, the time line, documents, notes: word for word."""
    theirs, own_words = python_report(name)
    assert comparable(said[name], own_words) == comparable(theirs, own_words)
