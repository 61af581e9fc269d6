"""Templates of contracts: documents with controls, in versions (`/v1/signing/templates`)."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.signing.desk import SigningDesk
from api.web.bodies import read_body
from api.web.deps import After, App, Limit, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import WriteSigning
from api.web.signing.documents import control_answers, page_answers
from api.web.signing.documents_schemas import (
    ArchiveRequest,
    TemplateAnswer,
    TemplateRequest,
    TemplatesAnswer,
    ValuesRequest,
    VersionRequest,
)
from api.web.signing.uploads import carries, read_upload
from signing.contracts.ports import Upload
from signing.database import write
from signing.documents.pages import parse_pages
from signing.documents.templates import Template, TemplateDraft
from signing.principal import Principal

router = APIRouter(prefix="/v1/signing/templates", tags=["signing: templates"])
TemplateId = Annotated[str, Path(pattern=UUID_PATTERN, description="the template")]
VersionNumber = Annotated[
    int | None, Query(ge=1, le=1_000_000, description="a version; the newest if absent")
]


@router.post(
    "",
    status_code=201,
    summary="Make a template",
    responses=refuses(401, 403, 404, 409, body=True) | {n: {"model": TemplateAnswer} for n in (200, 201)},
    openapi_extra=carries(TemplateRequest),
)
async def create(request: Request, services: App, caller: WriteSigning) -> Response:
    """Make one of a PDF, DOCX or DOC and its controls. The same id again gives the same one."""
    body, file = await read_upload(request, TemplateRequest)
    return await to_thread.run_sync(_create, services.signing, caller, body, file)


def _create(desk: SigningDesk, by: Principal, body: TemplateRequest, file: Upload) -> Response:
    draft = _draft(desk, body, file)
    with write(desk.context.engine) as session:
        made, new = desk.templates.create(session, by, body.id, draft, body.business_type)
    headers = {"Location": f"/v1/signing/templates/{body.id}"}
    return json_response(_answer(made), status=201 if new else 200, headers=headers)


@router.get(
    "",
    summary="The templates one may use",
    responses=refuses(401, 403) | {200: {"model": TemplatesAnswer}},
)
async def listing(services: App, caller: WriteSigning, limit: Limit = 100, cursor: After = 0) -> Response:
    """Give them oldest first, those of business types granted to whoever asks."""
    return await to_thread.run_sync(_list, services.signing, caller, cursor, limit)


def _list(desk: SigningDesk, by: Principal, cursor: int, limit: int) -> Response:
    with write(desk.context.engine) as session:
        found = desk.templates.listing(session, by, cursor, limit + 1)
    answer: JsonObject = {"data": [_answer(each) for each in found[:limit]], "has_more": len(found) > limit}
    if len(found) > limit:
        answer["next_cursor"] = found[limit - 1].row.position
    return json_response(answer)


@router.get(
    "/{template}",
    summary="One template",
    responses=refuses(401, 403, 404) | {200: {"model": TemplateAnswer}},
)
async def one(
    template: TemplateId, services: App, caller: WriteSigning, version: VersionNumber = None
) -> Response:
    """Give a version of it, the newest by default."""
    return await to_thread.run_sync(_one, services.signing, caller, template, version)


def _one(desk: SigningDesk, by: Principal, template: str, version: int | None) -> Response:
    with write(desk.context.engine) as session:
        return json_response(_answer(desk.templates.find(session, by, template, version)))


@router.get(
    "/{template}/content",
    summary="The bytes of a template",
    responses=refuses(401, 403, 404)
    | {200: {"content": {"application/pdf": {}}, "description": "as it came, or as PDF"}},
)
async def content(
    template: TemplateId,
    services: App,
    caller: WriteSigning,
    version: VersionNumber = None,
    form: Literal["original", "pdf"] = "pdf",
) -> Response:
    """Give the document of a version exactly as it is kept."""
    return await to_thread.run_sync(_content, services.signing, caller, template, version, form)


def _content(desk: SigningDesk, by: Principal, template: str, version: int | None, form: str) -> Response:
    with write(desk.context.engine) as session:
        found, media_type = desk.templates.content(
            session, by, template, version, original=form == "original"
        )
    return Response(found, media_type=media_type, headers={"Cache-Control": "no-store"})


@router.post(
    "/{template}/versions",
    status_code=201,
    summary="Make the next version of a template",
    responses=refuses(401, 403, 404, 409, body=True) | {201: {"model": TemplateAnswer}},
    openapi_extra=carries(VersionRequest),
)
async def update(template: TemplateId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Make it of a document and its controls; contracts made from earlier versions stay as they are."""
    body, file = await read_upload(request, VersionRequest)
    return await to_thread.run_sync(_update, services.signing, caller, template, body, file)


def _update(desk: SigningDesk, by: Principal, template: str, body: VersionRequest, file: Upload) -> Response:
    draft = _draft(desk, body, file)
    with write(desk.context.engine) as session:
        made = desk.templates.update(session, by, template, body.version, draft)
    return json_response(_answer(made), status=201)


@router.post(
    "/{template}/archive",
    summary="Use a template no more",
    responses=refuses(401, 403, 404, body=True) | {200: {"model": TemplateAnswer}},
    openapi_extra=takes(ArchiveRequest),
)
async def archive(template: TemplateId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Keep it for reading only. Again changes nothing."""
    body = await read_body(request, ArchiveRequest)
    return await to_thread.run_sync(_archive, services.signing, caller, template, body.reason)


def _archive(desk: SigningDesk, by: Principal, template: str, reason: str) -> Response:
    with write(desk.context.engine) as session:
        return json_response(_answer(desk.templates.archive(session, by, template, reason)))


@router.post(
    "/{template}/preview",
    summary="See a template filled in",
    responses=refuses(401, 403, 404, body=True)
    | {200: {"content": {"application/pdf": {}}, "description": "PDF; nothing is kept"}},
    openapi_extra=takes(ValuesRequest),
)
async def preview(template: TemplateId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Give the newest version with these values at their places; what is not given is left empty."""
    body = await read_body(request, ValuesRequest)
    return await to_thread.run_sync(_preview, services.signing, caller, template, body.values)


def _preview(desk: SigningDesk, by: Principal, template: str, values: dict[str, str]) -> Response:
    with write(desk.context.engine) as session:
        found = desk.templates.preview(session, by, template, values)
    return Response(found, media_type="application/pdf", headers={"Cache-Control": "no-store"})


def _draft(desk: SigningDesk, body: TemplateRequest | VersionRequest, file: Upload) -> TemplateDraft:
    controls = tuple(each.control() for each in body.controls)
    return TemplateDraft(
        body.title, desk.inspector.prepare(file.name, file.media_type, file.content), controls
    )


def _answer(found: Template) -> JsonObject:
    answer: JsonObject = {
        "template": found.row.id,
        "title": found.title,
        "name": found.name,
        "version": found.version.version,
        "newest": found.row.version,
        "archived": found.row.archived,
        "template_sha256": found.version.base,
        "pages": page_answers(parse_pages(found.version.pages)),
        "controls": control_answers(found.controls),
        "created_at": format_time(found.version.created_at),
    }
    if found.row.business_type is not None:
        answer["business_type"] = found.row.business_type
    return answer
