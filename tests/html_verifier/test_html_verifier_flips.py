"""Byte flips of bundle and package: the two verifiers say the same of each, check by check.

The core of the page runs in Node.js here, since thousands of clicks would take minutes; it is the same code.
"""

import random

import pytest
from html_cases import NOT_HERE, Case, ask_core, read_case
from zheng_verifier.checks import Document, PolicyInput
from zheng_verifier.checks.any import verify_any
from zheng_verifier.encoding import parse_time
from zheng_verifier.report.model import Report

SAMPLES = {"honest": 40, "package-honest": 40, "package-packed-again": 20, "whole-case-honest": 10}


def summary(report: Report) -> dict:
    """What both must say; of A4 and the overall word only what does not rest on C13 and C14."""
    return {
        "readable": report.overall.value != "UNREADABLE",
        "inconsistent": report.overall.value == "INCONSISTENT",
        "refusal": None if report.refusal is None else report.refusal.code,
        "checks": {
            c.id.value: f"{c.status.value} {c.code}".strip() for c in report.checks if c.id not in NOT_HERE
        },
        "axes": {axis.id.value: axis.status.value for axis in report.axes if axis.id != "A4"},
    }


def of_page(result: dict) -> dict:
    checks = [check for check in result["checks"] if check["id"] not in NOT_HERE]
    return {
        "readable": result["overall"] != "UNREADABLE",
        "inconsistent": result["overall"] == "INCONSISTENT",
        "refusal": result.get("refusal", {}).get("code"),
        "checks": {check["id"]: f"{check['status']} {check['code']}".strip() for check in checks},
        "axes": {axis["id"]: axis["status"] for axis in result["axes"] if axis["id"] != "A4"},
    }


def flips_of(name: str, case: Case, count: int) -> list[tuple[int, int]]:
    chooser = random.Random(f"flips of {name}")
    return [(chooser.randrange(len(case.evidence[1])), 1 << chooser.randrange(8)) for _ in range(count)]


def compare(core, name: str, count: int) -> None:
    case = read_case(name)
    file, data = case.evidence
    flips = flips_of(name, case, count)
    documents = [Document(*document) for document in case.documents]
    results = ask_core(core, [(case, flips)])
    assert len(results) == len(flips)
    for (position, bit), result in zip(flips, results, strict=True):
        changed = bytearray(data)
        changed[position] ^= bit
        at = parse_time(case.expected["options"]["at"])
        report = verify_any(
            bytes(changed),
            documents=documents,
            policy=PolicyInput(case.policy),
            at=at,
            name=file,
            statement=case.statement,
        )
        assert of_page(result) == summary(report), (position, bit)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_flipped_bit_is_found_alike(name, core):
    """Sampled with a fixed seed over the whole file: the same status and code of every check, for every flip."""
    compare(core, name, SAMPLES[name])


@pytest.mark.torture
@pytest.mark.parametrize("name", SAMPLES)
def test_thousands_of_flipped_bits_are_found_alike(name, core):
    """The same with many more flips."""
    compare(core, name, 5_000)
