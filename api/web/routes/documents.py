"""Documents by their bytes: hashed here, and kept only when asked for. Hash-only deposits need none of this."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.encoding import format_hex
from zheng_verifier.timestamp.algorithms import digest

from api.accounts.store import SeenDocument
from api.web.auth import WriteEvents
from api.web.bodies import read_bytes
from api.web.deps import App, CaseId, refuses, settled
from api.web.responses import json_response
from api.web.schemas import SeenDigests

router = APIRouter(prefix="/v1/cases/{case}/documents", tags=["documents"])
_BYTES = "application/octet-stream"


@router.put(
    "",
    summary="Have a document hashed by the service",
    responses=refuses(401, 403, 404, body=True) | {200: {"model": SeenDigests}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {_BYTES: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def put_document(
    case: CaseId,
    request: Request,
    services: App,
    caller: WriteEvents,
    keep: Annotated[bool, Query(description="also keep the bytes, encrypted, in the vault")] = False,
) -> Response:
    """Hash a document. Later deposits of this case that name it say that the service hashed it (`checked`)."""
    await to_thread.run_sync(services.ledger.case, caller.tenant, case)
    content = await read_bytes(request, _BYTES)
    document = await to_thread.run_sync(_digests, content)
    if keep:
        future = await to_thread.run_sync(services.ledger.store_document, caller.tenant, case, content)
        await settled(future)
    await to_thread.run_sync(services.store.add_seen_document, caller.tenant, case, document)
    return json_response(
        {
            "size": document.size,
            "digests": {"sha256": format_hex(document.sha256), "sm3": format_hex(document.sm3)},
            "kept": keep,
        }
    )


def _digests(content: bytes) -> SeenDocument:
    return SeenDocument(len(content), digest("sha256", content), digest("sm3", content))
