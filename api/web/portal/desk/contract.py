"""A contract's page: who has to do what, what was done and whether it is deposited, and which steps are offered."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from sqlmodel import Session, col, select
from starlette.responses import Response

from api.issuance.certificates import valid_certificate
from api.web.portal.desk.days import BEIJING
from api.web.portal.desk.erased import erased_page
from api.web.portal.desk.evidence import may_have_evidence
from api.web.portal.desk.visit import DeskRoute, Visit, Visitor
from api.web.schemas import UUID_PATTERN
from signing.contracts.models import ContractRow
from signing.contracts.states import STATE_LABELS, ContractState
from signing.contracts.views import Details, StepView
from signing.custody.retention import is_held
from signing.database import read, write
from signing.delivery.notifications import Notification
from signing.documents.controls import parse_controls
from signing.dossier.models import OutboxRow
from signing.errors import Refused
from signing.principal import Permission

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
ContractId = Annotated[str, Path(pattern=UUID_PATTERN)]
_PREPARED = (ContractState.DRAFT, ContractState.PENDING_APPROVAL)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the history; ``pending``: that many of its events are not deposited yet."""

    view: StepView
    party: str
    pending: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the contract, and its state as it may be downloaded."""

    id: str
    name: str
    attachment: bool
    sha256: str
    controls: int
    fillable: int


@router.get("/desk/contracts/{contract}")
def contract_page(contract: ContractId, visit: Visitor) -> Response:
    """Show a contract."""
    try:
        return _page(visit, contract)
    except Refused as refused:
        if refused.code != "erased":
            raise
        return erased_page(visit, contract)


def _page(visit: Visit, contract: str) -> Response:
    desk, by = visit.desk, visit.principal
    with read(desk.context.engine) as session:
        details = desk.contracts.views.details(session, by, contract)
        waiting = _waiting(session, details)
        messages = _messages(session, visit, contract)
        row = desk.contracts.book.contract(session, by.tenant, contract)
        approvers = desk.contracts.book.approvers(session, row)
        asked = _asked_for_voidness(session, visit, row)
        kept_until = desk.keeping.retention.kept_until(session, by.tenant, contract)
        held = is_held(session, contract)
    papers = _papers(visit, contract)
    label = STATE_LABELS[details.summary.standing][0 if visit.chinese else 1]
    shelf, tags, _ = desk.management.shelf.placed(by, contract)
    names = {party.ref: party.name for party in details.parties}
    names |= {each.account: _person(visit, each.account) for each in messages if each.account is not None}
    certificate = _certificate(visit, details)
    return visit.page(
        "contract",
        here="contracts",
        contract=details,
        label=label,
        steps=[
            Step(each, names.get(each.party or "", ""), sum(event in waiting for event in each.events))
            for each in details.history
        ],
        papers=papers,
        messages=messages,
        names=names,
        people={each.account: _person(visit, each.account) for each in details.approvals},
        approvers=[_person(visit, each) for each in approvers],
        allowed=_allowed(visit, details, papers, to_approve=bool(approvers))
        | ({"evidence"} if may_have_evidence(visit, row) else set())
        | ({"answer_void"} if asked else set()),
        shelf=shelf,
        tags=tags,
        folders=desk.management.shelf.folders(by),
        certificate=certificate,
        kept_until=kept_until,
        held=held,
        tomorrow=(visit.services.clock().astimezone(BEIJING) + timedelta(days=1)).date(),
    )


def _waiting(session: Session, details: Details) -> frozenset[str]:
    """Give the events of the history that are not deposited yet."""
    events = {event for step in details.history for event in step.events}
    query = select(OutboxRow.event_id).where(
        col(OutboxRow.event_id).in_(events), col(OutboxRow.done_at).is_(None)
    )
    return frozenset(session.exec(query))


def _messages(session: Session, visit: Visit, contract: str) -> list[Notification]:
    if not visit.principal.may(Permission.SEND_CONTRACTS):
        return []
    return list(visit.desk.delivery.notifications.of_contract(session, visit.principal.tenant, contract))


def _papers(visit: Visit, contract: str) -> list[Paper]:
    desk, found = visit.desk, []
    with write(desk.context.engine) as session:
        try:
            rows = desk.documents.listing(session, visit.principal, contract)
        except Refused:
            return []  # a party sees its documents where it signs
        for row in rows:
            controls = parse_controls(row.controls)
            fillable = sum(1 for each in controls if not each.kind.signs and not each.party)
            name = desk.documents.name(session, row)
            newest = row.newest or row.finalized or row.current
            found.append(Paper(row.id, name, row.attachment, newest, len(controls), fillable))
    return found


def _asked_for_voidness(session: Session, visit: Visit, contract: ContractRow) -> bool:
    """Tell whether this member is a party that was asked to agree to voidness, and has not."""
    contracts = visit.desk.contracts
    try:
        party = contracts.turns.party_of(session, visit.principal, contract)
    except Refused:
        return False
    found = contracts.voiding.asked(session, contract, party)
    return found is not None and not found.agreed


def _person(visit: Visit, account: str) -> str:
    try:
        return visit.desk.people.accounts.get(visit.principal, account).profile.name
    except Refused:
        return ""


def _certificate(visit: Visit, details: Details) -> str:
    """Give the number of the case's certificate in force, "" if there is none."""
    if details.case is None:
        return ""
    found = valid_certificate(visit.services, visit.principal.tenant, details.case)
    return "" if found is None else found.number


def _allowed(visit: Visit, details: Details, papers: list[Paper], *, to_approve: bool) -> frozenset[str]:
    """Say which steps to offer: by the state, and by what this member may do. The services decide when one is taken."""
    by, state = visit.principal, ContractState(details.summary.state)
    found = set[str]()
    mine = any(party.account == by.account and party.turn for party in details.parties)
    if details.summary.standing == "waiting_for_me" or mine:
        found.add("sign")
    asked = [each for each in details.approvals if each.account == by.account and each.approved is None]
    if state is ContractState.PENDING_APPROVAL and asked:
        found.add("decide")
    if state is ContractState.COMPLETED and by.may(Permission.DOWNLOAD):
        found.add("download")
    if by.may(Permission.MANAGE_ARCHIVE):
        found.add("shelve")
    if not by.may(Permission.SEND_CONTRACTS) or (not papers and state is not ContractState.DRAFT):
        return frozenset(found)
    steps: dict[ContractState, set[str]] = {
        ContractState.DRAFT: {"edit", "withdraw", "submit" if to_approve else "send"},
        ContractState.PENDING_APPROVAL: {"withdraw"},
        ContractState.SIGNING: {"remind", "extend", "withdraw", "void", "resend"},
        ContractState.COMPLETED: {"void"},
        ContractState.REJECTED: {"restart"},
        ContractState.WITHDRAWN: {"restart"},
        ContractState.EXPIRED: {"restart"},
    }
    found |= steps.get(state, set())
    if state is ContractState.PENDING_APPROVAL and details.approvals and not _asked_for(details):
        found.add("send")
    return frozenset(found)


def _asked_for(details: Details) -> list[str]:
    """Give the approvers who have not said yes."""
    return [each.account for each in details.approvals if not each.approved]
