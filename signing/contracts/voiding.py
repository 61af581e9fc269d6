"""Voidness (作废): declared by the sender or by an order, or agreed to by everybody concerned.

The sender asks; each party that is concerned is told, and agrees on the page of its link, at its desk, or not at all. The
last agreement makes the contract void. Nothing happens to whoever leaves the question be.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select
from zheng_verifier.canonical import JsonValue, format_json
from zheng_verifier.encoding import format_time

from signing.contracts import events
from signing.contracts.book import Book, Taken, party_actor
from signing.contracts.guards import concerned_by_voidness
from signing.contracts.models import AgreementRow, ContractRow, PartyRow, VoidRequestRow
from signing.contracts.ports import Notices
from signing.contracts.states import Basis, ContractState, Step, Who
from signing.contracts.turns import Turns
from signing.errors import Refused
from signing.principal import Principal

_ASKABLE = (ContractState.SIGNING, ContractState.COMPLETED)


@dataclass(frozen=True, slots=True)
class VoidRequest:
    """A question that a party has to answer or leave: since when, why; ``agreed``: it has agreed."""

    asked_at: datetime
    reason: str
    agreed: bool


class Voiding:
    """Makes contracts void."""

    def __init__(self, book: Book, notices: Notices, turns: Turns) -> None:
        self._book = book
        self._notices = notices
        self._turns = turns

    def declare(
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

        By agreement nobody declares alone: `ask` and `agree`.

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

    def ask(self, session: Session, by: Principal, contract: str, reason: str) -> ContractRow:
        """Ask everybody concerned to agree that a contract is void; again changes nothing. They are told the reason.

        Raises:
            Refused: contract-state: it is neither being signed nor completed.
        """
        row = self._sender(session, by, contract)
        if row.state not in _ASKABLE:
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
            concerned = self._concerned(session, row)
            for party in self._book.parties(session, row):
                if party.ref in concerned:
                    self._notices.notify(session, row, party, "void_request")
            session.flush()
        return row

    def asked(self, session: Session, contract: ContractRow, party: PartyRow) -> VoidRequest | None:
        """Give the question that a party may answer; None: there is none, or not for it, or not any more.

        Raises:
            Refused: erased.
        """
        row = session.get(VoidRequestRow, contract.id)
        if row is None or contract.state not in _ASKABLE:
            return None
        if party.ref not in self._concerned(session, contract):
            return None
        agreed = session.get(AgreementRow, (contract.id, party.ref)) is not None
        return VoidRequest(row.asked_at, self._book.opened(session, contract, row.reason), agreed)

    def agree(self, session: Session, by: Principal, contract: str = "") -> ContractRow:
        """Agree, as a party; the last agreement makes the contract void. To agree again changes nothing.

        Raises:
            Refused: void-unasked, contract-unknown, contract-state; party-state: it has not signed, and is not to any more.
        """
        row, party = self._turns.open_for(session, by, contract)
        asked = session.get(VoidRequestRow, row.id)
        if asked is None:
            raise Refused("void-unasked", "Nobody asked for the contract to be void.")
        known = session.get(AgreementRow, (row.id, party.ref)) is not None
        if known and row.state == ContractState.VOIDED:
            return row
        if party.ref not in self._concerned(session, row):
            raise Refused("party-state", "This party did not sign: its agreement is not asked for.")
        if not known:
            now = self._book.context.clock()
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

    def _concerned(self, session: Session, contract: ContractRow) -> frozenset[str]:
        return concerned_by_voidness(self._book.situation(session, contract))

    def _sender(self, session: Session, by: Principal, contract: str) -> ContractRow:
        row = self._book.contract(session, by.tenant, contract)
        self._book.require_sender(by, row)
        return row

    def _voided(self, session: Session, taken: Taken) -> None:
        """Let go of everybody; the case of a completed contract was closed before, and takes this as custody."""
        over = taken.transition.sources == (ContractState.COMPLETED,)
        self._turns.release(session, taken)
        if not over:
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
