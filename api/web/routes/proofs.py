"""One event: its receipt again, and its proof as far as it has got."""

from datetime import timedelta
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.encoding import format_base64
from zheng_verifier.ethereum.anchor import format_anchor_proof
from zheng_verifier.tlog_proof import format_tlog_proof

from api.issuance.evidence import EventProof
from api.services import Services
from api.web.auth import ReadEvidence
from api.web.deps import App, EventId, refuses
from api.web.receipts import held_disclosures, write_inclusion, write_receipt
from api.web.responses import choose, json_response
from api.web.schemas import Proof, Receipt

router = APIRouter(prefix="/v1/events/{event}", tags=["events"])
_TEXT = "text/plain"
Level = Annotated[
    Literal["signed", "timestamped", "anchored"] | None,
    Query(description="refuse (409) a proof that has not reached this level"),
]


@router.get(
    "",
    summary="Look at an event",
    responses=refuses(401, 403, 404) | {200: {"model": Receipt}},
)
async def get_event(event: EventId, services: App, caller: ReadEvidence) -> Response:
    """Give the receipt of an event again, under the newest checkpoint, with its disclosures as far as we hold them."""
    return json_response(await to_thread.run_sync(_event, services, caller.tenant, event))


@router.get(
    "/proof",
    summary="Prove an event",
    responses=refuses(401, 403, 404, 406, 409)
    | {200: {"model": Proof, "content": {_TEXT: {"schema": {"type": "string"}}}}},
)
async def get_proof(
    event: EventId, request: Request, services: App, caller: ReadEvidence, level: Level = None
) -> Response:
    """Give the proof of an event: JSON with time-stamps and anchors, or the C2SP tlog-proof as text."""
    media_type = choose(request.headers.get("accept", ""), ("application/json", _TEXT))
    receipt = await to_thread.run_sync(services.ledger.receipt, caller.tenant, event)
    proofs = await to_thread.run_sync(services.evidence.prove, receipt.leaf_index, level)
    if media_type == _TEXT:
        return Response(
            format_tlog_proof(proofs[-1].proof),
            media_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": f'inline; filename="{event}.tlog-proof"', "Vary": "Accept"},
        )
    body: JsonObject = {
        "id": event,
        "case": receipt.case,
        "leaf": receipt.leaf.decode(),
        "level": proofs[-1].cover.level,
        "tlog_proof": format_tlog_proof(proofs[-1].proof).decode(),
        "proofs": [_write_proof(proof) for proof in proofs],
    }
    return json_response(body, headers={"Vary": "Accept"})


def _event(services: Services, tenant: str, event: str) -> JsonObject:
    receipt = services.ledger.receipt(tenant, event)
    covers = services.evidence.covers(receipt.leaf_index)
    level = services.evidence.level_of(covers)
    flag = timedelta(seconds=services.settings.limits.clock_flag)
    return write_receipt(
        receipt, clock_flag=flag, disclosures=held_disclosures(receipt, services), level=level
    )


def _write_proof(proof: EventProof) -> JsonObject:
    checkpoint = proof.cover.checkpoint
    tokens: list[JsonValue] = []
    anchors: list[JsonValue] = []
    if checkpoint is not None:
        tokens = [
            {"authority": token.authority, "response": format_base64(token.raw)}
            for token in checkpoint.tokens
        ]
        anchors = [format_anchor_proof(anchor) for anchor in checkpoint.anchors]
    return {
        "level": proof.cover.level,
        "checkpoint": proof.cover.note.decode(),
        "inclusion": write_inclusion(proof.proof.index, proof.cover.size, proof.proof.hashes),
        "timestamps": tokens,
        "anchors": anchors,
    }
