"""Delivery put together."""

from dataclasses import dataclass

from sqlmodel import Session

from signing.context import Context
from signing.contracts.book import creator
from signing.contracts.models import ContractRow, PartyRow
from signing.delivery.contract_notices import ContractNotices
from signing.delivery.door import Door
from signing.delivery.links import Links
from signing.delivery.notifications import Notifications
from signing.delivery.sending import Carriers, Sending
from signing.delivery.term_notices import TermMessages
from signing.errors import Refused
from signing.people.service import People
from signing.principal import Permission, Principal


@dataclass(frozen=True, slots=True)
class Delivery:
    """Everything about messages: what carries them, what waits, what became of them, who comes in by them."""

    carriers: Carriers
    links: Links
    notifications: Notifications
    sending: Sending
    notices: ContractNotices
    terms: TermMessages
    door: Door


def contract_of(session: Session, by: Principal, contract: str) -> ContractRow:
    """Find a contract that a caller may send messages about: its maker, a program of the tenant, or who sees all.

    Raises:
        Refused: permission-missing, contract-unknown.

    """
    by.require(Permission.SEND_CONTRACTS)
    row = session.get(ContractRow, contract)
    known = row is not None and row.tenant == by.tenant
    foreign = row is not None and by.kind == "member" and creator(by) != row.creator
    if row is None or not known or (foreign and not by.may(Permission.VIEW_ALL_CONTRACTS)):
        raise Refused("contract-unknown", "There is no such contract.")
    return row


def party_of(session: Session, contract: ContractRow, party: str) -> PartyRow:
    """Find a party of a contract that was sent and goes on for it.

    Raises:
        Refused: party-unknown, contract-state.

    """
    row = session.get(PartyRow, party)
    if row is None or row.contract != contract.id:
        raise Refused("party-unknown", "The contract has no such party.")
    if row.notified_at is None or row.state == "delegated" or contract.state not in ("signing", "completed"):
        raise Refused("contract-state", "There is nothing for this party to open now.")
    return row


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
        notices=ContractNotices(context, notifications, people.sessions, organisation),
        terms=TermMessages(context, notifications, people.accounts, organisation),
        door=Door(context, links, notifications, people.sessions),
    )
