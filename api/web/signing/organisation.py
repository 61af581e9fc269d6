"""The tenant's own organisation: its profile, and the member who acts for it."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.web.bodies import read_body
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.signing.callers import AdminSigning, ReadSigning
from api.web.signing.people_schemas import AccountView, AgentRequest, OrganisationRequest, write_account

router = APIRouter(prefix="/v1/signing/organisation", tags=["signing: people"])


@router.get(
    "",
    summary="Look at the organisation",
    responses=refuses(401, 403, 404) | {200: {"model": AccountView}},
)
async def get_organisation(services: App, principal: ReadSigning) -> Response:
    """Show the account that is the tenant itself."""
    account = await to_thread.run_sync(services.signing.people.organisations.account, principal)
    return json_response(write_account(account))


@router.put(
    "",
    summary="Describe the organisation",
    responses=refuses(401, 403, 409, body=True) | {200: {"model": AccountView}},
    openapi_extra=takes(OrganisationRequest),
)
async def put_organisation(request: Request, services: App, principal: AdminSigning) -> Response:
    """Set the organisation's profile. A verification of another name or number no longer counts."""
    body = await read_body(request, OrganisationRequest)
    account = await to_thread.run_sync(
        lambda: services.signing.people.organisations.describe(principal, body.profile(), request=body.id)
    )
    return json_response(write_account(account))


@router.put(
    "/agent",
    summary="Name who acts for the organisation",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": AccountView}},
    openapi_extra=takes(AgentRequest),
)
async def put_agent(request: Request, services: App, principal: AdminSigning) -> Response:
    """Name the member who acts for the organisation (经办人); he is verified before it."""
    body = await read_body(request, AgentRequest)
    account = await to_thread.run_sync(
        services.signing.people.organisations.set_agent, principal, body.account
    )
    return json_response(write_account(account))
