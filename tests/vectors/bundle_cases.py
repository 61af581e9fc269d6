"""Vectors of the bundle and of the trust policy: their forms. What a verifier finds in them is in conformance cases."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

from cases import (
    CASE,
    DISCLOSURE,
    ENTRY,
    FIRST_ENTRY,
    FIRST_LEAF,
    LEAF,
    LEAVES,
    MALFORMED,
    OK,
    ORIGIN,
    OTHER_VKEY,
    PLATFORM,
    UNCHECKABLE,
    VKEY,
    Case,
    case,
    changed,
    checkpoint_note,
    growth,
    path,
    seed,
    spki,
    uuid,
)
from zheng_verifier.bundle import (
    Bundle,
    BundleEvent,
    BundleProof,
    ConsistencyStep,
    Inclusion,
    format_bundle,
)
from zheng_verifier.ethereum.anchor import TrustedChain
from zheng_verifier.policy import (
    AlgorithmRule,
    LogKey,
    Quorum,
    TrustedIssuer,
    TrustedLog,
    TrustedSubmitter,
    TrustPolicy,
    WitnessRule,
    format_policy,
)
from zheng_verifier.timestamp import TrustedTsa

_BUNDLE = Bundle(
    origin=ORIGIN,
    case=CASE,
    events=(BundleEvent(FIRST_LEAF, FIRST_ENTRY), BundleEvent(LEAF, ENTRY, (DISCLOSURE,))),
    proofs=tuple(
        BundleProof(
            checkpoint_note(size),
            tuple(Inclusion(index, index, tuple(path(index, LEAVES[:size]))) for index in (0, 1)),
            tokens=(b"TEST token, not read here",),
        )
        for size in (2, 7)
    ),
    consistency=(ConsistencyStep(2, 7, tuple(growth(2, LEAVES[:7]))),),
)
_POLICY = TrustPolicy(
    issued_at=datetime(2026, 1, 1, tzinfo=UTC),
    expires=datetime(2027, 1, 1, tzinfo=UTC),
    algorithms=(
        AlgorithmRule("sha256", None, None),
        AlgorithmRule("sm3", None, datetime(2036, 1, 1, tzinfo=UTC)),
    ),
    logs=(
        TrustedLog(
            ORIGIN,
            uuid("log case"),
            (LogKey(VKEY, 0, 100), LogKey(OTHER_VKEY, 100, None)),
            WitnessRule(0, ()),
        ),
    ),
    chains=(
        TrustedChain(
            1337,
            seed("genesis"),
            "dev",
            "pinned",
            seed("contract", 20),
            seed("code"),
            seed("log id"),
            seed("creator", 20),
            (seed("publisher", 20),),
            (),
        ),
    ),
    tsas=(
        TrustedTsa("TEST authority", (), (seed("pin"),), ("1.3.6.1.4.1.59999.1.1",), ("sha256",), test=True),
    ),
    submitters=(TrustedSubmitter(uuid("tenant"), spki(PLATFORM), "TEST platform", 0),),
    quorum=Quorum(1, 1, 0),
    issuers=(TrustedIssuer("TEST service", (), (spki(PLATFORM),), test=True),),
)


def bundle_cases() -> list[Case]:
    """Bundles that read and write back to the same bytes, and bundles that do not parse."""
    good = format_bundle(_BUNDLE)
    body = json.loads(good)
    first, second = body["proofs"]
    redacted = replace(_BUNDLE, events=(_BUNDLE.events[0], BundleEvent(LEAF, None)))
    step = body["consistency"][0]
    unordered = {**first, "inclusions": first["inclusions"][::-1]}
    return [
        case("two events under two checkpoints", OK, good, sha256=hashlib.sha256(good).hexdigest(), events=2),
        case(
            "an entry withheld",
            OK,
            format_bundle(redacted),
            sha256=hashlib.sha256(format_bundle(redacted)).hexdigest(),
            events=2,
        ),
        case("a space at the end", MALFORMED, good + b" ", "CANONICALIZATION_MISMATCH"),
        case("an unknown member", MALFORMED, changed(body, note=1), "UNKNOWN_FIELD"),
        case("no context", MALFORMED, changed(body, context=None), "FIELD_MISSING"),
        case("no event", MALFORMED, changed(body, events=[], proofs=[]), "FORMAT_FAILURE"),
        case("inclusions not rising", MALFORMED, changed(body, proofs=[unordered, second]), "FORMAT_FAILURE"),
        case("one checkpoint twice", MALFORMED, changed(body, proofs=[first, first]), "FORMAT_FAILURE"),
        case("one step twice", MALFORMED, changed(body, consistency=[step, step]), "FORMAT_FAILURE"),
        case(
            "a step to a smaller size",
            MALFORMED,
            changed(body, consistency=[step | {"new_size": 1}]),
            "FORMAT_FAILURE",
        ),
        case(
            "a token without bytes", MALFORMED, changed(body, proofs=[first | {"tokens": [""]}]), "TOO_LARGE"
        ),
        case("a later version", UNCHECKABLE, changed(body, zheng="bundle/v2"), "UNKNOWN_VERSION"),
    ]


def policy_cases() -> list[Case]:
    """Policies that read and write back to the same bytes, and policies that do not parse."""
    good = format_policy(_POLICY)
    body = json.loads(good)
    log, chain, tsa = body["logs"][0], body["chains"][0], body["tsas"][0]
    overlapping = log | {"keys": [log["keys"][0] | {"to_size": 101}, log["keys"][1]]}
    return [
        case("one log with two keys", OK, good, fingerprint=hashlib.sha256(good).hexdigest()),
        case("keys that overlap", MALFORMED, changed(body, logs=[overlapping]), "FORMAT_FAILURE"),
        case("one origin twice", MALFORMED, changed(body, logs=[log, log]), "FORMAT_FAILURE"),
        case(
            "one log of a contract twice", MALFORMED, changed(body, chains=[chain, chain]), "FORMAT_FAILURE"
        ),
        case(
            "one authority under two names",
            MALFORMED,
            changed(body, tsas=[tsa, tsa | {"name": "TEST other name"}]),
            "FORMAT_FAILURE",
        ),
        case(
            "a quorum of no authority",
            MALFORMED,
            changed(body, quorum=body["quorum"] | {"tsa": 0}),
            "FORMAT_FAILURE",
        ),
        case("expired when issued", MALFORMED, changed(body, expires=body["issued_at"]), "FORMAT_FAILURE"),
        case("no submitters", MALFORMED, changed(body, submitters=None), "FIELD_MISSING"),
        case("no certification authorities", MALFORMED, changed(body, cas=None), "FIELD_MISSING"),
        case("no issuers", MALFORMED, changed(body, issuers=None), "FIELD_MISSING"),
        case("one issuer twice", MALFORMED, changed(body, issuers=body["issuers"] * 2), "FORMAT_FAILURE"),
        case("a later version", UNCHECKABLE, changed(body, zheng="policy/v2"), "UNKNOWN_VERSION"),
    ]
