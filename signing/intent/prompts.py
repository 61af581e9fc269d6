"""What a party was shown, and the terms of weight that he noted before he is asked to confirm.

Everything is held against the bytes: who was shown, or noted the terms of, one revision has not seen the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from signing.context import Context
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.ports import Paper, Papers
from signing.dossier.model import Event
from signing.errors import Refused
from signing.intent.events import MAX_TERMS, terms_acknowledged
from signing.intent.models import ReadingRow, ShownRow, TermRow
from signing.intent.ports import Reading
from signing.intent.statements import Locale, terms_notice
from signing.intent.terms import Place, Term, TermKind, find_terms
from signing.principal import Principal

MAX_MARKED = 256
"""Terms that a sender may mark in one document."""


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A term with the id by which it is acknowledged."""

    id: str
    document: str
    term: Term


class Prompts:
    """Terms and what was shown, as rows. Everything happens in the caller's transaction."""

    def __init__(self, context: Context, papers: Papers) -> None:
        self._context = context
        self._papers = papers

    # What is pointed out

    def mark(self, session: Session, contract: ContractRow, document: str, terms: Sequence[Term]) -> None:
        """Have these terms of a draft's document be the sender's marks; marks made before are gone.

        Raises:
            Refused: contract-state: it was sent already; document-unknown; too-many-terms.
        """
        if contract.state != "draft":
            raise Refused("contract-state", "Terms are marked before a contract is sent.", expected="draft")
        self.paper(session, contract, document)
        if len(terms) > MAX_MARKED:
            raise Refused("too-many-terms", "Too many terms are marked.", "/terms", f"at most {MAX_MARKED}")
        for row in self._rows(session, contract, document):
            if not row.by_rule:
                session.delete(row)
        self._add(session, contract, document, terms)

    def unread(self, session: Session, contract: ContractRow) -> tuple[Paper, ...]:
        """Give the documents that were not searched for terms yet."""
        read = select(ReadingRow.document).where(ReadingRow.contract == contract.id)
        done = frozenset(session.exec(read).all())
        return tuple(
            paper for paper in self._papers.standing(session, contract) if paper.document not in done
        )

    def keep(self, session: Session, contract: ContractRow, paper: Paper, reading: Reading) -> None:
        """Keep what was found in a document; a second time changes nothing."""
        if session.get(ReadingRow, (contract.id, paper.document)) is not None:
            return
        session.add(
            ReadingRow(
                contract=contract.id,
                document=paper.document,
                tenant=contract.tenant,
                sha256=paper.sha256,
                heights=" ".join(map(str, reading.heights)),
                unread=reading.unread,
                read_at=self._context.clock(),
            )
        )
        marked = {(row.kind, row.page) for row in self._rows(session, contract, paper.document)}
        found = [
            term for term in find_terms(reading.lines) if (str(term.kind), term.place.page) not in marked
        ]
        self._add(session, contract, paper.document, found)

    def terms(self, session: Session, contract: ContractRow, document: str) -> tuple[NamedTerm, ...]:
        """Give the terms of a document in the order of the text."""
        return tuple(
            NamedTerm(row.id, row.document, _term(row)) for row in self._rows(session, contract, document)
        )

    def heights(self, session: Session, contract: ContractRow, document: str) -> tuple[int, ...]:
        """Give the heights of a document's pages in thousandths of a point; empty before it was searched."""
        row = session.get(ReadingRow, (contract.id, document))
        return () if row is None else tuple(map(int, row.heights.split()))

    # What was shown and noted

    def shown(self, session: Session, party: PartyRow, paper: Paper) -> None:
        """Keep that these bytes were shown to a party."""
        if session.get(ShownRow, (party.ref, paper.document, paper.sha256)) is None:
            row = ShownRow(
                party=party.ref,
                document=paper.document,
                sha256=paper.sha256,
                tenant=party.tenant,
                contract=party.contract,
                shown_at=self._context.clock(),
            )
            session.add(row)
            session.flush()

    def acknowledge(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        party: PartyRow,
        paper: Paper,
        noted: Sequence[str],
        *,
        locale: Locale,
        action: str,
    ) -> tuple[Event, ...]:
        """Keep that a party noted the terms of a document, all of them, one by one; gives what is to be recorded.

        Raises:
            Refused: document-not-viewed, terms-missing.
        """
        row = session.get(ShownRow, (party.ref, paper.document, paper.sha256))
        if row is None:
            raise Refused("document-not-viewed", "The document as it is now was not shown to this party.")
        named = self.terms(session, contract, paper.document)
        if frozenset(noted) != frozenset(each.id for each in named) or not named:
            raise Refused(
                "terms-missing", "Every highlighted term is noted by its id, and no other.", "/terms"
            )
        if row.acknowledged_at is not None:
            return ()
        row.acknowledged_at = self._context.clock()
        session.add(row)
        heights, terms = self.heights(session, contract, paper.document), [each.term for each in named]
        return tuple(
            terms_acknowledged(
                party.ref,
                paper.document,
                paper.sha256,
                terms[start : start + MAX_TERMS],
                heights,
                by,
                terms_notice(locale),
                action,
            )
            for start in range(0, len(terms), MAX_TERMS)
        )

    def require(self, session: Session, contract: ContractRow, party: PartyRow) -> tuple[Paper, ...]:
        """Give the documents that a party may be asked to confirm: shown as they are, and their terms noted.

        Raises:
            Refused: document-missing, document-not-viewed, document-changed, terms-unread, terms-not-acknowledged.
        """
        papers = self._papers.seen_by(session, contract, party)
        if not papers:
            raise Refused("document-missing", "The contract has no document.")
        if self.unread(session, contract):
            raise Refused("terms-unread", "The documents are still being searched for terms.")
        for paper in papers:
            row = session.get(ShownRow, (party.ref, paper.document, paper.sha256))
            if row is None:
                earlier = select(ShownRow).where(
                    ShownRow.party == party.ref, ShownRow.document == paper.document
                )
                if session.exec(earlier).first() is None:
                    raise Refused("document-not-viewed", "A document was not shown to this party.")
                raise Refused(
                    "document-changed", "A document is another one than was shown; look at it again."
                )
            if row.acknowledged_at is None and self.terms(session, contract, paper.document):
                raise Refused("terms-not-acknowledged", "Highlighted terms were not noted.")
        return papers

    def paper(
        self, session: Session, contract: ContractRow, document: str, party: PartyRow | None = None
    ) -> Paper:
        """Find a document of a contract, as it stands for all, or as one ``party`` has it.

        Raises:
            Refused: document-unknown.
        """
        for paper in (
            self._papers.standing(session, contract)
            if party is None
            else self._papers.seen_by(session, contract, party)
        ):
            if paper.document == document:
                return paper
        raise Refused("document-unknown", "The contract has no such document.")

    def _rows(self, session: Session, contract: ContractRow, document: str) -> Sequence[TermRow]:
        query = select(TermRow).where(TermRow.contract == contract.id, TermRow.document == document)
        return session.exec(query.order_by(col(TermRow.page), col(TermRow.y), col(TermRow.id))).all()

    def _add(self, session: Session, contract: ContractRow, document: str, terms: Sequence[Term]) -> None:
        for term in terms:
            place = term.place
            row = TermRow(
                id=self._context.uuid(),
                tenant=contract.tenant,
                contract=contract.id,
                document=document,
                kind=str(term.kind),
                by_rule=term.by_rule,
                page=place.page,
                x=place.x,
                y=place.y,
                width=place.width,
                height=place.height,
            )
            session.add(row)
        session.flush()


def _term(row: TermRow) -> Term:
    return Term(TermKind(row.kind), Place(row.page, row.x, row.y, row.width, row.height), row.by_rule)
