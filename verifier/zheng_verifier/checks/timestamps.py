"""C11: trusted authorities stated that the signed checkpoints existed by a time."""

import hashlib
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
    supporters_of,
)
from zheng_verifier.encoding import format_time
from zheng_verifier.errors import EvidenceError, InsufficientError, MalformedError, VerificationError
from zheng_verifier.report.model import CheckId, CheckResult, Finding, Text, say
from zheng_verifier.timestamp import Message, TimestampResult, TrustedTsa, parse_response, verify_timestamp


def check_timestamps(
    proofs: list[OpenedProof], tsas: tuple[TrustedTsa, ...], certificates: tuple[bytes, ...]
) -> tuple[list[Timed], list[Finding]]:
    """Verify every token over its checkpoint's stamped bytes (C11)."""
    timed: list[Timed] = []
    findings: list[Finding] = []
    for proof in proofs:
        for position, raw in enumerate(proof.source.tokens):
            subject = say("timestamps.token", position=position, checkpoint=proof.name)
            if proof.signed is None:
                findings.append(skipped(subject, say("checkpoint_not_accepted")))
                continue
            try:
                token = parse_response(raw).granted()
                tsa, result = ask_authorities(raw, proof.signed.stamped, tsas, certificates)
            except EvidenceError as error:
                findings.append(finding_of(error, subject))
                continue
            size, digest = proof.signed.checkpoint.size, hashlib.sha256(token.der).digest()
            timed.append(Timed(proof.number, size, tsa.name, digest, result))
            findings.append(describe_token(subject, tsa, result))
    return timed, findings


def ask_authorities(
    raw: bytes, message: Message, tsas: tuple[TrustedTsa, ...], certificates: tuple[bytes, ...]
) -> tuple[TrustedTsa, TimestampResult]:
    """Ask each authority of the policy whether the token is its own; if none takes it, the gravest reason counts.

    One authority's certificates may fail where another's hold (cross-signed or renewed roots): all are asked.
    """
    reason: EvidenceError = InsufficientError("UNTRUSTED_TSA", "no authority of the policy issued this token")
    for tsa in tsas:
        try:
            return tsa, verify_timestamp(raw, message=message, tsa=tsa, extra_certificates=certificates)
        except EvidenceError as error:
            reason = max(reason, error, key=_gravity)
    raise reason


def _gravity(error: EvidenceError) -> int:
    """Order reasons: false or ill-formed, then a particular shortcoming, then plainly another authority's token."""
    if isinstance(error, MalformedError | VerificationError):
        return 2
    return int(error.code != "UNTRUSTED_TSA")


def describe_token(subject: Text, tsa: TrustedTsa, result: TimestampResult) -> Finding:
    """State what a verified token says; of a test authority it proves nothing."""
    observed: dict[str, Any] = {
        "tsa": tsa.name,
        "gen_time": format_time(result.gen_time),
        "serial_number": f"{result.serial_number:x}",
        "policy": result.policy_oid,
        "tsa_subject": result.tsa_subject,
        "remarks": " ".join(result.remarks),
    }
    if result.test:
        return indeterminate("TEST_TSA", subject, say("timestamps.test"), **observed)
    return passed(subject, **observed)


def conclude_timestamps(
    findings: list[Finding], timed: list[Timed], items: list[Item], inclusions: Inclusions, needed: int
) -> CheckResult:
    """Conclude C11: each event under tokens of ``needed`` different trusted authorities."""
    events, by_proof = events_of(items), dict[int, set[str]]()
    for token in timed:
        if not token.result.test:
            by_proof.setdefault(token.proof, set()).add(token.tsa)
    supporters = supporters_of(events, inclusions, by_proof)
    return conclude_quorum(CheckId.C11, findings, supporters, events, needed)
