"""Moments as api.db keeps them, and the clock of a running service."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
Random: TypeAlias = Callable[[int], bytes]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Read the clock of this machine: aware, UTC."""
    return datetime.now(UTC)


def millis(moment: datetime) -> int:
    """Give milliseconds since 1970 UTC, rounded down."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_millis(value: int) -> datetime:
    """Give the moment of a number of milliseconds since 1970 UTC."""
    return _EPOCH + timedelta(milliseconds=value)


def days(moment: datetime) -> int:
    """Give whole days since 1970 UTC."""
    return (moment - _EPOCH).days
