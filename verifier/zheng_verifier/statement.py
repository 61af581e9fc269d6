"""What the operator of a service says of himself: who runs which part, who pays, in whose interest.

    {"components":[{"component":"log","name":"zheng.example/log/7f3a","operator":"Example Ltd.","related":true}],
     "interests":[],"operator":{"name":"Example Ltd."},"zheng":"statement/v1"}

It answers the questions of Art. 17 of the rules on online litigation (independence, interest, filings, environment) in the
operator's own words. It is disclosed and never verified: no check passes by it. What is absent he did not say; an empty
list of interests is his statement that there is none. Specification: docs/spec/statement.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from zheng_verifier.canonical import Fields, JsonObject, JsonValue, Limits, format_json, parse_canonical
from zheng_verifier.errors import MalformedError

STATEMENT_LIMITS = Limits(max_bytes=1 << 16, max_depth=4, max_string=2_048)
COMPONENTS = ("log", "tsa", "chain", "witness", "portal", "ca", "identity", "sms")
_MAX_ITEMS = 64
_FILINGS = ("cac_filing_no", "mlps_no", "crypto_assessment_no")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the service: ``name`` as registered, unified social credit code, how to reach him."""

    name: str
    uscc: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Filings:
    """Numbers of filings: as a blockchain information service, of graded protection, of the cryptography assessment."""

    cac_filing_no: str | None = None
    mlps_no: str | None = None
    crypto_assessment_no: str | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the service (one of ``COMPONENTS``), who runs it, and whether he is ``related`` to the operator."""

    component: str
    name: str
    operator: str
    related: bool


@dataclass(frozen=True, slots=True)
class Interest:
    """A relation with someone whom the evidence concerns: ``counterpart`` (member ``with``) and what it is."""

    counterpart: str
    relation: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The whole statement. ``interests`` is None where nothing is said of them, empty where none are said to be."""

    operator: Operator
    components: tuple[Component, ...] = ()
    interests: tuple[Interest, ...] | None = None
    filings: Filings = Filings()
    paid_by: str | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    time_source: str | None = None
    key_management: str | None = None
    custody: str | None = None


def _text(fields: Fields, name: str) -> str:
    value = fields.text(name)
    if not value.strip():
        raise MalformedError("FORMAT_FAILURE", "must not be empty: leave the member out", fields.path(name))
    return value


def _optional(fields: Fields, name: str) -> str | None:
    return fields.optional(name, lambda member: _text(fields, member))


def _list(fields: Fields, name: str, read: Callable[[Fields], _T]) -> tuple[_T, ...]:
    items = []
    for position, value in enumerate(fields.array(name, max_items=_MAX_ITEMS)):
        inner = Fields(value, f"{fields.path(name)}/{position}")
        items.append(read(inner))
        inner.end()
    if len(set(items)) != len(items):
        raise MalformedError("FORMAT_FAILURE", "one item stands twice", fields.path(name))
    return tuple(items)


def _component(fields: Fields) -> Component:
    return Component(
        component=fields.text("component", choices=COMPONENTS),
        name=_text(fields, "name"),
        operator=_text(fields, "operator"),
        related=fields.boolean("related"),
    )


def _interest(fields: Fields) -> Interest:
    return Interest(_text(fields, "with"), _text(fields, "relation"))


def _operator(fields: Fields) -> Operator:
    operator = Operator(_text(fields, "name"), _optional(fields, "uscc"), _optional(fields, "contact"))
    fields.end()
    return operator


def _filled(fields: Fields, name: str) -> JsonObject:
    """Take an optional object; an empty one would be a second spelling of absence."""
    if not fields.has(name):
        return {}
    value = fields.object(name)
    if not value:
        raise MalformedError("FORMAT_FAILURE", "must not be empty: leave the member out", fields.path(name))
    return value


def _filings(value: JsonObject) -> Filings:
    fields = Fields(value, "/filings")
    filings = Filings(*(_optional(fields, name) for name in _FILINGS))
    fields.end()
    return filings


def _environment(value: JsonObject) -> Mapping[str, str]:
    fields = Fields(value, "/environment")
    return MappingProxyType({name: _text(fields, name) for name in value})


def parse_statement(data: bytes) -> Statement:
    """Read a statement of at most 64 KiB in canonical form.

    Raises:
        MalformedError: not canonical, a member unknown, missing, empty or ill-formed, an item twice, a limit passed.
        UncheckableError: code UNKNOWN_VERSION.

    """
    fields = Fields(parse_canonical(data, STATEMENT_LIMITS))
    fields.version("statement/v1")
    statement = Statement(
        operator=_operator(Fields(fields.object("operator"), fields.path("operator"))),
        components=_list(fields, "components", _component),
        interests=fields.optional("interests", lambda name: _list(fields, name, _interest)),
        filings=_filings(_filled(fields, "filings")),
        paid_by=_optional(fields, "paid_by"),
        environment=_environment(_filled(fields, "environment")),
        time_source=_optional(fields, "time_source"),
        key_management=_optional(fields, "key_management"),
        custody=_optional(fields, "custody"),
    )
    fields.end()
    return statement


def _given(**members: str | None) -> JsonObject:
    return {name: value for name, value in members.items() if value is not None}


def format_statement(statement: Statement) -> bytes:
    """Write a statement in canonical form; what is absent or empty is left out, but for an empty list of interests."""
    operator, filings = statement.operator, statement.filings
    body: JsonObject = {
        "zheng": "statement/v1",
        "operator": _given(name=operator.name, uscc=operator.uscc, contact=operator.contact),
        "components": [
            {
                "component": item.component,
                "name": item.name,
                "operator": item.operator,
                "related": item.related,
            }
            for item in statement.components
        ],
        **_given(
            paid_by=statement.paid_by,
            time_source=statement.time_source,
            key_management=statement.key_management,
            custody=statement.custody,
        ),
    }
    if statement.interests is not None:
        body["interests"] = [
            {"with": item.counterpart, "relation": item.relation} for item in statement.interests
        ]
    filed = _given(
        cac_filing_no=filings.cac_filing_no,
        mlps_no=filings.mlps_no,
        crypto_assessment_no=filings.crypto_assessment_no,
    )
    stated: Mapping[str, JsonValue] = {"filings": filed, "environment": dict(statement.environment)}
    return format_json(body | {name: value for name, value in stated.items() if value})
