"""People, keys and seals for the tests of seals: three accounts of one tenant and one of another."""

import uuid as uuids
from dataclasses import dataclass

from signing.context import Context
from signing.custody.keystore import KeyStore
from signing.custody.kms import FileKms, create_file_kms
from signing.custody.service import Custody
from signing.database import write
from signing.dossier.recorder import Recorder
from signing.people.accounts import Accounts, NewAccount
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.principal import Principal
from signing.seals.creating import NewSeal
from signing.seals.drawing.company import Outline, SealDesign
from signing.seals.grants import Subject
from signing.seals.making import ByTemplate
from signing.seals.service import Seals

TENANT, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
DESIGN = SealDesign(Outline.CIRCLE, 40_000, 40_000, "青禾社", ("合同专用章",), "3301060123456", star=True)


def fresh():
    return str(uuids.uuid4())


def member(account, *roles, tenant=TENANT):
    return Principal(tenant, "member", account=account, roles=frozenset(roles))


@dataclass
class World:
    context: Context
    seals: Seals
    accounts: Accounts
    keeper: Principal
    approver: Principal
    clerk: Principal
    stranger: Principal

    def new(self, **changes):
        given = {"id": fresh(), "name": "合同章", "seal_type": "contract", "making": ByTemplate(DESIGN)}
        return NewSeal(**given | changes)

    def enabled(self, **changes):
        """A seal in force: made by its keeper, approved by another."""
        seal, _ = self.seals.creating.create(self.keeper, self.new(**changes))
        self.seals.life.submit(self.keeper, seal.id)
        self.seals.life.decide(self.approver, seal.id, approve=True)
        return self.seals.life.enable(self.keeper, seal.id)

    def contract(self, scene="leasing"):
        """A contract's place in the pipeline: its owner in custody, and its dossier."""
        contract = fresh()
        with write(self.context.engine) as session:
            self.context.custody.create_owner(session, TENANT, contract)
            dossier = self.context.recorder.open(session, tenant=TENANT, kind="contract", reference=contract)
        return Subject(contract, scene, dossier)


def open_world(tmp_path, engine, clock, random, uuid):
    keys = tmp_path / "keys"
    create_file_kms(keys, random)
    store = KeyStore(keys, FileKms(keys, random), random)
    custody = Custody(store, tmp_path / "blobs", clock=clock, random=random)
    recorder = Recorder(custody, clock=clock, random=random, uuid=uuid)
    context = Context(engine, clock, random, uuid, recorder, custody)
    accounts = Accounts(context)

    def account(tenant, name):
        with write(engine) as session:
            return accounts.add(
                session,
                Principal(tenant, "system"),
                NewAccount(fresh(), "person", internal=True, profile=Profile(name), roles=frozenset()),
            )[0].id

    world = World(
        context,
        Seals(context, accounts),
        accounts,
        member(account(TENANT, "王𬭎"), Role.SEAL_ADMIN, Role.MEMBER),
        member(account(TENANT, "李雷"), Role.SYSTEM_ADMIN),
        member(account(TENANT, "张伟"), Role.MEMBER),
        member(account(OTHER, "赵六"), Role.SUPER_ADMIN, tenant=OTHER),
    )
    return world, store
