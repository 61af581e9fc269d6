"""Pauses, written down as the moment they end: how they are read after the machine's clock was set back (pure).

A pause that was written while the clock was ahead would last until the clock gets there again, a day say. Since every kind
of pause has a longest one, an end further off than that shows that the clock was set, and the pause is over.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Mapped


def over(until: Mapped[Any], now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Say for a column whether its pause, at most ``longest``, is over."""
    return or_(until <= now, until > now + longest)


def left(until: datetime, now: datetime, longest: timedelta) -> timedelta:
    """Give what is left of a pause; nothing where it cannot be as long as it looks."""
    pause = until - now
    return pause if timedelta(0) < pause <= longest else timedelta(0)
