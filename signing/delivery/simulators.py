"""A simulated telephone network and a simulated post: they say what they are, and misbehave when told to.

What arrived is kept in memory only, the newest thousand messages, for whoever plays the recipient.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from signing.delivery.ports import (
    Accepted,
    CarrierRefusedError,
    CarrierUnavailableError,
    MailMessage,
    Reason,
    Report,
    SmsMessage,
)
from signing.ports import Clock

_KEPT = 1000
_M = TypeVar("_M", SmsMessage, MailMessage)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What goes wrong from now on, each number counted down by one message.

    ``fail``: not taken; ``lose_answer``: arrives, but the sender is told nothing; ``refuse``: refused as an unknown
    recipient; ``duplicate``: arrives twice; ``bounce``: taken, and reported back later. ``delay`` is between taking
    and delivery.
    """

    fail: int = 0
    lose_answer: int = 0
    refuse: int = 0
    duplicate: int = 0
    bounce: int = 0
    delay: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Arrived(Generic[_M]):
    """A message as it lies with its recipient since ``at``."""

    at: datetime
    message: _M


class _Simulator(Generic[_M]):
    """What both simulators do alike."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._name = name
        self._clock = clock
        self._mutex = threading.Lock()
        self._behaviour = Behaviour()
        self._inbox: deque[Arrived[_M]] = deque(maxlen=_KEPT)
        self._known: deque[str] = deque(maxlen=_KEPT)
        self._reports: deque[Report] = deque(maxlen=_KEPT)
        self._count = 0

    @property
    def name(self) -> str:
        """The name that events give."""
        return self._name

    @property
    def simulated(self) -> bool:
        """True: nothing leaves this process."""
        return True

    def behave(self, behaviour: Behaviour) -> None:
        """Say what goes wrong from now on."""
        with self._mutex:
            self._behaviour = behaviour

    def inbox(self, target: str = "", *, tenant: str | None = None) -> list[Arrived[_M]]:
        """List what arrived by now, for one recipient and of one tenant if given, oldest first."""
        now = self._clock()
        with self._mutex:
            return [
                each
                for each in self._inbox
                if each.at <= now
                and target in ("", each.message.target)
                and tenant in (None, each.message.tenant)
            ]

    def reports(self) -> Sequence[Report]:
        """Give what became known since the last call."""
        now = self._clock()
        with self._mutex:
            due = [report for report in self._reports if report.at <= now]
            self._reports = deque((each for each in self._reports if each.at > now), maxlen=_KEPT)
            return due

    def send(self, message: _M) -> Accepted:
        """Take a message, or what was told instead.

        Raises:
            CarrierRefusedError, CarrierUnavailableError.

        """
        with self._mutex:
            if self._happens("fail"):
                raise CarrierUnavailableError("unreachable")
            if self._happens("refuse"):
                raise CarrierRefusedError("unknown_recipient", b"SIMULATOR: unknown recipient")
            self._count += 1
            transaction = f"SIM{self._count:08d}"
            at = self._clock() + self._behaviour.delay
            if self._happens("bounce"):
                self._report(message.id, "bounced", at, "mailbox_full")
                return Accepted(transaction, b"SIMULATOR: taken")
            if message.id not in self._known:
                self._known.append(message.id)
                self._inbox.append(Arrived(at, message))
            self._report(message.id, "delivered", at)
            if self._happens("duplicate"):
                self._inbox.append(Arrived(at, message))
            if self._happens("lose_answer"):
                raise CarrierUnavailableError("timed_out")
            return Accepted(transaction, b"SIMULATOR: taken")

    def _happens(self, name: str) -> bool:
        left: int = getattr(self._behaviour, name)
        changed: dict[str, Any] = {name: left - 1}
        if left:
            self._behaviour = replace(self._behaviour, **changed)
        return left > 0

    def _report(self, message: str, state: str, at: datetime, reason: Reason = "other") -> None:
        receipt = f"SIMULATOR: {state}".encode()
        self._reports.append(
            Report(message, "delivered" if state == "delivered" else "bounced", at, reason, receipt=receipt)
        )


class SmsSimulator(_Simulator[SmsMessage]):
    """A simulated telephone network; an `SmsSender`."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("sms-simulator", clock)


class MailSimulator(_Simulator[MailMessage]):
    """A simulated post; a `MailSender`."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("mail-simulator", clock)
