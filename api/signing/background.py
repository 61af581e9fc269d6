"""What the signing pipeline does quietly while the service runs: threads that are started and stopped with it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import structlog

from api.signing.desk import SigningDesk

_LOG = structlog.get_logger(__name__)
_KEY_PAUSE = 2.0  # seconds
_SEND_PAUSE = 0.5
_TICK_PAUSE = 1.0
_ACT_PAUSE = 1.0
_BATCH_PAUSE = 0.5
_BATCH_ROWS = 4  # between two looks at whether to stop
_CUSTODY_PAUSE = 60.0
_INDEX_PAUSE = 1.0

Work = Callable[[SigningDesk, threading.Event], None]


def deposit_evidence(desk: SigningDesk, stop: threading.Event) -> None:
    """Bring what waits in the outbox to the evidence service."""
    desk.drain.run(stop)


def keep_keys(desk: SigningDesk, stop: threading.Event) -> None:
    """Generate key pairs ahead, and destroy those that are used up or whose certificate ended."""
    while not stop.wait(_KEY_PAUSE):
        try:
            desk.certificates.pool.refill()
            desk.certificates.retiring.upkeep()
        except Exception:  # noqa: BLE001  (a full disk or a locked database passes; a thread that died stays dead)
            _LOG.exception("signing keys could not be kept up")


def keep_deadlines(desk: SigningDesk, stop: threading.Event) -> None:
    """End contracts whose deadline came, and send reminders that are due."""
    while not stop.wait(_TICK_PAUSE):
        try:
            desk.contracts.tick(desk.context.clock())
        except Exception:  # noqa: BLE001  # as above
            _LOG.exception("deadlines could not be kept")


def follow_identities(desk: SigningDesk, stop: threading.Event) -> None:
    """Ask again for identity checks that should have been answered, and end what nobody answers."""
    while not stop.wait(_TICK_PAUSE):
        try:
            desk.identities.tick(desk.context.clock())
        except Exception:  # noqa: BLE001  # as above
            _LOG.exception("identity checks could not go on")


def start_batches(desk: SigningDesk, stop: threading.Event) -> None:
    """Start the contracts of batches, one after the other."""
    while not stop.is_set():
        try:
            if desk.batches.run(_BATCH_ROWS):
                continue
        except Exception:  # noqa: BLE001  # as above; the row is tried again
            _LOG.exception("a batch could not go on")
        stop.wait(_BATCH_PAUSE)


def send_texts(desk: SigningDesk, stop: threading.Event) -> None:
    """Send what waits for telephones."""
    _send(desk, stop, "sms")


def send_mails(desk: SigningDesk, stop: threading.Event) -> None:
    """Send what waits for mailboxes; apart from texts, since a slow mail server must not hold them up."""
    _send(desk, stop, "email")


def _send(desk: SigningDesk, stop: threading.Event, channel: Literal["sms", "email"]) -> None:
    while not stop.wait(_SEND_PAUSE):
        try:
            desk.delivery.sending.run(channel, stop.is_set)
        except Exception:  # noqa: BLE001  # as above; what was not sent is tried again
            _LOG.exception("messages could not be sent", channel=channel)


def keep_custody(desk: SigningDesk, stop: threading.Event) -> None:
    """Finish erasures, and remove what crashes left."""
    while True:
        try:
            desk.keeping.upkeep()
        except Exception:  # noqa: BLE001  # as above
            _LOG.exception("custody could not be kept up")
        if stop.wait(_CUSTODY_PAUSE):
            return


def go_on_signing(desk: SigningDesk, stop: threading.Event) -> None:
    """Take up signatures that were cut off or put off, and finish contracts that all have signed."""
    while True:
        try:
            desk.acts.resume(desk.context.clock())
        except Exception:  # noqa: BLE001  # as above; each is tried again
            _LOG.exception("signing could not be taken up")
        if stop.wait(_ACT_PAUSE):
            return


def keep_index(desk: SigningDesk, stop: threading.Event) -> None:
    """Index contracts that changed, and tell of terms that end."""
    pause = _INDEX_PAUSE
    while not stop.wait(pause):
        try:
            # As long as there is much to do, only so long that others get the database in between.
            done = desk.management.tick(desk.context.clock())
        except Exception:  # noqa: BLE001  # as above
            _LOG.exception("contracts could not be indexed")
            done = 0
        pause = 0.1 if done else _INDEX_PAUSE


# Each runs in a thread of its own until the event is set; it must look at the event at least every second.
WORKS: tuple[Work, ...] = (
    deposit_evidence,
    keep_keys,
    keep_deadlines,
    follow_identities,
    start_batches,
    go_on_signing,
    send_texts,
    send_mails,
    keep_custody,
    keep_index,
)


@contextmanager
def running(desk: SigningDesk) -> Iterator[None]:
    """Run every work until the end of the block, then wait until all have stopped."""
    stop = threading.Event()
    threads = [threading.Thread(target=work, args=(desk, stop), name=work.__name__) for work in WORKS]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
