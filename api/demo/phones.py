"""The simulated telephones of the demonstration's people: the links and codes that came by text message."""

import re
from collections.abc import Callable

from zheng_client.signing import SimulatedText

from api.demo.waiting import until

_LINK = re.compile(r"/s#([A-Za-z0-9_-]+)")
_CODE = re.compile(r"(?<![0-9])([0-9]{6})(?![0-9])")


class Phones:
    """Reads each message once; ``texts`` gives what a number received, oldest first."""

    def __init__(self, texts: Callable[[str], tuple[SimulatedText, ...]]) -> None:
        self._texts = texts
        self._read: dict[str, int] = {}

    def link(self, number: str) -> str:
        """Wait for the next link; gives its token."""
        return self._next(number, _LINK, "a message with a link")

    def code(self, number: str) -> str:
        """Wait for the next one-time code."""
        return self._next(number, _CODE, "a message with a code")

    def _next(self, number: str, pattern: re.Pattern[str], what: str) -> str:
        def arrived() -> str | None:
            texts = self._texts(number)
            for place in range(self._read.get(number, 0), len(texts)):
                self._read[number] = place + 1
                found = pattern.search(texts[place].text)
                if found is not None:
                    return found[1]
            return None

        return until(arrived, what)
