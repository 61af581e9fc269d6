"""How a check ends: its state, and the event that says so in the account's own case.

A check ends once. Whatever answers twice (a callback sent again, a question asked again) finds it ended and changes
nothing. That nobody could say is no mismatch, and costs no attempt.
"""

from datetime import timedelta

from sqlmodel import Session, col, func, select
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from signing.context import Context
from signing.dossier.model import Event
from signing.errors import Refused
from signing.identity.details import Details, format_details, parse_details
from signing.identity.methods import METHODS
from signing.identity.ports import Answer
from signing.identity.tables import CheckRow
from signing.people.actors import actor_in
from signing.people.tables import AccountRow
from signing.principal import Principal

OPEN = ("collecting", "started", "pending", "confirming")
ATTEMPTS = 5
ATTEMPTS_WITHIN = timedelta(hours=24)


class Settling:
    """Ends checks, within the caller's transaction."""

    def __init__(self, context: Context, *, valid_for: timedelta) -> None:
        self._context = context
        self._valid_for = valid_for

    def settle(self, session: Session, row: CheckRow, answer: Answer, by: Principal) -> None:
        """Take a provider's answer; a check that has ended stays as it ended."""
        if row.state not in OPEN:
            return
        if answer.txn:
            row.txn = self._context.custody.seal(session, row.account, answer.txn.encode())
        match answer.outcome:
            case "pending":
                row.state = "confirming" if METHODS[row.method].confirmed else "pending"
            case "unavailable":
                self.fail(session, row, answer.reason or "provider_error", by)
            case "mismatch":
                self.fail(session, row, answer.reason or "mismatch", by)
            case "match":
                row.score_ppm = answer.score_ppm
                if row.kind == "organization" and not _account(session, row).internal:
                    row.state = "in_review"  # S4-41: a system administrator approves external companies
                else:
                    self.verify(session, row, by, result="match")
        session.add(row)
        session.flush()

    def verify(self, session: Session, row: CheckRow, by: Principal, *, result: str) -> None:
        """Record that it matched."""
        account = _account(session, row)
        row.ended_at = now = self._context.clock()
        event = told(self._context, session, row, party=None, result=result)
        if row.agent_check is not None and (reference := self._elsewhere(session, row.agent_check)):
            event.private["agent_identity"] = reference
        actor = actor_in(session, account.dossier, by, self._context.uuid)
        event = Event(event.type, event.data, private=event.private, actor=actor)
        row.ended_event = self._context.recorder.record(session, account.dossier, event)
        row.state, row.result = "verified", result
        row.expires_at = now + self._valid_for
        session.add(row)
        session.flush()

    def fail(self, session: Session, row: CheckRow, reason: str, by: Principal) -> None:
        """Record that it did not succeed: `failed` if it does not match, `unavailable` if nobody knows."""
        account = _account(session, row)
        unknown = reason in ("provider_error", "timed_out", "cancelled")
        row.state, row.reason, row.ended_at = (
            "unavailable" if unknown else "failed",
            reason,
            self._context.clock(),
        )
        session.add(row)
        session.flush()
        data: JsonObject = {
            "subject_kind": row.kind,
            "method": row.method,
            "provider": row.provider,
            "simulated": row.simulated,
            "reason_code": reason,
            "attempts_left": self.attempts_left(session, row.account),
        }
        private: JsonObject = dict(by.seen.private)
        if txn := txn_of(self._context, session, row):
            private["provider_txn"] = txn
        actor = actor_in(session, account.dossier, by, self._context.uuid)
        event = Event("identity.failed/1", data, private=private, actor=actor)
        row.ended_event = self._context.recorder.record(session, account.dossier, event)
        session.add(row)
        session.flush()

    def attempts_left(self, session: Session, account: str) -> int:
        """Count what is left: mismatches of a day count, and checks under way, so that many at once gain nothing."""
        since = self._context.clock() - ATTEMPTS_WITHIN
        used = session.exec(
            select(func.count())
            .select_from(CheckRow)
            .where(
                CheckRow.account == account,
                CheckRow.started_at > since,
                col(CheckRow.state).in_(("failed", *OPEN)),
            )
        ).one()
        return max(0, ATTEMPTS - used)

    def _elsewhere(self, session: Session, check: str) -> JsonObject | None:
        """Refer to the agent's own verification, if its case is open at the service already."""
        row = session.get(CheckRow, check)
        if row is None or row.ended_event is None:
            return None
        case = self._context.recorder.standing(session, _account(session, row).dossier).case
        return None if case is None else {"case": case, "event": row.ended_event}


def told(context: Context, session: Session, row: CheckRow, *, party: str | None, result: str) -> Event:
    """Say as an event what was verified: in the account's own case, or for a party of a contract."""
    details, method = details_in(context, session, row), METHODS[row.method]
    data: JsonObject = {
        "method": row.method,
        "provider": row.provider,
        "simulated": row.simulated,
        "result": result,
        "level": row.level,
        "verified_at": format_time(row.ended_at or context.clock()),
        "fields_verified": list(method.compares),
    }
    private: JsonObject = {"provider_txn": txn_of(context, session, row) or row.id}
    if party is not None:
        data["party"] = party
    if details.evidence:
        private["evidence"] = [each.write() for each in details.evidence]
    if row.kind == "person":
        data["id_type"] = details.id_type
        private |= {"name": details.name, "id_number": details.id_number}
        private |= {"phone": details.phone} if details.phone else {}
        private |= {"bank_card_last4": details.bank_card_last4} if details.bank_card_last4 else {}
        if row.score_ppm is not None:
            data["score_ppm"] = row.score_ppm
        return Event("identity.person_verified/2", data, private=private)
    private |= {
        "organization_name": details.name,
        "uscc": details.uscc,
        "legal_representative": details.legal_representative,
    }
    if row.method == "authorization_letter" and details.evidence:
        private["authorization"] = details.evidence[0].sha256
    return Event("identity.organization_verified/2", data, private=private)


def details_in(context: Context, session: Session, row: CheckRow) -> Details:
    """Open what a check compared."""
    return parse_details(context.custody.open(session, row.account, row.details))


def keep_details(context: Context, session: Session, row: CheckRow, details: Details) -> None:
    """Seal what a check compares."""
    row.details = context.custody.seal(session, row.account, format_details(details))
    session.add(row)


def txn_of(context: Context, session: Session, row: CheckRow) -> str:
    """Open the provider's number of a check; empty if it gave none."""
    return context.custody.open(session, row.account, row.txn).decode()


def _account(session: Session, row: CheckRow) -> AccountRow:
    account = session.get(AccountRow, row.account)
    if account is None:
        raise Refused("account-unknown", "There is no such account.")
    return account
