"""What routes ask for: services, path and query parameters, and how an answer of the log is awaited."""

import asyncio
from concurrent.futures import Future
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Query
from starlette.requests import Request

from api.problems import ProblemError
from api.services import Services, services_of
from api.web.bodies import Body
from api.web.schemas import UUID_PATTERN, ProblemDocument

App = Annotated[Services, Depends(services_of)]
CaseId = Annotated[str, Path(pattern=UUID_PATTERN, description="the case, a lower-case UUID")]
EventId = Annotated[str, Path(pattern=UUID_PATTERN, description="the client's own id of the event")]
Limit = Annotated[int, Query(ge=1, le=1000, description="how many at most")]
After = Annotated[int, Query(ge=0, lt=2**53, description="the `next_cursor` of the page before")]

_T = TypeVar("_T")


async def settled(future: "Future[_T]") -> _T:
    """Await an answer of the log. A client that hangs up does not take its deposit back."""
    return await asyncio.shield(asyncio.wrap_future(future))


async def limit_public(request: Request, services: App) -> None:
    """Take a token of the address's bucket, at endpoints that ask for no key.

    Raises:
        ProblemError: rate-limited.
    """
    address = request.client.host if request.client is not None else "unknown"
    wait = services.limiter.take(address)
    if wait:
        raise ProblemError("rate-limited", headers={"Retry-After": str(int(wait) + 1)})


PUBLIC = [Depends(limit_public)]


def takes(*models: type[Body]) -> dict[str, Any]:
    """Describe a JSON body for OpenAPI: one of these models."""
    references = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in models]
    schema = references[0] if len(references) == 1 else {"anyOf": references}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


# What every reading of a body may come to: no JSON, too slow, too large, another media type.
_BODY = (400, 408, 413, 415)


def refuses(*statuses: int, body: bool = False) -> dict[int | str, dict[str, Any]]:
    """Describe the problem documents a route may answer with; ``body``: it reads one."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {
        status: {"description": ProblemDocument.__doc__ or "", "content": content}
        for status in (*(_BODY if body else ()), *statuses, 422, 500, 503)
    }
