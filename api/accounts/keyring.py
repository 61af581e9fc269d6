"""API keys at hand: what the store says of a presented key, remembered for a second."""

from collections import OrderedDict
from collections.abc import Callable

from anyio import to_thread

from api.accounts.apikeys import PresentedKey
from api.accounts.store import ApiKey, ApiStore
from api.problems import ProblemError
from api.times import Clock

# How long a revoked key may go on: other processes (`zheng key revoke`) cannot tell us at once.
CACHE_SECONDS = 1.0
_CACHE_KEYS = 4_096


class KeyRing:
    """Looks keys up in the store and remembers the answers for a second, so that a deposit costs no query."""

    def __init__(self, store: ApiStore, *, clock: Clock, monotonic: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._monotonic = monotonic
        self._known: OrderedDict[PresentedKey, tuple[float, ApiKey]] = OrderedDict()

    async def check(self, presented: PresentedKey) -> ApiKey:
        """Give the key that was presented, if it is good now.

        Raises:
            ProblemError: key-invalid, key-revoked, key-expired.
        """
        now = self._monotonic()
        remembered = self._known.get(presented)
        if remembered is not None and now - remembered[0] < CACHE_SECONDS:
            key = remembered[1]
        else:
            found = await to_thread.run_sync(self._store.find_key, presented)
            if found is None:
                raise ProblemError("key-invalid")
            key = found
            await to_thread.run_sync(self._store.touch_key, key.key_id)
            self._known[presented] = (now, key)
            self._known.move_to_end(presented)
            if len(self._known) > _CACHE_KEYS:
                self._known.popitem(last=False)
        if key.revoked_at is not None:
            raise ProblemError("key-revoked")
        if key.expires_at is not None and key.expires_at <= self._clock():
            raise ProblemError("key-expired")
        return key
