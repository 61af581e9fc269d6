"""Carriers of messages, as the settings name them."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from api.signing.sms_http import HttpSmsSender
from api.times import Clock
from signing.delivery.ports import MailSender, SmsSender
from signing.delivery.sending import Carriers
from signing.delivery.simulators import MailSimulator, SmsSimulator
from signing.delivery.smtp import SmtpSender, SmtpServer

if TYPE_CHECKING:
    from api.settings import Settings


def carriers_of(settings: "Settings", *, clock: Clock) -> Carriers:
    """Give the carriers that the settings name.

    Raises:
        ValueError: an address or a combination that cannot be used.
        OSError: a secret cannot be read.
    """
    return Carriers(_sms(settings, clock), _mail(settings, clock))


def _sms(settings: "Settings", clock: Clock) -> SmsSender:
    chosen = settings.signing.sms
    match chosen.carrier:
        case "simulator":
            return SmsSimulator(clock)
        case "http":
            secret = "" if chosen.secret is None else chosen.secret.read_text("utf-8").strip()
            return HttpSmsSender(name=chosen.name, url=chosen.url, secret=secret, timeout=chosen.timeout)


def _mail(settings: "Settings", clock: Clock) -> MailSender:
    chosen = settings.signing.mail
    match chosen.carrier:
        case "simulator":
            return MailSimulator(clock)
        case "smtp":
            password = "" if chosen.password is None else chosen.password.read_text("utf-8").strip()
            server = SmtpServer(
                chosen.host,
                chosen.port,
                chosen.security,
                chosen.username,
                password,
                chosen.timeout,
                None if chosen.roots is None else str(chosen.roots),
            )
            return SmtpSender(
                server,
                sender=chosen.sender,
                sender_name=chosen.sender_name,
                domain=urlsplit(settings.public_url).hostname or "localhost",
                clock=clock,
            )
