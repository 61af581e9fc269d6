"""Review by hand (S4-34, S4-41, S4-42): an examiner looks at the material, or approves an external company, and decides.

Four eyes: nobody decides on himself, on a company he acts for, or on a check he began.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from zheng_verifier.canonical import JsonObject

from signing.context import Context
from signing.database import read, write
from signing.dossier.model import Event
from signing.errors import Refused
from signing.identity.settling import Settling, details_in
from signing.identity.tables import CheckRow, ReviewRow
from signing.people.accounts import Accounts
from signing.people.actors import actor_in
from signing.principal import Permission, Principal

REASONS = (
    "unclear_material",
    "mismatch",
    "document_expired",
    "suspected_forgery",
    "not_authorised",
    "other",
)


@dataclass(frozen=True, slots=True)
class Material:
    """What an examiner sees: who is to be verified, how, and the files' digests (hex), types and sizes."""

    check: str
    account: str
    kind: str
    method: str
    name: str
    number: str
    legal_representative: str
    files: tuple[tuple[str, str, int], ...]
    simulated: bool
    started_at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What the examiner decides; ``reason_code`` is one of REASONS, empty if he approves."""

    approved: bool
    reason_code: str = ""
    reason: str = ""


class Reviews:
    """Lists what waits for an examiner, and takes decisions."""

    def __init__(self, context: Context, accounts: Accounts, settling: Settling) -> None:
        self._context = context
        self._accounts = accounts
        self._settling = settling

    def waiting(self, principal: Principal, *, after: int = 0, limit: int = 100) -> Sequence[Material]:
        """List what waits for the examiner who asks, oldest first: only what he may decide.

        Raises:
            Refused: permission-missing.
        """
        principal.require(Permission.REVIEW_IDENTITIES)
        with read(self._context.engine) as session:
            query = select(CheckRow).where(
                CheckRow.tenant == principal.tenant, CheckRow.state == "in_review", CheckRow.position > after
            )
            if not principal.may(Permission.APPROVE_COMPANIES):
                query = query.where(CheckRow.kind == "person")
            rows = session.exec(query.order_by(col(CheckRow.position)).limit(limit)).all()
            return [self._material(session, row) for row in rows]

    def file(self, principal: Principal, check: str, sha256: str) -> tuple[bytes, str]:
        """Give a file that was left for review, and its media type; the access is logged.

        Raises:
            Refused: permission-missing, identity-unknown, file-unknown, erased.
        """
        with write(self._context.engine) as session:
            row = self._row(session, principal, check)
            kept = {each.sha256: each.media_type for each in details_in(self._context, session, row).evidence}
            if sha256 not in kept:
                raise Refused("file-unknown", "There is no file with this digest here.")
            content = self._context.custody.get(session, row.account, sha256, by=principal, purpose="review")
            return content, kept[sha256]

    def decide(self, principal: Principal, check: str, decision: Decision) -> None:
        """Decide; the same decision by the same examiner again changes nothing.

        Raises:
            Refused: permission-missing, account-needed, identity-unknown, four-eyes, identity-state, field-value.
        """
        examiner = principal.require_account()
        if decision.approved == bool(decision.reason_code) or (
            decision.reason_code and decision.reason_code not in REASONS
        ):
            expected = "none to approve, else one of " + ", ".join(REASONS)
            raise Refused("field-value", field="/reason_code", expected=expected)
        with write(self._context.engine) as session:
            row = self._row(session, principal, check)
            account = self._accounts.find(session, row.tenant, row.account)
            if examiner in (row.account, account.agent, row.started_by):
                raise Refused("four-eyes", "Somebody else has to decide this.")
            known = session.get(ReviewRow, check)
            if known is not None and (known.reviewer, known.approved) == (examiner, decision.approved):
                return
            if row.state != "in_review":
                raise Refused("identity-state", "Nothing is to be decided.", expected="in_review")
            event = self._record(session, principal, row, account.dossier, decision)
            reason = self._context.custody.seal(session, row.account, decision.reason.encode())
            session.add(
                ReviewRow(
                    check_id=check,
                    tenant=row.tenant,
                    reviewer=examiner,
                    approved=decision.approved,
                    reason_code=decision.reason_code or None,
                    reason=reason,
                    event=event,
                    decided_at=self._context.clock(),
                )
            )
            if decision.approved:
                self._settling.verify(session, row, principal, result="match_after_review")
            else:
                expired = decision.reason_code == "document_expired"
                self._settling.fail(session, row, "document_expired" if expired else "mismatch", principal)

    def _record(
        self, session: Session, principal: Principal, row: CheckRow, dossier: str, decision: Decision
    ) -> str:
        actor = actor_in(session, dossier, principal, self._context.uuid)
        data: JsonObject = {
            "subject_kind": row.kind,
            "method": row.method,
            "reviewer": actor.ref,
            "result": "approved" if decision.approved else "rejected",
            "started_event": row.started_event,
        }
        if decision.reason_code:
            data["reason_code"] = decision.reason_code
        private: JsonObject = {"reason": decision.reason}
        if evidence := details_in(self._context, session, row).evidence:
            private["evidence"] = [each.write() for each in evidence]
        event = Event("identity.reviewed/1", data, private=private, actor=actor)
        return self._context.recorder.record(session, dossier, event)

    def _row(self, session: Session, principal: Principal, check: str) -> CheckRow:
        principal.require(Permission.REVIEW_IDENTITIES)
        row = session.get(CheckRow, check)
        if row is None or row.tenant != principal.tenant:
            raise Refused("identity-unknown", "There is no such check.")
        if row.kind == "organization":
            principal.require(Permission.APPROVE_COMPANIES)
        return row

    def _material(self, session: Session, row: CheckRow) -> Material:
        details = details_in(self._context, session, row)
        return Material(
            row.id,
            row.account,
            row.kind,
            row.method,
            details.name,
            details.id_number or details.uscc,
            details.legal_representative,
            tuple((each.sha256, each.media_type, each.size) for each in details.evidence),
            row.simulated,
            row.started_at,
            row.position,
        )
