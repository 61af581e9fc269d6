"""Looking something up: a digest among the deposits, a number among the certificates."""

import re

from anyio import to_thread
from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.issuance.certificate.number import NumberError, format_number, parse_number
from api.issuance.document_index import DigestAlgorithm
from api.web.deps import PUBLIC, App
from api.web.portal.language import asked_language, in_language, language_of
from api.web.portal.rendering import message, page, words
from api.web.portal.rows import Row, moment

router = APIRouter(include_in_schema=False, dependencies=PUBLIC)
_ALGORITHMS = {"sha256": "SHA-256", "sm3": "SM3"}
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MAX_FIELDS = 4


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


@router.post("/find")
async def find(request: Request, services: App) -> Response:
    """Say when a digest was deposited; whose it is and in which case is nobody's business."""
    async with request.form(max_files=0, max_fields=_MAX_FIELDS) as form:
        digest, algorithm = _text(form, "digest"), _text(form, "algorithm")
    # As tools print it: sha256sum puts the file's name behind, others use capitals, blanks or colons.
    digest = re.sub(r"[\s:]", "", digest.split("  ")[0]).lower().removeprefix("0x")
    algorithm = algorithm if algorithm in _ALGORITHMS else "sha256"
    language = language_of(request)
    said = words(language)
    asked = [Row(said["digest"], digest[:80], mono=True), Row(said["algorithm"], _ALGORITHMS[algorithm])]
    if not _DIGEST.fullmatch(digest):
        problem = said["digest_malformed"].format(bits=256, digits=64)
        return page(request, "find", status=400, asked=asked, problem=problem, deposits=[])
    kind: DigestAlgorithm = "sm3" if algorithm == "sm3" else "sha256"
    found = await to_thread.run_sync(services.documents.find, bytes.fromhex(digest), kind)
    deposits = [
        {
            "received": moment(each.received_at, said["not_provided"], language),
            "leaf_index": each.leaf_index,
            "role": said.get(f"role_{each.role}", each.role),
        }
        for each in found
    ]
    return page(request, "find", asked=asked, problem="", deposits=deposits)


@router.post("/lookup")
async def lookup(request: Request) -> Response:
    """Lead to a certificate's page, however its number was typed."""
    async with request.form(max_files=0, max_fields=_MAX_FIELDS) as form:
        typed = _text(form, "number")
    try:
        number = format_number(parse_number(typed))
    except NumberError:
        return message(request, "certificate_missing", "certificate_missing_text", status=404)
    asked = asked_language(request)
    path = f"/p/{number}"
    return RedirectResponse(path if asked is None else in_language(path, asked), status_code=303)
