"""C23: every algorithm that the evidence rests on is one the policy accepts for its time.

An algorithm that aged after a trusted time-stamp covered what it made is still good: what existed in time was made
in time (proof of existence).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from zheng_verifier.checks.evidence import (
    Anchored,
    Item,
    OpenedProof,
    Timed,
    earliest,
    indeterminate,
    not_provided,
    passed,
)
from zheng_verifier.jws import parse_jws
from zheng_verifier.policy import AlgorithmRule
from zheng_verifier.report.model import Finding

_JWS_NAMES = {"EdDSA": "ed25519", "ES256": "ecdsa-sha256"}
SPINE_ALGORITHMS = ("sha256", "ed25519")


def used_algorithms(
    items: Sequence[Item], proofs: Sequence[OpenedProof], timed: Sequence[Timed], anchored: Sequence[Anchored]
) -> list[str]:
    """List the algorithms that what was checked rests on, sorted."""
    return sorted({"sha256", *_of_entries(items), *_of_proofs(proofs, timed, anchored)})


def _of_entries(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        if item.entry is None:
            continue
        if item.entry.submitter.jws is not None:
            yield _JWS_NAMES[parse_jws(item.entry.submitter.jws).algorithm]
        for document in item.entry.claim.documents:
            yield from document.digests or ()


def _of_proofs(
    proofs: Sequence[OpenedProof], timed: Sequence[Timed], anchored: Sequence[Anchored]
) -> Iterator[str]:
    if any(proof.signed is not None for proof in proofs):
        yield "ed25519"
    for token in timed:
        yield token.result.imprint_algorithm
        yield token.result.signature_algorithm
    if anchored:
        yield "keccak256"


def check_algorithms(
    used: Sequence[str], rules: Sequence[AlgorithmRule], timed: Sequence[Timed], at: datetime | None
) -> list[Finding]:
    """Hold the algorithms against the policy at the time of verification, or at the earliest trusted genTime."""
    existence = earliest(token.result.gen_time for token in timed if not token.result.test)
    moment = existence if existence is not None else at
    findings = []
    for name in used:
        rule = next((rule for rule in rules if rule.name == name), None)
        if rule is None:
            findings.append(indeterminate("CRYPTO_CONSTRAINTS_FAILURE", name, "the policy does not list it"))
        elif moment is None:
            findings.append(
                not_provided("NO_POE", name, "neither a trusted time-stamp nor a time of verification")
            )
        elif (rule.start is not None and moment < rule.start) or (
            rule.until is not None and moment >= rule.until
        ):
            detail = "outside the time for which the policy accepts it"
            findings.append(indeterminate("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", name, detail))
        else:
            findings.append(passed(name))
    return findings
