"""Refusals of the taxonomy as problems: which kind of mistake it is, and what to send instead."""

from collections.abc import Mapping

from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.errors import EvidenceError
from zheng_verifier.taxonomy import EventType

from api.problems import ProblemError
from api.web.bodies import malformed

_MISSING = object()
# The taxonomy's own codes; any other place is judged by what was sent there.
_CODES: Mapping[str, str] = {
    "PERSONAL_DATA": "personal-data-plain",
    "FREE_TEXT": "free-text",
    "P3_REFUSED": "secret-refused",
}
_SEAL = 'a sealed value {"_sd": ["<digest>"]}, or the plain value under `private` (with an API key)'


def data_problem(
    error: EvidenceError, kind: EventType, sent: Mapping[str, JsonObject], prefix: str = ""
) -> ProblemError:
    """Turn a refusal of `data` or `private` into its problem.

    ``sent`` holds what was sent under each of these names; the refusal's place points into it.
    """
    if error.code not in _CODES and error.code != "SCHEMA_VIOLATION":
        return malformed(error, prefix)
    code = _CODES.get(error.code) or _judge(error.where, kind, sent)
    expected = _SEAL if code == "personal-data-plain" else None
    detail = f"{error.detail[:1].upper()}{error.detail[1:]}."
    return ProblemError(code, detail, field=prefix + error.where, expected=expected)


def _judge(where: str, kind: EventType, sent: Mapping[str, JsonObject]) -> str:
    name, *steps = where.removeprefix("/").split("/")
    value = _follow(sent.get(name, {}), steps)
    if value is _MISSING:
        return "field-missing"
    path = "/" + "/".join("*" if step.isdecimal() else step for step in steps)
    known = {field.path for field in kind.fields}
    if path in kind.sealed_paths and name == "data" and not isinstance(value, dict):
        return "personal-data-plain"
    if steps and path not in known:
        return "field-unknown"
    return "field-value"


def _follow(value: JsonValue, steps: list[str]) -> object:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return _MISSING
    return value
