"""Records steps as evidence to be deposited, within the transaction of the step itself.

An event is sealed, checked against its type and encrypted when it is recorded, so that what could be refused later is
refused now, while somebody is there to be told.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import event as sqlalchemy_event
from sqlmodel import Session, col, func, select
from zheng_verifier.canonical import JsonObject
from zheng_verifier.claim import Claim, format_claim, parse_claim
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import MalformedError
from zheng_verifier.sealed import SALT_SIZE
from zheng_verifier.taxonomy import check_data, event_type, seal_private

from signing.database import hold
from signing.dossier.model import MAX_DISCLOSURES, NO_LOG, Event, Standing, Statement, format_statement
from signing.dossier.models import DossierRow, OutboxRow
from signing.dossier.ports import Sealer
from signing.errors import Refused
from signing.ports import Clock, Random

OPENING, EVENT, DOCUMENT, CLOSE, ERASURE = "opening", "event", "document", "close", "erasure"
CASE_CLOSED, CASE_ERASED = "case.closed/1", "privacy.erased/1"
OUTCOMES = ("completed", "withdrawn", "voided", "rejected", "expired", "ended")


def _nobody() -> None:
    """Nobody waits for rows."""


class Recorder:
    """The one way into the outbox. ``wake`` is called after each commit that recorded something."""

    def __init__(
        self,
        sealer: Sealer,
        *,
        clock: Clock,
        random: Random,
        uuid: Callable[[], str],
        wake: Callable[[], None] = _nobody,
    ) -> None:
        self._sealer = sealer
        self._clock = clock
        self._random = random
        self._uuid = uuid
        self._wake = wake

    def open(
        self,
        session: Session,
        *,
        tenant: str,
        kind: str,
        reference: str,
        close_by: datetime | None = None,
        required: Sequence[str] = (),
    ) -> str:
        """Begin a dossier of ``kind`` contract or subject, and have its case opened; gives the dossier's id.

        ``reference`` is the pipeline's own id of the contract, account or seal; it names the case to the service, never in
        the log, and is the owner of files that are left. ``required`` names the events the flow must have, without version.
        """
        data: JsonObject = {"kind": kind, "required": list(required)}
        check_data("case.opened/1", data)
        row = DossierRow(
            id=self._uuid(),
            tenant=tenant,
            kind=kind,
            reference=reference,
            close_by=close_by,
            required=json.dumps(list(required)),
        )
        session.add(row)
        session.flush()
        self._sealer.create_owner(session, tenant, row.id)
        self._append(session, row, kind=OPENING, event_type="case.opened/1")
        return row.id

    def record(self, session: Session, dossier: str, event: Event, *, event_id: str | None = None) -> str:
        """Record an event as the dossier's next; gives its id, fresh unless ``event_id`` is given.

        Raises:
            MalformedError, UncheckableError: the event is not one of the taxonomy: a mistake of the caller.
            Refused: ``case-closed``: a close was recorded, and the type is not one of custody.

        """
        row = _dossier(session, dossier)
        statement = self._state(row, event, event_id or self._uuid())
        kind = event_type(event.type)
        if kind.reserved or row.kind not in kind.kinds or event.type == CASE_CLOSED:
            raise MalformedError(
                "SCHEMA_VIOLATION", f"'{event.type}' is not recorded in a case of {row.kind}"
            )
        if row.closed and not kind.custody:
            raise Refused("case-closed", "The evidence of this was closed; only custody events may follow.")
        payload = self._sealer.seal(session, row.id, format_statement(statement))
        self._append(session, row, kind=EVENT, event_type=event.type, event_id=statement.id, payload=payload)
        return statement.id

    def leave(self, session: Session, dossier: str, sha256_hex: str, *, owner: str | None = None) -> None:
        """Have a file of custody left with the evidence service, for packages; in order with the events.

        ``owner`` is whose file it is in custody; None: the dossier's reference.
        """
        row = _dossier(session, dossier)
        self._append(session, row, kind=DOCUMENT, document=sha256_hex, owner=owner or row.reference)

    def close(self, session: Session, dossier: str, outcome: str) -> None:
        """Close the case; its count and head are filled in when the close is deposited.

        Raises:
            Refused: ``case-closed``: it was closed before.

        """
        if outcome not in OUTCOMES:
            raise MalformedError("SCHEMA_VIOLATION", f"'{outcome[:80]}' is no outcome of a case")
        row = _dossier(session, dossier)
        if row.closed:
            raise Refused("case-closed", "The evidence of this was closed before.")
        row.closed = True
        event = Event(CASE_CLOSED, {"count": 1, "head": format_base64url(bytes(32)), "outcome": outcome})
        statement = self._state(row, event, self._uuid())
        payload = self._sealer.seal(session, row.id, format_statement(statement))
        self._append(session, row, kind=CLOSE, event_type=CASE_CLOSED, event_id=statement.id, payload=payload)

    def erase(self, session: Session, dossier: str, basis: str) -> None:
        """Have the evidence service destroy what it keeps of the case, after all that was recorded before.

        ``basis`` is a word of privacy.erased/1.
        """
        row = _dossier(session, dossier)
        payload = self._sealer.seal(session, row.id, basis.encode())
        self._append(session, row, kind=ERASURE, event_type=CASE_ERASED, payload=payload)

    def standing(self, session: Session, dossier: str) -> Standing:
        """Say how far the dossier's deposits got."""
        row = _dossier(session, dossier)
        waiting, oldest = session.exec(
            select(func.count(), func.min(col(OutboxRow.recorded_at))).where(
                OutboxRow.dossier == dossier, col(OutboxRow.done_at).is_(None)
            )
        ).one()
        return Standing(row.case, row.seq, row.head, waiting, oldest, row.trouble)

    def _state(self, row: DossierRow, event: Event, event_id: str) -> Statement:
        """Seal and check an event as the service will, so that it cannot be refused for its form later."""
        data, disclosures = event.data, tuple[str, ...]()
        if event.private:
            data, disclosures = seal_private(
                event.type, event.data, event.private, lambda: self._random(SALT_SIZE)
            )
        check_data(event.type, data)
        moment = event.occurred_at or self._clock()
        claim = Claim(
            log=NO_LOG,
            tenant=row.tenant,
            case=row.id,
            id=event_id,
            type=event.type,
            data=data,
            occurred_at=moment.replace(microsecond=moment.microsecond // 1000 * 1000),
            actor=event.actor,
            documents=event.documents,
            after=event.after,
        )
        if len(disclosures) > MAX_DISCLOSURES:
            raise MalformedError("TOO_MANY", f"more than {MAX_DISCLOSURES} personal values in one event")
        return Statement(parse_claim(format_claim(claim)), disclosures)

    def _append(
        self,
        session: Session,
        row: DossierRow,
        *,
        kind: str,
        event_type: str = "",
        event_id: str | None = None,
        payload: bytes | None = None,
        document: str | None = None,
        owner: str | None = None,
    ) -> None:
        row.last_position += 1
        session.add(row)
        session.add(
            OutboxRow(
                dossier=row.id,
                position=row.last_position,
                kind=kind,
                event_id=event_id or self._uuid(),
                type=event_type,
                payload=payload,
                document=document,
                owner=owner,
                recorded_at=self._clock(),
            )
        )
        session.flush()
        sqlalchemy_event.listen(session, "after_commit", lambda _session: self._wake(), once=True)


def _dossier(session: Session, dossier: str) -> DossierRow:
    row = session.get(DossierRow, dossier)
    if row is None:
        raise Refused("case-unknown", "There is no such dossier.")
    hold(session, row)
    return row
