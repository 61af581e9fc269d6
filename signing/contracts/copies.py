"""Giving out the finished contract: only when all have signed, to whom it belongs, each copy recorded (S4-50)."""

from sqlmodel import Session

from signing.contracts import events
from signing.contracts.book import Book, party_actor
from signing.contracts.ports import Papers
from signing.contracts.states import ContractState
from signing.contracts.turns import Turns
from signing.contracts.views import Views
from signing.errors import Refused
from signing.principal import Permission, Principal


class Copies:
    """Gives copies of finished contracts."""

    def __init__(self, book: Book, papers: Papers, turns: Turns, views: Views) -> None:
        self._book = book
        self._papers = papers
        self._turns = turns
        self._views = views

    def give(
        self,
        session: Session,
        by: Principal,
        contract: str,
        *,
        party: str | None = None,
        document: str | None = None,
    ) -> bytes:
        """Give the PDF as everybody signed it, byte for byte; ``session`` must be one that commits.

        ``party`` is the signer whose copy a program fetches; a party gets its own. ``document`` may be left out if
        there is one.

        Raises:
            Refused: contract-unknown, party-unknown, document-unknown; signatures-missing: not all have signed; erased.
        """
        by.require(Permission.DOWNLOAD)
        row = self._views.visible(session, by, contract)
        if not self._views.reached(session, row.id, ContractState.COMPLETED):
            raise Refused("signatures-missing", "Not everybody has signed; there is no signed file yet.")
        holder = party if by.kind in ("api_client", "system") else self._own_seat(session, by, contract)
        seat = None if holder is None else self._book.party(session, row, holder)
        papers = self._papers.standing(session, row)
        paper = next((each for each in papers if document in (each.document, None)), None)
        if paper is None or (document is None and len(papers) > 1):
            raise Refused(
                "document-unknown", "Which of the documents?", "document", "the reference of one of them"
            )
        content: bytes = self._book.context.custody.get(
            session, row.id, paper.sha256, by=by, purpose="download"
        )
        own = seat is not None and by.kind not in ("api_client", "system")
        actor = party_actor(seat) if own and seat is not None else self._book.actor(by, row)
        event = events.downloaded(None if seat is None else seat.ref, paper, by.seen, actor)
        self._book.context.recorder.record(session, row.dossier, event)
        return content

    def _own_seat(self, session: Session, by: Principal, contract: str) -> str | None:
        """Give the party that a caller is; None: he only belongs to the sending side."""
        try:
            row = self._book.contract(session, by.tenant, contract)
            return self._turns.party_of(session, by, row).ref
        except Refused:
            return None
