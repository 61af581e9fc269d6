"""`zheng demo`: the main job on one machine, from nothing to a bundle verified by a separate program."""

import os
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import Json, show, steps
from api.cli.processes import running
from api.settings import load_settings
from api.times import now


def demo(
    serve: Annotated[bool, typer.Option(help="go on serving afterwards")] = False,
    folder: Annotated[Path, typer.Option(help="where the evidence is written")] = Path("demo"),
    as_json: Json = False,
) -> None:
    """Play one real case through the public API, write its evidence, and verify it without network."""
    from api.demo.outcome import verify_offline
    from api.demo.play import play

    settings = load_settings()
    if not settings.paths.policy.is_file():  # the last thing that `zheng init` writes
        from api.installation import initialise

        with steps("init") as step:
            initialise(settings, clock=now, random=os.urandom, progress=step)
    with running() as service:
        if not (folder / "bundle.json").is_file():
            with steps("demo") as step:
                play(settings, service.url, folder, step)
        verification = verify_offline(folder)
        value = {"folder": str(folder), "command": verification.command, "exit_code": verification.exit_code}
        lines = [verification.text, f"$ {verification.command}", f"exit code {verification.exit_code}"]
        show(value | {"url": service.url}, as_json=as_json, lines=lines)
        if serve:
            show({"url": service.url}, as_json=as_json, lines=[f"serving at {service.url}; Ctrl-C ends it"])
            service.wait()
