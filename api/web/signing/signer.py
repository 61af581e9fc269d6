"""The signer's side (`/v1/signing/party`): see, note, choose, confirm, sign; or refuse, or hand on.

For whoever holds the session of a party's link, and for members, who name the contract (`?contract=`). What a person does
here nobody does for him: API keys are not admitted.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonValue

from api.problems import ProblemError
from api.signing.desk import SigningDesk
from api.web.bodies import read_body
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import PersonCaller
from api.web.signing.documents_schemas import ValuesRequest
from api.web.signing.signer_answers import act_answer, challenge_answer, signer_answer
from api.web.signing.signer_schemas import (
    ActAnswer,
    AnswerRequest,
    ChallengeAnswer,
    ChallengeRequest,
    DelegateRequest,
    RejectRequest,
    SealsAnswer,
    SignatureRequest,
    SignerAnswer,
    TermsRequest,
    ViewedRequest,
)
from signing.act.confirming import Answer
from signing.contracts.models import ContractRow, PartyRow
from signing.database import read, write
from signing.intent.statements import Locale
from signing.principal import Principal

router = APIRouter(prefix="/v1/signing/party", tags=["signing: signer"])
ContractId = Annotated[
    str, Query(pattern=rf"^$|{UUID_PATTERN}", description="the contract; a party's session knows it")
]
DocumentId = Annotated[str, Path(pattern=UUID_PATTERN, description="the document")]
ChallengeId = Annotated[str, Path(pattern=UUID_PATTERN, description="the challenge")]
_DONE: dict[int | str, dict[str, Any]] = {204: {"description": "done"}}
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "the bytes; their SHA-256 is the ETag"}
}
_T = TypeVar("_T")


def _as_party(
    desk: SigningDesk, by: Principal, contract: str, act: Callable[[Session, ContractRow, PartyRow], _T]
) -> _T:
    """Do something as the party that the caller is, in one transaction."""
    with write(desk.context.engine) as session:
        row, party = desk.contracts.turns.open_for(session, by, contract)
        return act(session, row, party)


@router.get(
    "",
    summary="The contract as its party has it",
    responses=refuses(401, 403, 404, 410) | {200: {"model": SignerAnswer}},
)
async def one(services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Give documents, highlighted terms, whose turn it is, and the texts that the party agrees to, in both languages."""
    return await to_thread.run_sync(_one, services.signing, caller, contract)


def _one(desk: SigningDesk, by: Principal, contract: str) -> Response:
    desk.acts.open(by, contract)
    with read(desk.context.engine) as session:
        row, party = desk.contracts.turns.open_for(session, by, contract)
        return json_response(signer_answer(desk.signer_views.view(session, by, row, party)))


@router.get(
    "/documents/{document}", summary="A document as it is now", responses=refuses(401, 403, 404, 410) | _PDF
)
async def shown(
    document: DocumentId, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Give the bytes that would be signed; the page that shows them tells so afterwards (`viewed`)."""
    return await to_thread.run_sync(_bytes, services.signing, caller, contract, document, False)


@router.get(
    "/files/{document}",
    summary="A copy of a document to keep",
    responses=refuses(401, 403, 404, 410) | _PDF,
)
async def copy(
    document: DocumentId, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Give the newest signed bytes; that a copy was taken is recorded."""
    return await to_thread.run_sync(_bytes, services.signing, caller, contract, document, True)


def _bytes(desk: SigningDesk, by: Principal, contract: str, document: str, keep: bool) -> Response:
    def act(session: Session, row: ContractRow, party: PartyRow) -> tuple[bytes, str]:
        return desk.acts.content(session, by, row, party, document, keep=keep)

    content, sha256 = _as_party(desk, by, contract, act)
    headers = {"Cache-Control": "no-store", "ETag": f'"{sha256}"'}
    if keep:
        headers["Content-Disposition"] = f'attachment; filename="{document}.pdf"'
    return Response(content, media_type="application/pdf", headers=headers)


@router.post(
    "/viewed",
    status_code=204,
    summary="A document was shown",
    responses=refuses(401, 403, 404, 409, body=True) | _DONE,
    openapi_extra=takes(ViewedRequest),
)
async def viewed(
    request: Request, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Record what was on the screen, by its digest; other bytes than the present ones are refused."""
    body = await read_body(request, ViewedRequest)
    await to_thread.run_sync(services.signing.acts.viewed, caller, contract, body.viewing())
    return Response(status_code=204)


@router.post(
    "/terms",
    status_code=204,
    summary="The highlighted terms were noted",
    responses=refuses(401, 403, 404, 409, body=True) | _DONE,
    openapi_extra=takes(TermsRequest),
)
async def terms(request: Request, services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Record that the party noted every highlighted term of a document that was shown to it."""
    body = await read_body(request, TermsRequest)
    await to_thread.run_sync(
        lambda: services.signing.acts.acknowledge(
            caller, contract, body.document, body.terms, Locale(body.locale), body.action
        )
    )
    return Response(status_code=204)


@router.put(
    "/documents/{document}/values",
    status_code=204,
    summary="Fill in what was left to the party",
    responses=refuses(401, 403, 404, 409, body=True) | _DONE,
    openapi_extra=takes(ValuesRequest),
)
async def enter(
    document: DocumentId, request: Request, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Fill all of the party's values into a document, in place of those before; it is looked at again as it then is.

    Nobody else sees them before the party has signed; the case hears of them when the party is asked to confirm.
    """
    body = await read_body(request, ValuesRequest)
    await to_thread.run_sync(services.signing.acts.entering.enter, caller, contract, document, body.values)
    return Response(status_code=204)


@router.put(
    "/signature",
    status_code=204,
    summary="Choose what the signature shows",
    responses=refuses(401, 403, 404, 409, body=True) | _DONE,
    openapi_extra=takes(SignatureRequest),
)
async def choose(
    request: Request, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Keep a seal, a drawing or a typed name in place of the choice before."""
    body = await read_body(request, SignatureRequest)
    choice = body.choice()
    if choice is None:
        raise ProblemError("field-value", expected="exactly one of seal, strokes, text")
    await to_thread.run_sync(services.signing.acts.choose, caller, contract, choice)
    return Response(status_code=204)


@router.get(
    "/signature",
    summary="What the signature will show",
    responses=refuses(401, 403, 404)
    | {200: {"content": {"image/svg+xml": {}}, "description": "the picture"}},
)
async def picture(services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Give the drawing of a signature that was drawn or typed; a seal's picture is with the seals."""
    return await to_thread.run_sync(_picture, services.signing, caller, contract)


def _picture(desk: SigningDesk, by: Principal, contract: str) -> Response:
    with read(desk.context.engine) as session:
        row, party = desk.contracts.turns.open_for(session, by, contract)
        made = desk.acts.choices.preview(session, row, party)
    if made is None:
        raise ProblemError("not-found", "No signature was drawn or typed.")
    return Response(made.image, media_type=made.media_type, headers={"Cache-Control": "no-store"})


@router.get(
    "/seals",
    summary="The seals that the party may use here",
    responses=refuses(401, 403, 404) | {200: {"model": SealsAnswer}},
)
async def seals(services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """List seals held by the caller or granted to him for such a contract, by name; none for whoever has no account.

    Which seal another party used is on the document and nowhere else: its name is its keeper's.
    """
    return await to_thread.run_sync(_seals, services.signing, caller, contract)


def _seals(desk: SigningDesk, by: Principal, contract: str) -> Response:
    with read(desk.context.engine) as session:
        row, party = desk.contracts.turns.open_for(session, by, contract)
        rows = [
            desk.seals.shelf.row(session, row.tenant, seal)
            for seal in desk.acts.choices.seals(session, by, row, party)
        ]
        found: list[JsonValue] = [
            {"id": each.id, "name": desk.seals.shelf.load(session, each).name} for each in rows
        ]
        return json_response({"data": found})


@router.post(
    "/challenges",
    status_code=201,
    summary="Ask to be asked: send a challenge",
    responses=refuses(401, 403, 404, 409, 429, body=True) | {201: {"model": ChallengeAnswer}},
    openapi_extra=takes(ChallengeRequest),
)
async def start(request: Request, services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Send a code, begin a comparison of faces, or expect the password; bound to the documents as they were shown."""
    body = await read_body(request, ChallengeRequest)
    asked = await to_thread.run_sync(
        services.signing.acts.start, caller, contract, body.id, body.method, Locale(body.locale)
    )
    return json_response(challenge_answer(asked), status=201)


@router.post(
    "/challenges/{challenge}/answer",
    summary="Answer the challenge, and sign",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": ActAnswer}},
    openapi_extra=takes(AnswerRequest),
)
async def answer(
    challenge: ChallengeId, request: Request, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Confirm the intent. The signature follows at once, or by itself as soon as the authority answers (`confirmed`)."""
    body = await read_body(request, AnswerRequest)
    standing = await to_thread.run_sync(
        services.signing.acts.answer, caller, contract, challenge, Answer(body.answer, body.action)
    )
    return json_response(act_answer(standing))


@router.post(
    "/approve",
    status_code=204,
    summary="Approve, as an approver among the parties",
    responses=refuses(401, 403, 404, 409) | _DONE,
)
async def approve(services: App, caller: PersonCaller, contract: ContractId = "") -> Response:
    """Approve what was shown."""
    await to_thread.run_sync(services.signing.acts.approve, caller, contract)
    return Response(status_code=204)


@router.post(
    "/reject",
    status_code=204,
    summary="Refuse to sign",
    responses=refuses(401, 403, 404, 409, body=True) | _DONE,
    openapi_extra=takes(RejectRequest),
)
async def reject(
    request: Request, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Refuse; the contract ends for all."""
    body = await read_body(request, RejectRequest)
    await to_thread.run_sync(_reject, services.signing, caller, contract, body)
    return Response(status_code=204)


def _reject(desk: SigningDesk, by: Principal, contract: str, body: RejectRequest) -> None:
    def act(session: Session, row: ContractRow, party: PartyRow) -> None:
        desk.contracts.turns.reject(session, by, row, party, body.reason_code, body.reason)

    _as_party(desk, by, contract, act)


@router.post(
    "/delegate",
    status_code=204,
    summary="Hand the signing on",
    responses=refuses(401, 403, 404, 409, body=True) | _DONE,
    openapi_extra=takes(DelegateRequest),
)
async def delegate(
    request: Request, services: App, caller: PersonCaller, contract: ContractId = ""
) -> Response:
    """Have somebody else sign in one's place; a letter of authority is named by its digest, or none was shown."""
    body = await read_body(request, DelegateRequest)
    await to_thread.run_sync(_delegate, services.signing, caller, contract, body)
    return Response(status_code=204)


def _delegate(desk: SigningDesk, by: Principal, contract: str, body: DelegateRequest) -> None:
    def act(session: Session, row: ContractRow, party: PartyRow) -> None:
        desk.contracts.ending.delegate(
            session,
            by,
            row,
            party,
            body.draft(),
            reason=body.reason,
            authorization=body.authorization_sha256,
        )

    _as_party(desk, by, contract, act)
