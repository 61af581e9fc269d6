"""What the test authority publishes: certificates, lists, its responder, its practice statement. No key is asked."""

import base64
import binascii
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from anyio import to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.problems import ProblemError
from api.web.bodies import read_bytes
from api.web.deps import PUBLIC, App, refuses
from signing.certificates.testca import LocalTestCa

router = APIRouter(prefix="/v1/signing/ca", tags=["signing: authority"], dependencies=PUBLIC)

_REQUEST, _RESPONSE = "application/ocsp-request", "application/ocsp-response"
_SHORT = {"Cache-Control": "public, max-age=60"}
_PRACTICE = """\
测试认证机构声明

本机构仅供测试和演示：它按申请签发证书，不核验任何人的身份，私钥保存在本机。其证书不是《电子签名法》意义上由电子认证服务提供者签发的证书，\
任何信任策略都应将其标为测试机构。证书策略（{one_time}：一次性证书；{long_term}：长期证书）不作任何承诺。

Practice statement of the test authority

This authority exists for tests and demonstrations only: it certifies what it is asked to, verifies nobody's identity, and
keeps its keys on this machine. Its certificates are not those of a licensed electronic certification service, and every
trust policy should mark it as a test. Its certificate policies ({one_time}: for one signature; {long_term}: for a long
term) promise nothing.
"""


def _binary(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    schema = {"type": "string", "format": "binary"}
    return {200: {"content": {media_type: {"schema": schema}}, "description": description}}


def _authority(services: App) -> LocalTestCa:
    """Give the test authority, which is not there where another one certified from the beginning."""
    if services.signing.test_authority is None:
        raise ProblemError("not-found", "No test authority certifies here.")
    return services.signing.test_authority


@router.get(
    "/practice",
    summary="What the authority's certificates promise: nothing",
    responses=refuses(404, 429) | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def practice(services: App) -> Response:
    """Give the practice statement, in Chinese and English."""
    authority = _authority(services)
    text = _PRACTICE.format(
        one_time=authority.policy_oid("one_time"), long_term=authority.policy_oid("long_term")
    )
    return Response(text, media_type="text/plain; charset=utf-8", headers=_SHORT)


@router.get(
    "/{name}.cer",
    summary="A certificate of the authority",
    responses=refuses(404, 429) | _binary("application/pkix-cert", "DER"),
)
async def certificate(name: Literal["root", "issuing"], services: App) -> Response:
    """Give the root's certificate or the issuing authority's."""
    authority = _authority(services)
    der = authority.root if name == "root" else authority.issuing
    return Response(der, media_type="application/pkix-cert", headers=_SHORT)


@router.get(
    "/{name}.crl",
    summary="A list of revoked certificates",
    responses=refuses(404, 429) | _binary("application/pkix-crl", "DER"),
)
async def revocation_list(name: Literal["root", "issuing"], services: App) -> Response:
    """Give the current list of the root or of the issuing authority."""
    der = await to_thread.run_sync(_authority(services).crl, name)
    return Response(der, media_type="application/pkix-crl", headers=_SHORT)


@router.post(
    "/ocsp",
    summary="Ask for a certificate's status (RFC 6960)",
    responses=refuses(404, 429, body=True) | _binary(_RESPONSE, "DER"),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {_REQUEST: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def ask(request: Request, services: App) -> Response:
    """Answer an OCSP request."""
    query = await read_bytes(request, _REQUEST)
    return Response(await to_thread.run_sync(_authority(services).ocsp, query), media_type=_RESPONSE)


@router.get(
    "/ocsp/{query:path}",
    summary="Ask for a certificate's status by GET",
    responses=refuses(404, 429) | _binary(_RESPONSE, "DER"),
)
async def ask_by_address(
    query: Annotated[str, Path(description="the request in base64, URL-encoded")], services: App
) -> Response:
    """Answer an OCSP request in the address (RFC 6960, appendix A.1)."""
    try:
        decoded = base64.b64decode(unquote(query), validate=True)
    except (binascii.Error, ValueError):
        raise ProblemError("not-found", "The address holds no request in base64.") from None
    return Response(await to_thread.run_sync(_authority(services).ocsp, decoded), media_type=_RESPONSE)
