"""One-time codes: six digits, each equally likely, good for five minutes, five tries and one success.

A code is known to whoever made the request only while it is sent; kept is a keyed digest of it (`Custody.blind`), bound
to its challenge, so that neither the database nor another challenge can answer. Nothing here reads a clock or a row.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from signing.ports import Random

DIGITS = 6
LIFETIME = timedelta(minutes=5)
MAX_ATTEMPTS = 5
PAUSE = timedelta(seconds=60)
"""Between two codes for one party."""
SECOND = timedelta(seconds=1)
WINDOW = timedelta(hours=1)
MAX_SENT = 8
"""Codes for one party within a window."""
_SPAN = 10**DIGITS
_FAIR = (1 << 24) - (1 << 24) % _SPAN


class Outcome(StrEnum):
    """What became of an answer."""

    RIGHT = "right"
    WRONG = "wrong_answer"
    EXPIRED = "expired"
    SPENT = "too_many_attempts"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Trial:
    """A challenge as an answer meets it: ``attempts`` were used before this one; ``open``: not answered, not replaced."""

    open: bool
    attempts: int
    expires_at: datetime


def new_code(random: Random) -> str:
    """Draw a code; numbers that would make some codes likelier than others are drawn again."""
    while True:
        number = int.from_bytes(random(3))
        if number < _FAIR:
            return f"{number % _SPAN:0{DIGITS}d}"


def well_formed(code: str) -> bool:
    """Tell whether this could be a code at all."""
    return len(code) == DIGITS and code.isascii() and code.isdecimal()


def judge(trial: Trial, now: datetime, *, right: Callable[[], bool]) -> Outcome:
    """Judge an answer; whether it is right is asked only while the challenge is open and fresh."""
    if not trial.open:
        return Outcome.CLOSED
    # One that is good for longer than any is was made before the clock was set back.
    if now > trial.expires_at or trial.expires_at - now > 2 * LIFETIME:
        return Outcome.EXPIRED
    if trial.attempts >= MAX_ATTEMPTS:
        return Outcome.SPENT
    if right():
        return Outcome.RIGHT
    return Outcome.SPENT if trial.attempts + 1 == MAX_ATTEMPTS else Outcome.WRONG


def same(kept: bytes, given: bytes) -> bool:
    """Compare two digests in a time that does not depend on where they differ."""
    return hmac.compare_digest(kept, given)


def wait(sent: Sequence[datetime], now: datetime) -> timedelta:
    """Give how long the party has to wait for another code; zero if it may have one now."""
    # What was sent at a time that is still to come was sent before the clock was set back.
    recent = sorted(moment for moment in sent if now - WINDOW < moment <= now)
    if not recent:
        return timedelta(0)
    pause = recent[-1] + PAUSE - now
    full = recent[-MAX_SENT] + WINDOW - now if len(recent) >= MAX_SENT else timedelta(0)
    return max(pause, full, timedelta(0))
