"""A token bucket for each address, for the endpoints that ask for no key."""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimiter:
    """Lets each address make ``rate`` requests a second, and ``burst`` at once.

    Remembers at most ``addresses`` of them, the least recently seen go first: memory is bounded, and an attacker
    who rotates addresses only forgets his own buckets. ``monotonic`` gives seconds.
    """

    def __init__(self, *, rate: float, burst: int, addresses: int, monotonic: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._addresses = addresses
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, address: str) -> float:
        """Take one token; 0 when there was one, else the seconds until there is one again."""
        now = self._monotonic()
        name = network_of(address)
        bucket = self._buckets.setdefault(name, _Bucket(float(self._burst), now))
        self._buckets.move_to_end(name)
        while len(self._buckets) > self._addresses:
            self._buckets.popitem(last=False)
        bucket.tokens = min(float(self._burst), bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) / self._rate


def network_of(address: str) -> str:
    """Give what one customer holds: an IPv4 address, or the /64 around an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
