"""Files on their way in: multipart, or base64 in JSON; both end as the same closed model."""

import base64
import binascii
from typing import TypeVar

from anyio import to_thread
from starlette.datastructures import UploadFile
from starlette.requests import Request
from zheng_verifier.canonical import JsonValue, Limits, parse_json
from zheng_verifier.errors import EvidenceError

from api.problems import ProblemError
from api.web.bodies import MAX_DEPTH, malformed, validate
from api.web.signing.documents_schemas import FileBody
from signing.contracts.ports import Upload

_JSON, _FORM = "application/json", "multipart/form-data"
_T = TypeVar("_T", bound=FileBody)
_MAX_TEXT = 1 << 20


async def read_upload(request: Request, model: type[_T]) -> tuple[_T, Upload]:
    """Read a request that carries a file; its size is bounded by the middleware.

    In JSON the file stands in ``content`` as base64. In a form it is the part ``file``, whose name and type are those of
    the file, and the other members stand in the part ``request`` as JSON.

    Raises:
        ProblemError: media-type-unsupported, a json-… code, field-unknown, field-missing, field-type, field-value.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    match kind:
        case "application/json":
            return await to_thread.run_sync(_from_json, await request.body(), model)
        case "multipart/form-data":
            return await _from_form(request, model)
        case _:
            raise ProblemError("media-type-unsupported", expected=f"{_FORM} or {_JSON}")


def _from_json(body: bytes, model: type[_T]) -> tuple[_T, Upload]:
    value = _parse(body)
    read = validate(value, model)
    try:
        content = base64.b64decode(read.content, validate=True)
    except (binascii.Error, ValueError):
        raise ProblemError("field-value", field="/content", expected="base64 (RFC 4648 §4)") from None
    return read, Upload(read.name, read.media_type, content)


async def _from_form(request: Request, model: type[_T]) -> tuple[_T, Upload]:
    async with request.form(max_files=1, max_fields=1, max_part_size=_MAX_TEXT) as form:
        if unknown := sorted(set(form) - {"file", "request"}):
            raise ProblemError("field-unknown", field=f"/{unknown[0][:80]}", expected="file or request")
        file, rest = form.get("file"), form.get("request")
        if not isinstance(file, UploadFile) or not isinstance(rest, str):
            raise ProblemError("field-missing", field="/file", expected="a part 'file' and a part 'request'")
        members = _parse(rest.encode())
        content = await file.read()
        name, media_type = file.filename or "", file.content_type or ""
    if isinstance(members, dict):
        members = {"name": name, "media_type": media_type, **members, "content": ""}
    read = validate(members, model)
    return read, Upload(read.name, read.media_type, content)


def _parse(body: bytes) -> JsonValue:
    try:
        return parse_json(body, Limits(max_bytes=len(body), max_depth=MAX_DEPTH, max_string=len(body)))
    except EvidenceError as error:
        raise malformed(error) from error


def carries(model: type[FileBody]) -> dict[str, object]:
    """Describe such a body for OpenAPI."""
    reference = {"$ref": f"#/components/schemas/{model.__name__}"}
    form = {
        "type": "object",
        "required": ["file", "request"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "request": {"type": "string", "description": f"the members of {model.__name__} as JSON"},
        },
    }
    return {
        "requestBody": {"required": True, "content": {_JSON: {"schema": reference}, _FORM: {"schema": form}}}
    }
