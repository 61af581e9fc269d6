"""What parties do in their turn: look, confirm, sign or approve, refuse; and what follows: the next turn, the end."""

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session
from zheng_verifier.canonical import JsonObject
from zheng_verifier.claim import Actor, DocumentRef

from signing.contracts import events
from signing.contracts.book import Book, Taken, party_actor, seat
from signing.contracts.models import ContractRow, PartyRow
from signing.contracts.order import PartyAct, PartyRole, all_acted, signed, unannounced
from signing.contracts.ports import Notices, Paper, Papers
from signing.contracts.states import Step, Who
from signing.dossier.model import Event
from signing.errors import Refused
from signing.principal import Principal

RejectReason = Literal["content", "identity", "not_authorized", "not_involved", "other", "none_given"]


@dataclass(frozen=True, slots=True)
class Viewing:
    """What was shown of a document: as in document.viewed. ``dwell_ms`` is how long it was on the screen."""

    document: str
    document_sha256: str
    pages_total: int
    pages_viewed: int
    dwell_ms: int
    scrolled_to_end: bool
    renderer: str = ""
    renderer_version: str = ""


class Turns:
    """The parties' side of a contract."""

    def __init__(self, book: Book, papers: Papers, notices: Notices) -> None:
        self._book = book
        self._papers = papers
        self._notices = notices

    def open_for(self, session: Session, by: Principal, contract: str = "") -> tuple[ContractRow, PartyRow]:
        """Find the contract and the party that a caller is: by his link, or by his account.

        ``contract`` may be left out by a party, whose session is for one contract.

        Raises:
            Refused: contract-unknown: he is no party of it, or it was not sent yet.
        """
        row = self._book.contract(session, by.tenant, contract or by.contract or "")
        if row.sent_at is None:
            raise Refused("contract-unknown", "There is no such contract.")
        return row, self.party_of(session, by, row)

    def party_of(
        self, session: Session, by: Principal, contract: ContractRow, ref: str | None = None
    ) -> PartyRow:
        """Find which party of a contract a caller is, or, for a program, names.

        Raises:
            Refused: contract-unknown, party-unknown.
        """
        if by.kind in ("api_client", "system"):
            return self._book.party(session, contract, ref)
        mine = [
            party
            for party in self._book.parties(session, contract)
            if (by.kind == "party" and by.contract == contract.id and party.ref == by.party)
            or (by.kind == "member" and by.account is not None and party.account == by.account)
        ]
        if ref is not None:
            mine = [party for party in mine if party.ref == ref]
        if not mine:
            raise Refused("contract-unknown", "There is no such contract.")
        return next((party for party in mine if seat(party).open), mine[0])

    def announce(self, session: Session, taken: Taken) -> None:
        """Tell those whose turn has come."""
        contract = taken.contract
        rows = {party.ref: party for party in self._book.parties(session, contract)}
        for ref in unannounced([seat(party) for party in rows.values()]):
            self._book.move(session, rows[ref], PartyAct.NOTIFY, taken.row.at)
            self._notices.notify(session, contract, rows[ref], taken.transition.notice)

    def mark_viewed(
        self, session: Session, by: Principal, contract: ContractRow, party: PartyRow, viewing: Viewing
    ) -> str:
        """Record that a document was shown to a party; gives the event's id.

        To look again changes nothing of what is known: not the first time, not a later state.

        Raises:
            Refused: not-your-turn: the contract was not sent to this party yet; document-changed.
        """
        taken = self._book.take(session, contract, Step.VIEW, Who.PARTY, party=party.ref)
        standing = {paper.document: paper.sha256 for paper in self._papers.seen_by(session, contract, party)}
        if standing.get(viewing.document) != viewing.document_sha256:
            raise Refused("document-changed", "The document is another one by now; look at it again.")
        if party.state in ("notified", "viewed"):
            self._book.move(session, party, PartyAct.VIEW, taken.row.at)
        return taken.record(_viewed(by, party, viewing))

    def mark_confirmed(
        self, session: Session, contract: ContractRow, party: PartyRow, intent_event: str
    ) -> None:
        """Note that a party confirmed its intent; ``intent_event`` is already recorded.

        Raises:
            Refused: not-your-turn, deadline-passed, party-state: it did not look at the document.
        """
        taken = self._book.take(session, contract, Step.CONFIRM, Who.PARTY, party=party.ref)
        taken.note(intent_event)
        self._book.move(session, party, PartyAct.CONFIRM, taken.row.at)

    def mark_signed(
        self,
        session: Session,
        contract: ContractRow,
        party: PartyRow,
        signed_events: tuple[str, ...],
        *,
        revision: int | None = None,
    ) -> bool:
        """Note that a party signed; ``signed_events`` are recorded in this same transaction. Tells whether all have acted.

        Whoever's turn comes is told. When all have acted, `complete` is to follow.

        Raises:
            Refused: not-your-turn, deadline-passed (at this very moment), party-state (signed before, or did not confirm),
                contract-state, contract-changed.
        """
        taken = self._book.take(session, contract, Step.SIGN, Who.PARTY, party=party.ref, revision=revision)
        self._book.move(session, party, PartyAct.SIGN, taken.row.at)
        for event in signed_events:
            taken.note(event)
        return self._next(session, taken)

    def mark_approved(self, session: Session, by: Principal, contract: ContractRow, party: PartyRow) -> bool:
        """Record that an approver among the parties approved what he was shown; tells whether all have acted.

        Raises:
            Refused: as `mark_signed`; party-state also where the party has to sign.
        """
        taken = self._book.take(session, contract, Step.APPROVE, Who.PARTY, party=party.ref)
        self._book.move(session, party, PartyAct.APPROVE, taken.row.at)
        for paper in self._papers.standing(session, contract):
            taken.record(
                events.approval("approved", "sign", party.ref, paper, None, self._actor(by, contract, party))
            )
        return self._next(session, taken)

    def _next(self, session: Session, taken: Taken) -> bool:
        self.announce(session, taken)
        return all_acted([seat(party) for party in self._book.parties(session, taken.contract)])

    def complete(self, session: Session, contract: ContractRow, files: tuple[DocumentRef, ...] = ()) -> None:
        """End a contract that all required parties signed; its documents stand as they were finished: ``files``.

        Raises:
            Refused: signatures-missing, contract-state.
        """
        taken = self._book.take(session, contract, Step.COMPLETE, Who.SERVICE)
        parties = self._book.parties(session, contract)
        papers = self._papers.standing(session, contract)
        taken.record(events.completed(papers, signed([seat(party) for party in parties]), files))
        for party in parties:
            if party.role == PartyRole.COPY:
                self._book.move(session, party, PartyAct.COPY, taken.row.at)
                self._notices.notify(session, contract, party, "copy")
            elif seat(party).open:
                self._book.move(session, party, PartyAct.RELEASE, taken.row.at)
                continue
            elif party.state != "delegated":
                self._notices.notify(session, contract, party, taken.transition.notice)
            else:
                continue
            target = self._book.opened(session, contract, party.target)
            for paper in papers:
                taken.record(events.delivered(party.ref, paper, party.channel, target))
        self.end(session, taken)

    def reject(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        party: PartyRow,
        code: RejectReason,
        reason: str,
    ) -> None:
        """Refuse to sign (拒签): the contract ends. A program may say so for a party; the event names the program.

        Raises:
            Refused: not-your-turn, deadline-passed, contract-state.
        """
        taken = self._book.take(session, contract, Step.REJECT, Who.PARTY, party=party.ref)
        paper = self._paper(session, contract)
        actor = self._actor(by, contract, party)
        refusal = taken.record(events.party_rejected(party.ref, paper, code, reason, by.seen, actor))
        taken.record(events.rejected(party.ref, refusal))
        self._book.move(session, party, PartyAct.REJECT, taken.row.at)
        party.reason_code, party.reason = code, self._book.seal(session, contract, reason)
        session.add(party)
        self.release(session, taken)
        self.end(session, taken)

    def release(self, session: Session, taken: Taken, act: PartyAct = PartyAct.RELEASE) -> None:
        """Let go of those who are still waited for, and tell those who knew of the contract."""
        for party in self._book.parties(session, taken.contract):
            if party.notified_at is not None and party.ref != taken.row.party and taken.transition.notice:
                self._notices.notify(session, taken.contract, party, taken.transition.notice)
            if seat(party).open:
                acts = seat(party).acts
                self._book.move(session, party, act if acts else PartyAct.RELEASE, taken.row.at)

    def end(self, session: Session, taken: Taken) -> None:
        """Close the case and note the moment."""
        taken.contract.ended_at = taken.row.at
        taken.contract.remind_at = None
        session.add(taken.contract)
        taken.close()

    def _paper(self, session: Session, contract: ContractRow) -> Paper:
        papers = self._papers.standing(session, contract)
        if not papers:
            raise Refused("document-missing", "The contract has no document.")
        return papers[0]

    def _actor(self, by: Principal, contract: ContractRow, party: PartyRow) -> Actor | None:
        return self._book.actor(by, contract) if by.kind == "api_client" else party_actor(party)


def _viewed(by: Principal, party: PartyRow, viewing: Viewing) -> Event:
    data: JsonObject = {
        "party": party.ref,
        "document": viewing.document,
        "document_sha256": viewing.document_sha256,
        "pages_total": viewing.pages_total,
        "pages_viewed": viewing.pages_viewed,
        "dwell_ms": viewing.dwell_ms,
        "scrolled_to_end": viewing.scrolled_to_end,
        "terminal": "pc" if by.seen.terminal == "counter" else by.seen.terminal,
    }
    if viewing.renderer:
        data["renderer"] = viewing.renderer
    if viewing.renderer_version:
        data["renderer_version"] = viewing.renderer_version
    return Event("document.viewed/1", data, by.seen.private, party_actor(party))
