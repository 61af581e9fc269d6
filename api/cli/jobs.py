"""`zheng jobs …`: what the service is making and has made. It reads api.db, whether the service runs or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from zheng_verifier.encoding import format_hex, format_time

from api.cli.accounts import open_store
from api.cli.output import CommandError, Json, show
from api.jobs.model import TROUBLES, Job
from api.jobs.store import JobStore
from api.times import now

jobs = typer.Typer(help="Packages and reports that are made or were made.", no_args_is_help=True)


@contextmanager
def open_jobs() -> Iterator[JobStore]:
    """Open the table of jobs of the installation.

    Raises:
        NotInitialisedError: there is none.
    """
    with open_store() as store:
        yield JobStore(store.engine, clock=now)


@jobs.command("list")
def list_jobs(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="how many at most")] = 50, as_json: Json = False
) -> None:
    """List the newest jobs of all platforms."""
    with open_jobs() as store:
        found = store.jobs(limit=limit)
    lines = [
        f"{each.id}  {each.kind.value:8}v{each.version:<4}{each.state.value:11}{each.trouble or each.progress.step}"
        for each in found
    ]
    show({"jobs": [_describe(each) for each in found]}, as_json=as_json, lines=lines or ["no jobs"])


@jobs.command("show")
def show_job(job: Annotated[str, typer.Argument(help="the job's id")], as_json: Json = False) -> None:
    """Show one job: how far it is, what came out, what to do if it stands."""
    with open_jobs() as store:
        found = store.find(job)
    if found is None:
        raise CommandError(f"there is no job {job}: see `zheng jobs list`")
    show(_describe(found), as_json=as_json)


def _describe(job: Job) -> dict[str, Any]:
    value: dict[str, Any] = {
        "job": job.id,
        "tenant": job.tenant,
        "case": job.case,
        "kind": job.kind.value,
        "version": job.version,
        "state": job.state.value,
        "step": f"{job.progress.step} ({job.progress.done}/{job.progress.total})",
        "created_at": format_time(job.created_at),
        "updated_at": format_time(job.updated_at),
    }
    if job.result is not None:
        value |= {
            "sha256": format_hex(job.result.sha256),
            "size": job.result.size,
            "opened_values": job.result.opened,
            "expires_at": format_time(job.result.expires_at),
        }
    if job.superseded_by is not None:
        value["superseded_by"] = job.superseded_by
    if job.trouble is not None:
        value |= {"trouble": job.trouble, "advice": TROUBLES.get(job.trouble, TROUBLES["internal"]).en}
    return value
