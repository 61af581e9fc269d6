"""Bundles: a case's evidence as one file. Looking at it changes nothing; exporting it is itself an event."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.issuance.attestation import attest
from api.web.auth import IssueEvidence, ReadEvidence
from api.web.bodies import read_body
from api.web.deps import App, CaseId, refuses, takes
from api.web.schemas import BundleDocument, ExportRequest

router = APIRouter(prefix="/v1/cases/{case}/bundle", tags=["evidence"])
Disclosures = Annotated[bool, Query(description="include the opened personal values that we hold")]


@router.get(
    "",
    summary="Look at a case's evidence",
    responses=refuses(401, 403, 404, 409) | {200: {"model": BundleDocument}},
)
async def get_bundle(
    case: CaseId, services: App, caller: ReadEvidence, disclosures: Disclosures = True
) -> Response:
    """Give the bundle as it stands. No entry records this look, so nobody attests that nothing came after."""
    await to_thread.run_sync(services.ledger.case, caller.tenant, case)
    bundle = await to_thread.run_sync(lambda: services.evidence.bundle(case, disclosures=disclosures))
    return _file(bundle, case)


@router.post(
    "",
    summary="Export a case's evidence",
    responses=refuses(401, 403, 404, 409, body=True) | {200: {"model": BundleDocument}},
    openapi_extra=takes(ExportRequest),
)
async def export_bundle(
    case: CaseId, request: Request, services: App, caller: IssueEvidence, disclosures: Disclosures = True
) -> Response:
    """Deposit `evidence.attested` first (which events there are, under which tree size), then give the bundle.

    A later event that was there and not shown would contradict this entry. The same id again attests nothing new.
    """
    body = await read_body(request, ExportRequest)
    await attest(services, caller.tenant, case, body.id)
    bundle = await to_thread.run_sync(lambda: services.evidence.bundle(case, disclosures=disclosures))
    return _file(bundle, case)


def _file(bundle: bytes, case: str) -> Response:
    name = f'attachment; filename="{case}.zheng.json"'
    return Response(bundle, media_type="application/json", headers={"Content-Disposition": name})
