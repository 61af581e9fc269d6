"""Messages to parties, as an outbox: the row is part of the step, the message goes out afterwards.

What became of it is recorded with its time. Nothing here waits for a carrier, and no carrier undoes a step.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select
from zheng_verifier.report.texts import Language

from signing.context import Context
from signing.delivery import events
from signing.delivery.composing import LANGUAGES, LINKED, Filling, Purpose
from signing.delivery.links import Bound, Links
from signing.delivery.ports import Report
from signing.delivery.tables import NotificationRow
from signing.dossier.model import Event
from signing.errors import Refused
from signing.principal import Seen
from signing.waiting import left

RESEND_PAUSE = timedelta(seconds=60)
"""Between two messages to one party that somebody asks for."""
RESEND_LIMIT, RESEND_WINDOW = 10, timedelta(hours=24)
"""So many messages to one party within this time, whoever asks."""
CARRIED = ("sms", "email")
WAITING, SENT, DELIVERED, BOUNCED, CANCELLED = "waiting", "sent", "delivered", "bounced", "cancelled"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to be sent. ``channel`` is sms or email; on portal and qr nothing is sent, it is shown by ourselves.

    ``account`` is the member of the sending side that it is for, in place of a ``party``; ``day`` the last of a term.
    """

    tenant: str
    contract: str
    dossier: str
    party: str
    channel: str
    target: str
    purpose: Purpose
    name: str
    title: str
    sender: str
    deadline: datetime | None = None
    languages: tuple[Language, ...] = LANGUAGES
    account: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """A message as it is shown, to a party or to the member ``account`` (``party`` is "" then).

    ``attempts`` over one: tried again with the same id, so it may have arrived twice.
    """

    id: str
    party: str
    account: str | None
    channel: str
    purpose: str
    state: str
    attempts: int
    trouble: str | None
    provider: str | None
    simulated: bool
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    bounced_at: datetime | None
    opened_at: datetime | None
    next_try: datetime | None


class Notifications:
    """Writes messages into the outbox and keeps what is known of them, within the caller's transaction."""

    def __init__(self, context: Context, links: Links) -> None:
        self._context = context
        self._links = links

    def notify(self, session: Session, notice: Notice) -> str:
        """Have a message sent as soon as this transaction is durable; gives its id.

        A purpose that asks for something makes a new link; those the party had are replaced.
        """
        row = self._row(session, notice)
        if notice.purpose in LINKED and notice.channel in CARRIED:
            token = self._links.issue(session, Bound(notice.tenant, notice.contract, notice.party, row.id))
            row.link = self._context.custody.seal(session, notice.contract, token.encode())
        if notice.channel not in CARRIED:
            self._shown_here(session, row)
        session.add(row)
        session.flush()
        return row.id

    def hand_over(self, session: Session, notice: Notice) -> tuple[str, str]:
        """Make a link that no carrier carries (``channel`` qr or portal); gives message and token."""
        row = self._row(session, notice)
        token = self._links.issue(session, Bound(notice.tenant, notice.contract, notice.party, row.id))
        self._shown_here(session, row)
        session.add(row)
        session.flush()
        return row.id, token

    def _shown_here(self, session: Session, row: NotificationRow) -> None:
        row.state, row.provider, row.sent_at = SENT, "portal", row.created_at
        self.record(session, row, events.sent(row, "", "", row.created_at))

    def record(self, session: Session, row: NotificationRow, event: Event) -> None:
        """Record what became of a message in its contract's case; messages to members are nobody's evidence."""
        if row.account is None:
            self._context.recorder.record(session, row.dossier, event)

    def _row(self, session: Session, notice: Notice) -> NotificationRow:
        custody, now = self._context.custody, self._context.clock()
        last = session.exec(select(func.max(NotificationRow.position))).one()
        filling = {"name": notice.name, "title": notice.title, "sender": notice.sender}
        if notice.deadline is not None:
            filling["deadline"] = notice.deadline.isoformat()
        if notice.day is not None:
            filling["day"] = notice.day.isoformat()
        return NotificationRow(
            id=self._context.uuid(),
            position=(last or 0) + 1,
            tenant=notice.tenant,
            contract=notice.contract,
            dossier=notice.dossier,
            party=notice.party,
            account=notice.account,
            channel=notice.channel,
            purpose=notice.purpose,
            languages=",".join(notice.languages),
            target=custody.seal(session, notice.contract, notice.target.encode()),
            filling=custody.seal(session, notice.contract, json.dumps(filling, ensure_ascii=False).encode()),
            state=WAITING,
            next_try=now,
            created_at=now,
        )

    def resend(self, session: Session, tenant: str, contract: str, party: str) -> str:
        """Send a party's newest message that carries a link once more, as a message of its own with a new link.

        Raises:
            Refused: notification-unknown: it was never sent one; resent-too-soon.

        """
        latest = self._newest(session, tenant, contract, party)
        if latest is None:
            raise Refused("notification-unknown", "No message with a link was ever sent to this party.")
        now = self._context.clock()
        recent = select(func.count()).where(
            NotificationRow.party == party, NotificationRow.created_at > now - RESEND_WINDOW
        )
        if (
            left(latest.created_at + RESEND_PAUSE, now, RESEND_PAUSE)
            or session.exec(recent).one() >= RESEND_LIMIT
        ):
            raise Refused(
                "resent-too-soon",
                "A message was sent to this party just now.",
                expected="60 s between two, ten a day",
            )
        filling = self.filling(session, latest)
        again = Notice(
            tenant,
            contract,
            latest.dossier,
            party,
            latest.channel,
            self._context.custody.open(session, contract, latest.target).decode(),
            events.purpose_of(latest),
            filling.name,
            filling.title,
            filling.sender,
            filling.deadline,
            tuple(events.languages_of(latest)),
        )
        self.cancel(session, party)
        return self.notify(session, again)

    def cancel(self, session: Session, party: str) -> None:
        """Keep back what was not yet sent to a party: something newer takes its place, or its part is over."""
        query = select(NotificationRow).where(
            NotificationRow.party == party, NotificationRow.state == WAITING
        )
        for row in session.exec(query).all():
            row.state, row.link = CANCELLED, None
            session.add(row)
        session.flush()

    def forget(self, session: Session, tenant: str, contract: str) -> None:
        """Send nothing more about a contract that is erased, and make its links useless: a hook of `Erasures`."""
        query = select(NotificationRow).where(
            NotificationRow.tenant == tenant, NotificationRow.contract == contract
        )
        rows = session.exec(query).all()
        for party in {row.party for row in rows if row.account is None}:
            self.part(session, party)
        for row in rows:
            if row.account is not None and row.state == WAITING:
                row.state = CANCELLED
                session.add(row)
        session.flush()

    def part(self, session: Session, party: str) -> None:
        """Send nothing more to a party, and make its links useless."""
        self.cancel(session, party)
        self._links.end(session, party)

    def filling(self, session: Session, row: NotificationRow) -> Filling:
        """Open what a message's template is filled with.

        Raises:
            Refused: erased.

        """
        custody = self._context.custody
        kept = json.loads(custody.open(session, row.contract, row.filling))
        deadline = datetime.fromisoformat(kept["deadline"]) if "deadline" in kept else None
        day = date.fromisoformat(kept["day"]) if "day" in kept else None
        link = "" if row.account is None else self._links.desk_url(row.contract)
        if row.link is not None:
            link = self._links.url(custody.open(session, row.contract, row.link).decode())
        return Filling(kept["name"], kept["title"], kept["sender"], link, deadline=deadline, day=day)

    def report(self, session: Session, report: Report, *, tenant: str | None = None) -> bool:
        """Take a carrier's later word on a message; tell whether it was news. ``tenant``: only of that tenant's.

        Raises:
            Refused: notification-unknown.

        """
        row = session.get(NotificationRow, report.id)
        if row is None or row.sent_at is None or tenant not in (None, row.tenant):
            raise Refused("notification-unknown", "No such message was sent.")
        known = row.delivered_at if report.state == "delivered" else row.bounced_at
        if known is not None:
            return False
        # A carrier's clock is not ours, but nothing is delivered before it was sent or in the future.
        at = min(max(report.at, row.sent_at), self._context.clock())
        self._note(session, row, report, at)
        return True

    def refused(self, session: Session, row: NotificationRow, report: Report) -> None:
        """Note that a carrier refused a message, or that it was tried for too long."""
        self._note(session, row, report, report.at)

    def _note(self, session: Session, row: NotificationRow, report: Report, at: datetime) -> None:
        transaction = ""
        if row.transaction is not None:
            transaction = self._context.custody.open(session, row.contract, row.transaction).decode()
        if report.state == "delivered":
            row.delivered_at = at
            row.state = DELIVERED
            event = events.delivered(row, at, transaction, report.receipt)
        else:
            row.bounced_at, row.trouble, row.link = at, report.reason, None
            row.state = BOUNCED
            event = events.bounced(row, at, transaction, report)
        self.record(session, row, event)
        session.add(row)
        session.flush()

    def followed(self, session: Session, notification: str, seen: Seen) -> None:
        """Record that the link of a message was followed."""
        row = session.get(NotificationRow, notification)
        if row is None:
            return  # a link that no message carried: handed over by the sender, as a QR code
        now = self._context.clock()
        self._context.recorder.record(session, row.dossier, events.opened(row, seen, now))
        row.opened_at = row.opened_at or now
        session.add(row)
        session.flush()

    def of_contract(self, session: Session, tenant: str, contract: str) -> Sequence[Notification]:
        """List the messages about a contract, oldest first."""
        query = (
            select(NotificationRow)
            .where(NotificationRow.tenant == tenant, NotificationRow.contract == contract)
            .order_by(col(NotificationRow.position))
        )
        return [shown(row) for row in session.exec(query)]

    def find(self, session: Session, tenant: str, notification: str) -> Notification:
        """Give one message.

        Raises:
            Refused: notification-unknown.

        """
        row = session.get(NotificationRow, notification)
        if row is None or row.tenant != tenant:
            raise Refused("notification-unknown", "There is no such message.")
        return shown(row)

    def _newest(self, session: Session, tenant: str, contract: str, party: str) -> NotificationRow | None:
        query = (
            select(NotificationRow)
            .where(
                NotificationRow.tenant == tenant,
                NotificationRow.contract == contract,
                NotificationRow.party == party,
                col(NotificationRow.purpose).in_(LINKED),
                col(NotificationRow.channel).in_(CARRIED),
            )
            .order_by(col(NotificationRow.position).desc())
        )
        return session.exec(query).first()


def shown(row: NotificationRow) -> Notification:
    """Give a row as it is shown."""
    return Notification(
        row.id,
        row.party,
        row.account,
        row.channel,
        row.purpose,
        row.state,
        row.attempts,
        row.trouble,
        row.provider,
        row.simulated,
        row.created_at,
        row.sent_at,
        row.delivered_at,
        row.bounced_at,
        row.opened_at,
        row.next_try if row.state == WAITING else None,
    )
