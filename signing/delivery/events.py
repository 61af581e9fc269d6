"""The events of a message in its contract's case, from values (pure; docs/spec/taxonomy.md)."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time
from zheng_verifier.report.texts import Language

from signing.delivery.composing import LANGUAGES, PURPOSES, Purpose, template_sha256
from signing.delivery.ports import Report
from signing.delivery.tables import NotificationRow
from signing.dossier.model import Event
from signing.principal import Seen

_TRANSACTION = re.compile(r"[!-~]{1,128}", re.ASCII)


def _common(row: NotificationRow) -> JsonObject:
    return {
        "notification": row.id,
        "party": row.party,
        "provider": row.provider or "none",
        "simulated": row.simulated,
    }


def _private(transaction: str, receipt: bytes = b"") -> JsonObject:
    private: JsonObject = {}
    if _TRANSACTION.fullmatch(transaction):
        private["provider_txn"] = transaction
    if receipt:
        private["receipt"] = hashlib.sha256(receipt).hexdigest()
    return private


def languages_of(row: NotificationRow) -> Sequence[Language]:
    """Give the languages a message speaks."""
    return tuple(each for each in LANGUAGES if each in row.languages.split(","))


def purpose_of(row: NotificationRow) -> Purpose:
    """Give what a message is for."""
    return next(each for each in PURPOSES if each == row.purpose)


def sent(row: NotificationRow, target: str, transaction: str, at: datetime) -> Event:
    """Build notification.sent: a carrier took the message."""
    digest = template_sha256(purpose_of(row), row.channel, languages_of(row))
    data = _common(row) | {"channel": row.channel, "purpose": row.purpose, "template_sha256": digest}
    return Event("notification.sent/1", data, _private(transaction) | {"target": target}, occurred_at=at)


def delivered(row: NotificationRow, at: datetime, transaction: str, receipt: bytes) -> Event:
    """Build notification.delivered: the carrier says so; ``at`` as he states it."""
    data = _common(row) | {"delivered_at": format_time(at)}
    return Event("notification.delivered/1", data, _private(transaction, receipt))


def bounced(row: NotificationRow, at: datetime, transaction: str, report: Report) -> Event:
    """Build notification.bounced: refused, returned, or not taken by anybody for too long."""
    data = _common(row) | {
        "bounced_at": format_time(at),
        "reason_code": report.reason,
        "permanent": report.permanent,
    }
    return Event("notification.bounced/1", data, _private(transaction, report.receipt))


def opened(row: NotificationRow, seen: Seen, at: datetime) -> Event:
    """Build notification.opened: its link was followed. That a mail was merely opened we do not find out."""
    data: JsonObject = {"notification": row.id, "party": row.party, "act": "clicked"}
    if seen.terminal != "counter":
        data["terminal"] = seen.terminal
    return Event("notification.opened/1", data, seen.private, occurred_at=at)
