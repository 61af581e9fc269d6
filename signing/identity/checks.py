"""Checks of identities: begun, asked of a provider, given what they need, looked at (S0-8…13, S1-20…23, S3-4…7).

The provider is asked outside any transaction. What it is given beyond the account's own values (a whole card number,
images of a face, an eID token, a code of Alipay) is passed on and kept nowhere; a crash in between leaves a check that
nobody can ask again with the same values, and which ends as `unavailable` when its time is over.
"""

import hashlib
from collections.abc import Sequence
from typing import cast

from sqlmodel import Session, col, select

from signing.context import Context
from signing.database import read, write
from signing.errors import Refused
from signing.identity.beginning import ANSWER_BY, Beginning
from signing.identity.check import Check, NewCheck, check_needs
from signing.identity.details import Evidence
from signing.identity.methods import METHODS, SubjectKind
from signing.identity.ports import IdentityProvider, Query
from signing.identity.settling import Settling, details_in, keep_details, txn_of
from signing.identity.tables import CheckRow
from signing.people.accounts import Accounts
from signing.people.agreements import Agreements
from signing.principal import Permission, Principal

__all__ = ["Check", "Checks", "NewCheck"]
MAX_FILES = 4
CONFIRMATIONS = 3
_SIGNATURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "application/pdf": b"%PDF-"}


class Checks:
    """Begins checks and takes what belongs to them."""

    def __init__(
        self,
        context: Context,
        accounts: Accounts,
        agreements: Agreements,
        settling: Settling,
        provider: IdentityProvider,
    ) -> None:
        self._context = context
        self._accounts = accounts
        self._beginning = Beginning(context, accounts, agreements, settling, provider)
        self._settling = settling
        self._provider = provider

    def start(self, principal: Principal, new: NewCheck) -> tuple[Check, bool]:
        """Begin a check and ask the provider, unless images or files have to come first; true if it is new.

        Raises:
            Refused: permission-missing, account-unknown, method-unknown, identity-incomplete, consent-missing,
                agent-unverified, agent-not-representative, attempts-exhausted, id-reused, field-value.
        """
        method = METHODS.get(new.method)
        if method is None:
            raise Refused("method-unknown", field="/method", expected="one of " + ", ".join(METHODS))
        check_needs(method, new)
        with write(self._context.engine) as session:
            known = self._known(session, principal, new)
            if known is not None:
                return self._view(session, known), False
            row = self._beginning.begin(session, principal, new, method)
        if row.state == "started":
            self._ask(principal, row.id, new)
        return self.get(principal, row.id), True

    def add_material(self, principal: Principal, check: str, content: bytes, media_type: str) -> Check:
        """Take an image of a face, which is passed to the provider and not kept, or a file for the examiner, which is.

        Raises:
            Refused: permission-missing, identity-unknown, identity-state, material-unfit.
        """
        if not content.startswith(_SIGNATURES.get(media_type, b"\0no such type")):
            raise Refused("material-unfit", expected=", ".join(_SIGNATURES))
        with write(self._context.engine) as session:
            row = self._row(session, principal, check)
            method = METHODS[row.method]
            if row.state not in (("collecting", "in_review") if method.reviewed else ("collecting",)):
                raise Refused("identity-state", "The check takes no material now.", expected="collecting")
            if not method.reviewed and media_type == "application/pdf":
                raise Refused("material-unfit", expected="image/jpeg, image/png")
            details = details_in(self._context, session, row)
            if len(details.evidence) >= MAX_FILES:
                raise Refused("material-unfit", expected=f"at most {MAX_FILES} files")
            sha256 = hashlib.sha256(content).hexdigest()
            details = details.with_evidence(Evidence(sha256, media_type, len(content)))
            keep_details(self._context, session, row, details)
            if method.reviewed:
                self._context.custody.put(session, row.account, content, media_type=media_type)
                row.state = "in_review"
            else:
                row.state = "started"
                row.answer_by = self._context.clock() + ANSWER_BY["started"]
            session.add(row)
        if not method.reviewed:
            self._ask(principal, check, NewCheck(check, row.account, row.method), frames=(content,))
        return self.get(principal, check)

    def confirm_amount(self, principal: Principal, check: str, amount_fen: int) -> Check:
        """Take the amount that the customer says was transferred to the company's account; three tries.

        Raises:
            Refused: permission-missing, identity-unknown, identity-state, amount-wrong, provider-unavailable.
        """
        with write(self._context.engine) as session:
            row = self._row(session, principal, check)
            if row.state != "confirming" or row.confirmations >= CONFIRMATIONS:
                raise Refused("identity-state", "No amount is waited for.", expected="confirming")
            row.confirmations += 1  # it counts before it is judged, so that many at once gain nothing
            txn, left = txn_of(self._context, session, row), CONFIRMATIONS - row.confirmations
            session.add(row)
        answer = self._provider.confirm(check, txn, amount_fen)
        with write(self._context.engine) as session:
            row = self._row(session, principal, check)
            match answer.outcome:
                case "match":
                    self._settling.settle(session, row, answer, principal)
                case "mismatch" if left == 0 and row.state == "confirming":
                    self._settling.fail(session, row, "too_many_attempts", principal)
                case "unavailable" | "pending":
                    row.confirmations -= 1
                    session.add(row)
        if answer.outcome in ("unavailable", "pending"):
            raise Refused("provider-unavailable", "The provider does not answer; nothing was counted.")
        if answer.outcome == "mismatch" and left:
            raise Refused(
                "amount-wrong", f"{left} more tries.", field="/amount", expected="the amount received"
            )
        return self.get(principal, check)

    def get(self, principal: Principal, check: str) -> Check:
        """Give a check of one's own, or of somebody one may verify or review.

        Raises:
            Refused: permission-missing, identity-unknown.
        """
        with read(self._context.engine) as session:
            return self._view(session, self._row(session, principal, check))

    def listed(
        self, principal: Principal, account: str, *, after: int = 0, limit: int = 100
    ) -> Sequence[Check]:
        """List the checks of an account, in the order they were begun.

        Raises:
            Refused: permission-missing, account-unknown.
        """
        with read(self._context.engine) as session:
            self._accounts.find(session, principal.tenant, account)
            _may_see(principal, account)
            rows = session.exec(
                select(CheckRow)
                .where(
                    CheckRow.tenant == principal.tenant,
                    CheckRow.account == account,
                    CheckRow.position > after,
                )
                .order_by(col(CheckRow.position))
                .limit(limit)
            ).all()
            return [self._view(session, row) for row in rows]

    def _known(self, session: Session, principal: Principal, new: NewCheck) -> CheckRow | None:
        row = session.get(CheckRow, new.id)
        if row is None:
            return None
        if row.tenant != principal.tenant or row.content != self._beginning.content(principal.tenant, new):
            raise Refused("id-reused", "This id was used for another check.")
        return self._row(session, principal, new.id)

    def _ask(
        self, principal: Principal, check: str, new: NewCheck, *, frames: tuple[bytes, ...] = ()
    ) -> None:
        """Ask the provider, and take its answer; a late check goes on with `tick`."""
        with read(self._context.engine) as session:
            row = self._row(session, principal, check)
            details = details_in(self._context, session, row)
        answer = self._provider.check(
            Query(
                id=check,
                kind=cast(SubjectKind, row.kind),
                method=row.method,
                name=details.name,
                id_type=details.id_type,
                id_number=details.id_number,
                phone=details.phone,
                bank_card=new.bank_card,
                eid_token=new.eid_token,
                alipay_code=new.alipay_code,
                uscc=details.uscc,
                legal_representative=details.legal_representative,
                bank_account=new.bank_account,
                frames=frames,
            )
        )
        with write(self._context.engine) as session:
            row = self._row(session, principal, check)
            self._settling.settle(session, row, answer, principal)
            if row.state in ANSWER_BY:
                row.answer_by = self._context.clock() + ANSWER_BY[row.state]
                session.add(row)

    def _row(self, session: Session, principal: Principal, check: str) -> CheckRow:
        row = session.get(CheckRow, check)
        if row is None or row.tenant != principal.tenant:
            raise Refused("identity-unknown", "There is no such check.")
        if principal.account not in (row.account, row.started_by):
            _may_see(principal, row.account)
        return row

    def _view(self, session: Session, row: CheckRow) -> Check:
        details = details_in(self._context, session, row)
        return Check(
            row.id,
            row.account,
            row.kind,
            row.method,
            row.level,
            row.state,
            row.provider,
            row.simulated,
            row.reason,
            row.result,
            self._settling.attempts_left(session, row.account),
            row.started_at,
            row.ended_at,
            row.expires_at,
            tuple(each.sha256 for each in details.evidence) if METHODS[row.method].reviewed else (),
            row.position,
        )


def _may_see(principal: Principal, account: str) -> None:
    if principal.account != account and not principal.may(Permission.REVIEW_IDENTITIES):
        principal.require(Permission.VERIFY_OTHERS)
