"""Templates and words in, pages out: every value is escaped, and a name that a template lacks is an error."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from zheng_verifier.report.marks import MARKS
from zheng_verifier.report.texts import Language

from api.problems import ProblemError
from api.services import Services, services_of
from api.web.portal.language import asked_language, in_language, language_of, other
from api.web.portal.words_en import WORDS as ENGLISH
from api.web.portal.words_zh import WORDS as CHINESE

FOLDER = Path(__file__).resolve().parents[3] / "portal"
# Pages post forms to themselves and run one script of their own; nothing else, and never inline.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def words(language: Language) -> Mapping[str, str]:
    """Give what the pages say in a language."""
    return CHINESE if language == "zh-CN" else ENGLISH


class Row(Protocol):
    """A labelled value of a list; ``mono`` asks for a face of fixed width."""

    label: str
    value: str
    mono: bool


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["MARKS"] = MARKS
    return made


def page(request: Request, template: str, *, status: int = 200, here: str = "", **values: Any) -> Response:
    """Render a page in the language of the request. Values may be anything a template reads."""
    said = words(language_of(request))
    return render(request, template, status=status, words=said, here=here, **values)


def render(
    request: Request, template: str, *, status: int, words: Mapping[str, str], **values: Any
) -> Response:
    """Render a page that says these words; those of the frame are among them."""
    language = language_of(request)
    frame = _frame(request, language, services_of(request), words)
    text = _environment().get_template(f"{template}.html").render(**frame, **values)
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    return HTMLResponse(text, status, headers)


def message(request: Request, heading: str, text: str, *, status: int, detail: str = "") -> Response:
    """Render a page that says one thing; ``heading`` and ``text`` name words."""
    said = words(language_of(request))
    return page(request, "message", status=status, heading=said[heading], text=said[text], detail=detail)


def problem_page(request: Request, problem: ProblemError) -> Response:
    """Render a refusal for people; what it says is in the table of refusals, in both languages."""
    kind = problem.kind
    said = words(language_of(request))
    title = kind.title_zh if language_of(request) == "zh-CN" else kind.title_en
    large = problem.code == "body-too-large"
    answer = page(
        request,
        "message",
        status=kind.status,
        heading=said["error_title"],
        text=said["body_too_large"] if large else title,
        detail="" if large else said["what_to_do"],
    )
    answer.headers.update(problem.headers)
    answer.headers["Vary"] = "Accept, Accept-Language"
    return answer


def wants_page(request: Request) -> bool:
    """Tell whether a person's browser asked, and not a client of the API."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")


def _frame(
    request: Request, language: Language, services: Services, said: Mapping[str, str]
) -> dict[str, Any]:
    """Give what every page shows around its content."""
    asked = asked_language(request)
    issuer = services.settings.issuer
    # A page that answers a form has no address of its own: its other language begins at the first page.
    path = request.url.path if request.method in ("GET", "HEAD") else "/"
    return {
        "language": language,
        "w": said,
        "operator": issuer.name or services.settings.server.title,
        "filings": [(said["cac_filing"], issuer.filing_number)],
        "other_language": in_language(path, other(language)),
        "other_tag": other(language),
        "link": lambda target: target if asked is None else in_language(target, asked),
    }


@cache
def asset(name: str) -> tuple[bytes, str]:
    """Give a file of the portal's static folder and its digest in hexadecimal.

    Raises:
        FileNotFoundError: there is none of that name.

    """
    data = (FOLDER / "static" / name).read_bytes()
    return data, sha256(data).hexdigest()
