"""Reviews by hand: what waits for an examiner, the files, and his decision."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.web.bodies import read_body
from api.web.deps import After, App, Limit, refuses, takes
from api.web.responses import page_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import MemberCaller
from api.web.signing.identity_schemas import ReviewPage, ReviewRequest
from signing.identity.reviews import Decision, Material

router = APIRouter(prefix="/v1/signing/reviews", tags=["signing: identities"])
CheckId = Annotated[str, Path(pattern=UUID_PATTERN, description="the check that waits")]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file")]


@router.get("", summary="List what waits", responses=refuses(401, 403) | {200: {"model": ReviewPage}})
async def list_reviews(
    services: App, principal: MemberCaller, after: After = 0, limit: Limit = 100
) -> Response:
    """List what waits for the examiner who asks, oldest first."""
    found = await to_thread.run_sync(
        lambda: services.signing.identities.reviews.waiting(principal, after=after, limit=limit + 1)
    )
    return page_response([_write(each) for each in found], [each.position for each in found], limit)


@router.get(
    "/{check}/files/{sha256}",
    summary="Look at a file",
    responses=refuses(401, 403, 404, 410)
    | {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
    response_class=Response,
)
async def get_review_file(check: CheckId, sha256: Sha256, services: App, principal: MemberCaller) -> Response:
    """Give a file as it was left; the access is logged. It is never shown in the page's own origin."""
    content, media_type = await to_thread.run_sync(
        services.signing.identities.reviews.file, principal, check, sha256
    )
    headers = {"Content-Disposition": "attachment", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(content, headers=headers, media_type=media_type)


@router.post(
    "/{check}",
    status_code=204,
    summary="Decide",
    responses=refuses(401, 403, 404, 409, body=True),
    openapi_extra=takes(ReviewRequest),
)
async def decide_review(check: CheckId, request: Request, services: App, principal: MemberCaller) -> Response:
    """Approve or refuse; nobody decides on himself, or on what he began."""
    body = await read_body(request, ReviewRequest)
    decision = Decision(body.approved, body.reason_code or "", body.reason or "")
    await to_thread.run_sync(services.signing.identities.reviews.decide, principal, check, decision)
    return Response(status_code=204)


def _write(found: Material) -> JsonObject:
    value: JsonObject = {
        "id": found.check,
        "account": found.account,
        "kind": found.kind,
        "method": found.method,
        "name": found.name,
        "number": found.number,
        "simulated": found.simulated,
        "started_at": format_time(found.started_at),
        "files": [
            {"sha256": sha256, "media_type": media_type, "size": size}
            for sha256, media_type, size in found.files
        ],
    }
    if found.legal_representative:
        value["legal_representative"] = found.legal_representative
    return value
