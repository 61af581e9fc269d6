"""Settings: the organisation's profile, who acts for it, and one's own sessions."""

from fastapi import APIRouter
from starlette.responses import Response

from api.web.portal.desk.visit import DeskRoute, SentForm, Visitor
from signing.errors import Refused
from signing.people.profile import Profile
from signing.principal import Permission

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
_FIELDS = ("name", "uscc", "legal_representative", "phone", "email", "address")
_MANY = 500


@router.get("/desk/settings")
def settings(visit: Visitor) -> Response:
    """Show the organisation and one's own sessions."""
    people, by = visit.desk.people, visit.principal
    try:
        found = people.organisations.account(by)
    except Refused as refused:
        if refused.code != "organisation-unknown":
            raise
        found = None
    reads = by.may(Permission.READ_PEOPLE)
    members = people.accounts.listed(by, internal=True, limit=_MANY) if reads else ()
    return visit.page(
        "settings",
        here="settings",
        organisation=found,
        profile=found.profile if found is not None else Profile(""),
        fields=_FIELDS,
        members=[each for each in members if each.kind == "person" and each.enabled],
        sessions=people.sessions.listed(by),
        tenant=by.tenant,
    )


@router.post("/desk/settings/organisation")
def describe(visit: Visitor, form: SentForm) -> Response:
    """Set the organisation's profile. A verification of another name or number no longer counts."""
    profile = Profile(**{name: form.text(name) for name in _FIELDS})
    visit.desk.people.organisations.describe(visit.principal, profile, request=form.id())
    return visit.to("/desk/settings", done="saved")


@router.post("/desk/settings/agent")
def name_agent(visit: Visitor, form: SentForm) -> Response:
    """Name the member who acts for the organisation."""
    visit.desk.people.organisations.set_agent(visit.principal, form.id("account"))
    return visit.to("/desk/settings", done="saved")


@router.post("/desk/settings/session")
def end_session(visit: Visitor, form: SentForm) -> Response:
    """End one of one's own sessions, on whatever machine it goes on."""
    visit.desk.people.sessions.end(visit.principal, form.id("session"))
    return visit.to("/desk/settings", done="saved")
