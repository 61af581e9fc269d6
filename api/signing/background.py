"""What the signing pipeline does quietly while the service runs: threads that are started and stopped with it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.signing.desk import SigningDesk

Work = Callable[[SigningDesk, threading.Event], None]


def deposit_evidence(desk: SigningDesk, stop: threading.Event) -> None:
    """Bring what waits in the outbox to the evidence service."""
    desk.drain.run(stop)


# Each runs in a thread of its own until the event is set; it must look at the event at least every second.
WORKS: tuple[Work, ...] = (deposit_evidence,)


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
