"""Submissions to institutions: have evidence given to one, ask how that stands, fetch its answer as it came."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.encoding import format_hex, format_time

from api.institutions.model import TROUBLES, Submitted
from api.institutions.ordering import Wish, order_submission
from api.institutions.ports import Content
from api.institutions.simulator import NOTICE
from api.problems import ProblemError
from api.services import Services
from api.web.auth import IssueEvidence, ReadEvidence
from api.web.bodies import read_body
from api.web.deps import App, CaseId, refuses, takes
from api.web.responses import json_response
from api.web.schemas import UUID_PATTERN
from api.web.submission_schemas import (
    InstitutionsAnswer,
    SubmissionAnswer,
    SubmissionRequest,
    SubmissionsAnswer,
)

router = APIRouter(tags=["evidence"])
SubmissionId = Annotated[
    str, Path(pattern=UUID_PATTERN, description="the submission's id, as its `Location` names it")
]
_ACCEPTED = refuses(401, 403, 404, 409, 410, body=True) | {
    202: {"model": SubmissionAnswer},
    200: {"model": SubmissionAnswer},
}
_BYTES = "application/octet-stream"


@router.get(
    "/v1/institutions",
    summary="Which institutions evidence can be given to",
    responses=refuses(401, 403) | {200: {"model": InstitutionsAnswer}},
)
async def list_institutions(services: App, caller: ReadEvidence) -> Response:
    """Give the connected institutions; a simulator says that it is one."""
    del caller
    data: list[JsonValue] = [
        {
            "name": each.name,
            "kind": each.kind.value,
            "simulated": each.simulated,
            "max_body": each.max_body,
        }
        for each in services.institutions.values()
    ]
    return json_response({"data": data})


@router.post(
    "/v1/cases/{case}/submissions",
    status_code=202,
    summary="Have evidence given to an institution",
    responses=_ACCEPTED,
    openapi_extra=takes(SubmissionRequest),
)
async def order(case: CaseId, request: Request, services: App, caller: IssueEvidence) -> Response:
    """Accept the submission, or give the one that the same id asked for. It is given once."""
    body = await read_body(request, SubmissionRequest)
    wish = Wish(body.to, Content(body.content), body.package)
    submitted, fresh = await to_thread.run_sync(
        lambda: order_submission(services, tenant=caller.tenant, case=case, request_id=body.id, wish=wish)
    )
    headers = {"Location": f"/v1/submissions/{submitted.id}"}
    if not fresh:
        headers["Idempotent-Replayed"] = "true"
    return json_response(write_submission(submitted), status=202 if fresh else 200, headers=headers)


@router.get(
    "/v1/cases/{case}/submissions",
    summary="What was given to institutions",
    responses=refuses(401, 403, 404) | {200: {"model": SubmissionsAnswer}},
)
async def list_submissions(case: CaseId, services: App, caller: ReadEvidence) -> Response:
    """Give all submissions of a case, oldest first."""
    await to_thread.run_sync(services.ledger.case, caller.tenant, case)
    found = await to_thread.run_sync(services.submissions.of_case, caller.tenant, case)
    data: list[JsonValue] = [write_submission(each) for each in found]
    return json_response({"data": data})


@router.get(
    "/v1/submissions/{submission}",
    summary="How a submission stands",
    responses=refuses(401, 403, 404) | {200: {"model": SubmissionAnswer}},
)
async def get_submission(submission: SubmissionId, services: App, caller: ReadEvidence) -> Response:
    """Give its state, what the institution stated, and what stands in the way."""
    found = await to_thread.run_sync(_find, services, caller.tenant, submission)
    return json_response(write_submission(found))


@router.get(
    "/v1/submissions/{submission}/answer",
    summary="The institution's answer, byte for byte",
    responses=refuses(401, 403, 404, 409, 410)
    | {
        200: {
            "content": {_BYTES: {"schema": {"type": "string", "format": "binary"}}},
            "description": "the bytes as they came, with the certificate that may be in them",
        }
    },
)
async def get_answer(submission: SubmissionId, services: App, caller: ReadEvidence) -> Response:
    """Give the answer's bytes, whatever they are."""
    found = await to_thread.run_sync(_find, services, caller.tenant, submission)
    content = await to_thread.run_sync(_answer, services, found)
    name = f'attachment; filename="{found.id}.answer"'
    return Response(content, media_type=_BYTES, headers={"Content-Disposition": name})


def write_submission(submitted: Submitted) -> JsonObject:
    """Write a submission for its tenant."""
    wanted, acknowledged = submitted.wanted, submitted.acknowledged
    body: JsonObject = {
        "id": submitted.id,
        "case": submitted.case,
        "to": wanted.institution,
        "institution_kind": wanted.kind.value,
        "simulated": wanted.simulated,
        "content": wanted.content.value,
        "sha256": format_hex(wanted.sha256),
        "sm3": format_hex(wanted.sm3),
        "size": wanted.size,
        "state": submitted.state.value,
        "recorded": submitted.recorded,
        "created_at": format_time(submitted.created_at),
        "updated_at": format_time(submitted.updated_at),
    }
    if wanted.simulated:
        body["notice"] = NOTICE
    if wanted.package is not None:
        body["package"] = wanted.package
    if acknowledged is not None and submitted.answer_sha256 is not None:
        stated: JsonObject = {
            "answer_sha256": format_hex(submitted.answer_sha256),
            "url": f"/v1/submissions/{submitted.id}/answer",
        }
        if acknowledged.accepted_at is not None:
            stated |= {"receipt": acknowledged.receipt, "accepted_at": format_time(acknowledged.accepted_at)}
        if acknowledged.transaction:
            stated["transaction"] = acknowledged.transaction
        body["acknowledgement"] = stated
    if submitted.trouble is not None:
        advice = TROUBLES.get(submitted.trouble, TROUBLES["internal"])
        body["trouble"] = {"code": submitted.trouble, "en": advice.en, "zh": advice.zh}
    return body


def _find(services: Services, tenant: str, submission: str) -> Submitted:
    """Give a tenant's submission; that of another tenant is as unknown as one that never was.

    Raises:
        ProblemError: submission-unknown.
    """
    found = services.submissions.find(submission)
    if found is None or found.tenant != tenant:
        raise ProblemError("submission-unknown")
    return found


def _answer(services: Services, submitted: Submitted) -> bytes:
    """Give the bytes from where they lie.

    Raises:
        ProblemError: job-unfinished: no answer came yet; file-gone: it was erased with the case.
    """
    if submitted.acknowledged is None or submitted.answer_sha256 is None:
        raise ProblemError("job-unfinished", "The institution has not answered.")
    kept = submitted.acknowledged.raw or services.ledger.vault.document(
        submitted.case, submitted.answer_sha256
    )
    if kept is None:
        raise ProblemError("file-gone", "Its digest stays in the log.")
    return kept
