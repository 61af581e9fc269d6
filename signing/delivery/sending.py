"""Sending what waits: each message at least once, with the same id at every try, and pauses that grow.

A try is noted before it is made, with a time after which it counts as lost: a process that dies between the carrier's
answer and our note of it sends the message again, under the same id. What a carrier refuses for good is not tried
again; what he does not take for a day is given up, and both are recorded as a bounce.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

from sqlmodel import Session, col, select

from signing.context import Context
from signing.custody.errors import CustodyDamagedError
from signing.database import read, write
from signing.delivery import events
from signing.delivery.composing import Filling, compose_mail, compose_sms
from signing.delivery.notifications import CANCELLED, SENT, WAITING, Notifications
from signing.delivery.ports import (
    Accepted,
    CarrierRefusedError,
    CarrierUnavailableError,
    MailMessage,
    MailSender,
    Reason,
    Report,
    SmsMessage,
    SmsSender,
)
from signing.delivery.tables import NotificationRow
from signing.errors import Refused
from signing.waiting import left, over

LEASE = timedelta(minutes=5)
"""A try that is not answered for within this time is made again."""
GIVE_UP = timedelta(hours=24)
PAUSES = (10, 30, 120, 600, 1800, 3600)
"""Seconds to wait after the first, second … failure; the last one from then on."""
_LONGEST = timedelta(seconds=max(PAUSES))
_BATCH = 50

Prepared: TypeAlias = SmsMessage | MailMessage


@dataclass(frozen=True, slots=True)
class Carriers:
    """Who carries what."""

    sms: SmsSender
    mail: MailSender


class Sending:
    """Sends what is due on one channel; one caller for each channel at a time."""

    def __init__(self, context: Context, notifications: Notifications, carriers: Carriers) -> None:
        self._context = context
        self._notifications = notifications
        self._carriers = carriers

    def run(self, channel: Literal["sms", "email"], stopping: Callable[[], bool] = lambda: False) -> int:
        """Try what is due on a channel once, then ask its carrier for news; gives how many messages were due."""
        due = self._due(channel)
        for notification in due:
            if stopping():
                break
            self._try(notification)
        self._collect(self._carriers.sms if channel == "sms" else self._carriers.mail)
        return len(due)

    def _due(self, channel: str) -> Sequence[str]:
        with read(self._context.engine) as session:
            query = (
                select(NotificationRow.id)
                .where(
                    NotificationRow.channel == channel,
                    NotificationRow.state == WAITING,
                    over(col(NotificationRow.next_try), self._context.clock(), _LONGEST),
                )
                .order_by(col(NotificationRow.next_try), col(NotificationRow.position))
                .limit(_BATCH)
            )
            return session.exec(query).all()

    def _try(self, notification: str) -> None:
        message = self._prepare(notification)
        if message is None:
            return
        try:
            accepted = self._hand_over(message)
        except CarrierRefusedError as error:
            self._refused(notification, error)
        except CarrierUnavailableError as error:
            self._failed(notification, error.reason)
        else:
            self._sent(notification, message.target, accepted)

    def _hand_over(self, message: Prepared) -> Accepted:
        if isinstance(message, SmsMessage):
            return self._carriers.sms.send(message)
        return self._carriers.mail.send(message)

    def _prepare(self, notification: str) -> Prepared | None:
        """Note the try and write the message; None where it is not to be sent any more."""
        with write(self._context.engine) as session:
            row = session.get(NotificationRow, notification)
            if row is None or row.state != WAITING or left(row.next_try, self._context.clock(), _LONGEST):
                return None  # done with, or another process is at it
            try:
                target = self._context.custody.open(session, row.contract, row.target).decode()
                filling = self._notifications.filling(session, row)
            except (Refused, CustodyDamagedError):  # erased, or damaged: it must not hold up the others
                row.state, row.link = CANCELLED, None
                session.add(row)
                return None
            row.attempts += 1
            row.next_try = self._context.clock() + LEASE
            session.add(row)
            return _write(row, target, filling)

    def _sent(self, notification: str, target: str, accepted: Accepted) -> None:
        """Note that a message was taken: also one that was to be kept back meanwhile, since it went out."""
        with write(self._context.engine) as session:
            row = session.get(NotificationRow, notification)
            if row is None or row.state not in (WAITING, CANCELLED):
                return
            self._name_carrier(row)
            row.state, row.sent_at, row.trouble, row.link = SENT, self._context.clock(), None, None
            try:
                transaction = accepted.transaction.encode()
                row.transaction = self._context.custody.seal(session, row.contract, transaction)
            except Refused:
                row.transaction = None  # erased meanwhile; that it was sent stays evidence
            sent = events.sent(row, target, accepted.transaction, row.sent_at)
            self._notifications.record(session, row, sent)
            session.add(row)

    def _failed(self, notification: str, reason: Reason) -> None:
        now = self._context.clock()
        with write(self._context.engine) as session:
            row = self._waiting(session, notification)
            if row is None:
                return
            row.trouble = reason
            if now - row.created_at >= GIVE_UP:
                self._name_carrier(row)
                self._notifications.refused(
                    session, row, Report(row.id, "bounced", now, reason, permanent=False)
                )
                return
            row.next_try = now + timedelta(seconds=PAUSES[min(row.attempts, len(PAUSES)) - 1])
            session.add(row)

    def _refused(self, notification: str, error: CarrierRefusedError) -> None:
        with write(self._context.engine) as session:
            row = self._waiting(session, notification)
            if row is None:
                return
            self._name_carrier(row)
            report = Report(row.id, "bounced", self._context.clock(), error.reason, receipt=error.receipt)
            self._notifications.refused(session, row, report)

    def _name_carrier(self, row: NotificationRow) -> None:
        carrier = self._carriers.sms if row.channel == "sms" else self._carriers.mail
        row.provider, row.simulated = carrier.name, carrier.simulated

    def _waiting(self, session: Session, notification: str) -> NotificationRow | None:
        row = session.get(NotificationRow, notification)
        return row if row is not None and row.state == WAITING else None

    def _collect(self, carrier: SmsSender | MailSender) -> None:
        try:
            reports = carrier.reports()
        except CarrierUnavailableError:
            return  # asked again at the next run
        for report in reports:
            with write(self._context.engine) as session:
                try:
                    self._notifications.report(session, report)
                except Refused:
                    continue  # not one of ours, not sent as far as we know, or erased


def _write(row: NotificationRow, target: str, filling: Filling) -> Prepared:
    purpose, languages = events.purpose_of(row), events.languages_of(row)
    if row.channel == "sms":
        return SmsMessage(row.id, target, compose_sms(purpose, filling, languages), row.tenant)
    mail = compose_mail(purpose, filling, languages)
    return MailMessage(row.id, target, mail.subject, mail.text, mail.html, tuple(languages), row.tenant)
