"""Documents of contracts: uploaded, looked at, filled in, marked (`/v1/signing/documents`)."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, JsonValue

from api.signing.desk import SigningDesk
from api.web.bodies import read_body
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import ReadSigning, WriteSigning
from api.web.signing.documents_schemas import (
    ControlsRequest,
    DocumentAnswer,
    DocumentRequest,
    DocumentsAnswer,
    ValuesRequest,
    WatermarkRequest,
)
from api.web.signing.uploads import carries, read_upload
from signing.contracts.ports import Upload
from signing.database import write
from signing.documents.controls import Control, parse_controls
from signing.documents.models import DocumentRow
from signing.documents.pages import Page, parse_pages
from signing.documents.service import Version
from signing.principal import Principal

router = APIRouter(prefix="/v1/signing/documents", tags=["signing: documents"])
DocumentId = Annotated[str, Path(pattern=UUID_PATTERN, description="the document")]
ContractId = Annotated[str, Query(pattern=UUID_PATTERN, description="the contract")]


@router.post(
    "",
    status_code=201,
    summary="Give a draft a document: PDF, DOCX or DOC",
    responses=refuses(401, 403, 404, 409, body=True) | {n: {"model": DocumentAnswer} for n in (200, 201)},
    openapi_extra=carries(DocumentRequest),
)
async def upload(request: Request, services: App, caller: WriteSigning) -> Response:
    """Take a document in, as a form or as base64 in JSON; it is converted to PDF if it is none."""
    body, file = await read_upload(request, DocumentRequest)
    return await to_thread.run_sync(_upload, services.signing, caller, body, file)


def _upload(desk: SigningDesk, by: Principal, body: DocumentRequest, file: Upload) -> Response:
    prepared = desk.documents.prepare(file, attachment=body.attachment)
    with write(desk.context.engine) as session:
        row, new = desk.documents.upload(session, by, body.contract, body.id, prepared)
        answer = _answer(desk, session, row)
    headers = {"Location": f"/v1/signing/documents/{body.id}"}
    return json_response(answer, status=201 if new else 200, headers=headers)


@router.get(
    "",
    summary="The documents of a contract",
    responses=refuses(401, 403, 404) | {200: {"model": DocumentsAnswer}},
)
async def listing(contract: ContractId, services: App, caller: ReadSigning) -> Response:
    """Give them in the order in which they came."""
    return await to_thread.run_sync(_list, services.signing, caller, contract)


def _list(desk: SigningDesk, by: Principal, contract: str) -> Response:
    with write(desk.context.engine) as session:
        rows = desk.documents.listing(session, by, contract)
        return json_response({"data": [_answer(desk, session, row) for row in rows]})


@router.get(
    "/{document}",
    summary="One document",
    responses=refuses(401, 403, 404) | {200: {"model": DocumentAnswer}},
)
async def one(document: DocumentId, services: App, caller: ReadSigning) -> Response:
    """Give what is known of it, and its controls."""
    return await to_thread.run_sync(_one, services.signing, caller, document)


def _one(desk: SigningDesk, by: Principal, document: str) -> Response:
    with write(desk.context.engine) as session:
        return json_response(_answer(desk, session, desk.documents.one(session, by, document)))


@router.get(
    "/{document}/content",
    summary="The bytes of a document",
    responses=refuses(401, 403, 404, 409)
    | {200: {"content": {"application/pdf": {}}, "description": "the bytes as they are kept"}},
)
async def content(
    document: DocumentId, services: App, caller: ReadSigning, version: Version = "current"
) -> Response:
    """Give a version exactly as it is kept: as it came, as it stands in the draft, as shown, as fixed, as signed."""
    return await to_thread.run_sync(_content, services.signing, caller, document, version)


def _content(desk: SigningDesk, by: Principal, document: str, version: Version) -> Response:
    with write(desk.context.engine) as session:
        found, media_type = desk.documents.content(session, by, document, version)
    return Response(found, media_type=media_type, headers={"Cache-Control": "no-store"})


@router.put(
    "/{document}/controls",
    summary="Place the controls of a document",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": DocumentAnswer}},
    openapi_extra=takes(ControlsRequest),
)
async def place(document: DocumentId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Put these in place of all it had: fields to fill in, places to sign."""
    body = await read_body(request, ControlsRequest)
    controls = [each.control() for each in body.controls]
    return await to_thread.run_sync(_place, services.signing, caller, document, controls)


def _place(desk: SigningDesk, by: Principal, document: str, controls: list[Control]) -> Response:
    with write(desk.context.engine) as session:
        return json_response(_answer(desk, session, desk.documents.place(session, by, document, controls)))


@router.put(
    "/{document}/values",
    summary="Fill in a document",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": DocumentAnswer}},
    openapi_extra=takes(ValuesRequest),
)
async def fill(document: DocumentId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Set these values in place of all it had; a value that does not fit its place is refused, never cut."""
    body = await read_body(request, ValuesRequest)
    return await to_thread.run_sync(_fill, services.signing, caller, document, body.values)


def _fill(desk: SigningDesk, by: Principal, document: str, values: dict[str, str]) -> Response:
    with write(desk.context.engine) as session:
        return json_response(_answer(desk, session, desk.documents.fill(session, by, document, values)))


@router.put(
    "/{document}/watermark",
    summary="Lay words over all pages",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": DocumentAnswer}},
    openapi_extra=takes(WatermarkRequest),
)
async def watermark(document: DocumentId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Put this watermark in place of the one it had."""
    body = await read_body(request, WatermarkRequest)
    return await to_thread.run_sync(_watermark, services.signing, caller, document, body)


def _watermark(desk: SigningDesk, by: Principal, document: str, body: WatermarkRequest) -> Response:
    with write(desk.context.engine) as session:
        row = desk.documents.watermark(session, by, document, body.mark())
        return json_response(_answer(desk, session, row))


def _answer(desk: SigningDesk, session: Session, row: DocumentRow) -> JsonObject:
    answer: JsonObject = {
        "document": row.id,
        "contract": row.contract,
        "name": desk.documents.name(session, row),
        "media_type": row.media_type,
        "attachment": row.attachment,
        "original_sha256": row.original,
        "current_sha256": row.current,
        "pages": page_answers(parse_pages(row.pages)),
        "controls": control_answers(parse_controls(row.controls)),
        "fonts_missing": list[JsonValue](row.fonts_missing.splitlines()),
    }
    for name, value in (
        ("shown_sha256", row.shown),
        ("finalized_sha256", row.finalized),
        ("newest_sha256", row.newest),
        ("tool", row.tool),
        ("tool_version", row.tool_version),
    ):
        if value:
            answer[name] = value
    return answer


def page_answers(pages: tuple[Page, ...]) -> list[JsonValue]:
    """Give pages by their size as seen."""
    return [{"width": page.size[0], "height": page.size[1]} for page in pages]


def control_answers(controls: tuple[Control, ...]) -> list[JsonValue]:
    """Give controls as they are sent."""
    return [
        {
            "name": each.name,
            "kind": each.kind.value,
            "party": each.party,
            "page": each.page,
            "place": {
                "x": each.place.x,
                "y": each.place.y,
                "width": each.place.width,
                "height": each.place.height,
            },
            "required": each.required,
            "rule": {
                name: list(value) if isinstance(value := getattr(each.rule, name), tuple) else value
                for name in each.rule.__dataclass_fields__
            },
        }
        for each in controls
    ]
