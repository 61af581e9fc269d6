"""The trust policy of this installation: what it would have others trust, as a file they may compare and choose."""

import os
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from zheng_verifier.errors import EvidenceError
from zheng_verifier.policy import (
    AlgorithmRule,
    LogKey,
    Quorum,
    TrustedLog,
    TrustedSubmitter,
    TrustPolicy,
    WitnessRule,
    format_policy,
    parse_policy,
)

from anchor.records import trusted_chain_of
from anchor.store import AnchorStore
from api.accounts.store import ApiStore
from api.issuance.issuer.issuer import Issuer
from api.operation.authorities import open_authorities
from api.settings import Settings
from api.signing.certifying import trusted_authorities
from ledger.service import Ledger

LIFETIME = timedelta(days=365)
ALGORITHMS = (
    "sha256",
    "sha384",
    "sha512",
    "sm3",
    "keccak256",
    "ed25519",
    "ecdsa-sha256",
    "ecdsa-sha384",
    "ecdsa-sha512",
    "rsa-sha256",
    "rsa-sha384",
    "rsa-sha512",
)


def current_policy(
    settings: Settings, *, ledger: Ledger, store: ApiStore, anchors: AnchorStore, now: datetime
) -> TrustPolicy:
    """Say what there is to trust: the log's key, contracts, authorities' roots, keys of submitters, our own papers.

    The certification authority of the signing pipeline is named as the settings describe it, the built-in one as a test.
    """
    return TrustPolicy(
        issued_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        expires=now.replace(microsecond=0) + LIFETIME,
        algorithms=tuple(AlgorithmRule(name, None, None) for name in ALGORITHMS),
        logs=(
            TrustedLog(
                origin=ledger.origin,
                log_case=ledger.log_case,
                keys=(LogKey(ledger.vkey, 0, None),),
                witnesses=WitnessRule(0, ()),
            ),
        ),
        chains=tuple(
            trusted_chain_of(deployment) for deployment in anchors.deployments() if deployment.ready
        ),
        tsas=tuple(each.trusted for each in open_authorities(settings, clock=lambda: now, random=os.urandom)),
        submitters=tuple(
            TrustedSubmitter(key.tenant_id, key.spki, key.organisation, key.registered_index)
            for key in store.submitter_keys()
        ),
        cas=trusted_authorities(settings),
        quorum=Quorum(tsa=1, chain=1, witness=0),
        issuers=(Issuer.open(settings, name=ledger.origin, clock=lambda: now, random=os.urandom).trusted,),
    )


def write_policy(
    settings: Settings, *, ledger: Ledger, store: ApiStore, anchors: AnchorStore, now: datetime
) -> bytes:
    """Write `policy.json` if what it says has changed, and give its bytes; the same statement keeps its fingerprint."""
    policy = current_policy(settings, ledger=ledger, store=store, anchors=anchors, now=now)
    path = settings.paths.policy
    old = read_policy(path)
    if old is not None:
        known = parse_policy(old)
        if replace(policy, issued_at=known.issued_at, expires=known.expires) == known and now < known.expires:
            return old
    written = format_policy(policy)
    part = path.with_suffix(f".{secrets.token_hex(8)}.part")  # two may write it at once; each its own
    part.write_bytes(written)
    part.replace(path)
    return written


def read_policy(path: Path) -> bytes | None:
    """Give the published policy, or None if there is none that can be read."""
    try:
        data = path.read_bytes()
        parse_policy(data)
    except (FileNotFoundError, EvidenceError):
        return None
    return data
