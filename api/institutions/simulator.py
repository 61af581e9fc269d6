"""A simulator of an institution: nobody receives anything, and its name and every answer say so, in both languages.

It fails, delays and duplicates on demand: `script` puts faults before the next calls. What it took it remembers for one
process, so that the same business id gets the same receipt, as a real one promises.
"""

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from zheng_verifier.canonical import format_json
from zheng_verifier.encoding import format_hex, format_time

from api.institutions.ports import Acknowledgement, InstitutionKind, Submission
from api.times import Clock

# lost: it was taken, and the answer does not arrive; unsent: it does not arrive itself; twice: it arrives two times.
Fault = Literal["lost", "unsent", "refused", "pending", "twice", "garbage"]
NOTICE = "SIMULATOR: no institution received anything / 模拟:未送交任何机构"
_REMEMBERED = 10_000


class SimulatedInstitution:
    """Answers at once, late, twice, wrongly or not at all, as told."""

    simulated = True

    def __init__(
        self,
        name: str,
        kind: InstitutionKind,
        *,
        clock: Clock,
        delay: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
        max_body: int = 16 << 20,
    ) -> None:
        if "simulator" not in name:
            raise ValueError("a simulated institution says 'simulator' in its name")
        self.name = name
        self.kind = kind
        self.max_body = max_body
        self._clock = clock
        self._delay = delay
        self._sleep = sleep
        self._lock = threading.Lock()
        self._faults: deque[Fault] = deque()
        self._taken: dict[str, Acknowledgement] = {}
        self.submissions: list[str] = []
        self.queries: list[str] = []

    def script(self, *faults: Fault) -> None:
        """Have the next calls of `submit` go so."""
        self._faults.extend(faults)

    @property
    def taken(self) -> int:
        """How many submissions were taken: each business id once, however often it came."""
        return len(self._taken)

    def submit(self, submission: Submission) -> Acknowledgement:
        """Take it; the same business id again gets the same receipt."""
        self._sleep(self._delay)
        with self._lock:
            fault = self._faults.popleft() if self._faults else None
            self.submissions.append(submission.business_id)
            match fault:
                case "unsent":
                    return Acknowledgement("unsent")
                case "garbage":
                    return Acknowledgement(
                        "unknown", raw=b"<html>502 Bad Gateway</html>", media_type="text/html"
                    )
                case "refused":
                    return self._kept(submission.business_id, self._say(submission, "refused"))
                case "pending":
                    self._kept(submission.business_id, self._say(submission, "accepted"))
                    return Acknowledgement("pending")
                case "twice":
                    self.submissions.append(submission.business_id)
            acknowledged = self._kept(submission.business_id, self._say(submission, "accepted"))
            return Acknowledgement("unknown") if fault == "lost" else acknowledged

    def query(self, business_id: str) -> Acknowledgement:
        """Say what became of it."""
        self._sleep(self._delay)
        with self._lock:
            self.queries.append(business_id)
            return self._taken.get(business_id, Acknowledgement("not_found"))

    def close(self) -> None:
        """Nothing is held open."""

    def _kept(self, business_id: str, acknowledgement: Acknowledgement) -> Acknowledgement:
        known = self._taken.setdefault(business_id, acknowledgement)
        if len(self._taken) > _REMEMBERED:
            self._taken.pop(next(iter(self._taken)))
        return known

    def _say(self, submission: Submission, outcome: Literal["accepted", "refused"]) -> Acknowledgement:
        mark = hashlib.sha256(f"{self.name}\n{submission.business_id}".encode()).hexdigest()
        receipt, transaction = f"SIMULATOR-模拟-{mark[:16]}", f"simulator-{mark}"
        # To the millisecond, as the form in which it is told.
        moment = self._clock()
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        raw = format_json(
            {
                "simulator": NOTICE,
                "institution": self.name,
                "business_id": submission.business_id,
                "sha256": format_hex(submission.sha256),
                "sm3": format_hex(submission.sm3),
                "outcome": outcome,
                "receipt": receipt,
                "accepted_at": format_time(moment),
                "transaction": transaction,
            }
        )
        if outcome == "refused":
            return Acknowledgement("refused", raw=raw)
        return Acknowledgement("accepted", receipt, moment, transaction, raw)
