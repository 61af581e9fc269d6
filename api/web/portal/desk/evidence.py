"""Evidence by button (出证): what is deposited of a contract, and packages, reports, lists and certificates of it.

For whoever acts for the sending side and may download. While a record still waits to be deposited nothing is made: a file
that looks complete and is not would be worse than none. Each export is recorded in the case, as one by an API key is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response
from zheng_verifier.package import names
from zheng_verifier.package.archive import parse_archive

from api.issuance.certificates import issue_certificate, log_changes, valid_certificate
from api.issuance.export.ordering import order_export
from api.issuance.export.request import PURPOSES, RECIPIENTS, Edition, ExportRequest, parse_request
from api.jobs.model import TROUBLES, Job, JobKind, JobState
from api.problems import ProblemError
from api.web.jobs import find_job, finished_file
from api.web.portal.desk.visit import DeskRoute, Form, SentForm, Visit, Visitor
from api.web.schemas import UUID_PATTERN
from signing.contracts.models import ContractRow
from signing.contracts.states import ContractState
from signing.contracts.views import Details
from signing.database import read, write
from signing.errors import Refused
from signing.principal import Permission

router = APIRouter(include_in_schema=False, route_class=DeskRoute)
ContractId = Annotated[str, Path(pattern=UUID_PATTERN)]
_SHOWN = 20
_PACKAGE = "package"
_WITHIN: Mapping[str, str] = MappingProxyType(
    {
        "report_zh": names.REPORT_ZH,
        "report_en": names.REPORT_EN,
        "list_zh": names.LIST_ZH,
        "list_en": names.LIST_EN,
        "signed_report": names.REPORT,
    }
)
"""What lies in a finished file, by the name it has in an address."""
_TYPES = {"pdf": "application/pdf", "jws": "application/jose"}
_ASICE = "application/vnd.etsi.asic-e+zip"


@dataclass(frozen=True, slots=True)
class Export:
    """A package or report that was asked for; ``files`` of it may be downloaded, ``advice`` says what stands in the way."""

    job: Job
    request: ExportRequest
    advice: str
    files: tuple[str, ...]


@router.get("/desk/contracts/{contract}/evidence")
def evidence_page(contract: ContractId, visit: Visitor) -> Response:
    """Show what is deposited, what was given out and how far the rest is, and offer more."""
    details = _details(visit, contract)
    case = details.case
    certificate = None if case is None else valid_certificate(visit.services, visit.principal.tenant, case)
    exports = [] if case is None else _exports(visit, case)
    return visit.page(
        "evidence",
        here="contracts",
        contract=details,
        certificate="" if certificate is None else certificate.number,
        exports=exports,
        unfinished=any(not each.job.state.final for each in exports),
        going=details.summary.state == ContractState.SIGNING,
        elsewhere=visit.services.settings.signing.notary.url,
        recipients=RECIPIENTS,
        purposes=PURPOSES,
    )


def may_have_evidence(visit: Visit, contract: ContractRow) -> bool:
    """Tell whether to offer this page: the contract was sent, and the member may download and acts for who sent it."""
    try:
        visit.desk.contracts.book.require_sender(visit.principal, contract)
    except Refused:
        return False
    return contract.sent_at is not None and visit.principal.may(Permission.DOWNLOAD)


@router.post("/desk/contracts/{contract}/evidence/order")
def order(contract: ContractId, visit: Visitor, form: SentForm) -> Response:
    """Have a package or a report made; the same form twice is one job."""
    case = _whole_case(_details(visit, contract))
    kind = {each.value: each for each in JobKind}.get(form.text("kind"))
    if kind is None:
        raise ProblemError("field-value", field="/kind")
    order_export(
        visit.services,
        tenant=visit.principal.tenant,
        case=case,
        kind=kind,
        request_id=form.id(),
        request=_wish(form),
    )
    return visit.to(f"/desk/contracts/{contract}/evidence", done="evidence")


def _wish(form: Form) -> ExportRequest:
    editions: Mapping[str, Edition] = {"full": "full", "redacted": "redacted"}
    edition = editions.get(form.text("edition"))
    if edition is None:
        raise ProblemError("field-value", field="/edition")
    recipient, purpose = form.text("recipient"), form.text("purpose")
    if recipient not in RECIPIENTS:
        raise ProblemError("field-value", field="/recipient")
    if purpose not in PURPOSES:
        raise ProblemError("field-value", field="/purpose")
    return ExportRequest(edition, recipient_kind=recipient, purpose=purpose)


@router.post("/desk/contracts/{contract}/evidence/certificate")
def certify(contract: ContractId, visit: Visitor, form: SentForm) -> Response:
    """Issue a certificate of deposit for the contract's case, in place of the one before."""
    details = _details(visit, contract)
    issued = issue_certificate(
        visit.services, visit.principal.tenant, _whole_case(details), form.id(), details.summary.title
    )
    log_changes(visit.services)
    return visit.to(f"/p/{issued.number}")


@router.get("/desk/contracts/{contract}/evidence/{job}/{file}")
def fetch(
    contract: ContractId, job: Annotated[str, Path(pattern=UUID_PATTERN)], file: str, visit: Visitor
) -> Response:
    """Give a finished package, or one document of it; that a member took a full one is in the log of accesses."""
    details = _details(visit, contract)
    found = find_job(visit.services, visit.principal.tenant, job)
    if found.case != details.case or file not in _files(found.kind):
        raise ProblemError("job-unknown")
    content = finished_file(visit.services, found, found.kind)
    if parse_request(found.request).edition == "full":
        _note_access(visit, details)
    stem = f"{found.case}-v{found.version}"
    if file == _PACKAGE:
        return _attached(content, _ASICE, f"{stem}.asice")
    within = _WITHIN[file]
    part = next(each.data for each in parse_archive(content) if each.name == within)
    name = within.rpartition("/")[2]
    return _attached(part, _TYPES[name.rpartition(".")[2]], f"{stem}.{name}")


def _note_access(visit: Visit, details: Details) -> None:
    """Have custody log that this member was given the documents. What was erased is given out no more.

    Raises:
        Refused: erased.

    """
    with write(visit.desk.context.engine) as session:
        for paper in details.documents:
            visit.desk.custody.get(
                session, details.summary.id, paper.sha256, by=visit.principal, purpose="export"
            )


def _details(visit: Visit, contract: str) -> Details:
    """Give the contract to who acts for its sending side and may download.

    Raises:
        Refused: permission-missing; contract-unknown; erased.

    """
    visit.principal.require(Permission.DOWNLOAD)
    with read(visit.desk.context.engine) as session:
        row = visit.desk.contracts.book.contract(session, visit.principal.tenant, contract)
        visit.desk.contracts.book.require_sender(visit.principal, row)
        return visit.desk.contracts.views.details(session, visit.principal, contract)


def _whole_case(details: Details) -> str:
    """Give the case if every record of the contract is deposited in it.

    Raises:
        ProblemError: deposits-waiting.

    """
    if details.case is None or details.waiting:
        raise ProblemError("deposits-waiting")
    return details.case


def _exports(visit: Visit, case: str) -> list[Export]:
    services, now = visit.services, visit.services.clock()
    found = []
    for job in services.jobs.of_case(visit.principal.tenant, case, limit=_SHOWN):
        offered = job.state is JobState.SEALED and job.result is not None and now < job.result.expires_at
        trouble = None if job.trouble is None else TROUBLES.get(job.trouble, TROUBLES["internal"])
        advice = "" if trouble is None else trouble.zh if visit.chinese else trouble.en
        found.append(Export(job, parse_request(job.request), advice, _files(job.kind) if offered else ()))
    return found


def _files(kind: JobKind) -> tuple[str, ...]:
    return (_PACKAGE, *_WITHIN) if kind is JobKind.PACKAGE else tuple(_WITHIN)


def _attached(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
