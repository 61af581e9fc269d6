"""The trust policy: what the verifier's own user trusts. Nothing of it is ever taken from the evidence.

A policy names logs with their keys (each for an interval of tree sizes), chains with contract and publishers,
time-stamping authorities and certification authorities with their roots, the services whose certificates and reports
are known, and how many sources are asked for. Its fingerprint, and who supplied it, are the first line of every
report. A policy that came with the evidence caps the verdict at INCOMPLETE.
Specification: docs/spec/policy.md.
"""

from zheng_verifier.policy.model import (
    CHAIN_KINDS,
    AlgorithmRule,
    CompromisedKey,
    LogKey,
    Quorum,
    TrustedCa,
    TrustedIssuer,
    TrustedLog,
    TrustedSubmitter,
    TrustPolicy,
    WitnessRule,
    fingerprint,
)
from zheng_verifier.policy.reading import parse_policy
from zheng_verifier.policy.writing import format_policy

__all__ = [
    "CHAIN_KINDS",
    "AlgorithmRule",
    "CompromisedKey",
    "LogKey",
    "Quorum",
    "TrustPolicy",
    "TrustedCa",
    "TrustedIssuer",
    "TrustedLog",
    "TrustedSubmitter",
    "WitnessRule",
    "fingerprint",
    "format_policy",
    "parse_policy",
]
