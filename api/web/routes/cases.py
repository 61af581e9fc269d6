"""Cases: open one, list one's own, look at one."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import EvidenceError
from zheng_verifier.taxonomy import check_data, event_type

from api.issuance.erasure import erase_case
from api.web.auth import ReadEvidence, WriteCases
from api.web.bodies import read_body
from api.web.data_problems import data_problem
from api.web.deps import After, App, CaseId, Limit, refuses, settled, takes
from api.web.receipts import receipt_response
from api.web.responses import json_response, page_response
from api.web.schemas import Case, CaseErasureRequest, CaseOpenRequest, Cases, Receipt
from ledger.service import CaseView

router = APIRouter(prefix="/v1/cases", tags=["cases"])


@router.post(
    "",
    status_code=201,
    summary="Open a case",
    responses=refuses(401, 403, 409, body=True) | {201: {"model": Receipt}, 200: {"model": Receipt}},
    openapi_extra=takes(CaseOpenRequest),
)
async def open_case(request: Request, services: App, caller: WriteCases) -> Response:
    """Open a case of evidence. The service makes its id, so that no business number can slip into the log."""
    body = await read_body(request, CaseOpenRequest)
    data: JsonObject = {"required": list(body.required or [])}
    if body.close_by is not None:
        data["close_by"] = body.close_by
    _check_opening(data | {"kind": body.kind})
    future = await to_thread.run_sync(services.ledger.open_case, caller.tenant, body.id, body.kind, data)
    receipt = await settled(future)
    if body.external_ref is not None:
        await to_thread.run_sync(
            services.store.set_external_ref, caller.tenant, receipt.case, body.external_ref
        )
    return receipt_response([receipt], services, single=True)


@router.get(
    "",
    summary="List the tenant's cases",
    responses=refuses(401, 403) | {200: {"model": Cases}},
)
async def list_cases(services: App, caller: ReadEvidence, after: After = 0, limit: Limit = 100) -> Response:
    """List the tenant's cases in the order they were opened."""
    views = await to_thread.run_sync(
        lambda: services.ledger.cases(caller.tenant, after=after - 1, limit=limit + 1)
    )
    references = await to_thread.run_sync(
        services.store.external_refs, caller.tenant, tuple(view.case for view in views)
    )
    bodies = [write_case(view, references.get(view.case)) for view in views]
    return page_response(bodies, [view.opened_index + 1 for view in views], limit)


@router.get(
    "/{case}",
    summary="Look at a case",
    responses=refuses(401, 403, 404) | {200: {"model": Case}},
)
async def get_case(case: CaseId, services: App, caller: ReadEvidence) -> Response:
    """Give a case as it stands: its events' number and the leaf hash of the newest, which a close must name."""
    view = await to_thread.run_sync(services.ledger.case, caller.tenant, case)
    references = await to_thread.run_sync(services.store.external_refs, caller.tenant, (case,))
    return json_response(write_case(view, references.get(case)))


@router.post(
    "/{case}/erasures",
    status_code=201,
    summary="Erase what is kept of a case",
    responses=refuses(401, 403, 404, 409, body=True) | {201: {"model": Receipt}, 200: {"model": Receipt}},
    openapi_extra=takes(CaseErasureRequest),
)
async def erase(case: CaseId, request: Request, services: App, caller: WriteCases) -> Response:
    """Destroy the keys of entries, opened values and documents for good. Leaves stay in the log, and every proof goes on.

    The same id again gives the same receipt: of `privacy.erased`, which lists the events concerned.
    """
    body = await read_body(request, CaseErasureRequest)
    await to_thread.run_sync(services.ledger.case, caller.tenant, case)
    await to_thread.run_sync(services.signing.keeping.require_erased, caller.tenant, case)
    receipt = await to_thread.run_sync(erase_case, services, caller.tenant, case, body.id, body.basis)
    return receipt_response([receipt], services, single=True)


def write_case(view: CaseView, external_ref: str | None) -> JsonObject:
    """Write a case as the API shows it."""
    body: JsonObject = {
        "case": view.case,
        "kind": view.kind,
        "events": view.count,
        "head": format_base64url(view.head),
        "closed": view.closed,
    }
    return body if external_ref is None else body | {"external_ref": external_ref}


def _check_opening(data: JsonObject) -> None:
    kind = event_type("case.opened/1")
    try:
        check_data(kind.type, data)
    except EvidenceError as error:
        problem = data_problem(error, kind, {"data": data})
        problem.field = (problem.field or "").removeprefix("/data")
        raise problem from error
