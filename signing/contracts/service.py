"""Contracts, put together: what routes, the act of signing and the background thread call.

Every operation is one step of the table in `states.py`, taken within the caller's write transaction:

    with write(engine) as session:
        contract, party = contracts.turns.open_for(session, principal)
        contracts.turns.mark_viewed(session, principal, contract, party, viewing)
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from signing.context import Context
from signing.contracts.book import Book
from signing.contracts.copies import Copies
from signing.contracts.demanding import Demanding
from signing.contracts.drafting import Drafting
from signing.contracts.ending import Ending
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.ports import Directory, Identities, Notices, Papers
from signing.contracts.sending import Sending
from signing.contracts.states import ContractState, Who
from signing.contracts.turns import Turns
from signing.contracts.views import Views
from signing.contracts.voiding import Voiding
from signing.database import read, write
from signing.errors import Refused

_PORTION = 200


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick did: contracts that expired, and contracts whose parties were reminded."""

    expired: tuple[str, ...]
    reminded: tuple[str, ...]


class Contracts:
    """The contracts of all tenants.

    ``drafting`` makes them, ``demanding`` holds what parties have to show, ``sending`` approves and sends, ``turns`` is
    the parties' side, ``ending`` the sender's operations under way, ``voiding`` makes void, ``views`` shows, ``copies``
    gives out what is finished.
    """

    def __init__(
        self,
        context: Context,
        *,
        papers: Papers,
        notices: Notices,
        identities: Identities,
        directory: Directory,
    ) -> None:
        self.context = context
        self.book = Book(context, papers)
        self.demanding = Demanding(self.book, identities, directory)
        self.drafting = Drafting(self.book, papers, directory, self.demanding)
        self.turns = Turns(self.book, papers, notices)
        self.sending = Sending(self.book, papers, identities, self.turns, self.demanding)
        self.ending = Ending(self.book, directory, notices, self.turns, self.sending, self.demanding)
        self.voiding = Voiding(self.book, notices, self.turns)
        self.views = Views(self.book, papers)
        self.copies = Copies(self.book, papers, self.turns, self.views)

    def tick(self, now: datetime) -> Ticked:
        """End what has reached its deadline, exactly then and not before, and remind who is due.

        Each contract is a transaction of its own, so one in trouble keeps no other waiting.
        """
        expired = [each for each in self._due(col(ContractRow.deadline), now) if self._expire(each, now)]
        reminded = [each for each in self._due(col(ContractRow.remind_at), now) if self._remind(each, now)]
        return Ticked(tuple(expired), tuple(reminded))

    def _due(self, moment: Mapped[datetime | None], now: datetime) -> list[str]:
        query = (
            select(ContractRow.id)
            .where(ContractRow.state == ContractState.SIGNING, moment <= now)
            .order_by(moment)
            .limit(_PORTION)
        )
        with read(self.context.engine) as session:
            return list(session.exec(query).all())

    def _expire(self, contract: str, now: datetime) -> bool:
        """Expire one; tells whether it did: all may have acted, or the deadline may have been moved meanwhile."""
        try:
            with write(self.context.engine) as session:
                self.ending.expire(session, session.get_one(ContractRow, contract), now)
        except Refused:
            return False
        return True

    def _remind(self, contract: str, now: datetime) -> bool:
        try:
            with write(self.context.engine) as session:
                self.ending.remind(session, session.get_one(ContractRow, contract), Who.SERVICE, now=now)
        except Refused:
            return False
        return True

    def seat_holder(self, session: Session, party: PartyRow) -> str:
        """Give the party whose place a delegate took, through all delegations: whose fields in the document are his."""
        while party.delegate_of is not None:
            party = session.get_one(PartyRow, party.delegate_of)
        return party.ref
