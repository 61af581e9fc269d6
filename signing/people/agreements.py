"""Agreements and consents: which text, which version, which bytes, and who said yes, when, by what act.

The texts lie in ``texts/``, one file for each version and language, and are never changed: a new wording is a new
version. The digest in the evidence is that of the very bytes that were shown (S3-3). A consent to one purpose is asked
for by itself and can be taken back (PIPL Art. 15, 29).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from sqlmodel import Session, col, select
from zheng_verifier.canonical import JsonObject

from signing.context import Context
from signing.database import read, write
from signing.dossier.model import Event
from signing.errors import Refused
from signing.people.actors import actor_in
from signing.people.tables import AcceptanceRow, AccountRow, ConsentRow
from signing.principal import Permission, Principal

AGREEMENTS = ("service_terms", "privacy_policy", "certificate_service", "esign_disclosure")
# Without these nobody gets an account that can act.
REQUIRED = ("service_terms", "privacy_policy")
# Of what data a purpose is, as the taxonomy names it.
PURPOSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "identity_verification": ("name", "id_number", "phone", "bank_account"),
        "biometric": ("face",),
        "certificate_issuance": ("name", "id_number"),
        "institution_forwarding": ("name", "id_number", "phone", "email", "documents"),
    }
)
LOCALES = ("zh-CN", "en")
ACTIONS = ("checkbox", "click", "scroll_and_click", "signature", "voice")


@dataclass(frozen=True, slots=True)
class Text:
    """One published text: ``sha256`` (hex) is of exactly ``content``, which is UTF-8."""

    name: str
    version: str
    locale: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Yes:
    """What somebody agreed to, as he says he saw it, and by which act."""

    name: str
    version: str
    locale: str
    text_sha256: str
    action: str


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent; it holds while ``withdrawn_at`` is None."""

    id: str
    purpose: str
    version: str
    locale: str
    text_sha256: str
    given_at: datetime
    withdrawn_at: datetime | None


@cache
def published() -> tuple[Text, ...]:
    """Give every text in every version and language."""
    found = []
    for each in sorted(files("signing.people").joinpath("texts").iterdir(), key=lambda file: file.name):
        name, _, rest = each.name.removesuffix(".txt").partition(".")
        version, _, locale = rest.rpartition(".")
        content = each.read_bytes()
        found.append(Text(name, version, locale, content, hashlib.sha256(content).hexdigest()))
    return tuple(found)


def current(name: str, locale: str) -> Text:
    """Give the newest version of a text in a language.

    Raises:
        Refused: agreement-unknown.
    """
    of_it = [each for each in published() if (each.name, each.locale) == (name, locale)]
    if not of_it:
        raise Refused("agreement-unknown", "There is no such text in this language.")
    return max(of_it, key=lambda text: [int(part) for part in text.version.split(".")])


def check(yes: Yes) -> Text:
    """Hold what somebody says he agreed to against the text as it is now.

    Raises:
        Refused: agreement-unknown, agreement-changed: he saw another version, or other bytes; field-value.
    """
    if yes.action not in ACTIONS:
        raise Refused("field-value", field="/action", expected="one of " + ", ".join(ACTIONS))
    text = current(yes.name, yes.locale)
    if (yes.version, yes.text_sha256) != (text.version, text.sha256):
        raise Refused(
            "agreement-changed", "Another text was agreed to.", expected=f"{text.version} {text.sha256}"
        )
    return text


class Agreements:
    """Records agreements and consents of accounts, each with its event in the account's own case."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def accept(self, principal: Principal, account: str, given: Sequence[Yes]) -> None:
        """Record that an account accepted agreements. A program may tell so for the account: the event says that it did.

        Raises:
            Refused: permission-missing, account-unknown, agreement-unknown, agreement-changed, field-value.
        """
        with write(self._context.engine) as session:
            self.accept_within(session, principal, self._account(session, principal, account), given)

    def accept_within(
        self, session: Session, principal: Principal, row: AccountRow, given: Sequence[Yes]
    ) -> None:
        """Record acceptances within a transaction; one that is recorded already is not recorded again.

        Raises:
            Refused: agreement-unknown, agreement-changed, field-value.
        """
        for yes in given:
            text = check(yes)
            if text.name not in AGREEMENTS:
                raise Refused("agreement-unknown", "This is a consent, not an agreement.")
            if session.get(AcceptanceRow, (row.id, text.name, text.version)) is not None:
                continue
            event = self._record(session, principal, row, "agreement.accepted/1", _told(yes, "agreement"))
            session.add(
                AcceptanceRow(
                    account=row.id,
                    agreement=text.name,
                    version=text.version,
                    tenant=row.tenant,
                    locale=text.locale,
                    text_sha256=text.sha256,
                    event=event,
                    accepted_at=self._context.clock(),
                )
            )
            session.flush()

    def missing(self, session: Session, account: str, wanted: Sequence[str] = REQUIRED) -> list[str]:
        """Name the agreements whose newest version the account has not accepted."""
        return [
            name
            for name in wanted
            if session.get(AcceptanceRow, (account, name, current(name, "en").version)) is None
        ]

    def lacking(self, account: str) -> list[str]:
        """Name the required agreements whose newest version the account has not accepted."""
        with read(self._context.engine) as session:
            return self.missing(session, account)

    def require(self, session: Session, account: str, wanted: Sequence[str] = REQUIRED) -> None:
        """Let an account go on only if it accepted what is asked, in the newest version.

        Raises:
            Refused: agreement-missing.
        """
        if names := self.missing(session, account, wanted):
            raise Refused(
                "agreement-missing", "An agreement was not accepted yet.", expected=", ".join(names)
            )

    def consent(self, principal: Principal, account: str, given: Yes) -> Consent:
        """Record a consent to one purpose; one that holds for the same text is given as it is.

        Raises:
            Refused: permission-missing, account-unknown, agreement-unknown, agreement-changed, field-value.
        """
        with write(self._context.engine) as session:
            row = self._account(session, principal, account)
            text = check(given)
            if text.name not in PURPOSES:
                raise Refused("agreement-unknown", "This is an agreement, not a consent.")
            held = self._holding(session, account, text.name)
            if held is not None and held.text_sha256 == text.sha256:
                return _consent(held)
            data = _told(given, "purpose") | {"separate": True, "scope": list(PURPOSES[text.name])}
            event = self._record(session, principal, row, "consent.recorded/1", data)
            made = ConsentRow(
                id=self._context.uuid(),
                account=account,
                tenant=row.tenant,
                purpose=text.name,
                version=text.version,
                locale=text.locale,
                text_sha256=text.sha256,
                event=event,
                given_at=self._context.clock(),
            )
            session.add(made)
            session.flush()
            return _consent(made)

    def withdraw(self, principal: Principal, consent: str, *, action: str) -> Consent:
        """Take a consent back; again is the same as once. What was done under it before stays as it was.

        Raises:
            Refused: permission-missing, consent-unknown, field-value.
        """
        if action not in ACTIONS:
            raise Refused("field-value", field="/action", expected="one of " + ", ".join(ACTIONS))
        with write(self._context.engine) as session:
            row = session.get(ConsentRow, consent)
            if row is None or row.tenant != principal.tenant:
                raise Refused("consent-unknown", "There is no such consent.")
            account = self._account(session, principal, row.account)
            if row.withdrawn_at is None:
                data: JsonObject = {"consent_event": row.event, "action": action}
                self._record(session, principal, account, "consent.withdrawn/1", data)
                row.withdrawn_at = self._context.clock()
                session.add(row)
            return _consent(row)

    def consents(self, principal: Principal, account: str) -> list[Consent]:
        """List the consents of an account, withdrawn ones too.

        Raises:
            Refused: permission-missing, account-unknown.
        """
        with read(self._context.engine) as session:
            self._account(session, principal, account)
            rows = session.exec(
                select(ConsentRow)
                .where(ConsentRow.account == account)
                .order_by(col(ConsentRow.given_at), col(ConsentRow.id))
            )
            return [_consent(row) for row in rows]

    def require_consent(self, session: Session, account: str, purpose: str) -> None:
        """Let a purpose be followed only if the account consents to it, now, in the newest wording.

        Raises:
            Refused: consent-missing.
        """
        held = self._holding(session, account, purpose)
        if held is None or held.version != current(purpose, "en").version:
            raise Refused("consent-missing", "A separate consent is needed first.", expected=purpose)

    def _holding(self, session: Session, account: str, purpose: str) -> ConsentRow | None:
        return session.exec(
            select(ConsentRow)
            .where(
                ConsentRow.account == account,
                ConsentRow.purpose == purpose,
                col(ConsentRow.withdrawn_at).is_(None),
            )
            .order_by(col(ConsentRow.given_at).desc())
        ).first()

    def _account(self, session: Session, principal: Principal, account: str) -> AccountRow:
        """Give the account if it is one's own, or a program asks: nobody agrees for another person."""
        row = session.get(AccountRow, account)
        if row is None or row.tenant != principal.tenant:
            raise Refused("account-unknown", "There is no such account.")
        if principal.account != account:
            if principal.kind != "api_client":
                raise Refused("permission-missing", "Nobody agrees for another person.")
            principal.require(Permission.MANAGE_CONTACTS)
        return row

    def _record(
        self, session: Session, principal: Principal, row: AccountRow, kind: str, data: JsonObject
    ) -> str:
        actor = actor_in(session, row.dossier, principal, self._context.uuid)
        event = Event(kind, data, private=principal.seen.private, actor=actor)
        return self._context.recorder.record(session, row.dossier, event)


def _told(yes: Yes, name: str) -> JsonObject:
    return {
        name: yes.name,
        "version": yes.version,
        "text_sha256": yes.text_sha256,
        "locale": yes.locale,
        "action": yes.action,
    }


def _consent(row: ConsentRow) -> Consent:
    return Consent(
        row.id, row.purpose, row.version, row.locale, row.text_sha256, row.given_at, row.withdrawn_at
    )
