"""`zheng package | report`: clients of the HTTP API that wait for a job and fetch what it made."""

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from api.cli.clients import DEFAULT_URL, KeyFile, Url, checked, http_client, write_output
from api.cli.output import CommandError, Json, show, steps

_POLL_SECONDS = 0.3
_JSON = {"Content-Type": "application/json"}
Case = Annotated[str, typer.Argument(help="the case")]
Redacted = Annotated[bool, typer.Option("--redacted", help="open nothing but what --open names")]
Open = Annotated[
    list[str] | None, typer.Option("--open", help="a sealed value to open, as <seq>:<path>: 3:/data/name")
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="write it there")]
RequestId = Annotated[
    str | None, typer.Option("--id", help="UUID of the request: the same again is the same job")
]
Recipient = Annotated[str, typer.Option(help="court, party, notary, lawyer, …")]
Purpose = Annotated[str, typer.Option(help="litigation, arbitration, audit, …")]
Seconds = Annotated[float, typer.Option(help="how long to wait")]


def package(
    case: Case,
    redacted: Redacted = False,
    open_values: Open = None,
    document: Annotated[
        list[str] | None, typer.Option(help="SHA-256 of a held document to enclose; full: all")
    ] = None,
    out: Out = None,
    recipient_kind: Recipient = "platform",
    purpose: Purpose = "own_records",
    request_id: RequestId = None,
    seconds: Seconds = 300.0,
    url: Url = DEFAULT_URL,
    key_file: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Have an evidence package made, wait for it, and fetch it. The export is recorded in the log."""
    body = _wish(request_id, recipient_kind, purpose, redacted=redacted, open_values=open_values)
    if document is not None:
        body["documents"] = document
    target = out or Path(f"{case}.asice")
    with http_client(url, key_file) as client, steps("package") as step:
        job = run_job(client, f"/v1/cases/{case}/packages", body, step, seconds=seconds)
        write_output(checked(client.get(job["result"]["url"])).content, target)
    show(_summary(job) | {"file": str(target)}, as_json=as_json)


def report(
    case: Case,
    redacted: Redacted = False,
    open_values: Open = None,
    out: Out = None,
    language: Annotated[
        str | None, typer.Option(help="zh-CN or en: as PDF; without it the signed report")
    ] = None,
    recipient_kind: Recipient = "platform",
    purpose: Purpose = "own_records",
    request_id: RequestId = None,
    seconds: Seconds = 300.0,
    url: Url = DEFAULT_URL,
    key_file: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Have a signed report made, wait for it, and fetch it: as JWS, or as PDF in a language."""
    body = _wish(request_id, recipient_kind, purpose, redacted=redacted, open_values=open_values)
    accept = "application/jose" if language is None else "application/pdf"
    query = {} if language is None else {"language": language}
    target = out or Path(
        f"{case}.report.jws" if language is None else f"{case}.report.{language.lower()}.pdf"
    )
    with http_client(url, key_file) as client, steps("report") as step:
        job = run_job(client, f"/v1/cases/{case}/reports", body, step, seconds=seconds)
        answer = checked(client.get(job["result"]["url"], params=query, headers={"Accept": accept}))
        write_output(answer.content, target)
    show(_summary(job) | {"file": str(target)}, as_json=as_json)


def run_job(
    client: httpx.Client, path: str, body: dict[str, Any], step: Callable[[str], None], *, seconds: float
) -> dict[str, Any]:
    """Ask for a job and wait until it is sealed, telling each step.

    Raises:
        CommandError: refused, failed (with what to do), or not finished in time.
    """
    answer = checked(client.post(path, content=json.dumps(body).encode(), headers=_JSON))
    location, deadline, told = answer.headers["location"], time.monotonic() + seconds, ""
    while True:
        job: dict[str, Any] = checked(client.get(location)).json()
        progress = job["progress"]
        line = f"{job['state']}: {progress['step']} ({progress['done']}/{progress['total']})"
        if trouble := job.get("trouble"):
            line += f", {trouble['code']}"
        if line != told:
            step(line)
            told = line
        if job["state"] == "sealed":
            return job
        if job["state"] == "failed":
            raise CommandError(f"the job failed: {job['trouble']['code']}\n  {job['trouble']['en']}")
        if time.monotonic() >= deadline:
            raise CommandError(
                f"not finished after {seconds:g} s; it goes on. Ask again with --id {body['id']}"
            )
        time.sleep(_POLL_SECONDS)


def _wish(
    request_id: str | None,
    recipient_kind: str,
    purpose: str,
    *,
    redacted: bool,
    open_values: list[str] | None,
) -> dict[str, Any]:
    if open_values and not redacted:
        raise CommandError("--open goes with --redacted: the full edition opens everything", code=2)
    return {
        "id": request_id or str(uuid.uuid4()),
        "edition": "redacted" if redacted else "full",
        "open": open_values or [],
        "recipient_kind": recipient_kind,
        "purpose": purpose,
    }


def _summary(job: dict[str, Any]) -> dict[str, Any]:
    result = job["result"]
    return {
        "job": job["id"],
        "version": job["version"],
        "sha256": result["sha256"],
        "opened_values": result["opened_values"],
        "expires_at": result["expires_at"],
    }
