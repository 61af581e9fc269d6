"""The signing pipeline put together: one attribute for each of its service objects."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.accounts.store import ApiStore
from api.signing.acting import acting_of
from api.signing.certifying import certificates_of, open_certification, tokens_of
from api.signing.delivering import carriers_of
from api.signing.draining import make_drain, open_notary
from api.signing.identity_http import open_identity_provider
from api.times import Clock, Random
from signing.act.identifying import Identifying
from signing.act.service import Acts
from signing.act.views import SignerViews
from signing.certificates.issued import IssuedCertificates
from signing.certificates.ports import CertificateAuthority
from signing.certificates.service import Certificates
from signing.certificates.testca import LocalTestCa
from signing.context import Context
from signing.contracts.batch.service import Batches
from signing.contracts.forgetting import forget as forget_contract
from signing.contracts.neighbours import contracts_of
from signing.contracts.service import Contracts
from signing.custody.keeping import Keeping, forget_cases, keeping_of
from signing.custody.opening import open_custody
from signing.custody.service import Custody
from signing.database import open_engine
from signing.delivery.service import Delivery, delivery_of
from signing.documents.forgetting import forget as forget_documents
from signing.documents.inspection import Inspector
from signing.documents.service import Documents
from signing.documents.soffice import SofficeConverter
from signing.documents.templates import Templates
from signing.dossier.drain import Drain
from signing.dossier.recorder import Recorder
from signing.identity.service import Identities, identities_of
from signing.intent.forgetting import forget as forget_intent
from signing.intent.simulator import FaceSimulator
from signing.management.service import Management
from signing.pades import Tokens
from signing.people.forgetting import Forgetting
from signing.people.service import People, people_of
from signing.seals.forgetting import forgetting as seals_forgetting
from signing.seals.service import Seals

if TYPE_CHECKING:
    from api.settings import Settings


@dataclass(frozen=True, slots=True)
class SigningDesk:
    """Everything the routes of the pipeline may need; opened once, by `open_desk`."""

    context: Context
    custody: Custody
    keeping: Keeping
    delivery: Delivery
    recorder: Recorder
    drain: Drain
    people: People
    inspector: Inspector
    documents: Documents
    templates: Templates
    identities: Identities
    contracts: Contracts
    batches: Batches
    seals: Seals
    management: Management
    authority: CertificateAuthority
    test_authority: LocalTestCa | None
    certificates: Certificates
    issued_certificates: IssuedCertificates
    tokens: Tokens
    face: FaceSimulator
    acts: Acts
    signer_views: SignerViews
    identifying: Identifying


@contextmanager
def open_desk(
    settings: "Settings", *, store: ApiStore, clock: Clock, random: Random
) -> Iterator[SigningDesk]:
    """Open the pipeline of an initialised installation, and close it in the end; no thread runs yet."""
    paths = settings.paths
    engine = open_engine(paths.signing_db)
    custody = open_custody(paths.signing_keys, paths.signing_blobs, clock=clock, random=random)

    def new_id() -> str:
        return str(uuid.UUID(bytes=random(16), version=4))

    notary = open_notary(settings, store, uuid=new_id)
    authorities = open_certification(settings, clock=clock, random=random)
    authority = authorities.present
    provider = open_identity_provider(settings.signing.identity, clock=clock, random=random)
    try:
        drain = make_drain(settings, engine, notary, custody, clock=clock)
        recorder = Recorder(custody, clock=clock, random=random, uuid=new_id, wake=drain.wake)
        context = Context(engine, clock, random, new_id, recorder, custody)
        people = people_of(context, issuer=settings.server.title)
        inspector = Inspector(SofficeConverter())
        templates = Templates(context, people.business_types)
        keeping = keeping_of(context, custody)
        carriers = carriers_of(settings, clock=clock)
        delivery = delivery_of(context, people, carriers, public_url=settings.public_url)
        keeping.erasures.on_erase(delivery.notifications.forget)
        keeping.erasures.on_erase(Forgetting(people.sessions))
        for forget in (forget_contract, forget_documents, forget_intent, seals_forgetting(context)):
            keeping.erasures.on_erase(forget)
        documents = Documents(context, inspector, templates)
        identities = identities_of(
            context, people, provider, valid_for=timedelta(days=settings.signing.identity.valid_days)
        )
        keeping.erasures.on_erase(identities.late.forget)
        contracts = contracts_of(
            context, papers=documents, notices=delivery.notices, identities=identities, people=people
        )
        seals = Seals(context, people.accounts)
        management = Management(context, delivery.terms)
        keeping.erasures.on_erase(management.indexer.forget)
        certificates = certificates_of(settings, context, custody, authority)
        keeping.erasures.on_erase(certificates.retiring.forget)
        tokens = tokens_of(settings, clock=clock, random=random)
        face = FaceSimulator(new_id)
        acts, signer_views = acting_of(
            context,
            contracts=contracts,
            documents=documents,
            seals=seals,
            certificates=certificates,
            tokens=tokens,
            carriers=carriers,
            people=people,
            face=face,
        )
        keeping.erasures.on_erase(acts.forget)
        keeping.erasures.on_erase(forget_cases(context))
        yield SigningDesk(
            context=context,
            custody=custody,
            keeping=keeping,
            delivery=delivery,
            recorder=recorder,
            drain=drain,
            people=people,
            seals=seals,
            management=management,
            inspector=inspector,
            documents=documents,
            templates=templates,
            identities=identities,
            contracts=contracts,
            batches=Batches(contracts),
            authority=authority,
            test_authority=authorities.test,
            certificates=certificates,
            issued_certificates=IssuedCertificates(context, authority),
            tokens=tokens,
            face=face,
            acts=acts,
            signer_views=signer_views,
            identifying=Identifying(context, contracts, people, identities),
        )
    finally:
        provider.close()
        authorities.close()
        notary.close()
        custody.keys.close()
        engine.dispose()
