"""`zheng submit`: a client of the HTTP API that has evidence given to an institution and waits for its answer."""

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from api.cli.clients import DEFAULT_URL, KeyFile, Url, checked, http_client, write_output
from api.cli.exports import run_job
from api.cli.output import CommandError, Json, show, steps

_POLL_SECONDS = 0.3
_JSON = {"Content-Type": "application/json"}


def submit(
    case: Annotated[str, typer.Argument(help="the case")],
    to: Annotated[str, typer.Option("--to", help="name of a connected institution")],
    content: Annotated[
        str, typer.Option(help="package_digest, package (the file itself) or checkpoint")
    ] = "package_digest",
    package: Annotated[
        str | None, typer.Option(help="job of the package to give; else one is made now")
    ] = None,
    answer: Annotated[Path | None, typer.Option(help="write the institution's answer there")] = None,
    request_id: Annotated[
        str | None, typer.Option("--id", help="UUID of the request: the same again is the same submission")
    ] = None,
    seconds: Annotated[float, typer.Option(help="how long to wait")] = 300.0,
    url: Url = DEFAULT_URL,
    key_file: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Have evidence of a case given to an institution, and wait for its receipt. The log records what it acknowledges."""
    with http_client(url, key_file) as client, steps("submit") as step:
        body = {"id": request_id or str(uuid.uuid4()), "to": to, "content": content}
        if content != "checkpoint":
            body["package"] = package or _package(client, case, to, body["id"], step, seconds)
        submission = run_submission(client, case, body, step, seconds=seconds)
        if answer is not None:
            write_output(checked(client.get(submission["acknowledgement"]["url"])).content, answer)
    lines = [f"{name}: {value}" for name, value in _summary(submission).items()]
    show(submission, as_json=as_json, lines=lines)


def run_submission(
    client: httpx.Client, case: str, body: dict[str, Any], step: Callable[[str], None], *, seconds: float
) -> dict[str, Any]:
    """Ask for a submission and wait until it is answered and recorded, telling each step.

    Raises:
        CommandError: refused, by us or by the institution, or not answered in time.
    """
    path = f"/v1/cases/{case}/submissions"
    asked = checked(client.post(path, content=json.dumps(body).encode(), headers=_JSON))
    location, deadline, told = asked.headers["location"], time.monotonic() + seconds, ""
    while True:
        submission: dict[str, Any] = checked(client.get(location)).json()
        line = submission["state"] + (" (simulated)" if submission["simulated"] else "")
        if trouble := submission.get("trouble"):
            line += f", {trouble['code']}"
        if line != told:
            step(line)
            told = line
        if submission["recorded"]:
            return submission
        if submission["state"] == "refused":
            raise CommandError(f"{submission['to']} refused it: see {location}/answer")
        if time.monotonic() >= deadline:
            raise CommandError(
                f"not answered after {seconds:g} s; it goes on. Ask again with --id {body['id']}"
            )
        time.sleep(_POLL_SECONDS)


def _package(
    client: httpx.Client, case: str, to: str, request_id: str, step: Callable[[str], None], seconds: float
) -> str:
    """Have a package made for this kind of institution; asked for again with the same id, it is the same one."""
    known = checked(client.get("/v1/institutions")).json()["data"]
    kinds = {each["name"]: each["kind"] for each in known}
    if to not in kinds:
        raise CommandError(f"{to} is not connected; known are {', '.join(kinds) or 'none'}")
    recipient, purpose = _MADE_FOR[kinds[to]]
    body = {
        "id": str(uuid.uuid5(uuid.UUID(request_id), "package")),
        "edition": "full",
        "recipient_kind": recipient,
        "purpose": purpose,
    }
    job = run_job(client, f"/v1/cases/{case}/packages", body, step, seconds=seconds)
    return str(job["id"])


_MADE_FOR = {
    "court_chain": ("court", "litigation"),
    "notary_office": ("notary", "notarization"),
    "forensic_centre": ("forensic", "appraisal"),
    "arbitration": ("arbitration", "arbitration"),
}


def _summary(submission: dict[str, Any]) -> dict[str, Any]:
    stated = submission["acknowledgement"]
    summary = {
        "submission": submission["id"],
        "to": f"{submission['to']} ({submission['institution_kind']})",
        "state": submission["state"],
        "sha256": submission["sha256"],
        "sm3": submission["sm3"],
        "receipt": stated["receipt"],
        "accepted_at": stated["accepted_at"],
    }
    return summary | ({"notice": submission["notice"]} if submission["simulated"] else {})
