"""Verifying what somebody holds in his hands, and showing what came of it for an hour."""

from collections.abc import Mapping
from dataclasses import dataclass

from anyio import to_thread
from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from zheng_verifier.canonical import JsonObject, format_json

from api.issuance.answers import sign_report
from api.problems import ProblemError
from api.services import Services
from api.web.deps import PUBLIC, App
from api.web.portal.language import SHORT, asked_language, in_language, language_of, other
from api.web.portal.records import object_of, text_of
from api.web.portal.rendering import message, page, problem_page, words
from api.web.portal.result_view import result_view
from api.web.portal.results import Results
from api.web.verification import Submission, policy_of

router = APIRouter(include_in_schema=False, dependencies=PUBLIC)
_MAX_FILES = 66
_FORMS = ("simple", "detailed", "diagnostic")
_DRAWING = "image/svg+xml"
_TYPES = {"json": "application/json", "html": "text/html", "txt": "text/plain", "jws": "application/jose"}


@dataclass(frozen=True, slots=True)
class Verified:
    """What is kept of a verification: its report, the forms to take home, drawings, and the command that repeats it."""

    report: JsonObject
    files: Mapping[str, bytes]
    drawings: Mapping[str, bytes]
    command: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a result."""

    href: str
    name: str
    label: str


def results_of(request: Request) -> Results[Verified]:
    """Give the results this process remembers."""
    results: Results[Verified] = request.app.state.results
    return results


@router.post("/verify")
async def verify(request: Request, services: App) -> Response:
    """Verify what was sent, in a process of its own, and lead to the result."""
    async with request.form(max_files=_MAX_FILES, max_fields=4, max_part_size=4096) as form:
        sent = await _submission(form, services)
    if isinstance(sent, str):
        return message(request, "error_title", sent, status=400 if sent == "no_file" else 503)
    submission, name = sent
    try:
        forms = await services.verifications.verify(submission)
    except ProblemError as problem:
        return problem_page(request, problem)
    files = await to_thread.run_sync(_files, services, forms)
    command = _command(name, len(submission.documents))
    verified = Verified(object_of(forms.get("detailed")), files, _drawings(forms), command)
    size = 2 * sum(len(data) for data in (*files.values(), *verified.drawings.values()))
    key = results_of(request).keep(verified, size)
    asked = asked_language(request)
    path = f"/results/{key}"
    return RedirectResponse(path if asked is None else in_language(path, asked), status_code=303)


@router.get("/results/{key}")
async def result(key: str, request: Request) -> Response:
    """Show a result."""
    verified = results_of(request).find(key)
    if verified is None:
        return message(request, "result_gone", "result_gone_text", status=404)
    language = language_of(request)
    view = await to_thread.run_sync(result_view, verified.report, language)
    said = words(language)
    downloads = [
        Download(f"/results/{key}/{name}", name, said[f"download_{name.replace('.', '_').replace('-', '_')}"])
        for name in verified.files
        if not name.endswith(f"{other(language)}.html") and not name.endswith(f"{other(language)}.txt")
    ]
    drawn = [name for name in verified.drawings if name.endswith(f".{language}.svg")]
    return page(
        request,
        "result",
        result=view,
        downloads=downloads,
        time_line=[f"/results/{key}/{name}" for name in drawn if name.startswith("time-line")],
        proof_path=[f"/results/{key}/{name}" for name in drawn if name.startswith("proof-path")],
        command=verified.command,
    )


@router.get("/results/{key}/{name}")
async def result_file(key: str, name: str, request: Request) -> Response:
    """Give one form of a result, to be kept."""
    verified = results_of(request).find(key)
    if verified is not None and name in verified.drawings:
        return Response(verified.drawings[name], media_type=_DRAWING)
    if verified is None or name not in verified.files:
        return message(request, "result_gone", "result_gone_text", status=404)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    media_type = f"{_TYPES[name.rpartition('.')[2]]}; charset=utf-8"
    return Response(verified.files[name], media_type=media_type, headers=headers)


async def _submission(form: FormData, services: Services) -> tuple[Submission, str] | str:
    """Give what was sent and its name, or the word that says what is missing."""
    evidence = [each for each in form.getlist("evidence") if isinstance(each, UploadFile) and each.filename]
    if not evidence:
        return "no_file"
    policies = [each for each in form.getlist("policy") if isinstance(each, UploadFile) and each.filename]
    documents = [each for each in form.getlist("document") if isinstance(each, UploadFile) and each.filename]
    sent = await policies[0].read() if policies else None
    policy = await to_thread.run_sync(policy_of, sent, services.settings.paths.policy)
    if policy is None:
        return "no_policy"
    files = tuple([await each.read() for each in documents])
    data = await evidence[0].read()
    return Submission(data, files, *policy, report="all"), evidence[0].filename or ""


def _files(services: Services, forms: JsonObject) -> Mapping[str, bytes]:
    """Give what the result may be taken home as; the detailed report once more, signed."""
    files = {f"report-{form}.json": format_json(forms[form]) for form in _FORMS if form in forms}
    for kind, ending in (("html", "html"), ("text", "txt")):
        texts = object_of(forms.get(kind))
        files |= {
            f"report.{language}.{ending}": text_of(texts, key).encode() for language, key in SHORT.items()
        }
    signed = sign_report(services, object_of(forms.get("detailed")))
    return files | {"report.jws": text_of(signed, "jws").encode()}


def _drawings(forms: JsonObject) -> Mapping[str, bytes]:
    """Give the drawings as files of their own: in an <img> nothing runs, whatever a stranger's words made of them."""
    found: dict[str, bytes] = {}
    for language, key in SHORT.items():
        drawn = object_of(object_of(forms.get("drawings")).get(key))
        pieces = drawn.get("time_line")
        for number, piece in enumerate(pieces if isinstance(pieces, list) else [], start=1):
            found[f"time-line-{number}.{language}.svg"] = str(piece).encode()
        if drawn.get("proof_path"):
            found[f"proof-path.{language}.svg"] = text_of(drawn, "proof_path").encode()
    return found


def _command(name: str, documents: int) -> str:
    """Say how to repeat it. The file's own name is a stranger's text: only plain ones are repeated."""
    plain = (
        name if name.isascii() and name.replace(".", "").replace("-", "").replace("_", "").isalnum() else ""
    )
    more = " --document ORIGINAL" * min(documents, 3) + (" …" if documents > 3 else "")
    return f"zheng-verify {plain or 'EVIDENCE'}{more} --policy policy.json"
