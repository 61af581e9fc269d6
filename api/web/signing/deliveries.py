"""Messages to parties: what became of them, sent again, handed over by oneself; and what carriers report."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.encoding import parse_time

from api.signing.desk import SigningDesk
from api.web.bodies import read_body, read_bytes
from api.web.deps import App, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import AdminSigning, ReadSigning, WriteSigning
from api.web.signing.delivery_schemas import (
    DeliveryReport,
    Notifications,
    NotificationView,
    PartyLink,
    write_notification,
)
from signing.database import read, write
from signing.delivery.dsn import parse_dsn
from signing.delivery.links import qr_svg
from signing.delivery.ports import Report
from signing.delivery.service import contract_of, party_of
from signing.errors import Refused
from signing.principal import Permission, Principal

router = APIRouter(prefix="/v1/signing", tags=["signing: delivery"])
ContractId = Annotated[str, Path(pattern=UUID_PATTERN, description="the contract")]
PartyRef = Annotated[str, Path(pattern=UUID_PATTERN, description="the party's reference in the contract")]
_MESSAGE = {"requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string"}}}}}


@router.get(
    "/contracts/{contract}/notifications",
    summary="The messages about a contract",
    responses=refuses(401, 403, 404) | {200: {"model": Notifications}},
)
async def list_notifications(contract: ContractId, services: App, caller: ReadSigning) -> Response:
    """List what was sent to the parties, when, and what became of it: sent, delivered, bounced, opened."""
    return await to_thread.run_sync(_list, services.signing, caller, contract)


def _list(desk: SigningDesk, by: Principal, contract: str) -> Response:
    with read(desk.context.engine) as session:
        row = contract_of(session, by, contract)
        found = desk.delivery.notifications.of_contract(session, by.tenant, row.id)
    return json_response({"data": [write_notification(each) for each in found]})


@router.post(
    "/contracts/{contract}/parties/{party}/notifications",
    status_code=202,
    summary="Send a party its link again",
    responses=refuses(401, 403, 404, 409, 429) | {202: {"model": NotificationView}},
)
async def resend(contract: ContractId, party: PartyRef, services: App, caller: WriteSigning) -> Response:
    """Send the newest message with a link once more, with a new link; the old one is good for nothing then."""
    return await to_thread.run_sync(_resend, services.signing, caller, contract, party)


def _resend(desk: SigningDesk, by: Principal, contract: str, party: str) -> Response:
    with write(desk.context.engine) as session:
        row = contract_of(session, by, contract)
        ref = party_of(session, row, party).ref
        made = desk.delivery.notifications.resend(session, by.tenant, row.id, ref)
        found = desk.delivery.notifications.find(session, by.tenant, made)
    return json_response(write_notification(found), status=202)


@router.post(
    "/contracts/{contract}/parties/{party}/links",
    status_code=201,
    summary="Make a link to show as a QR code",
    responses=refuses(401, 403, 404, 409) | {201: {"model": PartyLink}},
)
async def hand_over(contract: ContractId, party: PartyRef, services: App, caller: WriteSigning) -> Response:
    """Make a one-time link for the party, for the sender to show or pass on; it replaces those made before.

    That the sender had it in his hands is recorded: the message's channel is `qr`.
    """
    return await to_thread.run_sync(_hand_over, services.signing, caller, contract, party)


def _hand_over(desk: SigningDesk, by: Principal, contract: str, party: str) -> Response:
    with write(desk.context.engine) as session:
        row = contract_of(session, by, contract)
        notice = desk.delivery.notices.notice(
            session, row, party_of(session, row, party), "sign_request", channel="qr"
        )
        handed = desk.delivery.door.hand_over(session, notice)
    return json_response(
        {
            "notification": handed.notification,
            "url": handed.url,
            "qr_svg": qr_svg(handed.url).decode("ascii"),
        },
        status=201,
        headers={"Cache-Control": "no-store"},
    )


@router.post(
    "/delivery/reports",
    status_code=204,
    summary="Report what became of a message",
    responses=refuses(401, 403, 404, body=True),
    openapi_extra=takes(DeliveryReport),
)
async def report(request: Request, services: App, caller: AdminSigning) -> Response:
    """Take a carrier's word on a message of this tenant; the bytes of the report are kept as a digest."""
    content = await request.body()
    body = await read_body(request, DeliveryReport)
    told = Report(
        body.notification, body.state, parse_time(body.at), body.reason, body.permanent, receipt=content
    )
    return await to_thread.run_sync(_report, services.signing, caller, told)


@router.post(
    "/delivery/mail-reports",
    status_code=204,
    summary="Hand in a mail that reports on a mail",
    responses=refuses(401, 403, 404, body=True),
    openapi_extra=_MESSAGE,
)
async def mail_report(request: Request, services: App, caller: AdminSigning) -> Response:
    """Take a delivery status notification (RFC 3464) as the mail server sent it back."""
    content = await read_bytes(request, "message/rfc822")
    told = await to_thread.run_sync(parse_dsn, content, services.clock())
    if told is None:
        raise Refused("notification-unknown", "This mail reports on no message of ours.")
    return await to_thread.run_sync(_report, services.signing, caller, told)


def _report(desk: SigningDesk, by: Principal, told: Report) -> Response:
    by.require(Permission.MANAGE_CUSTODY)
    with write(desk.context.engine) as session:
        desk.delivery.notifications.report(session, told, tenant=by.tenant)
    return Response(status_code=204)
