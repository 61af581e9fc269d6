"""Holds the ``data`` of an event, its opened values and its private values against the type's schema.

Paths of sealed values are relative to ``data`` (``/phone``). Places in refusals point into what was sent
(``/data/phone``, ``/private/phone``).
"""

from collections.abc import Callable
from dataclasses import dataclass

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.errors import MalformedError
from zheng_verifier.sealed import (
    Disclosure,
    disclosure_digest,
    format_disclosure,
    sealed_digests,
    sealed_value,
)
from zheng_verifier.taxonomy.catalogue import event_type
from zheng_verifier.taxonomy.refusals import named, refuse_p3, violation
from zheng_verifier.taxonomy.rules import ArrayRule, EitherRule, ObjectRule, Rule, SealedRule


@dataclass(frozen=True, slots=True)
class SealedField:
    """A sealed value found in ``data``: its path there and its digest."""

    path: str
    digest: str


def check_data(type_name: str, data: JsonObject) -> tuple[SealedField, ...]:
    """Hold the ``data`` of an event against its type's schema and give its sealed fields, in document order.

    Raises:
        MalformedError: SCHEMA_VIOLATION, PERSONAL_DATA or FREE_TEXT and what to send instead; P3_REFUSED for secrets;
            FORMAT_FAILURE, TOO_MANY or DUPLICATE_DIGEST for an ill-formed or a repeated sealed value.
        UncheckableError: SCHEMA_UNKNOWN.

    """
    rule = event_type(type_name).rule
    try:
        rule.check(data, "/data")
    except MalformedError:
        # No schema has a P3 member, so only refused data can hold one, and then this is what to tell.
        refuse_p3(data, "/data")
        raise
    return tuple(SealedField(path, digest) for path, digest in sealed_digests(data))


def check_opened(type_name: str, path: str, value: JsonValue) -> None:
    """Hold an opened value against what its field must hold; ``path`` is that of the sealed value in ``data``.

    Raises:
        MalformedError: SCHEMA_VIOLATION or FREE_TEXT: no sealed value may stand there, or the value does not fit.
        UncheckableError: SCHEMA_UNKNOWN.

    """
    rule: Rule | None = event_type(type_name).rule
    for step in path.removeprefix("/").split("/"):
        match rule:
            case ObjectRule():
                rule = rule.members.get(step)
            case ArrayRule() if step.isdecimal():
                rule = rule.items
            case _:
                rule = None
    if not isinstance(rule, SealedRule | EitherRule):
        violation(f"{type_name} has no sealed value at {path}", f"/data{path}")
    rule.opened.check(value, f"/data{path}")


def sealed_paths(type_name: str) -> tuple[str, ...]:
    """List where sealed values may stand in a type's ``data``; ``*`` is any position of a list.

    Raises:
        MalformedError: not the name of any event type.
        UncheckableError: SCHEMA_UNKNOWN.

    """
    return event_type(type_name).sealed_paths


def seal_private(
    type_name: str, data: JsonObject, private: JsonObject, salts: Callable[[], bytes]
) -> tuple[JsonObject, tuple[str, ...]]:
    """Seal values that were sent in the clear, and give the full ``data`` with the disclosures, in document order.

    ``private`` has the shape of ``data`` and holds only personal values; the items of its lists stand beside those
    of ``data`` (``{}`` for none). ``salts`` gives 16 fresh random bytes at each call. Neither input is changed. The
    result still goes through ``check_data``.

    Raises:
        MalformedError: as ``check_data``: a value that is not personal, does not fit, or stands in both.
        UncheckableError: SCHEMA_UNKNOWN.

    """
    sealer = _Sealer(salts)
    try:
        merged = sealer.merge_object(event_type(type_name).rule, data, private, "/private")
    except MalformedError:
        refuse_p3(private, "/private")
        raise
    return merged, tuple(sealer.disclosures)


class _Sealer:
    """Walks ``data`` and ``private`` together and collects the disclosures."""

    def __init__(self, salts: Callable[[], bytes]) -> None:
        self._salts = salts
        self.disclosures: list[str] = []

    def merge_object(self, rule: ObjectRule, data: JsonValue, private: JsonObject, where: str) -> JsonObject:
        merged = dict(data) if isinstance(data, dict) else {}
        for name, value in private.items():
            merged[name] = self._merge(rule.member(name, where), merged.get(name), value, f"{where}/{name}")
        return merged

    def _merge(self, rule: Rule, public: "JsonValue | None", private: JsonValue, where: str) -> JsonValue:
        if isinstance(rule, SealedRule | EitherRule):
            return self._seal(rule, public, private, where)
        if isinstance(rule, ObjectRule) and isinstance(private, dict):
            return self.merge_object(rule, {} if public is None else public, private, where)
        if not isinstance(rule, ArrayRule) or not isinstance(private, list):
            violation(f"{named(where)} is not personal data: send it under `data`", where)
        if not isinstance(public, list) or len(public) != len(private):
            violation(f"{named(where)} must have as many items as under `data`", where)
        return [
            self._merge(rule.items, beside, item, f"{where}/{position}")
            for position, (beside, item) in enumerate(zip(public, private, strict=True))
        ]

    def _seal(
        self, rule: SealedRule | EitherRule, public: "JsonValue | None", private: JsonValue, where: str
    ) -> JsonValue:
        if public is not None:
            violation(f"{named(where)} stands under `data` and under `private`: send it once", where)
        rule.opened.check(private, where)
        disclosure = format_disclosure(Disclosure(self._salts(), private))
        self.disclosures.append(disclosure)
        return sealed_value(disclosure_digest(disclosure))
