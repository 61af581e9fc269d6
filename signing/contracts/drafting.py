"""How contracts begin: exactly one for each (tenant, app, business number), whatever is sent twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from signing.contracts import events
from signing.contracts.book import Book, creator
from signing.contracts.demanding import Demanding
from signing.contracts.demands import Demand
from signing.contracts.draft import DEFAULT_DEADLINE, Draft, PartyDraft, check_deadline, check_draft, seat_of
from signing.contracts.models import ContractApproverRow, ContractRow, PartyRow, StepRow
from signing.contracts.order import Seat
from signing.contracts.ports import Directory, Known, Papers
from signing.contracts.states import ContractState, Step, Who
from signing.errors import Refused
from signing.principal import Permission, Principal

# After the deadline there is still the ending to be deposited.
_CLOSE_AFTER = timedelta(days=30)
_RESTARTED = (ContractState.REJECTED, ContractState.EXPIRED, ContractState.WITHDRAWN)
CREATED = "create"


@dataclass(frozen=True, slots=True)
class Seated:
    """A party of a draft with its seat and what it is called."""

    draft: PartyDraft
    seat: Seat
    known: Known


class Drafting:
    """Makes contracts, and changes what may still be changed of a draft."""

    def __init__(self, book: Book, papers: Papers, directory: Directory, demanding: Demanding) -> None:
        self._book = book
        self._papers = papers
        self._directory = directory
        self._demanding = demanding

    def create(self, session: Session, by: Principal, draft: Draft) -> tuple[ContractRow, bool]:
        """Make a contract in state draft; gives it, and whether it is new.

        The parties are locked from here on (S4-22): who signs stands in contract.created.

        Raises:
            Refused: business-number-used, id-reused: made before with other content; permission-missing; what
                `check_draft` and the ports say.
        """
        by.require(Permission.SEND_CONTRACTS)
        content = self._book.context.custody.blind(by.tenant, "contract-content", draft.fingerprint())
        known = self._known(session, by, draft, content)
        if known is not None:
            return known, False
        now = self._book.context.clock()
        check_draft(draft, now)
        if draft.template is not None:
            by.require(Permission.USE_TEMPLATES)
        if draft.business_type is not None:
            self._directory.admit(session, by, draft.business_type)
        replaced = self._replaced(session, by, draft)
        of_type = self._demanding.of_type(session, by.tenant, draft.business_type)
        seated = [self._seat(session, by, place, party, of_type) for place, party in enumerate(draft.parties)]
        self._check_approvers(session, by, draft)
        row = self._write(session, by, draft, content, now)
        parties = tuple(self._write_party(session, row, place, each) for place, each in enumerate(seated))
        for account in draft.approvers:
            session.add(ContractApproverRow(contract=row.id, account=account, tenant=row.tenant))
        self._record(session, by, row, draft, seated, replaced)
        for upload in draft.uploads:
            self._papers.add(session, by, row, upload)
        if draft.template is not None:
            self._papers.use_template(session, by, row, parties, draft.values)
        return row, True

    def edit(
        self,
        session: Session,
        by: Principal,
        contract: str,
        *,
        deadline: datetime | None = None,
        approvers: tuple[str, ...] | None = None,
        demands: Sequence[tuple[str, Demand]] = (),
        revision: int | None = None,
    ) -> ContractRow:
        """Change a draft's deadline or approvers, or what it demands of parties, named by their references.

        Raises:
            Refused: contract-state, contract-changed, deadline-invalid, field-value, party-unknown, demand-unmeetable.
        """
        row = self._book.contract(session, by.tenant, contract)
        self._book.require_sender(by, row)
        taken = self._book.take(session, row, Step.EDIT, Who.SENDER, revision=revision)
        if deadline is not None:
            check_deadline(deadline, taken.row.at)
            row.deadline = deadline
        if approvers is not None:
            for old in self._book.approvers(session, row):
                session.delete(session.get_one(ContractApproverRow, (row.id, old)))
            session.flush()
            for account in dict.fromkeys(approvers):
                self._check_approver(session, by, account)
                session.add(ContractApproverRow(contract=row.id, account=account, tenant=row.tenant))
        for place, (party, demand) in enumerate(demands):
            self._demanding.change(session, row, party, demand, f"/demands/{place}")
        session.add(row)
        session.flush()
        return row

    def _known(self, session: Session, by: Principal, draft: Draft, content: bytes) -> ContractRow | None:
        """Find the contract this request made before."""
        if draft.business_number is not None:
            numbered = self._book.by_number(session, by.tenant, draft.app, draft.business_number)
            if numbered is not None and numbered.content != content:
                raise Refused(
                    "business-number-used", "This business number names another contract.", "/business_number"
                )
            if numbered is not None:
                return numbered
        same = session.get(ContractRow, draft.id)
        if same is not None and (same.tenant != by.tenant or same.content != content):
            raise Refused("id-reused", "This id was used for another contract.", "/id")
        return same

    def _replaced(self, session: Session, by: Principal, draft: Draft) -> bytes | None:
        """Give the newest leaf known of the contract that is restarted: the new one names it in its first event."""
        if draft.replaces is None:
            return None
        old = self._book.contract(session, by.tenant, draft.replaces)
        self._book.require_sender(by, old)
        if old.state not in _RESTARTED:
            raise Refused(
                "contract-state",
                "Only what ended without effect is restarted.",
                "/replaces",
                ", ".join(_RESTARTED),
            )
        return self._book.context.recorder.standing(session, old.dossier).head

    def _seat(self, session: Session, by: Principal, place: int, party: PartyDraft, of_type: str) -> Seated:
        seat, known = seat_of(party, self._book.context.uuid()), Known(party.name.strip(), party.kind)
        if party.account is not None:
            try:
                known = self._directory.known(session, by.tenant, party.account)
            except Refused as refused:
                raise Refused(refused.code, refused.detail, f"/parties/{place}/account") from refused
            party = replace(party, kind=known.kind, name=known.name)
            if not party.target:
                party = replace(party, phone=known.phone, email=known.email)
        demand = self._demanding.drafted(party, seat, known, of_type, f"/parties/{place}")
        return Seated(replace(party, demand=demand), seat, known)

    def _check_approvers(self, session: Session, by: Principal, draft: Draft) -> None:
        for account in draft.approvers:
            self._check_approver(session, by, account)

    def _check_approver(self, session: Session, by: Principal, account: str) -> None:
        if not self._directory.may_approve(session, by.tenant, account):
            raise Refused("field-value", "This account cannot approve contracts.", "/approvers")

    def _write(
        self, session: Session, by: Principal, draft: Draft, content: bytes, now: datetime
    ) -> ContractRow:
        context = self._book.context
        context.custody.create_owner(session, by.tenant, draft.id)
        deadline = draft.deadline or now + DEFAULT_DEADLINE
        dossier = context.recorder.open(
            session,
            tenant=by.tenant,
            kind="contract",
            reference=draft.id,
            close_by=deadline + _CLOSE_AFTER,
            required=events.REQUIRED,
        )
        number = draft.business_number
        sealed = None if number is None else context.custody.seal(session, draft.id, number.encode())
        blind = None if number is None else context.custody.blind(by.tenant, "business-number", number)
        row = ContractRow(
            id=draft.id,
            position=(session.exec(select(func.max(col(ContractRow.position)))).one() or 0) + 1,
            tenant=by.tenant,
            app=draft.app,
            number=blind,
            content=content,
            business_number=sealed,
            title=context.custody.seal(session, draft.id, draft.title.encode()),
            scene=draft.scene,
            business_type=draft.business_type,
            creator=creator(by),
            state=ContractState.DRAFT,
            dossier=dossier,
            sender=context.uuid(),
            deadline=deadline,
            remind_ahead=draft.remind_ahead,
            remind_every=draft.remind_every,
            created_at=now,
            replaces=draft.replaces,
            template=draft.template,
        )
        session.add(row)
        session.flush()
        return row

    def _write_party(self, session: Session, contract: ContractRow, place: int, seated: Seated) -> PartyRow:
        draft, seat = seated.draft, seated.seat
        return write_party(self._book, session, contract, place, draft, seat, name=seated.known.name)

    def _record(
        self,
        session: Session,
        by: Principal,
        row: ContractRow,
        draft: Draft,
        seated: list[Seated],
        replaced: bytes | None,
    ) -> None:
        event = events.created(
            [(each.seat, each.known.kind, each.known.name) for each in seated],
            title=draft.title,
            scene=draft.scene,
            deadline=row.deadline,
            business_number=draft.business_number,
            template=self._book.context.uuid() if draft.template is not None else None,
            actor=self._book.actor(by, row),
            after=replaced,
        )
        made = self._book.context.recorder.record(session, row.dossier, event)
        step = StepRow(
            contract=row.id,
            position=1,
            tenant=row.tenant,
            step=CREATED,
            who=Who.SENDER,
            state=row.state,
            at=row.created_at,
            events=made,
        )
        session.add(step)
        session.flush()


def write_party(
    book: Book,
    session: Session,
    contract: ContractRow,
    place: int,
    draft: PartyDraft,
    seat: Seat,
    *,
    name: str,
    delegate_of: str | None = None,
) -> PartyRow:
    """Write the row of a party; what is personal is sealed with the contract's key."""
    blind = book.context.custody.blind(contract.tenant, "contact", draft.target)
    row = PartyRow(
        ref=seat.ref,
        contract=contract.id,
        tenant=contract.tenant,
        position=place,
        account=draft.account,
        name=book.seal(session, contract, name),
        channel=draft.channel,
        target=book.seal(session, contract, draft.target),
        target_blind=blind,
        kind=draft.kind,
        role=seat.role,
        group=seat.group,
        required=seat.required,
        state=seat.state,
        delegate_of=delegate_of,
        identity_level=draft.demand.identity,
        factors=draft.demand.written,
    )
    session.add(row)
    session.flush()
    return row
