"""How commands speak: results on standard output, progress and errors on standard error."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer

Json = Annotated[bool, typer.Option("--json", help="print the result as JSON")]


class CommandError(Exception):
    """A command that cannot go on; the text says what is wrong and what to do. ``code`` is the exit code."""

    def __init__(self, text: str, *, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def show(value: Mapping[str, Any], *, as_json: bool, lines: Sequence[str] | None = None) -> None:
    """Print a result: as one JSON object, or as lines for people."""
    if as_json:
        print(json.dumps(value, ensure_ascii=False, sort_keys=True))
        return
    for line in lines if lines is not None else [f"{name}: {item}" for name, item in value.items()]:
        print(line)


def fail(text: str, code: int = 1) -> NoReturn:
    """Say what is wrong and end."""
    print(f"zheng: {text}", file=sys.stderr)
    raise typer.Exit(code)


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done, with the time each step took, once it takes longer than a second.

    On a terminal the line is rewritten; elsewhere each long step is one line.
    """
    started = time.monotonic()
    last = [started, ""]
    terminal = sys.stderr.isatty()

    def step(name: str) -> None:
        _finish(last, terminal=terminal)
        last[:] = [time.monotonic(), f"{title}: {name}"]
        if terminal:
            print(f"\r\x1b[2K{title}: {name} …", end="", file=sys.stderr, flush=True)

    try:
        yield step
    finally:
        _finish(last, terminal=terminal)
        if terminal:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def _finish(last: list[Any], *, terminal: bool) -> None:
    began, name = last
    seconds = time.monotonic() - began
    if name and seconds >= 1:
        start = "\r\x1b[2K" if terminal else ""
        print(f"{start}{name} ({seconds:.1f} s)", file=sys.stderr, flush=True)
