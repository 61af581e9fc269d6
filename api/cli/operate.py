"""`zheng init | serve | worker | anchor | fsck | status`: running an installation."""

import os
import signal
import sys
import threading
import time
from typing import Annotated

import typer

from api.cli.output import CommandError, Json, show, steps
from api.errors import WorkerRunningError
from api.settings import load_settings
from api.times import now

_ANCHOR_SECONDS = 120.0


def init(as_json: Json = False) -> None:
    """Make an installation in ZHENG_HOME: keys, log, contract, trust policy. Run again, it finishes what is missing."""
    from api.operation.installation import initialise

    settings = load_settings()
    with steps("init") as step:
        made = initialise(settings, clock=now, random=os.urandom, progress=step)
    value = {
        "home": str(settings.paths.home),
        "origin": made.origin,
        "vkey": made.vkey,
        "log_case": made.log_case,
        "operator": made.operator,
        "chains": list(made.chains),
        "waiting_chains": list(made.waiting_chains),
        "announced": made.announced,
        "policy": str(settings.paths.policy),
        "policy_fingerprint": made.policy_fingerprint,
    }
    show(value, as_json=as_json)


def serve(
    host: Annotated[str | None, typer.Option(help="default: ZHENG_SERVER__HOST")] = None,
    port: Annotated[int | None, typer.Option(help="default: ZHENG_SERVER__PORT; 0 takes a free one")] = None,
    as_json: Json = False,
) -> None:
    """Serve the HTTP API. This process alone writes the log; stop it with Ctrl-C or SIGTERM."""
    from api.web.logs import configure_logs
    from api.web.serving import run_service

    settings = load_settings()
    configure_logs(settings.log_level)
    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.model_copy(update={"server": settings.server.model_copy(update=changes)})
    run_service(
        settings, listening=lambda url: show({"url": url}, as_json=as_json, lines=[f"serving at {url}"])
    )


def worker(as_json: Json = False) -> None:
    """Have checkpoints timestamped and anchored, until stopped. This process alone owns anchor.db and the chain."""
    from api.operation.identity import log_identity
    from api.operation.worker import open_worker
    from api.web.logs import configure_logs

    settings = load_settings()
    configure_logs(settings.log_level)
    log = log_identity(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with open_worker(settings, log=log, clock=now, random=os.urandom) as running:
        services = ", ".join(running.service_names)
        show({"services": list(running.service_names)}, as_json=as_json, lines=[f"working for {services}"])
        sys.stdout.flush()
        running.run(stop)


def anchor(
    at_once: Annotated[bool, typer.Option("--now", help="take the newest checkpoint now")] = False,
    seconds: Annotated[float, typer.Option(help="how long to wait")] = _ANCHOR_SECONDS,
    as_json: Json = False,
) -> None:
    """Anchor the newest checkpoint now, by the running worker if there is one, and wait until it is on a chain."""
    if not at_once:
        raise CommandError("say --now; without it the worker anchors on its own clock", code=2)
    from api.operation.anchor_requests import request_anchor
    from api.operation.checkup import anchor_progress
    from api.operation.identity import log_identity
    from api.operation.worker import open_worker

    settings = load_settings()
    log = log_identity(settings)
    size, anchored = anchor_progress(settings)
    deadline = time.monotonic() + seconds
    with steps("anchor") as step:
        step(f"size {size}")
        while anchored < size and time.monotonic() < deadline:
            try:
                with open_worker(settings, log=log, clock=now, random=os.urandom) as own:
                    own.run_once(force=True)
            except WorkerRunningError:
                request_anchor(settings, now())
            time.sleep(0.25)
            _, anchored = anchor_progress(settings)
    show({"size": size, "anchored": anchored}, as_json=as_json)
    if anchored < size:
        raise CommandError(f"size {size} was not anchored within {seconds:g} s: see `zheng status`")


def adopt(
    no_other_copy: Annotated[
        bool,
        typer.Option(
            "--no-other-copy", help="I know that no other copy of the signer's folder is left anywhere"
        ),
    ] = False,
) -> None:
    """After moving an installation to another disk or machine: declare the signer's memory here the only one.

    Two copies that both sign would fork the log, and no program can know whether another is left.
    """
    if not no_other_copy:
        raise CommandError("only with --no-other-copy: a second copy that signs would fork the log", code=2)
    from ledger.signer import adopt_signer

    settings = load_settings()
    adopt_signer(settings.paths.signer)
    show({"adopted": str(settings.paths.signer)}, as_json=False)


def fsck(as_json: Json = False) -> None:
    """Derive everything stored again from what was hashed and signed. Exit code 1: something differs, and is named."""
    from api.operation.checkup import check_installation
    from api.operation.identity import log_identity

    settings = load_settings()
    log = log_identity(settings)
    with steps("fsck") as step:
        found = check_installation(settings, log=log, progress=step)
    value = {"ok": found.ok, "differences": list(found.differences), "counts": found.counts}
    lines = [f"DIFFERS  {each}" for each in found.differences] or ["everything agrees"]
    lines += [f"{name}: {count}" for name, count in found.counts.items()]
    show(value, as_json=as_json, lines=lines)
    if not found.ok:
        raise typer.Exit(1)


def status(as_json: Json = False) -> None:
    """Say how the installation stands: log, authorities, chains, policy."""
    from api.operation.checkup import describe_installation
    from api.operation.identity import log_identity

    settings = load_settings()
    show(describe_installation(settings, log_identity(settings)), as_json=as_json)
