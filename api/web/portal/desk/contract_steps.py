"""What a member does with a contract from its page: takes steps, reads and downloads, shelves, sends links again."""

import re
from collections.abc import Callable

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.problems import ProblemError
from api.web.portal.desk.contract import ContractId
from api.web.portal.desk.days import day_of, end_of_day
from api.web.portal.desk.visit import DeskRoute, Form, SentForm, Visit, Visitor
from signing.contracts.models import ContractRow
from signing.contracts.states import Basis, Who
from signing.database import write
from signing.delivery.service import contract_of, party_of
from signing.management.shelf import Placing

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
_AS_FILE = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="contract.pdf"'}

Act = Callable[[Session, Visit, str, Form], ContractRow]


def _decide(session: Session, visit: Visit, contract: str, form: Form) -> ContractRow:
    return visit.desk.contracts.sending.decide(
        session,
        visit.principal,
        contract,
        approved=form.text("decision") == "approve",
        reason=form.text("reason"),
    )


def _remind(session: Session, visit: Visit, contract: str, _: Form) -> ContractRow:
    contracts = visit.desk.contracts
    row = contracts.book.contract(session, visit.principal.tenant, contract)
    contracts.book.require_sender(visit.principal, row)
    contracts.ending.remind(session, row, Who.SENDER)
    return row


def _void(session: Session, visit: Visit, contract: str, form: Form) -> ContractRow:
    voiding, by, reason = visit.desk.contracts.voiding, visit.principal, form.text("reason")
    if form.text("basis") == "agreement":
        return voiding.ask(session, by, contract, reason)
    basis = {"sender": Basis.SENDER, "error": Basis.ERROR, "court_order": Basis.COURT_ORDER}.get(
        form.text("basis")
    )
    if basis is None:
        raise ProblemError("field-value", field="/basis")
    order = form.text("order_sha256").lower()
    if order and not re.fullmatch(r"[0-9a-f]{64}", order):
        raise ProblemError("field-value", field="/order_sha256")
    return voiding.declare(session, by, contract, basis=basis, reason=reason, order=order or None)


def _extend(session: Session, visit: Visit, contract: str, form: Form) -> ContractRow:
    until = end_of_day(form.text("deadline"), "/deadline")
    if until is None:
        raise ProblemError("field-missing", field="/deadline")
    return visit.desk.contracts.ending.extend(session, visit.principal, contract, until, form.text("reason"))


_ACTS: dict[str, Act] = {
    "submit": lambda s, visit, contract, _: visit.desk.contracts.sending.submit(s, visit.principal, contract),
    "decide": _decide,
    "send": lambda s, visit, contract, _: visit.desk.contracts.sending.send(s, visit.principal, contract),
    "remind": _remind,
    "extend": _extend,
    "withdraw": lambda s, visit, contract, form: visit.desk.contracts.ending.withdraw(
        s, visit.principal, contract, form.text("reason")
    ),
    "void": _void,
}


@router.get("/desk/contracts/{contract}/file")
def download(contract: ContractId, visit: Visitor) -> Response:
    """Give the signed PDF, byte for byte; the copy is recorded."""
    document = visit.query("document")
    with write(visit.desk.context.engine) as session:
        content = visit.desk.contracts.copies.give(
            session, visit.principal, contract, document=document or None
        )
    return Response(content, media_type="application/pdf", headers=_AS_FILE)


@router.get("/desk/contracts/{contract}/look")
def look(contract: ContractId, visit: Visitor) -> Response:
    """Give a document to whoever is asked to approve it, byte for byte as it would be sent; the access is logged.

    Parties are shown theirs where they sign, which is recorded as an event.
    """
    by, desk = visit.principal, visit.desk
    with write(desk.context.engine) as session:
        details = desk.contracts.views.details(session, by, contract)
        if by.account not in {each.account for each in details.approvals}:
            raise ProblemError("document-unknown")
        paper = next((each for each in details.documents if each.document == visit.query("document")), None)
        if paper is None:
            raise ProblemError("document-unknown")
        content = desk.custody.get(session, contract, paper.sha256, by=by, purpose="approve")
    return Response(content, media_type="application/pdf", headers=_AS_FILE)


@router.post("/desk/contracts/{contract}/shelve")
def shelve(contract: ContractId, visit: Visitor, form: SentForm) -> Response:
    """Put the contract into a folder, tag, classify and archive it, and say when its term ends."""
    tags = tuple(tag for tag in re.split(r"[\s,，、]+", form.text("tags")) if tag)
    days = tuple(int(day) for day in re.findall(r"[0-9]{1,4}", form.text("remind_days")))
    placing = Placing(
        folder=form.text("folder") or None,
        category=form.text("category"),
        tags=tags,
        archived=form.checked("archived"),
        starts_on=day_of(form.text("starts_on"), "/starts_on"),
        ends_on=day_of(form.text("ends_on"), "/ends_on"),
        remind_days=days,
    )
    visit.desk.management.shelf.place(visit.principal, contract, placing)
    return visit.to(f"/desk/contracts/{contract}", done="shelve")


@router.post("/desk/contracts/{contract}/resend")
def resend(contract: ContractId, visit: Visitor, form: SentForm) -> Response:
    """Send one party its link again."""
    with write(visit.desk.context.engine) as session:
        row = contract_of(session, visit.principal, contract)
        ref = party_of(session, row, form.text("party")).ref
        visit.desk.delivery.notifications.resend(session, visit.principal.tenant, row.id, ref)
    return visit.to(f"/desk/contracts/{contract}", done="resend")


@router.post("/desk/contracts/{contract}/{act}")
def take(contract: ContractId, act: str, visit: Visitor, form: SentForm) -> Response:
    """Take a step, in one transaction."""
    step = _ACTS.get(act)
    if step is None:
        raise ProblemError("not-found")
    with write(visit.desk.context.engine) as session:
        step(session, visit, contract, form)
    return visit.to(f"/desk/contracts/{contract}", done=act)
