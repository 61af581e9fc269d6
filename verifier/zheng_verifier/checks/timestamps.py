"""C11: trusted authorities stated that the signed checkpoints existed by a time."""

from collections.abc import Iterator
from typing import Any

from zheng_verifier.checks.evidence import (
    Inclusions,
    Item,
    OpenedProof,
    Timed,
    conclude_quorum,
    events_of,
    finding_of,
    indeterminate,
    passed,
    skipped,
)
from zheng_verifier.encoding import format_time
from zheng_verifier.errors import EvidenceError, InsufficientError
from zheng_verifier.report.model import CheckId, CheckResult, Finding
from zheng_verifier.timestamp import TimestampResult, TrustedTsa, parse_response, verify_timestamp


def check_timestamps(
    proofs: list[OpenedProof], tsas: tuple[TrustedTsa, ...], certificates: tuple[bytes, ...]
) -> tuple[list[Timed], list[Finding]]:
    """Verify every token over its checkpoint's stamped bytes (C11)."""
    timed: list[Timed] = []
    findings: list[Finding] = []
    for proof in proofs:
        for position, raw in enumerate(proof.source.tokens):
            subject = f"token {position} over the {proof.name}"
            if proof.signed is None:
                findings.append(skipped(subject, "the checkpoint is not accepted (C07)"))
                continue
            try:
                tsa, result = _verify(raw, proof.signed.stamped, tsas, certificates)
            except EvidenceError as error:
                findings.append(finding_of(error, subject))
                continue
            timed.append(Timed(proof.number, tsa.name, raw, result))
            findings.append(_found(subject, tsa, result))
    return timed, findings


def _verify(
    raw: bytes, message: bytes, tsas: tuple[TrustedTsa, ...], certificates: tuple[bytes, ...]
) -> tuple[TrustedTsa, TimestampResult]:
    """Ask each authority of the policy whether the token is its own; another's token is simply not its own."""
    parse_response(raw).granted()
    untrusted = InsufficientError("UNTRUSTED_TSA", "no authority of the policy issued this token")
    for tsa in tsas:
        try:
            return tsa, verify_timestamp(raw, message=message, tsa=tsa, extra_certificates=certificates)
        except InsufficientError as error:
            if error.code != "UNTRUSTED_TSA":
                untrusted = error
    raise untrusted


def _found(subject: str, tsa: TrustedTsa, result: TimestampResult) -> Finding:
    observed: dict[str, Any] = {
        "tsa": tsa.name,
        "gen_time": format_time(result.gen_time),
        "serial_number": result.serial_number,
        "policy": result.policy_oid,
        "subject": result.tsa_subject,
        "remarks": " ".join(result.remarks),
    }
    if result.test:
        return indeterminate("TEST_TSA", subject, "the authority is a test installation", **observed)
    return passed(subject, **observed)


def conclude_timestamps(
    findings: list[Finding], timed: list[Timed], items: list[Item], inclusions: Inclusions, needed: int
) -> CheckResult:
    """Conclude C11: each event under tokens of ``needed`` different trusted authorities."""
    supporters = {
        item.number: frozenset(
            token.tsa for token in _covering(item, timed, inclusions) if not token.result.test
        )
        for item in events_of(items)
    }
    supported = supporters if any(supporters.values()) else {}
    return conclude_quorum(CheckId.C11, findings, supported, events_of(items), needed)


def _covering(item: Item, timed: list[Timed], inclusions: Inclusions) -> Iterator[Timed]:
    return (token for token in timed if item.number in inclusions.covered[token.proof])
