"""What a caller may see of contracts: details with history, and lists. Rows of others are unknown, not forbidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from signing.contracts.book import Book, creator, seat
from signing.contracts.demands import Demand, demand_of
from signing.contracts.models import ApprovalRow, ContractRow, PartyRow, StepRow
from signing.contracts.order import acting
from signing.contracts.ports import Paper, Papers
from signing.contracts.states import ContractState, standing_for
from signing.errors import Refused
from signing.principal import Permission, Principal

STANDINGS = (
    "draft",
    "pending_approval",
    "waiting_for_me",
    "waiting_for_others",
    "completed",
    "expired",
    "withdrawn",
    "rejected",
    "voided",
)
_SCANNED = 500


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party as it is shown; ``turn`` tells whether it is waited for. ``target`` is shown to the sending side only.

    ``demand`` is what it has to show before it may sign.
    """

    ref: str
    account: str | None
    name: str
    kind: str
    role: str
    group: int
    required: bool
    state: str
    turn: bool
    channel: str
    target: str
    identified: bool
    delegate_of: str | None
    notified_at: datetime | None
    viewed_at: datetime | None
    confirmed_at: datetime | None
    done_at: datetime | None
    reason_code: str | None
    reason: str
    demand: Demand


@dataclass(frozen=True, slots=True)
class StepView:
    """A step that was taken, with the ids of its events."""

    step: str
    who: str
    party: str | None
    state: str
    at: datetime
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """What was asked of an approver inside the organisation, and what he decided."""

    account: str
    approved: bool | None
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A contract in a list. ``standing`` is how it stands for the viewer (a key of `STATE_LABELS`)."""

    id: str
    position: int
    app: str
    business_number: str
    title: str
    state: str
    standing: str
    revision: int
    deadline: datetime
    created_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Details:
    """A contract with everything its viewer may see; ``case`` is the case of evidence, None until it is opened.

    ``waiting`` counts what is not deposited yet, ``trouble`` says why.
    """

    summary: Summary
    scene: str
    business_type: str | None
    replaces: str | None
    case: str | None
    waiting: int
    oldest: datetime | None
    trouble: str | None
    documents: tuple[Paper, ...]
    parties: tuple[PartyView, ...]
    approvals: tuple[ApprovalView, ...]
    history: tuple[StepView, ...]


class Views:
    """Reads contracts for a principal."""

    def __init__(self, book: Book, papers: Papers) -> None:
        self._book = book
        self._papers = papers

    def visible(self, session: Session, by: Principal, contract: str) -> ContractRow:
        """Find a contract that a caller may see: the tenant's programs, the sender, its parties and its approvers.

        Raises:
            Refused: contract-unknown.
        """
        row = self._book.contract(session, by.tenant, contract)
        if self._own(by, row) or self._mine(session, by, row) or self._asked(session, by, row):
            return row
        raise Refused("contract-unknown", "There is no such contract.")

    def details(self, session: Session, by: Principal, contract: str) -> Details:
        """Give a contract as a caller may see it.

        Raises:
            Refused: contract-unknown; erased.
        """
        row = self.visible(session, by, contract)
        own = self._own(by, row)
        parties = self._book.parties(session, row)
        turn = acting([seat(party) for party in parties]) if row.state == ContractState.SIGNING else ()
        standing = self._book.context.recorder.standing(session, row.dossier)
        steps = select(StepRow).where(StepRow.contract == row.id).order_by(col(StepRow.position))
        return Details(
            summary=self._summary(session, by, row, parties),
            scene=row.scene,
            business_type=row.business_type,
            replaces=row.replaces,
            case=standing.case,
            waiting=standing.waiting,
            oldest=standing.oldest,
            trouble=standing.trouble,
            documents=self._papers.standing(session, row),
            parties=tuple(self._party(session, by, row, party, turn, own=own) for party in parties),
            approvals=tuple(
                ApprovalView(
                    each.account, each.approved, each.decided_at, self._book.opened(session, row, each.reason)
                )
                for each in (self._book.approvals(session, row) if own or by.kind == "member" else ())
            ),
            history=tuple(
                StepView(each.step, each.who, each.party, each.state, each.at, tuple(each.events.split()))
                for each in session.exec(steps)
            ),
        )

    def reached(self, session: Session, contract: str, state: ContractState) -> bool:
        """Tell whether a contract has ever been in a state."""
        query = select(StepRow.position).where(StepRow.contract == contract, StepRow.state == state)
        return session.exec(query).first() is not None

    def by_number(self, session: Session, by: Principal, app: str, number: str) -> Details:
        """Give the contract of a business number.

        Raises:
            Refused: contract-unknown.
        """
        row = self._book.by_number(session, by.tenant, app, number)
        if row is None:
            raise Refused("contract-unknown", "There is no such contract.")
        return self.details(session, by, row.id)

    def listing(
        self,
        session: Session,
        by: Principal,
        *,
        after: int,
        limit: int,
        standing: str | None = None,
        app: str | None = None,
    ) -> Sequence[Summary]:
        """Give up to ``limit`` contracts that a caller may see, newest first, before position ``after`` (0: the newest).

        ``standing`` keeps those that stand so for him.
        """
        found: list[Summary] = []
        query = select(ContractRow).where(ContractRow.tenant == by.tenant)
        if app is not None:
            query = query.where(ContractRow.app == app)
        if standing in tuple(ContractState):
            query = query.where(ContractRow.state == standing)
        elif standing is not None:
            query = query.where(ContractRow.state == ContractState.SIGNING)
        if not self._sees_all(by):
            mine = select(PartyRow.contract).where(
                PartyRow.tenant == by.tenant,
                PartyRow.ref == by.party if by.kind == "party" else PartyRow.account == (by.account or ""),
            )
            asked = select(ApprovalRow.contract).where(
                ApprovalRow.tenant == by.tenant, ApprovalRow.account == (by.account or "")
            )
            query = query.where(
                (col(ContractRow.creator) == creator(by))
                | (col(ContractRow.id).in_(mine) & col(ContractRow.sent_at).is_not(None))
                | col(ContractRow.id).in_(asked)
            )
        while len(found) < limit:
            page = query if not after else query.where(ContractRow.position < after)
            rows = session.exec(page.order_by(col(ContractRow.position).desc()).limit(_SCANNED)).all()
            for row in rows:
                after = row.position
                summary = self._summary(session, by, row, self._book.parties(session, row))
                if standing in (None, summary.standing):
                    found.append(summary)
                if len(found) == limit:
                    break
            if len(rows) < _SCANNED:
                break
        return found

    def _sees_all(self, by: Principal) -> bool:
        return by.may(Permission.VIEW_ALL_CONTRACTS) or by.kind in ("api_client", "system")

    def _own(self, by: Principal, row: ContractRow) -> bool:
        return self._sees_all(by) or creator(by) == row.creator

    def _mine(self, session: Session, by: Principal, row: ContractRow) -> list[str]:
        """Give the parties of a sent contract that the caller is."""
        if row.sent_at is None:
            return []
        if by.kind == "party" and by.contract != row.id:
            return []
        return [
            party.ref
            for party in self._book.parties(session, row)
            if (by.kind == "party" and party.ref == by.party)
            or (by.account is not None and party.account == by.account)
        ]

    def _asked(self, session: Session, by: Principal, row: ContractRow) -> bool:
        return by.account is not None and any(
            each.account == by.account for each in self._book.approvals(session, row)
        )

    def _summary(
        self, session: Session, by: Principal, row: ContractRow, parties: tuple[PartyRow, ...]
    ) -> Summary:
        mine = frozenset(self._mine(session, by, row))
        seats = tuple(seat(party) for party in parties)
        own = self._own(by, row)
        return Summary(
            id=row.id,
            position=row.position,
            app=row.app,
            business_number=self._told(session, row, row.business_number) if own else "",
            title=self._told(session, row, row.title),
            state=row.state,
            standing=standing_for(ContractState(row.state), seats, mine),
            revision=row.revision,
            deadline=row.deadline,
            created_at=row.created_at,
            sent_at=row.sent_at,
            ended_at=row.ended_at,
        )

    def _told(self, session: Session, row: ContractRow, sealed: bytes | None) -> str:
        """Open a value for a list, in which an erased contract stands without words."""
        try:
            return self._book.opened(session, row, sealed)
        except Refused as refused:
            if refused.code != "erased":
                raise
            return ""

    def _party(
        self,
        session: Session,
        by: Principal,
        row: ContractRow,
        party: PartyRow,
        turn: tuple[str, ...],
        *,
        own: bool,
    ) -> PartyView:
        itself = party.ref == by.party or (by.account is not None and party.account == by.account)
        return PartyView(
            ref=party.ref,
            account=party.account if own else None,
            name=self._book.opened(session, row, party.name),
            kind=party.kind,
            role=party.role,
            group=party.group,
            required=party.required,
            state=party.state,
            turn=party.ref in turn,
            channel=party.channel,
            target=self._book.opened(session, row, party.target) if own or itself else "",
            identified=party.identity_event is not None,
            delegate_of=party.delegate_of,
            notified_at=party.notified_at,
            viewed_at=party.viewed_at,
            confirmed_at=party.confirmed_at,
            done_at=party.done_at,
            reason_code=party.reason_code,
            reason=self._book.opened(session, row, party.reason) if own or itself else "",
            demand=demand_of(party.identity_level, party.factors),
        )
