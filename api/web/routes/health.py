"""How the service is doing: alive, ready, measured."""

import hmac

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.problems import ProblemError
from api.services import Services
from api.web.deps import App, refuses
from api.web.health import readiness
from api.web.responses import json_response
from api.web.schemas import Health, Readiness

router = APIRouter(tags=["operation"])
_LOOPBACK = ("127.0.0.1", "::1")


@router.get("/healthz", summary="Alive", responses=refuses() | {200: {"model": Health}})
async def healthz() -> Response:
    """Answer that the process runs."""
    return json_response({"status": "ok"})


@router.get(
    "/readyz",
    summary="Ready",
    responses=refuses() | {200: {"model": Readiness}, 503: {"model": Readiness}},
)
async def readyz(services: App) -> Response:
    """Say whether deposits are taken. Authorities or chains that are down cost time only: 200, `degraded`."""
    state = await to_thread.run_sync(readiness, services)
    return json_response(state, status=503 if state["status"] == "stopped" else 200)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, services: App) -> Response:
    """Give Prometheus its figures: to this machine, or to whoever shows the token."""
    if not await to_thread.run_sync(_may_read, request, services):
        raise ProblemError("not-found")
    await to_thread.run_sync(readiness, services)
    return Response(services.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: Request, services: Services) -> bool:
    token_file = services.settings.metrics.token_file
    if token_file is None:
        return request.client is not None and request.client.host in _LOOPBACK
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), token_file.read_bytes().strip())
