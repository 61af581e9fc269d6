"""Jobs as part of a running service: what was begun is carried on at the start, what is old is erased."""

from api.issuance.export.exporting import held_files, work_of
from api.jobs.model import JobKind
from api.services import Services


def start_jobs(services: Services) -> None:
    """Start the queue of this process, and hand it every job that is not finished; those it knows are not begun anew."""
    services.queue.start(work_of(services))
    for job in services.jobs.unfinished():
        services.queue.submit(job.id)


def erase_old_files(services: Services) -> int:
    """Erase files whose time is over, and forget how their jobs went; give how many. The jobs' rows stay."""
    erased = 0
    folders = {kind: held_files(services, kind) for kind in JobKind}
    for job in services.jobs.expired(services.clock()):
        if folders[job.kind].drop(job.id):
            services.queue.forget(job.id)
            erased += 1
    return erased
