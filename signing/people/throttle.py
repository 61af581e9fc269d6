"""Failed logins: who has to wait, how long, and why nobody can lock a stranger out for ever.

Failures are counted for (login name, address), for the login name, and for the address. Each pause doubles up to a
bound. A try counts before it is judged, so that many at once gain nothing; a try during a pause counts for nothing,
so that a pause ends. An address from which somebody logged in before is not stopped by what others do elsewhere.
What is counted exists whether the login name does or not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from signing.context import Context
from signing.errors import Refused
from signing.people.tables import KnownAddressRow, ThrottleRow
from signing.waiting import left

# All installations' rows are blinded under one key: a tenant that does not exist must leave no key behind.
_BLINDED_FOR = "installation"
_KNOWN_DAYS = 30


class PausedError(Refused):
    """The try was not judged; ``seconds`` until the next one is."""

    def __init__(self, seconds: int) -> None:
        super().__init__("login-paused", expected=f"the same again in {seconds} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Rule:
    """How failures under one kind of key are paused; seconds. ``free`` failures cost nothing."""

    free: int
    first: int
    longest: int
    forget: int

    def pause(self, failures: int) -> int:
        """Give the pause after so many failures in a row."""
        over = failures - self.free
        return 0 if over <= 0 else min(self.longest, self.first * 2 ** min(over - 1, 32))


PAIR = Rule(free=3, first=5, longest=900, forget=86_400)
LOGIN = Rule(free=10, first=5, longest=60, forget=3_600)
ADDRESS = Rule(free=20, first=2, longest=300, forget=3_600)


class Throttle:
    """Counts tries; works within the caller's transaction, which must commit even if the try then fails."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def enter(self, session: Session, name: str, address: str) -> None:
        """Count a try of ``name`` from ``address`` as failed until ``succeeded`` says otherwise.

        Raises:
            PausedError: login-paused; nothing was counted.
        """
        now = self._context.clock()
        session.exec(delete(ThrottleRow).where(col(ThrottleRow.forget_at) <= now))
        rows = [(rule, _row(session, key, now)) for rule, key in self._keys(session, name, address, now)]
        longest = ((row.until, timedelta(seconds=rule.longest)) for rule, row in rows)
        wait = max(left(until, now, pause) for until, pause in longest)
        if wait > timedelta(0):
            raise PausedError(int(wait.total_seconds()) + 1)
        for rule, row in rows:
            row.failures += 1
            row.until = now + timedelta(seconds=rule.pause(row.failures))
            row.forget_at = now + timedelta(seconds=rule.forget)
            session.add(row)
        session.flush()

    def succeeded(self, session: Session, name: str, address: str) -> None:
        """Forget the failures of this name, and remember that it was here."""
        now = self._context.clock()
        for key in (self._pair(name, address), self._blind(f"login\n{name}")):
            row = session.get(ThrottleRow, key)
            if row is not None:
                session.delete(row)
        row = session.get(ThrottleRow, self._blind(f"address\n{address}"))
        if row is not None:
            row.failures -= 1
            session.add(row)
        session.exec(delete(KnownAddressRow).where(col(KnownAddressRow.forget_at) <= now))
        known = session.get(KnownAddressRow, self._pair(name, address)) or KnownAddressRow(
            key=self._pair(name, address), forget_at=now
        )
        known.forget_at = now + timedelta(days=_KNOWN_DAYS)
        session.add(known)
        session.flush()

    def _keys(self, session: Session, name: str, address: str, now: datetime) -> list[tuple[Rule, bytes]]:
        pair = self._pair(name, address)
        known = session.get(KnownAddressRow, pair)
        if known is not None and known.forget_at > now:
            return [(PAIR, pair)]
        return [
            (PAIR, pair),
            (LOGIN, self._blind(f"login\n{name}")),
            (ADDRESS, self._blind(f"address\n{address}")),
        ]

    def _pair(self, name: str, address: str) -> bytes:
        return self._blind(f"pair\n{name}\n{address}")

    def _blind(self, value: str) -> bytes:
        return self._context.custody.blind(_BLINDED_FOR, "throttle", value)


def _row(session: Session, key: bytes, now: datetime) -> ThrottleRow:
    return session.get(ThrottleRow, key) or ThrottleRow(key=key, failures=0, until=now, forget_at=now)
