"""What simulated telephones and mailboxes received, and how they misbehave. Only while simulators are configured.

A simulator is of the installation, and so is how it misbehaves; of what it received a tenant sees its own messages only,
since they hold links and codes.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.signing.desk import SigningDesk
from api.web.bodies import read_body
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.signing.callers import AdminSigning
from api.web.signing.delivery_schemas import BehaviourRequest, SimulatedMessages
from signing.delivery.ports import MailMessage, SmsMessage
from signing.delivery.simulators import Arrived, Behaviour, MailSimulator, SmsSimulator
from signing.errors import Refused
from signing.principal import Permission, Principal

router = APIRouter(prefix="/v1/signing/simulators", tags=["signing: simulators"])
Carrier = Literal["sms", "mail"]
Recipient = Annotated[str, Query(max_length=254, description="only what this number or address received")]


@router.get(
    "/{carrier}",
    summary="What a simulated telephone or mailbox received",
    responses=refuses(401, 403, 404) | {200: {"model": SimulatedMessages}},
)
async def received(carrier: Carrier, services: App, caller: AdminSigning, to: Recipient = "") -> Response:
    """Show the newest thousand messages at most, oldest first."""
    simulator = _simulator(services.signing, caller, carrier)
    arrived: Sequence[Arrived[SmsMessage] | Arrived[MailMessage]] = await to_thread.run_sync(
        lambda: simulator.inbox(to, tenant=caller.tenant)
    )
    return json_response({"simulator": simulator.name, "data": [_write(each) for each in arrived]})


@router.put(
    "/{carrier}/behaviour",
    status_code=204,
    summary="Have a simulator misbehave",
    responses=refuses(401, 403, 404, body=True),
    openapi_extra=takes(BehaviourRequest),
)
async def behave(carrier: Carrier, request: Request, services: App, caller: AdminSigning) -> Response:
    """Say what goes wrong with the next messages."""
    body = await read_body(request, BehaviourRequest)
    told = Behaviour(
        body.fail,
        body.lose_answer,
        body.refuse,
        body.duplicate,
        body.bounce,
        timedelta(seconds=body.delay_seconds),
    )
    _simulator(services.signing, caller, carrier).behave(told)
    return Response(status_code=204)


def _simulator(desk: SigningDesk, by: Principal, carrier: Carrier) -> SmsSimulator | MailSimulator:
    by.require(Permission.USE_SIMULATORS)
    found = desk.delivery.carriers.sms if carrier == "sms" else desk.delivery.carriers.mail
    if not isinstance(found, SmsSimulator | MailSimulator):
        raise Refused("simulator-unknown", "A real carrier is configured, and no simulator.")
    return found


def _write(arrived: Arrived[SmsMessage] | Arrived[MailMessage]) -> JsonObject:
    message = arrived.message
    body: JsonObject = {
        "id": message.id,
        "to": message.target,
        "text": message.text,
        "at": format_time(arrived.at),
    }
    if isinstance(message, MailMessage):
        body |= {"subject": message.subject, "html": message.html}
    return body
