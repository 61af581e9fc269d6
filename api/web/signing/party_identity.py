"""The identity step of a party (`/v1/signing/party/identity`): what is demanded, how it can be met, and how far it is."""

from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject

from api.web.bodies import Body, read_body
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN, Uuid
from api.web.signing.callers import PersonCaller
from api.web.signing.identity_schemas import AmountRequest, Digits
from api.web.signing.session_schemas import Agreed
from api.web.signing.signer import ContractId
from signing.act.identifying import IdentityStep
from signing.act.subjects import Shown
from signing.identity.checks import Check
from signing.identity.methods import Method

router = APIRouter(prefix="/v1/signing/party/identity", tags=["signing: signer"])
CheckId = Annotated[str, Path(pattern=UUID_PATTERN, description="the check")]
Said = Annotated[str, Field(min_length=1, max_length=200)]
_LEVELS = Literal["none", "low", "substantial", "high"]
_MATERIAL = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/jpeg", "image/png", "application/pdf")
        },
    }
}


class PartyIdentityRequest(Body):
    """Begin a check of the party, or first of the person who acts for it (``name``).

    Values that the account has already are left out; card, account and token are passed to the provider and not kept.
    """

    id: Uuid
    method: Annotated[str, Field(pattern=r"^[a-z0-9_]{2,32}$")]
    name: Said | None = None
    id_number: Annotated[str, Field(pattern=r"^[0-9]{17}[0-9X]$")] | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[0-9]{5,20}$")] | None = None
    uscc: Annotated[str, Field(min_length=18, max_length=18)] | None = None
    legal_representative: Said | None = None
    bank_card: Digits | None = None
    bank_account: Digits | None = None
    eid_token: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    alipay_code: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    consents: list[Agreed] = Field(default=[], max_length=4)

    def shown(self) -> Shown:
        """Give it as the pipeline takes it."""
        texts = self.model_dump(exclude={"consents"}, exclude_none=True)
        return Shown(**texts, consents=tuple(each.yes() for each in self.consents))


class PartyMethod(BaseModel):
    """A way that reaches the level: what it needs beside the account's values, and what has to be agreed to."""

    method: str
    level: Literal["low", "substantial", "high"]
    needs: list[str]
    consents: list[str]
    reviewed: bool = Field(description="an examiner decides, and no provider")
    title_zh: str
    title_en: str


class PartyCheck(BaseModel):
    """The newest check; states as of identity checks."""

    id: Uuid
    method: str
    level: Literal["low", "substantial", "high"]
    state: str
    provider: str
    simulated: bool
    attempts_left: int
    reason_code: str | None = None


class PartyIdentityAnswer(BaseModel):
    """How far a party is. ``agent``: the person who acts for it is verified now; ``given``: values that are known."""

    identity_level: _LEVELS
    level: _LEVELS
    reached: bool
    kind: Literal["person", "organization"]
    agent: bool
    name: str
    given: list[str]
    provider: str
    simulated: bool
    methods: list[PartyMethod]
    check: PartyCheck | None = None


_STEP: dict[int | str, dict[str, Any]] = {200: {"model": PartyIdentityAnswer}}


@router.get(
    "",
    summary="What is demanded of the party's identity",
    responses=refuses(401, 403, 404, 410) | _STEP,
)
async def step(services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Say what is demanded, what is verified, and how it can be; after a late answer too."""
    return json_response(
        _write(await to_thread.run_sync(services.signing.identifying.step, caller, contract))
    )


@router.post(
    "",
    summary="Begin a check of the party",
    responses=refuses(401, 403, 404, 409, 410, body=True) | _STEP,
    openapi_extra=takes(PartyIdentityRequest),
)
async def begin(request: Request, services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Have the party verified under the name that the contract has. A party without account gets a contact's here."""
    body = await read_body(request, PartyIdentityRequest)
    found = await to_thread.run_sync(services.signing.identifying.begin, caller, contract, body.shown())
    return json_response(_write(found))


@router.put(
    "/{check}/material",
    summary="Give an image of the face, or a file for the examiner",
    responses=refuses(401, 403, 404, 409, body=True) | _STEP,
    openapi_extra=_MATERIAL,
)
async def material(
    check: CheckId, request: Request, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """An image of a face goes to the provider and is not kept; a file for the examiner is kept encrypted."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await request.body()
    found = await to_thread.run_sync(
        services.signing.identifying.material, caller, contract, check, content, media_type
    )
    return json_response(_write(found))


@router.post(
    "/{check}/amount",
    summary="Name the amount that was transferred",
    responses=refuses(401, 403, 404, 409, body=True) | _STEP,
    openapi_extra=takes(AmountRequest),
)
async def amount(
    check: CheckId, request: Request, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Show that the company's account is the company's: three tries."""
    body = await read_body(request, AmountRequest)
    fen = int(body.amount.replace(".", ""))
    found = await to_thread.run_sync(services.signing.identifying.amount, caller, contract, check, fen)
    return json_response(_write(found))


def _write(step: IdentityStep) -> JsonObject:
    answer: JsonObject = {
        "identity_level": step.demanded,
        "level": step.held,
        "reached": step.reached,
        "kind": step.kind,
        "agent": step.agent,
        "name": step.named,
        "given": list(step.given),
        "provider": step.provider,
        "simulated": step.simulated,
        "methods": [_method(each) for each in step.methods],
    }
    return answer if step.check is None else answer | {"check": _check(step.check)}


def _method(method: Method) -> JsonObject:
    consents = method.consents
    if method.kind == "organization" and "frames" in method.needs:
        consents = ("identity_verification", "biometric")  # of the person whose face it is
    return {
        "method": method.name,
        "level": method.level,
        "needs": list(method.needs),
        "consents": list(consents),
        "reviewed": method.reviewed,
        "title_zh": method.title_zh,
        "title_en": method.title_en,
    }


def _check(check: Check) -> JsonObject:
    answer: JsonObject = {
        "id": check.id,
        "method": check.method,
        "level": check.level,
        "state": check.state,
        "provider": check.provider,
        "simulated": check.simulated,
        "attempts_left": check.attempts_left,
    }
    return answer if check.reason is None else answer | {"reason_code": check.reason}
