"""What surrounds every request: an id, a bounded body, headers, one log line, and no traceback to the outside.

Pure ASGI, because Starlette's `BaseHTTPMiddleware` breaks streaming and context variables.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Callable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import ProblemError
from api.web.refusals import refuse

LOG = structlog.get_logger("api.request")

# For whatever sets no rules of its own: a style sheet of this origin, and nothing else.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)

Observer = Callable[[str, str, int, float], None]


class RequestContext:
    """Outermost: gives the request its id, adds the headers, logs one line, and hides what went wrong inside."""

    def __init__(self, app: ASGIApp, *, observe: Observer) -> None:
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = request_id = _request_id(scope)
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_extra_headers(message, request_id)]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            LOG.exception("request failed", request_id=request_id, method=scope["method"])
            if status:
                raise  # half an answer is out; the server closes the connection
            problem = ProblemError("internal", "The failure was recorded under the request id.")
            await refuse(problem, scope)(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - started
            # The template of the route, not the path: paths carry certificate numbers, and make metrics grow.
            route = getattr(scope.get("route"), "path", "")
            self._observe(scope["method"], route, status, seconds)
            LOG.info(
                "request",
                request_id=request_id,
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                key=scope["state"].get("key_id"),
            )


class BodyLimit:
    """Counts the body while it is read: too much or too slow is refused before the rest is taken in."""

    def __init__(self, app: ASGIApp, *, limit_for: Callable[[str, str], int], read_seconds: float) -> None:
        self._app = app
        self._limit_for = limit_for
        self._read_seconds = read_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_for(scope["method"], scope["path"])
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await refuse(_too_large(limit), scope)(scope, receive, send)
            return
        deadline = time.monotonic() + self._read_seconds
        received, whole = 0, False

        async def counted() -> Message:
            nonlocal received, whole
            if whole:
                return await receive()  # waits for the disconnect: no deadline
            try:
                async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                raise ProblemError("body-timeout", headers={"Connection": "close"}) from None
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                whole = not message.get("more_body", False)
                if received > limit:
                    raise _too_large(limit)
            return message

        await self._app(scope, counted, send)


def _too_large(limit: int) -> ProblemError:
    return ProblemError(
        "body-too-large",
        f"The body may have at most {limit} bytes here.",
        expected=f"at most {limit} bytes",
        headers={"Connection": "close"},
    )


def _request_id(scope: Scope) -> str:
    """Take the client's own id if it looks like one, so that both sides' logs can be laid together."""
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


def _extra_headers(message: Message, request_id: str) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in message["headers"]}
    headers = SECURITY_HEADERS | {"X-Request-Id": request_id, "Cache-Control": "no-store"}
    lowered = {name.lower().encode(): value.encode() for name, value in headers.items()}
    return [(name, value) for name, value in lowered.items() if name not in present]
