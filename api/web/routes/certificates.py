"""Certificates of deposit (存证证书): issue one, get one by its number."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.issuance.attestation import deposit_own
from api.issuance.certificates import Issued, find_certificate, issue_certificate, log_entry
from api.web.auth import IssueEvidence
from api.web.bodies import read_body
from api.web.deps import PUBLIC, App, CaseId, refuses, takes
from api.web.responses import choose
from api.web.schemas import CertificateDocument, CertificateRequest

router = APIRouter(tags=["certificates"])
_JSON, _PDF = "application/json", "application/pdf"
_DOCUMENT = {
    "model": CertificateDocument,
    "content": {_PDF: {"schema": {"type": "string", "format": "binary"}}},
}


@router.post(
    "/v1/cases/{case}/certificates",
    status_code=201,
    summary="Issue a certificate of deposit",
    responses=refuses(400, 401, 403, 404, 409)
    | {201: {"model": CertificateDocument}, 200: {"model": CertificateDocument}},
    openapi_extra=takes(CertificateRequest),
)
async def issue(case: CaseId, request: Request, services: App, caller: IssueEvidence) -> Response:
    """Issue a certificate of the case as it stands, and record that in the case. The same id gives the same one."""
    body = await read_body(request, CertificateRequest)
    await to_thread.run_sync(services.ledger.case, caller.tenant, case)
    issued = await to_thread.run_sync(
        lambda: issue_certificate(services, caller.tenant, case, body.id, body.evidence_name)
    )
    await deposit_own(
        services, caller.tenant, case, body.id, "evidence.certificate_issued/1", log_entry(issued)
    )
    headers = {"Location": f"/v1/certificates/{issued.number}"}
    return Response(issued.document, 200 if issued.replayed else 201, headers, media_type=_JSON)


@router.get(
    "/v1/certificates/{number}.pdf",
    summary="A certificate as PDF",
    dependencies=PUBLIC,
    responses=refuses(404, 429)
    | {200: {"content": {_PDF: {"schema": {"type": "string", "format": "binary"}}}, "description": "PDF"}},
)
async def get_pdf(number: str, services: App) -> Response:
    """Give the page as it was issued."""
    return _pdf(await to_thread.run_sync(find_certificate, services, number))


@router.get(
    "/v1/certificates/{number}",
    summary="A certificate as JSON or PDF",
    dependencies=PUBLIC,
    responses=refuses(404, 406, 429) | {200: _DOCUMENT},
)
async def get_certificate(number: str, request: Request, services: App) -> Response:
    """Give a certificate to whoever knows its number: 80 random bits, and everything about persons is masked."""
    media_type = choose(request.headers.get("accept", ""), (_JSON, _PDF))
    issued = await to_thread.run_sync(find_certificate, services, number)
    if media_type == _PDF:
        return _pdf(issued)
    return Response(issued.document, media_type=_JSON, headers={"Vary": "Accept"})


def _pdf(issued: Issued) -> Response:
    name = f'inline; filename="{issued.number}.pdf"'
    return Response(
        issued.pdf.read_bytes(), media_type=_PDF, headers={"Content-Disposition": name, "Vary": "Accept"}
    )
