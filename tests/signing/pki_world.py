"""A test authority, signers' keys and a time-stamping authority that can be dead, for tests of signing."""

import hashlib
from dataclasses import dataclass

from sqlmodel import select

from anchor.tsa_local import LocalTsa
from signing.certificates.issued import IssuedCertificates
from signing.certificates.keys import KeyPool
from signing.certificates.service import Certificates
from signing.certificates.subjects import Subject
from signing.certificates.testca import LocalTestCa
from signing.context import Context
from signing.custody.opening import open_custody
from signing.database import read, write
from signing.dossier.model import parse_statement
from signing.dossier.models import OutboxRow
from signing.dossier.recorder import Recorder
from signing.pades import TimestampFailed, Tokens, ValidationData

TENANT = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10"
CA_URL = "https://zheng.test/v1/signing/ca"


class Stamps:
    """The local time-stamping authority as a `Timestamper`; ``dead`` gives no answer, ``spoil`` changes the answers."""

    def __init__(self, directory, clock, random):
        self._tsa = LocalTsa(directory, clock=clock, random=random)
        self.dead = False
        self.spoil = None
        self.asked = 0

    @property
    def trusted(self):
        return self._tsa.trusted

    def request(self, query):
        self.asked += 1
        if self.dead:
            raise TimestampFailed("no answer")
        answer = self._tsa.request(query)
        return answer if self.spoil is None else self.spoil(answer)

    def validation_data(self):
        return ValidationData(crls=self._tsa.crls())


class FaultyCa:
    """An authority between which and the pipeline calls get lost: before they arrive, or the answer after."""

    def __init__(self, inner):
        self.inner = inner
        self.before = self.after = lambda operation: None

    def __getattr__(self, name):
        found = getattr(self.inner, name)
        if name not in ("certify", "revoke", "ocsp", "crls"):
            return found

        def call(*arguments):
            self.before(name)
            answer = found(*arguments)
            self.after(name)
            return answer

        return call


@dataclass
class PkiWorld:
    """One pipeline's keys and certificates, its authorities, and a contract's dossier."""

    context: Context
    ca: FaultyCa
    stamps: Stamps
    certificates: Certificates
    issued: IssuedCertificates
    dossier: str

    @property
    def tokens(self):
        return Tokens([self.stamps], self.context.random)

    def request(self, name, *, kind="person", romanised="", **options):
        """Give a new party a key; gives its reference in the case."""
        key = self.context.uuid()
        subject = Subject(name, kind, self.context.uuid(), romanised)
        with write(self.context.engine) as session:
            self.certificates.request(
                session, tenant=TENANT, dossier=self.dossier, subject=subject, key=key, **options
            )
        return key

    def signing_key(self, name, **options):
        return self.certificates.open(self.request(name, **options))

    def retire(self, key):
        with write(self.context.engine) as session:
            self.certificates.retiring.retire(session, key)

    def events(self, dossier=None):
        """Give the recorded claims in order."""
        dossier = dossier or self.dossier
        with read(self.context.engine) as session:
            rows = session.exec(
                select(OutboxRow).where(OutboxRow.dossier == dossier).order_by(OutboxRow.position)
            ).all()
            sealed = [row.payload for row in rows if row.kind == "event"]
            return [parse_statement(self.context.custody.open(session, dossier, each)) for each in sealed]

    def types(self):
        return [each.claim.type for each in self.events()]


def open_pki(folder, engine, clock, random, uuid, *, pool=0):
    custody = open_custody(folder / "keys", folder / "blobs", clock=clock, random=random)
    recorder = Recorder(custody, clock=clock, random=random, uuid=uuid)
    context = Context(engine, clock, random, uuid, recorder, custody)
    ca = FaultyCa(LocalTestCa(folder / "ca", base_url=CA_URL, clock=clock, random=random))
    certificates = Certificates(
        context, custody, ca, KeyPool(context, custody, {"ecdsa_p256": pool} if pool else {})
    )
    with write(engine) as session:
        dossier = recorder.open(session, tenant=TENANT, kind="contract", reference="contract-1")
    stamps = Stamps(folder / "tsa", clock, random)
    return PkiWorld(context, ca, stamps, certificates, IssuedCertificates(context, ca), dossier)


def close_pki(world):
    world.ca.inner.close()
    world.context.custody.keys.close()


def sha256(data):
    return hashlib.sha256(data).hexdigest()
