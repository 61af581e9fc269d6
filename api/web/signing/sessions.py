"""Logging in and out, and the one-time links by which people set up and recover how they log in."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.services import Services
from api.web.bodies import read_body
from api.web.deps import PUBLIC, App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import MemberCaller, NewcomerCaller, drop_cookie, seen_of, set_cookie
from api.web.signing.session_schemas import (
    LoginRequest,
    SessionList,
    SessionOpened,
    SessionOwner,
    SetupAnswer,
    SetupRequest,
    SetupView,
)
from signing.people.logins import Attempt
from signing.people.sessions import OpenedSession
from signing.people.setup import Answer
from signing.principal import Principal

router = APIRouter(prefix="/v1/signing/sessions", tags=["signing: sessions"])
SessionId = Annotated[str, Path(pattern=UUID_PATTERN, description="the session")]


@router.post(
    "",
    status_code=201,
    summary="Log in",
    dependencies=PUBLIC,
    responses=refuses(401, 429, body=True) | {201: {"model": SessionOpened}},
    openapi_extra=takes(LoginRequest),
)
async def log_in(request: Request, services: App) -> Response:
    """Open a session. Whatever is wrong, the answer is the same; after several failures it takes longer and longer."""
    body = await read_body(request, LoginRequest)
    attempt = Attempt(body.organisation, body.login, body.password, body.code or "", body.recovery_code or "")
    opened = await to_thread.run_sync(services.signing.people.logins.login, attempt, seen_of(request))
    return _opened(services, opened, cookie=body.cookie)


@router.get(
    "",
    summary="List one's own sessions",
    responses=refuses(401, 403) | {200: {"model": SessionList}},
)
async def list_sessions(services: App, principal: MemberCaller) -> Response:
    """List the sessions of one's own account that go on."""
    found = await to_thread.run_sync(services.signing.people.sessions.listed, principal)
    return json_response(
        {
            "data": [
                {
                    "id": each.id,
                    "terminal": each.terminal,
                    "created_at": format_time(each.created_at),
                    "seen_at": format_time(each.seen_at),
                    "expires_at": format_time(each.expires_at),
                    "current": each.current,
                }
                for each in found
            ]
        }
    )


@router.get(
    "/current",
    summary="See who is logged in",
    responses=refuses(401, 403) | {200: {"model": SessionOwner}},
)
async def current_session(services: App, principal: NewcomerCaller) -> Response:
    """Say whose session this is, and what he may do."""
    account = principal.require_account()
    missing = await to_thread.run_sync(services.signing.people.agreements.lacking, account)
    return json_response(
        {
            "organisation": principal.tenant,
            "account": account,
            "session": principal.session or "",
            "roles": [role.value for role in sorted(principal.roles)],
            "permissions": [permission.value for permission in sorted(principal.permissions)],
            "agreements_missing": list(missing),
        }
    )


@router.delete("/current", status_code=204, summary="Log out", responses=refuses(401, 403))
async def log_out(services: App, principal: NewcomerCaller) -> Response:
    """End this session."""
    return await _end(services, principal, principal.session or "", forget=True)


@router.delete(
    "/{session}", status_code=204, summary="End one of one's own sessions", responses=refuses(401, 403, 404)
)
async def end_session(session: SessionId, services: App, principal: MemberCaller) -> Response:
    """End a session of one's own account, on whatever machine it goes on."""
    return await _end(services, principal, session, forget=session == principal.session)


@router.post(
    "/setup",
    summary="Open a one-time link",
    dependencies=PUBLIC,
    responses=refuses(410, 429, body=True) | {200: {"model": SetupView}},
    openapi_extra=takes(SetupRequest),
)
async def begin_setup(request: Request, services: App) -> Response:
    """Draw a second factor for the holder of the link, and show it; opening the link again draws another."""
    body = await read_body(request, SetupRequest)
    shown = await to_thread.run_sync(services.signing.people.setups.begin, body.token)
    value: JsonObject = {
        "organisation": shown.tenant,
        "account": shown.account,
        "name": shown.name,
        "secret": shown.secret,
        "otpauth_uri": shown.uri,
        "agreements": list(shown.agreements),
    }
    return json_response(value | ({"login": shown.login} if shown.login else {}))


@router.post(
    "/setup/answer",
    status_code=201,
    summary="Set password and second factor",
    dependencies=PUBLIC,
    responses=refuses(409, 410, 429, body=True) | {201: {"model": SessionOpened}},
    openapi_extra=takes(SetupAnswer),
)
async def finish_setup(request: Request, services: App) -> Response:
    """Register: set password and second factor, accept the agreements, end older sessions, begin one."""
    body = await read_body(request, SetupAnswer)
    answer = Answer(
        token=body.token,
        login=body.login or "",
        password=body.password,
        code=body.code,
        agreements=[each.yes() for each in body.agreements or ()],
    )
    done = await to_thread.run_sync(services.signing.people.setups.finish, answer, seen_of(request))
    return _opened(services, done.session, cookie=body.cookie, recovery_codes=done.recovery_codes)


def _opened(
    services: Services, opened: OpenedSession, *, cookie: bool, recovery_codes: tuple[str, ...] = ()
) -> Response:
    value: JsonObject = {"session": opened.id, "expires_at": format_time(opened.expires_at)}
    if recovery_codes:
        value["recovery_codes"] = list(recovery_codes)
    if not cookie:
        return json_response(value | {"token": opened.token}, status=201)
    response = json_response(value, status=201)
    seconds = int((opened.expires_at - services.clock()).total_seconds())
    set_cookie(response, services.settings, "session", opened.token, seconds=seconds)
    return response


async def _end(services: Services, principal: Principal, session: str, *, forget: bool) -> Response:
    await to_thread.run_sync(services.signing.people.sessions.end, principal, session)
    response = Response(status_code=204)
    if forget:
        drop_cookie(response, services.settings, "session")
    return response
