"""How the sending side ends or prolongs a contract: withdraw (撤回), void (作废), extend, remind; and how it hands on."""

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, select
from zheng_verifier.canonical import JsonValue, format_json
from zheng_verifier.encoding import format_time

from signing.contracts import events
from signing.contracts.book import Book, Taken, party_actor, seat
from signing.contracts.demanding import Demanding
from signing.contracts.draft import MAX_PARTIES, PartyDraft, check_deadline, check_party
from signing.contracts.drafting import write_party
from signing.contracts.models import AgreementRow, ContractRow, PartyRow, VoidRequestRow
from signing.contracts.order import PartyAct, PartyRole, Seat, acting, signed
from signing.contracts.ports import Directory, Known, Notices
from signing.contracts.reminders import next_reminder
from signing.contracts.sending import Sending
from signing.contracts.states import Basis, ContractState, Step, Who
from signing.contracts.turns import Turns
from signing.errors import Refused
from signing.principal import Principal


class Ending:
    """The sender's operations on a contract that is under way, and voidness."""

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

    def void(
        self,
        session: Session,
        by: Principal,
        contract: str,
        *,
        basis: Basis,
        reason: str,
        order: str | None = None,
    ) -> ContractRow:
        """Declare a contract void by the sender's right or by an order, whose SHA-256 (hex) is ``order``.

        By agreement nobody declares alone: `ask_void` and `agree_void`.

        Raises:
            Refused: void-unfounded, contract-state, deadline-passed.
        """
        row = self._sender(session, by, contract)
        if basis is Basis.AGREEMENT:
            raise Refused(
                "void-unfounded", "An agreement is asked for, and then given by everybody.", "/basis"
            )
        taken = self._book.take(session, row, Step.VOID, Who.SENDER, basis=basis, ordered=order is not None)
        taken.record(events.voided(basis, reason, order, self._book.actor(by, row)))
        self._voided(session, taken)
        return row

    def ask_void(self, session: Session, by: Principal, contract: str, reason: str) -> ContractRow:
        """Ask everybody concerned to agree that a contract is void; again changes nothing.

        Raises:
            Refused: contract-state: it is neither being signed nor completed.
        """
        row = self._sender(session, by, contract)
        if row.state not in (ContractState.SIGNING, ContractState.COMPLETED):
            raise Refused(
                "contract-state", f"A contract that is '{row.state}' needs no agreement on being void."
            )
        if session.get(VoidRequestRow, row.id) is None:
            asked = VoidRequestRow(
                contract=row.id,
                tenant=row.tenant,
                asked_at=self._book.context.clock(),
                reason=self._book.seal(session, row, reason),
            )
            session.add(asked)
            for party in self._book.parties(session, row):
                if party.notified_at is not None and seat(party).signs:
                    self._notices.notify(session, row, party, "withdrawal")
            session.flush()
        return row

    def agree_void(self, session: Session, by: Principal, contract: str) -> ContractRow:
        """Agree, as a party; the last agreement makes the contract void. To agree again changes nothing.

        Raises:
            Refused: void-unasked, contract-unknown, contract-state; account-needed: nobody agrees for a party.
        """
        row, party = self._turns.open_for(session, by, contract)
        asked = session.get(VoidRequestRow, row.id)
        if asked is None:
            raise Refused("void-unasked", "Nobody asked for the contract to be void.")
        now = self._book.context.clock()
        if session.get(AgreementRow, (row.id, party.ref)) is None:
            session.add(AgreementRow(contract=row.id, party=party.ref, tenant=row.tenant, agreed_at=now))
            session.flush()
        try:
            taken = self._book.take(
                session, row, Step.VOID, Who.PARTY, party=party.ref, basis=Basis.AGREEMENT
            )
        except Refused as refused:
            if refused.code != "void-unfounded":
                raise
            return row
        record = self._agreement(session, row)
        reason = self._book.opened(session, row, asked.reason)
        taken.record(events.voided(Basis.AGREEMENT, reason, record, party_actor(party)))
        self._book.context.recorder.leave(session, row.dossier, record)
        self._voided(session, taken)
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
            Refused: contract-state, deadline-passed.
        """
        moment = now or self._book.context.clock()
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

    def _voided(self, session: Session, taken: Taken) -> None:
        """Let go of everybody; the case of a completed contract was closed before, and takes this as custody."""
        over = taken.transition.sources == (ContractState.COMPLETED,)
        self._turns.release(session, taken)
        if over:
            return
        self._turns.end(session, taken)

    def _agreement(self, session: Session, row: ContractRow) -> str:
        """Keep who agreed when, by reference, as a file; gives its SHA-256: what the declaration relies on."""
        query = select(AgreementRow).where(AgreementRow.contract == row.id).order_by(AgreementRow.party)
        agreed: list[JsonValue] = [
            {"party": each.party, "agreed_at": format_time(each.agreed_at)} for each in session.exec(query)
        ]
        content = format_json({"zheng": "void-agreement/v1", "contract": row.id, "agreed": agreed})
        self._book.context.custody.put(session, row.id, content, media_type="application/json")
        return hashlib.sha256(content).hexdigest()
