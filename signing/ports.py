"""What time, chance and names come from, handed in so that a test can say them."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the time, in UTC."""

Random: TypeAlias = Callable[[int], bytes]
"""Gives so many fresh bytes that nobody can guess."""

Uuid: TypeAlias = Callable[[], str]
"""Gives a fresh UUIDv4."""
