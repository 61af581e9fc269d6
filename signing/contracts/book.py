"""The rows of contracts: found within their tenant, judged by the table, and written with compare-and-set."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select
from zheng_verifier.claim import Actor

from signing.context import Context
from signing.contracts.guards import Situation
from signing.contracts.models import (
    AgreementRow,
    ApprovalRow,
    ContractApproverRow,
    ContractRow,
    PartyRow,
    StepRow,
)
from signing.contracts.order import PartyAct, PartyRole, PartyState, Seat, after
from signing.contracts.ports import Papers
from signing.contracts.states import ContractState, Step, Who
from signing.contracts.transitions import Transition, decide, target_of
from signing.dossier.model import Event
from signing.errors import Refused
from signing.principal import Permission, Principal


def seat(party: PartyRow) -> Seat:
    """Give a party as the order sees it."""
    return Seat(
        party.ref,
        PartyRole(party.role),
        party.group,
        party.required,
        PartyState(party.state),
        told=party.notified_at is not None,
    )


@dataclass(slots=True)
class Taken:
    """A step that is being taken: events recorded through it are noted in the contract's history."""

    context: Context
    session: Session
    contract: ContractRow
    transition: Transition
    row: StepRow

    def record(self, event: Event, event_id: str | None = None) -> str:
        """Record an event of this step in the contract's dossier."""
        made = self.context.recorder.record(self.session, self.contract.dossier, event, event_id=event_id)
        self.note(made)
        return made

    def note(self, event_id: str) -> None:
        """Note an event that somebody else recorded as one of this step."""
        self.row.events = f"{self.row.events} {event_id}".strip()
        self.session.add(self.row)

    def close(self) -> None:
        """Close the case with the state reached."""
        self.context.recorder.close(self.session, self.contract.dossier, self.contract.state)


class Book:
    """Contracts, parties and approvals as rows. Everything happens in the caller's write transaction."""

    def __init__(self, context: Context, papers: Papers) -> None:
        self.context = context
        self._papers = papers

    def contract(self, session: Session, tenant: str, contract: str) -> ContractRow:
        """Find a contract of a tenant.

        Raises:
            Refused: contract-unknown, also where it is another tenant's.
        """
        row = session.get(ContractRow, contract)
        if row is None or row.tenant != tenant:
            raise Refused("contract-unknown", "There is no such contract.")
        return row

    def by_number(self, session: Session, tenant: str, app: str, number: str) -> ContractRow | None:
        """Find the contract of a business number within an application."""
        blind = self.context.custody.blind(tenant, "business-number", number)
        return session.exec(
            select(ContractRow).where(
                ContractRow.tenant == tenant, ContractRow.app == app, ContractRow.number == blind
            )
        ).one_or_none()

    def parties(self, session: Session, contract: ContractRow) -> tuple[PartyRow, ...]:
        """Give the parties in the order they sit."""
        query = select(PartyRow).where(PartyRow.contract == contract.id).order_by(col(PartyRow.position))
        return tuple(session.exec(query).all())

    def party(self, session: Session, contract: ContractRow, ref: str | None) -> PartyRow:
        """Find a party of a contract.

        Raises:
            Refused: party-unknown.
        """
        row = session.get(PartyRow, ref) if ref is not None else None
        if row is None or row.contract != contract.id:
            raise Refused("party-unknown", "The contract has no such party.")
        return row

    def approvals(self, session: Session, contract: ContractRow) -> tuple[ApprovalRow, ...]:
        """Give the newest round of approvals."""
        latest = select(func.max(ApprovalRow.round)).where(ApprovalRow.contract == contract.id)
        number = session.exec(latest).one()
        query = select(ApprovalRow).where(
            ApprovalRow.contract == contract.id, ApprovalRow.round == (number or 0)
        )
        return tuple(session.exec(query.order_by(col(ApprovalRow.account))).all())

    def approvers(self, session: Session, contract: ContractRow) -> tuple[str, ...]:
        """Give the accounts that have to approve."""
        query = select(ContractApproverRow.account).where(ContractApproverRow.contract == contract.id)
        return tuple(session.exec(query.order_by(col(ContractApproverRow.account))).all())

    def situation(self, session: Session, contract: ContractRow, **facts: Any) -> Situation:
        """Look at a contract as guards do, by the clock as it stands now; ``facts`` come with the step asked for."""
        agreed = select(AgreementRow.party).where(AgreementRow.contract == contract.id)
        approvals = [row.approved for row in self.approvals(session, contract)]
        if contract.state != ContractState.PENDING_APPROVAL:
            approvals = [None for _ in self.approvers(session, contract)]
        found = Situation(
            state=ContractState(contract.state),
            now=self.context.clock(),
            seats=tuple(seat(party) for party in self.parties(session, contract)),
            deadline=contract.deadline,
            approvals=tuple(approvals),
            agreed=frozenset(session.exec(agreed).all()),
        )
        return replace(found, **facts)

    def take(
        self,
        session: Session,
        contract: ContractRow,
        step: Step,
        who: Who,
        *,
        revision: int | None = None,
        **facts: Any,
    ) -> Taken:
        """Take a step: judge it by the table, write the new state, and begin its row of history.

        ``revision``: the one the caller looked at; None: the one of this transaction.

        Raises:
            Refused: what `decide` says; contract-changed: somebody else wrote in between.
        """
        situation = self.situation(session, contract, **facts)
        transition = decide(step, who, situation)
        target = target_of(transition, situation.state)
        self._advance(session, contract, contract.revision if revision is None else revision, target)
        last = session.exec(select(func.max(StepRow.position)).where(StepRow.contract == contract.id)).one()
        row = StepRow(
            contract=contract.id,
            position=(last or 0) + 1,
            tenant=contract.tenant,
            step=step,
            who=who,
            party=situation.party,
            state=target,
            at=situation.now,
        )
        session.add(row)
        session.flush()
        return Taken(self.context, session, contract, transition, row)

    def _advance(self, session: Session, contract: ContractRow, revision: int, target: ContractState) -> None:
        session.flush()
        done = session.connection().execute(
            update(ContractRow)
            .where(col(ContractRow.id) == contract.id, col(ContractRow.revision) == revision)
            .values(revision=revision + 1, state=str(target))
        )
        if done.rowcount != 1:
            raise Refused("contract-changed", "Somebody else changed the contract; look at it again.")
        session.refresh(contract)

    def move(self, session: Session, party: PartyRow, act: PartyAct, at: datetime) -> None:
        """Move a party on, and keep the moment of the first time.

        Raises:
            Refused: party-state.
        """
        moved = after(seat(party), act)
        party.state = moved.state
        match act:
            case PartyAct.NOTIFY | PartyAct.COPY:
                party.notified_at = party.notified_at or at
            case PartyAct.VIEW:
                party.viewed_at = party.viewed_at or at
            case PartyAct.CONFIRM:
                party.confirmed_at = party.confirmed_at or at
            case _:
                party.done_at = at
        session.add(party)
        session.flush()

    def seal(self, session: Session, contract: ContractRow, text: str) -> bytes:
        """Encrypt a personal value with the contract's key."""
        return self.context.custody.seal(session, contract.id, text.encode())

    def opened(self, session: Session, contract: ContractRow, sealed: bytes | None) -> str:
        """Decrypt a personal value; "" for none.

        Raises:
            Refused: erased.
        """
        return "" if sealed is None else self.context.custody.open(session, contract.id, sealed).decode()

    def actor(self, by: Principal, contract: ContractRow) -> Actor | None:
        """Name who acts in the case: the sender by his reference, anybody else of the tenant by a fresh one."""
        if by.kind == "system":
            return None
        if by.kind == "party":
            return Actor("person", by.party or self.context.uuid())
        kind = "api_client" if by.kind == "api_client" else "person"
        own = creator(by) == contract.creator
        return Actor(kind, contract.sender if own else self.context.uuid())

    def require_sender(self, by: Principal, contract: ContractRow) -> None:
        """Let pass who may act for the sending side: who made the contract, a program of the tenant, or who sees all.

        Raises:
            Refused: permission-missing; contract-unknown, where he may not even see it.
        """
        by.require(Permission.SEND_CONTRACTS)
        foreign = by.kind == "member" and creator(by) != contract.creator
        if foreign and not by.may(Permission.VIEW_ALL_CONTRACTS):
            raise Refused("contract-unknown", "There is no such contract.")


def creator(by: Principal) -> str:
    """Name who makes a contract: an account, or the tenant's program."""
    return by.account or f"{by.kind}:{by.app}"


def party_actor(party: PartyRow) -> Actor:
    """Name a party as the actor of an event."""
    return Actor(party.kind, party.ref)
