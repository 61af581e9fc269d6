"""The pages of a signer. They hold no data: their scripts ask `/v1/signing/party` for it, by the cookie of the session."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.problems import ProblemError
from api.web.deps import PUBLIC, App
from api.web.portal.language import asked_language, in_language, language_of
from api.web.portal.rendering import asset, render
from api.web.portal.signing.words_en import SCRIPTS as ENGLISH_SCRIPTS
from api.web.portal.signing.words_en import WORDS as ENGLISH
from api.web.portal.signing.words_zh import SCRIPTS as CHINESE_SCRIPTS
from api.web.portal.signing.words_zh import WORDS as CHINESE
from api.web.signing.callers import seen_of, set_cookie
from signing.errors import Refused

router = APIRouter(include_in_schema=False)
# PDF.js compiles decoders of images (JPEG 2000, JBIG2) to machine code in its worker; nothing runs a string as a script.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
LANDING_POLICY = CONTENT_SECURITY_POLICY.replace(" 'wasm-unsafe-eval'; worker-src 'self'", "")
ASSETS = {
    "signing.css": "text/css; charset=utf-8",
    "landing.js": "text/javascript; charset=utf-8",
    "sign.js": "text/javascript; charset=utf-8",
    "talk.js": "text/javascript; charset=utf-8",
    "reading.js": "text/javascript; charset=utf-8",
    "filling.js": "text/javascript; charset=utf-8",
    "identifying.js": "text/javascript; charset=utf-8",
    "choosing.js": "text/javascript; charset=utf-8",
    "confirming.js": "text/javascript; charset=utf-8",
    "outcome.js": "text/javascript; charset=utf-8",
    "voiding.js": "text/javascript; charset=utf-8",
    "pad.js": "text/javascript; charset=utf-8",
    "viewer.js": "text/javascript; charset=utf-8",
}
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_MAX_FIELDS = 2


def _page(request: Request, template: str, policy: str, *, status: int = 200, **values: Any) -> Response:
    chinese = language_of(request) == "zh-CN"
    said, scripts = (CHINESE, CHINESE_SCRIPTS) if chinese else (ENGLISH, ENGLISH_SCRIPTS)
    answer = render(
        request,
        f"signing/{template}",
        status=status,
        words=said,
        scripts=json.dumps(scripts, ensure_ascii=False),
        **values,
    )
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/s", dependencies=PUBLIC)
async def landing(request: Request) -> Response:
    """Show where a one-time link lands. Its token is behind `#` and has not been sent here."""
    return _page(request, "landing", LANDING_POLICY, refused="")


@router.post("/s", dependencies=PUBLIC)
async def enter(request: Request, services: App) -> Response:
    """Take the token from a form, for browsers without scripts. A form of another site is not taken."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ProblemError("request-header-missing")
    async with request.form(max_files=0, max_fields=_MAX_FIELDS) as form:
        typed = form.get("code")
    token = _token_of(typed if isinstance(typed, str) else "")
    door = services.signing.delivery.door
    try:
        entered = await to_thread.run_sync(door.enter, token, seen_of(request))
    except Refused as refused:
        if refused.code != "link-invalid":
            raise
        return _page(request, "landing", LANDING_POLICY, status=410, refused=refused.code)
    asked = asked_language(request)
    answer = RedirectResponse("/sign" if asked is None else in_language("/sign", asked), 303)
    seconds = int((entered.session.expires_at - services.clock()).total_seconds())
    set_cookie(answer, services.settings, "party", entered.session.token, seconds=seconds)
    return answer


def _token_of(typed: str) -> str:
    """Take a token out of what was pasted: itself, or the whole link; "" where there is none."""
    pasted = typed.strip()[:300]
    token = urlsplit(pasted).fragment if "#" in pasted else pasted
    return token if _TOKEN.fullmatch(token) else ""


@router.get("/sign", dependencies=PUBLIC)
async def sign(request: Request) -> Response:
    """Show the page on which a contract is read and signed."""
    return _page(request, "sign", CONTENT_SECURITY_POLICY)


@router.get("/assets/signing/{name}")
async def signing_file(name: str) -> Response:
    """Give style and scripts of these pages."""
    if name not in ASSETS:
        raise ProblemError("not-found")
    data, digest = await to_thread.run_sync(asset, f"signing/{name}")
    headers = {"Cache-Control": "public, max-age=3600", "ETag": f'"{digest[:32]}"'}
    return Response(data, media_type=ASSETS[name], headers=headers)
