"""Seals from their submission to their end: who may take which step, and the event of each step.

A seal is put in force by somebody else than those who made and submitted it.
"""

from sqlmodel import Session, col, select
from zheng_verifier.canonical import JsonObject

from signing.context import Context
from signing.database import write
from signing.errors import Refused
from signing.people.actors import reference_in
from signing.principal import Permission, Principal
from signing.seals.models import SealGrantRow, SealRow
from signing.seals.shelf import Seal, Shelf, reason_of, who
from signing.seals.states import SealState, Step, after

DISABLE_REASONS = ("lost", "misuse", "replaced", "holder_left", "name_changed", "other")
DESTROY_REASONS = ("lost", "misuse", "replaced", "dissolved", "name_changed", "other")


class Life:
    """Moves seals from state to state."""

    def __init__(self, context: Context, shelf: Shelf) -> None:
        self._context = context
        self._shelf = shelf

    def submit(self, principal: Principal, seal: str) -> Seal:
        """Ask for approval. Raises Refused: seal-unknown, permission-missing, seal-state-wrong."""
        with write(self._context.engine) as session:
            row = self._move(session, principal, seal, Step.SUBMIT)
            row.submitter = who(principal)
            return self._shelf.saved(session, row)

    def decide(self, principal: Principal, seal: str, *, approve: bool, reason: str = "") -> Seal:
        """Approve or reject a submitted seal: a person's act, and of another one than made or submitted it.

        Raises:
            Refused: permission-missing, account-needed, four-eyes, reason-missing, seal-unknown, seal-state-wrong.
        """
        principal.require(Permission.APPROVE_SEALS)
        account = principal.require_account()
        if not approve and not reason:
            raise Refused("reason-missing", "A rejection says why.", "/reason", "1 to 2000 characters")
        with write(self._context.engine) as session:
            row = self._shelf.row(session, principal.tenant, seal)
            if account in {row.creator, row.submitter, row.holder}:
                raise Refused("four-eyes", "Whoever made or submitted a seal does not decide about it.")
            _step(row, Step.APPROVE if approve else Step.REJECT)
            row.approver = account
            approver = reference_in(session, row.dossier, f"account/{account}", self._context.uuid)
            data: JsonObject = {"approver": approver, "created_event": row.created_event}
            self._shelf.record(
                session, row, principal, "approved" if approve else "rejected", data, reason=reason
            )
            return self._shelf.saved(session, row)

    def enable(self, principal: Principal, seal: str, *, reason: str = "") -> Seal:
        """Put an approved or disabled seal in force. Raises Refused as ``submit``."""
        with write(self._context.engine) as session:
            row = self._move(session, principal, seal, Step.ENABLE)
            self._shelf.record(session, row, principal, "enabled", {}, reason=reason)
            return self._shelf.saved(session, row)

    def disable(self, principal: Principal, seal: str, *, code: str, reason: str = "") -> Seal:
        """Take a seal out of force for a time. Raises Refused as ``submit``, and field-value."""
        _check_code(code, DISABLE_REASONS)
        with write(self._context.engine) as session:
            row = self._move(session, principal, seal, Step.DISABLE)
            self._shelf.record(session, row, principal, "disabled", {"reason_code": code}, reason=reason)
            return self._shelf.saved(session, row)

    def destroy(self, principal: Principal, seal: str, *, code: str, reason: str = "") -> Seal:
        """End a seal and its grants for good; what was sealed with it stays as it is. Raises Refused as ``disable``."""
        _check_code(code, DESTROY_REASONS)
        with write(self._context.engine) as session:
            row = self._move(session, principal, seal, Step.DESTROY)
            open_grants = select(SealGrantRow).where(
                SealGrantRow.seal == row.id, col(SealGrantRow.revoked_at).is_(None)
            )
            for grant in session.exec(open_grants):
                self.revoke(session, row, grant, principal, code="seal_destroyed")
            self._shelf.record(session, row, principal, "destroyed", {"reason_code": code}, reason=reason)
            self._context.recorder.close(session, row.dossier, "ended")
            return self._shelf.saved(session, row)

    def revoke(
        self,
        session: Session,
        row: SealRow,
        grant: SealGrantRow,
        principal: Principal,
        *,
        code: str,
        reason: str = "",
    ) -> None:
        """End a grant within a transaction; permissions were asked for."""
        grant.revoked_at = self._context.clock()
        session.add(grant)
        self._shelf.append(
            session,
            row,
            principal,
            "seal.grant_revoked/1",
            {"grant_event": grant.event, "reason_code": code},
            {"seal": row.id, **reason_of(reason)},
        )

    def _move(self, session: Session, principal: Principal, seal: str, step: Step) -> SealRow:
        row = self._shelf.keep(session, principal, seal)
        _step(row, step)
        return row


def _step(row: SealRow, step: Step) -> None:
    row.state = after(SealState(row.state), step)


def _check_code(code: str, known: tuple[str, ...]) -> None:
    if code not in known:
        raise Refused("field-value", "", "/reason_code", ", ".join(known))
