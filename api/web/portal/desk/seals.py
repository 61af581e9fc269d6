"""Seals: drawn with a preview or uploaded, put in force by two people, granted, and the log of their use."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, JsonValue

from api.problems import ProblemError
from api.web.bodies import validate
from api.web.portal.desk.contract import BEIJING, day_of, end_of_day
from api.web.portal.desk.visit import DeskRoute, Form, SentForm, Visit, Visitor, as_problem, told
from api.web.schemas import UUID_PATTERN
from api.web.signing.seals_schemas import SealRenderRequest
from signing.errors import Refused
from signing.principal import Permission
from signing.seals.creating import SEAL_TYPES, NewSeal
from signing.seals.grants import KINDS, REVOKE_REASONS, SCOPES, NewGrant
from signing.seals.life import DESTROY_REASONS, DISABLE_REASONS
from signing.seals.making import Making, Upload, make
from signing.seals.shelf import Seal
from signing.seals.states import TABLE, SealState

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
SealId = Annotated[str, Path(pattern=UUID_PATTERN)]
_SHOWN, _PEOPLE = 200, 500
_PICTURE_HEADERS = {
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


@router.get("/desk/seals")
def seals(visit: Visitor) -> Response:
    """Show the seals this member keeps, holds, may use or decides about."""
    found = visit.desk.seals.shelf.listed(visit.principal, limit=_SHOWN)
    return visit.page("seals", here="seals", seals=found, holders=_names(visit, found))


def _names(visit: Visit, found: Sequence[Seal]) -> dict[str, str]:
    names = {}
    for account in {seal.holder for seal in found if seal.holder}:
        try:
            names[account] = visit.desk.people.accounts.get(visit.principal, account).profile.name
        except Refused:
            names[account] = ""
    return names


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
    people = visit.desk.people.accounts
    may_keep = visit.principal.may(Permission.MANAGE_SEALS)
    known = [
        each
        for internal in (True, False)
        for each in (people.listed(visit.principal, internal=internal, limit=_PEOPLE) if may_keep else ())
        if each.enabled and each.profile.name
    ]
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
    return Response(made.image, headers=_PICTURE_HEADERS, media_type=made.media_type)


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


@router.get("/desk/seals/{seal}")
def seal_page(seal: SealId, visit: Visitor) -> Response:
    """Show a seal, the steps that its state allows, its grants and uses."""
    by, seals = visit.principal, visit.desk.seals
    found = seals.shelf.get(by, seal)
    try:
        grants, uses = seals.grants.listed(by, seal), seals.uses.listed(by, seal, after=0, limit=_SHOWN)
        requests, keeps = seals.approvals.requested(by, seal), True
    except Refused as refused:
        if refused.code not in ("permission-missing", "seal-not-kept"):
            raise
        grants, uses, requests, keeps = (), (), (), False
    steps = {str(step) for state, step in TABLE if state is found.state}
    people = visit.desk.people.accounts
    members = [
        each
        for internal in (True, False)
        for each in (people.listed(by, internal=internal, limit=_PEOPLE) if keeps else ())
        if each.profile.name
    ]
    now = visit.services.clock()
    return visit.page(
        "seal",
        here="seals",
        seal=found,
        holder=_names(visit, [found]).get(found.holder or "", ""),
        steps=steps,
        own=found.creator == by.account,
        keeps=keeps,
        enabled=found.state is SealState.ENABLED,
        grants=grants,
        uses=uses,
        requests=requests,
        members=[each for each in members if each.enabled and each.kind == "person"],
        names={each.id: each.profile.name for each in members},
        now=now,
        today=now.astimezone(BEIJING).date(),
        in_a_year=(now + timedelta(days=365)).astimezone(BEIJING).date(),
        scopes=SCOPES,
        kinds=KINDS,
        disable_reasons=DISABLE_REASONS,
        destroy_reasons=DESTROY_REASONS,
        revoke_reasons=REVOKE_REASONS,
    )


@router.get("/desk/seals/{seal}/picture")
def picture(seal: SealId, visit: Visitor) -> Response:
    """Give the exact bytes whose digest the events name."""
    content, media_type = visit.desk.seals.shelf.picture(visit.principal, seal)
    return Response(content, headers=_PICTURE_HEADERS, media_type=media_type)


@router.post("/desk/seals/{seal}/grant")
def grant(seal: SealId, visit: Visitor, form: SentForm) -> Response:
    """Let an account use the seal for a time."""
    begins, most = day_of(form.text("valid_from"), "/valid_from"), form.text("max_uses")
    ends = end_of_day(form.text("valid_to"), "/valid_to")
    if begins is None or ends is None:
        raise ProblemError("field-missing", field="/valid_to")
    if most and not (most.isascii() and most.isdigit() and 0 < int(most) <= 1_000_000):
        raise ProblemError("field-value", field="/max_uses")
    scope = form.text("scope")
    new = NewGrant(
        id=form.id(),
        grantee=form.text("grantee"),
        scope=scope,
        valid_from=_beginning(begins),
        valid_to=ends,
        kinds=form.all("kinds") if scope == "document_kinds" else (),
        contract=form.text("contract") or None if scope == "single_contract" else None,
        max_uses=int(most) if most else None,
    )
    visit.desk.seals.grants.grant(visit.principal, seal, new)
    return visit.to(f"/desk/seals/{seal}", done="grant")


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)


@router.post("/desk/seals/{seal}/revoke")
def revoke(seal: SealId, visit: Visitor, form: SentForm) -> Response:
    """Take a grant back."""
    visit.desk.seals.grants.revoke(
        visit.principal, seal, form.id("grant"), code=form.text("code"), reason=form.text("reason")
    )
    return visit.to(f"/desk/seals/{seal}", done="revoke")


@router.post("/desk/seals/{seal}/use")
def decide_use(seal: SealId, visit: Visitor, form: SentForm) -> Response:
    """Decide about one use that somebody asked for."""
    visit.desk.seals.approvals.decide(
        visit.principal,
        form.id("request"),
        approve=form.text("decision") == "approve",
        reason=form.text("reason"),
    )
    return visit.to(f"/desk/seals/{seal}", done="decide")


@router.post("/desk/seals/{seal}/{step}")
def move(seal: SealId, step: str, visit: Visitor, form: SentForm) -> Response:
    """Take the seal to its next state."""
    life, by, reason = visit.desk.seals.life, visit.principal, form.text("reason")
    match step:
        case "submit":
            life.submit(by, seal)
        case "decide":
            life.decide(by, seal, approve=form.text("decision") == "approve", reason=reason)
        case "enable":
            life.enable(by, seal, reason=reason)
        case "disable":
            life.disable(by, seal, code=form.text("code"), reason=reason)
        case "destroy":
            life.destroy(by, seal, code=form.text("code"), reason=reason)
        case _:
            raise ProblemError("not-found")
    return visit.to(f"/desk/seals/{seal}", done=f"seal_{step}")
