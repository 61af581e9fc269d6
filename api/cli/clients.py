"""`zheng deposit | proof | bundle`: a platform's view of the service, over HTTP like everybody's."""

import json
import os
import sys
import uuid
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from api.cli.output import CommandError, Json, show, steps

Url = Annotated[str, typer.Option(envvar="ZHENG_URL", help="address of the service")]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="file with the API key; else ZHENG_API_KEY is read")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="write to this file")]
DEFAULT_URL = "http://127.0.0.1:8000"


def deposit(
    case: Annotated[str, typer.Argument(help="the case; 'new' opens one")],
    file: Annotated[
        Path | None, typer.Argument(help="JSON of the event; '-' or nothing: standard input")
    ] = None,
    kind: Annotated[str, typer.Option(help="kind of a new case: contract or subject")] = "contract",
    url: Url = DEFAULT_URL,
    key_file: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Deposit an event, or open a case, and print the receipt."""
    with http_client(url, key_file) as client, steps("deposit") as step:
        step("waiting for the receipt")
        if case == "new":
            body = json.dumps({"id": str(uuid.uuid4()), "kind": kind}).encode()
            receipt = checked(client.post("/v1/cases", content=body, headers=_JSON))
        else:
            data = sys.stdin.buffer.read() if file is None or str(file) == "-" else file.read_bytes()
            receipt = checked(client.post(f"/v1/cases/{case}/events", content=data, headers=_JSON))
    value = receipt.json()
    lines = [f"{name}: {value[name]}" for name in ("id", "case", "seq", "leaf_index", "level")] + [
        f"warning: {each['detail']}" for each in value["warnings"]
    ]
    show(value, as_json=as_json, lines=lines)


def proof(
    event: Annotated[str, typer.Argument(help="the event's id")],
    level: Annotated[str | None, typer.Option(help="signed, timestamped or anchored")] = None,
    output: Output = None,
    url: Url = DEFAULT_URL,
    key_file: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Fetch the proof of an event: as a C2SP tlog-proof, or with --json with time-stamps and anchors."""
    accept = "application/json" if as_json else "text/plain"
    query = {} if level is None else {"level": level}
    with http_client(url, key_file) as client:
        answer = checked(client.get(f"/v1/events/{event}/proof", params=query, headers={"Accept": accept}))
    write_output(answer.content, output)


def bundle(
    case: Annotated[str, typer.Argument(help="the case")],
    output: Output = None,
    export: Annotated[bool, typer.Option(help="record the export in the log first")] = True,
    disclosures: Annotated[bool, typer.Option(help="include opened personal values")] = True,
    url: Url = DEFAULT_URL,
    key_file: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Fetch the evidence of a case as one file, for `zheng-verify`."""
    query = {"disclosures": "true" if disclosures else "false"}
    with http_client(url, key_file) as client, steps("bundle") as step:
        step("putting the evidence together")
        path = f"/v1/cases/{case}/bundle"
        if export:
            body = json.dumps({"id": str(uuid.uuid4())}).encode()
            answer = checked(client.post(path, params=query, content=body, headers=_JSON))
        else:
            answer = checked(client.get(path, params=query))
    if output is None:
        write_output(answer.content, None)
        return
    write_output(answer.content, output)
    show({"file": str(output), "size": len(answer.content)}, as_json=as_json)


_JSON = {"Content-Type": "application/json"}


def http_client(url: str, key_file: Path | None) -> httpx.Client:
    """Make a client with the API key. A key is never taken from the command line, where others can read it."""
    key = key_file.read_text(encoding="ascii").strip() if key_file else os.environ.get("ZHENG_API_KEY", "")
    if not key:
        raise CommandError("an API key is needed: set ZHENG_API_KEY, or name a file with --key-file", code=2)
    headers = {"Authorization": f"Bearer {key}", "User-Agent": "zheng-cli"}
    return httpx.Client(base_url=url, headers=headers, timeout=60.0)


def checked(response: httpx.Response) -> httpx.Response:
    """Let a good answer pass, and put a problem document into words.

    Raises:
        CommandError: the service refused.
    """
    if response.is_success:
        return response
    try:
        problem: dict[str, Any] = response.json()
    except ValueError:
        raise CommandError(f"the service answered {response.status_code}") from None
    words = [f"{problem.get('title')} ({problem.get('type')})", str(problem.get("detail", ""))]
    words += [f"{name}: {problem[name]}" for name in ("field", "expected", "request_id") if name in problem]
    raise CommandError("\n  ".join(words))


def write_output(data: bytes, output: Path | None) -> None:
    """Write to a file, or to standard output."""
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    else:
        output.write_bytes(data)
