"""Verifying what somebody holds in his hands, and showing what came of it for an hour."""

from collections.abc import Mapping
from dataclasses import dataclass

from anyio import to_thread
from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from zheng_verifier.canonical import JsonObject, format_json

from api.issuance.policy_export import read_policy
from api.problems import ProblemError
from api.services import Services
from api.web.deps import PUBLIC, App
from api.web.portal.language import asked_language, in_language, language_of
from api.web.portal.rendering import message, page, problem_page, words
from api.web.portal.result_view import result_view
from api.web.portal.results import Results
from api.web.verification import Submission

router = APIRouter(include_in_schema=False, dependencies=PUBLIC)
_MAX_FILES = 66
_REPORT = "report.json"


@dataclass(frozen=True, slots=True)
class Verified:
    """What is kept of a verification: its report, the forms to take home, and the command that repeats it."""

    report: JsonObject
    files: Mapping[str, bytes]
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
        submission, name = await _submission(form, services)
    if submission is None:
        return message(request, "error_title", "no_file", status=400)
    try:
        report = await services.verifications.verify(submission)
    except ProblemError as problem:
        return problem_page(request, problem)
    written = format_json(report)
    verified = Verified(report, {_REPORT: written}, _command(name, len(submission.documents)))
    key = results_of(request).keep(verified, 2 * len(written))
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
        Download(f"/results/{key}/{name}", name, said[f"download_{name.partition('.')[0]}"])
        for name in verified.files
    ]
    return page(request, "result", result=view, downloads=downloads, command=verified.command)


@router.get("/results/{key}/{name}")
async def result_file(key: str, name: str, request: Request) -> Response:
    """Give one form of a result, to be kept."""
    verified = results_of(request).find(key)
    if verified is None or name not in verified.files:
        return message(request, "result_gone", "result_gone_text", status=404)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(verified.files[name], media_type="application/json", headers=headers)


async def _submission(form: FormData, services: Services) -> tuple[Submission | None, str]:
    evidence = [each for each in form.getlist("evidence") if isinstance(each, UploadFile) and each.filename]
    if not evidence:
        return None, ""
    policies = [each for each in form.getlist("policy") if isinstance(each, UploadFile) and each.filename]
    documents = [each for each in form.getlist("document") if isinstance(each, UploadFile) and each.filename]
    policy, source = (await policies[0].read(), "user") if policies else (None, "package")
    if policy is None:
        policy = await to_thread.run_sync(read_policy, services.settings.paths.policy)
    if policy is None:
        return None, ""
    files = tuple([await each.read() for each in documents])
    return Submission(await evidence[0].read(), files, policy, source), evidence[0].filename or ""


def _command(name: str, documents: int) -> str:
    """Say how to repeat it. The file's own name is a stranger's text: only plain ones are repeated."""
    plain = (
        name if name.isascii() and name.replace(".", "").replace("-", "").replace("_", "").isalnum() else ""
    )
    more = " --document ORIGINAL" * min(documents, 3) + (" …" if documents > 3 else "")
    return f"zheng-verify {plain or 'EVIDENCE'}{more} --policy policy.json"
