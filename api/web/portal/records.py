"""Reads JSON that was checked before, and may still lack what a page would show: absent is empty, never an error."""

from zheng_verifier.canonical import JsonObject, JsonValue


def text_of(record: JsonObject, name: str) -> str:
    """Give a text or a number of a record, or nothing."""
    value = record.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def object_of(value: "JsonValue | None") -> JsonObject:
    """Give an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def objects_of(value: "JsonValue | None") -> list[JsonObject]:
    """Give the objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
