"""How an external party comes in: a one-time link becomes a session for that party of that contract, and nothing more.

Who lost his session asks with the link he has: a fresh one goes to the address his party always had, so that an old
link in somebody else's hands leads nowhere. Whether anything was sent is not told.
"""

from dataclasses import dataclass

from sqlmodel import Session

from signing.context import Context
from signing.contracts.models import PartyRow
from signing.database import write
from signing.delivery.links import Links
from signing.delivery.notifications import Notice, Notifications
from signing.errors import Refused
from signing.people.sessions import OpenedSession, Sessions
from signing.principal import Seen


@dataclass(frozen=True, slots=True)
class Entered:
    """A party's session just opened, and what it is good for."""

    session: OpenedSession
    contract: str
    party: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A link that the sender shows or passes on himself."""

    notification: str
    url: str


class Door:
    """Exchanges links for sessions; each call is a transaction of its own."""

    def __init__(
        self, context: Context, links: Links, notifications: Notifications, sessions: Sessions
    ) -> None:
        self._context = context
        self._links = links
        self._notifications = notifications
        self._sessions = sessions

    def enter(self, token: str, seen: Seen) -> Entered:
        """Use a link up and open a session; that the link was followed is recorded.

        Raises:
            Refused: link-invalid: unknown, used, replaced, expired, or its party handed its part on.

        """
        with write(self._context.engine) as session:
            bound = self._links.redeem(session, token)
            party = session.get(PartyRow, bound.party)
            if party is None or party.state == "delegated":
                raise Refused("link-invalid", "This link is not good, or not any more.")
            opened = self._sessions.open_party(
                session,
                bound.tenant,
                contract=bound.contract,
                party=bound.party,
                account=party.account,
                seen=seen,
            )
            self._notifications.followed(session, bound.notification, seen)
            return Entered(opened, bound.contract, bound.party)

    def renew(self, token: str) -> None:
        """Have a fresh link sent to the party whose link this was, if it was one and none was sent just now."""
        with write(self._context.engine) as session:
            bound = self._links.recall(session, token)
            if bound is None:
                return
            party = session.get(PartyRow, bound.party)
            if party is None or party.state == "delegated":
                return
            try:
                self._notifications.resend(session, bound.tenant, bound.contract, bound.party)
            except Refused:
                return  # too soon, never sent, erased: the same answer to all of them

    def hand_over(self, session: Session, notice: Notice) -> HandedOver:
        """Make a link for the sender to show, as a QR code or otherwise; those the party had are replaced."""
        notification, token = self._notifications.hand_over(session, notice)
        return HandedOver(notification, self._links.url(token))
