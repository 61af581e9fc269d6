"""How the sending side ends or prolongs a contract: withdraw (撤回), extend, remind; and how it hands on."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from signing.contracts import events
from signing.contracts.book import Book, party_actor, seat
from signing.contracts.demanding import Demanding
from signing.contracts.draft import MAX_PARTIES, PartyDraft, check_deadline, check_party
from signing.contracts.drafting import write_party
from signing.contracts.models import ContractRow, PartyRow, StepRow
from signing.contracts.order import PartyAct, PartyRole, Seat, acting, signed
from signing.contracts.ports import Directory, Known, Notices
from signing.contracts.reminders import next_reminder
from signing.contracts.sending import Sending
from signing.contracts.states import Step, Who
from signing.contracts.turns import Turns
from signing.errors import Refused
from signing.principal import Principal

REMIND_PAUSE = timedelta(seconds=60)
REMIND_LIMIT, REMIND_WINDOW = 10, timedelta(hours=24)
"""So often may a sender have those remind whom he waits for: messages to strangers' telephones."""


class Ending:
    """The sender's operations on a contract that is under way."""

    def __init__(
        self,
        book: Book,
        directory: Directory,
        notices: Notices,
        turns: Turns,
        sending: Sending,
        demanding: Demanding,
    ) -> None:
        self._book = book
        self._directory = directory
        self._notices = notices
        self._turns = turns
        self._sending = sending
        self._demanding = demanding

    def withdraw(self, session: Session, by: Principal, contract: str, reason: str) -> ContractRow:
        """Take a contract back before everybody signed.

        Raises:
            Refused: contract-state, deadline-passed, permission-missing.
        """
        row = self._sender(session, by, contract)
        parties = self._book.parties(session, row)
        partly = bool(signed([seat(party) for party in parties]))
        stage = "draft" if row.sent_at is None else "partly_signed" if partly else "sent"
        taken = self._book.take(session, row, Step.WITHDRAW, Who.SENDER)
        taken.record(events.withdrawn(stage, reason, self._book.actor(by, row)))
        self._turns.release(session, taken)
        self._turns.end(session, taken)
        return row

    def extend(
        self, session: Session, by: Principal, contract: str, deadline: datetime, reason: str
    ) -> ContractRow:
        """Move the deadline to a later time.

        Raises:
            Refused: deadline-invalid, deadline-passed, contract-state.
        """
        row = self._sender(session, by, contract)
        previous = row.deadline
        taken = self._book.take(session, row, Step.EXTEND, Who.SENDER, until=deadline)
        check_deadline(deadline, taken.row.at)
        taken.record(events.extended(previous, deadline, reason, self._book.actor(by, row)))
        row.deadline = deadline
        row.remind_at = next_reminder(taken.row.at, deadline, ahead=row.remind_ahead, every=row.remind_every)
        session.add(row)
        session.flush()
        return row

    def remind(
        self, session: Session, contract: ContractRow, who: Who, *, now: datetime | None = None
    ) -> tuple[str, ...]:
        """Remind those whose turn it is; gives their references.

        Raises:
            Refused: contract-state, deadline-passed; resent-too-soon, where the sender asks for it too often.
        """
        moment = now or self._book.context.clock()
        if who is not Who.SERVICE:
            self._hold_back(session, contract, moment)
        taken = self._book.take(session, contract, Step.REMIND, who, now=moment)
        parties = {party.ref: party for party in self._book.parties(session, contract)}
        waited = acting([seat(party) for party in parties.values()])
        for ref in waited:
            self._notices.notify(session, contract, parties[ref], taken.transition.notice)
        contract.remind_at = next_reminder(
            taken.row.at, contract.deadline, ahead=contract.remind_ahead, every=contract.remind_every
        )
        session.add(contract)
        session.flush()
        return waited

    def _hold_back(self, session: Session, contract: ContractRow, now: datetime) -> None:
        reminded = select(StepRow.at).where(
            StepRow.contract == contract.id,
            StepRow.step == Step.REMIND,
            col(StepRow.at) > now - REMIND_WINDOW,
            col(StepRow.at) <= now,
        )
        moments = session.exec(reminded).all()
        if len(moments) >= REMIND_LIMIT or any(now - moment < REMIND_PAUSE for moment in moments):
            raise Refused(
                "resent-too-soon",
                "The parties were reminded just now.",
                expected="60 s between two, ten a day",
            )

    def delegate(
        self,
        session: Session,
        by: Principal,
        contract: ContractRow,
        party: PartyRow,
        to: PartyDraft,
        *,
        reason: str,
        authorization: str | None = None,
    ) -> PartyRow:
        """Hand a party's turn on to somebody else, who takes its place; gives the new party.

        ``authorization`` is the SHA-256 (hex) of a letter of authority; None: none was shown, which the evidence says.

        Raises:
            Refused: not-your-turn, deadline-passed, parties-invalid, account-unknown; demand-unmeetable: what is demanded
                of the party is demanded of the delegate.
        """
        taken = self._book.take(session, contract, Step.DELEGATE, Who.PARTY, party=party.ref)
        place = len(self._book.parties(session, contract))
        if place >= MAX_PARTIES:
            raise Refused("parties-invalid", "", "/to", f"at most {MAX_PARTIES} parties")
        check_party(to, "/to")
        known = Known(to.name.strip(), to.kind)
        if to.account is not None:
            # Whoever hands on does not say where the other's code goes: he would get it himself.
            known = self._directory.known(session, contract.tenant, to.account)
            to = replace(to, kind=known.kind, name=known.name, phone=known.phone, email=known.email)
        to = replace(to, demand=self._demanding.inherited(party, to, known))
        self._book.move(session, party, PartyAct.DELEGATE, taken.row.at)
        fresh = Seat(self._book.context.uuid(), PartyRole(party.role), party.group, party.required)
        made = write_party(
            self._book, session, contract, place, to, fresh, name=known.name, delegate_of=party.ref
        )
        actor = party_actor(party) if by.kind != "api_client" else self._book.actor(by, contract)
        taken.record(
            events.delegated(
                party.ref,
                made.ref,
                name=known.name,
                reason=reason,
                authorization=authorization,
                seen=by.seen,
                actor=actor,
            )
        )
        self._notices.part(session, party)
        self._sending.restate(session, taken, (made,))
        self._turns.announce(session, taken)
        return made

    def expire(self, session: Session, contract: ContractRow, now: datetime) -> None:
        """End a contract whose deadline has come.

        Raises:
            Refused: deadline-ahead, contract-state.
        """
        taken = self._book.take(session, contract, Step.EXPIRE, Who.SERVICE, now=now)
        unsigned = [
            party.ref
            for party in self._book.parties(session, contract)
            if seat(party).signs and seat(party).open
        ]
        taken.record(events.expired(contract.deadline, unsigned))
        self._turns.release(session, taken, PartyAct.EXPIRE)
        self._turns.end(session, taken)

    def _sender(self, session: Session, by: Principal, contract: str) -> ContractRow:
        row = self._book.contract(session, by.tenant, contract)
        self._book.require_sender(by, row)
        return row
