"""Messages: durable with the step, sent at least once under one id, and what became of them recorded with its time."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select

from signing.context import Context
from signing.custody.erasure import Erasures
from signing.custody.opening import open_custody
from signing.database import read, write
from signing.delivery.composing import (
    CATALOGUE,
    LANGUAGES,
    PURPOSES,
    Filling,
    compose_mail,
    compose_sms,
    template_sha256,
)
from signing.delivery.links import Bound, Links, qr_svg
from signing.delivery.notifications import Notice, Notifications
from signing.delivery.ports import Report
from signing.delivery.sending import GIVE_UP, LEASE, PAUSES, Carriers, Sending
from signing.delivery.simulators import Behaviour, MailSimulator, SmsSimulator
from signing.delivery.smtp import SmtpSender, SmtpServer
from signing.delivery.tables import LinkRow, NotificationRow
from signing.dossier.model import parse_statement
from signing.dossier.models import OutboxRow
from signing.dossier.recorder import Recorder
from signing.errors import Refused
from signing.people.roles import Role
from signing.principal import Principal, Seen

TENANT, OTHER = "7d2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c10", "9a2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c11"
CONTRACT = "1c2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c01"
PARTY, SECOND = "2c2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c02", "3c2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c03"
PHONE, MAIL = "13800138000", "li@example.com"
URL = "https://sign.example.com"


class World:
    """One pipeline with a contract, and simulated carriers."""

    def __init__(self, engine, clock, uuid, folder):
        self.engine, self.clock = engine, clock
        self.custody = open_custody(folder / "keys", folder / "blobs", clock=clock, random=os.urandom)
        recorder = Recorder(self.custody, clock=clock, random=os.urandom, uuid=uuid)
        self.context = Context(engine, clock, os.urandom, uuid, recorder, self.custody)
        self.links = Links(self.context, URL)
        self.notifications = Notifications(self.context, self.links)
        self.sms, self.mail = SmsSimulator(clock), MailSimulator(clock)
        self.sending = Sending(self.context, self.notifications, Carriers(self.sms, self.mail))
        with write(engine) as session:
            self.custody.create_owner(session, TENANT, CONTRACT)
            self.dossier = recorder.open(session, tenant=TENANT, kind="contract", reference=CONTRACT)

    def notice(self, channel="sms", purpose="sign_request", party=PARTY):
        target = {"sms": PHONE, "email": MAIL, "portal": ""}[channel]
        return Notice(
            TENANT,
            CONTRACT,
            self.dossier,
            party,
            channel,
            target,
            purpose,
            "李明",
            "租赁合同",
            "某某公司",
            self.clock() + timedelta(days=7),
        )

    def notify(self, *args, **keywords):
        with write(self.engine) as session:
            return self.notifications.notify(session, self.notice(*args, **keywords))

    def row(self, notification):
        with read(self.engine) as session:
            return session.get(NotificationRow, notification)

    def shown(self):
        with read(self.engine) as session:
            return list(self.notifications.of_contract(session, TENANT, CONTRACT))

    def events(self):
        """Give the types recorded, and each claim."""
        with read(self.engine) as session:
            rows = session.exec(select(OutboxRow).order_by(OutboxRow.position)).all()
            claims = [
                parse_statement(self.custody.open(session, self.dossier, row.payload)).claim
                for row in rows
                if row.payload is not None
            ]
        return [(claim.type, claim.data, claim.occurred_at) for claim in claims]

    def types(self):
        return [kind for kind, _, _ in self.events()]


@pytest.fixture
def world(engine, clock, uuid, tmp_path):
    made = World(engine, clock, uuid, tmp_path)
    yield made
    made.custody.keys.close()


def token_in(text):
    return text.partition("/s#")[2].split()[0]


def test_a_message_is_sent_delivered_and_opened(world):
    """Each with its exact time and event; the list shows them; nothing is opened by reading alone."""
    notification = world.notify()
    assert world.types() == []
    world.clock.advance(seconds=1)
    assert world.sending.run("sms") == 1
    assert world.sending.run("sms") == 0
    message = world.sms.inbox(PHONE)[0].message
    assert "租赁合同" in message.text
    assert message.id == notification
    world.clock.advance(seconds=30)
    with write(world.engine) as session:
        bound = world.links.redeem(session, token_in(message.text))
        world.notifications.followed(session, bound.notification, Seen("192.0.2.1", "phone/1", "h5"))
    assert bound == Bound(TENANT, CONTRACT, PARTY, notification)
    shown = world.shown()[0]
    sent_at = world.clock() - timedelta(seconds=30)
    assert (shown.state, shown.attempts, shown.provider, shown.simulated) == (
        "delivered",
        1,
        "sms-simulator",
        True,
    )
    assert (shown.sent_at, shown.delivered_at, shown.opened_at) == (sent_at, sent_at, world.clock())
    (one, sent, at), (two, _, _), (three, opened, _) = world.events()
    assert (one, two, three) == ("notification.sent/1", "notification.delivered/1", "notification.opened/1")
    assert at == sent_at
    assert sent["template_sha256"] == template_sha256("sign_request", "sms", LANGUAGES)
    assert (sent["simulated"], opened["act"], opened["terminal"]) == (True, "clicked", "h5")
    assert PHONE not in json.dumps(sent)


def test_racing_uses_of_one_link_give_one_entry(world):
    """Eight browsers at the same moment."""
    with write(world.engine) as session:
        token = world.links.issue(session, Bound(TENANT, CONTRACT, PARTY, "n"))

    def enter(_number):
        try:
            with write(world.engine) as session:
                return world.links.redeem(session, token)
        except Refused:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert sum(each is not None for each in pool.map(enter, range(8))) == 1


class Post:
    """A mail server's mailbox."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 Ok: queued as Q1"


def test_mail_waits_for_a_server_that_is_down(world):
    """The step stands; when the server is back the mail goes out, and the queue's number is its transaction."""
    server = SmtpServer("127.0.0.1", 21060, "none", timeout=5.0)
    real = SmtpSender(
        server, sender="n@example.com", sender_name="证", domain="example.com", clock=world.clock
    )
    sending = Sending(world.context, world.notifications, Carriers(world.sms, real))
    notification = world.notify("email")
    sending.run("email")
    assert (world.row(notification).state, world.row(notification).trouble) == ("waiting", "unreachable")
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=21060)
    controller.start()
    try:
        world.clock.advance(seconds=PAUSES[0])
        sending.run("email")
    finally:
        controller.stop()
    assert [envelope.rcpt_tos for envelope in post.mails] == [[MAIL]]
    row = world.row(notification)
    assert (row.state, row.provider, row.simulated, row.attempts) == ("sent", "smtp", False, 2)
    with read(world.engine) as session:
        assert world.custody.open(session, CONTRACT, row.transaction) == b"Q1"


def test_a_message_that_does_not_open_holds_up_nobody(world):
    """Damage costs that message only; one kept back while it was under way counts as sent only if it was taken."""
    damaged, refused, failed = world.notify(), world.notify(party=SECOND), world.notify("email")
    with write(world.engine) as session:
        row = session.get(NotificationRow, damaged)
        row.target = bytes(40)
        session.add(row)

    def ending(carrier, outcome):
        def send(message):
            with write(world.engine) as session:
                world.notifications.forget(session, TENANT, CONTRACT)
            carrier.behave(outcome)
            return type(carrier).send(carrier, message)

        return send

    world.sms.send = ending(world.sms, Behaviour(refuse=1))
    world.mail.send = ending(world.mail, Behaviour(fail=1))
    world.sending.run("sms")
    world.sending.run("email")
    late = world.notify("email", party=SECOND)
    world.mail.send = ending(world.mail, Behaviour())
    world.sending.run("email", stopping=lambda: True)
    assert world.row(late).attempts == 0
    world.sending.run("email")
    assert {world.row(each).state for each in (damaged, refused, failed)} == {"cancelled"}
    assert world.row(late).state == "delivered"
    assert world.types() == ["notification.sent/1", "notification.delivered/1"]


def test_a_step_that_is_undone_sends_nothing(world):
    """The message is part of the transaction."""
    with pytest.raises(ZeroDivisionError), write(world.engine) as session:
        world.notifications.notify(session, world.notice())
        raise ZeroDivisionError
    assert world.sending.run("sms") == 0
    assert world.shown() == []


def test_a_dead_carrier_costs_time_only(world):
    """The pauses grow; after a day it is given up and recorded as a bounce that was not for good."""
    notification = world.notify()
    world.sms.behave(Behaviour(fail=10_000))
    waited = []
    while (row := world.row(notification)).state == "waiting":
        waited.append(row.next_try - world.clock())
        world.clock.now = row.next_try
        assert world.sending.run("sms") == 1
    assert [int(each.total_seconds()) for each in waited[1 : len(PAUSES) + 1]] == list(PAUSES)
    assert row.state == "bounced"
    assert row.bounced_at - row.created_at >= GIVE_UP
    ((kind, data, _),) = world.events()
    assert (kind, data["permanent"], data["reason_code"]) == ("notification.bounced/1", False, "unreachable")
    assert row.link is None


def test_a_lost_answer_sends_again_under_the_same_id(world):
    """The carrier can tell; the recipient's link stays the same; one event says it was sent."""
    notification = world.notify()
    world.sms.behave(Behaviour(lose_answer=1))
    world.sending.run("sms")
    world.clock.advance(seconds=PAUSES[0])
    world.sending.run("sms")
    assert [each.message.id for each in world.sms.inbox()] == [notification]
    assert world.shown()[0].attempts == 2
    assert world.types() == ["notification.sent/1", "notification.delivered/1"]
    with write(world.engine) as session:
        world.links.redeem(session, token_in(world.sms.inbox()[0].message.text))


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("commit", [1, 2])
def test_a_crash_while_sending_repeats_at_most_the_message(world, monkeypatch, commit):
    """Before the try was noted nothing was sent; after it was sent, it goes out again under the same id."""
    world.notify("email")
    real, commits = world.engine.dialect.do_commit, []

    def crashing(connection):
        commits.append(connection)
        if len(commits) == commit:
            raise Crash
        real(connection)

    with monkeypatch.context() as patch:
        patch.setattr(world.engine.dialect, "do_commit", crashing)
        with pytest.raises(Crash):
            world.sending.run("email")
    assert len(world.mail.inbox()) == commit - 1
    assert world.types() == []
    world.clock.advance(seconds=LEASE.total_seconds())
    world.sending.run("email")
    assert len(world.mail.inbox()) == 1
    assert world.shown()[0].attempts == commit
    assert world.types() == ["notification.sent/1", "notification.delivered/1"]


def test_a_refused_recipient_is_a_bounce_at_once(world):
    """It is not tried again, and no event says that it was sent."""
    world.notify()
    world.sms.behave(Behaviour(refuse=1))
    world.sending.run("sms")
    assert world.types() == ["notification.bounced/1"]
    assert world.events()[0][1]["reason_code"] == "unknown_recipient"
    assert world.shown()[0].state == "bounced"
    world.clock.advance(days=2)
    assert world.sending.run("sms") == 0


def test_what_carriers_report_later_is_noted_once(world):
    """A delay, a bounce after acceptance, a repeated report, a report from the future, one about another tenant's."""
    world.sms.behave(Behaviour(bounce=1, duplicate=1, delay=timedelta(seconds=40)))
    bounced, late = world.notify(), world.notify(party=SECOND)
    world.sending.run("sms")
    assert [each.state for each in world.shown()] == ["sent", "sent"]
    assert world.sms.inbox() == []
    world.clock.advance(seconds=40)
    world.sending.run("sms")
    assert [each.state for each in world.shown()] == ["bounced", "delivered"]
    assert len(world.sms.inbox()) == 2  # the duplicate the simulator was told to make
    with write(world.engine) as session:
        again = Report(late, "delivered", world.clock() + timedelta(days=1))
        assert not world.notifications.report(session, again, tenant=TENANT)
        assert world.notifications.report(
            session, Report(bounced, "delivered", world.clock() + timedelta(days=1))
        )
        for unknown, tenant in ((late, OTHER), (CONTRACT, TENANT)):
            with pytest.raises(Refused, match="notification-unknown"):
                world.notifications.report(
                    session, Report(unknown, "delivered", world.clock()), tenant=tenant
                )
    assert world.shown()[0].delivered_at == world.clock()


def test_links_are_good_once_for_one_party(world):
    """Replay, expiry, replacement, nonsense: all refused alike; another party's link is not touched."""
    with write(world.engine) as session:
        first = world.links.issue(session, Bound(TENANT, CONTRACT, PARTY, "n"))
        other = world.links.issue(session, Bound(TENANT, CONTRACT, SECOND, "n"))
        second = world.links.issue(session, Bound(TENANT, CONTRACT, PARTY, "n"))
        assert len({first, second, other}) == 3
        assert len(second) == 43
        for bad in (first, "", "x" * 43, second + "=", "é" * 43):
            with pytest.raises(Refused, match="link-invalid"):
                world.links.redeem(session, bad)
        assert world.links.redeem(session, second).party == PARTY
        with pytest.raises(Refused, match="link-invalid"):
            world.links.redeem(session, second)
        assert world.links.recall(session, second).party == PARTY
        assert world.links.recall(session, "x" * 43) is None
    world.clock.advance(days=30)
    with write(world.engine) as session, pytest.raises(Refused, match="link-invalid"):
        world.links.redeem(session, other)
    with read(world.engine) as session:
        kept = b"".join(row.token for row in session.exec(select(LinkRow)))
    assert second.encode() not in kept
    assert world.links.url(second) == f"{URL}/s#{second}"


def test_no_token_lies_readable_in_the_database(world, tmp_path):
    """Not before it is sent, and nothing of it afterwards."""
    world.notify()
    world.sending.run("sms")
    token = token_in(world.sms.inbox()[0].message.text)
    data = (tmp_path / "signing.db").read_bytes()
    for secret in (token, PHONE, "李明", "租赁合同"):
        assert secret.encode() not in data


def test_a_resend_replaces_the_link(world):
    """It is a message of its own with an id of its own; not too soon, and only where there was one."""
    world.notify("email")
    with write(world.engine) as session:
        with pytest.raises(Refused, match="resent-too-soon"):
            world.notifications.resend(session, TENANT, CONTRACT, PARTY)
        for tenant, party in ((OTHER, PARTY), (TENANT, SECOND)):
            with pytest.raises(Refused, match="notification-unknown"):
                world.notifications.resend(session, tenant, CONTRACT, party)
    world.sending.run("email")
    world.clock.advance(seconds=60)
    with write(world.engine) as session:
        world.notifications.resend(session, TENANT, CONTRACT, PARTY)
    world.sending.run("email")
    old, new = (token_in(each.message.text) for each in world.mail.inbox(MAIL))
    with write(world.engine) as session:
        with pytest.raises(Refused, match="link-invalid"):
            world.links.redeem(session, old)
        world.links.redeem(session, new)
    assert [each.state for each in world.shown()] == ["delivered", "delivered"]


def test_nobody_is_flooded_by_resends(world):
    """Ten messages a day to one party, then it has to wait; another party is not touched."""
    world.notify("email")
    world.notify("email", party=SECOND)
    for _ in range(9):
        world.clock.advance(seconds=60)
        with write(world.engine) as session:
            world.notifications.resend(session, TENANT, CONTRACT, PARTY)
    world.clock.advance(seconds=60)
    with write(world.engine) as session:
        with pytest.raises(Refused, match="resent-too-soon"):
            world.notifications.resend(session, TENANT, CONTRACT, PARTY)
        world.notifications.resend(session, TENANT, CONTRACT, SECOND)
    world.clock.advance(hours=24)
    with write(world.engine) as session:
        world.notifications.resend(session, TENANT, CONTRACT, PARTY)


def test_a_newer_message_keeps_back_one_that_still_waits(world):
    """A withdrawal must not be followed by the request it ended."""
    world.notify()
    with write(world.engine) as session:
        world.notifications.cancel(session, PARTY)
        world.notifications.notify(session, world.notice(purpose="withdrawal"))
    world.sending.run("sms")
    (arrived,) = world.sms.inbox()
    assert "撤回" in arrived.message.text
    assert "/s#" not in arrived.message.text
    assert [each.state for each in world.shown()] == ["cancelled", "delivered"]


def test_an_erased_contract_tells_nobody_anything(world):
    """What waits is kept back, also where it had been picked already; links are useless."""
    world.notify()
    with read(world.engine) as session:
        row = session.exec(select(NotificationRow)).one()
        token = world.custody.open(session, CONTRACT, row.link).decode()
    erasures = Erasures(world.context, world.custody)
    erasures.on_erase(world.notifications.forget)
    admin = Principal(TENANT, "member", "a", frozenset({Role.SUPER_ADMIN}))
    with write(world.engine) as session:
        erasures.erase(session, admin, CONTRACT, basis="retention_ended", reason="")
    erasures.finish(world.engine)
    assert world.sending.run("sms") == 0
    with write(world.engine) as session:
        with pytest.raises(Refused, match="link-invalid"):
            world.links.redeem(session, token)
        row = session.exec(select(NotificationRow)).one()
        row.state = "waiting"
        session.add(row)
    world.sending.run("sms")
    assert world.shown()[0].state == "cancelled"
    assert world.sms.inbox() == []


def test_members_without_an_address_see_it_in_the_portal(world):
    """Nothing is carried; that it was shown is recorded as such."""
    world.notify("portal")
    assert world.shown()[0].state == "sent"
    ((kind, data, _),) = world.events()
    assert (kind, data["channel"], data["provider"]) == ("notification.sent/1", "portal", "portal")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_message_says_everything_in_both_languages(world, purpose):
    """Text and HTML carry the same facts; foreign words are escaped; nothing is fetched."""
    filling = Filling(
        "<b>李</b>", 'A & B "租赁"', "某某公司", f"{URL}/s#{'t' * 43}", world.clock() + timedelta(days=7)
    )
    mail = compose_mail(purpose, filling, LANGUAGES)
    sms = compose_sms(purpose, filling, LANGUAGES)
    assert set(CATALOGUE["zh-CN"]) == set(CATALOGUE["en"])
    assert 'A & B "租赁"' in mail.text
    assert "A &amp; B &quot;租赁&quot;" in mail.html
    assert "<b>李" not in mail.html
    assert "src=" not in mail.html
    linked = purpose in {"sign_request", "reminder", "completion", "copy", "void_request", "term_ending"}
    assert (filling.link in mail.text) == (filling.link in mail.html) == (filling.link in sms) == linked
    timed = purpose in {"sign_request", "reminder"}
    assert ("北京时间" in mail.text) == ("UTC" in mail.html) == timed
    assert "{" not in mail.text + sms
    for forbidden in ("公证书", "鉴定意见", "不可篡改", "具有法律效力", "legally valid", "tamper-proof"):
        assert forbidden not in mail.text + sms
    single = compose_mail(purpose, filling, ("en",))
    assert "您" not in single.text
    assert (
        len({template_sha256(purpose, "email", LANGUAGES), template_sha256(purpose, "sms", LANGUAGES)}) == 2
    )


def test_qr_codes_are_the_same_each_time():
    """Vector, without anything fetched."""
    drawn = qr_svg(f"{URL}/s#{'t' * 43}")
    assert drawn == qr_svg(f"{URL}/s#{'t' * 43}")
    assert drawn.startswith(b"<svg")
    assert b"http://www.w3.org/2000/svg" in drawn
