"""The rows of a batch as they are handed in: objects, or CSV (pure).

A CSV has a header: ``business_number``, ``title`` (optional), ``party<n>.name``, ``.phone``, ``.email``, ``.account`` for
the parties in the batch's order, counted from 1, and ``value.<field>`` for the fields of the template. UTF-8, with or
without byte order mark; RFC 4180.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from zheng_verifier.canonical import JsonObject, format_json

from signing.contracts.draft import MAX_PARTIES, PartyDraft
from signing.errors import Refused

MAX_ROWS = 5_000
MAX_CSV = 8 << 20
_MAX_CELL = 4_000
_MAX_COLUMNS = 256
_PARTY = re.compile(r"party([1-9][0-9]?)\.(name|phone|email|account)", re.ASCII)
_VALUE = re.compile(r"value\.([A-Za-z_][A-Za-z0-9_-]{0,63})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Person:
    """Who a party of one row is."""

    account: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One contract of a batch; ``title`` "" is the batch's own."""

    business_number: str
    people: tuple[Person, ...]
    title: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def parse_csv(content: bytes) -> list[Row]:
    """Read rows from a CSV.

    Raises:
        Refused: batch-malformed: not UTF-8, no header, unknown or repeated columns, cells too long or too many;
            batch-too-large, batch-empty.
    """
    if len(content) > MAX_CSV:
        raise Refused("batch-too-large", expected=f"at most {MAX_CSV} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("batch-malformed", "The rows are not UTF-8.") from None
    if "\0" in text:
        raise Refused("batch-malformed", "A row holds a NUL character.")
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(lines, [])
        columns = _columns(header)
        rows = [_row(columns, cells, number) for number, cells in enumerate(_filled(lines), start=1)]
    except csv.Error as error:
        raise Refused("batch-malformed", f"The rows are no CSV: {error}.") from None
    check_count(len(rows))
    return rows


def check_count(count: int) -> None:
    """Refuse none, or more than 5,000.

    Raises:
        Refused: batch-empty, batch-too-large.
    """
    if count == 0:
        raise Refused("batch-empty", "There are no rows.")
    if count > MAX_ROWS:
        raise Refused("batch-too-large", expected=f"at most {MAX_ROWS} rows")


def _filled(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    for number, cells in enumerate(lines, start=1):
        if number > MAX_ROWS:
            raise Refused("batch-too-large", expected=f"at most {MAX_ROWS} rows")
        if any(cells):
            yield cells


def _columns(header: Sequence[str]) -> list[str]:
    names = [name.strip() for name in header]
    if len(names) > _MAX_COLUMNS or len(set(names)) != len(names):
        raise Refused("batch-malformed", "The header names a column twice, or too many.")
    if "business_number" not in names:
        raise Refused("batch-malformed", "The header has no column 'business_number'.")
    for place, name in enumerate(names, start=1):
        if (
            name not in ("business_number", "title")
            and not _PARTY.fullmatch(name)
            and not _VALUE.fullmatch(name)
        ):
            raise Refused("batch-malformed", f"Column {place} of the header is not known.")
    return names


def _row(columns: list[str], cells: list[str], number: int) -> Row:
    if len(cells) != len(columns):
        raise Refused("batch-malformed", f"Row {number} has {len(cells)} cells for {len(columns)} columns.")
    if any(len(cell) > _MAX_CELL for cell in cells):
        raise Refused("batch-malformed", f"A cell of row {number} is too long.")
    row = Row("", ())
    people: dict[int, Person] = {}
    values: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=True):
        party, value = _PARTY.fullmatch(name), _VALUE.fullmatch(name)
        if party is not None:
            place = int(party[1])
            people[place] = replace(people.get(place, Person()), **{party[2]: cell.strip()})
        elif value is not None:
            values[value[1]] = cell
        elif name == "title":
            row = replace(row, title=cell.strip())
        else:
            row = replace(row, business_number=cell.strip())
    seated = tuple(people.get(place, Person()) for place in range(1, max(people, default=0) + 1))
    return replace(row, people=seated, values=values)


def format_row(row: Row) -> bytes:
    """Write a row for keeping, before encryption."""
    body: JsonObject = {
        "business_number": row.business_number,
        "title": row.title,
        "people": [[each.account, each.name, each.phone, each.email] for each in row.people],
        "values": [[name, value] for name, value in sorted(row.values.items())],
    }
    return format_json(body)


def parse_row(content: bytes) -> Row:
    """Read what `format_row` wrote: our own bytes, which came out of custody unchanged."""
    body = json.loads(content)
    people = tuple(Person(*each) for each in body["people"])
    return Row(body["business_number"], people, body["title"], dict(body["values"]))


def seated(pattern: Sequence[PartyDraft], row: Row) -> tuple[PartyDraft, ...]:
    """Give the parties of one row: the batch's pattern with the row's people in it.

    Raises:
        Refused: parties-invalid: the row has another number of people than the batch has parties.
    """
    if len(row.people) != len(pattern) or len(pattern) > MAX_PARTIES:
        raise Refused(
            "parties-invalid", f"The row names {len(row.people)} people for {len(pattern)} parties."
        )
    return tuple(
        replace(
            party,
            account=person.account or None,
            name=person.name,
            phone=person.phone,
            email=person.email,
        )
        for party, person in zip(pattern, row.people, strict=True)
    )
