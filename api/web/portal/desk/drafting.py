"""A new contract: from a file or a template, with its parties in their order; then its places, its values, more files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, cast

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.problems import ProblemError
from api.web.portal.desk.contract import ContractId
from api.web.portal.desk.days import BEIJING, end_of_day
from api.web.portal.desk.visit import DeskRoute, File, Form, SentForm, Visit, Visitor, as_problem, told
from api.web.schemas import UUID_PATTERN
from signing.assurance import DEMANDABLE, NOTHING
from signing.contracts.demands import FACTORS, Demand
from signing.contracts.draft import SCENES, Draft, PartyDraft, SubjectKind
from signing.contracts.order import PartyRole
from signing.contracts.ports import Upload
from signing.database import read, write
from signing.documents.controls import Control, parse_controls
from signing.errors import Refused
from signing.people.accounts import Account
from signing.people.business_types import BusinessType
from signing.principal import Permission

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
DocumentId = Annotated[str, Path(pattern=UUID_PATTERN)]
FEWEST, MOST = 2, 64
_PEOPLE = 500
_COLUMNS = ("who", "name", "target", "kind", "role", "group")
_ORDERS = ("sequential", "parallel", "mixed")


@dataclass(frozen=True, slots=True)
class Row:
    """A party as the form shows it; ``who`` is an account, "" for somebody named by hand."""

    who: str = ""
    name: str = ""
    target: str = ""
    kind: str = "person"
    role: str = "signatory"
    group: str = "1"
    level: str = NOTHING
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """The form as it was filled in."""

    id: str
    title: str = ""
    template: str = ""
    business_number: str = ""
    business_type: str = ""
    scene: str = "other"
    deadline: str = ""
    order: str = "sequential"
    replaces: str = ""
    approvers: tuple[str, ...] = ()
    rows: tuple[Row, ...] = (Row(), Row())


@router.get("/desk/contracts/new")
def new_contract(visit: Visitor) -> Response:
    """Show the form; ``replaces`` takes title and parties over from a contract that came to nothing."""
    visit.principal.require(Permission.SEND_CONTRACTS)
    ends = (visit.services.clock() + timedelta(days=30)).astimezone(BEIJING).date().isoformat()
    given = Given(str(visit.desk.context.uuid()), deadline=ends, template=visit.query("template"))
    if replaced := visit.query("replaces"):
        given = _taken_over(visit, given, replaced)
    return _form(visit, given)


def _taken_over(visit: Visit, given: Given, contract: str) -> Given:
    with read(visit.desk.context.engine) as session:
        details = visit.desk.contracts.views.details(session, visit.principal, contract)
    rows = tuple(
        Row(
            each.account or "",
            each.name,
            each.target,
            each.kind,
            each.role,
            str(each.group),
            each.demand.identity,
            each.demand.factors,
        )
        for each in details.parties
        if each.delegate_of is None
    )
    rejected = details.summary.state == "rejected"
    return Given(
        given.id,
        title=details.summary.title,
        scene=details.scene,
        deadline=given.deadline,
        order="mixed",
        replaces=contract if rejected else "",
        rows=rows or given.rows,
    )


def _form(visit: Visit, given: Given, problem: Refused | ProblemError | None = None) -> Response:
    refused = None if problem is None else as_problem(problem)
    by, people = visit.principal, visit.desk.people
    with write(visit.desk.context.engine) as session:
        templates = [
            each for each in visit.desk.templates.listing(session, by, 0, _PEOPLE) if not each.row.archived
        ]
    members = [each for each in people.accounts.listed(by, internal=True, limit=_PEOPLE) if each.enabled]
    contacts = [each for each in people.accounts.listed(by, internal=False, limit=_PEOPLE) if each.enabled]
    return visit.page(
        "new_contract",
        status=200 if refused is None else refused.kind.status,
        here="contracts",
        given=given,
        templates=templates,
        known=[each for each in (*members, *contacts) if each.profile.name],
        approvers=_approvers(members),
        types=_granted(visit, people.business_types.listed(by)),
        scenes=SCENES,
        orders=_ORDERS,
        roles=[role.value for role in PartyRole],
        levels=DEMANDABLE,
        factors=FACTORS,
        problem="" if refused is None else told(visit.request, refused),
    )


def _approvers(members: Sequence[Account]) -> list[Account]:
    return [each for each in members if each.kind == "person" and each.profile.name]


def _granted(visit: Visit, types: Sequence[BusinessType]) -> list[BusinessType]:
    return [
        each
        for each in types
        if each.enabled
        and (visit.account in each.accounts or visit.principal.may(Permission.MANAGE_BUSINESS_TYPES))
    ]


@router.post("/desk/contracts/by-file")
def create(visit: Visitor, form: SentForm) -> Response:
    """Draft the contract, or show the form again with what is wrong; another row for a party is asked for the same way."""
    given = _given(form)
    if form.text("act") == "more" and len(given.rows) < MOST:
        another = Row(group=str(len(given.rows) + 1))
        return _form(visit, replace(given, rows=(*given.rows, another)))
    try:
        draft = _draft(given, form.file)
        prepared = tuple(visit.desk.documents.prepare(each) for each in draft.uploads)
        with write(visit.desk.context.engine) as session:
            row, _ = visit.desk.contracts.drafting.create(
                session, visit.principal, draft.with_uploads(prepared)
            )
            documents = visit.desk.documents.listing(session, visit.principal, row.id)
            document, fillable = documents[0].id, _fillable(parse_controls(documents[0].controls))
            contract = row.id
    except (Refused, ProblemError) as problem:
        return _form(visit, given, problem)
    if fillable:
        return visit.to(f"/desk/contracts/{contract}/documents/{document}/values")
    return visit.to(f"/desk/contracts/{contract}/documents/{document}")


def _given(form: Form) -> Given:
    columns = [form.texts.get(f"party_{name}", ()) for name in _COLUMNS]
    cells = enumerate(zip(*columns, strict=False), start=1)
    rows = tuple(_demanding(Row(*(text.strip() for text in row)), form, number) for number, row in cells)
    return Given(
        form.id(),
        form.text("title"),
        form.text("template"),
        form.text("business_number"),
        form.text("business_type"),
        form.text("scene"),
        form.text("deadline"),
        form.text("order"),
        form.text("replaces"),
        form.all("approvers"),
        rows,
    )


def _demanding(row: Row, form: Form, number: int) -> Row:
    """Give a row with what is demanded of its party; a box says by its value which row it stands in."""
    levels, ticked = form.texts.get("party_level", ()), form.all("party_factors")
    level = levels[number - 1] if number <= len(levels) else NOTHING
    return replace(row, level=level, factors=tuple(f for f in FACTORS if f"{number}:{f}" in ticked))


def _draft(given: Given, file: File | None) -> Draft:
    if file is None and not given.template:
        raise ProblemError("field-missing", field="/file")
    filled = [row for row in given.rows if row.who or row.name or row.target]
    uploads = (Upload(file.name, file.media_type, file.content),) if file is not None else ()
    return Draft(
        id=given.id,
        title=given.title,
        parties=tuple(_party(row, place, given.order) for place, row in enumerate(filled)),
        uploads=uploads,
        template=None if uploads else given.template,
        business_number=given.business_number or None,
        business_type=given.business_type or None,
        scene=given.scene,
        deadline=end_of_day(given.deadline, "/deadline"),
        approvers=given.approvers,
        replaces=given.replaces or None,
    )


def _party(row: Row, place: int, order: str) -> PartyDraft:
    """Give a party at its place: one after the other, all at once, or in the groups that were named."""
    groups = {"sequential": place + 1, "parallel": 1}
    if order not in groups and not (row.group.isascii() and row.group.isdigit() and len(row.group) < 4):
        raise ProblemError("field-value", field=f"/parties/{place}/group")
    if row.kind not in ("person", "organization") or row.role not in tuple(PartyRole):
        raise ProblemError("field-value", field=f"/parties/{place}/role")
    role = PartyRole(row.role)
    by_mail = "@" in row.target
    return PartyDraft(
        cast(SubjectKind, row.kind),
        role,
        groups.get(order) or int(row.group),
        role is not PartyRole.COPY,
        row.who or None,
        "" if row.who else row.name,
        "" if by_mail else row.target.replace(" ", ""),
        row.target if by_mail else "",
        Demand(row.level, row.factors),
    )


def _fillable(controls: Sequence[Control]) -> list[Control]:
    """Give the controls that whoever makes the contract fills in."""
    return [each for each in controls if not each.kind.signs]


@router.get("/desk/contracts/{contract}/documents/{document}")
def placing(contract: ContractId, document: DocumentId, visit: Visitor) -> Response:
    """Show the page on which controls are placed on a draft's document."""
    with write(visit.desk.context.engine) as session:
        details = visit.desk.contracts.views.details(session, visit.principal, contract)
        row = visit.desk.documents.one(session, visit.principal, document)
        name = visit.desk.documents.name(session, row)
        others = [
            (each.id, visit.desk.documents.name(session, each))
            for each in visit.desk.documents.listing(session, visit.principal, contract)
            if not each.attachment
        ]
    parties = [
        {"number": place, "name": each.name, "role": each.role}
        for place, each in enumerate(details.parties, start=1)
    ]
    return visit.page(
        "placing",
        here="contracts",
        heading=details.summary.title,
        name=name,
        mode="contract",
        draft=details.summary.state == "draft",
        parties=parties,
        source=f"/v1/signing/documents/{document}",
        content=f"/v1/signing/documents/{document}/content",
        save=f"/v1/signing/documents/{document}/controls",
        back=f"/desk/contracts/{contract}",
        values=f"/desk/contracts/{contract}/documents/{document}/values",
        others=[
            (f"/desk/contracts/{contract}/documents/{each}", label)
            for each, label in others
            if each != document
        ],
    )


@router.get("/desk/contracts/{contract}/documents/{document}/values")
def values_page(contract: ContractId, document: DocumentId, visit: Visitor) -> Response:
    """Show the fields to be filled in before the contract is sent."""
    with write(visit.desk.context.engine) as session:
        details = visit.desk.contracts.views.details(session, visit.principal, contract)
        row = visit.desk.documents.one(session, visit.principal, document)
        entered = visit.desk.documents.entered(session, visit.principal, document)
        controls = _fillable(parse_controls(row.controls))
    return visit.page(
        "values",
        here="contracts",
        contract=details.summary,
        document=document,
        controls=controls,
        entered=entered,
        names={place: each.name for place, each in enumerate(details.parties, start=1)},
    )


@router.post("/desk/contracts/{contract}/documents/{document}/values/save")
def fill(contract: ContractId, document: DocumentId, visit: Visitor, form: SentForm) -> Response:
    """Set the values; an empty field is one that is not filled in."""
    given = {
        name.removeprefix("value_"): texts[0].strip()
        for name, texts in form.texts.items()
        if name.startswith("value_") and texts[0].strip()
    }
    with write(visit.desk.context.engine) as session:
        visit.desk.documents.fill(session, visit.principal, document, given)
    return visit.to(f"/desk/contracts/{contract}/documents/{document}")


@router.post("/desk/contracts/{contract}/documents")
def add_document(contract: ContractId, visit: Visitor, form: SentForm) -> Response:
    """Give a draft another document, or an attachment that is kept with it and not signed."""
    if form.file is None:
        raise ProblemError("field-missing", field="/file")
    attachment = form.checked("attachment")
    upload = Upload(form.file.name, form.file.media_type, form.file.content)
    prepared = visit.desk.documents.prepare(upload, attachment=attachment)
    with write(visit.desk.context.engine) as session:
        visit.desk.documents.upload(session, visit.principal, contract, form.id(), prepared)
    return visit.to(f"/desk/contracts/{contract}", done="document")
