"""Coming in: login, the one-time link by which password and second factor are set, agreements, logging out."""

import re
from io import BytesIO
from typing import Annotated

import segno
from fastapi import APIRouter, Depends
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.problems import ProblemError
from api.services import Services, services_of
from api.web.deps import PUBLIC
from api.web.portal.desk.visit import (
    LOGIN,
    DeskRoute,
    Form,
    OpenForm,
    SentForm,
    Visitor,
    as_problem,
    lead,
    show,
    told,
)
from api.web.portal.language import language_of
from api.web.signing.callers import drop_cookie, seen_of, set_cookie
from signing.database import read
from signing.errors import Refused
from signing.people.agreements import Text, Yes, current
from signing.people.logins import Attempt
from signing.people.sessions import OpenedSession
from signing.people.setup import Answer
from signing.people.throttle import PausedError

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
App = Annotated[Services, Depends(services_of)]
_ORGANISATION_COOKIE, _A_YEAR = "zheng-organisation", 366 * 86_400
_ORGANISATION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@router.get("/desk/login", dependencies=PUBLIC)
def login_page(request: Request) -> Response:
    """Show the login; the organisation is remembered by the browser, or named by the address."""
    given = request.query_params.get("organisation", "") or request.cookies.get(_ORGANISATION_COOKIE, "")
    known = given if _ORGANISATION.fullmatch(given) else ""
    return show(request, "login", organisation=known, login="", problem="")


@router.post("/desk/login", dependencies=PUBLIC)
def log_in(request: Request, services: App, form: OpenForm) -> Response:
    """Open a session. What was wrong is not told, but for how long there is to wait."""
    code = form.text("code").replace(" ", "")
    recovery = "" if re.fullmatch(r"[0-9]{6}", code) else code
    attempt = Attempt(
        form.text("organisation"),
        form.text("login"),
        form.texts.get("password", ("",))[0],
        "" if recovery else code,
        recovery,
    )
    try:
        opened = services.signing.people.logins.login(attempt, seen_of(request))
    except Refused as refused:
        problem, seconds = as_problem(refused), refused.seconds if isinstance(refused, PausedError) else 0
        return show(
            request,
            "login",
            status=problem.kind.status,
            organisation=attempt.tenant if _ORGANISATION.fullmatch(attempt.tenant) else "",
            login=attempt.login,
            problem=told(request, problem),
            seconds=seconds,
        )
    return _entered(lead(request, "/desk"), services, attempt.tenant, opened)


@router.post("/desk/logout")
def log_out(visit: Visitor, _form: SentForm) -> Response:
    """End this session."""
    visit.desk.people.sessions.end(visit.principal, visit.principal.session or "")
    answer = visit.to(LOGIN)
    drop_cookie(answer, visit.services.settings, "session")
    return answer


@router.get("/setup", dependencies=PUBLIC)
def setup_link(request: Request) -> Response:
    """Lead to the page of a one-time link; browsers carry what is behind `#` along, and servers never see it."""
    return lead(request, "/desk/setup")


@router.get("/desk/setup", dependencies=PUBLIC)
def setup_page(request: Request) -> Response:
    """Show where a one-time link lands."""
    return show(request, "setup_link", problem="")


@router.post("/desk/setup", dependencies=PUBLIC)
def begin_setup(request: Request, services: App, form: OpenForm) -> Response:
    """Draw a second factor for whoever has the link, and show it as a QR code and as text."""
    token = form.text("token").rpartition("#")[2][:100]
    try:
        shown = services.signing.people.setups.begin(token)
    except Refused as refused:
        problem = as_problem(refused)
        return show(request, "setup_link", status=problem.kind.status, problem=told(request, problem))
    given = {
        "token": token,
        "organisation": shown.tenant,
        "name": shown.name,
        "known_login": shown.login,
        "secret": shown.secret,
        "uri": shown.uri,
    }
    return _setup(request, given, list(shown.agreements))


@router.post("/desk/setup/answer", dependencies=PUBLIC)
def finish_setup(request: Request, services: App, form: OpenForm) -> Response:
    """Set password and second factor, accept the agreements, and begin a session."""
    answer = Answer(
        token=form.text("token"),
        login=form.text("login"),
        password=form.texts.get("password", ("",))[0],
        code=form.text("code").replace(" ", ""),
        agreements=_accepted(request, form),
    )
    given = {
        name: form.text(name)
        for name in ("token", "organisation", "name", "known_login", "secret", "uri", "login")
    }
    try:
        _check_again(form)
        done = services.signing.people.setups.finish(answer, seen_of(request))
    except (Refused, ProblemError) as error:
        problem = as_problem(error)
        if problem.code == "setup-invalid":
            return show(request, "setup_link", status=problem.kind.status, problem=told(request, problem))
        return _setup(request, given, form.all("asked"), problem)
    shown = show(request, "setup_done", codes=done.recovery_codes)
    return _entered(shown, services, given["organisation"], done.session)


def _check_again(form: Form) -> None:
    if form.texts.get("password") != form.texts.get("again"):
        raise ProblemError("field-value", field="/again")


def _setup(
    request: Request,
    given: dict[str, str],
    asked: "list[str] | tuple[str, ...]",
    problem: ProblemError | None = None,
) -> Response:
    return show(
        request,
        "setup",
        status=200 if problem is None else problem.kind.status,
        given={"login": ""} | given,
        agreements=[current(name, language_of(request)) for name in asked],
        qr=_qr(given["uri"]),
        problem="" if problem is None else told(request, problem),
    )


def _qr(uri: str) -> Markup:
    """Draw a second factor's URI as a QR code (ISO/IEC 18004)."""
    drawn = BytesIO()
    segno.make_qr(uri[:600], error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=4, scale=4, svgclass=None, lineclass=None
    )
    return Markup(drawn.getvalue().decode("ascii"))  # noqa: S704  # drawn of modules, no text in it


def _accepted(request: Request, form: Form) -> list[Yes]:
    """Give the agreements that were ticked, as they were shown."""
    said = []
    for text in (current(name, language_of(request)) for name in form.all("agreed")):
        shown = form.text(f"sha256_{text.name}")
        said.append(Yes(text.name, text.version, text.locale, shown, "checkbox"))
    return said


@router.get("/desk/agreements")
def agreements_page(visit: Visitor) -> Response:
    """Show the agreements that this member has still to accept."""
    return visit.page("agreements", agreements=missing_texts(visit))


@router.post("/desk/agreements/accept")
def accept(visit: Visitor, form: SentForm) -> Response:
    """Record what he accepted."""
    visit.desk.people.agreements.accept(visit.principal, visit.account, _accepted(visit.request, form))
    return visit.to("/desk/agreements" if missing_texts(visit) else "/desk")


def missing_texts(visit: Visitor) -> list[Text]:
    """Give the agreements that this member has still to accept, in the language of the page."""
    with read(visit.desk.context.engine) as session:
        names = visit.desk.people.agreements.missing(session, visit.account)
    return [current(name, language_of(visit.request)) for name in names]


def _entered(answer: Response, services: Services, organisation: str, opened: OpenedSession) -> Response:
    seconds = int((opened.expires_at - services.clock()).total_seconds())
    set_cookie(answer, services.settings, "session", opened.token, seconds=seconds)
    if _ORGANISATION.fullmatch(organisation):
        answer.set_cookie(
            _ORGANISATION_COOKIE,
            organisation,
            max_age=_A_YEAR,
            path="/desk",
            secure=services.settings.public_url.startswith("https:"),
            httponly=True,
            samesite="lax",
        )
    return answer
