"""Starts service and worker as processes of their own, waits until they work, and ends them together."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.cli.output import CommandError

_START_SECONDS = 30
_END_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Running:
    """A service and its worker; ``url`` is where the service listens."""

    url: str
    serve: subprocess.Popen[str]
    worker: subprocess.Popen[str]

    def wait(self) -> None:
        """Wait until one of the two ends, or Ctrl-C.

        Raises:
            CommandError: one of them failed.
        """
        while True:
            for name, process in (("serve", self.serve), ("worker", self.worker)):
                try:
                    code = process.wait(timeout=1)
                except subprocess.TimeoutExpired:
                    continue
                raise CommandError(f"`zheng {name}` ended with code {code}")


@contextmanager
def running() -> Iterator[Running]:
    """Run the installation of this environment: `zheng serve` and `zheng worker`, started side by side.

    Raises:
        CommandError: one of them did not start; it has said why on standard error.
    """
    started: list[subprocess.Popen[str]] = []
    try:
        serve, worker = (_start(command, started) for command in ("serve", "worker"))
        url = json.loads(_first_line(serve, "serve"))["url"]
        _first_line(worker, "worker")
        yield Running(url, serve, worker)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(timeout=_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _start(command: str, started: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", command, "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env={"ZHENG_LOG_LEVEL": "warning"} | os.environ,
    )
    started.append(process)
    return process


def _first_line(process: subprocess.Popen[str], command: str) -> str:
    """Give the line that a process prints once it works.

    Raises:
        CommandError: it ended before.
    """
    line = "" if process.stdout is None else process.stdout.readline().strip()
    if not line:
        raise CommandError(
            f"`zheng {command}` did not start (exit code {process.wait(timeout=_START_SECONDS)})"
        )
    return line
