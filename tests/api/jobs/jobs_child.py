"""One life of a service in a process of its own: opens the installation, carries its jobs on, and may be made to die.

`python jobs_child.py HOME STAGE [HOW]`: dies by SIGKILL within STAGE, before or after what it does; without a stage it
works until nothing is unfinished.
"""

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from api.issuance.export import job_service
from api.issuance.export.exporting import work_of
from api.services import open_services
from api.settings import Settings

SETTINGS = {"anchor_seconds": 0, "first_pause": 0.05, "longest_pause": 0.2}


def deadly(work, stage_name, how):
    """Give the same work, whose stage of this name kills the process."""

    def stages(job):
        return [
            replace(each, run=kill_in(each.run)) if each.name == stage_name else each
            for each in work.stages(job)
        ]

    def kill_in(run):
        def killed(job):
            if how == "after":
                run(job)
            os.kill(os.getpid(), signal.SIGKILL)

        return killed

    return replace(work, stages=stages)


def main():
    home, stage, how = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    with open_services(Settings(home=home, jobs=SETTINGS)) as services:
        services.queue.start(deadly(work_of(services), stage, how))
        for job in services.jobs.unfinished():
            services.queue.submit(job.id)
        deadline = time.monotonic() + 60
        while services.jobs.unfinished() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert job_service.erase_old_files(services) == 0


if __name__ == "__main__":
    main()
