"""External persons and companies: created by page or by program, changed, invited, kept out (S4-38, S4-41, S4-44)."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from api.web.bodies import read_body
from api.web.deps import After, App, Limit, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import ReadSigning, WriteSigning
from api.web.signing.people_answers import created, found, link, page
from api.web.signing.people_schemas import (
    AccountPage,
    AccountView,
    AgentRequest,
    ContactRequest,
    ProfileValues,
    SetupLink,
    StateRequest,
    write_account,
)
from signing.people.accounts import NewAccount

router = APIRouter(prefix="/v1/signing/contacts", tags=["signing: people"])
ContactId = Annotated[str, Path(pattern=UUID_PATTERN, description="the contact's account")]
ExternalId = Annotated[
    str | None, Query(min_length=1, max_length=128, description="only the one that the application calls so")
]


@router.post(
    "",
    status_code=201,
    summary="Create a contact",
    responses=refuses(401, 403, 404, 409, body=True)
    | {201: {"model": AccountView}, 200: {"model": AccountView}},
    openapi_extra=takes(ContactRequest),
)
async def create_contact(request: Request, services: App, principal: WriteSigning) -> Response:
    """Create an external person or company. `X-Zheng-App` and `external_id` together name one contact."""
    body = await read_body(request, ContactRequest)
    return await created(
        services,
        principal,
        NewAccount(
            request=body.id,
            kind=body.kind,
            internal=False,
            profile=body.profile(external_id=body.external_id or ""),
            agent=body.agent,
            app=principal.app,
        ),
    )


@router.get("", summary="List contacts", responses=refuses(401, 403, 404) | {200: {"model": AccountPage}})
async def list_contacts(
    services: App,
    principal: ReadSigning,
    external_id: ExternalId = None,
    after: After = 0,
    limit: Limit = 100,
) -> Response:
    """List external accounts in the order they were created, or find the one of an external id."""
    if external_id is None:
        return await page(services, principal, internal=False, after=after, limit=limit)
    account = await to_thread.run_sync(
        services.signing.people.accounts.by_external_id, principal, principal.app, external_id
    )
    return json_response({"data": [write_account(account)], "has_more": False})


@router.get(
    "/{account}",
    summary="Look at a contact",
    responses=refuses(401, 403, 404) | {200: {"model": AccountView}},
)
async def get_contact(account: ContactId, services: App, principal: ReadSigning) -> Response:
    """Show an external person or company."""
    return json_response(write_account(await found(services, principal, account, internal=False)))


@router.put(
    "/{account}",
    summary="Change a contact",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": AccountView}},
    openapi_extra=takes(ProfileValues),
)
async def put_contact(
    account: ContactId, request: Request, services: App, principal: WriteSigning
) -> Response:
    """Set a contact's values; what is absent is removed. A verification of other values no longer counts."""
    body = await read_body(request, ProfileValues)
    await found(services, principal, account, internal=False)
    changed = await to_thread.run_sync(
        lambda: services.signing.people.accounts.update(principal, account, **body.values())
    )
    return json_response(write_account(changed))


@router.put(
    "/{account}/agent",
    summary="Name who acts for a company",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": AccountView}},
    openapi_extra=takes(AgentRequest),
)
async def put_contact_agent(
    account: ContactId, request: Request, services: App, principal: WriteSigning
) -> Response:
    """Name the contact who acts for an external company (经办人); he is verified before it."""
    body = await read_body(request, AgentRequest)
    await found(services, principal, account, internal=False)
    changed = await to_thread.run_sync(
        lambda: services.signing.people.accounts.update(principal, account, agent=body.account)
    )
    return json_response(write_account(changed))


@router.put(
    "/{account}/state",
    summary="Let a contact in, or keep it out",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": AccountView}},
    openapi_extra=takes(StateRequest),
)
async def put_contact_state(
    account: ContactId, request: Request, services: App, principal: WriteSigning
) -> Response:
    """Enable or disable a contact."""
    body = await read_body(request, StateRequest)
    await found(services, principal, account, internal=False)
    changed = await to_thread.run_sync(
        lambda: services.signing.people.administration.set_enabled(principal, account, enabled=body.enabled)
    )
    return json_response(write_account(changed))


@router.post(
    "/{account}/setup-link",
    status_code=201,
    summary="Invite a contact, or let him recover",
    responses=refuses(401, 403, 404, 409, 422) | {201: {"model": SetupLink}},
)
async def invite_contact(account: ContactId, services: App, principal: WriteSigning) -> Response:
    """Make a one-time link by which an external person sets password and second factor."""
    await found(services, principal, account, internal=False)
    return await link(services, principal, account)
