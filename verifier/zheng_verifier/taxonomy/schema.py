"""Reads an event schema (JSON Schema 2020-12, docs/spec/taxonomy.md) into rules and field descriptions.

Only the keywords that event schemas need are known. A file with any other does not load: a keyword that we did not
check would be a promise to the reader of the schema that nobody keeps.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from zheng_verifier.taxonomy.rules import (
    END,
    ArrayRule,
    BooleanRule,
    EitherRule,
    IntegerRule,
    ObjectRule,
    Rule,
    SealedRule,
    TextRule,
)

SEALED_REFERENCE = "#/$defs/sealed"
_ANNOTATIONS = frozenset({"description", "x-label-zh", "x-label-en", "x-pii", "x-sealed"})
_HEADER = frozenset({"$schema", "$id", "$defs", "title", "x-kinds", "x-reserved", "x-custody"})


class SchemaError(Exception):
    """A schema file is outside the subset that event schemas may use; a fault of this program, not of an event."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an event type, for reports and documentation.

    ``path`` is a JSON pointer relative to ``data`` in which ``*`` stands for any position of a list.
    ``pii`` is P0 or P1 (signing-platforms §3.2); ``sealable`` says that a sealed value may stand here.
    """

    path: str
    label_zh: str
    label_en: str
    description: str
    pii: str
    required: bool
    sealable: bool


def _only(node: Mapping[str, object], *keywords: str) -> None:
    if unknown := set(node) - _ANNOTATIONS - set(keywords):
        raise SchemaError(f"keywords outside the subset: {', '.join(sorted(unknown))}")


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise SchemaError(f"expected an object, found {value!r:.80}")
    return value


def _integer(node: Mapping[str, object], keyword: str) -> int:
    value = node.get(keyword)
    if not isinstance(value, int) or isinstance(value, bool):
        raise SchemaError(f"'{keyword}' must be an integer, found {value!r:.80}")
    return value


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SchemaError(f"expected a list of strings, found {value!r:.80}")
    return tuple(value)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    if not text.startswith("^") or not text.endswith("$"):
        raise SchemaError(f"a pattern speaks about the whole string: {text}")
    return re.compile(text[:-1] + END, re.ASCII)


def _text_rule(node: Mapping[str, object]) -> TextRule:
    _only(node, "type", "enum", "pattern", "minLength", "maxLength", "format")
    if not {"enum", "pattern", "maxLength"} & set(node):
        raise SchemaError("a string without enum, pattern or maxLength")
    if node.get("format", "date-time") != "date-time":
        raise SchemaError(f"format {node['format']!r:.80}")
    pattern = node.get("pattern")
    return TextRule(
        choices=_strings(node.get("enum", [])),
        pattern=_pattern(str(pattern)) if pattern is not None else None,
        shortest=_integer(node, "minLength") if "minLength" in node else 0,
        longest=_integer(node, "maxLength") if "maxLength" in node else None,
        is_time="format" in node,
    )


def _array_rule(node: Mapping[str, object], owner: str) -> ArrayRule:
    _only(node, "type", "items", "minItems", "maxItems", "uniqueItems")
    return ArrayRule(
        items=read_rule(_mapping(node.get("items")), owner),
        fewest=_integer(node, "minItems"),
        most=_integer(node, "maxItems"),
        unique=node.get("uniqueItems") is True,
    )


def _object_rule(node: Mapping[str, object], owner: str) -> ObjectRule:
    _only(node, "type", "properties", "required", "additionalProperties")
    if node.get("additionalProperties") is not False:
        raise SchemaError("an object that is not closed")
    properties = _mapping(node.get("properties"))
    required = _strings(node.get("required"))
    if unknown := set(required) - set(properties):
        raise SchemaError(f"required but unknown: {', '.join(sorted(unknown))}")
    members = {name: read_rule(_mapping(child), owner) for name, child in properties.items()}
    return ObjectRule(members=members, required=required, owner=owner)


def read_rule(node: Mapping[str, object], owner: str) -> Rule:
    """Read one schema node; ``owner`` is the event type, for refusals.

    Raises:
        SchemaError: a keyword or a combination outside the subset.

    """
    if "$ref" in node:
        _only(node, "$ref")
        if node["$ref"] != SEALED_REFERENCE or node.get("x-pii") != "P1":
            raise SchemaError("the only reference is that of a P1 field to the sealed value")
        return SealedRule(read_rule(_mapping(node.get("x-sealed")), owner))
    if "oneOf" in node:
        _only(node, "oneOf")
        opened = _mapping(node.get("x-sealed"))
        if node["oneOf"] != [opened, {"$ref": SEALED_REFERENCE}]:
            raise SchemaError("the only alternative is the plain value of x-sealed or its sealed form")
        return EitherRule(read_rule(opened, owner))
    match node.get("type"):
        case "string":
            return _text_rule(node)
        case "integer":
            _only(node, "type", "minimum", "maximum")
            return IntegerRule(_integer(node, "minimum"), _integer(node, "maximum"))
        case "boolean":
            _only(node, "type")
            return BooleanRule()
        case "array":
            return _array_rule(node, owner)
        case "object":
            return _object_rule(node, owner)
        case other:
            raise SchemaError(f"type {other!r:.80}")


def read_document(document: Mapping[str, object]) -> ObjectRule:
    """Read a whole schema file: its header is set aside, the rest is the rule of ``data``.

    Raises:
        SchemaError: a keyword or a combination outside the subset.

    """
    return _object_rule(
        {keyword: value for keyword, value in document.items() if keyword not in _HEADER},
        str(document["title"]),
    )


def read_fields(node: Mapping[str, object], path: str = "") -> Iterator[Field]:
    """List the fields of a schema that ``read_document`` took, in their order, objects before their members."""
    required = _strings(node["required"])
    for name, value in _mapping(node["properties"]).items():
        child = _mapping(value)
        yield Field(
            path=f"{path}/{name}",
            label_zh=str(child["x-label-zh"]),
            label_en=str(child["x-label-en"]),
            description=str(child["description"]),
            pii=str(child["x-pii"]),
            required=name in required,
            sealable="x-sealed" in child,
        )
        inner, below = child, f"{path}/{name}"
        if child.get("type") == "array":
            inner, below = _mapping(child["items"]), f"{path}/{name}/*"
        if inner.get("type") == "object":
            yield from read_fields(inner, below)
