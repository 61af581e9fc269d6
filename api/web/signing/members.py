"""Internal members: created, changed, given roles, invited, kept out (S4-34…42, S4-44)."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.web.bodies import read_body
from api.web.deps import After, App, Limit, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import AdminSigning, ReadSigning
from api.web.signing.people_answers import created, found, link, page
from api.web.signing.people_schemas import (
    AccountPage,
    AccountView,
    MemberRequest,
    ProfileValues,
    RolesRequest,
    SetupLink,
    StateRequest,
    write_account,
)
from signing.people.accounts import NewAccount
from signing.people.roles import Role

router = APIRouter(prefix="/v1/signing/members", tags=["signing: people"])
MemberId = Annotated[str, Path(pattern=UUID_PATTERN, description="the member's account")]


@router.post(
    "",
    status_code=201,
    summary="Create a member",
    responses=refuses(401, 403, 409, body=True) | {201: {"model": AccountView}, 200: {"model": AccountView}},
    openapi_extra=takes(MemberRequest),
)
async def create_member(request: Request, services: App, principal: AdminSigning) -> Response:
    """Create an internal member. Roles beyond `member` need the right to grant them."""
    body = await read_body(request, MemberRequest)
    return await created(
        services,
        principal,
        NewAccount(
            request=body.id,
            kind="person",
            internal=True,
            profile=body.profile(login=body.login or "", external_id=body.external_id or ""),
            roles=frozenset(Role(role) for role in body.roles or ()),
            app=principal.app,
        ),
    )


@router.get("", summary="List members", responses=refuses(401, 403) | {200: {"model": AccountPage}})
async def list_members(
    services: App, principal: ReadSigning, after: After = 0, limit: Limit = 100
) -> Response:
    """List internal accounts in the order they were created."""
    return await page(services, principal, internal=True, after=after, limit=limit)


@router.get(
    "/{account}", summary="Look at a member", responses=refuses(401, 403, 404) | {200: {"model": AccountView}}
)
async def get_member(account: MemberId, services: App, principal: ReadSigning) -> Response:
    """Show an internal member."""
    return json_response(write_account(await found(services, principal, account, internal=True)))


@router.put(
    "/{account}",
    summary="Change a member",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": AccountView}},
    openapi_extra=takes(ProfileValues),
)
async def put_member(account: MemberId, request: Request, services: App, principal: AdminSigning) -> Response:
    """Set a member's values; what is absent is removed. Login name and external id stay."""
    body = await read_body(request, ProfileValues)
    await found(services, principal, account, internal=True)
    changed = await to_thread.run_sync(
        lambda: services.signing.people.accounts.update(principal, account, **body.values())
    )
    return json_response(write_account(changed))


@router.put(
    "/{account}/roles",
    summary="Give a member roles",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": AccountView}},
    openapi_extra=takes(RolesRequest),
)
async def put_roles(account: MemberId, request: Request, services: App, principal: AdminSigning) -> Response:
    """Give a member exactly these roles; one super administrator has to remain."""
    body = await read_body(request, RolesRequest)
    changed = await to_thread.run_sync(
        services.signing.people.administration.set_roles,
        principal,
        account,
        frozenset(Role(role) for role in body.roles),
    )
    return json_response(write_account(changed))


@router.put(
    "/{account}/state",
    summary="Let a member in, or keep him out",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": AccountView}},
    openapi_extra=takes(StateRequest),
)
async def put_member_state(
    account: MemberId, request: Request, services: App, principal: AdminSigning
) -> Response:
    """Enable or disable a member; a disabled one's sessions are over."""
    body = await read_body(request, StateRequest)
    await found(services, principal, account, internal=True)
    changed = await to_thread.run_sync(
        lambda: services.signing.people.administration.set_enabled(principal, account, enabled=body.enabled)
    )
    return json_response(write_account(changed))


@router.post(
    "/{account}/setup-link",
    status_code=201,
    summary="Invite a member, or let him recover",
    responses=refuses(401, 403, 404, 409) | {201: {"model": SetupLink}},
)
async def invite_member(account: MemberId, services: App, principal: AdminSigning) -> Response:
    """Make a one-time link by which a member sets password and second factor, the first time or anew."""
    await found(services, principal, account, internal=True)
    return await link(services, principal, account)


@router.post(
    "/{account}/end-sessions",
    status_code=204,
    summary="End a member's sessions",
    responses=refuses(401, 403, 404),
)
async def end_member_sessions(account: MemberId, services: App, principal: AdminSigning) -> Response:
    """End every session of a member."""
    await to_thread.run_sync(services.signing.people.sessions.end_all, principal, account)
    return Response(status_code=204)
