"""The examples of docs/spec/report.md are what the verifier writes for the conformance cases they name."""

import json
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from zheng_verifier.canonical import format_json
from zheng_verifier.checks import Document, PolicyInput, verify_bundle
from zheng_verifier.encoding import parse_base64url, parse_time
from zheng_verifier.report.detailed import report_detailed
from zheng_verifier.report.model import Report
from zheng_verifier.report.signed import format_signed_report, report_signing_input
from zheng_verifier.report.simple import report_simple

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/spec/report.md").read_text("utf-8")


def example(marker: str) -> str:
    (text,) = re.findall(rf"<!-- {re.escape(marker)} -->\n```json\n(.*?)\n```", PAGE, re.DOTALL)
    return str(text)


def verified(name: str) -> Report:
    folder = ROOT / "verifier/tests/conformance" / name
    return verify_bundle(
        (folder / "bundle.json").read_bytes(),
        documents=[Document(path.name, path.read_bytes()) for path in sorted(folder.glob("*.pdf"))],
        policy=PolicyInput((folder / "policy.json").read_bytes()),
        at=parse_time(json.loads((folder / "expected.json").read_text())["options"]["at"]),
    )


def test_the_axis_is_that_of_the_simple_report() -> None:
    """Word for word, in both languages."""
    axes = report_simple(verified("honest"))["axes"]
    assert isinstance(axes, list)
    assert axes[1] == json.loads(example("report-simple/v1: axis A2 of honest"))


def test_the_finding_is_that_of_the_detailed_report() -> None:
    """With code, ETSI's name, both texts and what was observed."""
    checks = report_detailed(verified("document-changed"))["checks"]
    assert isinstance(checks, list)
    check = checks[1]
    assert isinstance(check, dict)
    findings = check["findings"]
    assert isinstance(findings, list)
    assert json.loads(example("report/v1: finding of C02 in document-changed")) in findings


def test_the_header_is_that_of_a_signed_report() -> None:
    """Byte for byte: canonical, three members."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    payload = format_json(report_detailed(verified("honest"), signed=True))
    jws = format_signed_report(payload, spki, key.sign(report_signing_input(payload, spki)))
    header = parse_base64url(jws.split(".")[0]).decode()
    assert header == example("zheng-report+jws: header by the key of bytes 0…31")
