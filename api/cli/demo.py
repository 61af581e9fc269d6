"""`zheng demo`: the main job on one machine, from nothing to a bundle verified by a separate program."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import Json, show, steps
from api.cli.processes import running
from api.settings import load_settings
from api.times import now

if TYPE_CHECKING:
    from api.demo.outcome import Verification


def demo(
    serve: Annotated[bool, typer.Option(help="go on serving afterwards")] = False,
    folder: Annotated[Path, typer.Option(help="where the evidence is written")] = Path("demo"),
    as_json: Json = False,
) -> None:
    """Play one real case through the public API, write its evidence, and verify it without network."""
    from api.demo.outcome import verify_offline, verify_packages
    from api.demo.play import play

    settings = load_settings()
    if not settings.paths.policy.is_file():  # the last thing that `zheng init` writes
        from api.operation.installation import initialise

        with steps("init") as step:
            initialise(settings, clock=now, random=os.urandom, progress=step)
    with running() as service:
        if not (folder / "bundle.json").is_file():
            with steps("demo") as step:
                play(settings, service.url, folder, step)
        verification = verify_offline(folder)
        packages = verify_packages(folder)
        value = {
            "folder": str(folder),
            "command": verification.command,
            "exit_code": verification.exit_code,
            "packages": {name: each.exit_code for name, each in packages.items()},
            "url": service.url,
        }
        lines = [verification.text, *_told(packages), "", *_epilogue(folder, verification)]
        show(value, as_json=as_json, lines=lines)
        if serve:
            show({"url": service.url}, as_json=as_json, lines=[f"serving at {service.url}; Ctrl-C ends it"])
            service.wait()


def _told(packages: "Mapping[str, Verification]") -> list[str]:
    """Say how the evidence packages were checked, each by itself."""
    lines = ["The same as evidence packages, all values opened and none. Each was verified alone:"]
    for each in packages.values():
        lines += [f"$ {each.command}", f"exit code {each.exit_code}"]
    return lines


def _epilogue(folder: Path, verification: "Verification") -> list[str]:
    """Say how the report came about, why its word is what it is, and what a doubter may try."""
    network = (
        "in a network namespace without interfaces" if verification.isolated else "offline by its own design"
    )
    victim = folder / "documents" / "signed.pdf"
    flip = f"b=bytearray(open('{victim}','rb').read()); b[1000]^=1; open('{victim}','wb').write(b)"
    return [
        f"That was a program of its own, {network}:",
        f"$ {verification.command}",
        f"exit code {verification.exit_code} (0 consistent, 1 inconsistent, 2 unreadable, 3 incomplete)",
        "",
        "INCOMPLETE is the honest word here: the chain runs on this machine alone (SELF_ASSERTED), the time-stamping",
        "authority and the signers' certificates are tests, and a simulator checked identity and intent.",
        "",
        f"Evidence, certificate, policy and documents are in {folder}/. Try to cheat, then run the command again:",
        f'$ python3 -c "{flip}"',
    ]
