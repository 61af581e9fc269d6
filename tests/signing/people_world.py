"""People and identities with everything real but the evidence service: for tests of both."""

import os
import uuid
from dataclasses import replace

from sqlalchemy import event
from sqlmodel import col, select
from zheng_verifier.sealed import parse_disclosure
from zheng_verifier.taxonomy import check_opened, sealed_paths

from signing.context import Context
from signing.custody.opening import open_custody
from signing.database import read, write
from signing.dossier.model import parse_statement
from signing.dossier.models import OutboxRow
from signing.dossier.recorder import Recorder
from signing.identity.service import identities_of
from signing.identity.simulator import SimulatedIdentityProvider
from signing.people.accounts import NewAccount
from signing.people.agreements import REQUIRED, Yes, current
from signing.people.organisations import first_administrator
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.people.secrets import PasswordCost, totp_code
from signing.people.service import people_of
from signing.people.setup import Answer
from signing.people.tables import AccountRow
from signing.principal import Principal, Seen, system

TENANT, OTHER = str(uuid.uuid4()), str(uuid.uuid4())
SEEN = Seen("192.0.2.7", "Tester/1.0", "pc")
ADMIN_KEY = Principal(
    TENANT,
    "api_client",
    scopes=frozenset({"signing:read", "signing:write", "signing:admin"}),
    seen=Seen("192.0.2.1", "Program/1.0", "api"),
    name="testkey",
)
STRANGER = replace(ADMIN_KEY, tenant=OTHER)
PASSWORD = "correct horse battery"
CHEAP = PasswordCost(iterations=1, memory=8, lanes=1)
PERSON = Profile(
    name="张三",
    phone="+8619900000001",
    id_type="id_card",
    id_number="110101199001010000",
    email="a@example.org",
)
COMPANY = Profile(name="示例科技有限公司", uscc="91110000MA00000000", legal_representative="张三")


def new_id():
    return str(uuid.uuid4())


def yes(name, locale="zh-CN"):
    """What somebody says who saw the text as it is."""
    text = current(name, locale)
    return Yes(name, text.version, locale, text.sha256, "checkbox")


class World:
    def __init__(self, engine, folder, clock):
        self.engine, self.clock, self.folder = engine, clock, folder
        self.custody = open_custody(folder / "keys", folder / "blobs", clock=clock, random=os.urandom)
        event.listen(
            self.custody.keys._engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF")
        )
        self.recorder = Recorder(self.custody, clock=clock, random=os.urandom, uuid=new_id)
        self.context = Context(engine, clock, os.urandom, new_id, self.recorder, self.custody)
        self.people = people_of(self.context, cost=CHEAP)
        self.provider = SimulatedIdentityProvider()
        self.identities = identities_of(self.context, self.people, self.provider)

    def account(self, profile=PERSON, *, by=ADMIN_KEY, **changes):
        new = NewAccount(request=new_id(), kind="person", internal=False, profile=profile)
        return self.people.accounts.create(by, replace(new, **changes))[0]

    def member(self, name="李管理", *, roles=(), login=None, register=True, seen=SEEN):
        """A member who is logged in, with his roles."""
        login = login or f"u{new_id()[:8]}"
        profile = Profile(name=name, login=login)
        made = self.account(profile, internal=True, roles=frozenset(roles))
        if not register:
            return made
        self.register(made.id, seen=seen)
        roles = frozenset({Role.MEMBER, *roles})
        return Principal(TENANT, "member", account=made.id, roles=roles, seen=seen)

    def administrator(self):
        with write(self.engine) as session:
            made = first_administrator(
                session,
                self.people.accounts,
                system(TENANT),
                request=new_id(),
                name="王创始",
                login="founder",
            )
        return Principal(TENANT, "member", account=made.id, roles=made.roles, seen=SEEN)

    def register(self, account, *, by=ADMIN_KEY, password=PASSWORD, seen=SEEN):
        """Open the link and answer it; gives what was enrolled and the second factor's secret."""
        setups = self.people.setups
        token = setups.invite(by, account).token
        shown = setups.begin(token)
        secret = secret_of(shown)
        agreements = [yes(name) for name in REQUIRED]
        answer = Answer(token, password, totp_code(secret, self.clock()), agreements=agreements)
        return setups.finish(answer, seen), secret

    def register_as(self, account, login):
        """Let a contact choose a login name and register."""
        with write(self.engine) as session:
            row = session.get(AccountRow, account.id)
            self.people.accounts.rename(session, row, login)
        return self.register(account.id)

    def consent(self, account, *purposes, by=ADMIN_KEY):
        for purpose in purposes:
            self.people.agreements.consent(by, account, yes(purpose))

    def events(self, dossier):
        """The events recorded in a dossier, opened: (type, data with values in the clear, actor)."""
        with read(self.engine) as session:
            rows = session.exec(
                select(OutboxRow)
                .where(OutboxRow.dossier == dossier, OutboxRow.kind == "event")
                .order_by(col(OutboxRow.position))
            ).all()
            statements = [parse_statement(self.custody.open(session, dossier, row.payload)) for row in rows]
        return [(s.claim.type, opened(s), s.claim.actor, s.id) for s in statements]

    def stored(self):
        """Every byte the pipeline keeps on disk."""
        self.engine.dispose()
        return b"".join(file.read_bytes() for file in self.folder.rglob("*") if file.is_file())


def opened(statement):
    """The data of an event with its sealed values in the clear, each held against its schema."""
    values = [parse_disclosure(each).value for each in statement.disclosures]
    data = dict(statement.claim.data)
    sealed = [name for name, value in data.items() if isinstance(value, dict) and "_sd" in value]
    assert {f"/{name}" for name in sealed} <= set(sealed_paths(statement.claim.type))
    from zheng_verifier.sealed import disclosure_digest

    by_digest = {disclosure_digest(each): parse_disclosure(each).value for each in statement.disclosures}
    assert len(by_digest) == len(values)
    for name in sealed:
        data[name] = by_digest[data[name]["_sd"][0]]
        check_opened(statement.claim.type, f"/{name}", data[name])
    return data


def secret_of(shown):
    import base64

    return base64.b32decode(shown.secret)
