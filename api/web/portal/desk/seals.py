"""Seals of the organisation: put in force by two people, granted, and the log of their use."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.problems import ProblemError
from api.web.portal.desk.days import BEIJING, beginning, day_of, end_of_day
from api.web.portal.desk.seal_making import PICTURE_HEADERS, named_people
from api.web.portal.desk.visit import DeskRoute, SentForm, Visit, Visitor
from api.web.schemas import UUID_PATTERN
from signing.errors import Refused
from signing.seals.grants import KINDS, REVOKE_REASONS, SCOPES, NewGrant
from signing.seals.life import DESTROY_REASONS, DISABLE_REASONS
from signing.seals.shelf import Seal
from signing.seals.states import TABLE, SealState

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
SealId = Annotated[str, Path(pattern=UUID_PATTERN)]
_SHOWN = 200


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
    members = named_people(visit) if keeps else []
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
    return Response(content, headers=PICTURE_HEADERS, media_type=media_type)


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
        valid_from=beginning(begins),
        valid_to=ends,
        kinds=form.all("kinds") if scope == "document_kinds" else (),
        contract=form.text("contract") or None if scope == "single_contract" else None,
        max_uses=int(most) if most else None,
    )
    visit.desk.seals.grants.grant(visit.principal, seal, new)
    return visit.to(f"/desk/seals/{seal}", done="grant")


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
