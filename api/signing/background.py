"""What the signing pipeline does quietly while the service runs: threads that are started and stopped with it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from api.signing.desk import SigningDesk

_LOG = structlog.get_logger(__name__)
_KEY_PAUSE = 2.0  # seconds

Work = Callable[[SigningDesk, threading.Event], None]


def deposit_evidence(desk: SigningDesk, stop: threading.Event) -> None:
    """Bring what waits in the outbox to the evidence service."""
    desk.drain.run(stop)


def keep_keys(desk: SigningDesk, stop: threading.Event) -> None:
    """Generate key pairs ahead, and destroy those that are used up or whose certificate ended."""
    while not stop.wait(_KEY_PAUSE):
        try:
            desk.certificates.pool.refill()
            desk.certificates.upkeep()
        except Exception:  # noqa: BLE001  (a full disk or a locked database passes; a thread that died stays dead)
            _LOG.exception("signing keys could not be kept up")


# Each runs in a thread of its own until the event is set; it must look at the event at least every second.
WORKS: tuple[Work, ...] = (deposit_evidence, keep_keys)


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
