"""Making a seal: drawn with a preview, or uploaded as a picture."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, JsonValue

from api.problems import ProblemError
from api.web.bodies import validate
from api.web.portal.desk.visit import DeskRoute, Form, SentForm, Visit, Visitor, as_problem, told
from api.web.signing.seals_schemas import SealRenderRequest
from signing.errors import Refused
from signing.people.account import Account
from signing.principal import Permission
from signing.seals.creating import SEAL_TYPES, NewSeal
from signing.seals.making import Making, Upload, make

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
_PEOPLE = 500
PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
_SHAPES = ("circle", "ellipse", "square", "rectangle")
_USUAL = {
    "kind": "company",
    "outline": "circle",
    "width": "40",
    "height": "40",
    "upper_text": "",
    "lines": "",
    "lower_text": "",
    "star": "yes",
    "text": "",
    "color": "red",
    "font": "song",
    "frame": "yes",
    "name": "",
    "seal_type": "contract",
    "holder": "",
    "filing_number": "",
    "approve_uses": "",
}


# What a drawing cannot do without; the rest may be left empty.
_NEEDED = ("kind", "outline", "width", "height", "color", "font")


def named_people(visit: Visit) -> list[Account]:
    """Give members and contacts that have a name."""
    people = visit.desk.people.accounts
    return [
        each
        for internal in (True, False)
        for each in people.listed(visit.principal, internal=internal, limit=_PEOPLE)
        if each.profile.name
    ]


@router.get("/desk/seals/new")
def new_seal(visit: Visitor) -> Response:
    """Show the form with a preview of what it draws; without scripts a button draws it anew."""
    given = _USUAL | {name: visit.query(name) for name in _USUAL if name in visit.request.query_params}
    if visit.query("shown"):
        given |= {name: visit.query(name) for name in ("star", "frame", "approve_uses")}
    elif not given["upper_text"]:
        given["upper_text"] = _own_name(visit)
    return _form(visit, given)


def _own_name(visit: Visit) -> str:
    try:
        return visit.desk.people.organisations.account(visit.principal).profile.name
    except Refused:
        return ""


def _form(visit: Visit, given: Mapping[str, str], problem: Refused | ProblemError | None = None) -> Response:
    refused = None if problem is None else as_problem(problem)
    if refused is None and given["upper_text"]:
        refused = _undrawable(given)
    may_keep = visit.principal.may(Permission.MANAGE_SEALS)
    known = [each for each in named_people(visit) if each.enabled] if may_keep else []
    return visit.page(
        "new_seal",
        here="seals",
        status=200 if problem is None or refused is None else refused.kind.status,
        given=given,
        preview={name: value for name, value in given.items() if name not in ("name", "holder") and value},
        types=SEAL_TYPES,
        shapes=_SHAPES,
        holders=known,
        problem="" if refused is None else told(visit.request, refused),
    )


def _undrawable(given: Mapping[str, str]) -> ProblemError | None:
    try:
        make(_making(given))
    except (Refused, ProblemError) as error:
        return as_problem(error)
    return None


def _micrometres(text: str, field: str) -> int:
    """Read whole millimetres.

    Raises:
        ProblemError: field-value.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise ProblemError("field-value", field=field)
    return int(text) * 1000


def _making(given: Mapping[str, str]) -> Making:
    """Give what a form asks to be drawn; sizes of the form are millimetres.

    Raises:
        ProblemError: field-…, as the API would say it.
    """
    kind = given["kind"]
    common: JsonObject = {"kind": kind, "color": given["color"], "font": given["font"]}
    size: JsonObject = {
        "width_um": _micrometres(given["width"], "/width"),
        "height_um": _micrometres(given["height"], "/height"),
    }
    if kind == "company":
        circle = given["outline"] == "circle"
        lines: list[JsonValue] = [line.strip() for line in given["lines"].splitlines() if line.strip()]
        design = (
            common
            | size
            | {
                "outline": given["outline"],
                "height_um": size["width_um" if circle else "height_um"],
                "upper_text": given["upper_text"],
                "lines": lines,
                "lower_text": given["lower_text"],
                "star": bool(given["star"]),
            }
        )
    elif kind == "name":
        design = common | size | {"text": given["text"], "frame": bool(given["frame"])}
    else:
        design = common | {"text": given["text"]}
    return validate({"design": design}, SealRenderRequest).design.making()


@router.get("/desk/seals/preview")
def preview(visit: Visitor) -> Response:
    """Draw what the form asks for, and keep nothing."""
    visit.principal.require(Permission.SIGN)
    given = {name: visit.query(name) or (_USUAL[name] if name in _NEEDED else "") for name in _USUAL}
    made = make(_making(given))
    return Response(made.image, headers=PICTURE_HEADERS, media_type=made.media_type)


@router.post("/desk/seals/create")
def create(visit: Visitor, form: SentForm) -> Response:
    """Draw a seal and keep it; a drawn seal of one's own is in force at once, all others take a second person."""
    given = {name: form.texts.get(name, ("",))[0].strip() for name in _USUAL}
    try:
        seal, _ = visit.desk.seals.creating.create(visit.principal, _new(form, _making(given)))
    except (Refused, ProblemError) as problem:
        return _form(visit, given, problem)
    return visit.to(f"/desk/seals/{seal.id}", done="created")


@router.post("/desk/seals/pictures")
def upload(visit: Visitor, form: SentForm) -> Response:
    """Keep a picture of a seal, PNG or JPEG."""
    if form.file is None:
        return visit.to("/desk/seals/new", refused="field-missing", field="/picture")
    try:
        making = Upload(
            form.file.content,
            _micrometres(form.text("width"), "/width"),
            form.text("shape"),
            form.text("inscription"),
            form.checked("transparent"),
        )
        seal, _ = visit.desk.seals.creating.create(visit.principal, _new(form, making))
    except (Refused, ProblemError) as error:
        problem = as_problem(error)
        return visit.to("/desk/seals/new", refused=problem.code, field=problem.field or "")
    return visit.to(f"/desk/seals/{seal.id}", done="created")


def _new(form: Form, making: Making) -> NewSeal:
    if form.text("seal_type") not in SEAL_TYPES:
        raise ProblemError("field-value", field="/seal_type")
    return NewSeal(
        form.id(),
        form.text("name"),
        form.text("seal_type"),
        making,
        form.text("holder") or None,
        form.text("filing_number")[:32],
        form.checked("approve_uses"),
    )
