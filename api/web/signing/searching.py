"""Finding contracts: `/v1/signing/search`, and how far the index is."""

from datetime import datetime
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time, parse_time
from zheng_verifier.errors import EvidenceError

from api.problems import ProblemError
from api.web.deps import App, refuses
from api.web.responses import json_response
from api.web.signing.callers import ReadSigning, WriteSigning
from api.web.signing.days import day_of
from api.web.signing.management_schemas import (
    HitsView,
    IndexView,
)
from signing.contracts.states import ContractState
from signing.management.criteria import Filters
from signing.management.index import Progress
from signing.management.search import Cursor, Hit

router = APIRouter(prefix="/v1/signing/search", tags=["signing: management"])

Words = Annotated[
    str, Query(max_length=200, description="words, Chinese or English; empty: a list, newest first")
]
States = Annotated[
    list[ContractState] | None, Query(max_length=8, description="in one of these states; may be repeated")
]
Name = Annotated[str, Query(max_length=64)]
Id = Annotated[str, Query(pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$")]
Moment = Annotated[str, Query(max_length=24, description="such as 2026-03-01T00:00:00.000Z")]
DayText = Annotated[str, Query(max_length=10, description="such as 2026-12-31")]
Place = Annotated[
    str, Query(pattern=r"^([0-3]\.[0-9]{1,15})?$", description="the `next_cursor` of the page before")
]
HitLimit = Annotated[int, Query(ge=1, le=200)]


@router.get("", summary="Find contracts", responses=refuses(401, 403) | {200: {"model": HitsView}})
async def search_contracts(
    services: App,
    caller: ReadSigning,
    q: Words = "",
    state: States = None,
    scene: Name = "",
    business_type: Id = "",
    party: Id = "",
    folder: Id = "",
    tag: Name = "",
    category: Name = "",
    archived: bool | None = None,
    created_from: Moment = "",
    created_until: Moment = "",
    ends_until: DayText = "",
    after: Place = "",
    limit: HitLimit = 50,
) -> Response:
    """Find contracts one may see by words of title, parties and text, and by what is known of them."""
    filters = Filters(
        states=tuple(each.value for each in state or ()),
        scene=scene,
        business_type=business_type,
        party=party,
        folder=folder,
        tag=tag,
        category=category,
        archived=archived,
        created_from=_moment(created_from, "created_from"),
        created_until=_moment(created_until, "created_until"),
        ends_until=day_of(ends_until, "ends_until"),
    )
    cursor = Cursor(*(int(part) for part in after.split("."))) if after else None
    page = await to_thread.run_sync(
        lambda: services.signing.management.search.find(caller, q, filters, after=cursor, limit=limit)
    )
    body: JsonObject = {
        "data": [_hit(hit) for hit in page.hits],
        "has_more": page.following is not None,
    }
    if page.following is not None:
        body["next_cursor"] = f"{page.following.rank}.{page.following.position}"
    return json_response(body)


@router.get(
    "/index",
    summary="See how far the index is",
    responses=refuses(401, 403) | {200: {"model": IndexView}},
)
async def get_index(services: App, caller: ReadSigning) -> Response:
    """Say how many contracts are indexed as they are now, how many wait, and of how many no text could be read."""
    return json_response(
        _progress(await to_thread.run_sync(services.signing.management.indexer.progress, caller))
    )


@router.post(
    "/index:renew",
    status_code=202,
    summary="Index every contract anew",
    responses=refuses(401, 403) | {202: {"model": IndexView}},
)
async def renew_index(services: App, caller: WriteSigning) -> Response:
    """Have every contract of the tenant indexed anew; `GET /v1/signing/search/index` shows the progress."""
    progress = await to_thread.run_sync(services.signing.management.indexer.reindex, caller)
    return json_response(_progress(progress), status=202)


def _hit(hit: Hit) -> JsonObject:
    body: JsonObject = {
        "contract": hit.contract,
        "title": hit.title,
        "state": hit.state,
        "scene": hit.scene,
        "matched": hit.matched,
        "created_at": format_time(hit.created_at),
        "deadline": format_time(hit.deadline),
        "archived": hit.archived,
        "category": hit.category,
        "tags": list(hit.tags),
    }
    if hit.folder is not None:
        body["folder"] = hit.folder
    return body if hit.ends_on is None else body | {"ends_on": hit.ends_on.isoformat()}


def _progress(progress: Progress) -> JsonObject:
    return {
        "contracts": progress.contracts,
        "indexed": progress.indexed,
        "waiting": progress.contracts - progress.indexed,
        "unreadable": progress.unreadable,
    }


def _moment(text: str, name: str) -> datetime | None:
    try:
        return parse_time(text) if text else None
    except EvidenceError:
        raise ProblemError("parameter-invalid", field=name, expected="2026-03-01T00:00:00.000Z") from None
