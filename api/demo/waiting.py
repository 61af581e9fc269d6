"""Waiting for what the service does by itself: a message, a deposit, a signature, an anchor."""

import time
from collections.abc import Callable
from typing import TypeVar

from api.cli.output import CommandError

_T = TypeVar("_T")
_PAUSE = 0.1  # seconds


def until(found: Callable[[], _T | None], what: str, *, seconds: float = 60.0) -> _T:
    """Ask again and again until there is an answer.

    Raises:
        CommandError: it took too long; the text names ``what`` did not come.
    """
    deadline = time.monotonic() + seconds
    while (answer := found()) is None:
        if time.monotonic() > deadline:
            raise CommandError(f"{what}: nothing within {seconds:g} s; see `zheng status`")
        time.sleep(_PAUSE)
    return answer
