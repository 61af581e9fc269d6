"""The HTML verifier in a real browser, from disk and without network, finds what the Python verifier finds."""

import pytest
from html_cases import CASES, NOT_HERE, read_case

pytestmark = pytest.mark.browser


def found(result: dict) -> dict[str, str]:
    return {check["id"]: f"{check['status']} {check['code']}".strip() for check in result["checks"]}


def axes_without_signatures(statuses: dict[str, str], expected: dict) -> tuple[dict[str, str], str]:
    """Compute from the expected result what follows from C13 and C14 as the page found them (verification.md §3).

    A4 rests on C13, C14 and, where it FAILED, C15; of the axes that decide the overall word it is the only one touched.
    """
    axes = dict(expected["axes"])
    if not axes:
        return axes, expected["overall"]
    pair = [statuses[check].split()[0] for check in NOT_HERE]
    if expected["checks"]["C15"].startswith("FAILED"):
        axes["A4"] = "FAILED"
    else:
        order = ("INDETERMINATE", "SKIPPED", "NOT_PROVIDED")
        axes["A4"] = next((status for status in order if status in pair), "NOT_APPLICABLE")
    deciding = [axes[axis] for axis in ("A1", "A2", "A3", "A4")]
    if "FAILED" in deciding:
        return axes, "INCONSISTENT"
    if expected["overall"] == "CONSISTENT" and axes["A4"] in ("PASSED", "NOT_APPLICABLE"):
        return axes, "CONSISTENT"
    return axes, "INCOMPLETE"


@pytest.mark.parametrize("name", CASES)
def test_every_conformance_case_is_found_alike(name, english):
    """Overall word, every axis, every check's status and code; C13 and C14 say that they are not supported."""
    case = read_case(name)
    expected = case.expected
    result = english.verify(case.evidence, case.policy, case.documents, expected["options"], case.statement)
    checks = found(result)
    for check in NOT_HERE if checks else ():
        assert checks[check] in ("INDETERMINATE NOT_SUPPORTED_HERE", "NOT_PROVIDED NOT_PROVIDED")
    axes, overall = axes_without_signatures(checks, expected)
    ours = {check: text for check, text in checks.items() if check not in NOT_HERE}
    theirs = {check: text for check, text in expected["checks"].items() if check not in NOT_HERE}
    assert ours == theirs
    assert {axis["id"]: axis["status"] for axis in result["axes"]} == axes
    assert result["overall"] == overall
    assert result.get("refusal", {}).get("code") == expected.get("refusal")
