"""Reads JSON bodies by the profile (docs/spec/json.md) and holds them against a closed model.

FastAPI's own reading is kinder than the profile: it takes duplicate names, NaN, floats and any integer. So bodies
are read here, and the models serve as closed shapes and as OpenAPI schemas.
"""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from zheng_verifier.canonical import JsonValue, Limits, parse_json
from zheng_verifier.errors import EvidenceError

from api.problems import FORMAT_CODES, ProblemError

# A claim has depth 7 at most; the request around it adds the object and, for batches, the list.
MAX_DEPTH = 10
# A disclosure of 12,288 bytes in base64url; no other string comes near.
MAX_STRING = 16_384


class Body(BaseModel):
    """A closed request body: unknown members and converted types are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


_B = TypeVar("_B", bound=Body)

_PYDANTIC_CODES = {"extra_forbidden": "field-unknown", "missing": "field-missing"}
_TYPE_SUFFIXES = ("_type", "_parsing")


async def read_bytes(request: Request, media_type: str) -> bytes:
    """Read a whole body of one media type; its size is bounded by the middleware.

    Raises:
        ProblemError: media-type-unsupported, body-too-large, body-timeout.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != media_type:
        raise ProblemError("media-type-unsupported", f"Content-Type is '{given[:80]}'.", expected=media_type)
    return await request.body()


async def read_json(request: Request) -> JsonValue:
    """Read a JSON body by the profile.

    Raises:
        ProblemError: one of the json-… codes, or as `read_bytes`.
    """
    data = await read_bytes(request, "application/json")
    try:
        return parse_json(data, Limits(max_bytes=len(data), max_depth=MAX_DEPTH, max_string=MAX_STRING))
    except EvidenceError as error:
        raise malformed(error) from error


async def read_body(request: Request, model: type[_B]) -> _B:
    """Read a JSON body into its model.

    Raises:
        ProblemError: as `read_json`; field-unknown, field-missing, field-type, field-value.
    """
    return validate(await read_json(request), model)


def validate(value: JsonValue, model: type[_B]) -> _B:
    """Hold a value against a closed model; the first thing wrong is named by its JSON Pointer.

    Raises:
        ProblemError: field-unknown, field-missing, field-type, field-value.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        kind = first["type"]
        code = _PYDANTIC_CODES.get(kind, "field-type" if kind.endswith(_TYPE_SUFFIXES) else "field-value")
        field = "".join(f"/{part}" for part in first["loc"])
        expected = None
        if code == "field-unknown":
            expected = "one of " + ", ".join(sorted(_names(model)))
        raise ProblemError(code, f"{first['msg']}.", field=field, expected=expected) from None


def malformed(error: EvidenceError, prefix: str = "") -> ProblemError:
    """Turn a refusal of the formats into its problem; places are JSON Pointers below ``prefix``."""
    place = error.where if error.where.startswith("/") or not error.where else f"/{error.where}"
    return ProblemError(
        FORMAT_CODES.get(error.code, "json-malformed" if not prefix + place else "field-value"),
        f"{error.detail[:1].upper()}{error.detail[1:]}.",
        field=prefix + place or None,
    )


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
