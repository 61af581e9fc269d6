"""Verification for everybody: a file with its documents, or a digest. No account, and no lasting trace."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject, JsonValue
from zheng_verifier.encoding import format_time

from api.issuance.policy_export import read_policy
from api.problems import ProblemError
from api.services import Services
from api.web.bodies import read_body
from api.web.deps import PUBLIC, App, refuses
from api.web.responses import json_response
from api.web.schemas import Deposits, DigestRequest, ReportDocument
from api.web.verification import Submission

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
                    "required": ["bundle"],
                    "properties": {
                        "bundle": _FILE | {"description": "an evidence bundle"},
                        "document": {"type": "array", "items": _FILE, "description": "originals"},
                        "policy": _FILE
                        | {"description": "your trust policy; else the service's own is used"},
                    },
                }
            },
            "application/json": {"schema": {"$ref": "#/components/schemas/DigestRequest"}},
        },
    }
}


@router.post(
    "",
    summary="Verify evidence, or look for a digest",
    responses=refuses(400, 408, 413, 415, 429)
    | {
        200: {
            "content": {
                "application/json": {
                    "schema": {
                        "anyOf": [
                            {"$ref": f"#/components/schemas/{model.__name__}"}
                            for model in (ReportDocument, Deposits)
                        ]
                    }
                }
            },
            "description": "a report, or where the digest was deposited",
        }
    },
    openapi_extra=_BODY,
)
async def verify(request: Request, services: App) -> Response:
    """Run the verifier on what was sent, in a process of its own, or say where a SHA-256 was deposited.

    Without a policy of one's own the service's is used, and the report says that it came from the service: the
    overall word is then INCOMPLETE at most.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    match kind:
        case "application/json":
            body = await read_body(request, DigestRequest)
            return json_response(await to_thread.run_sync(_deposits, services, body.sha256))
        case "multipart/form-data":
            async with request.form(max_files=_MAX_FILES, max_fields=4, max_part_size=4096) as form:
                submission = await _submission(form, services)
            return json_response(await services.verifications.verify(submission))
        case _:
            raise ProblemError(
                "media-type-unsupported",
                f"Content-Type is '{kind[:80]}'.",
                expected="multipart/form-data or application/json",
            )


async def _submission(form: FormData, services: Services) -> Submission:
    unknown = sorted(set(form) - {"bundle", "document", "policy"})
    if unknown:
        raise ProblemError(
            "field-unknown", field=f"/{unknown[0][:80]}", expected="bundle, document or policy"
        )
    bundles = [await _bytes(each, "bundle") for each in form.getlist("bundle")]
    policies = [await _bytes(each, "policy") for each in form.getlist("policy")]
    if len(bundles) != 1 or len(policies) > 1:
        raise ProblemError("field-value", "Send one bundle, and one policy at most.", field="/bundle")
    documents = [await _bytes(each, "document") for each in form.getlist("document")]
    if policies:
        return Submission(bundles[0], tuple(documents), policies[0], "user")
    own = await to_thread.run_sync(read_policy, services.settings.paths.policy)
    if own is None:
        raise ProblemError("field-missing", "The service publishes no policy: send one.", field="/policy")
    return Submission(bundles[0], tuple(documents), own, "package")


async def _bytes(part: UploadFile | str, name: str) -> bytes:
    if isinstance(part, str):
        raise ProblemError("field-type", f"'{name}' must be a file.", field=f"/{name}")
    return await part.read()


def _deposits(services: Services, sha256: str) -> JsonObject:
    """Say when a digest was deposited and where in the log; whose it is and in which case is nobody's business."""
    found: list[JsonValue] = [
        {"leaf_index": each.leaf_index, "received_at": format_time(each.received_at), "role": each.role}
        for each in services.documents.find(bytes.fromhex(sha256))
    ]
    return {"sha256": sha256, "found": bool(found), "deposits": found}
