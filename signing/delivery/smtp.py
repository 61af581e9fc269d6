"""Mail by SMTP (RFC 5321), over TLS unless the server stands on this machine.

STARTTLS is demanded, never tried: a server that does not offer it gets no message. Credentials go over TLS only, and
neither they nor an address nor a server's words about them reach a log or an error.
"""

import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from typing import Literal

from signing.delivery.ports import (
    Accepted,
    CarrierRefusedError,
    CarrierUnavailableError,
    MailMessage,
    Reason,
    Report,
)
from signing.ports import Clock

Security = Literal["starttls", "tls", "none"]
_QUEUED = re.compile(rb"queued as ([!-~]{1,128})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in. ``timeout`` in seconds for each answer; ``roots`` a PEM file, None for the system's.

    ``security``: ``starttls`` (port 587), ``tls`` from the first byte (465), ``none`` (loopback only).
    """

    host: str
    port: int = 587
    security: Security = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 20.0
    roots: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would send mail or a password in the clear over a network."""
        if self.security == "none" and not _is_loopback(self.host):
            raise ValueError("without TLS a mail server must stand on this machine")
        if self.security == "none" and self.username:
            raise ValueError("a password is never sent without TLS")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reason(error: Exception) -> Reason:
    # smtplib turns a time that ran out while it reads into a lost connection.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "timed_out"
    return "provider_error" if isinstance(error, smtplib.SMTPResponseException) else "unreachable"


class SmtpSender:
    """A `MailSender` that hands each mail to one server, a connection each."""

    def __init__(
        self,
        server: SmtpServer,
        *,
        sender: str,
        sender_name: str,
        domain: str,
        clock: Clock,
    ) -> None:
        """Take the server and the address in From; ``domain`` is the right side of Message-IDs.

        Raises:
            ValueError: the address does not parse.

        """
        try:
            self._from = Address(sender_name, addr_spec=sender)
        except (ValueError, MessageError) as error:
            raise ValueError("the sender's address does not parse") from error
        self._server = server
        self._domain = domain
        self._clock = clock

    @property
    def name(self) -> str:
        """``smtp``: what is beyond the server is not known."""
        return "smtp"

    @property
    def simulated(self) -> bool:
        """False."""
        return False

    def reports(self) -> Sequence[Report]:
        """Give nothing: what became of a mail comes as a mail (`signing.delivery.dsn`)."""
        return ()

    def send(self, message: MailMessage) -> Accepted:
        """Hand a mail to the server.

        Raises:
            CarrierRefusedError: the address does not parse, or the server refuses recipient or content for good (5xx).
            CarrierUnavailableError: no connection, no TLS, no login, a refusal for now (4xx), no answer in time.

        """
        composed = self.compose(message)
        try:
            with self._connect() as connection:
                return self._hand_over(connection, message, composed)
        except (smtplib.SMTPException, OSError) as error:
            # From None: the words of these errors may hold addresses, and those of a failed login the user name.
            raise CarrierUnavailableError(_reason(error)) from None

    def compose(self, message: MailMessage) -> EmailMessage:
        """Write a mail: text and HTML as alternatives (RFC 2046 §5.1.4), marked as sent by a program (RFC 3834 §5).

        Raises:
            CarrierRefusedError: the address does not parse.

        """
        mail = EmailMessage(policy=SMTP)
        try:
            mail["To"] = Address(addr_spec=message.target)
        except (ValueError, IndexError, MessageError) as error:
            raise CarrierRefusedError("unknown_recipient") from error
        mail["From"] = self._from
        mail["Subject"] = " ".join(message.subject.split())
        mail["Date"] = self._clock()
        mail["Message-ID"] = f"<{message.id}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text, cte="base64")
        mail.add_alternative(message.html, subtype="html", cte="base64")
        mail["Content-Language"] = ", ".join(message.languages)
        return mail

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=self._tls()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security == "starttls":
                connection.starttls(context=self._tls())
            if server.username:
                connection.login(server.username, server.password)
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.roots)

    def _hand_over(self, connection: smtplib.SMTP, message: MailMessage, mail: EmailMessage) -> Accepted:
        notified = connection.has_extn("dsn")
        options = [f"ENVID={message.id}", "RET=HDRS"] if notified else []
        self._judge(*connection.mail(self._from.addr_spec, options), recipient=False)
        options = ["NOTIFY=SUCCESS,FAILURE,DELAY"] if notified else []
        self._judge(*connection.rcpt(message.target, options), recipient=True)
        code, answer = connection.data(mail.as_bytes())
        self._judge(code, answer, recipient=False)
        queued = _QUEUED.search(answer)
        return Accepted(queued[1].decode("ascii") if queued else "", b"%d " % code + answer)

    @staticmethod
    def _judge(code: int, answer: bytes, *, recipient: bool) -> None:
        if code < 300:
            return
        if code < 500:
            raise CarrierUnavailableError("mailbox_full" if code == 452 else "provider_error")
        receipt = b"%d " % code + answer
        if not recipient:
            raise CarrierRefusedError("blocked" if code == 554 else "refused", receipt)
        unknown = code in (550, 551, 553)
        raise CarrierRefusedError(
            "mailbox_full" if code == 552 else "unknown_recipient" if unknown else "refused", receipt
        )
