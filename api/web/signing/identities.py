"""Identity checks: begun, given material, confirmed, looked at; and what a provider tells later."""

from typing import Annotated

import httpx
from anyio import to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.problems import ProblemError
from api.signing.identity_http import HttpIdentityProvider
from api.web.bodies import read_body
from api.web.deps import PUBLIC, After, App, Limit, refuses, takes
from api.web.responses import json_response, page_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import AdminSigning, AnyCaller, WriteAnyone
from api.web.signing.identity_schemas import (
    AmountRequest,
    IdentityPage,
    IdentityRequest,
    IdentityView,
    Methods,
    StandingView,
    Transfers,
)
from signing.errors import Refused
from signing.identity.checks import Check, NewCheck
from signing.identity.methods import METHODS
from signing.identity.simulator import SimulatedIdentityProvider, Transfer
from signing.principal import Permission, Principal

router = APIRouter(prefix="/v1/signing", tags=["signing: identities"])
CheckId = Annotated[str, Path(pattern=UUID_PATTERN, description="the check")]
AccountId = Annotated[str, Path(pattern=UUID_PATTERN, description="the account")]
OfAccount = Annotated[str, Query(pattern=UUID_PATTERN, description="whose checks")]
_MATERIAL = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/jpeg", "image/png", "application/pdf")
        },
    }
}
_OPAQUE = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


@router.get(
    "/identity-methods",
    summary="List ways of checking",
    responses=refuses(401, 403) | {200: {"model": Methods}},
)
async def list_methods(services: App, _principal: AnyCaller) -> Response:
    """List the ways of checking an identity, what each compares and needs, and who compares."""
    provider = services.signing.identities.provider
    rows: list[JsonObject] = [
        {
            "method": each.name,
            "kind": each.kind,
            "level": each.level,
            "compares": list(each.compares),
            "needs": list(each.needs),
            "consents": list(each.consents),
            "title_zh": each.title_zh,
            "title_en": each.title_en,
        }
        for each in METHODS.values()
    ]
    return json_response({"provider": provider.name, "simulated": provider.simulated, "data": list(rows)})


@router.post(
    "/identities",
    status_code=201,
    summary="Begin an identity check",
    responses=refuses(401, 403, 404, 409, body=True)
    | {201: {"model": IdentityView}, 200: {"model": IdentityView}},
    openapi_extra=takes(IdentityRequest),
)
async def begin_identity(request: Request, services: App, principal: WriteAnyone) -> Response:
    """Have an account's values compared: one's own, or as a program or administrator somebody else's."""
    body = await read_body(request, IdentityRequest)
    new = NewCheck(
        body.id,
        body.account,
        body.method,
        body.bank_card or "",
        body.bank_account or "",
        body.eid_token or "",
        body.alipay_code or "",
    )
    check, fresh = await to_thread.run_sync(services.signing.identities.checks.start, principal, new)
    return json_response(_write(check), status=201 if fresh else 200)


@router.get(
    "/identities", summary="List checks", responses=refuses(401, 403, 404) | {200: {"model": IdentityPage}}
)
async def list_identities(
    services: App, principal: AnyCaller, account: OfAccount, after: After = 0, limit: Limit = 100
) -> Response:
    """List the checks of an account, in the order they were begun."""
    found = await to_thread.run_sync(
        lambda: services.signing.identities.checks.listed(principal, account, after=after, limit=limit + 1)
    )
    return page_response([_write(each) for each in found], [each.position for each in found], limit)


@router.get(
    "/identities/of/{account}",
    summary="See what is verified of an account",
    responses=refuses(401, 403, 404) | {200: {"model": StandingView}},
)
async def identity_standing(account: AccountId, services: App, principal: AnyCaller) -> Response:
    """Say what is verified of an account now; `none` if nothing is."""
    held = await to_thread.run_sync(services.signing.identities.standing, principal, account)
    if held is None:
        return json_response({"account": account, "level": "none"})
    return json_response(
        {
            "account": account,
            "level": held.level,
            "method": held.method,
            "provider": held.provider,
            "simulated": held.simulated,
            "verified_at": format_time(held.verified_at),
            "expires_at": format_time(held.expires_at),
        }
    )


@router.get(
    "/identities/{check}",
    summary="Look at a check",
    responses=refuses(401, 403, 404) | {200: {"model": IdentityView}},
)
async def get_identity(check: CheckId, services: App, principal: AnyCaller) -> Response:
    """Show a check."""
    return json_response(
        _write(await to_thread.run_sync(services.signing.identities.checks.get, principal, check))
    )


@router.put(
    "/identities/{check}/material",
    summary="Give an image of the face, or a file for the examiner",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": IdentityView}},
    openapi_extra=_MATERIAL,
)
async def put_material(check: CheckId, request: Request, services: App, principal: WriteAnyone) -> Response:
    """An image of a face goes to the provider and is not kept; a file for the examiner is kept encrypted."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await request.body()
    given = await to_thread.run_sync(
        services.signing.identities.checks.add_material, principal, check, content, media_type
    )
    return json_response(_write(given))


@router.post(
    "/identities/{check}/amount",
    summary="Name the amount that was transferred",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": IdentityView}},
    openapi_extra=takes(AmountRequest),
)
async def confirm_amount(check: CheckId, request: Request, services: App, principal: WriteAnyone) -> Response:
    """Show that the company's account is the company's: three tries."""
    body = await read_body(request, AmountRequest)
    fen = int(body.amount.replace(".", ""))
    given = await to_thread.run_sync(services.signing.identities.checks.confirm_amount, principal, check, fen)
    return json_response(_write(given))


@router.post(
    "/identity-callbacks",
    status_code=204,
    summary="Take a provider's late answer",
    dependencies=PUBLIC,
    responses=refuses(403, 404, 429, body=True),
    openapi_extra=_OPAQUE,
)
async def take_callback(request: Request, services: App) -> Response:
    """For the identity provider alone: signed with the secret he shares with us. Again is the same as once."""
    provider = services.signing.identities.provider
    if not isinstance(provider, HttpIdentityProvider):
        raise ProblemError("not-found")
    body = await request.body()
    try:
        about, answer = provider.read_callback(request.url.path, httpx.Headers(dict(request.headers)), body)
    except ValueError as error:
        raise ProblemError("caller-wrong", f"{str(error).capitalize()}.") from None
    await to_thread.run_sync(services.signing.identities.late.answered, about, answer)
    return Response(status_code=204)


@router.get(
    "/simulators/bank",
    summary="See what the simulated bank transferred",
    responses=refuses(401, 403, 404) | {200: {"model": Transfers}},
)
async def simulated_transfers(services: App, principal: AdminSigning) -> Response:
    """Only while identities are simulated: the amounts a company would see on its account."""
    principal.require(Permission.USE_SIMULATORS)
    provider = services.signing.identities.provider
    if not isinstance(provider, SimulatedIdentityProvider):
        raise ProblemError("not-found")
    mine = await to_thread.run_sync(_own_transfers, services, principal, provider)
    rows: list[JsonObject] = [
        {
            "identity": each.check,
            "account_last4": each.account_last4,
            "amount": f"{each.amount_fen // 100}.{each.amount_fen % 100:02}",
        }
        for each in mine
    ]
    return json_response({"simulated": True, "data": list(rows)})


def _own_transfers(
    services: App, principal: Principal, provider: SimulatedIdentityProvider
) -> list[Transfer]:
    """Leave out other tenants' transfers: to this one they do not exist."""
    mine = []
    for each in provider.transfers():
        try:
            services.signing.identities.checks.get(principal, each.check)
        except Refused:
            continue
        mine.append(each)
    return mine


def _write(check: Check) -> JsonObject:
    value: JsonObject = {
        "id": check.id,
        "account": check.account,
        "kind": check.kind,
        "method": check.method,
        "level": check.level,
        "state": check.state,
        "provider": check.provider,
        "simulated": check.simulated,
        "attempts_left": check.attempts_left,
        "started_at": format_time(check.started_at),
    }
    for name, moment in (("ended_at", check.ended_at), ("expires_at", check.expires_at)):
        if moment is not None:
            value[name] = format_time(moment)
    for name, text in (("reason_code", check.reason), ("result", check.result)):
        if text is not None:
            value[name] = text
    return value | ({"files": list(check.files)} if check.files else {})
