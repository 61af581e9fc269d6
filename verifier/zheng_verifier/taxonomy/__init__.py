"""The event taxonomy: what may be said in an event, by whom, and which of it is personal.

One closed JSON Schema per type and version (``schemas/party.signed.1.json``); conventions and the table of all types
are in docs/spec/taxonomy.md. Personal values (P1) stand only as sealed values, there is no free text, and secrets
(P3) are refused by name.
"""

from zheng_verifier.taxonomy.catalogue import (
    CASE_KINDS,
    EVENT_TYPES,
    EventType,
    event_type,
    schema_file_name,
)
from zheng_verifier.taxonomy.check import SealedField, check_data, check_opened, seal_private, sealed_paths
from zheng_verifier.taxonomy.schema import Field

__all__ = [
    "CASE_KINDS",
    "EVENT_TYPES",
    "EventType",
    "Field",
    "SealedField",
    "check_data",
    "check_opened",
    "event_type",
    "schema_file_name",
    "seal_private",
    "sealed_paths",
]
