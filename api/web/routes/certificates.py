"""Certificates of deposit (存证证书): issue one, get one by its number."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.issuance.answers import answer_certificate, answer_number
from api.issuance.certificates import (
    Issued,
    find_certificate,
    issue_certificate,
    log_changes,
    revoke_certificate,
    written_number,
)
from api.web.auth import IssueEvidence
from api.web.bodies import read_body
from api.web.deps import PUBLIC, App, CaseId, refuses, takes
from api.web.responses import choose, json_response
from api.web.schemas import (
    CertificateAnswer,
    CertificateDocument,
    CertificateRequest,
    RevocationRequest,
)

router = APIRouter(tags=["certificates"])
_JSON, _PDF = "application/json", "application/pdf"
_DOCUMENT = {
    "model": CertificateAnswer,
    "content": {_PDF: {"schema": {"type": "string", "format": "binary"}}},
}


@router.post(
    "/v1/cases/{case}/certificates",
    status_code=201,
    summary="Issue a certificate of deposit",
    responses=refuses(401, 403, 404, 409, body=True)
    | {201: {"model": CertificateDocument}, 200: {"model": CertificateDocument}},
    openapi_extra=takes(CertificateRequest),
)
async def issue(case: CaseId, request: Request, services: App, caller: IssueEvidence) -> Response:
    """Issue a certificate of the case as it stands, in place of earlier ones, and record that in the case.

    The same id gives the same one.
    """
    body = await read_body(request, CertificateRequest)
    await to_thread.run_sync(services.ledger.case, caller.tenant, case)
    issued = await to_thread.run_sync(
        lambda: issue_certificate(services, caller.tenant, case, body.id, body.evidence_name)
    )
    await to_thread.run_sync(log_changes, services)
    headers = {"Location": f"/v1/certificates/{issued.number}"}
    return Response(issued.document, 200 if issued.replayed else 201, headers, media_type=_JSON)


@router.post(
    "/v1/certificates/{number}/revocation",
    summary="Revoke a certificate",
    responses=refuses(401, 403, 404, body=True) | {200: {"model": CertificateAnswer}},
    openapi_extra=takes(RevocationRequest),
)
async def revoke(number: str, request: Request, services: App, caller: IssueEvidence) -> Response:
    """Revoke one's own certificate from now on, and record that in its case. The same again changes nothing."""
    body = await read_body(request, RevocationRequest)
    revoked = await to_thread.run_sync(revoke_certificate, services, caller.tenant, number, body.reason)
    await to_thread.run_sync(log_changes, services)
    return json_response(await to_thread.run_sync(answer_certificate, services, revoked))


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
    summary="How a certificate stands, or the certificate as PDF",
    dependencies=PUBLIC,
    responses=refuses(404, 406, 429) | {200: _DOCUMENT},
)
async def get_certificate(number: str, request: Request, services: App) -> Response:
    """Answer, signed, whoever knows the number: 80 random bits, and everything about persons is masked.

    That the register has no such certificate is a signed answer too (``found`` false); a text that can be no number
    is refused. The PDF of a certificate that is not there is not found.
    """
    media_type = choose(request.headers.get("accept", ""), (_JSON, _PDF))
    if media_type == _PDF:
        return _pdf(await to_thread.run_sync(find_certificate, services, number))
    answer = await to_thread.run_sync(answer_number, services, written_number(number))
    return json_response(answer, headers={"Vary": "Accept", "Cache-Control": "no-cache"})


def _pdf(issued: Issued) -> Response:
    name = f'inline; filename="{issued.number}.pdf"'
    headers = {"Content-Disposition": name, "Vary": "Accept", "Zheng-Status": issued.standing.status.value}
    return Response(issued.pdf.read_bytes(), media_type=_PDF, headers=headers)
