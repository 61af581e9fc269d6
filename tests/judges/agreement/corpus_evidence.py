"""Bundles and packages: the conformance cases, and packages under an authority that EU DSS can judge."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dss_cases
from model import FAILED, INDETERMINATE, PASSED, Item, Verdict
from served import Service

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "html_verifier"))

from html_cases import CASES, FOLDER, Case, read_case

# What the ASiC-E container is, by what was done to it.
_DONE = {
    "whole": PASSED,
    "no-token": INDETERMINATE,
    "token-over-another-list": FAILED,
    "file-changed": FAILED,
    "file-not-listed": FAILED,
    "file-missing": FAILED,
    "two-lists": FAILED,
    "no-list": FAILED,
    "packed-again": INDETERMINATE,
    "two-files-of-one-name": FAILED,
    "bytes-behind-the-end": FAILED,
}
AT = "2026-06-01T00:00:00.000Z"


def conformance() -> tuple[Item, ...]:
    """Every conformance case; what is expected is its overall word."""
    made = []
    for name in CASES:
        case = read_case(name)
        file = FOLDER / name / case.evidence[0]
        made.append(Item(name, file, Verdict(case.expected["overall"]), options={"case": case}))
    return tuple(made)


def packages(conforming: tuple[Item, ...]) -> Iterator[Item]:
    """The packages among the conformance cases; what is expected is C01 or the refusal."""
    words = {
        "PASSED": PASSED,
        "FAILED": FAILED,
        "INDETERMINATE": INDETERMINATE,
        "NOT_PROVIDED": INDETERMINATE,
    }
    for item in conforming:
        if item.file.suffix == ".asice":
            expected = item.options["case"].expected
            status = expected["checks"]["C01"].split()[0] if expected["checks"] else "FAILED"
            yield replace(item, expected=Verdict(words[status]))


def judged_by_dss(work: Path) -> Iterator[Item]:
    """What may become of a package, and whether its container says so."""
    root = work / "judge-root.der"
    root.write_bytes(dss_cases.ROOT.der)
    policy = dss_cases.policy()
    for name, data in dss_cases.cases().items():
        file = work / f"{name}.asice"
        file.write_bytes(data)
        case = Case((file.name, data), policy, [], None, {"options": {"at": AT}})
        yield Item(f"dss-{name}", file, Verdict(_DONE[name]), roots=(root,), options={"case": case})


def of_service(service: Service) -> Iterator[Item]:
    """Both editions that a service made. Its authority is a test, so the container's time counts for nothing."""
    policy = (service.evidence / "policy.json").read_bytes()
    at = service.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    for edition in ("full", "redacted"):
        file = service.evidence / f"package-{edition}.asice"
        case = Case((file.name, file.read_bytes()), policy, [], None, {"options": {"at": at}})
        options = {"case": case}
        expected = Verdict(INDETERMINATE)
        yield Item(f"service-{edition}", file, expected, service.at, roots=service.tsa_roots, options=options)
