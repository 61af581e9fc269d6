"""What a signer is shown of a contract, at one moment: its documents, what is asked of him, how far he is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from signing.act.models import ActRow
from signing.act.ports import Revisions, Slot
from signing.act.service import Acts, Standing
from signing.context import Context
from signing.contracts.book import Book, seat
from signing.contracts.demanding import Demanding
from signing.contracts.demands import Demand, demand_of
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.order import may_act
from signing.contracts.ports import Paper, Papers
from signing.documents.filling import OwnField
from signing.intent.models import ReadingRow, ShownRow
from signing.intent.prompts import NamedTerm
from signing.principal import Principal


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as the signer has it: ``unread`` pages could not be searched for terms, None: not searched yet.

    ``fields`` are those that are this signer's to fill in, with what it entered.
    """

    paper: Paper
    slot: Slot | None
    terms: tuple[NamedTerm, ...]
    unread: int | None
    shown: bool
    acknowledged: bool
    fields: tuple[OwnField, ...]


@dataclass(frozen=True, slots=True)
class OtherParty:
    """A party as the others see it."""

    ref: str
    name: str
    kind: str
    role: str
    state: str


@dataclass(frozen=True, slots=True)
class SignerView:
    """Everything a signing page needs; ``target`` is masked, ``chosen`` is the kind of signature and its seal.

    ``demand`` is what the party has to show before it may sign, ``level`` the one at which it is verified now.
    """

    contract: str
    title: str
    state: str
    deadline: datetime
    case: str | None
    party: OtherParty
    turn: bool
    target: str
    parties: tuple[OtherParty, ...]
    documents: tuple[DocumentView, ...]
    methods: tuple[str, ...]
    chosen: tuple[str, str | None] | None
    act: Standing | None
    demand: Demand
    level: str


class SignerViews:
    """Reads contracts for their signers."""

    def __init__(
        self,
        context: Context,
        book: Book,
        papers: Papers,
        revisions: Revisions,
        acts: Acts,
        demanding: Demanding,
    ) -> None:
        self._context = context
        self._book = book
        self._papers = papers
        self._revisions = revisions
        self._acts = acts
        self._demanding = demanding

    def view(self, session: Session, by: Principal, contract: ContractRow, party: PartyRow) -> SignerView:
        """Give a contract as this party has it.

        Raises:
            Refused: erased.
        """
        parties = self._book.parties(session, contract)
        turn = contract.state == "signing" and may_act([seat(each) for each in parties], party.ref)
        slots = {slot.document: slot for slot in self._revisions.slots(session, contract, party)}
        papers = self._papers.seen_by(session, contract, party)
        fields = self._acts.entering.fields(session, contract, party)
        return SignerView(
            contract=contract.id,
            title=self._book.opened(session, contract, contract.title),
            state=contract.state,
            deadline=contract.deadline,
            case=self._context.recorder.standing(session, contract.dossier).case,
            party=self._other(session, contract, party),
            turn=turn,
            target=masked(self._book.opened(session, contract, party.target)),
            parties=tuple(self._other(session, contract, each) for each in parties),
            documents=tuple(
                self._document(session, contract, party, paper, slots.get(paper.document), fields)
                for paper in papers
            ),
            methods=self._acts.confirming.methods(session, by, party),
            chosen=self._acts.choices.chosen(session, party),
            act=self._newest(session, party),
            demand=demand_of(party.identity_level, party.factors),
            level=self._demanding.level(session, contract, party),
        )

    def _document(
        self,
        session: Session,
        contract: ContractRow,
        party: PartyRow,
        paper: Paper,
        slot: Slot | None,
        fields: Sequence[OwnField],
    ) -> DocumentView:
        reading = session.get(ReadingRow, (contract.id, paper.document))
        shown = session.get(ShownRow, (party.ref, paper.document, paper.sha256))
        return DocumentView(
            paper=paper,
            slot=slot,
            terms=self._acts.prompts.terms(session, contract, paper.document),
            unread=None if reading is None else reading.unread,
            shown=shown is not None,
            acknowledged=shown is not None and shown.acknowledged_at is not None,
            fields=tuple(each for each in fields if each.document == paper.document),
        )

    def _other(self, session: Session, contract: ContractRow, party: PartyRow) -> OtherParty:
        name = self._book.opened(session, contract, party.name)
        return OtherParty(party.ref, name, party.kind, party.role, party.state)

    def _newest(self, session: Session, party: PartyRow) -> Standing | None:
        query = select(ActRow).where(ActRow.contract == party.contract, ActRow.party == party.ref)
        row = session.exec(query.order_by(col(ActRow.confirmed_at).desc())).first()
        return None if row is None else Standing(row.id, row.state, row.reason)


def masked(target: str) -> str:
    """Hide the middle of a number or an address, so that whoever looks over a shoulder learns little."""
    local, at, domain = target.partition("@")
    if at:
        return f"{local[:1]}***@{domain}"
    return f"{target[:3]}****{target[-4:]}" if len(target) >= 9 else "****" if target else ""
