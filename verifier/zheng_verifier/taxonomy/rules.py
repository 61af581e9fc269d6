"""Compiled schemas: one small rule per kind of value, checked in a direct walk.

The rules stand for the few keywords of JSON Schema 2020-12 that event schemas use (``schema.py`` reads them). A walk
takes a small part of the time of a general validator and can say what to send instead; a test holds it against the
``jsonschema`` library on every type and on mutated events.

Every ``check`` raises MalformedError (the codes of ``refusals.py``, or FORMAT_FAILURE for an ill-formed sealed value
or time); ``where`` is a JSON pointer. A refusal names fields and never repeats a value: it may be somebody's number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from zheng_verifier.canonical import JsonValue, format_json
from zheng_verifier.encoding import parse_time
from zheng_verifier.sealed import is_sealed, parse_sealed
from zheng_verifier.taxonomy.refusals import named, refuse_missing, refuse_plain, refuse_unknown, violation

# JSON Schema's "$" matches at the very end only (ECMA-262), Python's also before a last line feed.
END = r"\Z"


def _wrong_type(value: JsonValue, wanted: str, where: str) -> None:
    if is_sealed(value):
        violation(f"{named(where)} is not a personal field: send the value itself, not a sealed value", where)
    violation(f"{named(where)} must be {wanted}", where)


@dataclass(frozen=True, slots=True)
class TextRule:
    """A string: one of ``choices``, or of ``pattern``, or (inside sealed values only) any within the lengths."""

    choices: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    shortest: int = 0
    longest: int | None = None
    is_time: bool = False

    def check(self, value: JsonValue, where: str) -> None:
        """Refuse another type, choice, shape or length."""
        if not isinstance(value, str):
            return _wrong_type(value, "a string", where)
        if self.choices and value not in self.choices:
            violation(f"{named(where)} must be one of {', '.join(self.choices)}", where)
        if self.pattern is not None and not self.pattern.match(value):
            detail = f"{named(where)} must match {self.pattern.pattern.replace(END, '$')}"
            hint = "" if value.isascii() and " " not in value else "; free text has no place here"
            violation(detail + hint, where)
        if len(value) < self.shortest or (self.longest is not None and len(value) > self.longest):
            violation(f"{named(where)} must have {self.shortest} to {self.longest} characters", where)
        if self.is_time:
            parse_time(value, where)
        return None


@dataclass(frozen=True, slots=True)
class IntegerRule:
    """An integer within bounds, both included."""

    minimum: int
    maximum: int

    def check(self, value: JsonValue, where: str) -> None:
        """Refuse another type or a number out of bounds."""
        if not isinstance(value, int) or isinstance(value, bool):
            return _wrong_type(value, "an integer", where)
        if not self.minimum <= value <= self.maximum:
            violation(f"{named(where)} must be within {self.minimum}…{self.maximum}", where)
        return None


@dataclass(frozen=True, slots=True)
class BooleanRule:
    """True or false."""

    def check(self, value: JsonValue, where: str) -> None:
        """Refuse another type."""
        if not isinstance(value, bool):
            _wrong_type(value, "true or false", where)


@dataclass(frozen=True, slots=True)
class ArrayRule:
    """A list of ``fewest`` to ``most`` items of one rule, all different if ``unique``."""

    items: "Rule"
    fewest: int
    most: int
    unique: bool

    def check(self, value: JsonValue, where: str) -> None:
        """Refuse another type, too few or too many items, an ill-formed item or a repeated one."""
        if not isinstance(value, list):
            return _wrong_type(value, "a list", where)
        if not self.fewest <= len(value) <= self.most:
            violation(f"{named(where)} must have {self.fewest} to {self.most} items", where)
        for position, item in enumerate(value):
            self.items.check(item, f"{where}/{position}")
        if self.unique and len({format_json([item]) for item in value}) != len(value):
            violation(f"{named(where)} must not repeat an item", where)
        return None


@dataclass(frozen=True, slots=True)
class SealedRule:
    """A personal value (P1): here only its digest stands; the value must follow ``opened`` once it is shown."""

    opened: "Rule"

    def check(self, value: JsonValue, where: str) -> None:
        """Refuse anything but a sealed value."""
        if not is_sealed(value):
            refuse_plain(where)
        parse_sealed(value, where)


@dataclass(frozen=True, slots=True)
class EitherRule:
    """A public value that may be sealed all the same: the digest of a document that can be guessed."""

    opened: "Rule"

    def check(self, value: JsonValue, where: str) -> None:
        """Refuse anything but the plain or a sealed value."""
        if is_sealed(value):
            parse_sealed(value, where)
        else:
            self.opened.check(value, where)


@dataclass(frozen=True, slots=True)
class ObjectRule:
    """A closed object: the members named here, the ``required`` ones among them present.

    ``owner`` names it in refusals: the event type.
    """

    members: Mapping[str, "Rule"]
    required: tuple[str, ...]
    owner: str

    def check(self, value: JsonValue, where: str) -> None:
        """Refuse another type, an unknown member, a missing one, an ill-formed one."""
        if not isinstance(value, dict):
            return _wrong_type(value, "an object", where)
        for name, item in value.items():
            self.member(name, where).check(item, f"{where}/{name}")
        for name in self.required:
            if name not in value:
                refuse_missing(name, self.owner, where, personal=isinstance(self.members[name], SealedRule))
        return None

    def member(self, name: str, where: str) -> "Rule":
        """Give the rule of a member, or refuse the member and say what to send instead."""
        rule = self.members.get(name)
        if rule is None:
            sealed = tuple(known for known, rule in self.members.items() if isinstance(rule, SealedRule))
            refuse_unknown(name, tuple(self.members), sealed, self.owner, where)
        return rule


Rule: TypeAlias = TextRule | IntegerRule | BooleanRule | ArrayRule | SealedRule | EitherRule | ObjectRule
