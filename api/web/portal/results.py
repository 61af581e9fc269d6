"""Results of verifications, kept in memory for an hour under names that nobody can guess, and then forgotten."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from zheng_verifier.encoding import format_base64url

from api.times import Clock, Random

LIFETIME = timedelta(hours=1)
_NAME_BYTES = 18

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[_T]):
    result: _T
    size: int
    since: datetime


class Results(Generic[_T]):
    """Keeps at most ``max_bytes`` of results; the oldest go first. For one process and one event loop."""

    def __init__(self, *, clock: Clock, random: Random, max_bytes: int = 256 << 20) -> None:
        self._clock = clock
        self._random = random
        self._max_bytes = max_bytes
        self._kept: OrderedDict[str, _Kept[_T]] = OrderedDict()
        self._bytes = 0

    def keep(self, result: _T, size: int) -> str:
        """Keep a result of ``size`` bytes and give its name."""
        self._forget()
        name = format_base64url(self._random(_NAME_BYTES))
        self._kept[name] = _Kept(result, size, self._clock())
        self._bytes += size
        while self._bytes > self._max_bytes and len(self._kept) > 1:
            self._drop()
        return name

    def find(self, name: str) -> _T | None:
        """Give a result by its name, or None if it is gone."""
        self._forget()
        kept = self._kept.get(name)
        return None if kept is None else kept.result

    def _forget(self) -> None:
        end = self._clock() - LIFETIME
        while self._kept and next(iter(self._kept.values())).since <= end:
            self._drop()

    def _drop(self) -> None:
        _, kept = self._kept.popitem(last=False)
        self._bytes -= kept.size
