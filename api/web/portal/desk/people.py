"""People: members with their roles, contacts outside, business types; the one-time link by which somebody sets his login."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.problems import ProblemError
from api.web.portal.desk.visit import DeskRoute, Form, SentForm, Visit, Visitor
from api.web.schemas import UUID_PATTERN
from signing.assurance import DEMANDABLE, NOTHING
from signing.people.accounts import Account, NewAccount
from signing.people.business_types import SCENES
from signing.people.profile import ID_TYPES, Profile
from signing.people.roles import INTERNAL, Role
from signing.principal import Permission

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
AccountId = Annotated[str, Path(pattern=UUID_PATTERN)]
_PAGE, _MANY = 50, 500
_PERSON = ("name", "phone", "email", "id_type", "id_number", "department")
_COMPANY = ("name", "phone", "email", "uscc", "legal_representative", "address")


@router.get("/desk/people")
def people(visit: Visitor) -> Response:
    """Show members, contacts or business types, as the address says."""
    of = visit.query("of") if visit.query("of") in ("members", "contacts", "types") else "members"
    after = (
        int(visit.query("after")) if visit.query("after").isascii() and visit.query("after").isdigit() else 0
    )
    accounts = visit.desk.people.accounts
    found: list[Account] = []
    if of != "types":
        found = list(accounts.listed(visit.principal, internal=of == "members", after=after, limit=_PAGE + 1))
    members = list(accounts.listed(visit.principal, internal=True, limit=_MANY))
    return visit.page(
        "people",
        here="people",
        of=of,
        accounts=found[:_PAGE],
        following=str(found[_PAGE - 1].position) if len(found) > _PAGE else "",
        members=[each for each in members if each.kind == "person" and each.profile.name],
        levels=DEMANDABLE,
        types=visit.desk.people.business_types.listed(visit.principal),
        names={each.id: each.profile.name for each in members},
        roles=[role.value for role in Role if role in INTERNAL],
        scenes=SCENES,
        id_types=ID_TYPES,
    )


def _profile(form: Form, names: tuple[str, ...], **more: str) -> Profile:
    return Profile(**{name: form.text(name) for name in names}, **more)


@router.post("/desk/people/member")
def create_member(visit: Visitor, form: SentForm) -> Response:
    """Create a member."""
    new = NewAccount(
        request=form.id(),
        kind="person",
        internal=True,
        profile=_profile(form, ("name", "phone", "email", "department"), login=form.text("login")),
        roles=_roles(form),
    )
    made, _ = visit.desk.people.accounts.create(visit.principal, new)
    return visit.to(f"/desk/people/{made.id}", done="created")


def _roles(form: Form) -> frozenset[Role]:
    try:
        return frozenset(Role(name) for name in form.all("roles"))
    except ValueError:
        raise ProblemError("field-value", field="/roles") from None


@router.post("/desk/people/contact")
def create_contact(visit: Visitor, form: SentForm) -> Response:
    """Create a person or a company outside the organisation."""
    company = form.text("kind") == "organization"
    new = NewAccount(
        request=form.id(),
        kind="organization" if company else "person",
        internal=False,
        profile=_profile(form, _COMPANY if company else _PERSON[:5]),
        agent=form.text("agent") or None if company else None,
    )
    made, _ = visit.desk.people.accounts.create(visit.principal, new)
    return visit.to(f"/desk/people/{made.id}", done="created")


@router.post("/desk/people/type")
def create_type(visit: Visitor, form: SentForm) -> Response:
    """Create a business type."""
    visit.desk.people.business_types.create(
        visit.principal,
        request=form.id(),
        code=form.text("code"),
        name=form.text("name"),
        scene=form.text("scene"),
        identity_level=form.text("level") or NOTHING,
    )
    return visit.to("/desk/people", of="types", done="created")


@router.post("/desk/people/grants")
def change_type(visit: Visitor, form: SentForm) -> Response:
    """Grant a business type to a member, take it back, let it be used or not, or set what it demands."""
    types, chosen, by = visit.desk.people.business_types, form.id("type"), visit.principal
    match form.text("act"):
        case "enable" | "disable":
            types.set_enabled(by, chosen, enabled=form.text("act") == "enable")
        case "grant" | "withdraw":
            types.grant(by, chosen, form.id("account"), granted=form.text("act") == "grant")
        case "demand":
            types.demand(by, chosen, form.text("level"))
        case _:
            raise ProblemError("field-value", field="/act")
    return visit.to("/desk/people", of="types", done="saved")


@router.get("/desk/people/{account}")
def account_page(account: AccountId, visit: Visitor) -> Response:
    """Show an account."""
    return _shown(visit, visit.desk.people.accounts.get(visit.principal, account))


def _shown(visit: Visit, found: Account, *, link: str = "", ends: object = None) -> Response:
    manages = Permission.MANAGE_MEMBERS if found.internal else Permission.MANAGE_CONTACTS
    agent = visit.desk.people.accounts.get(visit.principal, found.agent) if found.agent else None
    return visit.page(
        "account",
        here="people",
        account=found,
        agent="" if agent is None else agent.profile.name,
        fields=_COMPANY if found.kind == "organization" else _PERSON,
        manages=visit.principal.may(manages),
        grants=found.internal and found.kind == "person" and visit.principal.may(Permission.GRANT_ROLES),
        roles=[role.value for role in Role if role in INTERNAL],
        id_types=ID_TYPES,
        invitation=link,
        ends=ends,
    )


@router.post("/desk/people/{account}/{act}")
def change(account: AccountId, act: str, visit: Visitor, form: SentForm) -> Response:
    """Change an account, its roles, whether it is let in; end its sessions; or make a one-time link, shown this once."""
    people, by = visit.desk.people, visit.principal
    match act:
        case "profile":
            names = _COMPANY if people.accounts.get(by, account).kind == "organization" else _PERSON
            people.accounts.update(by, account, **{name: form.text(name) for name in names})
        case "roles":
            people.administration.set_roles(by, account, _roles(form) | {Role.MEMBER})
        case "state":
            people.administration.set_enabled(by, account, enabled=form.text("enabled") == "yes")
        case "sessions":
            people.sessions.end_all(by, account)
        case "link":
            made = people.setups.invite(by, account)
            url = f"{visit.services.settings.public_url}/setup#{made.token}"
            return _shown(visit, people.accounts.get(by, account), link=url, ends=made.expires_at)
        case _:
            raise ProblemError("not-found")
    return visit.to(f"/desk/people/{account}", done="saved")
