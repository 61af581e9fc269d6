"""Jobs: have a package or a report made, ask how far it is, fetch it."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.encoding import parse_hex
from zheng_verifier.errors import MalformedError
from zheng_verifier.package import names
from zheng_verifier.package.archive import parse_archive

from api.issuance.evidence import SealedPlace
from api.issuance.export.ordering import order_export
from api.issuance.export.reporting import read_payload
from api.issuance.export.request import ExportRequest, parse_place
from api.jobs.model import JobKind
from api.problems import ProblemError
from api.web.auth import IssueEvidence, ReadEvidence
from api.web.bodies import read_body
from api.web.deps import App, CaseId, refuses, takes
from api.web.jobs import find_job, finished_file, write_job
from api.web.responses import choose, json_response
from api.web.schemas import UUID_PATTERN, JobAnswer, PackageRequest, ReportDocument, ReportRequest

router = APIRouter(tags=["evidence"])
JobId = Annotated[str, Path(pattern=UUID_PATTERN, description="the job's id, as its `Location` names it")]
_PACKAGE = "application/vnd.etsi.asic-e+zip"
_JOSE, _PDF = "application/jose", "application/pdf"
_ACCEPTED = refuses(401, 403, 404, 409, body=True) | {202: {"model": JobAnswer}, 200: {"model": JobAnswer}}
_BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.post(
    "/v1/cases/{case}/packages",
    status_code=202,
    summary="Have an evidence package made",
    responses=_ACCEPTED,
    openapi_extra=takes(PackageRequest),
)
async def order_package(case: CaseId, request: Request, services: App, caller: IssueEvidence) -> Response:
    """Accept the job, or give the one that the same id asked for. The log records the export before it is offered."""
    body = await read_body(request, PackageRequest)
    documents = None if body.documents is None else tuple(parse_hex(each, size=32) for each in body.documents)
    wish = ExportRequest(
        edition=body.edition,
        open=_places(body.open),
        documents=documents,
        recipient_kind=body.recipient_kind,
        purpose=body.purpose,
    )
    return await _order(services, caller.tenant, case, JobKind.PACKAGE, body.id, wish)


@router.post(
    "/v1/cases/{case}/reports",
    status_code=202,
    summary="Have a signed report made",
    responses=_ACCEPTED,
    openapi_extra=takes(ReportRequest),
)
async def order_report(case: CaseId, request: Request, services: App, caller: IssueEvidence) -> Response:
    """Accept the job, or give the one that the same id asked for."""
    body = await read_body(request, ReportRequest)
    wish = ExportRequest(
        edition=body.edition,
        open=_places(body.open),
        recipient_kind=body.recipient_kind,
        purpose=body.purpose,
    )
    return await _order(services, caller.tenant, case, JobKind.REPORT, body.id, wish)


@router.get(
    "/v1/jobs/{job}",
    summary="How far a job is",
    responses=refuses(401, 403, 404) | {200: {"model": JobAnswer}},
)
async def get_job(job: JobId, services: App, caller: ReadEvidence) -> Response:
    """Give state, progress, and what came out or what stands in the way."""
    return json_response(write_job(await to_thread.run_sync(find_job, services, caller.tenant, job)))


@router.get(
    "/v1/packages/{job}",
    summary="Fetch an evidence package",
    responses=refuses(401, 403, 404, 409, 410)
    | {200: {"content": {_PACKAGE: _BINARY}, "description": "ASiC-E"}},
)
async def get_package(job: JobId, services: App, caller: ReadEvidence) -> Response:
    """Give the finished package, as often as asked while it is kept."""
    found = await to_thread.run_sync(find_job, services, caller.tenant, job)
    content = await to_thread.run_sync(finished_file, services, found, JobKind.PACKAGE)
    name = f'attachment; filename="{found.case}-v{found.version}.asice"'
    return Response(content, media_type=_PACKAGE, headers={"Content-Disposition": name})


@router.get(
    "/v1/reports/{job}",
    summary="Fetch a signed report",
    responses=refuses(401, 403, 404, 406, 409, 410)
    | {
        200: {
            "model": ReportDocument,
            "content": {_JOSE: {"schema": {"type": "string"}}, _PDF: _BINARY},
            "description": "the signed report (JWS), its payload, or its pages",
        }
    },
)
async def get_report(
    job: JobId,
    request: Request,
    services: App,
    caller: ReadEvidence,
    language: Annotated[Literal["zh-CN", "en"], Query(description="of the PDF")] = "zh-CN",
) -> Response:
    """Give the report by `Accept`: the JWS, its payload as JSON, or PDF."""
    media_type = choose(request.headers.get("accept", ""), ("application/json", _JOSE, _PDF))
    found = await to_thread.run_sync(find_job, services, caller.tenant, job)
    content = await to_thread.run_sync(finished_file, services, found, JobKind.REPORT)
    files = {file.name: file.data for file in parse_archive(content)}
    match media_type:
        case "application/pdf":
            pages = files[names.REPORT_ZH if language == "zh-CN" else names.REPORT_EN]
            name = f'inline; filename="{found.id}.{language.lower()}.pdf"'
            return Response(pages, media_type=_PDF, headers={"Content-Disposition": name, "Vary": "Accept"})
        case "application/jose":
            return Response(files[names.REPORT], media_type=_JOSE, headers={"Vary": "Accept"})
        case _:
            payload = read_payload(files[names.REPORT])
            return json_response(payload, headers={"Vary": "Accept"})


async def _order(
    services: App, tenant: str, case: str, kind: JobKind, request_id: str, wish: ExportRequest
) -> Response:
    job, fresh = await to_thread.run_sync(
        lambda: order_export(
            services, tenant=tenant, case=case, kind=kind, request_id=request_id, request=wish
        )
    )
    headers = {"Location": f"/v1/jobs/{job.id}"}
    if not fresh:
        headers["Idempotent-Replayed"] = "true"
    return json_response(write_job(job), status=202 if fresh else 200, headers=headers)


def _places(texts: list[str]) -> tuple[SealedPlace, ...]:
    """Read the places of sealed values.

    Raises:
        ProblemError: field-value.
    """
    places = []
    for position, text in enumerate(texts):
        try:
            places.append(parse_place(text))
        except MalformedError as error:
            raise ProblemError("field-value", f"{error.detail}.", field=f"/open/{position}") from error
    return tuple(dict.fromkeys(places))
