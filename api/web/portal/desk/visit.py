"""A member's visit to a page: who he is, the form he sent, the page or the way back he gets.

Who has no session is led to the login. What a service refuses of a form leads back to the page the form stood on, which
says so in the words of the table of refusals. Every form carries a token that only pages of this session know.
"""

import hmac
import re
import uuid
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.problems import KINDS, ProblemError
from api.services import Services, services_of
from api.signing.desk import SigningDesk
from api.web.portal.desk.words_en import WORDS as ENGLISH
from api.web.portal.desk.words_zh import WORDS as CHINESE
from api.web.portal.language import SHORT, asked_language, language_of
from api.web.portal.rendering import page
from api.web.portal.rows import short_moment
from api.web.signing.callers import MEMBER_PREFIX, cookie_name, member, seen_of
from api.web.signing.refusals import problem_of
from signing.errors import Refused
from signing.people.roles import TITLES, Role
from signing.principal import Permission, Principal

# PDF.js compiles its decoders of images to machine code in a worker; all else is this origin's files and answers.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
LOGIN, AGREEMENTS = "/desk/login", "/desk/agreements"
_OPEN_TO_NEWCOMERS = (AGREEMENTS, f"{AGREEMENTS}/accept", "/desk/logout")
_NO_SESSION = frozenset({"session-invalid", "key-missing", "caller-wrong", "account-needed"})
_SAME_SITE = ("same-origin", "none")
_FIELD = re.compile(r"/[A-Za-z0-9_/-]{0,80}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_MAX_FIELDS, _MAX_TEXT = 700, 100_000


def words(request: Request) -> Mapping[str, str]:
    """Give what the desk says in the language of the request."""
    return CHINESE if language_of(request) == "zh-CN" else ENGLISH


def address(request: Request, path: str, **query: str) -> str:
    """Give an address of ours, in the language that was asked for; empty values are left out."""
    asked = asked_language(request)
    given = {name: value for name, value in query.items() if value}
    if asked is not None:
        given["lang"] = SHORT[asked]
    return f"{path}?{urlencode(given)}" if given else path


def lead(request: Request, path: str, **query: str) -> Response:
    """Lead on to a page."""
    return RedirectResponse(address(request, path, **query), 303)


def show(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Render a page of the desk; values may be anything a template reads."""
    language, said = language_of(request), words(request)
    answer = page(
        request,
        f"desk/{template}",
        status=status,
        d=said,
        url=lambda path, **query: address(request, path, **query),
        at=lambda moment: "" if moment is None else short_moment(moment, language),
        notice=_notice(request, said),
        **values,
    )
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def told(request: Request, problem: ProblemError) -> str:
    """Say a refusal in the language of the request, with the field it is about."""
    title = problem.kind.title_zh if language_of(request) == "zh-CN" else problem.kind.title_en
    return f"{title} ({problem.field})" if problem.field else title


def as_problem(error: Refused | ProblemError) -> ProblemError:
    """Give a refusal as the API would answer it."""
    return error if isinstance(error, ProblemError) else problem_of(error)


def _notice(request: Request, said: Mapping[str, str]) -> tuple[str, str]:
    """Say what became of the form before: (kind, text); only words of our tables, whatever the address says."""
    refused, field = request.query_params.get("refused", ""), request.query_params.get("field", "")
    if refused in KINDS:
        return "refused", told(
            request, ProblemError(refused, field=field if _FIELD.fullmatch(field) else None)
        )
    done = said.get(f"done_{request.query_params.get('done', '')}", "")
    return ("done", done) if done else ("", "")


class DeskRoute(APIRoute):
    """A route of the desk: strangers are led to the login, refused forms back to where they came from."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give the handler with what every page does about refusals."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except (Refused, ProblemError) as error:
                problem = as_problem(error)
                if problem.code in _NO_SESSION:
                    return lead(request, LOGIN)
                if problem.code == "agreement-required":
                    return lead(request, AGREEMENTS)
                if request.method == "POST":
                    back = request.url.path.rpartition("/")[0]
                    return lead(request, back, refused=problem.code, field=problem.field or "")
                if "text/html" in request.headers.get("accept", ""):
                    return show(request, "refused", status=problem.kind.status, told=told(request, problem))
                raise problem from error

        return handle


@dataclass(frozen=True, slots=True)
class Visit:
    """A member on a page."""

    request: Request
    services: Services
    principal: Principal
    name: str
    csrf: str

    @property
    def desk(self) -> SigningDesk:
        """The services of the pipeline."""
        return self.services.signing

    @property
    def chinese(self) -> bool:
        """Whether the page is in Chinese."""
        return language_of(self.request) == "zh-CN"

    @property
    def account(self) -> str:
        """The member's own account."""
        return self.principal.require_account()

    def query(self, name: str) -> str:
        """Give a value of the address, "" if it is not there."""
        return self.request.query_params.get(name, "")

    def page(self, template: str, *, status: int = 200, here: str = "", **values: Any) -> Response:
        """Render a page with its menu; a menu shows what this member may do, and the services decide."""
        return show(
            self.request,
            template,
            status=status,
            here=here,
            csrf=self.csrf,
            person=self.name,
            me=self.principal.account,
            may=lambda name: self.principal.may(Permission(name)),
            role_title=lambda role: TITLES[Role(role)][0 if self.chinese else 1],
            new_id=lambda: str(uuid.uuid4()),
            **values,
        )

    def to(self, path: str, **query: str) -> Response:
        """Lead on to a page."""
        return lead(self.request, path, **query)


def visitor(request: Request, services: Annotated[Services, Depends(services_of)]) -> Visit:
    """Let a member in by the cookie of his session.

    Raises:
        ProblemError, Refused: key-missing, session-invalid, agreement-required; caught by `DeskRoute`.
    """
    token = request.cookies.get(cookie_name(services.settings, "session"), "")
    if not token.startswith(MEMBER_PREFIX):
        raise ProblemError("key-missing")
    newcomer = request.url.path in _OPEN_TO_NEWCOMERS
    principal = member(services, token, seen_of(request), agreed=not newcomer)
    account = services.signing.people.accounts.get(principal, principal.require_account())
    csrf = hmac.digest(token.encode(), b"a form of the desk", "sha256").hex()[:43]
    return Visit(request, services, principal, account.profile.name, csrf)


Visitor = Annotated[Visit, Depends(visitor)]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a form."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What a form sent: texts by name, in the order they came, and at most one file."""

    texts: Mapping[str, tuple[str, ...]]
    file: File | None = None

    def text(self, name: str) -> str:
        """Give a text without the white space around it; "" if it is not there."""
        return self.texts.get(name, ("",))[0].strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Give every text of a name that says something."""
        return tuple(text.strip() for text in self.texts.get(name, ()) if text.strip())

    def checked(self, name: str) -> bool:
        """Tell whether a box is ticked."""
        return name in self.texts

    def id(self, name: str = "id") -> str:
        """Give an id that the page drew for this form, so that sending it twice does it once.

        Raises:
            ProblemError: field-value.
        """
        value = self.text(name)
        if not _UUID.fullmatch(value):
            raise ProblemError("field-value", field=f"/{name}")
        return value


async def open_form(request: Request) -> Form:
    """Read a form of a page without session; one that another site sends is not read (Fetch Metadata).

    Raises:
        ProblemError: request-header-missing.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in _SAME_SITE:
        raise ProblemError("request-header-missing")
    texts: dict[str, tuple[str, ...]] = {}
    file = None
    async with request.form(max_files=1, max_fields=_MAX_FIELDS, max_part_size=_MAX_TEXT) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                if content or value.filename:
                    file = File(value.filename or "", value.content_type or "", content)
            else:
                texts[name] = (*texts.get(name, ()), value)
    return Form(texts, file)


async def sent_form(request: Request, visit: Visitor) -> Form:
    """Read a form of this session's pages.

    Raises:
        ProblemError: request-header-missing: it is not from a page of this session.
    """
    form = await open_form(request)
    if not hmac.compare_digest(form.text("csrf").encode(), visit.csrf.encode()):
        raise ProblemError("request-header-missing")
    return form


OpenForm = Annotated[Form, Depends(open_form)]
SentForm = Annotated[Form, Depends(sent_form)]
