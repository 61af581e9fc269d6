"""The event types this program knows, each from its own schema file.

The files lie in ``schemas/`` and are read once, when this module is imported, through ``importlib.resources``; after
that nothing here touches a file. The bytes of a file never change once an event of the type was deposited: the log
states their SHA-256 in ``schema.published``. A change is a new version in a new file.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from zheng_verifier.claim import parse_type
from zheng_verifier.errors import UncheckableError
from zheng_verifier.taxonomy.rules import ObjectRule
from zheng_verifier.taxonomy.schema import Field, SchemaError, read_document, read_fields

CASE_KINDS = ("contract", "subject", "log")


@dataclass(frozen=True, slots=True)
class EventType:
    """One version of one event type.

    ``type``         dotted name and version: ``party.signed/1``
    ``kinds``        the kinds of case it may stand in
    ``reserved``     only the service deposits it
    ``custody``      it may follow ``case.closed``
    ``sealed_paths`` where sealed values may stand, relative to ``data``; ``*`` is any position of a list
    ``schema_bytes`` the schema file, byte for byte
    """

    type: str
    label_zh: str
    label_en: str
    description: str
    kinds: tuple[str, ...]
    reserved: bool
    custody: bool
    fields: tuple[Field, ...]
    sealed_paths: tuple[str, ...]
    rule: ObjectRule
    schema: Mapping[str, object]
    schema_bytes: bytes
    schema_sha256: str


def parse_schema(data: bytes) -> EventType:
    """Read one schema file.

    Raises:
        SchemaError: outside the subset, or a header that does not fit.

    """
    document: dict[str, object] = json.loads(data)
    kinds = document.get("x-kinds")
    if not isinstance(kinds, list) or not kinds or not set(kinds) <= set(CASE_KINDS):
        raise SchemaError(f"x-kinds must name kinds of case, found {kinds!r:.80}")
    flags = document.get("x-reserved"), document.get("x-custody")
    if not all(isinstance(flag, bool) for flag in flags):
        raise SchemaError("x-reserved and x-custody must be true or false")
    rule = read_document(document)
    fields = tuple(read_fields(document))
    return EventType(
        type=parse_type(str(document["title"])),
        label_zh=str(document["x-label-zh"]),
        label_en=str(document["x-label-en"]),
        description=str(document["description"]),
        kinds=tuple(kinds),
        reserved=flags[0] is True,
        custody=flags[1] is True,
        fields=fields,
        sealed_paths=tuple(field.path for field in fields if field.sealable),
        rule=rule,
        schema=MappingProxyType(document),
        schema_bytes=data,
        schema_sha256=hashlib.sha256(data).hexdigest(),
    )


def schema_file_name(name: str) -> str:
    """Give the file name of a type's schema: ``party.signed.1.json`` for ``party.signed/1``."""
    return parse_type(name).replace("/", ".") + ".json"


def read_catalogue(schemas: Iterable[tuple[str, bytes]]) -> Mapping[str, EventType]:
    """Read schema files, given as (file name, bytes), into a catalogue sorted by type.

    Raises:
        SchemaError: a file outside the subset, or one that holds another type than its name says.

    """
    types = {}
    for name, data in schemas:
        event = parse_schema(data)
        if name != schema_file_name(event.type):
            raise SchemaError(f"{name} holds {event.type}")
        types[event.type] = event
    return MappingProxyType(dict(sorted(types.items())))


EVENT_TYPES: Mapping[str, EventType] = read_catalogue(
    (file.name, file.read_bytes()) for file in files(__package__).joinpath("schemas").iterdir()
)


def event_type(name: str) -> EventType:
    """Give an event type by name.

    Raises:
        MalformedError: not the name of any event type.
        UncheckableError: code SCHEMA_UNKNOWN: well-formed, but this program does not know it.

    """
    event = EVENT_TYPES.get(parse_type(name, "/type"))
    if event is None:
        dotted = name.partition("/")[0]
        known = [other for other in EVENT_TYPES if other.partition("/")[0] == dotted]
        hint = f"; of it, {', '.join(known)} is known" if known else ""
        raise UncheckableError(
            "SCHEMA_UNKNOWN", f"event type '{name}' is not known to this version{hint}", "/type"
        )
    return event
