"""The public log: checkpoint and tiles (C2SP tlog-tiles), and the trust policy. For everybody, without a key."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.responses import Response
from zheng_verifier.errors import EvidenceError
from zheng_verifier.note import format_vkey
from zheng_verifier.policy import fingerprint

from api.issuance.policy_export import read_policy
from api.issuance.statement import write_statement
from api.problems import ProblemError
from api.web.deps import PUBLIC, App, refuses
from api.web.schemas import PolicyDocument, StatementDocument
from ledger.tiles import parse_tile_path

router = APIRouter(tags=["log"], dependencies=PUBLIC)
_NOTE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "a signed note"}
}
_TILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        "description": "hashes, or leaves with their lengths",
    }
}


@router.get("/checkpoint", summary="The newest signed head", responses=refuses(404, 429) | _NOTE)
async def checkpoint(services: App) -> Response:
    """Give the newest checkpoint as a C2SP signed note."""
    note = await to_thread.run_sync(services.ledger.reader.checkpoint)
    if note is None:
        raise ProblemError("not-found", "The log has signed nothing yet.")
    return Response(
        note, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "public, max-age=1"}
    )


@router.get("/tile/{path:path}", summary="A tile of the log", responses=refuses(404, 429) | _TILE)
async def tile(
    path: Annotated[str, Path(description="`<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`")], services: App
) -> Response:
    """Give a tile of hashes or of leaves, full or partial; it never changes."""
    try:
        place = parse_tile_path(f"tile/{path}")
    except EvidenceError:
        raise ProblemError("not-found", "This is not the path of a tile.") from None
    reader = services.ledger.reader
    if place.level is None:
        data = await to_thread.run_sync(reader.entry_bundle, place.index, place.width)
    else:
        data = await to_thread.run_sync(reader.tile, place.level, place.index, place.width)
    if data is None:
        raise ProblemError("not-found", "The log has no such tile yet.")
    return Response(
        data,
        media_type="application/octet-stream",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@router.get(
    "/v1/policy",
    summary="The trust policy this service publishes",
    responses=refuses(404, 429) | {200: {"model": PolicyDocument}},
)
async def policy(services: App) -> Response:
    """Give the policy byte for byte. Whoever takes it from here trusts the operator for it: compare its fingerprint."""
    data = await to_thread.run_sync(read_policy, services.settings.paths.policy)
    if data is None:
        raise ProblemError("not-found", "No policy is published.")
    headers = {
        "X-Policy-Fingerprint": fingerprint(data),
        "X-Log-Vkey": format_vkey(services.ledger.vkey),
        "Cache-Control": "public, max-age=60",
    }
    return Response(data, media_type="application/json", headers=headers)


@router.get(
    "/v1/statement",
    summary="What the operator says of himself",
    responses=refuses(429) | {200: {"model": StatementDocument}},
)
async def statement(services: App) -> Response:
    """Give the operator's statement: disclosed, never verified; what is absent he did not say."""
    data = write_statement(services.settings, origin=services.ledger.origin)
    return Response(data, media_type="application/json", headers={"Cache-Control": "public, max-age=60"})
