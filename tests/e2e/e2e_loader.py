"""A process that deposits over HTTP, many at once, and writes down each receipt durably as it arrives.

    python e2e_loader.py FOLDER THREADS SEED      with {"url", "key", "cases"} on the first line of standard input

What is about to be sent goes to ``sent``, what was answered to ``receipts`` (append and fsync before anything else
happens). No answer, or one that says "send it again": it sends the very same again, until it is answered. It ends when its
standard input does, with everything it ever sent answered; what it was told then stands in ``receipts``.
"""

import http.client
import json
import os
import random
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from e2e_house import Client, personal_event, plain_event

GIVE_UP_SECONDS = 60
AGAIN = (503, 429)


class Journal:
    """A file that grows by whole lines and is durable at each."""

    def __init__(self, path):
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, value, *, durable):
        line = json.dumps(value, ensure_ascii=False).encode() + b"\n"
        assert os.write(self._descriptor, line) == len(line)
        if durable:
            os.fdatasync(self._descriptor)


def deposit(client, path, body, chosen):
    """Send until answered; now and then once more."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < deadline:
        try:
            answer = client.post(path, body)
        except (OSError, http.client.HTTPException):
            time.sleep(chosen.uniform(0.01, 0.05))
            continue
        if answer.status in (200, 201):
            return answer.json
        assert answer.status in AGAIN, answer.body
        time.sleep(0.02)
    raise AssertionError(f"not answered within {GIVE_UP_SECONDS} s")


def work(told, number, seed, sent, receipts, stop):
    chosen = random.Random(seed * 1000 + number)
    client = Client(told["url"], told["key"], timeout=15)
    while not stop.is_set():
        path = f"/v1/cases/{chosen.choice(told['cases'])}/events"
        events = [
            personal_event() if chosen.random() < 0.2 else plain_event()
            for _ in range(chosen.choice((1, 1, 1, 1, 5)))
        ]
        body = events[0]
        if len(events) > 1:
            path, body = f"{path}:batch", {"events": events}
        sent.write([event["id"] for event in events], durable=False)
        for _ in range(1 + (chosen.random() < 0.1)):
            answer = deposit(client, path, body, chosen)
            for receipt in answer.get("receipts", [answer]):
                receipts.write(receipt, durable=True)
    client.close()


def main():
    folder, threads, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    told = json.loads(sys.stdin.readline())
    sent, receipts = Journal(folder / "sent"), Journal(folder / "receipts")
    stop = threading.Event()
    failures = []

    def loop(number):
        try:
            work(told, number, seed, sent, receipts, stop)
        except BaseException as error:
            failures.append(repr(error))
            stop.set()

    working = [threading.Thread(target=loop, args=(number,)) for number in range(threads)]
    for thread in working:
        thread.start()
    sys.stdin.read()
    stop.set()
    for thread in working:
        thread.join()
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()
