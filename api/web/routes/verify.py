"""Verification for everybody: a file with its documents, a digest, a number. No account, and no lasting trace.

Whatever comes is answered by a signed report or answer: what is not found, and what can not be read, too.
"""

from anyio import to_thread
from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, JsonValue

from api.issuance.answers import answer_digest, answer_number, sign_report
from api.problems import ProblemError
from api.services import Services
from api.web.bodies import read_json, validate
from api.web.deps import PUBLIC, App, refuses
from api.web.responses import json_response
from api.web.schemas import (
    CertificateAnswer,
    DigestAnswer,
    DigestRequest,
    NamedDigestRequest,
    NumberRequest,
    ReportDocument,
)
from api.web.verification import Submission, policy_of

router = APIRouter(prefix="/v1/verify", tags=["verification"], dependencies=PUBLIC)
_MAX_FILES = 66
_FILE = {"type": "string", "format": "binary"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": _FILE | {"description": "a package, a bundle, or a certificate as PDF"},
                        "bundle": _FILE | {"description": "the same, under its old name"},
                        "document": {"type": "array", "items": _FILE, "description": "originals"},
                        "policy": _FILE
                        | {"description": "your trust policy; else the service's own is used"},
                    },
                }
            },
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"$ref": f"#/components/schemas/{model.__name__}"}
                        for model in (DigestRequest, NamedDigestRequest, NumberRequest)
                    ]
                }
            },
        },
    }
}


@router.post(
    "",
    summary="Verify evidence, or look for a digest or a number",
    responses=refuses(429, body=True)
    | {
        200: {
            "content": {
                "application/json": {
                    "schema": {
                        "anyOf": [
                            {"$ref": f"#/components/schemas/{model.__name__}"}
                            for model in (ReportDocument, DigestAnswer, CertificateAnswer)
                        ]
                    }
                }
            },
            "description": "a signed report, or a signed answer",
        }
    },
    openapi_extra=_BODY,
)
async def verify(request: Request, services: App) -> Response:
    """Run the verifier on what was sent, in a process of its own; or look for a digest or a certificate's number.

    Without a policy of one's own the service's is used, and the report says that it came from the service: the
    overall word is then INCOMPLETE at most.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    match kind:
        case "application/json":
            return json_response(await to_thread.run_sync(_answer, services, await read_json(request)))
        case "multipart/form-data":
            async with request.form(max_files=_MAX_FILES, max_fields=4, max_part_size=4096) as form:
                submission = await _submission(form, services)
            report = await services.verifications.verify(submission)
            return json_response(await to_thread.run_sync(sign_report, services, report))
        case _:
            raise ProblemError(
                "media-type-unsupported",
                f"Content-Type is '{kind[:80]}'.",
                expected="multipart/form-data or application/json",
            )


async def _submission(form: FormData, services: Services) -> Submission:
    unknown = sorted(set(form) - {"file", "bundle", "document", "policy"})
    if unknown:
        raise ProblemError("field-unknown", field=f"/{unknown[0][:80]}", expected="file, document or policy")
    bundles = [await _bytes(each, name) for name in ("file", "bundle") for each in form.getlist(name)]
    policies = [await _bytes(each, "policy") for each in form.getlist("policy")]
    if len(bundles) != 1 or len(policies) > 1:
        raise ProblemError("field-value", "Send one file, and one policy at most.", field="/file")
    documents = [await _bytes(each, "document") for each in form.getlist("document")]
    sent = policies[0] if policies else None
    policy = await to_thread.run_sync(policy_of, sent, services.settings.paths.policy)
    if policy is None:
        raise ProblemError("field-missing", "The service publishes no policy: send one.", field="/policy")
    return Submission(bundles[0], tuple(documents), *policy)


async def _bytes(part: UploadFile | str, name: str) -> bytes:
    if isinstance(part, str):
        raise ProblemError("field-type", f"'{name}' must be a file.", field=f"/{name}")
    return await part.read()


def _answer(services: Services, value: JsonValue) -> JsonObject:
    """Answer a question; which one it is its members say.

    Raises:
        ProblemError: field-unknown, field-missing, field-type, field-value.
    """
    names = value.keys() if isinstance(value, dict) else set[str]()
    if "certificate_no" in names:
        return answer_number(services, validate(value, NumberRequest).certificate_no)
    if "sha256" in names:
        return answer_digest(services, "sha256", validate(value, DigestRequest).sha256)
    named = validate(value, NamedDigestRequest)
    return answer_digest(services, named.algorithm, named.digest)
