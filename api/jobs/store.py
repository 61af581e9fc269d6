"""Jobs in api.db, behind plain calls: synchronous, every call one transaction, safe from several threads."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from api.jobs.model import Job, JobKind, JobState, Progress, Result
from api.jobs.models import JobRow
from api.times import Clock, from_millis, millis

_FINAL = (JobState.SEALED.value, JobState.FAILED.value)
_ACCEPTED = Progress(0, 0, "accepted")


class JobStore:
    """The one way to the table of jobs."""

    def __init__(self, engine: Engine, *, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def accept(
        self,
        job: str,
        *,
        tenant: str,
        case: str,
        kind: JobKind,
        request_id: str,
        request: bytes,
        series: bytes,
    ) -> tuple[Job, bool]:
        """Record a job that was asked for; give it, and whether it is new. The same id again gives the one recorded."""
        now = millis(self._clock())
        with Session(self._engine) as session:
            known = session.get(JobRow, job)
            if known is not None:
                return _job(known), False
            newest = session.exec(
                select(func.max(JobRow.version)).where(JobRow.tenant_id == tenant, JobRow.series == series)
            ).one()
            row = JobRow(
                id=job,
                tenant_id=tenant,
                case_id=case,
                kind=kind.value,
                request_id=request_id,
                request=request,
                series=series,
                version=(newest or 0) + 1,
                state=JobState.ACCEPTED.value,
                done=_ACCEPTED.done,
                total=_ACCEPTED.total,
                step=_ACCEPTED.step,
                created_at=now,
                updated_at=now,
            )
            session.add(row)
            session.commit()
            return _job(row), True

    def find(self, job: str) -> Job | None:
        """Give a job by its id."""
        with Session(self._engine) as session:
            row = session.get(JobRow, job)
            return None if row is None else _job(row)

    def jobs(self, *, limit: int) -> tuple[Job, ...]:
        """Give the newest jobs of all tenants, newest first."""
        statement = select(JobRow).order_by(col(JobRow.created_at).desc(), col(JobRow.id)).limit(limit)
        with Session(self._engine) as session:
            return tuple(_job(row) for row in session.exec(statement))

    def of_case(self, tenant: str, case: str, *, limit: int) -> tuple[Job, ...]:
        """Give the newest jobs of a tenant's case, newest first."""
        statement = (
            select(JobRow)
            .where(JobRow.tenant_id == tenant, JobRow.case_id == case)
            .order_by(col(JobRow.created_at).desc(), col(JobRow.id))
            .limit(limit)
        )
        with Session(self._engine) as session:
            return tuple(_job(row) for row in session.exec(statement))

    def unfinished(self, tenant: str | None = None) -> tuple[Job, ...]:
        """Give the jobs that are neither sealed nor failed, of all tenants or of one, oldest first."""
        statement = select(JobRow).where(col(JobRow.state).not_in(_FINAL)).order_by(col(JobRow.created_at))
        if tenant is not None:
            statement = statement.where(JobRow.tenant_id == tenant)
        with Session(self._engine) as session:
            return tuple(_job(row) for row in session.exec(statement))

    def advance(self, job: str, state: JobState, progress: Progress) -> None:
        """Say what is being done; a trouble that was is over."""
        with Session(self._engine) as session:
            row = session.get_one(JobRow, job)
            if row.state in _FINAL:
                return
            row.state, row.trouble = state.value, None
            row.done, row.total, row.step = progress.done, progress.total, progress.step
            self._save(session, row)

    def trouble(self, job: str, code: str) -> None:
        """Say what stands in the way for now."""
        with Session(self._engine) as session:
            row = session.get_one(JobRow, job)
            row.trouble = code
            self._save(session, row)

    def fail(self, job: str, code: str) -> None:
        """End a job that cannot be done."""
        with Session(self._engine) as session:
            row = session.get_one(JobRow, job)
            if row.state not in _FINAL:
                row.state, row.trouble = JobState.FAILED.value, code
                self._save(session, row)

    def produced(self, job: str, result: Result) -> None:
        """Record what came out; it is offered only when the job is sealed."""
        with Session(self._engine) as session:
            row = session.get_one(JobRow, job)
            row.sha256, row.size, row.opened = result.sha256, result.size, result.opened
            row.expires_at = millis(result.expires_at)
            self._save(session, row)

    def seal(self, job: str) -> None:
        """End a job well: its file is offered, and older ones of the same series point to it."""
        with Session(self._engine) as session:
            row = session.get_one(JobRow, job)
            row.state, row.trouble = JobState.SEALED.value, None
            row.done, row.step = row.total, JobState.SEALED.value
            older = select(JobRow).where(
                JobRow.tenant_id == row.tenant_id,
                JobRow.series == row.series,
                JobRow.version < row.version,
                JobRow.state == JobState.SEALED.value,
            )
            for each in session.exec(older):
                each.superseded_by = row.id
                session.add(each)
            self._save(session, row)

    def expired(self, moment: datetime) -> tuple[Job, ...]:
        """Give the sealed jobs whose file's time lies before ``moment``."""
        statement = select(JobRow).where(
            JobRow.state == JobState.SEALED.value, col(JobRow.expires_at) < millis(moment)
        )
        with Session(self._engine) as session:
            return tuple(_job(row) for row in session.exec(statement))

    def _save(self, session: Session, row: JobRow) -> None:
        row.updated_at = millis(self._clock())
        session.add(row)
        session.commit()


def _job(row: JobRow) -> Job:
    return Job(
        id=row.id,
        tenant=row.tenant_id,
        case=row.case_id,
        kind=JobKind(row.kind),
        request_id=row.request_id,
        request=row.request,
        series=row.series,
        version=row.version,
        state=JobState(row.state),
        progress=Progress(row.done, row.total, row.step),
        trouble=row.trouble,
        created_at=from_millis(row.created_at),
        updated_at=from_millis(row.updated_at),
        result=_result(row),
        superseded_by=row.superseded_by,
    )


def _result(row: JobRow) -> Result | None:
    if row.sha256 is None or row.size is None or row.opened is None or row.expires_at is None:
        return None
    return Result(row.sha256, row.size, row.opened, from_millis(row.expires_at))
