"""Delivery put together."""

from dataclasses import dataclass

from sqlmodel import Session

from signing.context import Context
from signing.delivery.contract_notices import ContractNotices
from signing.delivery.door import Door
from signing.delivery.links import Links
from signing.delivery.notifications import Notifications
from signing.delivery.sending import Carriers, Sending
from signing.errors import Refused
from signing.people.service import People


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything about messages: what carries them, what waits, what became of them, who comes in by them."""

    carriers: Carriers
    links: Links
    notifications: Notifications
    sending: Sending
    notices: ContractNotices
    door: Door


def delivery_of(context: Context, people: People, carriers: Carriers, *, public_url: str) -> Delivery:
    """Put delivery together; ``public_url`` has no final slash."""
    links = Links(context, public_url)
    notifications = Notifications(context, links)

    def organisation(session: Session, tenant: str) -> str:
        try:
            return people.organisations.find(session, tenant).profile.name
        except Refused:
            return "发起方 / the sender"  # the tenant has not said its name yet

    return Delivery(
        carriers=carriers,
        links=links,
        notifications=notifications,
        sending=Sending(context, notifications, carriers),
        notices=ContractNotices(context, notifications, organisation),
        door=Door(context, links, notifications, people.sessions),
    )
