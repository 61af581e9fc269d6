"""Who asks the pipeline: a program with an API key, a member with a session, or a party with the session of a link.

A bearer token says by its first letters what it is: `zk_live_…` an API key, `zs_…` a member's session, `zp_…` a
party's. Browsers hold the last two in cookies; a write by cookie alone needs the header `X-Zheng-Request: 1`, which
no foreign page can make a browser send.
"""

import re
import unicodedata
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Literal, cast, get_args

from anyio import to_thread
from fastapi import Depends, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request
from starlette.responses import Response

from api.accounts.apikeys import SCOPES, parse_key
from api.problems import ProblemError
from api.services import Services, services_of
from api.settings import Settings
from signing.errors import Refused
from signing.principal import Principal, Seen, Terminal

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
REQUEST_HEADER = "X-Zheng-Request"
APP_HEADER = "X-Zheng-App"
TERMINAL_HEADER = "X-Zheng-Terminal"
MEMBER_PREFIX = "zs_"
PARTY_PREFIX = "zp_"
_APP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_ADDRESS = re.compile(r"[0-9a-f:.]{2,45}", re.ASCII)
_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="Signing",
    description="An API key `zk_live_…`, or the token of a session: `zs_…` of a member, `zp_…` of a party.",
)
_COOKIE = APIKeyCookie(
    name="zheng-session",
    auto_error=False,
    scheme_name="SigningCookie",
    description="A session in a browser; over https the name is `__Host-zheng-session` (`-party` for a party's).",
)

Caller = Literal["program", "member", "party"]
Holder = Literal["session", "party"]


def cookie_name(settings: Settings, holder: Holder) -> str:
    """Give the name of the cookie; over https the prefix has browsers refuse it from any other host (RFC 6265bis)."""
    name = f"zheng-{holder}"
    return f"__Host-{name}" if settings.public_url.startswith("https:") else name


def set_cookie(response: Response, settings: Settings, holder: Holder, token: str, *, seconds: int) -> None:
    """Hand a session to a browser: not to scripts, not to requests from other sites."""
    response.set_cookie(
        cookie_name(settings, holder),
        token,
        max_age=seconds,
        path="/",
        secure=settings.public_url.startswith("https:"),
        httponly=True,
        samesite="strict",
    )


def drop_cookie(response: Response, settings: Settings, holder: Holder) -> None:
    """Have the browser forget a session."""
    set_cookie(response, settings, holder, "", seconds=0)


def seen_of(request: Request, *, program: bool = False) -> Seen:
    """Give what is seen of a client; a header may say which kind of terminal it is."""
    address = request.client.host.lower() if request.client is not None else ""
    agent = "".join(c for c in request.headers.get("user-agent", "") if unicodedata.category(c)[0] != "C")
    named = request.headers.get(TERMINAL_HEADER, "")
    if named in get_args(Terminal) and named != "system":
        terminal = cast(Terminal, named)
    elif program:
        terminal = "api"
    else:
        terminal = "h5" if "Mobile" in agent else "pc"
    return Seen(address if _ADDRESS.fullmatch(address) else "", agent[:1024], terminal)


def admit(scope: str, *callers: Caller, agreed: bool = True) -> Callable[..., Coroutine[Any, Any, Principal]]:
    """Make the dependency that admits these callers; a program's key must have ``scope``.

    ``agreed``: a member gets in only once the required agreements, as they are now, are accepted (S3-3).

    What a member or party may do beyond that is asked by `Principal.require` where it is done.
    """
    if scope not in SCOPES:
        raise ValueError(f"no such scope: {scope}")

    async def principal(
        request: Request,
        services: Annotated[Services, Depends(services_of)],
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
        _cookie: Annotated[str | None, Security(_COOKIE)],
    ) -> Principal:
        token, by_cookie = _presented(request, services.settings, credentials, callers)
        if token is None:
            raise ProblemError("key-missing", expected=_expected(callers))
        if by_cookie and request.method not in SAFE_METHODS and request.headers.get(REQUEST_HEADER) != "1":
            raise ProblemError("request-header-missing", expected=f"{REQUEST_HEADER}: 1")
        if token.startswith(MEMBER_PREFIX) and "member" in callers:
            return await to_thread.run_sync(lambda: member(services, token, seen_of(request), agreed=agreed))
        if token.startswith(PARTY_PREFIX) and "party" in callers:
            return await to_thread.run_sync(services.signing.people.sessions.resolve, token, seen_of(request))
        if "program" in callers:
            return await _of_key(request, services, token, scope)
        raise ProblemError("caller-wrong", expected=_expected(callers))

    return principal


def _presented(
    request: Request,
    settings: Settings,
    credentials: HTTPAuthorizationCredentials | None,
    callers: tuple[Caller, ...],
) -> tuple[str | None, bool]:
    """Give the token, and whether it came in a cookie; a bearer token wins.

    A browser may hold both cookies. Only a member names the contract, so there his session is meant.
    """
    if credentials is not None:
        return credentials.credentials, False
    holders: tuple[tuple[Caller, Holder], ...] = (("party", "party"), ("member", "session"))
    for caller, holder in reversed(holders) if request.query_params.get("contract") else holders:
        value = request.cookies.get(cookie_name(settings, holder))
        if caller in callers and value:
            return value, True
    return None, False


async def _of_key(request: Request, services: Services, token: str, scope: str) -> Principal:
    presented = parse_key(token)
    if presented is None:
        raise ProblemError("key-invalid")
    key = await services.keyring.check(presented)
    request.state.key_id = key.key_id
    if scope not in key.scopes:
        raise ProblemError("scope-missing", f"The key lacks the scope '{scope}'.", expected=scope)
    return Principal(
        key.tenant_id,
        "api_client",
        scopes=key.scopes,
        seen=seen_of(request, program=True),
        app=_app_of(request),
        name=key.key_id,
    )


def member(services: Services, token: str, seen: Seen, *, agreed: bool = True) -> Principal:
    """Give the member whose session this is.

    Raises:
        Refused: session-invalid; agreement-required: with ``agreed``, if he has required agreements still to accept.
    """
    people = services.signing.people
    found = people.sessions.resolve(token, seen)
    if agreed and (missing := people.agreements.lacking(found.require_account())):
        raise Refused(
            "agreement-required", "Agreements have to be accepted first.", expected=", ".join(missing)
        )
    return found


def _app_of(request: Request) -> str:
    app = request.headers.get(APP_HEADER, "default")
    if not _APP.fullmatch(app):
        raise ProblemError(
            "parameter-invalid", field=APP_HEADER, expected="1 to 64 letters, digits, '.', '_' or '-'"
        )
    return app


def _expected(callers: tuple[Caller, ...]) -> str:
    forms = {"program": "zk_live_…", "member": "zs_…", "party": "zp_…"}
    return "Authorization: Bearer " + " or ".join(forms[caller] for caller in callers)


ReadSigning = Annotated[Principal, Depends(admit("signing:read", "program", "member"))]
WriteSigning = Annotated[Principal, Depends(admit("signing:write", "program", "member"))]
AdminSigning = Annotated[Principal, Depends(admit("signing:admin", "program", "member"))]
# A person himself: what he does is done by nobody else for him.
MemberCaller = Annotated[Principal, Depends(admit("signing:write", "member"))]
# Whoever has agreements still to accept sees who he is, accepts them, or leaves.
NewcomerCaller = Annotated[Principal, Depends(admit("signing:write", "member", agreed=False))]
PartyCaller = Annotated[Principal, Depends(admit("signing:write", "party"))]
PersonCaller = Annotated[Principal, Depends(admit("signing:write", "party", "member"))]
# Whoever may see something of a contract: which of them, the contract's own rules say.
AnyCaller = Annotated[Principal, Depends(admit("signing:read", "program", "party", "member"))]
WriteAnyone = Annotated[Principal, Depends(admit("signing:write", "program", "party", "member"))]
AgreeingAnyone = Annotated[
    Principal, Depends(admit("signing:write", "program", "party", "member", agreed=False))
]
