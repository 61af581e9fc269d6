"""How a party answers whether its contract is void (作废): the question, and its agreement (`/v1/signing/party`)."""

from anyio import to_thread
from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.signing.desk import SigningDesk
from api.web.deps import App, refuses
from api.web.responses import json_response
from api.web.schemas import Time
from api.web.signing.callers import PersonCaller
from api.web.signing.signer import ContractId
from signing.database import read, write
from signing.principal import Principal

router = APIRouter(prefix="/v1/signing/party", tags=["signing: signer"])


class VoidRequestAnswer(BaseModel):
    """Whether the party is asked to agree that the contract is void; if so, since when, why, and whether it has agreed."""

    asked: bool
    asked_at: Time | None = None
    reason: str | None = Field(default=None, description="the sender's own words; may be empty")
    agreed: bool = False


@router.get(
    "/void-request",
    summary="Whether the party is asked to agree to voidness",
    responses=refuses(401, 403, 404, 410) | {200: {"model": VoidRequestAnswer}},
)
async def void_request(services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Give the question that is open for this party: it signed, or it may sign yet and the contract went to it."""
    return json_response(await to_thread.run_sync(_asked, services.signing, caller, contract))


def _asked(desk: SigningDesk, by: Principal, contract: str) -> JsonObject:
    with read(desk.context.engine) as session:
        row, party = desk.contracts.turns.open_for(session, by, contract)
        found = desk.contracts.voiding.asked(session, row, party)
    if found is None:
        return {"asked": False, "agreed": False}
    return {
        "asked": True,
        "asked_at": format_time(found.asked_at),
        "reason": found.reason,
        "agreed": found.agreed,
    }


@router.post(
    "/void-agreement",
    status_code=204,
    summary="Agree that the contract is void",
    responses=refuses(401, 403, 404, 409, 410) | {204: {"description": "done"}},
)
async def agree(services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Agree; again is the same as once. The last of those concerned to agree makes the contract void."""
    await to_thread.run_sync(_agree, services.signing, caller, contract)
    return Response(status_code=204)


def _agree(desk: SigningDesk, by: Principal, contract: str) -> None:
    with write(desk.context.engine) as session:
        desk.contracts.voiding.agree(session, by, contract)
