"""Makes an installation and brings it up: idempotent, and resumable after a crash at any point."""

import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from zheng_verifier.policy import fingerprint

from anchor.commitment import LogIdentity
from anchor.ethereum import EthereumAnchor
from anchor.ports import ChainError
from anchor.store import AnchorStore
from api.accounts.store import ApiStore
from api.database import migrate, sqlite_url
from api.issuance.policy_export import write_policy
from api.operation.announcements import announce
from api.operation.authorities import open_authorities
from api.operation.chains import open_chains
from api.operation.worker import LedgerHeads, sole_worker
from api.services import ledger_settings, migrate_ledger
from api.settings import Settings
from api.times import Clock, Random
from ledger.reader import LedgerReader
from ledger.service import Ledger, create_ledger

OPERATOR_NAME = "operator of this log"
_CHAIN_SECONDS = 15.0
_CHAIN_POLL = 0.05

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Installed:
    """What `initialise` made or found."""

    origin: str
    log_case: str
    operator: str
    vkey: str
    chains: tuple[str, ...]
    waiting_chains: tuple[str, ...]
    announced: int
    policy_fingerprint: str


def initialise(settings: Settings, *, clock: Clock, random: Random, progress: Progress) -> Installed:
    """Make folders, databases, keys, the log, contracts on the chains, and the published trust policy.

    Raises:
        LedgerStoppedError: there is a log here that may not be opened.
        ChainInUse: a worker runs on this folder.
    """
    progress("folders and databases")
    settings.paths.create()
    migrate_ledger(settings)
    with sole_worker(settings):
        migrate(sqlite_url(settings.paths.anchor_db), "anchor")
    migrate(sqlite_url(settings.paths.api_db), "api")
    migrate(sqlite_url(settings.paths.signing_db), "signing")
    store = ApiStore.open(settings.paths.api_db, clock=clock, random=random)
    try:
        operator = _operator(store, random)
        origin = settings.log.origin or f"zheng.local/{operator[:8]}"
        progress("log key and first leaf")
        created = ledger_settings(settings, operator=operator, origin=origin)
        with create_ledger(created, clock=clock, random=random) as ledger:
            return _bring_up(settings, ledger, store, clock=clock, random=random, progress=progress)
    finally:
        store.close()


def _bring_up(
    settings: Settings, ledger: Ledger, store: ApiStore, *, clock: Clock, random: Random, progress: Progress
) -> Installed:
    log = LogIdentity(ledger.origin, ledger.vkey)
    progress("contracts on the chains")
    _prepare_chains(settings, log, ledger.reader, clock=clock, random=random)
    authorities = [each.trusted for each in open_authorities(settings, clock=clock, random=random)]
    anchors = AnchorStore.read_only(settings.paths.anchor_db)
    try:
        progress("announcements in the log's own case")
        announced = announce(ledger, settings, authorities=authorities, deployments=anchors.deployments())
        progress("trust policy")
        policy = write_policy(settings, ledger=ledger, store=store, anchors=anchors, now=clock())
        ready = tuple(each.chain for each in anchors.deployments() if each.ready)
    finally:
        anchors.close()
    return Installed(
        origin=ledger.origin,
        log_case=ledger.log_case,
        operator=ledger.operator,
        vkey=log.vkey_line,
        chains=ready,
        waiting_chains=tuple(each.name for each in settings.chains if each.name not in ready),
        announced=announced,
        policy_fingerprint=fingerprint(policy),
    )


def _prepare_chains(
    settings: Settings, log: LogIdentity, reader: LedgerReader, *, clock: Clock, random: Random
) -> None:
    """Deploy and register as far as goes within seconds; what waits for a node or for finality is the worker's."""
    with sole_worker(settings), closing(AnchorStore.open(settings.paths.anchor_db)) as store:
        heads = LedgerHeads(reader)
        with open_chains(settings, log=log, heads=heads, store=store, clock=clock, random=random) as chains:
            for chain in chains:
                _prepare(chain, store)


def _prepare(chain: EthereumAnchor, store: AnchorStore) -> None:
    deadline = time.monotonic() + _CHAIN_SECONDS
    while time.monotonic() < deadline:
        known = store.deployment(chain.name)
        if known is not None and known.ready:
            return
        try:
            if chain.advance() is not None:
                return
        except ChainError:
            return
        time.sleep(_CHAIN_POLL)  # a block has to be made before the next step


def _operator(store: ApiStore, random: Random) -> str:
    """Give the operator's tenant, made at the first run: it owns the log's own case, and names the log."""
    known = next((tenant.id for tenant in store.tenants() if tenant.name == OPERATOR_NAME), None)
    if known is not None:
        return known
    return store.create_tenant(str(uuid.UUID(bytes=random(16), version=4)), OPERATOR_NAME).id
