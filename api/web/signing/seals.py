"""Seals: `/v1/signing/seals`, drawn or uploaded, put in force by two people (granted and used: `seal_uses`)."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, Limits, parse_json
from zheng_verifier.encoding import format_time
from zheng_verifier.errors import EvidenceError

from api.problems import ProblemError
from api.web.bodies import MAX_DEPTH, MAX_STRING, malformed, read_body, validate
from api.web.deps import After, App, Limit, refuses, takes
from api.web.responses import json_response, page_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import ReadSigning, WriteSigning
from api.web.signing.seals_schemas import (
    SealDecision,
    SealDestroying,
    SealDisabling,
    SealEnabling,
    SealRenderRequest,
    SealRequest,
    SealsView,
    SealUploadRequest,
    SealView,
)
from signing.principal import Permission
from signing.seals.creating import NewSeal
from signing.seals.making import Upload, make
from signing.seals.pictures import MOST_BYTES
from signing.seals.shelf import Seal

router = APIRouter(prefix="/v1/signing/seals", tags=["signing: seals"])

SealId = Annotated[str, Path(pattern=UUID_PATTERN, description="the seal")]
StateName = Annotated[
    str, Query(pattern=r"^[a-z]{0,16}$", description="only seals in this state", examples=["enabled"])
]
DENIED = (401, 403, 404, 409)
# A picture from a stranger is shown, never run: not even styles are taken from elsewhere.
_PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["request", "picture"],
                    "properties": {
                        "request": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "description": "A SealUploadRequest.",
                        },
                        "picture": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


@router.post(
    ":render",
    summary="Draw a seal without keeping it",
    responses=refuses(401, 403, body=True) | {200: {"content": {"image/svg+xml": {}}}},
    openapi_extra=takes(SealRenderRequest),
)
async def render_seal(request: Request, caller: WriteSigning) -> Response:
    """Give the drawing as SVG: what `POST /v1/signing/seals` would keep, with the same digest."""
    caller.require(Permission.READ_PEOPLE if caller.kind == "api_client" else Permission.SIGN)
    body = await read_body(request, SealRenderRequest)
    made = await to_thread.run_sync(make, body.design.making())
    return Response(made.image, headers=_PICTURE_HEADERS, media_type=made.media_type)


@router.post(
    "",
    status_code=201,
    summary="Create a seal from a template, or a signature",
    responses=refuses(*DENIED, body=True) | {201: {"model": SealView}, 200: {"model": SealView}},
    openapi_extra=takes(SealRequest),
)
async def create_seal(request: Request, services: App, caller: WriteSigning) -> Response:
    """Draw a seal and keep it; it is in force once another person approved it and it was enabled."""
    body = await read_body(request, SealRequest)
    new = NewSeal(
        body.id,
        body.name,
        body.seal_type,
        body.design.making(),
        body.holder,
        body.filing_number,
        body.approve_uses,
    )
    seal, made = await to_thread.run_sync(services.signing.seals.creating.create, caller, new)
    return json_response(_seal(seal), status=201 if made else 200)


@router.post(
    "/pictures",
    status_code=201,
    summary="Create a seal from a picture",
    responses=refuses(*DENIED, body=True) | {201: {"model": SealView}, 200: {"model": SealView}},
    openapi_extra=_FORM,
)
async def upload_seal(request: Request, services: App, caller: WriteSigning) -> Response:
    """Keep an uploaded picture of a seal (PNG or JPEG, at most 2 MiB), written anew without its metadata."""
    body, content = await _read_upload(request)
    making = Upload(content, body.width_um, body.shape, body.inscription, body.transparent)
    new = NewSeal(
        body.id, body.name, body.seal_type, making, body.holder, body.filing_number, body.approve_uses
    )
    seal, made = await to_thread.run_sync(services.signing.seals.creating.create, caller, new)
    return json_response(_seal(seal), status=201 if made else 200)


@router.get("", summary="List seals", responses=refuses(401, 403) | {200: {"model": SealsView}})
async def list_seals(
    services: App, caller: ReadSigning, after: After = 0, limit: Limit = 100, state: StateName = ""
) -> Response:
    """List the seals one keeps, holds, may use or decides about, in the order they were created."""
    seals = await to_thread.run_sync(
        lambda: services.signing.seals.shelf.listed(
            caller, after_position=after, limit=limit + 1, state=state
        )
    )
    return page_response([_seal(seal) for seal in seals], [seal.position for seal in seals], limit)


@router.get("/{seal}", summary="Look at a seal", responses=refuses(401, 404) | {200: {"model": SealView}})
async def get_seal(seal: SealId, services: App, caller: ReadSigning) -> Response:
    """Give a seal's description and state."""
    return json_response(_seal(await to_thread.run_sync(services.signing.seals.shelf.get, caller, seal)))


@router.get(
    "/{seal}/picture",
    summary="Download a seal's picture",
    responses=refuses(401, 404) | {200: {"content": {"image/svg+xml": {}, "image/png": {}}}},
)
async def get_picture(seal: SealId, services: App, caller: ReadSigning) -> Response:
    """Give the exact bytes whose digest the events name; the access is logged."""
    content, media_type = await to_thread.run_sync(services.signing.seals.shelf.picture, caller, seal)
    return Response(content, headers=_PICTURE_HEADERS, media_type=media_type)


@router.post(
    "/{seal}:submit",
    summary="Ask for a seal's approval",
    responses=refuses(*DENIED) | {200: {"model": SealView}},
)
async def submit_seal(seal: SealId, services: App, caller: WriteSigning) -> Response:
    """Hand the seal to whoever approves."""
    return json_response(_seal(await to_thread.run_sync(services.signing.seals.life.submit, caller, seal)))


@router.post(
    "/{seal}:decide",
    summary="Approve or reject a seal",
    responses=refuses(*DENIED, body=True) | {200: {"model": SealView}},
    openapi_extra=takes(SealDecision),
)
async def decide_seal(seal: SealId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Decide about a submitted seal: somebody else than made or submitted it."""
    body = await read_body(request, SealDecision)
    decided = await to_thread.run_sync(
        lambda: services.signing.seals.life.decide(caller, seal, approve=body.approve, reason=body.reason)
    )
    return json_response(_seal(decided))


@router.post(
    "/{seal}:enable",
    summary="Put a seal in force",
    responses=refuses(*DENIED, body=True) | {200: {"model": SealView}},
    openapi_extra=takes(SealEnabling),
)
async def enable_seal(seal: SealId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Put an approved or disabled seal in force."""
    body = await read_body(request, SealEnabling)
    enabled = await to_thread.run_sync(
        lambda: services.signing.seals.life.enable(caller, seal, reason=body.reason)
    )
    return json_response(_seal(enabled))


@router.post(
    "/{seal}:disable",
    summary="Take a seal out of force",
    responses=refuses(*DENIED, body=True) | {200: {"model": SealView}},
    openapi_extra=takes(SealDisabling),
)
async def disable_seal(seal: SealId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Keep a seal from being used until it is enabled again."""
    body = await read_body(request, SealDisabling)
    disabled = await to_thread.run_sync(
        lambda: services.signing.seals.life.disable(caller, seal, code=body.reason_code, reason=body.reason)
    )
    return json_response(_seal(disabled))


@router.post(
    "/{seal}:destroy",
    summary="End a seal for good",
    responses=refuses(*DENIED, body=True) | {200: {"model": SealView}},
    openapi_extra=takes(SealDestroying),
)
async def destroy_seal(seal: SealId, request: Request, services: App, caller: WriteSigning) -> Response:
    """End a seal and all its grants; its evidence is closed, what was sealed with it stays."""
    body = await read_body(request, SealDestroying)
    destroyed = await to_thread.run_sync(
        lambda: services.signing.seals.life.destroy(caller, seal, code=body.reason_code, reason=body.reason)
    )
    return json_response(_seal(destroyed))


async def _read_upload(request: Request) -> tuple[SealUploadRequest, bytes]:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != "multipart/form-data":
        raise ProblemError("media-type-unsupported", expected="multipart/form-data")
    async with request.form(max_files=1, max_fields=1, max_part_size=MAX_STRING) as form:
        described, picture = form.get("request"), form.get("picture")
        if not isinstance(described, str):
            raise ProblemError("field-missing", field="/request")
        if not isinstance(picture, UploadFile):
            raise ProblemError("field-missing", field="/picture")
        content = await picture.read(MOST_BYTES + 1)
    try:
        value = parse_json(described.encode(), Limits(MAX_STRING, MAX_DEPTH, MAX_STRING))
    except EvidenceError as error:
        raise malformed(error, "/request") from error
    return validate(value, SealUploadRequest), content


def _seal(seal: Seal) -> JsonObject:
    body: JsonObject = {
        "id": seal.id,
        "name": seal.name,
        "seal_type": seal.seal_type,
        "method": seal.method,
        "shape": seal.shape,
        "width_um": seal.width_um,
        "height_um": seal.height_um,
        "inscription": seal.inscription,
        "filing_number": seal.filing_number,
        "image": seal.image,
        "media_type": seal.media_type,
        "approve_uses": seal.approve_uses,
        "state": seal.state.value,
        "created_event": seal.created_event,
        "created_at": format_time(seal.created_at),
        "updated_at": format_time(seal.updated_at),
    }
    return body if seal.holder is None else body | {"holder": seal.holder}
