"""A simulated comparison of faces: it says what it is, and fails, waits or finds another face when told to."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from signing.intent.ports import FaceBegun, FaceResult, FaceUndecided

PASSED = FaceResult(True, "passed", 968_000, 800_000)
OTHER_FACE = FaceResult(False, "passed", 312_000, 800_000, "mismatch")
NOT_ALIVE = FaceResult(False, "passed", 0, 800_000, "liveness_failed")


@dataclass(frozen=True, slots=True)
class FaceBehaviour:
    """What happens next: ``silent`` calls get no answer, ``undecided`` questions come too early, then ``result``."""

    silent: int = 0
    undecided: int = 0
    result: FaceResult = PASSED


class FaceSimulator:
    """A `FaceCheck` that looks at nobody."""

    def __init__(self, uuid: Callable[[], str]) -> None:
        self._uuid = uuid
        self._mutex = threading.Lock()
        self._behaviour = FaceBehaviour()
        self._results: dict[str, FaceResult] = {}

    def behave(self, behaviour: FaceBehaviour) -> None:
        """Say what happens from now on."""
        with self._mutex:
            self._behaviour = behaviour

    def begin(self, reference: str, account: str | None, challenge: str) -> FaceBegun:  # noqa: ARG002  # it looks at nobody
        """Begin a comparison.

        Raises:
            FaceUndecided: told to be silent.
        """
        with self._mutex:
            if self._behaviour.silent:
                self._behaviour = replace(self._behaviour, silent=self._behaviour.silent - 1)
                raise FaceUndecided("SIMULATOR: silent")
            transaction = f"SIM-{self._uuid()}"
            self._results[transaction] = self._behaviour.result
            return FaceBegun("face-simulator", simulated=True, transaction=transaction)

    def result(self, transaction: str) -> FaceResult:
        """Give what was "found"; the same for a number each time.

        Raises:
            FaceUndecided: told so, or a number it never gave.
        """
        with self._mutex:
            if self._behaviour.undecided:
                self._behaviour = replace(self._behaviour, undecided=self._behaviour.undecided - 1)
                raise FaceUndecided("SIMULATOR: not yet")
            if transaction not in self._results:
                raise FaceUndecided("SIMULATOR: no such check")
            return self._results[transaction]
