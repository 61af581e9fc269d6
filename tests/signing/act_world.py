"""A whole pipeline for tests of the act of signing: real but for carriers, authorities' distance, and the notary."""

import io
import uuid as uuids
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pikepdf
from pki_world import FaultyCa, Stamps
from sqlalchemy import event
from sqlmodel import select

from signing.act.assembly import Pieces, acts_of
from signing.act.confirming import Answer
from signing.act.models import ActRow
from signing.certificates.issued import IssuedCertificates
from signing.certificates.keys import KeyPool
from signing.certificates.service import Certificates
from signing.certificates.tables import KeyRow
from signing.certificates.testca import LocalTestCa
from signing.context import Context
from signing.contracts.draft import Draft, PartyDraft
from signing.contracts.memory import MemoryDirectory, MemoryNotices
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.ports import Known
from signing.contracts.service import Contracts
from signing.contracts.turns import Viewing
from signing.custody.opening import open_custody
from signing.database import read, write
from signing.delivery.simulators import MailSimulator, SmsSimulator
from signing.documents.inspection import Inspector, Prepared
from signing.documents.kinds import Kind
from signing.documents.pages import Page
from signing.documents.service import Documents, PreparedUpload
from signing.documents.templates import Templates
from signing.dossier.depositing import Depositor
from signing.dossier.drain import Drain
from signing.dossier.model import Event, parse_statement
from signing.dossier.models import OutboxRow
from signing.dossier.recorder import Recorder
from signing.intent.ports import Reading
from signing.intent.sending import CodeCarrier
from signing.intent.simulator import FaceSimulator
from signing.intent.statements import Locale
from signing.intent.terms import Line, Place
from signing.pades import Tokens
from signing.people.accounts import Accounts, NewAccount
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.principal import Principal, Seen
from signing.seals.creating import NewSeal
from signing.seals.drawing.company import Outline, SealDesign
from signing.seals.drawing.handwriting import PenPoint
from signing.seals.grants import NewGrant
from signing.seals.making import ByHand, ByTemplate, Typed
from signing.seals.service import Seals

TENANT = "11111111-1111-4111-8111-111111111111"
APP = Principal(
    TENANT, "api_client", scopes=frozenset({"signing:read", "signing:write"}), seen=Seen("192.0.2.1")
)
ALICE = PartyDraft(name="张三", phone="13900000001")
BOB = PartyDraft(name="李四", phone="13900000002", group=2)
STROKES = ByHand(((PenPoint(0, 0, 0), PenPoint(400, 300, 40), PenPoint(900, 100, 90)),))
TERM = "The lease shall automatically renew."


def fresh():
    return str(uuids.uuid4())


def lease():
    """A PDF of one page."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    pdf.save(out, static_id=True)
    return out.getvalue()


PAGES = (Page((0, 0, 595_000, 842_000)),)
LEASE = lease()


def upload(name="lease.pdf"):
    """The lease as it is after its inspection, which tests of documents test."""
    prepared = Prepared(name, Kind.PDF, LEASE, LEASE, PAGES)
    return PreparedUpload(name, "application/pdf", LEASE, prepared)


class NoConverter:
    """Converts nothing: these tests upload PDFs."""

    def convert(self, content, kind):
        raise NotImplementedError

    def prints(self, character):
        raise NotImplementedError


@dataclass
class ReaderOf:
    """Reads what a test says stands in every document."""

    texts: tuple = ()

    def read(self, pdf):
        lines = tuple(
            Line(text, Place(1, 50_000, 60_000 + 20_000 * number, 300_000, 12_000))
            for number, text in enumerate(self.texts)
        )
        return Reading(lines, (842_000, 842_000), 0)


@dataclass
class Passwords:
    """Signing passwords by account, as they were told."""

    known: dict = field(default_factory=dict)

    def has(self, session, by):
        return by.account in self.known

    def check(self, by, password):
        return self.known.get(by.account) == password


class Verified:
    """Tells of every party that a simulator found it to be who it says."""

    def __init__(self, context):
        self.context = context

    def level(self, session, contract, party):
        return "high"

    def restate(self, session, contract, party):
        if party.identity_event is not None:
            return party.identity_event

        def opened(sealed):
            return self.context.custody.open(session, contract.id, sealed).decode()

        common = {
            "party": party.ref,
            "provider": "identity-simulator",
            "simulated": True,
            "result": "match",
            "level": "high",
        }
        person = common | {
            "method": "telecom3",
            "fields_verified": ["name", "id_number", "phone"],
            "id_type": "id_card",
        }
        name = "王经办" if party.kind == "organization" else opened(party.name)
        private = {"provider_txn": "SIM1", "name": name, "id_number": "11010519491231002X"}
        if party.channel == "sms":
            private["phone"] = opened(party.target)
        agent = self._record(session, contract, Event("identity.person_verified/1", person, private))
        if party.kind == "person":
            return agent
        company = common | {
            "method": "registry4",
            "fields_verified": ["organization_name", "uscc"],
            "agent_event": agent,
        }
        private = {
            "provider_txn": "SIM2",
            "organization_name": opened(party.name),
            "uscc": "91330106MA27XY1236",
            "legal_representative": "赵六",
            "authorization": "ab" * 32,
        }
        return self._record(session, contract, Event("identity.organization_verified/1", company, private))

    def _record(self, session, contract, event):
        return self.context.recorder.record(session, contract.dossier, event)


class ActWorld:
    """The pipeline; ``crash`` may be called at any seam to cut it off."""

    def __init__(self, folder, engine, clock, random, uuid, notary):
        self.engine, self.clock, self.notary = engine, clock, notary
        custody = open_custody(folder / "keys", folder / "blobs", clock=clock, random=random)
        event.listen(custody.keys._engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        recorder = Recorder(custody, clock=clock, random=random, uuid=uuid)
        self.context = context = Context(engine, clock, random, uuid, recorder, custody)
        self.accounts = Accounts(context)
        self.seals = Seals(context, self.accounts)
        self.documents = Documents(context, Inspector(NoConverter()), Templates(context, None))
        self.notices, self.directory = MemoryNotices(), MemoryDirectory()
        self.contracts = Contracts(
            context,
            papers=self.documents,
            notices=self.notices,
            identities=Verified(context),
            directory=self.directory,
        )
        self.ca = FaultyCa(
            LocalTestCa(folder / "ca", base_url="https://zheng.test/ca", clock=clock, random=random)
        )
        self.certificates = Certificates(context, custody, self.ca, KeyPool(context, custody, {}))
        self.stamps = Stamps(folder / "tsa", clock, random)
        self.sms, self.mail = SmsSimulator(clock), MailSimulator(clock)
        self.face, self.passwords, self.reader = FaceSimulator(uuid), Passwords(), ReaderOf()
        self.folder, self.uuid = folder, uuid
        self.reopen()
        self.drain = Drain(engine, Depositor(engine, notary, custody, clock=clock), clock=clock)

    def reopen(self):
        """Put the act together anew, as after a restart: nothing is known but what the rows say."""
        self.acts = acts_of(
            Pieces(
                context=self.context,
                contracts=self.contracts,
                papers=self.documents,
                revisions=self.documents,
                fillings=self.documents.fillings,
                uses=self.seals.uses,
                certificates=self.certificates,
                tokens=Tokens([self.stamps], self.context.random),
                carrier=CodeCarrier(self.sms, self.mail, self.uuid),
                passwords=self.passwords,
                face=self.face,
                reader=self.reader,
            )
        )

    def close(self):
        self.ca.inner.close()
        self.context.custody.keys.close()

    def account(self, name, *roles):
        with write(self.engine) as session:
            made, _ = self.accounts.add(
                session,
                Principal(TENANT, "system"),
                NewAccount(fresh(), "person", internal=True, profile=Profile(name), roles=frozenset()),
            )
        self.directory.accounts[TENANT, made.id] = Known(name, "person")
        return Principal(
            TENANT, "member", account=made.id, roles=frozenset(roles), seen=Seen("192.0.2.7", "Tests", "pc")
        )

    def seal(self):
        """A company's seal in force."""
        keeper, approver = (
            self.account("印管", Role.SEAL_ADMIN, Role.MEMBER),
            self.account("主管", Role.SYSTEM_ADMIN),
        )
        design = SealDesign(
            Outline.CIRCLE, 40_000, 40_000, "青禾社", ("合同专用章",), "3301060123456", star=True
        )
        made, _ = self.seals.creating.create(
            keeper, NewSeal(fresh(), "合同章", "contract", ByTemplate(design))
        )
        self.seals.life.submit(keeper, made.id)
        self.seals.life.decide(approver, made.id, approve=True)
        return self.seals.life.enable(keeper, made.id).id, keeper

    def grant(self, seal, keeper, account):
        now = self.clock()
        grant = NewGrant(fresh(), account, "all", now, now + timedelta(days=1))
        made = self.seals.grants.grant(keeper, seal, grant)
        return made[0] if isinstance(made, tuple) else made

    def sent(self, *parties, uploads=1, marks=(), **changes):
        """A contract that was sent; gives its id."""
        files = tuple(upload(f"lease{number}.pdf") for number in range(uploads))
        draft = Draft(fresh(), "租赁合同", parties or (ALICE, BOB), uploads=files)
        with write(self.engine) as session:
            made = self.contracts.drafting.create(session, APP, replace(draft, **changes))[0]
            for document in self.documents.standing(session, made):
                if marks:
                    self.acts.prompts.mark(session, made, document.document, marks)
        self.drain.run_once()
        with write(self.engine) as session:
            self.contracts.sending.send(session, APP, made.id)
        self.drain.run_once()
        return made.id

    def party(self, contract, name, account=None):
        """The session of a party, by its name."""
        with read(self.engine) as session:
            for row in self.contracts.book.parties(session, self.row(contract)):
                if self.context.custody.open(session, contract, row.name).decode() == name:
                    seen = Seen("192.0.2.9", "Tests", "h5")
                    return Principal(
                        TENANT,
                        "party",
                        account=account,
                        party=row.ref,
                        contract=contract,
                        session=fresh(),
                        seen=seen,
                    )
        raise LookupError(name)

    def row(self, contract):
        with read(self.engine) as session:
            return session.get_one(ContractRow, contract)

    def seat(self, by):
        with read(self.engine) as session:
            return session.get_one(PartyRow, by.party)

    def member(self, by, contract):
        """A member's session, for one contract of his."""
        return replace(by, contract=contract, session=fresh())

    def get(self, table, key):
        with read(self.engine) as session:
            return session.get(table, key)

    def revoke_grant(self, keeper, seal, grant):
        self.seals.grants.revoke(keeper, seal, grant.id, code="no_longer_needed")

    def revoke_once_asked(self):
        """Have the newest certificate revoked right after its status was asked for."""
        admin = Principal(TENANT, "member", account=fresh(), roles=frozenset({Role.SUPER_ADMIN}))

        def after(operation):
            if operation == "crls":
                self.ca.after = lambda _: None
                with read(self.engine) as session:
                    newest = session.exec(select(KeyRow).where(KeyRow.state == "certified")).all()[-1].id
                IssuedCertificates(self.context, self.ca).revoke(admin, newest, "key_compromise")

        self.ca.after = after

    def papers(self, contract):
        with read(self.engine) as session:
            return self.documents.standing(session, session.get_one(ContractRow, contract))

    def bytes(self, contract):
        """The newest bytes of every document."""
        with write(self.engine) as session:
            return [
                self.context.custody.get(session, contract, paper.sha256, by=None, purpose="view")
                for paper in self.papers(contract)
            ]

    def view(self, by):
        for paper in self.papers(by.contract):
            self.acts.viewed(by, by.contract, Viewing(paper.document, paper.sha256, 1, 1, 42_000, True))

    def note_terms(self, by):
        for paper in self.papers(by.contract):
            with read(self.engine) as session:
                terms = self.acts.prompts.terms(session, self.row(by.contract), paper.document)
            if terms:
                ids = [each.id for each in terms]
                self.acts.acknowledge(by, by.contract, paper.document, ids, Locale.ZH, "click")

    def ready(self, by, choice=STROKES):
        """Look, note, choose: all that comes before a challenge."""
        self.view(by)
        self.note_terms(by)
        self.acts.choose(by, by.contract, choice)

    def ask(self, by, method="otp_sms", request=None):
        return self.acts.start(by, by.contract, request or fresh(), method, Locale.ZH)

    def code(self, number=-1):
        """The code in a message that the simulated telephones received."""
        text = self.sms.inbox()[number].message.text
        return next(word for word in text.replace("，", " ").split() if word.isdigit() and len(word) == 6)

    def sign(self, by, choice=STROKES):
        """The whole of it."""
        self.ready(by, choice)
        asked = self.ask(by)
        return self.acts.answer(by, by.contract, asked.id, Answer(self.code()))

    def events(self, contract):
        """The claims of a contract's case in order, deposited or waiting."""
        dossier = self.row(contract).dossier
        with read(self.engine) as session:
            case = self.context.recorder.standing(session, dossier).case
            deposited = [each.claim for each in self.notary.events(case)] if case else []
            rows = session.exec(
                select(OutboxRow).where(OutboxRow.dossier == dossier).order_by(OutboxRow.position)
            ).all()
            waiting = [
                parse_statement(self.context.custody.open(session, dossier, row.payload)).claim
                for row in rows
                if row.kind in ("event", "close") and row.payload is not None and row.done_at is None
            ]
        return [*deposited, *waiting]

    def types(self, contract, *starts):
        return [each.type for each in self.events(contract) if not starts or each.type.startswith(starts)]

    def acts_kept(self):
        with read(self.engine) as session:
            return session.exec(select(ActRow).order_by(ActRow.confirmed_at)).all()


__all__ = ["ALICE", "APP", "BOB", "STROKES", "TENANT", "TERM", "ActWorld", "Typed"]
