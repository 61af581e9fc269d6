"""What a party enters into the documents before it is asked to confirm: taken, typeset, and put into a revision of its own.

Typesetting is slow and happens between two transactions; the second one keeps its result only if the document still is the
one it was made from. What a party entered is settled when it is asked to confirm; entered anew after that, the challenge
that was bound to the former bytes is over.
"""

from collections.abc import Mapping

from sqlmodel import Session, select

from signing.act.models import ActRow
from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.service import Contracts
from signing.contracts.states import Step, Who
from signing.contracts.transitions import decide
from signing.database import read, write
from signing.documents.filling import Fillings, OwnField
from signing.errors import Refused
from signing.intent.challenges import Challenges
from signing.principal import Permission, Principal

_UNDER_WAY = "confirmed"
_OPEN = ("notified", "viewed", "confirmed")


class Entering:
    """The way of a party's values into its documents."""

    def __init__(
        self, context: Context, contracts: Contracts, fillings: Fillings, challenges: Challenges
    ) -> None:
        self._context = context
        self._contracts = contracts
        self._fillings = fillings
        self._challenges = challenges

    def fields(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[OwnField, ...]:
        """Give the fields that are this party's to fill in; none for whoever does not sign, or is not told yet."""
        if party.notified_at is None:
            return ()
        return self._fillings.fields(session, contract, party)

    def enter(self, by: Principal, contract: str, document: str, values: Mapping[str, str]) -> None:
        """Fill a party's values into one of its documents, in place of all that it entered there before.

        Raises:
            Refused: permission-missing, contract-unknown, contract-state, not-your-turn, deadline-passed, party-state:
                its signature is under way; document-unknown; value-unknown, value-missing, value-invalid, value-overflow
                (``field`` names the value); document-changed: somebody signed at this moment.
        """
        by.require(Permission.SIGN)
        with write(self._context.engine) as session:
            row, party = self._in_turn(session, by, contract)
            filling = self._fillings.begin(session, by, row, party, document, values)
        content = filling.made()
        with write(self._context.engine) as session:
            row, party = self._in_turn(session, by, contract)
            self._fillings.keep(session, row, party, filling, content)
            self._challenges.replace(session, party)

    def renew(self, by: Principal, contract: str) -> None:
        """Put what a party entered into the documents as they are by now, where another one signed since then.

        Raises:
            Refused: contract-unknown, erased.
        """
        with read(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            if not self._fillings.outdated(session, row, party):
                return
        with write(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            if row.state != "signing" or party.state not in _OPEN or self._under_way(session, party):
                return
            stale = self._fillings.stale(session, by, row, party)
        made = [(filling, filling.made()) for filling in stale]
        with write(self._context.engine) as session:
            row, party = self._contracts.turns.open_for(session, by, contract)
            for filling, content in made:
                try:
                    self._fillings.keep(session, row, party, filling, content)
                except Refused as refused:
                    if refused.code != "document-changed":
                        raise
                    return  # again in between: the next look finds it

    def _in_turn(self, session: Session, by: Principal, contract: str) -> tuple[ContractRow, PartyRow]:
        row, party = self._contracts.turns.open_for(session, by, contract)
        decide(Step.CONFIRM, Who.PARTY, self._contracts.book.situation(session, row, party=party.ref))
        if party.state not in _OPEN or self._under_way(session, party):
            raise Refused("party-state", "What this party entered is confirmed already.")
        return row, party

    def _under_way(self, session: Session, party: PartyRow) -> bool:
        """Tell whether a confirmed intent of the party is being made a signature at this moment."""
        query = select(ActRow.id).where(ActRow.contract == party.contract, ActRow.party == party.ref)
        return session.exec(query.where(ActRow.state == _UNDER_WAY)).first() is not None
