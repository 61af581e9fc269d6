"""Submitter keys: what a platform signs its claims with, registered in the log itself."""

from datetime import timedelta

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject

from api.web.auth import WriteKeys
from api.web.bodies import read_body
from api.web.deps import App, refuses, settled, takes
from api.web.receipts import write_receipt
from api.web.registration import key_of, publish_policy, registration
from api.web.responses import json_response
from api.web.schemas import SubmitterKeyAnswer, SubmitterKeyRequest

router = APIRouter(prefix="/v1/submitter-keys", tags=["keys"])


@router.post(
    "",
    status_code=201,
    summary="Register a key that signs claims",
    responses=refuses(401, 403, 409, body=True)
    | {201: {"model": SubmitterKeyAnswer}, 200: {"model": SubmitterKeyAnswer}},
    openapi_extra=takes(SubmitterKeyRequest),
)
async def register_key(request: Request, services: App, caller: WriteKeys) -> Response:
    """Register a key by a proof of possession. It is good for claims whose leaves come after its own."""
    body = await read_body(request, SubmitterKeyRequest)
    item = await to_thread.run_sync(registration, body, services, caller.tenant)
    future = await to_thread.run_sync(lambda: services.ledger.deposit([item], internal=True))
    (receipt,) = await settled(future)
    key = await to_thread.run_sync(key_of, body, receipt, services, caller.tenant)
    await to_thread.run_sync(services.store.add_submitter_key, key)
    await to_thread.run_sync(publish_policy, services)
    flag = timedelta(seconds=services.settings.limits.clock_flag)
    answer: JsonObject = {"kid": key.kid, "receipt": write_receipt(receipt, clock_flag=flag)}
    return json_response(answer, status=200 if receipt.replayed else 201)
