"""The certificate of deposit of a finished contract, for its parties (S0-35, S0-42)."""

from anyio import to_thread
from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from api.issuance.certificates import issue_certificate, log_changes, valid_certificate
from api.problems import ProblemError
from api.services import Services
from api.web.bodies import Body, read_body
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import Uuid
from api.web.signing.callers import PersonCaller
from api.web.signing.signer import ContractId
from signing.contracts.states import ContractState
from signing.database import read
from signing.errors import Refused
from signing.principal import Permission, Principal

router = APIRouter(prefix="/v1/signing/party", tags=["signing: signer"])


class PartyCertificateRequest(Body):
    """Have a certificate of deposit issued, if there is none."""

    id: Uuid


class PartyCertificateAnswer(BaseModel):
    """The number of the certificate that is valid now."""

    certificate: str = Field(
        description="as in `GET /v1/certificates/{number}`; anyone who knows it may look"
    )


@router.post(
    "/certificate",
    summary="Have a certificate of deposit of the finished contract",
    responses=refuses(401, 403, 404, 409, 410, body=True) | {200: {"model": PartyCertificateAnswer}},
    openapi_extra=takes(PartyCertificateRequest),
)
async def certificate(
    request: Request, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Give the certificate that is valid; only where there is none is one issued, so that no party replaces another's."""
    body = await read_body(request, PartyCertificateRequest)
    number = await to_thread.run_sync(_number, services, caller, contract, body.id)
    return json_response({"certificate": number})


def _number(services: Services, by: Principal, contract: str, request_id: str) -> str:
    by.require(Permission.DOWNLOAD)
    desk = services.signing
    with read(desk.context.engine) as session:
        row, _ = desk.contracts.turns.open_for(session, by, contract)
        standing = desk.recorder.standing(session, row.dossier)
        finished = desk.contracts.views.reached(session, row.id, ContractState.COMPLETED)
        title = desk.contracts.book.opened(session, row, row.title)
    if not finished:
        raise Refused("signatures-missing", "Not everybody has signed; there is nothing to certify yet.")
    if standing.case is None or standing.waiting:
        raise ProblemError("deposits-waiting")
    known = valid_certificate(services, by.tenant, standing.case)
    if known is not None:
        return known.number
    issued = issue_certificate(services, by.tenant, standing.case, request_id, title)
    log_changes(services)
    return issued.number
