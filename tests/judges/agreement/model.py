"""What judges are asked, and how their answers are written down alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

PASSED, FAILED, INDETERMINATE = "passed", "failed", "indeterminate"
REFUSED = "refused"
"""Not read at all; says the same as FAILED about evidence."""
NOT_APPLICABLE = "–"
"""The judge has no opinion on such a file."""
NOT_AT_HAND = "not at hand"


@dataclass(frozen=True)
class Verdict:
    """One word, and the judge's own reason for it."""

    word: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.word} ({self.reason})" if self.reason else self.word

    def says(self, expected: "Verdict") -> bool:
        """Tell whether this is the expected verdict: the word counts, and where a reason is expected, that too."""
        alike = {REFUSED: FAILED}
        if self.word in (NOT_APPLICABLE, NOT_AT_HAND):
            return True
        same_word = alike.get(self.word, self.word) == alike.get(expected.word, expected.word)
        return same_word and expected.reason in ("", self.reason)


@dataclass(frozen=True)
class Item:
    """A file to judge; paths lead to files, since that is what most judges read."""

    name: str
    file: Path
    expected: Verdict
    at: datetime | None = None
    stamped: Path | None = None
    roots: tuple[Path, ...] = ()
    others: tuple[Path, ...] = ()
    crls: tuple[Path, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """One question, put to several judges about several files."""

    name: str
    items: tuple[Item, ...]
    found: Mapping[str, tuple[Verdict, ...]]
    """By judge, one verdict for each item."""
