"""A simulator of an identity provider: it compares nothing, says so in its name and in every answer, and obeys the input.

What it answers follows from the last four characters of the number it is given (`id_number`, or `uscc` of a company):

    …9999  mismatch            …6666  pending; answered when `deliver` is called, or when it is asked
    …8888  not found           …5555  the provider does not answer in time
    …7777  provider error      else   match

`script` puts other answers before these. Corporate transfers are kept here to be looked at, as on a bank statement.
"""

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from signing.identity.ports import Answer, Query

_REFUSALS = {
    "9999": Answer("mismatch", reason="mismatch"),
    "8888": Answer("mismatch", reason="not_found"),
    "7777": Answer("unavailable", reason="provider_error"),
    "6666": Answer("pending"),
    "5555": Answer("unavailable", reason="timed_out"),
}
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Transfer:
    """An amount (fen) that the simulated bank shows on a company's account; of the account its last four digits."""

    check: str
    account_last4: str
    amount_fen: int


class SimulatedIdentityProvider:
    """Answers at once, late, twice, wrongly or not at all, as told; in memory, for one process."""

    name = "simulator"
    simulated = True

    def __init__(self, *, delay: float = 0.0, sleep: Callable[[float], None] = time.sleep) -> None:
        self._delay = delay
        self._sleep = sleep
        self._lock = threading.Lock()
        self._answers: dict[str, Answer] = {}
        self._scripted: deque[Answer] = deque()
        self._transfers: dict[str, Transfer] = {}
        self.asked = 0

    def script(self, *answers: Answer) -> None:
        """Have the next checks answered so."""
        self._scripted.extend(answers)

    def check(self, query: Query) -> Answer:
        """Answer; the same id again gets the same answer."""
        self._sleep(self._delay)
        with self._lock:
            self.asked += 1
            known = self._answers.get(query.id)
            if known is None:
                known = self._answers[query.id] = self._answer(query)
                if len(self._answers) > _REMEMBERED:
                    self._answers.pop(next(iter(self._answers)))
            return known

    def confirm(self, query_id: str, txn: str, amount_fen: int) -> Answer:
        """Compare with what was transferred."""
        del txn
        with self._lock:
            transfer = self._transfers.get(query_id)
        if transfer is None:
            return Answer("unavailable", reason="provider_error")
        if transfer.amount_fen == amount_fen:
            return Answer("match", _txn(query_id))
        return Answer("mismatch", _txn(query_id), "mismatch")

    def find(self, query_id: str, txn: str) -> Answer:
        """Answer what was pending; of what was never asked nothing is known."""
        del txn
        with self._lock:
            known = self._answers.get(query_id)
        if known is None:
            return Answer("unavailable", reason="provider_error")
        return Answer("match", _txn(query_id)) if known.outcome == "pending" else known

    def deliver(self, query_id: str, callback: Callable[[str, Answer], None], *, times: int = 1) -> None:
        """Call back with the answer to a pending check, so often."""
        for _ in range(times):
            callback(query_id, self.find(query_id, ""))

    def transfers(self) -> tuple[Transfer, ...]:
        """Show the transfers that were made, oldest first."""
        with self._lock:
            return tuple(self._transfers.values())

    def close(self) -> None:
        """Nothing is held open."""

    def _answer(self, query: Query) -> Answer:
        if self._scripted:
            answer = self._scripted.popleft()
        else:
            answer = _REFUSALS.get((query.uscc or query.id_number)[-4:], Answer("match"))
        score = 987_000 if query.frames and answer.outcome == "match" else None
        if query.bank_account and answer.outcome == "match":
            amount = 1 + int.from_bytes(hashlib.sha256(query.id.encode()).digest()[:4]) % 99
            self._transfers[query.id] = Transfer(query.id, query.bank_account[-4:], amount)
            answer = Answer("pending")
        return Answer(answer.outcome, answer.txn or _txn(query.id), answer.reason, score)


def _txn(query_id: str) -> str:
    return f"simulator-{query_id}"
