"""What is kept: original bytes back, who was given them, how long, holds, erasure (`/v1/signing/custody`)."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.encoding import format_base64

from api.signing.desk import SigningDesk
from api.web.bodies import read_body
from api.web.deps import After, App, Limit, refuses, takes
from api.web.responses import json_response, page_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import AdminSigning
from api.web.signing.custody_schemas import (
    Accesses,
    ErasureRequest,
    ErasureView,
    HoldRequest,
    HoldView,
    Kept,
    RetentionRule,
    RetentionRules,
    write_access,
    write_erasure,
    write_hold,
    write_kept,
)
from signing.database import read, write
from signing.principal import Permission, Principal

router = APIRouter(prefix="/v1/signing/custody", tags=["signing: custody"])
OwnerId = Annotated[
    str,
    Path(pattern=UUID_PATTERN, description="what it belongs to: a contract, an account, a seal, a template"),
]
HoldId = Annotated[str, Path(pattern=UUID_PATTERN, description="the hold")]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, hexadecimal")]
BusinessType = Annotated[str, Path(min_length=1, max_length=64, description="the business type")]
OfOwner = Annotated[
    str | None, Query(pattern=UUID_PATTERN, description="only readings of this owner's files")
]


@router.get(
    "/access-log",
    summary="Who was given which file",
    responses=refuses(401, 403, 404) | {200: {"model": Accesses}},
)
async def access_log(
    services: App, caller: AdminSigning, owner: OfOwner = None, after: After = 0, limit: Limit = 100
) -> Response:
    """List readings of the tenant's files, oldest first. Rows are added by every reading, and nothing removes them."""
    return await to_thread.run_sync(_accesses, services.signing, caller, owner, after, limit)


def _accesses(desk: SigningDesk, by: Principal, owner: str | None, after: int, limit: int) -> Response:
    by.require(Permission.MANAGE_CUSTODY)
    with read(desk.context.engine) as session:
        found = desk.custody.accesses(session, by.tenant, owner, after=after, limit=limit + 1)
    return page_response([write_access(each) for each in found], [each.number for each in found], limit)


@router.get(
    "/retention",
    summary="How long contracts are kept",
    responses=refuses(401, 403) | {200: {"model": RetentionRules}},
)
async def list_rules(services: App, caller: AdminSigning) -> Response:
    """List the tenant's own times by business type; all others are kept for five years after their end."""
    return await to_thread.run_sync(_rules, services.signing, caller)


def _rules(desk: SigningDesk, by: Principal) -> Response:
    by.require(Permission.MANAGE_CUSTODY)
    with read(desk.context.engine) as session:
        rules = desk.keeping.retention.rules(session, by.tenant)
    return json_response({"data": [{"business_type": name, "days": rules[name]} for name in sorted(rules)]})


@router.put(
    "/retention/{business_type}",
    status_code=204,
    summary="Say how long contracts of a business type are kept",
    responses=refuses(401, 403, body=True),
    openapi_extra=takes(RetentionRule),
)
async def put_rule(
    business_type: BusinessType, request: Request, services: App, caller: AdminSigning
) -> Response:
    """Set the days after a contract's end; what was archived before keeps its time."""
    body = await read_body(request, RetentionRule)
    return await to_thread.run_sync(_put_rule, services.signing, caller, business_type, body.days)


def _put_rule(desk: SigningDesk, by: Principal, business_type: str, days: int) -> Response:
    with write(desk.context.engine) as session:
        desk.keeping.retention.set_rule(session, by, business_type, days)
    return Response(status_code=204)


@router.get(
    "/{owner}",
    summary="What is kept of a contract, an account, a seal",
    responses=refuses(401, 403, 404) | {200: {"model": Kept}},
)
async def kept(owner: OwnerId, services: App, caller: AdminSigning) -> Response:
    """List the files with their digests, until when they are kept, the holds, and the erasure if there was one."""
    return await to_thread.run_sync(_kept, services.signing, caller, owner)


def _kept(desk: SigningDesk, by: Principal, owner: str) -> Response:
    by.require(Permission.MANAGE_CUSTODY)
    with read(desk.context.engine) as session:
        erasure = desk.keeping.erasures.find(session, by.tenant, owner)
        files = [] if erasure is not None else desk.custody.files(session, owner)
        until = desk.keeping.retention.kept_until(session, by.tenant, owner)
        holds = desk.keeping.retention.holds(session, by.tenant, owner)
    return json_response(write_kept(owner, files, until, holds, erasure))


@router.get(
    "/{owner}/files/{sha256}",
    summary="The original bytes of a file",
    responses=refuses(401, 403, 404, 410)
    | {
        200: {
            "content": {"application/octet-stream": {}},
            "description": "the bytes exactly as they were kept",
        }
    },
)
async def original(
    owner: OwnerId,
    sha256: Sha256,
    services: App,
    caller: AdminSigning,
    purpose: Literal["view", "download", "review", "export"] = "download",
) -> Response:
    """Give a file whose digest was checked at this reading; the reading is logged with its purpose."""
    return await to_thread.run_sync(_original, services.signing, caller, owner, sha256, purpose)


def _original(desk: SigningDesk, by: Principal, owner: str, sha256: str, purpose: str) -> Response:
    by.require(Permission.MANAGE_CUSTODY)
    with write(desk.context.engine) as session:
        desk.custody.require(session, by.tenant, owner)
        content = desk.custody.get(session, owner, sha256, by=by, purpose=purpose)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{sha256[:16]}"',
        "Repr-Digest": f"sha-256=:{format_base64(bytes.fromhex(sha256))}:",  # RFC 9530 §3
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.post(
    "/{owner}/holds",
    status_code=201,
    summary="Hold what is kept",
    responses=refuses(401, 403, 404, 409, 410, body=True) | {201: {"model": HoldView}},
    openapi_extra=takes(HoldRequest),
)
async def hold(owner: OwnerId, request: Request, services: App, caller: AdminSigning) -> Response:
    """Keep everything of it, whatever is asked for, until the hold is released: a dispute, an order."""
    body = await read_body(request, HoldRequest)
    return await to_thread.run_sync(_hold, services.signing, caller, owner, body)


def _hold(desk: SigningDesk, by: Principal, owner: str, body: HoldRequest) -> Response:
    with write(desk.context.engine) as session:
        placed = desk.keeping.retention.hold(session, by, body.id, owner, body.reason)
    return json_response(write_hold(placed), status=201)


@router.delete(
    "/{owner}/holds/{hold}",
    summary="Release a hold",
    responses=refuses(401, 403, 404) | {200: {"model": HoldView}},
)
async def release(owner: OwnerId, hold: HoldId, services: App, caller: AdminSigning) -> Response:
    """Release a hold; that it was there stays on record."""
    return await to_thread.run_sync(_release, services.signing, caller, owner, hold)


def _release(desk: SigningDesk, by: Principal, owner: str, hold_id: str) -> Response:
    with write(desk.context.engine) as session:
        released = desk.keeping.retention.release(session, by, owner, hold_id)
    return json_response(write_hold(released))


@router.post(
    "/{owner}/erasure",
    summary="Erase what is kept",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": ErasureView}},
    openapi_extra=takes(ErasureRequest),
)
async def erase(owner: OwnerId, request: Request, services: App, caller: AdminSigning) -> Response:
    """Destroy the key of everything the pipeline keeps of it, for good; what was deposited goes on.

    The evidence service is told to do the same with what was deposited in the case: entries, opened values, documents.

    Refused while it is held or being signed, while evidence of it waits to be deposited, and before its time, but for a
    `force`d request of the person concerned or of a court, with its reason.
    """
    body = await read_body(request, ErasureRequest)
    return await to_thread.run_sync(_erase, services.signing, caller, owner, body)


def _erase(desk: SigningDesk, by: Principal, owner: str, body: ErasureRequest) -> Response:
    with write(desk.context.engine) as session:
        desk.keeping.erasures.erase(
            session, by, owner, basis=body.basis, reason=body.reason, force=body.force
        )
    desk.keeping.erasures.finish(desk.context.engine)
    with read(desk.context.engine) as session:
        erasure = desk.keeping.erasures.find(session, by.tenant, owner)
    return json_response({} if erasure is None else write_erasure(erasure))
