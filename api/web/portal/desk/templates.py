"""Templates: made of a document, edited on the page where controls are placed, kept in versions."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.problems import ProblemError
from api.web.portal.desk.visit import DeskRoute, SentForm, Visitor
from api.web.schemas import UUID_PATTERN
from signing.database import write
from signing.documents.templates import TemplateDraft
from signing.principal import Permission

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
TemplateId = Annotated[str, Path(pattern=UUID_PATTERN)]
_SHOWN, _PLACES = 200, 8


@router.get("/desk/templates")
def templates(visit: Visitor) -> Response:
    """Show the templates this member may use, and the form for a new one."""
    visit.principal.require(Permission.USE_TEMPLATES)
    with write(visit.desk.context.engine) as session:
        found = visit.desk.templates.listing(session, visit.principal, 0, _SHOWN)
    types = visit.desk.people.business_types.listed(visit.principal)
    return visit.page(
        "templates",
        here="templates",
        templates=found,
        types=[each for each in types if each.enabled],
        type_names={each.id: each.name for each in types},
    )


@router.post("/desk/templates/documents")
def create(visit: Visitor, form: SentForm) -> Response:
    """Make a template of a file; its controls are placed on the page this leads to."""
    if form.file is None:
        raise ProblemError("field-missing", field="/file")
    prepared = visit.desk.inspector.prepare(form.file.name, form.file.media_type, form.file.content)
    draft = TemplateDraft(form.text("title"), prepared, ())
    with write(visit.desk.context.engine) as session:
        made, _ = visit.desk.templates.create(
            session, visit.principal, form.id(), draft, form.text("business_type") or None
        )
    return visit.to(f"/desk/templates/{made.row.id}")


@router.get("/desk/templates/{template}")
def template_page(template: TemplateId, visit: Visitor) -> Response:
    """Show a version of a template, to be changed into the next one."""
    asked = visit.query("version")
    with write(visit.desk.context.engine) as session:
        newest = visit.desk.templates.find(session, visit.principal, template)
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else newest.row.version
        found = visit.desk.templates.find(session, visit.principal, template, number)
    most = max(_PLACES, *(control.party for control in found.controls), 0)
    version = "" if number == newest.row.version else f"?version={number}"
    return visit.page(
        "placing",
        here="templates",
        heading=found.title,
        name=found.name,
        mode="template",
        draft=visit.principal.may(Permission.MANAGE_TEMPLATES) and not found.row.archived and not version,
        parties=[{"number": place, "name": "", "role": "signatory"} for place in range(1, most + 1)],
        source=f"/v1/signing/templates/{template}{version}",
        content=f"/v1/signing/templates/{template}/content{version}",
        save=f"/v1/signing/templates/{template}/versions",
        back="/desk/templates",
        values="",
        others=[
            (f"/desk/templates/{template}?version={each}", f"v{each}")
            for each in range(newest.row.version, max(0, newest.row.version - 12), -1)
            if each != number
        ],
    )


@router.post("/desk/templates/archive")
def archive(visit: Visitor, form: SentForm) -> Response:
    """Use a template no more; contracts made from it stay as they are."""
    with write(visit.desk.context.engine) as session:
        visit.desk.templates.archive(session, visit.principal, form.id("template"), form.text("reason")[:500])
    return visit.to("/desk/templates", done="archive")
