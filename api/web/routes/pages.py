"""The page behind a certificate's QR code, for people."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.issuance.certificates import find_certificate
from api.problems import ProblemError
from api.web.deps import PUBLIC, App
from api.web.pages import STYLE, certificate_page, missing_page

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/p/{number}", dependencies=PUBLIC)
async def page(number: str, services: App) -> Response:
    """Show a certificate; everything about persons in it is masked."""
    try:
        issued = await to_thread.run_sync(find_certificate, services, number)
    except ProblemError as problem:
        return HTMLResponse(missing_page(), status_code=problem.kind.status)
    return HTMLResponse(await to_thread.run_sync(certificate_page, issued.document))


@router.get("/assets/page.css")
async def style() -> Response:
    """Give the pages' style sheet; inline styles are forbidden to them."""
    return Response(
        STYLE, media_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"}
    )
