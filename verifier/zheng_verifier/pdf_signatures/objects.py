"""pyHanko's objects, followed through references: its own ``get`` gives references as they stand."""

from typing import Any


def resolve(value: Any) -> Any:
    """Give what a value is or refers to."""
    return value.get_object() if hasattr(value, "get_object") else value


def member(dictionary: Any, name: str, default: Any = None) -> Any:
    """Give what a member is or refers to, and ``default`` where there is none."""
    return resolve(dictionary[name]) if name in dictionary else default


def raw(container: Any, key: Any) -> Any:
    """Give a member or an item as it stands, a reference as a reference."""
    return container.raw_get(key) if hasattr(container, "raw_get") else container[key]
