"""The composition root: from settings to the objects that answer requests."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.requests import Request

from anchor.store import AnchorStore
from api.accounts.keyring import KeyRing
from api.accounts.store import ApiStore
from api.database import migrate, sqlite_url
from api.institutions.opening import open_institutions
from api.institutions.ports import Institution
from api.institutions.store import SubmissionStore
from api.issuance.document_index import DocumentIndex
from api.issuance.evidence import Evidence
from api.issuance.issuer.issuer import Issuer
from api.issuance.register import CertificateRegister
from api.jobs.queue import DurableQueue
from api.jobs.store import JobStore
from api.operation.identity import log_identity
from api.operation.memories import outside_memories
from api.settings import Settings
from api.signing.desk import SigningDesk, open_desk
from api.times import Clock, Random, now
from api.web.metrics import Metrics
from api.web.ratelimit import RateLimiter
from api.web.verification import Verifications
from ledger.folder import FolderLock
from ledger.service import Ledger, open_ledger
from ledger.settings import LedgerSettings


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a request may need; opened once, by `open_services`."""

    settings: Settings
    ledger: Ledger
    store: ApiStore
    anchors: AnchorStore
    evidence: Evidence
    documents: DocumentIndex
    issuer: Issuer
    register: CertificateRegister
    keyring: KeyRing
    limiter: RateLimiter
    verifications: Verifications
    jobs: JobStore
    queue: DurableQueue
    submissions: SubmissionStore
    institutions: Mapping[str, Institution]
    signing: SigningDesk
    metrics: Metrics
    clock: Clock
    random: Random


def services_of(request: Request) -> Services:
    """Give the services of the application that serves this request."""
    services: Services = request.app.state.services
    return services


def ledger_settings(settings: Settings, *, operator: str = "", origin: str = "") -> LedgerSettings:
    """Say where the log lies; ``operator`` and ``origin`` are needed only to create it."""
    return LedgerSettings.in_home(
        settings.paths.home,
        origin=origin or settings.log.origin,
        operator_tenant=operator,
        min_outside_memories=settings.log.min_outside_memories,
    )


def migrate_ledger(settings: Settings) -> None:
    """Bring ledger.db to its newest version; under the log's lock, since only one process may write to it.

    Raises:
        LedgerStoppedError: LOCKED: another process works on this log.
    """
    with FolderLock(settings.paths.data):
        migrate(sqlite_url(settings.paths.ledger_db), "ledger")


@contextmanager
def open_services(
    settings: Settings, *, clock: Clock = now, random: Random = os.urandom
) -> Iterator[Services]:
    """Open an initialised installation for serving, and close it in the end.

    Raises:
        LedgerStoppedError: a start-up rule of the log does not hold; nothing was signed.
        SettingsError: the institutions' settings cannot be used.
    """
    paths = settings.paths
    with ExitStack() as stack:
        anchors = AnchorStore.read_only(paths.anchor_db)
        stack.callback(anchors.close)
        outside = tuple(outside_memories(settings, log_identity(settings), anchors))
        ledger = stack.enter_context(
            open_ledger(ledger_settings(settings), clock=clock, random=random, outside=outside)
        )
        store = ApiStore.open(paths.api_db, clock=clock, random=random)
        stack.callback(store.close)
        institutions = open_institutions(settings.institutions, clock=clock, random=random)
        for each in institutions.values():
            stack.callback(each.close)
        queue = DurableQueue(paths.jobs_db)
        stack.callback(queue.close)
        yield Services(
            settings=settings,
            ledger=ledger,
            store=store,
            anchors=anchors,
            evidence=evidence_of(ledger, anchors, store),
            issuer=Issuer.open(settings, name=ledger.origin, clock=clock, random=random),
            register=CertificateRegister(store.engine, clock=clock, random=random),
            documents=DocumentIndex(store.engine, ledger.reader, ledger.vault),
            keyring=KeyRing(store, clock=clock, monotonic=time.monotonic),
            limiter=RateLimiter(
                rate=settings.limits.public_rate,
                burst=settings.limits.public_burst,
                addresses=settings.limits.public_addresses,
                monotonic=time.monotonic,
            ),
            verifications=Verifications(settings.limits),
            jobs=JobStore(store.engine, clock=clock),
            queue=queue,
            submissions=SubmissionStore(store.engine, clock=clock),
            institutions=institutions,
            signing=stack.enter_context(open_desk(settings, store=store, clock=clock, random=random)),
            metrics=Metrics(),
            clock=clock,
            random=random,
        )


def evidence_of(ledger: Ledger, anchors: AnchorStore, store: ApiStore) -> Evidence:
    """Let evidence be put together from the two siblings and the registered keys."""

    def registered_at(tenant: str, kid: str) -> int | None:
        key = store.submitter_key(tenant, kid)
        return None if key is None else key.registered_index

    return Evidence(
        origin=ledger.origin,
        log_case=ledger.log_case,
        reader=ledger.reader,
        vault=ledger.vault,
        anchors=anchors,
        submitter_index=registered_at,
    )
