"""What is done with a contract under way (`/v1/signing/contracts/{id}/…`, S4-48 and S4-50)."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.encoding import parse_time

from api.web.bodies import read_body
from api.web.deps import App, refuses, takes
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import MemberCaller, ReadSigning, WriteSigning
from api.web.signing.contract_schemas import (
    ContractDelegateRequest,
    ContractDetails,
    ContractRejectRequest,
    ExtendRequest,
    ReasonRequest,
    VoidRequest,
)
from api.web.signing.contracts import ContractId, done
from signing.contracts.draft import PartyDraft
from signing.contracts.models import ContractRow
from signing.contracts.states import Basis, Who
from signing.database import write

router = APIRouter(prefix="/v1/signing/contracts", tags=["signing: contracts"])
PartyRef = Annotated[str | None, Query(pattern=UUID_PATTERN, description="the signer whose copy it is")]
DocumentRef = Annotated[
    str | None, Query(pattern=UUID_PATTERN, description="which document, if there are more")
]
_ANSWERS = refuses(401, 403, 404, 409, 410, body=True) | {200: {"model": ContractDetails}}


@router.post(
    "/{contract}/withdraw",
    summary="Withdraw a contract (撤回)",
    responses=_ANSWERS,
    openapi_extra=takes(ReasonRequest),
)
async def withdraw(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Take a contract back before everybody has signed."""
    body, ending = await read_body(request, ReasonRequest), services.signing.contracts.ending
    return await done(
        services.signing, caller, lambda s: ending.withdraw(s, caller, contract, body.reason), request
    )


@router.post(
    "/{contract}/void",
    summary="Declare a contract void (作废)",
    responses=_ANSWERS,
    openapi_extra=takes(VoidRequest),
)
async def void(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Declare a sent contract void; one that is completed only by a court's order, or by agreement (`/void-request`)."""
    body, voiding = await read_body(request, VoidRequest), services.signing.contracts.voiding

    def declare(session: Session) -> ContractRow:
        basis, order = Basis(body.basis), body.order_sha256
        return voiding.declare(session, caller, contract, basis=basis, reason=body.reason, order=order)

    return await done(services.signing, caller, declare, request)


@router.post(
    "/{contract}/void-request",
    summary="Ask everybody to agree that a contract is void",
    responses=_ANSWERS,
    openapi_extra=takes(ReasonRequest),
)
async def ask_void(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Ask the parties, who are told the reason; the last to agree makes it void."""
    body, voiding = await read_body(request, ReasonRequest), services.signing.contracts.voiding
    return await done(
        services.signing, caller, lambda s: voiding.ask(s, caller, contract, body.reason), request
    )


@router.post(
    "/{contract}/void-agreement",
    summary="Agree that a contract is void",
    responses=refuses(401, 403, 404, 409, 410) | {200: {"model": ContractDetails}},
)
async def agree_void(contract: ContractId, request: Request, services: App, caller: MemberCaller) -> Response:
    """Agree as a party that has an account; others agree on the page of their link (`/party/void-agreement`)."""
    voiding = services.signing.contracts.voiding
    return await done(services.signing, caller, lambda s: voiding.agree(s, caller, contract), request)


@router.post(
    "/{contract}/reject",
    summary="Refuse to sign (拒签)",
    responses=_ANSWERS,
    openapi_extra=takes(ContractRejectRequest),
)
async def reject(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Refuse as the party whose turn it is; a program may report a party's refusal, and the event says that it did."""
    body, contracts = await read_body(request, ContractRejectRequest), services.signing.contracts

    def refuse(session: Session) -> ContractRow:
        row = contracts.book.contract(session, caller.tenant, contract)
        party = contracts.turns.party_of(session, caller, row, body.party)
        contracts.turns.reject(session, caller, row, party, body.code, body.reason)
        return row

    return await done(services.signing, caller, refuse, request)


@router.post(
    "/{contract}/extend",
    summary="Move the deadline",
    responses=_ANSWERS,
    openapi_extra=takes(ExtendRequest),
)
async def extend(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Move the deadline to a later time, before it has passed."""
    body, ending = await read_body(request, ExtendRequest), services.signing.contracts.ending
    until = parse_time(body.deadline)
    return await done(
        services.signing, caller, lambda s: ending.extend(s, caller, contract, until, body.reason), request
    )


@router.post(
    "/{contract}/remind",
    summary="Remind those who are waited for",
    responses=refuses(401, 403, 404, 409, 410, 429) | {200: {"model": ContractDetails}},
)
async def remind(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Send each of them a message with a fresh link."""
    contracts = services.signing.contracts

    def tell(session: Session) -> ContractRow:
        row = contracts.book.contract(session, caller.tenant, contract)
        contracts.book.require_sender(caller, row)
        contracts.ending.remind(session, row, Who.SENDER)
        return row

    return await done(services.signing, caller, tell, request)


@router.post(
    "/{contract}/delegate",
    summary="Hand a party's turn on to somebody else",
    responses=_ANSWERS,
    openapi_extra=takes(ContractDelegateRequest),
)
async def delegate(contract: ContractId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Hand on as the party whose turn it is, or, as a program, for it."""
    body, contracts = await read_body(request, ContractDelegateRequest), services.signing.contracts
    person = body.to.person()
    to = PartyDraft(
        body.kind, account=person.account or None, name=person.name, phone=person.phone, email=person.email
    )

    def hand_on(session: Session) -> ContractRow:
        row = contracts.book.contract(session, caller.tenant, contract)
        party = contracts.turns.party_of(session, caller, row, body.party)
        contracts.ending.delegate(
            session,
            caller,
            row,
            party,
            to,
            reason=body.reason,
            authorization=body.authorization_sha256,
        )
        return row

    return await done(services.signing, caller, hand_on, request)


@router.get(
    "/{contract}/file",
    summary="The finished contract, once all have signed",
    responses=refuses(401, 403, 404, 409, 410)
    | {200: {"content": {"application/pdf": {}}, "description": "the PDF with every signature"}},
)
async def download(
    contract: ContractId,
    services: App,
    caller: ReadSigning,
    party: PartyRef = None,
    document: DocumentRef = None,
) -> Response:
    """Give the signed PDF byte for byte; the copy is recorded."""

    def given() -> bytes:
        with write(services.signing.context.engine) as session:
            return services.signing.contracts.copies.give(
                session, caller, contract, party=party, document=document
            )

    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="contract.pdf"'}
    return Response(await to_thread.run_sync(given), media_type="application/pdf", headers=headers)
