"""Shapes of requests and answers about messages, links and parties' sessions."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.web.bodies import Body
from api.web.schemas import Time, Uuid
from signing.delivery.notifications import Notification
from signing.delivery.ports import Reason

Count = Annotated[int, Field(ge=0, le=1000)]


class LinkToken(Body):
    """The token of a one-time link: what follows `#` in it."""

    token: Annotated[str, Field(max_length=128)]


class PartySessionRequest(LinkToken):
    """A link to be exchanged for a session; `cookie` true: for a browser, false: the token comes in the answer."""

    cookie: bool = True


class PartySession(BaseModel):
    """A party's session: of one party of one contract. `token` only where no cookie was asked for."""

    contract: Uuid
    party: Uuid
    expires_at: Time
    token: str | None = None


class PartyLink(BaseModel):
    """A one-time link for the sender to show or pass on; it replaces those sent before."""

    notification: Uuid
    url: str
    qr_svg: str


class NotificationView(BaseModel):
    """A message to a party, or to the member `account` of the sending side, and what became of it.

    `attempts` over one: it may have arrived twice, under one id.
    """

    id: Uuid
    party: Uuid | None = None
    account: Uuid | None = None
    channel: Literal["sms", "email", "portal", "qr"]
    purpose: str
    state: Literal["waiting", "sent", "delivered", "bounced", "cancelled"]
    attempts: int
    trouble: Reason | None = None
    provider: str | None = None
    simulated: bool
    created_at: Time
    sent_at: Time | None = None
    delivered_at: Time | None = None
    bounced_at: Time | None = None
    opened_at: Time | None = None
    next_try_at: Time | None = None


class Notifications(BaseModel):
    """The messages about a contract, oldest first."""

    data: list[NotificationView]


class DeliveryReport(Body):
    """What a carrier says of a message after he took it."""

    notification: Uuid
    state: Literal["delivered", "bounced"]
    at: Time
    reason: Reason = "other"
    permanent: bool = True


class BehaviourRequest(Body):
    """What goes wrong with the next so many messages; `delay_seconds` holds until it is changed."""

    fail: Count = 0
    lose_answer: Count = 0
    refuse: Count = 0
    duplicate: Count = 0
    bounce: Count = 0
    delay_seconds: Annotated[int, Field(ge=0, le=3600)] = 0


class SimulatedMessage(BaseModel):
    """A message as a simulated telephone or mailbox received it."""

    id: Uuid
    to: str
    text: str
    at: Time
    subject: str | None = None
    html: str | None = None


class SimulatedMessages(BaseModel):
    """What a simulator received, oldest first; nothing of it left this service."""

    simulator: str
    data: list[SimulatedMessage]


def write_notification(found: Notification) -> JsonObject:
    """Write a message as the API shows it."""
    body: JsonObject = {
        "id": found.id,
        "channel": found.channel,
        "purpose": found.purpose,
        "state": found.state,
        "attempts": found.attempts,
        "simulated": found.simulated,
        "created_at": format_time(found.created_at),
    }
    body |= {"party": found.party} if found.account is None else {"account": found.account}
    times: dict[str, datetime | None] = {
        "sent_at": found.sent_at,
        "delivered_at": found.delivered_at,
        "bounced_at": found.bounced_at,
        "opened_at": found.opened_at,
        "next_try_at": found.next_try,
    }
    body |= {name: format_time(moment) for name, moment in times.items() if moment is not None}
    if found.trouble is not None:
        body["trouble"] = found.trouble
    if found.provider is not None:
        body["provider"] = found.provider
    return body
