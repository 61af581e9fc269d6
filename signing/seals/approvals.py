"""Approving uses of seals that ask for it: one use, on one document, by whoever keeps the seal and did not ask."""

from collections.abc import Sequence

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar
from zheng_verifier.canonical import JsonObject

from signing.context import Context
from signing.database import read, write
from signing.dossier.model import Event
from signing.errors import Refused
from signing.people.actors import actor_in, reference_in
from signing.principal import Principal
from signing.seals.grants import Grants
from signing.seals.models import SealGrantRow, SealUseRequestRow
from signing.seals.shelf import Shelf
from signing.seals.use import SealUse


class Approvals:
    """Takes requests for uses, and decides them."""

    def __init__(self, context: Context, shelf: Shelf, grants: Grants) -> None:
        self._context = context
        self._shelf = shelf
        self._grants = grants

    def request(self, session: Session, principal: Principal, use: SealUse, document_sha256: str) -> str:
        """Ask for the approval of one use on one document (SHA-256, hex); gives the request's id, the same when repeated."""
        account = principal.require_account()
        known = session.exec(_requests(use, document_sha256)).first()
        if known is not None:
            return known.id
        dossier = use.subject.dossier
        grant = None if use.grant is None else session.get(SealGrantRow, use.grant)
        requester = reference_in(session, dossier, f"account/{account}", self._context.uuid)
        data: JsonObject = {"document_sha256": document_sha256, "requester": requester}
        private: JsonObject = {"seal": use.seal, **self._grants.reference(session, grant)}
        actor = actor_in(session, dossier, principal, self._context.uuid)
        event = self._context.recorder.record(
            session, dossier, Event("seal.use_requested/1", data, private, actor)
        )
        row = SealUseRequestRow(
            id=self._context.uuid(),
            tenant=principal.tenant,
            seal=use.seal,
            contract=use.subject.contract,
            dossier=dossier,
            document_sha256=document_sha256,
            requester=account,
            requested_event=event,
            requested_at=self._context.clock(),
        )
        session.add(row)
        session.flush()
        return row.id

    def decide(
        self, principal: Principal, request: str, *, approve: bool, reason: str = ""
    ) -> SealUseRequestRow:
        """Approve or reject a requested use: whoever keeps the seal, and not who asked.

        Raises:
            Refused: use-request-unknown, permission-missing, seal-not-kept, account-needed, four-eyes,
                reason-missing, use-request-decided, case-closed.
        """
        account = principal.require_account()
        if not approve and not reason:
            raise Refused("reason-missing", "A rejection says why.", "/reason", "1 to 2000 characters")
        with write(self._context.engine) as session:
            row = session.get(SealUseRequestRow, request)
            if row is None or row.tenant != principal.tenant:
                raise Refused("use-request-unknown", "There is no such request.")
            self._shelf.keep(session, principal, row.seal)
            if row.requester == account:
                raise Refused("four-eyes", "Whoever asks for a use does not approve it.")
            if row.approved is not None:
                raise Refused("use-request-decided", "The request was decided before.")
            approver = reference_in(session, row.dossier, f"account/{account}", self._context.uuid)
            data: JsonObject = {"document_sha256": row.document_sha256, "approver": approver}
            private: JsonObject = {"seal": row.seal}
            if not approve:
                data["request_event"] = row.requested_event
            if reason:
                private["reason"] = reason
            kind = "seal.use_approved/1" if approve else "seal.use_rejected/1"
            actor = actor_in(session, row.dossier, principal, self._context.uuid)
            row.decided_event = self._context.recorder.record(
                session, row.dossier, Event(kind, data, private, actor)
            )
            row.approved, row.approver, row.decided_at = approve, account, self._context.clock()
            session.add(row)
            return row

    def requested(self, principal: Principal, seal: str) -> Sequence[SealUseRequestRow]:
        """List the requests for a seal that he keeps, oldest first."""
        with read(self._context.engine) as session:
            self._shelf.keep(session, principal, seal)
            query = select(SealUseRequestRow).where(SealUseRequestRow.seal == seal)
            return session.exec(query.order_by(col(SealUseRequestRow.requested_at))).all()

    def standing(self, session: Session, use: SealUse, document_sha256: str) -> str:
        """Give the event by which a use on a document was approved.

        Raises:
            Refused: seal-use-not-approved.
        """
        found = session.exec(_requests(use, document_sha256)).first()
        if found is None or not found.approved or found.decided_event is None:
            raise Refused("seal-use-not-approved", "This use of the seal, on this document, is not approved.")
        return found.decided_event


def _requests(use: SealUse, document_sha256: str) -> SelectOfScalar[SealUseRequestRow]:
    return select(SealUseRequestRow).where(
        SealUseRequestRow.seal == use.seal,
        SealUseRequestRow.contract == use.subject.contract,
        SealUseRequestRow.document_sha256 == document_sha256,
        SealUseRequestRow.requester == (use.account or ""),
    )
