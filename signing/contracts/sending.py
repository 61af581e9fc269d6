"""From draft to signing: approval inside the organisation, and the sending itself."""

from sqlmodel import Session
from zheng_verifier.claim import Actor

from signing.contracts import events
from signing.contracts.book import Book, Taken
from signing.contracts.demanding import Demanding
from signing.contracts.models import ApprovalRow, ContractRow, PartyRow
from signing.contracts.ports import Identities, Paper, Papers
from signing.contracts.reminders import next_reminder
from signing.contracts.states import Step, Who
from signing.contracts.turns import Turns
from signing.errors import Refused
from signing.principal import Permission, Principal


class Sending:
    """Brings drafts to their parties."""

    def __init__(
        self, book: Book, papers: Papers, identities: Identities, turns: Turns, demanding: Demanding
    ) -> None:
        self._book = book
        self._papers = papers
        self._identities = identities
        self._turns = turns
        self._demanding = demanding

    def submit(self, session: Session, by: Principal, contract: str) -> ContractRow:
        """Ask the approvers.

        Raises:
            Refused: approvers-missing, document-missing, deadline-passed, contract-state.
        """
        row = self._book.contract(session, by.tenant, contract)
        self._book.require_sender(by, row)
        papers = self._papers.standing(session, row)
        taken = self._book.take(session, row, Step.SUBMIT, Who.SENDER, documents_ready=bool(papers))
        number = max((each.round for each in self._book.approvals(session, row)), default=0) + 1
        for account in self._book.approvers(session, row):
            asked = ApprovalRow(
                ref=self._book.context.uuid(),
                contract=row.id,
                tenant=row.tenant,
                round=number,
                account=account,
                document_sha256=papers[0].sha256,
            )
            session.add(asked)
            actor = self._book.actor(by, row)
            taken.record(events.approval("requested", "send", asked.ref, papers[0], None, actor))
        session.flush()
        return row

    def decide(
        self, session: Session, by: Principal, contract: str, *, approved: bool, reason: str = ""
    ) -> ContractRow:
        """Approve, or refuse: a refused contract is a draft again.

        Raises:
            Refused: contract-unknown: not asked of this account; approval-decided; contract-state.
        """
        by.require(Permission.APPROVE_CONTRACTS)
        row = self._book.contract(session, by.tenant, contract)
        account = by.require_account()
        asked = next((a for a in self._book.approvals(session, row) if a.account == account), None)
        if asked is None:
            raise Refused("contract-unknown", "There is no such contract.")
        step = Step.APPROVE if approved else Step.REFUSE
        taken = self._book.take(session, row, step, Who.APPROVER)
        if asked.approved is not None:
            raise Refused("approval-decided", "You have decided before.")
        asked.approved, asked.decided_at = approved, taken.row.at
        asked.reason = self._book.seal(session, row, reason)
        session.add(asked)
        verb = "approved" if approved else "rejected"
        paper = Paper("", asked.document_sha256)
        taken.record(events.approval(verb, "send", asked.ref, paper, reason, Actor("person", asked.ref)))
        session.flush()
        return row

    def send(self, session: Session, by: Principal, contract: str) -> ContractRow:
        """Finalise the documents, restate who the parties are, and tell those whose turn it is.

        Raises:
            Refused: approval-missing, document-missing, document-changed, deadline-passed, contract-state, party-renamed;
                demand-unmeetable: a party could not confirm as is asked of it;
                notary-unavailable: the case has no id yet, which has to stand in the document.
        """
        row = self._book.contract(session, by.tenant, contract)
        self._book.require_sender(by, row)
        context = self._book.context
        papers = self._papers.standing(session, row)
        case = context.recorder.standing(session, row.dossier).case
        taken = self._book.take(
            session, row, Step.SEND, Who.SENDER, documents_ready=bool(papers), case_open=case is not None
        )
        approved = {each.document_sha256 for each in self._book.approvals(session, row) if each.approved}
        if self._book.approvers(session, row) and approved != {papers[0].sha256}:
            raise Refused("document-changed", "The document is not the one that was approved.")
        parties = self._book.parties(session, row)
        self._demanding.fix(session, row, parties)
        final = self._papers.finalize(session, by, row, parties, case or "")
        self.restate(session, taken, parties)
        recipients = [party.ref for party in parties]
        taken.record(events.sent(final, recipients, row.deadline, by.seen, self._book.actor(by, row)))
        row.sent_at = taken.row.at
        row.remind_at = next_reminder(
            taken.row.at, row.deadline, ahead=row.remind_ahead, every=row.remind_every
        )
        session.add(row)
        self._turns.announce(session, taken)
        return row

    def restate(self, session: Session, taken: Taken, parties: tuple[PartyRow, ...]) -> None:
        """Record in the case what was verified of parties; of whom nothing was, nothing is said."""
        for party in parties:
            event = self._identities.restate(session, taken.contract, party)
            if event is not None:
                party.identity_event = event
                session.add(party)
                taken.note(event)
        session.flush()
