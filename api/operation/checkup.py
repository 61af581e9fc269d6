"""What an operator asks of an installation at rest or at work: does all agree, and how does it stand."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zheng_verifier.encoding import format_base64url
from zheng_verifier.jws import key_fingerprint
from zheng_verifier.policy import fingerprint

from anchor.commitment import LogIdentity
from anchor.fsck import fsck as fsck_anchors
from anchor.store import AnchorStore
from api.accounts.store import ApiStore
from api.database import SQLITE_VERSION
from api.issuance.policy_export import read_policy
from api.operation.authorities import open_authorities
from api.operation.register_check import check_register
from api.operation.signing_check import check_signing, describe_signing
from api.services import ledger_settings
from api.settings import Settings
from api.times import now
from ledger.fsck import fsck as fsck_ledger
from ledger.reader import LedgerReader


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found: one sentence for each database that differs, and what was counted."""

    differences: tuple[str, ...]
    counts: Mapping[str, int]

    @property
    def ok(self) -> bool:
        """Tell whether everything agrees."""
        return not self.differences


def check_installation(settings: Settings, *, log: LogIdentity, progress: Callable[[str], None]) -> Checkup:
    """Check ledger, anchors and api.db, each as far as its first difference; nothing is written."""
    progress("ledger")
    ledger = fsck_ledger(ledger_settings(settings), random=os.urandom)
    differences = []
    if ledger.difference is not None:
        found = ledger.difference
        differences.append(f"ledger: {found.table} {found.row}: {found.detail}")
    progress("anchors")
    store = AnchorStore.read_only(settings.paths.anchor_db)
    try:
        judges = {
            each.driver.name: each.trusted
            for each in open_authorities(settings, clock=now, random=os.urandom)
        }
        anchors = fsck_anchors(store, log, judges)
    finally:
        store.close()
    if anchors.difference is not None:
        differences.append(f"anchors: {anchors.difference}")
    progress("keys and certificates")
    differences += [f"api: {text}" for text in _check_api(settings)]
    progress("signing")
    reader = LedgerReader.open(settings.paths.ledger_db)
    try:
        signing = check_signing(settings, reader)
    finally:
        reader.close()
    differences += [f"signing: {text}" for text in signing.differences]
    counts = {
        "leaves": ledger.size,
        "cases": ledger.cases,
        "entries": ledger.entries,
        "entries_erased": ledger.entries_erased,
        "disclosures": ledger.disclosures,
        "documents": ledger.documents,
        "checkpoints_taken": anchors.checkpoints,
        "timestamps": anchors.tokens,
        "chain_proofs": anchors.proofs,
    } | signing.counts
    return Checkup(tuple(differences), counts)


def _check_api(settings: Settings) -> Iterator[str]:
    """See that each submitter key is named by its own hash and stands in the log, and certificates are whole."""
    reader = LedgerReader.open(settings.paths.ledger_db)
    store = ApiStore.open(settings.paths.api_db, clock=now, random=os.urandom)
    try:
        for key in store.submitter_keys():
            if format_base64url(key_fingerprint(key.spki)) != key.kid:
                yield f"submitter key {key.kid} is not the key of that name"
            elif reader.leaf(key.registered_index) is None:
                yield f"submitter key {key.kid} is registered at leaf {key.registered_index}, which is not there"
        yield from check_register(settings, store, reader)
    finally:
        store.close()
        reader.close()


def anchor_progress(settings: Settings) -> tuple[int, int]:
    """Give the sizes of the newest signed head and of the newest checkpoint on a chain."""
    reader = LedgerReader.open(settings.paths.ledger_db)
    store = AnchorStore.read_only(settings.paths.anchor_db)
    try:
        return reader.size(), store.newest_anchored_size()
    finally:
        store.close()
        reader.close()


def describe_installation(settings: Settings, log: LogIdentity) -> dict[str, Any]:
    """Say how the installation stands, read from its databases; a running service is not disturbed."""
    reader = LedgerReader.open(settings.paths.ledger_db)
    store = AnchorStore.read_only(settings.paths.anchor_db)
    try:
        size, unsigned = reader.size(), reader.unsigned_size()
        anchored = store.newest_anchored_size()
        services = {state.name: state.last_error if state.failures else "ok" for state in store.services()}
        chains = {each.chain: "ready" if each.ready else "being set up" for each in store.deployments()}
    finally:
        store.close()
        reader.close()
    poisoned = settings.paths.signer / "POISONED"
    policy = read_policy(settings.paths.policy)
    return {
        "state": "stopped"
        if poisoned.exists()
        else "degraded"
        if any(word != "ok" for word in services.values())
        else "ready",
        "home": str(settings.paths.home),
        "origin": log.origin,
        "vkey": log.vkey_line,
        "size": size,
        "unsigned": unsigned - size,
        "unanchored": max(0, size - anchored),
        "services": services,
        "chains": chains,
        "policy_fingerprint": None if policy is None else fingerprint(policy),
        "signing": describe_signing(settings),
        "sqlite": SQLITE_VERSION,
    }
