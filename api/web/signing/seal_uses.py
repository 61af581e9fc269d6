"""Who may use a seal, and what it was used for: grants, uses, and uses that are asked for one by one."""

from datetime import datetime
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time, parse_time
from zheng_verifier.errors import EvidenceError

from api.web.bodies import malformed, read_body
from api.web.deps import After, App, Limit, refuses, takes
from api.web.responses import json_response, page_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import ReadSigning, WriteSigning
from api.web.signing.seals import DENIED, SealId
from api.web.signing.seals_schemas import (
    SealDecision,
    SealGrantEnd,
    SealGrantRequest,
    SealGrantsView,
    SealGrantView,
    SealUseRequestsView,
    SealUseRequestView,
    SealUsesView,
)
from signing.seals.grants import NewGrant
from signing.seals.models import SealGrantRow, SealUseRequestRow, SealUseRow

router = APIRouter(prefix="/v1/signing/seals", tags=["signing: seals"])

GrantId = Annotated[str, Path(pattern=UUID_PATTERN, description="the grant")]
RequestId = Annotated[str, Path(pattern=UUID_PATTERN, description="the request")]


@router.post(
    "/{seal}/grants",
    status_code=201,
    summary="Let an account use a seal",
    responses=refuses(*DENIED, body=True) | {201: {"model": SealGrantView}, 200: {"model": SealGrantView}},
    openapi_extra=takes(SealGrantRequest),
)
async def grant_seal(seal: SealId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Grant the use of a seal."""
    body = await read_body(request, SealGrantRequest)
    new = NewGrant(
        id=body.id,
        grantee=body.grantee,
        scope=body.scope,
        valid_from=_time(body.valid_from, "/valid_from"),
        valid_to=_time(body.valid_to, "/valid_to"),
        kinds=tuple(body.kinds),
        contract=body.contract,
        max_uses=body.max_uses,
    )
    grant, made = await to_thread.run_sync(services.signing.seals.grants.grant, caller, seal, new)
    return json_response(_grant(grant), status=201 if made else 200)


@router.get(
    "/{seal}/grants",
    summary="List a seal's grants",
    responses=refuses(401, 403, 404) | {200: {"model": SealGrantsView}},
)
async def list_grants(seal: SealId, services: App, caller: ReadSigning) -> Response:
    """List all grants of a seal one keeps, ended ones too."""
    grants = await to_thread.run_sync(services.signing.seals.grants.listed, caller, seal)
    return json_response({"data": [_grant(grant) for grant in grants]})


@router.post(
    "/{seal}/grants/{grant}:revoke",
    summary="Take a grant back",
    responses=refuses(*DENIED, body=True) | {200: {"model": SealGrantView}},
    openapi_extra=takes(SealGrantEnd),
)
async def revoke_grant(
    seal: SealId, grant: GrantId, request: Request, services: App, caller: WriteSigning
) -> Response:
    """End a grant now."""
    body = await read_body(request, SealGrantEnd)
    ended = await to_thread.run_sync(
        lambda: services.signing.seals.grants.revoke(
            caller, seal, grant, code=body.reason_code, reason=body.reason
        )
    )
    return json_response(_grant(ended))


@router.get(
    "/{seal}/uses",
    summary="List a seal's uses",
    responses=refuses(401, 403, 404) | {200: {"model": SealUsesView}},
)
async def list_uses(
    seal: SealId, services: App, caller: ReadSigning, after: After = 0, limit: Limit = 100
) -> Response:
    """List every recorded use of a seal one keeps, oldest first."""
    uses = await to_thread.run_sync(
        lambda: services.signing.seals.uses.listed(caller, seal, after=after, limit=limit + 1)
    )
    return page_response([_use(use) for use in uses], [use.position for use in uses], limit)


@router.get(
    "/{seal}/use-requests",
    summary="List requests to use a seal",
    responses=refuses(401, 403, 404) | {200: {"model": SealUseRequestsView}},
)
async def list_use_requests(seal: SealId, services: App, caller: ReadSigning) -> Response:
    """List the uses that somebody asked for, decided ones too."""
    found = await to_thread.run_sync(services.signing.seals.approvals.requested, caller, seal)
    return json_response({"data": [_use_request(each) for each in found]})


@router.post(
    "/use-requests/{use_request}:decide",
    summary="Approve or reject a use",
    responses=refuses(*DENIED, body=True) | {200: {"model": SealUseRequestView}},
    openapi_extra=takes(SealDecision),
)
async def decide_use(
    use_request: RequestId, request: Request, services: App, caller: WriteSigning
) -> Response:
    """Decide about one use of a seal on one document: whoever keeps the seal, and not who asked."""
    body = await read_body(request, SealDecision)
    decided = await to_thread.run_sync(
        lambda: services.signing.seals.approvals.decide(
            caller, use_request, approve=body.approve, reason=body.reason
        )
    )
    return json_response(_use_request(decided))


def _time(text: str, field: str) -> datetime:
    try:
        return parse_time(text)
    except EvidenceError as error:
        raise malformed(error, field) from error


def _grant(grant: SealGrantRow) -> JsonObject:
    body: JsonObject = {
        "id": grant.id,
        "seal": grant.seal,
        "grantee": grant.grantee,
        "scope": grant.scope,
        "kinds": list(grant.kinds.split()),
        "valid_from": format_time(grant.valid_from),
        "valid_to": format_time(grant.valid_to),
        "uses": grant.uses,
        "event": grant.event,
        "created_at": format_time(grant.created_at),
    }
    if grant.contract is not None:
        body["contract"] = grant.contract
    if grant.max_uses is not None:
        body["max_uses"] = grant.max_uses
    if grant.revoked_at is not None:
        body["revoked_at"] = format_time(grant.revoked_at)
    return body


def _use(use: SealUseRow) -> JsonObject:
    body: JsonObject = {
        "event": use.event,
        "contract": use.contract,
        "party": use.party,
        "document": use.document,
        "used_at": format_time(use.used_at),
    }
    if use.account is not None:
        body["account"] = use.account
    return body if use.grant is None else body | {"grant": use.grant}


def _use_request(row: SealUseRequestRow) -> JsonObject:
    body: JsonObject = {
        "id": row.id,
        "seal": row.seal,
        "contract": row.contract,
        "document_sha256": row.document_sha256,
        "requester": row.requester,
        "requested_at": format_time(row.requested_at),
    }
    if row.approved is not None:
        body["approved"] = row.approved
    if row.decided_at is not None:
        body["decided_at"] = format_time(row.decided_at)
    return body
