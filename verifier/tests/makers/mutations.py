"""JSON with one thing changed, for parsers that must notice."""

import json
from collections.abc import Sequence

from zheng_verifier.canonical import format_json


def altered(data: bytes, path: Sequence[str | int], value: object) -> bytes:
    """Give JSON with one member set, or removed where the value is None, in canonical form."""
    body = json.loads(data)
    at = body
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return format_json(body)
