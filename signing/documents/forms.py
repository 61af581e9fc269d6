"""Values for the controls of a document, each held against its control's rule and put into printed words (pure).

Values travel as texts: a date is ``2027-01-31``, a number ``4200.00``, a box ``true`` or ``false``.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zheng_verifier.pdf.characters import Coverage

from signing.documents.controls import Control, ControlKind, may_be_left
from signing.errors import Refused

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.([0-9]{1,6}))?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ID = re.compile(r"[0-9A-Za-z()（）-]{4,32}")
_CHECKED, _EMPTY = "true", "false"


@dataclass(frozen=True, slots=True)
class Entry:
    """A value at its control: ``value`` as it was given, ``text`` as it is printed."""

    control: Control
    value: str
    text: str


def check_values(
    controls: Sequence[Control], values: Mapping[str, str], coverage: Coverage, *, complete: bool = True
) -> tuple[Entry, ...]:
    """Hold values against the controls they are named after; defaults stand in for what is not given.

    With ``complete`` every required control needs a value, but for those whose party may enter it later. In the order of
    the controls.

    Raises:
        Refused: value-unknown, value-missing, value-invalid; ``field`` points at the value.

    """
    fillable = {control.name: control for control in controls if not control.kind.signs}
    if unknown := sorted(set(values) - set(fillable)):
        raise Refused("value-unknown", "There is no such control to fill in.", f"/values/{unknown[0][:64]}")
    entries = []
    for name, control in fillable.items():
        value = values.get(name, control.rule.default)
        if value == "":
            if control.required and complete and not may_be_left(control):
                raise Refused("value-missing", "A value is needed here.", f"/values/{name}")
            continue
        entries.append(Entry(control, value, _text(control, value, coverage)))
    return tuple(entries)


def check_own_values(
    controls: Sequence[Control], values: Mapping[str, str], coverage: Coverage
) -> tuple[Entry, ...]:
    """Hold a party's values against the controls that were left to it: all that are required, and no others.

    Raises:
        Refused: value-unknown, value-missing, value-invalid; ``field`` points at the value.

    """
    entries = check_values(controls, values, coverage, complete=False)
    entered = {entry.control.name for entry in entries}
    for control in controls:
        if control.required and control.name not in entered:
            raise Refused("value-missing", "A value is needed here.", f"/values/{control.name}")
    return entries


def _text(control: Control, value: str, coverage: Coverage) -> str:
    match control.kind:
        case ControlKind.NUMBER:
            return _number(control, value)
        case ControlKind.DATE:
            return _date(control, value)
        case ControlKind.CHECKBOX:
            if value not in (_CHECKED, _EMPTY):
                raise _invalid(control, "true or false")
            return value
        case ControlKind.CHOICE if value not in control.rule.options:
            raise _invalid(control, "one of: " + ", ".join(control.rule.options))
        case ControlKind.PARTY_ID if not _ID.fullmatch(value):
            raise _invalid(control, "4 to 32 letters, digits, hyphens or brackets")
    if len(value) > control.rule.max_length:
        raise _invalid(control, f"at most {control.rule.max_length} characters")
    for character in value:
        if character != "\n" and (
            ord(character) not in coverage or unicodedata.category(character)[0] == "C"
        ):
            raise _invalid(control, f"characters that can be printed: U+{ord(character):04X} cannot")
    return value


def _number(control: Control, value: str) -> str:
    rule, found = control.rule, _NUMBER.fullmatch(value)
    if found is None or len(found[1] or "") > rule.decimals:
        raise _invalid(control, f"a decimal number with at most {rule.decimals} digits after the point")
    number = Decimal(value)
    if (rule.minimum and number < Decimal(rule.minimum)) or (rule.maximum and number > Decimal(rule.maximum)):
        raise _invalid(control, f"a number from {rule.minimum or '−∞'} to {rule.maximum or '∞'}")
    return f"{number:,}" if rule.grouped else value


def _date(control: Control, value: str) -> str:
    rule = control.rule
    try:
        day = date.fromisoformat(value) if _DATE.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise _invalid(control, "a date such as 2027-01-31")
    if (rule.minimum and value < rule.minimum) or (rule.maximum and value > rule.maximum):
        raise _invalid(
            control, f"a date from {rule.minimum or '0001-01-01'} to {rule.maximum or '9999-12-31'}"
        )
    return f"{day.year}年{day.month}月{day.day}日" if rule.style == "chinese" else value


def _invalid(control: Control, expected: str) -> Refused:
    return Refused(
        "value-invalid", "The value is not one that may stand here.", f"/values/{control.name}", expected
    )
