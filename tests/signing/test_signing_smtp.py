"""Mail over a real SMTP server: TLS or nothing, refusals told apart, no secret in any error; and bounces read."""

import datetime as dt
import email
import socket
import ssl
import threading
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from signing.delivery.dsn import parse_dsn
from signing.delivery.ports import CarrierRefusedError, CarrierUnavailableError, MailMessage
from signing.delivery.smtp import SmtpSender, SmtpServer

PORT = 21051
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ID = "4c2f0f6e-90ab-4c3e-a1d5-2a7a2f6d9c44"
MESSAGE = MailMessage(
    ID, "li@example.com", "请签署:\n《租赁合同》", "您好 text\n.\nend", "<p>您好</p>", ("zh-CN", "en")
)
PASSWORD = "s3cret-of-the-mail-server"


class Mailbox:
    """What the server took, and what it answers."""

    def __init__(self):
        self.mails = []
        self.rcpt = "250 OK"
        self.data = "250 2.0.0 Ok: queued as ABC123"
        self.slow = threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((session.ssl is not None, envelope))
        return self.data


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost, and the context of a server that has it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return str(folder / "cert.pem"), context


@pytest.fixture
def mailbox():
    return Mailbox()


def login(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@pytest.fixture
def serve(mailbox, certificate):
    """Start a server on a port of loopback; its name in the certificate is localhost."""
    started = []

    def start(**keywords):
        made = Controller(mailbox, hostname="127.0.0.1", port=PORT, **keywords)
        made.start()
        started.append(made)
        return made

    yield start
    for made in started:
        made.stop()


def sender(**keywords):
    settings = {"host": "localhost", "port": PORT, "security": "none", "timeout": 5.0} | keywords
    return SmtpSender(
        SmtpServer(**settings),
        sender="noreply@sign.example.com",
        sender_name="证 Zheng",
        domain="sign.example.com",
        clock=lambda: NOW,
    )


def test_a_mail_arrives_as_it_was_written(serve, mailbox):
    """Text and HTML, both languages named, marked as automatic, the id in Message-ID; the queue's number comes back."""
    serve()
    accepted = sender().send(MESSAGE)
    assert accepted.transaction == "ABC123"
    assert accepted.receipt.startswith(b"250 2.0.0 Ok")
    _, envelope = mailbox.mails[0]
    mail = email.message_from_bytes(envelope.content, policy=default)
    assert envelope.mail_from == "noreply@sign.example.com"
    assert envelope.rcpt_tos == ["li@example.com"]
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == (f"<{ID}@sign.example.com>", "auto-generated")
    assert mail["Subject"] == "请签署: 《租赁合同》"
    assert mail["From"].addresses[0].display_name == "证 Zheng"
    assert mail["Content-Language"] == "zh-CN, en"
    assert mail["Date"].datetime == NOW
    assert mail.get_body(("plain",)).get_content().splitlines() == ["您好 text", ".", "end"]
    assert mail.get_body(("html",)).get_content().strip() == "<p>您好</p>"


def test_starttls_with_a_login(serve, mailbox, certificate):
    """The certificate is checked against name and roots, and the login goes over TLS only."""
    roots, context = certificate
    serve(tls_context=context, require_starttls=True, authenticator=login, auth_required=True)
    good = {"security": "starttls", "roots": roots, "username": "zheng", "password": PASSWORD}
    sender(**good).send(MESSAGE)
    assert mailbox.mails[0][0]
    for changes in ({"host": "127.0.0.1"}, {"roots": None}, {"password": "wrong-" + PASSWORD}):
        with pytest.raises(CarrierUnavailableError) as raised:
            sender(**good | changes).send(MESSAGE)
        assert raised.value.reason in ("unreachable", "provider_error")
        assert PASSWORD not in repr(raised.value) + str(raised.value.__cause__)
    assert len(mailbox.mails) == 1


def test_tls_from_the_first_byte(serve, mailbox, certificate):
    """Port 465 of RFC 8314."""
    roots, context = certificate
    serve(ssl_context=context)
    sender(security="tls", roots=roots).send(MESSAGE)
    assert len(mailbox.mails) == 1
    with pytest.raises(CarrierUnavailableError):
        sender(security="none", timeout=1.0).send(MESSAGE)


def test_a_server_without_starttls_gets_nothing(serve, mailbox):
    """It is demanded, not tried."""
    serve()
    with pytest.raises(CarrierUnavailableError):
        sender(security="starttls").send(MESSAGE)
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("place", "answer", "reason"),
    [
        ("rcpt", "550 5.1.1 no such user", "unknown_recipient"),
        ("rcpt", "552 5.2.2 mailbox full", "mailbox_full"),
        ("rcpt", "571 5.7.1 no", "refused"),
        ("data", "554 5.7.1 looks like spam", "blocked"),
        ("data", "500 5.5.1 what", "refused"),
    ],
)
def test_refusals_for_good_are_bounces(serve, mailbox, place, answer, reason):
    """With the server's answer as receipt."""
    serve()
    setattr(mailbox, place, answer)
    with pytest.raises(CarrierRefusedError) as raised:
        sender().send(MESSAGE)
    assert (raised.value.reason, raised.value.receipt) == (reason, answer.encode())


@pytest.mark.parametrize(
    ("place", "answer", "reason"),
    [
        ("rcpt", "451 4.7.1 greylisted", "provider_error"),
        ("data", "452 4.3.1 full", "mailbox_full"),
    ],
)
def test_refusals_for_now_are_tried_again(serve, mailbox, place, answer, reason):
    """4xx."""
    serve()
    setattr(mailbox, place, answer)
    with pytest.raises(CarrierUnavailableError, match=reason):
        sender().send(MESSAGE)


def test_a_server_that_is_down():
    """Nobody listens."""
    with pytest.raises(CarrierUnavailableError, match="unreachable"):
        sender(port=PORT + 1).send(MESSAGE)


def test_a_server_that_does_not_answer():
    """It takes the connection and says nothing: the time runs out."""
    with (
        socket.create_server(("127.0.0.1", PORT + 2)),
        pytest.raises(CarrierUnavailableError, match="timed_out"),
    ):
        sender(host="127.0.0.1", port=PORT + 2, timeout=0.2).send(MESSAGE)


@pytest.mark.parametrize("target", ["", "nobody", "a@b\r\nBcc: c@d", "a b@c", "<>"])
def test_no_address_smuggles_a_header(target):
    """What is no address is refused before any connection."""
    with pytest.raises(CarrierRefusedError, match="unknown_recipient"):
        sender(port=PORT + 1).send(MailMessage(ID, target, "s", "t", "h", ("en",)))


@pytest.mark.parametrize(
    "settings", [{"host": "mail.example.com"}, {"username": "a", "password": "b"}, {"host": "192.0.2.1"}]
)
def test_no_mail_and_no_password_goes_in_the_clear(settings):
    """Without TLS only to this machine, and without a login."""
    with pytest.raises(ValueError, match="TLS"):
        sender(**settings)
    assert PASSWORD not in repr(SmtpServer("h", username="a", password=PASSWORD))


def report(
    action="failed", status="5.1.1", *, envelope="", headers="", date="Mon, 2 Mar 2026 09:05:00 +0000"
):
    lines = [
        "From: postmaster@example.com",
        "Subject: report",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "It did not work.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.com",
        *([f"Original-Envelope-Id: {envelope}"] if envelope else []),
        "",
        "Final-Recipient: rfc822; li@example.com",
        f"Action: {action}",
        f"Status: {status}",
        *([f"Last-Attempt-Date: {date}"] if date else []),
        "--b",
        *(
            [f"Content-Type: {headers}", "", f"Message-ID: <{ID}@sign.example.com>", "", ""]
            if headers
            else []
        ),
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    ("status", "reason", "permanent"),
    [
        ("5.1.1", "unknown_recipient", True),
        ("5.2.2", "mailbox_full", True),
        ("5.2.1", "refused", True),
        ("4.4.7", "timed_out", False),
        ("5.4.4", "unreachable", True),
        ("5.7.1", "blocked", True),
        ("5.6.0", "other", True),
        ("nonsense", "other", True),
    ],
)
def test_bounces_are_read(status, reason, permanent):
    """By the enhanced status code (RFC 3463); the message is found by envelope or quoted headers."""
    for named in ({"envelope": ID}, {"headers": "text/rfc822-headers"}, {"headers": "message/rfc822"}):
        found = parse_dsn(report(status=status, **named), NOW)
        assert (found.id, found.state, found.reason, found.permanent) == (ID, "bounced", reason, permanent)
        assert found.at == NOW + dt.timedelta(minutes=5)


def test_what_reports_nothing_is_nothing():
    """Delays, other mails, reports that name no message of ours, half a report."""
    assert parse_dsn(report("delivered", envelope=ID), NOW).state == "delivered"
    for date in ("", "yesterday", "Mon, 2 Mar 2026 09:05:00 -0000"):
        assert parse_dsn(report(envelope=ID, date=date), NOW).at == NOW
    assert parse_dsn(report("delayed", envelope=ID), NOW) is None
    assert parse_dsn(report(), NOW) is None
    assert parse_dsn(report(headers="text/rfc822-headers").replace(b"<4c2f", b"<zzzz"), NOW) is None
    assert parse_dsn(b"Subject: hello\r\n\r\nhello", NOW) is None
    assert parse_dsn(b"Content-Type: message/delivery-status\r\n\r\n", NOW) is None
    data = report(envelope=ID, headers="message/rfc822")
    for at in range(0, len(data), 7):
        parse_dsn(data[:at], NOW)
