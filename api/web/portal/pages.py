"""The routes of the portal that need no look into evidence: first page, offline page, and the files they use."""

import re
from pathlib import PurePosixPath

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.policy import fingerprint

from api.issuance.policy_export import read_policy
from api.problems import ProblemError
from api.web.deps import PUBLIC, App
from api.web.portal.language import language_of
from api.web.portal.rendering import asset, page, words

router = APIRouter(include_in_schema=False)
_TYPES = {
    "portal.css": "text/css; charset=utf-8",
    "portal.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}
_VERIFIER = "zheng-verifier.html"
# PDF.js and what it reads: its kinds of files, each in its own folder, and nothing above them.
_PDFJS = re.compile(r"(?:(?:cmaps|fonts|wasm)/)?[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[a-z0-9]+)+")
_SCRIPT = "text/javascript; charset=utf-8"
_PDFJS_TYPES = {".mjs": _SCRIPT, ".js": _SCRIPT, ".wasm": "application/wasm"}
# A worker goes by the rules that came with its script: it fetches maps of characters and compiles decoders of images.
_PDFJS_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'"
)
# What a form adds around its files: boundaries, names, types; the limit is on the whole body.
_FORM_BYTES = 4096


@router.get("/", dependencies=PUBLIC)
async def home(request: Request, services: App) -> Response:
    """Show the four ways in; a file that is too large to be sent is told so before it travels."""
    limit = services.settings.limits.verify_body
    too_large = words(language_of(request))["too_large"].format(limit=f"{limit / 1_000_000:.4g}")
    return page(request, "home", here="home", limit=limit - _FORM_BYTES, too_large=too_large)


@router.get("/offline", dependencies=PUBLIC)
async def offline(request: Request, services: App) -> Response:
    """Say how to repeat everything without this site."""
    policy = await to_thread.run_sync(read_policy, services.settings.paths.policy)
    try:
        data, digest = asset(_VERIFIER)
    except FileNotFoundError:
        verifier = None
    else:
        verifier = {"size": f"{len(data) / 1000:.0f}", "sha256": digest}
    return page(
        request,
        "offline",
        here="offline",
        verifier=verifier,
        policy=None if policy is None else fingerprint(policy),
    )


@router.get(f"/{_VERIFIER}", dependencies=PUBLIC)
async def verifier_file() -> Response:
    """Give the single-file verifier, to be saved: it is meant to be opened from disk, and carries its own rules."""
    try:
        data, _ = asset(_VERIFIER)
    except FileNotFoundError:
        raise ProblemError("not-found") from None
    headers = {
        "Content-Disposition": f'attachment; filename="{_VERIFIER}"',
        "Cache-Control": "public, max-age=3600",
    }
    return Response(data, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/assets/{name}")
async def static_file(name: str) -> Response:
    """Give style, script and mark of the pages."""
    if name not in _TYPES:
        raise ProblemError("not-found")
    data, digest = asset(name)
    headers = {"Cache-Control": "public, max-age=3600", "ETag": f'"{digest[:32]}"'}
    return Response(data, media_type=_TYPES[name], headers=headers)


@router.get("/assets/pdfjs/{name:path}")
async def pdfjs_file(name: str) -> Response:
    """Give a file of PDF.js, with which the signing pages show contracts."""
    if _PDFJS.fullmatch(name) is None:
        raise ProblemError("not-found")
    try:
        data, digest = await to_thread.run_sync(asset, f"pdfjs/{name}")
    except FileNotFoundError:
        raise ProblemError("not-found") from None
    media_type = _PDFJS_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    headers = {
        "Cache-Control": "public, max-age=86400",
        "ETag": f'"{digest[:32]}"',
        "Content-Security-Policy": _PDFJS_POLICY,
    }
    return Response(data, media_type=media_type, headers=headers)
