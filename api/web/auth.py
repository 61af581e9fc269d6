"""Who asks: API keys as bearer tokens, the tenant they belong to, and what they allow."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from api.accounts.apikeys import SCOPES, parse_key
from api.problems import ProblemError
from api.services import Services, services_of

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="ApiKey", description="An API key `zk_live_…` as bearer token."
)


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client: one key of one tenant."""

    tenant: str
    key_id: str


def allow(scope: str) -> Callable[..., Coroutine[Any, Any, Caller]]:
    """Make the dependency that admits callers whose key has ``scope``."""
    if scope not in SCOPES:
        raise ValueError(f"no such scope: {scope}")

    async def caller(
        request: Request,
        services: Annotated[Services, Depends(services_of)],
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    ) -> Caller:
        if credentials is None:
            raise ProblemError("key-missing", expected="Authorization: Bearer zk_live_…")
        presented = parse_key(credentials.credentials)
        if presented is None:
            raise ProblemError("key-invalid")
        key = await services.keyring.check(presented)
        request.state.key_id = key.key_id
        if scope not in key.scopes:
            raise ProblemError("scope-missing", f"The key lacks the scope '{scope}'.", expected=scope)
        return Caller(key.tenant_id, key.key_id)

    return caller


WriteCases = Annotated[Caller, Depends(allow("cases:write"))]
WriteEvents = Annotated[Caller, Depends(allow("events:write"))]
ReadEvidence = Annotated[Caller, Depends(allow("evidence:read"))]
IssueEvidence = Annotated[Caller, Depends(allow("evidence:issue"))]
WriteKeys = Annotated[Caller, Depends(allow("keys:write"))]
