"""`zheng demo`: the main job on one machine, from nothing to evidence verified by a separate program."""

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
    from api.demo.outcome import (
        BUNDLE,
        NO_CONVERTER,
        certificate_number,
        verify_offline,
        was_converted,
    )
    from api.demo.play import play

    settings = load_settings()
    if not settings.paths.policy.is_file():  # the last thing that `zheng init` writes
        from api.operation.installation import initialise

        with steps("init") as step:
            initialise(settings, clock=now, random=os.urandom, progress=step)
    with running() as service:
        with steps("demo") as step:
            if not (folder / BUNDLE).is_file():
                play(settings, service.url, folder, step)
            step("verification by a separate program")
            verified = verify_offline(folder)
        page = f"{service.url}/p/{certificate_number(folder)}"
        first = verified.pop(BUNDLE)
        value = {
            "folder": str(folder),
            "command": first.command,
            "exit_code": first.exit_code,
            "packages": {name: each.exit_code for name, each in verified.items()},
            "url": service.url,
            "page": page,
        }
        lines = [first.text, *_told(first, verified), "", *_EPILOGUE, "", *_left(folder, page, serve=serve)]
        lines += [] if was_converted(folder) else ["", NO_CONVERTER]
        show(value, as_json=as_json, lines=lines)
        if serve:
            show({"url": service.url}, as_json=as_json, lines=[f"serving at {service.url}; Ctrl-C ends it"])
            service.wait()


_EPILOGUE = (
    "PASSED: the evidence is what was deposited, and no event is missing (A1, A7); the signatures in the PDFs hold (C13).",
    "INCOMPLETE is the honest word all the same, because here",
    "  - time rests on a test authority (TEST_TSA), and the record on a chain of this machine alone (SELF_ASSERTED),",
    "  - the signers' certificates come from a test authority of this installation (TEST_CA),",
    "  - a simulator checked identity and intent (SIMULATED_IDENTITY, SIMULATED_FACTOR),",
    "  - nobody independent took part (A9), and what was true before the deposit is for a court to weigh (A8).",
)


def _told(first: "Verification", others: "Mapping[str, Verification]") -> list[str]:
    """Say how the report came about, and how packages and certificate were verified, each by itself."""
    network = "in a network namespace without interfaces" if first.isolated else "offline by its own design"
    lines = [
        f"That was a program of its own, {network}; so were those that verified packages and certificate alone:"
    ]
    for each in (first, *others.values()):
        lines += [f"$ {each.command}", f"exit code {each.exit_code}"]
    return [*lines, "(0 consistent, 1 inconsistent, 2 unreadable, 3 incomplete)"]


def _left(folder: Path, page: str, *, serve: bool) -> list[str]:
    """Say what is where, and what a doubter may try."""
    from api.demo.outcome import BUNDLE, CERTIFICATE, DOCUMENTS, FULL, POLICY, REDACTED, REPORT

    victim = folder / DOCUMENTS / "signed.pdf"
    flip = f"b=bytearray(open('{victim}','rb').read()); b[1000]^=1; open('{victim}','wb').write(b)"
    when = "while this runs" if serve else "while `zheng serve` runs"
    rows = {
        folder
        / FULL: "the evidence package for a court: everything opened, documents enclosed, reports as PDF",
        folder / REDACTED: "the same with no personal value and no document",
        folder / CERTIFICATE: "the certificate of deposit, which checks itself",
        folder / REPORT: "the report above",
        folder / DOCUMENTS / "signed.pdf": "the contract as all have signed it, for any PDF viewer",
        folder
        / BUNDLE: f"the bare evidence; documents in {folder / DOCUMENTS}/, trust policy in {folder / POLICY}",
        page: f"the certificate's public page, {when}",
    }
    width = max(len(str(each)) for each in rows)
    return [
        *(f"{each!s:{width}}  {what}" for each, what in rows.items()),
        "",
        "Try to cheat, then run the first command again:",
        f'$ python3 -c "{flip}"',
    ]
