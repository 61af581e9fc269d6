"""What ``fsck`` finds: counts on the way, and the first thing that differs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, Connection, Select, func, select
from zheng_verifier.merkle import EMPTY_ROOT, TreeHead

Progress = Callable[[str, int, int], None]
CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs first: ``table``, ``row`` as its key in words, and ``detail``."""

    table: str
    row: str
    detail: str


@dataclass(frozen=True, slots=True)
class FsckReport:
    """What was checked. ``difference`` is None where everything agrees; ``notices`` are no differences."""

    difference: Difference | None
    origin: str
    size: int
    root_hash: str
    signed_size: int
    cases: int
    entries: int
    entries_erased: int
    disclosures: int
    disclosures_erased: int
    documents: int
    documents_erased: int
    keys: int
    keys_destroyed: int
    notices: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing differed."""
        return self.difference is None


@dataclass(slots=True)
class Tally:
    """Counts on the way; a report is made of them wherever the check ends."""

    origin: str = ""
    head: TreeHead = field(default_factory=lambda: TreeHead(0, EMPTY_ROOT))
    signed_size: int = 0
    cases: int = 0
    entries: int = 0
    entries_erased: int = 0
    disclosures: int = 0
    disclosures_erased: int = 0
    documents: int = 0
    documents_erased: int = 0
    keys: int = 0
    keys_destroyed: int = 0
    notices: list[str] = field(default_factory=list)

    def report(self, difference: Difference | None) -> FsckReport:
        return FsckReport(
            difference=difference,
            origin=self.origin,
            size=self.head.size,
            root_hash=self.head.root_hash.hex(),
            signed_size=self.signed_size,
            cases=self.cases,
            entries=self.entries,
            entries_erased=self.entries_erased,
            disclosures=self.disclosures,
            disclosures_erased=self.disclosures_erased,
            documents=self.documents,
            documents_erased=self.documents_erased,
            keys=self.keys,
            keys_destroyed=self.keys_destroyed,
            notices=tuple(self.notices),
        )


class DiffersError(Exception):
    """Carries the first difference out of the check."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(difference)
        self.difference = difference


def differs(table: str, row: object, detail: str) -> NoReturn:
    """End the check here."""
    raise DiffersError(Difference(table, str(row), detail))


def silent(step: str, done: int, total: int) -> None:
    """Report progress to nobody."""


def stream(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    """Give the rows of a query without holding them all."""
    yield from connection.execute(query)


def count(connection: Connection, column: ColumnElement[Any]) -> int:
    """Count the rows of a column's table."""
    return int(connection.execute(select(func.count(column))).scalar_one())
