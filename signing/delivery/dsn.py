"""What mail servers send back about a mail: delivery status notifications (RFC 3464), read without believing more.

A report names the mail by its ENVID (RFC 3461 §4.4) or by the Message-ID in the part that quotes its headers. Pure.
"""

import email
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parsedate_to_datetime

from signing.delivery.ports import Reason, Report

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_STATUS = re.compile(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})", re.ASCII)
MAX_SIZE = 1 << 20


def parse_dsn(data: bytes, received_at: datetime) -> Report | None:
    """Read a report; None for a mail that is none, reports only a delay, or names no message.

    ``received_at`` stands in where it says no time of its own.
    """
    mail = email.message_from_bytes(data[:MAX_SIZE], policy=default)
    status = next(
        (part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None
    )
    if status is None:
        return None
    fields = list(_groups(status))
    action = _field(fields, "Action").lower()
    message = _original(mail, fields)
    if message is None or action not in ("failed", "delivered"):
        return None
    at = _time(_field(fields, "Last-Attempt-Date") or _field(fields, "Arrival-Date")) or received_at
    if action == "delivered":
        return Report(message, "delivered", at, receipt=data)
    code = _STATUS.search(_field(fields, "Status"))
    return Report(
        message, "bounced", at, _reason(code), permanent=code is None or code[1] == "5", receipt=data
    )


def _groups(status: Message) -> Iterator[Message]:
    payload = status.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, Message))


def _field(groups: list[Message], name: str) -> str:
    for group in groups:
        value = group.get(name)
        if value is not None:
            return str(value).strip()
    return ""


def _original(mail: Message, groups: list[Message]) -> str | None:
    envelope = _ID.fullmatch(_field(groups, "Original-Envelope-Id"))
    if envelope is not None:
        return envelope[0]
    for part in mail.walk():
        quoted = part.get_payload() if part.get_content_type() == "message/rfc822" else None
        if isinstance(quoted, list) and isinstance(quoted[0], EmailMessage):
            text = str(quoted[0].get("Message-ID", ""))
        elif part.get_content_type() == "text/rfc822-headers":
            headers = email.message_from_string(str(part.get_payload()), policy=default)
            text = str(headers.get("Message-ID", ""))
        else:
            continue
        found = re.match(rf"\s*<({_ID.pattern})@", text)
        if found is not None:
            return found[1]
    return None


def _reason(code: re.Match[str] | None) -> Reason:
    """Map an enhanced status code (RFC 3463 §3) to a reason."""
    if code is None:
        return "other"
    match code[2], code[3]:
        case "1", _:
            return "unknown_recipient"
        case "2", "2":
            return "mailbox_full"
        case "2", _:
            return "refused"
        case "4", "7":
            return "timed_out"
        case "4", _:
            return "unreachable"
        case "7", _:
            return "blocked"
        case _:
            return "other"


def _time(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None
