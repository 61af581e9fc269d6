"""Business types, and which members work with each."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject

from api.web.bodies import read_body
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import AdminSigning, ReadSigning
from api.web.signing.people_schemas import (
    BusinessTypeDemand,
    BusinessTypeRequest,
    BusinessTypes,
    BusinessTypeView,
    StateRequest,
)
from signing.people.business_types import BusinessType
from signing.principal import Principal

router = APIRouter(prefix="/v1/signing/business-types", tags=["signing: people"])
TypeId = Annotated[str, Path(pattern=UUID_PATTERN, description="the business type")]
MemberId = Annotated[str, Path(pattern=UUID_PATTERN, description="the member's account")]


@router.post(
    "",
    status_code=201,
    summary="Create a business type",
    responses=refuses(401, 403, 409, body=True)
    | {201: {"model": BusinessTypeView}, 200: {"model": BusinessTypeView}},
    openapi_extra=takes(BusinessTypeRequest),
)
async def create_business_type(request: Request, services: App, principal: AdminSigning) -> Response:
    """Create a business type under the client's id."""
    body = await read_body(request, BusinessTypeRequest)
    made, fresh = await to_thread.run_sync(
        lambda: services.signing.people.business_types.create(
            principal,
            request=body.id,
            code=body.code,
            name=body.name,
            scene=body.scene,
            identity_level=body.identity_level,
        )
    )
    return json_response(_write(made), status=201 if fresh else 200)


@router.get("", summary="List business types", responses=refuses(401, 403) | {200: {"model": BusinessTypes}})
async def list_business_types(services: App, principal: ReadSigning) -> Response:
    """List the tenant's business types by code."""
    found = await to_thread.run_sync(services.signing.people.business_types.listed, principal)
    return json_response({"data": [_write(each) for each in found]})


@router.put(
    "/{business_type}/state",
    summary="Let a business type be used, or no longer",
    responses=refuses(401, 403, 404, body=True) | {200: {"model": BusinessTypeView}},
    openapi_extra=takes(StateRequest),
)
async def put_business_type_state(
    business_type: TypeId, request: Request, services: App, principal: AdminSigning
) -> Response:
    """Enable or disable a business type for new contracts."""
    body = await read_body(request, StateRequest)
    changed = await to_thread.run_sync(
        lambda: services.signing.people.business_types.set_enabled(
            principal, business_type, enabled=body.enabled
        )
    )
    return json_response(_write(changed))


@router.put(
    "/{business_type}/identity-level",
    summary="Demand a level of identity",
    responses=refuses(401, 403, 404, body=True) | {200: {"model": BusinessTypeView}},
    openapi_extra=takes(BusinessTypeDemand),
)
async def put_business_type_level(
    business_type: TypeId, request: Request, services: App, principal: AdminSigning
) -> Response:
    """Set at which level whoever signs contracts of this type is verified before; of those that are sent from now on."""
    body = await read_body(request, BusinessTypeDemand)
    changed = await to_thread.run_sync(
        services.signing.people.business_types.demand, principal, business_type, body.identity_level
    )
    return json_response(_write(changed))


@router.put(
    "/{business_type}/members/{account}",
    summary="Grant a business type",
    responses=refuses(401, 403, 404) | {200: {"model": BusinessTypeView}},
)
async def grant_business_type(
    business_type: TypeId, account: MemberId, services: App, principal: AdminSigning
) -> Response:
    """Grant a business type to a member."""
    return await _grant(services, principal, business_type, account, granted=True)


@router.delete(
    "/{business_type}/members/{account}",
    summary="Take a business type back",
    responses=refuses(401, 403, 404) | {200: {"model": BusinessTypeView}},
)
async def withdraw_business_type(
    business_type: TypeId, account: MemberId, services: App, principal: AdminSigning
) -> Response:
    """Take a grant back."""
    return await _grant(services, principal, business_type, account, granted=False)


async def _grant(
    services: App, principal: Principal, business_type: str, account: str, *, granted: bool
) -> Response:
    changed = await to_thread.run_sync(
        lambda: services.signing.people.business_types.grant(
            principal, business_type, account, granted=granted
        )
    )
    return json_response(_write(changed))


def _write(found: BusinessType) -> JsonObject:
    return {
        "id": found.id,
        "code": found.code,
        "name": found.name,
        "scene": found.scene,
        "identity_level": found.identity_level,
        "enabled": found.enabled,
        "members": list(found.accounts),
    }
