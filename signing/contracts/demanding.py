"""Demands on parties as rows: taken with a draft, fixed at sending, held against whoever is about to sign.

The level in a party's row only ever grows once the contract is sent: nothing writes it afterwards. What its business
type demands is put into the row at drafting and once more at sending, so that a type changed later changes no contract
under way.
"""

from sqlmodel import Session

from signing.assurance import NOTHING, highest
from signing.contracts.book import Book, seat
from signing.contracts.demands import (
    Demand,
    Means,
    check_demand,
    check_meetable,
    demand_of,
    require_level,
)
from signing.contracts.draft import PartyDraft
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.order import Seat
from signing.contracts.ports import Directory, Identities, Known
from signing.errors import Refused


class Demanding:
    """What is demanded of parties. Everything happens in the caller's transaction."""

    def __init__(self, book: Book, identities: Identities, directory: Directory) -> None:
        self._book = book
        self._identities = identities
        self._directory = directory

    def of_type(self, session: Session, tenant: str, business_type: str | None) -> str:
        """Give the level that a business type demands of whoever signs its contracts."""
        if business_type is None:
            return NOTHING
        return self._directory.identity_level(session, tenant, business_type)

    def drafted(self, party: PartyDraft, place: Seat, known: Known, of_type: str, where: str) -> Demand:
        """Give the demand on a party of a draft: its own, raised to its business type's.

        Raises:
            Refused: field-value, demand-unmeetable.
        """
        check_demand(party.demand, where, acts=place.acts, signs=place.signs)
        level = highest((party.demand.identity, of_type)) if place.signs else party.demand.identity
        demand = Demand(level, party.demand.factors)
        check_meetable(demand, _means(party.channel, known, party.account, level), f"{where}/factors")
        return demand

    def inherited(self, party: PartyRow, to: PartyDraft, known: Known) -> Demand:
        """Give the demand that a delegate takes over: what was asked of the party is asked of him.

        Raises:
            Refused: demand-unmeetable.
        """
        demand = demand_of(party.identity_level, party.factors)
        check_meetable(demand, _means(to.channel, known, to.account, demand.identity), "/to")
        return demand

    def change(self, session: Session, contract: ContractRow, ref: str, demand: Demand, where: str) -> None:
        """Set what a draft demands of a party; never less than its business type does.

        Raises:
            Refused: party-unknown, field-value, demand-unmeetable.
        """
        party = self._book.party(session, contract, ref)
        place = seat(party)
        check_demand(demand, where, acts=place.acts, signs=place.signs)
        self._fix(session, contract, party, demand, where)

    def fix(self, session: Session, contract: ContractRow, parties: tuple[PartyRow, ...]) -> None:
        """Fix the demands of a contract that is being sent.

        Raises:
            Refused: demand-unmeetable.
        """
        for number, party in enumerate(parties):
            demand = demand_of(party.identity_level, party.factors)
            self._fix(session, contract, party, demand, f"/parties/{number}")

    def _fix(
        self, session: Session, contract: ContractRow, party: PartyRow, demand: Demand, where: str
    ) -> None:
        level = demand.identity
        if seat(party).signs:
            level = highest((level, self.of_type(session, contract.tenant, contract.business_type)))
        if demand.factors:
            known = self._known(session, contract, party)
            check_meetable(demand, _means(party.channel, known, party.account, level), f"{where}/factors")
        party.identity_level, party.factors = level, demand.written
        session.add(party)
        session.flush()

    def _known(self, session: Session, contract: ContractRow, party: PartyRow) -> Known:
        stranger = Known("", "organization" if party.kind == "organization" else "person")
        if party.account is None:
            return stranger
        try:
            return self._directory.known(session, contract.tenant, party.account)
        except Refused:
            return stranger  # an account that is kept out by now

    def level(self, session: Session, contract: ContractRow, party: PartyRow) -> str:
        """Give the level at which a party is verified now, under the name it has in the contract."""
        return self._identities.level(session, contract, party)

    def require(self, session: Session, contract: ContractRow, party: PartyRow) -> None:
        """Let a party go on that is who the sender wants it to be, and tell its case what was verified since sending.

        Called before anything is asked of the party, and once more before its certificate is: the case has the
        verification first (IDENTITY_BEFORE_CERTIFICATE).

        Raises:
            Refused: identity-required.
        """
        demand = demand_of(party.identity_level, party.factors)
        held = self.level(session, contract, party)
        require_level(held, demand)
        if held == NOTHING or (demand.identity == NOTHING and party.identity_event is not None):
            return
        event = self._identities.restate(session, contract, party)
        if event is not None and event != party.identity_event:
            party.identity_event = event
            session.add(party)
            session.flush()


def _means(channel: str, known: Known, account: str | None, level: str) -> Means:
    """An external party gets an account once its identity is checked."""
    return Means(channel, known.kind, account is not None or level != NOTHING, known.internal)
