"""Many contracts from one template: the people and values of each in a CSV file, and how far it is."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.problems import ProblemError
from api.web.portal.desk.days import end_of_day
from api.web.portal.desk.visit import DeskRoute, Form, SentForm, Visitor
from api.web.schemas import UUID_PATTERN
from signing.assurance import DEMANDABLE, NOTHING
from signing.contracts.batch.models import FAILED
from signing.contracts.batch.plan import Plan
from signing.contracts.batch.rows import parse_csv
from signing.contracts.demands import Demand
from signing.contracts.draft import SCENES, PartyDraft
from signing.contracts.order import PartyRole
from signing.database import read, write
from signing.principal import Permission

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
BatchId = Annotated[str, Path(pattern=UUID_PATTERN)]
_SHOWN, _SEATS, _TEMPLATES = 50, 4, 200


@router.get("/desk/batches")
def batches(visit: Visitor) -> Response:
    """Show this member's batches, and the form for a new one."""
    visit.principal.require(Permission.SEND_CONTRACTS)
    with write(visit.desk.context.engine) as session:
        found = visit.desk.batches.listing(session, visit.principal, after=0, limit=_SHOWN)
        listed = visit.desk.templates.listing(session, visit.principal, 0, _TEMPLATES)
    return visit.page(
        "batches",
        here="batches",
        batches=found,
        templates=[each for each in listed if not each.row.archived],
        scenes=SCENES,
        levels=DEMANDABLE,
        seats=range(1, _SEATS + 1),
    )


@router.post("/desk/batches/documents")
def create(visit: Visitor, form: SentForm) -> Response:
    """Take the batch and its rows; it is carried on by itself, also after a crash."""
    if form.file is None:
        raise ProblemError("field-missing", field="/rows")
    rows = parse_csv(form.file.content)
    plan = Plan(
        id=form.id(),
        template=form.id("template"),
        title=form.text("title"),
        parties=_seats(form),
        scene=form.text("scene"),
        deadline=end_of_day(form.text("deadline"), "/deadline"),
        send=form.checked("send"),
    )
    with write(visit.desk.context.engine) as session:
        visit.desk.batches.create(session, visit.principal, plan, rows)
    return visit.to(f"/desk/batches/{plan.id}")


def _seats(form: Form) -> tuple[PartyDraft, ...]:
    seats = []
    for number, kind in enumerate(form.texts.get("kind", ())[:_SEATS], start=1):
        if kind in ("person", "organization"):
            group = number if form.text("order") == "sequential" else 1
            seats.append(
                PartyDraft(
                    "person" if kind == "person" else "organization",
                    PartyRole.SIGNATORY,
                    group,
                    demand=Demand(form.text("level") or NOTHING),
                )
            )
    if not seats:
        raise ProblemError("field-missing", field="/parties")
    return tuple(seats)


@router.get("/desk/batches/{batch}")
def batch_page(batch: BatchId, visit: Visitor) -> Response:
    """Show how far a batch is, what failed and why."""
    after = visit.query("after")
    with read(visit.desk.context.engine) as session:
        progress = visit.desk.batches.progress(session, visit.principal, batch)
        items = visit.desk.batches.items(
            session,
            visit.principal,
            batch,
            after=int(after) if after.isascii() and after.isdigit() else 0,
            limit=_SHOWN + 1,
            state=FAILED if visit.query("state") == FAILED else None,
        )
    return visit.page(
        "batch",
        here="batches",
        batch=progress,
        items=items[:_SHOWN],
        failed=visit.query("state") == FAILED,
        following=str(items[_SHOWN - 1].position) if len(items) > _SHOWN else "",
    )
