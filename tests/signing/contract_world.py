"""Contracts with everything real but the neighbours' parts: for tests of contracts and of batches."""

import os
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlmodel import select

from signing.context import Context
from signing.contracts.draft import Draft, PartyDraft
from signing.contracts.memory import MemoryDirectory, MemoryIdentities, MemoryNotices, MemoryPapers
from signing.contracts.models import ContractRow
from signing.contracts.order import PartyRole
from signing.contracts.ports import Known, Upload
from signing.contracts.service import Contracts
from signing.contracts.turns import Viewing
from signing.custody.opening import open_custody
from signing.database import read, write
from signing.dossier.depositing import Depositor
from signing.dossier.drain import Drain
from signing.dossier.models import OutboxRow
from signing.dossier.recorder import Recorder
from signing.errors import Refused
from signing.people.roles import Role
from signing.principal import Principal, Seen

TENANT, OTHER = str(uuid.uuid4()), str(uuid.uuid4())
APP = Principal(
    TENANT, "api_client", scopes=frozenset({"signing:read", "signing:write"}), seen=Seen("192.0.2.1")
)
STRANGER = replace(APP, tenant=OTHER)
BOSS, CLERK = str(uuid.uuid4()), str(uuid.uuid4())
ALICE = PartyDraft(name="张三", phone="+8619900000001")
BOB = PartyDraft(name="李四", phone="+8619900000002", group=2)
EVE = PartyDraft(name="王五", email="eve@example.org", role=PartyRole.COPY, required=False)


class Desk:
    """Contracts with everything real but the neighbours' parts."""

    def __init__(self, engine, folder, clock, notary, random=os.urandom):
        self.engine, self.clock, self.notary = engine, clock, notary
        custody = open_custody(folder / "keys", folder / "blobs", clock=clock, random=os.urandom)
        event.listen(
            custody.keys._engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF")
        )
        self.custody = custody
        recorder = Recorder(custody, clock=clock, random=os.urandom, uuid=new_id)
        self.context = Context(engine, clock, os.urandom, new_id, recorder, custody)
        self.papers, self.notices = MemoryPapers(recorder, new_id), MemoryNotices()
        self.directory = MemoryDirectory({(TENANT, each): Known("账号", "person") for each in (BOSS, CLERK)})
        self.contracts = Contracts(
            self.context,
            papers=self.papers,
            notices=self.notices,
            identities=MemoryIdentities(),
            directory=self.directory,
        )
        self.drain = Drain(engine, Depositor(engine, notary, custody, clock=clock), clock=clock)

    def create(self, *parties, by=APP, **changes):
        upload = Upload("租赁合同.pdf", "application/pdf", b"%PDF the lease")
        draft = Draft(new_id(), "租赁合同", parties or (ALICE, BOB), uploads=(upload,))
        with write(self.engine) as session:
            made = self.contracts.drafting.create(session, by, replace(draft, **changes))[0].id
        self.drain.run_once()
        return made

    def sent(self, *parties, **changes):
        contract = self.create(*parties, **changes)
        with write(self.engine) as session:
            self.contracts.sending.send(session, APP, contract)
        return contract

    def row(self, contract):
        with read(self.engine) as session:
            return session.get(ContractRow, contract)

    def parties(self, contract):
        with read(self.engine) as session:
            return self.contracts.book.parties(session, session.get(ContractRow, contract))

    def do(self, operation):
        """Do something with one party in one transaction."""
        with write(self.engine) as session:
            return operation(session)

    def view(self, contract, party):
        by = link(contract, party)

        def look(session):
            row, mine = self.contracts.turns.open_for(session, by)
            paper = self.papers.standing(session, row)[0]
            viewing = Viewing(paper.document, paper.sha256, 1, 1, 4_000, True)
            self.contracts.turns.mark_viewed(session, by, row, mine, viewing)

        self.do(look)

    def confirm(self, contract, party):
        def agree(session):
            row, mine = self.contracts.turns.open_for(session, link(contract, party))
            self.contracts.turns.mark_confirmed(session, row, mine, new_id())

        self.do(agree)

    def sign(self, contract, party, revision=None):
        def put(session):
            row, mine = self.contracts.turns.open_for(session, link(contract, party))
            self.papers.change(contract, b" signed")
            return self.contracts.turns.mark_signed(session, row, mine, (new_id(),), revision=revision)

        return self.do(put)

    def act(self, contract, party):
        self.view(contract, party)
        self.confirm(contract, party)
        if self.sign(contract, party):
            self.do(
                lambda session: self.contracts.turns.complete(session, session.get(ContractRow, contract))
            )

    def types(self, contract):
        """The types of what was recorded for a contract, in order."""
        with read(self.engine) as session:
            rows = session.exec(
                select(OutboxRow)
                .where(OutboxRow.dossier == session.get(ContractRow, contract).dossier)
                .order_by(OutboxRow.position)
            ).all()
        return [row.type.partition("/")[0] for row in rows if row.type]


def new_id():
    return str(uuid.uuid4())


def link(contract, party):
    """The party who opened his link."""
    return Principal(TENANT, "party", party=party.ref, contract=contract, seen=Seen("192.0.2.7", "b/1", "pc"))


def member(account, *roles):
    return Principal(TENANT, "member", account=account, roles=frozenset(roles or (Role.MEMBER,)))


def refused(code, operation, *arguments):
    with pytest.raises(Refused) as caught:
        operation(*arguments)
    assert caught.value.code == code, caught.value
    return caught.value
