"""Contracts: drafted, approved, sent, looked at (`/v1/signing/contracts`, S4-45…47)."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.encoding import parse_time

from api.signing.desk import SigningDesk
from api.web.bodies import read_body
from api.web.deps import After, App, Limit, refuses, takes
from api.web.responses import json_response, page_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import MemberCaller, ReadSigning, WriteSigning
from api.web.signing.contract_answers import details, in_chinese, summary
from api.web.signing.contract_schemas import (
    ContractChange,
    ContractDecisionRequest,
    ContractDetails,
    ContractFileRequest,
    ContractPage,
    ContractRequest,
)
from api.web.signing.uploads import carries, read_upload
from signing.assurance import NOTHING
from signing.contracts.demands import Demand
from signing.contracts.draft import Draft
from signing.contracts.models import ContractRow
from signing.contracts.ports import Upload
from signing.contracts.views import Details
from signing.database import read, write
from signing.principal import Principal

router = APIRouter(prefix="/v1/signing/contracts", tags=["signing: contracts"])
ContractId = Annotated[str, Path(pattern=UUID_PATTERN, description="the contract")]
BusinessNumber = Annotated[str, Query(pattern=r"^[!-~]{1,128}$", description="the application's own number")]
AppName = Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="the application")]
Standing = Literal[
    "draft",
    "pending_approval",
    "waiting_for_me",
    "waiting_for_others",
    "completed",
    "expired",
    "withdrawn",
    "rejected",
    "voided",
]
_DETAILS: dict[int | str, dict[str, Any]] = {200: {"model": ContractDetails}}


@router.post(
    "",
    status_code=201,
    summary="Draft a contract, from a template or to be given documents",
    responses=refuses(401, 403, 404, 409, 410, body=True)
    | {n: {"model": ContractDetails} for n in (200, 201)},
    openapi_extra=takes(ContractRequest),
)
async def create(request: Request, services: App, caller: WriteSigning) -> Response:
    """Draft a contract. The same content under the same business number is the same contract (200)."""
    body = await read_body(request, ContractRequest)
    draft = _draft(body, caller)
    return await to_thread.run_sync(_create, services.signing, caller, draft, in_chinese(request))


@router.post(
    "/by-file",
    status_code=201,
    summary="Draft a contract from a file: PDF, DOCX or DOC",
    responses=refuses(401, 403, 404, 409, 410, body=True)
    | {n: {"model": ContractDetails} for n in (200, 201)},
    openapi_extra=carries(ContractFileRequest),
)
async def create_by_file(request: Request, services: App, caller: WriteSigning) -> Response:
    """Draft a contract and give it its document, as a form or as base64 in JSON, in one step."""
    body, file = await read_upload(request, ContractFileRequest)
    draft = _draft(body, caller, file)
    return await to_thread.run_sync(_create, services.signing, caller, draft, in_chinese(request))


def _draft(body: ContractRequest, by: Principal, file: Upload | None = None) -> Draft:
    return Draft(
        id=body.id,
        title=body.title,
        parties=tuple(each.party() for each in body.parties),
        uploads=() if file is None else (file,),
        template=body.template,
        values=body.values,
        app=body.app or by.app,
        business_number=body.business_number,
        business_type=body.business_type,
        scene=body.scene,
        deadline=None if body.deadline is None else parse_time(body.deadline),
        approvers=tuple(body.approvers),
        remind_ahead=body.remind_ahead,
        remind_every=body.remind_every,
        replaces=body.replaces,
    )


def _create(desk: SigningDesk, by: Principal, draft: Draft, chinese: bool) -> Response:
    draft = draft.with_uploads(tuple(desk.documents.prepare(each) for each in draft.uploads))
    with write(desk.context.engine) as session:
        row, new = desk.contracts.drafting.create(session, by, draft)
        body = details(desk.contracts.views.details(session, by, row.id), chinese=chinese)
    headers = {"Location": f"/v1/signing/contracts/{row.id}"}
    return json_response(body, status=201 if new else 200, headers=headers)


@router.get(
    "",
    summary="The contracts one may see, or the one of a business number",
    responses=refuses(401, 403, 404, 410) | {200: {"model": ContractPage}},
)
async def listing(
    request: Request,
    services: App,
    caller: ReadSigning,
    standing: Standing | None = None,
    app: AppName | None = None,
    business_number: BusinessNumber | None = None,
    cursor: After = 0,
    limit: Limit = 100,
) -> Response:
    """Give them newest first; ``standing`` is how they stand for the caller. A business number is one application's."""

    def found() -> Response:
        desk, chinese = services.signing, in_chinese(request)
        views = desk.contracts.views
        with read(desk.context.engine) as session:
            if business_number is not None:
                one = views.by_number(session, caller, app or caller.app, business_number)
                return json_response({"data": [summary(one.summary, chinese=chinese)], "has_more": False})
            seen = views.listing(session, caller, after=cursor, limit=limit + 1, standing=standing, app=app)
        bodies = [summary(each, chinese=chinese) for each in seen]
        return page_response(bodies, [each.position for each in seen], limit)

    return await to_thread.run_sync(found)


@router.get(
    "/{contract}",
    summary="A contract with its parties and its history",
    responses=refuses(401, 403, 404, 410) | _DETAILS,
)
async def one(contract: ContractId, request: Request, services: App, caller: ReadSigning) -> Response:
    """Give a contract as the caller may see it: states, moments and events of every step."""

    def found() -> Details:
        with read(services.signing.context.engine) as session:
            return services.signing.contracts.views.details(session, caller, contract)

    return json_response(details(await to_thread.run_sync(found), chinese=in_chinese(request)))


@router.patch(
    "/{contract}",
    summary="Change a draft",
    responses=refuses(401, 403, 404, 409, 410, body=True) | _DETAILS,
    openapi_extra=takes(ContractChange),
)
async def change(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Change the deadline, the approvers, or what is demanded of parties. Who they are, and the title, are locked."""
    body = await read_body(request, ContractChange)

    def edit(session: Session) -> ContractRow:
        return services.signing.contracts.drafting.edit(
            session,
            caller,
            contract,
            deadline=None if body.deadline is None else parse_time(body.deadline),
            approvers=None if body.approvers is None else tuple(body.approvers),
            demands=[
                (each.party, Demand(each.identity_level or NOTHING, tuple(each.factors)))
                for each in body.demands
            ],
            revision=body.revision,
        )

    return await done(services.signing, caller, edit, request)


@router.post(
    "/{contract}/submit",
    summary="Ask the approvers",
    responses=refuses(401, 403, 404, 409, 410) | _DETAILS,
)
async def submit(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Have the contract approved inside the organisation before it is sent."""
    sending = services.signing.contracts.sending
    return await done(
        services.signing, caller, lambda session: sending.submit(session, caller, contract), request
    )


@router.post(
    "/{contract}/decision",
    summary="Approve a contract, or refuse",
    responses=refuses(401, 403, 404, 409, 410, body=True) | _DETAILS,
    openapi_extra=takes(ContractDecisionRequest),
)
async def decide(contract: ContractId, request: Request, services: App, caller: MemberCaller) -> Response:
    """Decide, once, as somebody who was asked. A refused contract is a draft again."""
    body = await read_body(request, ContractDecisionRequest)
    sending = services.signing.contracts.sending

    def decision(session: Session) -> ContractRow:
        return sending.decide(session, caller, contract, approved=body.approved, reason=body.reason)

    return await done(services.signing, caller, decision, request)


@router.post(
    "/{contract}/send",
    summary="Send a contract to its parties",
    responses=refuses(401, 403, 404, 409, 410) | _DETAILS,
)
async def send(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Fix the documents, which name the case of evidence, and tell those whose turn it is."""
    sending = services.signing.contracts.sending
    return await done(
        services.signing, caller, lambda session: sending.send(session, caller, contract), request
    )


async def done(
    desk: SigningDesk, by: Principal, step: Callable[[Session], ContractRow], request: Request
) -> Response:
    """Take a step in a transaction, and answer with the contract as it stands then."""

    def take() -> Details:
        with write(desk.context.engine) as session:
            row = step(session)
            return desk.contracts.views.details(session, by, row.id)

    return json_response(details(await to_thread.run_sync(take), chinese=in_chinese(request)))
