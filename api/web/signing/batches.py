"""Many contracts at once (`/v1/signing/batches`, S0-26)."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.encoding import parse_time

from api.signing.desk import SigningDesk
from api.web.bodies import read_body, read_bytes
from api.web.deps import After, App, Limit, refuses, takes
from api.web.responses import json_response, page_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import ReadSigning, WriteSigning
from api.web.signing.contract_answers import item, progress
from api.web.signing.contract_schemas import BatchItems, BatchPage, BatchProgress, ContractBatchRequest
from signing.contracts.batch.plan import Plan
from signing.contracts.batch.rows import Row, parse_csv
from signing.database import read, write
from signing.principal import Principal

router = APIRouter(prefix="/v1/signing/batches", tags=["signing: batches"])
BatchId = Annotated[str, Path(pattern=UUID_PATTERN, description="the batch")]


@router.post(
    "",
    status_code=202,
    summary="Start many contracts from one template",
    responses=refuses(401, 403, 404, 409, 410, body=True) | {n: {"model": BatchProgress} for n in (200, 202)},
    openapi_extra=takes(ContractBatchRequest),
)
async def create(request: Request, services: App, caller: WriteSigning) -> Response:
    """Take a batch; it is carried on by itself, also after a crash. The same again is the same batch (200)."""
    body = await read_body(request, ContractBatchRequest)
    plan = Plan(
        id=body.id,
        template=body.template,
        title=body.title,
        parties=tuple(each.seat() for each in body.parties),
        app=body.app or caller.app,
        scene=body.scene,
        business_type=body.business_type,
        deadline=None if body.deadline is None else parse_time(body.deadline),
        remind_ahead=body.remind_ahead,
        remind_every=body.remind_every,
        send=body.send,
    )
    rows = None if body.rows is None else [each.row() for each in body.rows]
    return await to_thread.run_sync(_create, services.signing, caller, plan, rows)


def _create(desk: SigningDesk, by: Principal, plan: Plan, rows: list[Row] | None) -> Response:
    with write(desk.context.engine) as session:
        _, new = desk.batches.create(session, by, plan, rows)
        body = progress(desk.batches.progress(session, by, plan.id))
    headers = {"Location": f"/v1/signing/batches/{plan.id}"}
    return json_response(body, status=202 if new else 200, headers=headers)


@router.post(
    "/{batch}/rows",
    status_code=202,
    summary="Give a batch its rows as CSV",
    responses=refuses(401, 403, 404, 409, body=True) | {202: {"model": BatchProgress}},
    openapi_extra={
        "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
    },
)
async def add_rows(batch: BatchId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Give the rows, once. Columns: business_number, title, party1.name, party1.phone, …, value.<field of the template>."""
    content = await read_bytes(request, "text/csv")

    def add() -> Response:
        rows, desk = parse_csv(content), services.signing
        with write(desk.context.engine) as session:
            desk.batches.add_rows(session, caller, batch, rows)
            return json_response(progress(desk.batches.progress(session, caller, batch)), status=202)

    return await to_thread.run_sync(add)


@router.get("", summary="The caller's batches", responses=refuses(401, 403) | {200: {"model": BatchPage}})
async def listing(services: App, caller: ReadSigning, cursor: After = 0, limit: Limit = 100) -> Response:
    """Give them newest first."""

    def found() -> Response:
        with read(services.signing.context.engine) as session:
            seen = services.signing.batches.listing(session, caller, after=cursor, limit=limit + 1)
        return page_response([progress(each) for each in seen], [each.position for each in seen], limit)

    return await to_thread.run_sync(found)


@router.get(
    "/{batch}",
    summary="How far a batch is",
    responses=refuses(401, 403, 404) | {200: {"model": BatchProgress}},
)
async def one(batch: BatchId, services: App, caller: ReadSigning) -> Response:
    """Give the number of rows in each state; ``ended_at`` is there when all are done or failed."""

    def found() -> Response:
        with read(services.signing.context.engine) as session:
            return json_response(progress(services.signing.batches.progress(session, caller, batch)))

    return await to_thread.run_sync(found)


@router.get(
    "/{batch}/rows",
    summary="The rows of a batch and what became of them",
    responses=refuses(401, 403, 404) | {200: {"model": BatchItems}},
)
async def items(
    batch: BatchId,
    services: App,
    caller: ReadSigning,
    state: Literal["waiting", "made", "sent", "failed"] | None = None,
    cursor: After = 0,
    limit: Limit = 100,
) -> Response:
    """Give them in the order of the batch; a failed one with the code of its refusal."""

    def found() -> Response:
        with read(services.signing.context.engine) as session:
            seen = services.signing.batches.items(
                session, caller, batch, after=cursor, limit=limit + 1, state=state
            )
        return page_response([item(each) for each in seen], [each.position for each in seen], limit)

    return await to_thread.run_sync(found)
