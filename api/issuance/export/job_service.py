"""Jobs as part of a running service: what was begun is carried on at the start, what is old is erased."""

from collections.abc import Sequence

from api.institutions.forwarding import Forwarding
from api.issuance.export.exporting import held_files, work_of
from api.jobs.model import JobKind
from api.jobs.queue import PATIENT_QUEUE, Stage, Work
from api.services import Services


def start_jobs(services: Services) -> None:
    """Start the queue of this process, and hand it every job that is not finished; those it knows are not begun anew."""
    services.queue.start(all_work(services))
    for job in services.jobs.unfinished():
        services.queue.submit(job.id)
    for submission in services.submissions.unfinished():
        services.queue.submit(submission.id, PATIENT_QUEUE)


def all_work(services: Services) -> Work:
    """Say what the queue does: submissions to institutions, and packages and reports."""
    exports, forwarding = work_of(services), Forwarding(services)

    def stages(job: str) -> Sequence[Stage]:
        return forwarding.stages() if forwarding.knows(job) else exports.stages(job)

    def trouble(job: str, code: str) -> None:
        (forwarding.trouble if forwarding.knows(job) else exports.trouble)(job, code)

    def fail(job: str, code: str) -> None:
        (forwarding.fail if forwarding.knows(job) else exports.fail)(job, code)

    return Work(stages, trouble, fail, exports.patience)


def erase_old_files(services: Services) -> int:
    """Erase files whose time is over, and forget how their jobs went; give how many. The jobs' rows stay."""
    erased = 0
    folders = {kind: held_files(services, kind) for kind in JobKind}
    for job in services.jobs.expired(services.clock()):
        if folders[job.kind].drop(job.id):
            services.queue.forget(job.id)
            erased += 1
    return erased
