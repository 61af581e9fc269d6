"""Differences between judges, each with its explanation: none without, and none to spare."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model import Table, Verdict

FILE = Path(__file__).with_name("explanations.toml")


@dataclass(frozen=True)
class Difference:
    """A judge says of a case what was not expected."""

    table: str
    judge: str
    case: str
    expected: Verdict
    found: Verdict

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.table, self.judge, self.case)


@dataclass(frozen=True)
class Reason:
    """Why some judges differ on some cases of a table, in words; ``fault`` names whose verdict is wrong, if one is."""

    number: int
    table: str
    judges: tuple[str, ...]
    cases: tuple[str, ...]
    text: str

    @property
    def keys(self) -> set[tuple[str, str, str]]:
        return {(self.table, judge, case) for judge in self.judges for case in self.cases}


@dataclass(frozen=True)
class Explained:
    """The differences, the reason of each by its key, and what is wrong with the list of reasons."""

    differences: tuple[Difference, ...]
    reasons: tuple[Reason, ...]
    troubles: tuple[str, ...]

    def number(self, table: str, judge: str, case: str) -> int | None:
        key = (table, judge, case)
        return next((reason.number for reason in self.reasons if key in reason.keys), None)


def find_differences(tables: Sequence[Table]) -> tuple[Difference, ...]:
    """Give every verdict that is not the expected one."""
    return tuple(
        Difference(table.name, judge, item.name, item.expected, verdict)
        for table in tables
        for judge, verdicts in table.found.items()
        for item, verdict in zip(table.items, verdicts, strict=True)
        if not verdict.says(item.expected)
    )


def read_reasons() -> tuple[Reason, ...]:
    """Read the explanations; several tables may share one."""
    listed = tomllib.loads(FILE.read_text())["why"] if FILE.exists() else []
    return tuple(
        Reason(number, table, tuple(each["judges"]), tuple(each["cases"]), " ".join(each["text"].split()))
        for number, each in enumerate(listed, start=1)
        for table in each["tables"]
    )


def explain(tables: Sequence[Table]) -> Explained:
    """Hold differences and reasons against each other."""
    differences, reasons = find_differences(tables), read_reasons()
    keys = {each.key for each in differences}
    known = {key for reason in reasons for key in reason.keys}
    judged = {
        (table.name, judge, item.name)
        for table in tables
        for judge, verdicts in table.found.items()
        for item, verdict in zip(table.items, verdicts, strict=True)
        if verdict.word != "not at hand"
    }
    troubles = [
        f"no explanation: {each.table} | {each.judge} | {each.case} | expected {each.expected} | {each.found}"
        for each in differences
        if each.key not in known
    ]
    troubles += [f"no difference: {' | '.join(key)}" for key in sorted(known & judged - keys)]
    troubles += [
        f"no such case: {' | '.join(key)}" for key in sorted(known - judged) if not _absent(key, tables)
    ]
    return Explained(differences, reasons, tuple(troubles))


def _absent(key: tuple[str, str, str], tables: Sequence[Table]) -> bool:
    """Tell whether the judge of a reason is not at hand here."""
    found = {
        (table.name, judge, item.name) for table in tables for judge in table.found for item in table.items
    }
    return key in found
