"""How an external party comes in: the token of a one-time link against a session (`/v1/signing/party-sessions`)."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.web.bodies import read_body
from api.web.deps import PUBLIC, App, refuses, takes
from api.web.responses import json_response
from api.web.signing.callers import PartyCaller, drop_cookie, seen_of, set_cookie
from api.web.signing.delivery_schemas import LinkToken, PartySession, PartySessionRequest

router = APIRouter(prefix="/v1/signing/party-sessions", tags=["signing: parties"])


@router.post(
    "",
    status_code=201,
    summary="Use a one-time link",
    dependencies=PUBLIC,
    responses=refuses(410, 429, body=True) | {201: {"model": PartySession}},
    openapi_extra=takes(PartySessionRequest),
)
async def enter(request: Request, services: App) -> Response:
    """Exchange the token of a link for a session, once. That the link was followed is recorded as evidence.

    A page does this when a person asks for it, not when it loads: programs that look into mails follow links too.
    """
    body = await read_body(request, PartySessionRequest)
    entered = await to_thread.run_sync(services.signing.delivery.door.enter, body.token, seen_of(request))
    answer: JsonObject = {
        "contract": entered.contract,
        "party": entered.party,
        "expires_at": format_time(entered.session.expires_at),
    }
    if not body.cookie:
        answer["token"] = entered.session.token
    response = json_response(answer, status=201, headers={"Cache-Control": "no-store"})
    if body.cookie:
        seconds = int((entered.session.expires_at - services.clock()).total_seconds())
        set_cookie(response, services.settings, "party", entered.session.token, seconds=seconds)
    return response


@router.post(
    "/renewals",
    status_code=202,
    summary="Ask for a fresh link",
    dependencies=PUBLIC,
    responses=refuses(429, body=True),
    openapi_extra=takes(LinkToken),
)
async def renew(request: Request, services: App) -> Response:
    """Have a fresh link sent to the party whose link this was. The answer is the same whatever the token is."""
    body = await read_body(request, LinkToken)
    await to_thread.run_sync(services.signing.delivery.door.renew, body.token)
    return json_response({}, status=202)


@router.delete("/current", status_code=204, summary="Leave", responses=refuses(401, 403))
async def leave(services: App, principal: PartyCaller) -> Response:
    """End this session."""
    await to_thread.run_sync(services.signing.people.sessions.end, principal, principal.session or "")
    response = Response(status_code=204)
    drop_cookie(response, services.settings, "party")
    return response
