"""Reminders of terms (S3-16) as mails that arrive: once for each moment, whatever is cut off or down in between."""

import datetime as dt
import email
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from management_world import add
from people_world import ADMIN_KEY, TENANT, World, new_id
from sqlmodel import select

from signing.custody.erasure import Erasures
from signing.database import read, write
from signing.delivery.sending import LEASE, PAUSES, Carriers
from signing.delivery.service import delivery_of
from signing.delivery.simulators import SmsSimulator
from signing.delivery.smtp import SmtpSender, SmtpServer
from signing.delivery.tables import NotificationRow
from signing.dossier.models import OutboxRow
from signing.management.service import Management
from signing.management.shelf import Placing
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.principal import Principal

PORT, URL = 22_110, "https://sign.example.com"
ENDS, DUE = dt.date(2026, 5, 31), dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


class CutOff(BaseException):
    """The process ends here: nothing catches it."""


class Failing:
    """Cannot tell of one contract."""

    def __init__(self, inner, contract):
        self.inner, self.contract = inner, contract

    def ending(self, session, contract, shelf, reminder):
        if contract.id == self.contract:
            raise ValueError("damaged")
        self.inner.ending(session, contract, shelf, reminder)


class Mailbox:
    """What the mail server took."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=default)
        self.mails.append((envelope.rcpt_tos[0], mail))
        return "250 2.0.0 Ok: queued as T1"


class Cut:
    """Does what its port does, and ends the process right after it, so many times."""

    def __init__(self, inner, method, times=1):
        self.inner, self.method, self.times = inner, method, times

    def __getattr__(self, name):
        found = getattr(self.inner, name)
        if name != self.method:
            return found

        def called(*arguments):
            answer = found(*arguments)
            if self.times:
                self.times -= 1
                raise CutOff
            return answer

        return called


@pytest.fixture
def world(engine, tmp_path, clock):
    made = World(engine, tmp_path, clock)
    yield made
    made.custody.keys.close()


def rows(world):
    with read(world.engine) as session:
        return session.exec(select(NotificationRow).order_by(NotificationRow.position)).all()


def test_a_reminder_reaches_the_sender_once_whatever_is_cut_off_or_down(world, clock):
    """Marked and written in one transaction; sent again under one id; of nothing of it a case tells."""

    def member(name, mail="", phone="", *roles):
        profile = Profile(name=name, login=f"u{name.encode().hex()}", email=mail, phone=phone)
        return world.account(profile, internal=True, roles=frozenset(roles)).id

    keeper = member("总管", "chief@example.com", "", Role.SUPER_ADMIN)
    clerk, left = member("文员", "clerk@example.com", "13900000061"), member("离职", "left@example.com")
    member("旁人", "bystander@example.com", "", Role.SYSTEM_ADMIN)
    world.people.administration.set_enabled(ADMIN_KEY, left, enabled=False)
    sender = SmtpSender(
        SmtpServer("127.0.0.1", PORT, "none", timeout=5.0),
        sender="noreply@sign.example.com",
        sender_name="证",
        domain="sign.example.com",
        clock=clock,
    )
    cut = Cut(sender, "send")
    carriers = Carriers(SmsSimulator(clock), cut)
    delivery = delivery_of(world.context, world.people, carriers, public_url=URL)
    boss = Principal(TENANT, "member", account=keeper, roles=frozenset({Role.SUPER_ADMIN}))
    shelf = Management(world.context, delivery.terms).shelf
    contracts = [
        add(world.context, title, creator=creator, tenant=TENANT, state="completed")
        for title, creator in (("租赁甲", clerk), ("租赁乙", "api_client:default"), ("租赁丙", left))
    ]
    for contract in contracts:
        shelf.place(boss, contract, Placing(ends_on=ENDS, remind_days=(30,)))
    clock.now = DUE
    cut_in_step = Management(world.context, Cut(delivery.terms, "ending")).reminders
    with pytest.raises(CutOff):
        cut_in_step.tick(clock())
    assert rows(world) == []  # neither told nor written
    reminders = Management(world.context, delivery.terms).reminders
    assert (reminders.tick(clock()), reminders.tick(clock())) == (3, 0)
    told = {(row.contract, row.account, row.party, row.channel) for row in rows(world)}
    assert told == {
        (contract, account, "", "email")
        for contract, account in zip(contracts, (clerk, keeper, keeper), strict=True)
    }
    assert delivery.sending.run("email") == 3  # nobody listens on the port
    assert {(row.state, row.trouble, row.attempts) for row in rows(world)} == {("waiting", "unreachable", 1)}
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=PORT)
    server.start()
    try:
        clock.advance(seconds=PAUSES[0])
        with pytest.raises(CutOff):
            delivery.sending.run("email")  # the server has it, and nobody noted that
        clock.advance(seconds=LEASE.total_seconds())
        delivery.sending.run("email")
        delivery.sending.run("email")
    finally:
        server.stop()
    ids = [mail["Message-ID"] for _, mail in mailbox.mails]
    assert (len(ids), len(set(ids))) == (4, 3)
    assert sorted(to for to, _ in mailbox.mails[1:]) == [*["chief@example.com"] * 2, "clerk@example.com"]
    text = next(mail for to, mail in mailbox.mails if to == "clerk@example.com")
    words = text.get_body(("plain",)).get_content()
    assert (
        "租赁甲" in text["Subject"],
        "2026-05-31" in words,
        f"{URL}/desk/contracts/{contracts[0]}" in words,
    ) == (*(True, True, True),)
    assert ("/s#" in words, "甲公司" in words, "13900000061" in words) == (False, False, False)
    assert {row.state for row in rows(world)} == {"sent"}
    with read(world.engine) as session:
        kinds = session.exec(select(OutboxRow.type)).all()
    assert [kind for kind in kinds if kind.startswith("notification.")] == []


def test_of_an_erased_contract_nobody_is_reminded(world, clock):
    """What waits is kept back, of this contract alone; what comes due later says nothing, and holds nothing up."""
    world.account(
        Profile(name="总管", login="chief", email="chief@example.com"),
        internal=True,
        roles=frozenset({Role.SUPER_ADMIN}),
    )
    carriers = Carriers(SmsSimulator(clock), SmsSimulator(clock))
    delivery = delivery_of(world.context, world.people, carriers, public_url=URL)
    management = Management(world.context, delivery.terms)
    boss = Principal(TENANT, "member", account=new_id(), roles=frozenset({Role.SUPER_ADMIN}))
    kept, gone = (add(world.context, title, creator="key/k", tenant=TENANT) for title in ("留", "删"))
    for contract in (kept, gone):
        management.shelf.place(boss, contract, Placing(ends_on=ENDS, remind_days=(30, 1)))
    clock.now = DUE
    held_up = Management(world.context, Failing(delivery.terms, kept)).reminders
    assert held_up.tick(clock()) == 1  # the other one is told all the same
    assert management.reminders.tick(clock()) == 1
    erasures = Erasures(world.context, world.custody)
    erasures.on_erase(delivery.notifications.forget)
    with write(world.engine) as session:
        erasures.erase(session, boss, gone, basis="retention_ended", reason="")
    assert {row.contract: row.state for row in rows(world)} == {kept: "waiting", gone: "cancelled"}
    clock.advance(days=29)
    assert management.reminders.tick(clock()) == 2
    assert [row.contract for row in rows(world)].count(gone) == 1
