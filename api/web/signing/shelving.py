"""Keeping contracts: folders, tags, terms and reminders, and how many there are of each."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.web.bodies import read_body
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import ReadSigning, WriteSigning
from api.web.signing.days import day_of
from api.web.signing.management_schemas import (
    FolderName,
    FolderRequest,
    FoldersView,
    FolderView,
    PlacingRequest,
    PlacingView,
    RemindersView,
    ReminderView,
    StatisticsView,
    TagsView,
)
from signing.management.models import FolderRow, ReminderRow, ShelfRow
from signing.management.shelf import Placing

router = APIRouter(prefix="/v1/signing", tags=["signing: management"])

FolderId = Annotated[str, Path(pattern=UUID_PATTERN, description="the folder")]
ContractId = Annotated[str, Path(pattern=UUID_PATTERN, description="the contract")]
ReminderId = Annotated[str, Path(pattern=UUID_PATTERN, description="the reminder")]
HitLimit = Annotated[int, Query(ge=1, le=200)]


@router.get("/folders", summary="List folders", responses=refuses(401, 403) | {200: {"model": FoldersView}})
async def list_folders(services: App, caller: ReadSigning) -> Response:
    """List the tenant's folders by name."""
    found = await to_thread.run_sync(services.signing.management.shelf.folders, caller)
    return json_response({"data": [_folder(row, count) for row, count in found]})


@router.post(
    "/folders",
    status_code=201,
    summary="Create a folder",
    responses=refuses(401, 403, 409, body=True) | {201: {"model": FolderView}, 200: {"model": FolderView}},
    openapi_extra=takes(FolderRequest),
)
async def create_folder(request: Request, services: App, caller: WriteSigning) -> Response:
    """Create a folder of contracts."""
    body = await read_body(request, FolderRequest)
    row, made = await to_thread.run_sync(
        services.signing.management.shelf.create_folder, caller, body.id, body.name
    )
    return json_response(_folder(row, 0), status=201 if made else 200)


@router.post(
    "/folders/{folder}:rename",
    summary="Rename a folder",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": FolderView}},
    openapi_extra=takes(FolderName),
)
async def rename_folder(folder: FolderId, request: Request, services: App, caller: WriteSigning) -> Response:
    """Give a folder another name."""
    body = await read_body(request, FolderName)
    shelf = services.signing.management.shelf
    row = await to_thread.run_sync(shelf.rename_folder, caller, folder, body.name)
    counts = {each.id: count for each, count in await to_thread.run_sync(shelf.folders, caller)}
    return json_response(_folder(row, counts.get(folder, 0)))


@router.post(
    "/folders/{folder}:delete",
    status_code=204,
    summary="Delete an empty folder",
    responses=refuses(401, 403, 404, 409),
)
async def delete_folder(folder: FolderId, services: App, caller: WriteSigning) -> Response:
    """Delete a folder in which no contract is."""
    await to_thread.run_sync(services.signing.management.shelf.delete_folder, caller, folder)
    return Response(status_code=204)


@router.get("/tags", summary="List tags", responses=refuses(401, 403) | {200: {"model": TagsView}})
async def list_tags(services: App, caller: ReadSigning) -> Response:
    """List the tags in use."""
    found = await to_thread.run_sync(services.signing.management.shelf.tags, caller)
    return json_response({"data": [{"tag": tag, "contracts": count} for tag, count in found]})


@router.get(
    "/shelf/{contract}",
    summary="See how a contract is kept",
    responses=refuses(401, 404) | {200: {"model": PlacingView}},
)
async def get_placing(contract: ContractId, services: App, caller: ReadSigning) -> Response:
    """Give folder, class, tags, term and reminders of a contract."""
    return json_response(await to_thread.run_sync(lambda: _placed(services, caller, contract)))


@router.post(
    "/shelf/{contract}",
    summary="Say how a contract is kept",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": PlacingView}},
    openapi_extra=takes(PlacingRequest),
)
async def place_contract(
    contract: ContractId, request: Request, services: App, caller: WriteSigning
) -> Response:
    """Put a contract into a folder, classify, tag and archive it, and say when its term ends."""
    body = await read_body(request, PlacingRequest)
    placing = Placing(
        folder=body.folder,
        category=body.category,
        tags=tuple(body.tags),
        archived=body.archived,
        starts_on=day_of(body.starts_on or "", "/starts_on"),
        ends_on=day_of(body.ends_on or "", "/ends_on"),
        remind_days=tuple(body.remind_days),
    )

    def place() -> JsonObject:
        services.signing.management.shelf.place(caller, contract, placing)
        return _placed(services, caller, contract)

    return json_response(await to_thread.run_sync(place))


@router.get(
    "/reminders", summary="List reminders", responses=refuses(401, 403) | {200: {"model": RemindersView}}
)
async def list_reminders(
    services: App, caller: ReadSigning, due: bool = True, limit: HitLimit = 100
) -> Response:
    """List reminders of terms that end, those due now unless `due` is false."""
    found = await to_thread.run_sync(
        lambda: services.signing.management.reminders.listed(caller, due=due, limit=limit)
    )
    return json_response({"data": [_reminder(row, shelf) for row, shelf in found]})


@router.post(
    "/reminders/{reminder}:done",
    summary="Be done with a reminder",
    responses=refuses(401, 403, 404) | {200: {"model": ReminderView}},
)
async def finish_reminder(reminder: ReminderId, services: App, caller: WriteSigning) -> Response:
    """Take a reminder off the list."""
    row = await to_thread.run_sync(services.signing.management.reminders.done, caller, reminder)
    return json_response(_reminder(row, None))


@router.get(
    "/statistics", summary="Count contracts", responses=refuses(401, 403) | {200: {"model": StatisticsView}}
)
async def get_statistics(services: App, caller: ReadSigning) -> Response:
    """Count the contracts one may see by state, scene and month; archived ones; those that end within thirty days."""
    figures = await to_thread.run_sync(services.signing.management.shelf.statistics, caller)
    counted = {"states": figures.states, "scenes": figures.scenes, "months": figures.months}
    body: JsonObject = {
        name: [{"name": each, "contracts": count} for each, count in counts]
        for name, counts in counted.items()
    }
    return json_response(
        body | {"total": figures.total, "archived": figures.archived, "ending": figures.ending}
    )


def _placed(services: App, caller: ReadSigning, contract: str) -> JsonObject:
    shelf, tags, reminders = services.signing.management.shelf.placed(caller, contract)
    body: JsonObject = {
        "contract": contract,
        "category": shelf.category,
        "tags": list(tags),
        "archived": shelf.archived_at is not None,
        "reminders": [_reminder(each, shelf) for each in reminders],
    }
    if shelf.folder is not None:
        body["folder"] = shelf.folder
    if shelf.starts_on is not None:
        body["starts_on"] = shelf.starts_on.isoformat()
    if shelf.ends_on is not None:
        body["ends_on"] = shelf.ends_on.isoformat()
    if shelf.archived_at is not None:
        body["archived_at"] = format_time(shelf.archived_at)
    return body


def _folder(row: FolderRow, contracts: int) -> JsonObject:
    return {
        "id": row.id,
        "name": row.name,
        "contracts": contracts,
        "created_at": format_time(row.created_at),
    }


def _reminder(row: ReminderRow, shelf: ShelfRow | None) -> JsonObject:
    body: JsonObject = {
        "id": row.id,
        "contract": row.contract,
        "days": row.days,
        "due_at": format_time(row.due_at),
    }
    if row.told_at is not None:
        body["told_at"] = format_time(row.told_at)
    if row.done_at is not None:
        body["done_at"] = format_time(row.done_at)
    if shelf is not None and shelf.ends_on is not None:
        body["ends_on"] = shelf.ends_on.isoformat()
    return body
