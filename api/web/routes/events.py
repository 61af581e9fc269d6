"""Events: deposit one, deposit a thousand at once, list those of a case."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject

from api.problems import ProblemError
from api.services import Services
from api.web.auth import Caller, ReadEvidence, WriteEvents
from api.web.bodies import read_json, validate
from api.web.deposits import deposit_context, read_deposit
from api.web.deps import After, App, CaseId, Limit, refuses, settled, takes
from api.web.ledger_problems import problem_of
from api.web.receipts import receipt_response
from api.web.responses import page_response
from api.web.schemas import BatchRequest, Events, PlainEvent, Receipt, Receipts, SignedEvent
from ledger.deposit import Deposit
from ledger.errors import LedgerError

router = APIRouter(prefix="/v1/cases/{case}", tags=["events"])
_REFUSALS = refuses(401, 403, 404, 409, body=True)


@router.post(
    "/events",
    status_code=201,
    summary="Deposit an event",
    responses=_REFUSALS | {201: {"model": Receipt}, 200: {"model": Receipt}},
    openapi_extra=takes(SignedEvent, PlainEvent),
)
async def deposit(case: CaseId, request: Request, services: App, caller: WriteEvents) -> Response:
    """Deposit one event: a signed claim, or plain members. The answer is its proof under a signed checkpoint."""
    value = await read_json(request)
    context = deposit_context(services, caller.tenant, case)
    item = await to_thread.run_sync(read_deposit, value, context)
    future = await to_thread.run_sync(services.ledger.deposit, [item])
    receipts = await settled(future)
    return receipt_response(receipts, services, single=True, sealed=[sealed_by_us(item)])


@router.post(
    "/events:batch",
    status_code=201,
    summary="Deposit up to 1,000 events, all or none",
    responses=_REFUSALS | {201: {"model": Receipts}, 200: {"model": Receipts}},
    openapi_extra=takes(BatchRequest),
)
async def deposit_batch(case: CaseId, request: Request, services: App, caller: WriteEvents) -> Response:
    """Deposit the events of a batch in their order. One that is refused refuses all, and is named by its index."""
    batch = validate(await read_json(request), BatchRequest)
    if not batch.events:
        raise ProblemError("batch-empty", field="/events")
    if len(batch.events) > services.settings.limits.batch:
        limit = services.settings.limits.batch
        raise ProblemError("batch-too-large", field="/events", expected=f"at most {limit} events")
    items = await to_thread.run_sync(_read_batch, list(batch.events), services, caller, case)
    try:
        future = await to_thread.run_sync(services.ledger.deposit, items)
        receipts = await settled(future)
    except LedgerError as error:
        if error.index is None:
            raise
        raise problem_of(error).at(error.index) from error
    return receipt_response(receipts, services, single=False, sealed=[sealed_by_us(item) for item in items])


@router.get(
    "/events",
    summary="List the events of a case",
    responses=refuses(401, 403, 404) | {200: {"model": Events}},
)
async def list_events(
    case: CaseId, services: App, caller: ReadEvidence, after: After = 0, limit: Limit = 100
) -> Response:
    """List the events of a case by `seq`, with leaf and entry as they were hashed."""
    views = await to_thread.run_sync(
        lambda: services.ledger.events(caller.tenant, case, after=after, limit=limit + 1)
    )
    bodies: list[JsonObject] = []
    for view in views:
        event: JsonObject = {
            "case": view.case,
            "seq": view.seq,
            "leaf_index": view.leaf_index,
            "leaf": view.leaf.decode(),
        }
        bodies.append(event if view.entry is None else event | {"entry": view.entry.decode()})
    return page_response(bodies, [view.seq for view in views], limit)


def _read_batch(events: list[JsonObject], services: Services, caller: Caller, case: str) -> list[Deposit]:
    context = deposit_context(services, caller.tenant, case)
    items = []
    for index, value in enumerate(events):
        try:
            items.append(read_deposit(value, context))
        except ProblemError as problem:
            raise problem.at(index) from problem
    return items


def sealed_by_us(item: Deposit) -> tuple[str, ...]:
    """Give the disclosures that the service made: the depositor should keep them too."""
    return item.disclosures if item.submitter.kind == "api-key" else ()
