"""Jobs as answers: how far, what came out, what to do; and the finished file, while it is kept."""

from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_hex, format_time

from api.issuance.erasure import erased_at
from api.issuance.export.exporting import held_files
from api.issuance.export.request import parse_request
from api.jobs.model import TROUBLES, Job, JobKind, JobState
from api.problems import ProblemError
from api.services import Services

_COLLECTIONS = {JobKind.PACKAGE: "packages", JobKind.REPORT: "reports"}


def find_job(services: Services, tenant: str, job_id: str) -> Job:
    """Give a tenant's job; that of another tenant is as unknown as one that never was.

    Raises:
        ProblemError: job-unknown.
    """
    job = services.jobs.find(job_id)
    if job is None or job.tenant != tenant:
        raise ProblemError("job-unknown")
    return job


def write_job(job: Job) -> JsonObject:
    """Write a job for its tenant."""
    body: JsonObject = {
        "id": job.id,
        "kind": job.kind.value,
        "case": job.case,
        "version": job.version,
        "state": job.state.value,
        "progress": {"done": job.progress.done, "total": job.progress.total, "step": job.progress.step},
        "created_at": format_time(job.created_at),
        "updated_at": format_time(job.updated_at),
    }
    if job.state is JobState.SEALED and job.result is not None:
        body["result"] = {
            "url": f"/v1/{_COLLECTIONS[job.kind]}/{job.id}",
            "sha256": format_hex(job.result.sha256),
            "size": job.result.size,
            "opened_values": job.result.opened,
            "expires_at": format_time(job.result.expires_at),
        }
    if job.trouble is not None:
        advice = TROUBLES.get(job.trouble, TROUBLES["internal"])
        body["trouble"] = {"code": job.trouble, "en": advice.en, "zh": advice.zh}
    if job.superseded_by is not None:
        body["superseded_by"] = job.superseded_by
    return body


def finished_file(services: Services, job: Job, kind: JobKind) -> bytes:
    """Give the file of a sealed job.

    A value in it may have been erased since: then the file is erased too, and asking anew gives one without it.

    Raises:
        ProblemError: job-unknown, job-unfinished, file-gone.
    """
    if job.kind is not kind:
        raise ProblemError("job-unknown")
    if job.state is not JobState.SEALED or job.result is None:
        raise ProblemError(
            "job-unfinished", f"The job is '{job.state.value}'.", expected=f"/v1/jobs/{job.id}"
        )
    files = held_files(services, kind)
    if services.clock() >= job.result.expires_at or _erased(services, job, job.result.opened):
        files.drop(job.id)
    content = files.read(job.id)
    if content is None:
        raise ProblemError("file-gone", "Ask for a new one under a new id; its digest stays in the log.")
    return content


def _erased(services: Services, job: Job, opened: int) -> bool:
    """Tell whether its case was erased since it was asked for, or fewer values in it can be opened now than then."""
    gone = erased_at(services, job.tenant, job.case)
    if gone is not None and gone >= job.created_at:
        return True
    wanted, held = parse_request(job.request).opened, services.evidence.sealed_places(job.case)
    return len(held if wanted is None else held & wanted) < opened
