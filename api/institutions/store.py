"""Submissions in api.db, behind plain calls: synchronous, every call one transaction, safe from several threads."""

import hashlib

from sqlalchemy import Engine, true
from sqlmodel import Session, col, select

from api.institutions.model import SubmissionState, Submitted, Wanted
from api.institutions.models import SubmissionRow
from api.institutions.ports import Acknowledgement, Content, InstitutionKind
from api.times import Clock, from_millis, millis

_FINAL = (SubmissionState.ACCEPTED.value, SubmissionState.REFUSED.value)


class SubmissionStore:
    """The one way to the table of submissions."""

    def __init__(self, engine: Engine, *, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def accept(
        self, submission: str, *, tenant: str, case: str, request_id: str, wanted: Wanted
    ) -> tuple[Submitted, bool]:
        """Record what is to be given; give it, and whether it is new. The same id again gives the one recorded."""
        now = millis(self._clock())
        with Session(self._engine) as session:
            known = session.get(SubmissionRow, submission)
            if known is not None:
                return _submitted(known), False
            row = SubmissionRow(
                id=submission,
                tenant_id=tenant,
                case_id=case,
                request_id=request_id,
                institution=wanted.institution,
                institution_kind=wanted.kind.value,
                simulated=wanted.simulated,
                content=wanted.content.value,
                package=wanted.package,
                media_type=wanted.media_type,
                size=wanted.size,
                sha256=wanted.sha256,
                sm3=wanted.sm3,
                checkpoint=wanted.checkpoint,
                state=SubmissionState.PENDING.value,
                created_at=now,
                updated_at=now,
            )
            session.add(row)
            session.commit()
            return _submitted(row), True

    def find(self, submission: str) -> Submitted | None:
        """Give a submission by its id."""
        with Session(self._engine) as session:
            row = session.get(SubmissionRow, submission)
            return None if row is None else _submitted(row)

    def of_case(self, tenant: str, case: str) -> tuple[Submitted, ...]:
        """Give a case's submissions, oldest first."""
        statement = (
            select(SubmissionRow)
            .where(SubmissionRow.tenant_id == tenant, SubmissionRow.case_id == case)
            .order_by(col(SubmissionRow.created_at), col(SubmissionRow.id))
        )
        with Session(self._engine) as session:
            return tuple(_submitted(row) for row in session.exec(statement))

    def unfinished(self, tenant: str | None = None) -> tuple[Submitted, ...]:
        """Give the submissions with something left to do, of all tenants or of one, oldest first."""
        statement = (
            select(SubmissionRow)
            .where(
                col(SubmissionRow.state) != SubmissionState.REFUSED.value,
                col(SubmissionRow.recorded) != true(),
            )
            .order_by(col(SubmissionRow.created_at))
        )
        if tenant is not None:
            statement = statement.where(SubmissionRow.tenant_id == tenant)
        with Session(self._engine) as session:
            return tuple(_submitted(row) for row in session.exec(statement))

    def leaving(self, submission: str) -> None:
        """Say that it leaves now. From here on nobody knows whether it arrived, until an answer says so."""
        self._change(submission, SubmissionState.UNKNOWN, left=True)

    def stayed(self, submission: str) -> None:
        """Say that it did not leave."""
        self._change(submission, SubmissionState.PENDING, left=False)

    def deciding(self, submission: str) -> None:
        """Say that the institution has it and has not decided."""
        self._change(submission, SubmissionState.PENDING, left=True)

    def answered(self, submission: str, acknowledged: Acknowledgement) -> None:
        """Keep an answer that is one, with its bytes as they came; the first one stays."""
        with Session(self._engine) as session:
            row = session.get_one(SubmissionRow, submission)
            if row.state in _FINAL:
                return
            accepted = acknowledged.outcome == "accepted"
            row.state = (SubmissionState.ACCEPTED if accepted else SubmissionState.REFUSED).value
            row.trouble = None
            row.receipt = acknowledged.receipt or None
            row.transaction = acknowledged.transaction or None
            row.accepted_at = None if acknowledged.accepted_at is None else millis(acknowledged.accepted_at)
            row.answer, row.answer_type = acknowledged.raw, acknowledged.media_type
            row.answer_sha256 = hashlib.sha256(acknowledged.raw).digest()
            self._save(session, row)

    def recorded(self, submission: str) -> None:
        """Say that the log says what was accepted, and that the vault has the answer's bytes."""
        with Session(self._engine) as session:
            row = session.get_one(SubmissionRow, submission)
            row.recorded, row.trouble, row.answer = True, None, None
            self._save(session, row)

    def trouble(self, submission: str, code: str | None) -> None:
        """Say what stands in the way, for now or until it is asked for again; None: nothing."""
        with Session(self._engine) as session:
            row = session.get_one(SubmissionRow, submission)
            row.trouble = code
            self._save(session, row)

    def _change(self, submission: str, state: SubmissionState, *, left: bool) -> None:
        with Session(self._engine) as session:
            row = session.get_one(SubmissionRow, submission)
            if row.state not in _FINAL:
                row.state, row.left = state.value, left
                self._save(session, row)

    def _save(self, session: Session, row: SubmissionRow) -> None:
        row.updated_at = millis(self._clock())
        session.add(row)
        session.commit()


def _submitted(row: SubmissionRow) -> Submitted:
    return Submitted(
        id=row.id,
        tenant=row.tenant_id,
        case=row.case_id,
        request_id=row.request_id,
        wanted=Wanted(
            institution=row.institution,
            kind=InstitutionKind(row.institution_kind),
            simulated=row.simulated,
            content=Content(row.content),
            package=row.package,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            sm3=row.sm3,
            checkpoint=row.checkpoint,
        ),
        state=SubmissionState(row.state),
        trouble=row.trouble,
        created_at=from_millis(row.created_at),
        updated_at=from_millis(row.updated_at),
        acknowledged=_acknowledged(row),
        answer_sha256=row.answer_sha256,
        left=row.left,
        recorded=row.recorded,
    )


def _acknowledged(row: SubmissionRow) -> Acknowledgement | None:
    if row.answer_sha256 is None:
        return None
    return Acknowledgement(
        "accepted" if row.state == SubmissionState.ACCEPTED.value else "refused",
        row.receipt or "",
        None if row.accepted_at is None else from_millis(row.accepted_at),
        row.transaction or "",
        row.answer or b"",
        row.answer_type or "application/json",
    )
