"""Starts what reads strangers' documents: processes of their own, under limits, without a network, ended as a group."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signing.documents.limits import MIB, DocumentLimits
from signing.errors import Refused

_CONFINED = Path(__file__).with_name("confined.py")
_READER = "signing.documents.parsing"
# Seconds of waiting beyond the processor time that a process may use: it sleeps, starts, is starved.
_GRACE = 10.0
_FILES = 256


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one process may use: bytes of memory, seconds, bytes of any file it writes."""

    memory: int
    seconds: int
    largest: int


def run_confined(
    program: Sequence[str],
    *,
    bounds: Bounds,
    folder: Path,
    environment: Mapping[str, str],
) -> int | None:
    """Run a program (``("module", name, …)`` or ``("program", path, …)``) in a folder; give its exit code.

    Its output goes to the file ``output`` there. None: its time was up, and all it had started is ended.
    """
    arguments = [str(each) for each in (bounds.memory, bounds.seconds, bounds.largest, _FILES)]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-I", str(_CONFINED), *arguments, *program],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
        )
    try:
        return process.wait(bounds.seconds + _GRACE)
    except subprocess.TimeoutExpired:
        return None
    finally:
        # Also what it may have left behind: the group outlives its leader.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def read_document(
    arguments: Mapping[str, Any], document: bytes, limits: DocumentLimits
) -> tuple[dict[str, Any], bytes]:
    """Have a document looked at (``signing.documents.parsing``); give the answer and the bytes that came with it.

    Raises:
        Refused: what the document is refused for; document-limit if reading it used up what it was given.

    """
    with tempfile.TemporaryDirectory(prefix="zheng-document-") as name:
        folder = Path(name)
        (folder / "arguments").write_text(json.dumps(arguments))
        (folder / "document").write_bytes(document)
        run_confined(
            ("module", _READER),
            bounds=Bounds(limits.memory, limits.seconds, limits.parts_size + MIB),
            folder=folder,
            environment={"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"},
        )
        line, _, content = (folder / "output").read_bytes().partition(b"\n")
    try:
        answer = json.loads(line)
    except ValueError:
        raise Refused("document-limit", "Reading the document took more than is given to one.") from None
    if "refused" in answer:
        raise Refused(answer["refused"], answer["detail"])
    return answer, content
