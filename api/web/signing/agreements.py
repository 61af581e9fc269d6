"""Agreements and consents: the texts as bytes, and who said yes to which of them."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.web.bodies import read_body
from api.web.deps import PUBLIC, App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import AgreeingAnyone, AnyCaller, WriteAnyone
from api.web.signing.session_schemas import (
    AgreementsRequest,
    ConsentList,
    ConsentRequest,
    ConsentView,
    MissingView,
    PublishedTexts,
    WithdrawalRequest,
)
from signing.people.agreements import AGREEMENTS, LOCALES, PURPOSES, REQUIRED, Consent, current

router = APIRouter(prefix="/v1/signing", tags=["signing: agreements"])
Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,31}$", description="of the agreement or consent")]
ConsentId = Annotated[str, Path(pattern=UUID_PATTERN, description="the consent")]
OfAccount = Annotated[str | None, Query(pattern=UUID_PATTERN, description="whose; one's own if absent")]


@router.get(
    "/agreements",
    summary="List the texts that hold now",
    dependencies=PUBLIC,
    responses=refuses(429) | {200: {"model": PublishedTexts}},
)
async def list_agreements() -> Response:
    """List agreements and consents in their newest version, with the digests of their bytes."""
    rows: list[JsonObject] = []
    for name in (*AGREEMENTS, *PURPOSES):
        for locale in LOCALES:
            text = current(name, locale)
            rows.append(
                {
                    "name": name,
                    "kind": "agreement" if name in AGREEMENTS else "consent",
                    "version": text.version,
                    "locale": locale,
                    "text_sha256": text.sha256,
                    "required": name in REQUIRED,
                    "url": f"/v1/signing/agreements/{name}/{locale}",
                }
            )
    return json_response({"data": list(rows)})


@router.get(
    "/agreements/{name}/{locale}",
    summary="Read a text",
    dependencies=PUBLIC,
    responses=refuses(404, 429) | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    response_class=Response,
)
async def get_agreement(name: Name, locale: Literal["zh-CN", "en"]) -> Response:
    """Give exactly the bytes whose digest is agreed to."""
    text = current(name, locale)
    headers = {"ETag": f'"{text.sha256}"', "Content-Language": locale}
    return Response(text.content, headers=headers, media_type="text/plain; charset=utf-8")


@router.post(
    "/agreements",
    summary="Accept agreements",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": MissingView}},
    openapi_extra=takes(AgreementsRequest),
)
async def accept_agreements(request: Request, services: App, principal: AgreeingAnyone) -> Response:
    """Record that somebody accepted agreements: he himself, or a program that asked him; the evidence says which."""
    body = await read_body(request, AgreementsRequest)
    account = body.account or principal.require_account()
    given = [each.yes() for each in body.agreements]
    await to_thread.run_sync(services.signing.people.agreements.accept, principal, account, given)
    missing = await to_thread.run_sync(services.signing.people.agreements.lacking, account)
    return json_response({"account": account, "missing": list(missing)})


@router.post(
    "/consents",
    status_code=201,
    summary="Consent to one purpose",
    responses=refuses(401, 403, 404, 409, body=True) | {201: {"model": ConsentView}},
    openapi_extra=takes(ConsentRequest),
)
async def give_consent(request: Request, services: App, principal: WriteAnyone) -> Response:
    """Record a separate consent; one that holds already is given again, and no second one recorded."""
    body = await read_body(request, ConsentRequest)
    account = body.account or principal.require_account()
    made = await to_thread.run_sync(
        services.signing.people.agreements.consent, principal, account, body.consent.yes()
    )
    return json_response(_write(made), status=201)


@router.get(
    "/consents",
    summary="List consents",
    responses=refuses(401, 403, 404) | {200: {"model": ConsentList}},
)
async def list_consents(services: App, principal: AnyCaller, account: OfAccount = None) -> Response:
    """List an account's consents, withdrawn ones too."""
    whose = account or principal.require_account()
    found = await to_thread.run_sync(services.signing.people.agreements.consents, principal, whose)
    return json_response({"data": [_write(each) for each in found]})


@router.post(
    "/consents/{consent}/withdrawal",
    summary="Take a consent back",
    responses=refuses(401, 403, 404, body=True) | {200: {"model": ConsentView}},
    openapi_extra=takes(WithdrawalRequest),
)
async def withdraw_consent(
    consent: ConsentId, request: Request, services: App, principal: WriteAnyone
) -> Response:
    """Take a consent back, as easily as it was given; what was done under it before stays as it was."""
    body = await read_body(request, WithdrawalRequest)
    ended = await to_thread.run_sync(
        lambda: services.signing.people.agreements.withdraw(principal, consent, action=body.action)
    )
    return json_response(_write(ended))


def _write(consent: Consent) -> JsonObject:
    value: JsonObject = {
        "id": consent.id,
        "purpose": consent.purpose,
        "version": consent.version,
        "locale": consent.locale,
        "text_sha256": consent.text_sha256,
        "given_at": format_time(consent.given_at),
    }
    if consent.withdrawn_at is not None:
        value["withdrawn_at"] = format_time(consent.withdrawn_at)
    return value
