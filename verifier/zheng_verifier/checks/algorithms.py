"""C23: every algorithm that the evidence rests on is one the policy accepts for its time.

An algorithm that aged after a trusted time-stamp covered what it made is still good: what existed in time was made
in time (proof of existence). Tokens and anchors have nobody to date them but themselves, so theirs are judged at the
time of verification: who can forge a token can also choose its genTime.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from zheng_verifier.checks.bounds import Bounds
from zheng_verifier.checks.evidence import (
    Anchored,
    Item,
    OpenedProof,
    Timed,
    events_of,
    indeterminate,
    not_provided,
    passed,
)
from zheng_verifier.jws import parse_jws
from zheng_verifier.policy import AlgorithmRule
from zheng_verifier.report.model import Finding, say

_JWS_NAMES = {"EdDSA": "ed25519", "ES256": "ecdsa-sha256"}


def check_algorithms(
    items: Sequence[Item],
    proofs: Sequence[OpenedProof],
    timed: Sequence[Timed],
    anchored: Sequence[Anchored],
    bounds: Mapping[int, Bounds],
    rules: Sequence[AlgorithmRule],
    at: datetime | None,
) -> list[Finding]:
    """Hold each algorithm against the policy, for the time by which what it made existed or for ``at``."""
    existed = _existence(items, bounds)
    content = {"sha256", *_of_entries(items), *_of_proofs(proofs)}
    proving = {*_of_tokens(timed), *(["keccak256"] if anchored else [])}
    return [
        _judge(name, rules, at if existed is None or name in proving else existed)
        for name in sorted(content | proving)
    ]


def _existence(items: Sequence[Item], bounds: Mapping[int, Bounds]) -> datetime | None:
    """Give the moment by which a trusted authority had dated the last of the events; None if it has not."""
    dated = [bounds[item.number].not_after for item in events_of(items)]
    moments = [bound.moment for bound in dated if bound is not None and bound.trusted]
    return max(moments) if len(moments) == len(dated) else None


def _of_entries(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        if item.entry is None:
            continue
        if item.entry.submitter.jws is not None:
            yield _JWS_NAMES[parse_jws(item.entry.submitter.jws).algorithm]
        for document in item.entry.claim.documents:
            yield from document.digests or ()


def _of_proofs(proofs: Sequence[OpenedProof]) -> Iterator[str]:
    if any(proof.signed is not None for proof in proofs):
        yield "ed25519"


def _of_tokens(timed: Sequence[Timed]) -> Iterator[str]:
    for token in timed:
        yield token.result.imprint_algorithm
        yield token.result.signature_algorithm


def _judge(name: str, rules: Sequence[AlgorithmRule], moment: datetime | None) -> Finding:
    subject, mine = say("algorithms.name", name=name), [rule for rule in rules if rule.name == name]
    if not mine:
        return indeterminate("CRYPTO_CONSTRAINTS_FAILURE", subject, say("algorithms.not_listed"))
    if moment is None:
        return not_provided("NO_POE", subject, say("algorithms.no_moment"))
    if any(accepts(rule, moment) for rule in mine):
        return passed(subject)
    return indeterminate("CRYPTO_CONSTRAINTS_FAILURE_NO_POE", subject, say("algorithms.outside"))


def accepts(rule: AlgorithmRule, moment: datetime) -> bool:
    """Tell whether a rule of the policy accepts its algorithm for what was made by this moment."""
    return (rule.start is None or moment >= rule.start) and (rule.until is None or moment < rule.until)
