"""Both of our verifiers on bundles and packages: the Python one, and the HTML file in a real browser."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model import FAILED, INDETERMINATE, NOT_APPLICABLE, NOT_AT_HAND, PASSED, REFUSED, Item, Verdict
from zheng_verifier.checks import Document, PolicyInput
from zheng_verifier.checks.any import verify_any
from zheng_verifier.encoding import parse_time
from zheng_verifier.report.model import PolicySource

TESTS = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS), str(TESTS / "html_verifier")]

from chromium import chromium  # noqa: E402  (the paths above lead there)
from html_page import Verifier  # noqa: E402

NOT_IN_PAGE = ("C13", "C14")
_WORDS = {"PASSED": PASSED, "FAILED": FAILED, "INDETERMINATE": INDETERMINATE, "NOT_PROVIDED": INDETERMINATE}
Found = Mapping[str, Any]


def ask_ours(items: Sequence[Item]) -> list[Found]:
    """Verify each; gives the overall word, the refusal and the checks by id."""
    return [_ask_ours(item) for item in items]


def _ask_ours(item: Item) -> Found:
    case = item.options["case"]
    options = case.expected["options"]
    report = verify_any(
        case.evidence[1],
        documents=[Document(*document) for document in case.documents],
        policy=PolicyInput(case.policy, PolicySource(options.get("policy-source", "user"))),
        at=parse_time(options["at"]),
        statement=case.statement,
        name=case.evidence[0],
    )
    return {
        "overall": report.overall.value,
        "refusal": None if report.refusal is None else report.refusal.code,
        "checks": {check.id.value: f"{check.status.value} {check.code}".strip() for check in report.checks},
    }


def ask_html(items: Sequence[Item]) -> list[Found] | None:
    """Have the page verify each in Chromium, offline; None where there is none."""
    if shutil.which("chromium") is None:
        return None
    with chromium() as browser:
        page = Verifier(browser.new_context(locale="en-GB", offline=True).new_page())
        return [_ask_html(page, item) for item in items]


def _ask_html(page: Any, item: Item) -> Found:
    case = item.options["case"]
    options = case.expected["options"]
    result = page.verify(case.evidence, case.policy, case.documents, options, case.statement)
    return {
        "overall": result["overall"],
        "refusal": result.get("refusal", {}).get("code"),
        "checks": {each["id"]: f"{each['status']} {each['code']}".strip() for each in result["checks"]},
    }


def overall(found: Sequence[Found] | None, items: Sequence[Item]) -> list[Verdict]:
    """The overall words; the reason names every check that is not as the case expects."""
    if found is None:
        return [Verdict(NOT_AT_HAND) for _ in items]
    return [_overall(each, item.options["case"].expected) for each, item in zip(found, items, strict=True)]


def _overall(found: Found, expected: Mapping[str, Any]) -> Verdict:
    wanted = expected["checks"]
    other = [check for check, text in found["checks"].items() if wanted.get(check) != text]
    if found["refusal"] != expected.get("refusal"):
        other.append(f"refusal {found['refusal']}")
    if not other:
        return Verdict(found["overall"])
    if set(other) <= set(NOT_IN_PAGE):
        return Verdict(found["overall"], f"{', '.join(other)} not supported")
    return Verdict(f"{found['overall']}, but", ", ".join(other))


def containers(found: Sequence[Found] | None, items: Sequence[Item]) -> list[Verdict]:
    """What was found of C01, or the refusal."""
    if found is None:
        return [Verdict(NOT_AT_HAND) for _ in items]
    return [_container(each) for each in found]


def _container(found: Found) -> Verdict:
    if found["refusal"] is not None:
        return Verdict(REFUSED, found["refusal"])
    status, _, code = found["checks"]["C01"].partition(" ")
    return Verdict(_WORDS.get(status, NOT_APPLICABLE), code)
