"""The routes of the desk: one module for each kind of page, and the files they need."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.responses import Response

from api.problems import ProblemError
from api.web.portal.desk import (
    batches,
    contract,
    contract_steps,
    drafting,
    entering,
    evidence,
    listing,
    organisation,
    overview,
    people,
    reviews,
    seal_making,
    seals,
    templates,
)
from api.web.portal.rendering import asset

_TYPES = {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "setup.js": "text/javascript; charset=utf-8",
    "placing.js": "text/javascript; charset=utf-8",
    "controls.js": "text/javascript; charset=utf-8",
}
files = APIRouter(include_in_schema=False)


@files.get("/assets/desk/{name}")
async def desk_file(name: str) -> Response:
    """Give style and scripts of these pages."""
    if name not in _TYPES:
        raise ProblemError("not-found")
    data, digest = await to_thread.run_sync(asset, f"desk/{name}")
    headers = {"Cache-Control": "public, max-age=3600", "ETag": f'"{digest[:32]}"'}
    return Response(data, media_type=_TYPES[name], headers=headers)


# Fixed names before the id of a contract: what comes first is asked first.
ROUTERS = (
    files,
    entering.router,
    overview.router,
    drafting.router,
    listing.router,
    evidence.router,
    contract.router,
    contract_steps.router,
    templates.router,
    seal_making.router,
    seals.router,
    people.router,
    reviews.router,
    batches.router,
    organisation.router,
)
