"""Terms of weight that the sender marks in a draft's documents (`/v1/signing/contracts/{contract}/documents/…/terms`)."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.signing.desk import SigningDesk
from api.web.bodies import read_body
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import WriteSigning
from api.web.signing.signer_answers import term_answer
from api.web.signing.signer_schemas import MarksRequest, TermsAnswer
from signing.database import write
from signing.intent.terms import Term
from signing.principal import Principal

router = APIRouter(
    prefix="/v1/signing/contracts/{contract}/documents/{document}/terms", tags=["signing: documents"]
)
ContractId = Annotated[str, Path(pattern=UUID_PATTERN, description="the contract")]
DocumentId = Annotated[str, Path(pattern=UUID_PATTERN, description="the document")]


@router.put(
    "",
    summary="Mark terms of weight",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": TermsAnswer}},
    openapi_extra=takes(MarksRequest),
)
async def mark(
    contract: ContractId, document: DocumentId, request: Request, services: App, caller: WriteSigning
) -> Response:
    """Put these marks in place of those before. Signers note each of them, and those that keywords find, before signing."""
    body = await read_body(request, MarksRequest)
    terms = [each.term() for each in body.terms]
    return await to_thread.run_sync(_mark, services.signing, caller, contract, document, terms)


def _mark(desk: SigningDesk, by: Principal, contract: str, document: str, terms: list[Term]) -> Response:
    with write(desk.context.engine) as session:
        row = desk.contracts.book.contract(session, by.tenant, contract)
        desk.contracts.book.require_sender(by, row)
        desk.acts.prompts.mark(session, row, document, terms)
        named = desk.acts.prompts.terms(session, row, document)
        return json_response({"data": [term_answer(each) for each in named]})
