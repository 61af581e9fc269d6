"""The HTTP application: what `create_app` puts around the routes."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.problems import STATUS_CODES, ProblemError
from api.services import Services
from api.settings import LimitSettings, Settings
from api.web.middleware import BodyLimit, RequestContext
from api.web.openapi import describe
from api.web.portal.results import Results
from api.web.portal.routes import ROUTERS as PORTAL
from api.web.refusals import refuse
from api.web.routes import ROUTERS
from api.web.signing import ROUTERS as SIGNING
from ledger.errors import LedgerError
from signing.errors import Refused


def create_app(settings: Settings, services: Services) -> FastAPI:
    """Make the application around services that are already open; whoever opened them closes them."""
    app = FastAPI(
        title="Zheng",
        summary="Blockchain evidence for electronic contracts",
        version="1",
        docs_url=None,  # its page loads scripts from a foreign origin
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    app.state.services = services
    app.state.results = Results(clock=services.clock, random=services.random)
    for router in (*ROUTERS, *SIGNING, *PORTAL):
        app.include_router(router)
    app.add_exception_handler(ProblemError, _refused)
    app.add_exception_handler(LedgerError, _ledger_refused)
    app.add_exception_handler(Refused, _signing_refused)
    app.add_exception_handler(RequestValidationError, _invalid_parameters)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_middleware(
        BodyLimit, limit_for=body_limits(settings.limits), read_seconds=settings.limits.read_seconds
    )
    app.add_middleware(RequestContext, observe=services.metrics.observe_request)
    describe(app)
    return app


def body_limits(limits: LimitSettings) -> Callable[[str, str], int]:
    """Say how many bytes a request may carry, by method and path."""

    def limit_for(method: str, path: str) -> int:
        if method not in ("POST", "PUT", "PATCH"):
            return 0
        if path in ("/v1/verify", "/verify"):
            return limits.verify_body
        if path.endswith("/events:batch") or path.startswith("/v1/signing/batches"):
            return limits.batch_body
        carries = path.endswith(
            ("/documents", "/contracts/by-file", "/material", "/seals/pictures")
        ) or path.startswith("/v1/signing/templates")
        return limits.document_body if carries else limits.body

    return limit_for


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # registered for this class
    return refuse(error, request.scope)


async def _ledger_refused(request: Request, error: Exception) -> Response:
    from api.web.ledger_problems import problem_of

    assert isinstance(error, LedgerError)  # registered for this class
    return refuse(problem_of(error), request.scope)


async def _signing_refused(request: Request, error: Exception) -> Response:
    from api.web.signing.refusals import problem_of

    assert isinstance(error, Refused)  # registered for this class
    return refuse(problem_of(error), request.scope)


async def _invalid_parameters(request: Request, error: Exception) -> Response:
    """Query and path parameters are FastAPI's to read; bodies never come here."""
    assert isinstance(error, RequestValidationError)  # registered for this class
    first = error.errors()[0]
    name = str(first["loc"][-1])
    problem = ProblemError("parameter-invalid", f"{first['msg']}.", field=name)
    return refuse(problem, request.scope)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # registered for this class
    headers = dict(error.headers or {})
    code = STATUS_CODES.get(error.status_code, "request-invalid" if error.status_code < 500 else "internal")
    expected = headers.get("allow") or headers.get("Allow")
    problem = ProblemError(code, expected=expected, headers=headers)
    return refuse(problem, request.scope)
