"""Certificates of a tenant's signers: list them, revoke one."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from zheng_verifier.canonical import JsonObject
from zheng_verifier.encoding import format_time

from api.web.bodies import Body, read_body
from api.web.deps import App, Limit, refuses, takes
from api.web.responses import json_response, page_response
from api.web.schemas import UUID_PATTERN
from api.web.signing.callers import AdminSigning, ReadSigning
from signing.certificates.issued import CertificateView
from signing.certificates.ports import Reason
from signing.database import read
from signing.principal import Permission

router = APIRouter(prefix="/v1/signing/certificates", tags=["signing: certificates"])

CertificateId = Annotated[str, Path(pattern=UUID_PATTERN, description="the certificate's id in lists")]
AfterId = Annotated[
    str, Query(pattern=rf"^$|{UUID_PATTERN}", description="the `next_cursor` of the page before")
]


class RevokeRequest(Body):
    """Why a certificate is revoked (RFC 5280 §5.3.1)."""

    reason: Reason


class Certificate(BaseModel):
    """A certificate of a signer; `test` says that nobody need believe it."""

    id: str
    serial_number: str
    state: Literal["requested", "certified", "retired", "destroyed"]
    profile: Literal["one_time", "long_term"]
    key_algorithm: str
    sha256: str
    not_before: str
    not_after: str
    revoked_at: str | None = None
    reason: str | None = None
    ca: str
    test: bool


class Certificates(BaseModel):
    """A page of certificates."""

    data: list[Certificate]
    has_more: bool
    next_cursor: str | None = None


@router.get("", summary="List certificates", responses=refuses(401, 403) | {200: {"model": Certificates}})
async def list_certificates(
    services: App, caller: ReadSigning, after: AfterId = "", limit: Limit = 100
) -> Response:
    """List the certificates of the tenant's signers, without their names: they stand in the contracts."""
    caller.require(Permission.READ_PEOPLE)

    def page() -> list[CertificateView]:
        with read(services.signing.context.engine) as session:
            return services.signing.issued_certificates.list(
                session, caller.tenant, after=after, limit=limit + 1
            )

    views = await to_thread.run_sync(page)
    return page_response([_write(view) for view in views], [view.id for view in views], limit)


@router.post(
    "/{certificate}/revoke",
    summary="Revoke a certificate",
    responses=refuses(401, 403, 404, body=True) | {200: {"model": Certificate}},
    openapi_extra=takes(RevokeRequest),
)
async def revoke_certificate(
    certificate: CertificateId, request: Request, services: App, caller: AdminSigning
) -> Response:
    """Revoke a certificate; again gives the first revocation. Nothing is signed with it from then on."""
    body = await read_body(request, RevokeRequest)
    view = await to_thread.run_sync(
        services.signing.issued_certificates.revoke, caller, certificate, body.reason
    )
    return json_response(_write(view))


def _write(view: CertificateView) -> JsonObject:
    body: JsonObject = {
        "id": view.id,
        "serial_number": view.serial,
        "state": view.state,
        "profile": view.profile,
        "key_algorithm": view.algorithm,
        "sha256": view.certificate_sha256,
        "not_before": format_time(view.not_before),
        "not_after": format_time(view.not_after),
        "ca": view.ca,
        "test": view.test,
    }
    if view.revoked_at is not None:
        body |= {"revoked_at": format_time(view.revoked_at), "reason": view.reason or "unspecified"}
    return body
