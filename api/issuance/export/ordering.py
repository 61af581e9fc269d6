"""From a wish to a job: held against the case, recorded once, handed to the queue."""

import hashlib

from zheng_verifier.bundle import parse_bundle
from zheng_verifier.canonical import format_json
from zheng_verifier.encoding import format_hex

from api.issuance.export.drafting import named_documents
from api.issuance.export.request import ExportRequest, format_place, format_request
from api.jobs.model import Job, JobKind
from api.jobs.queue import job_id
from api.problems import ProblemError
from api.services import Services


def order_export(
    services: Services, *, tenant: str, case: str, kind: JobKind, request_id: str, request: ExportRequest
) -> tuple[Job, bool]:
    """Take the order for a package or a report; give the job, and whether it is new.

    Raises:
        LedgerError: the case is not this tenant's.
        ProblemError: field-value: a value to open or a document to enclose that is not held; id-reused; busy.
    """
    services.ledger.case(tenant, case)
    body = format_request(request)
    identity = job_id(tenant, kind.value, request_id)
    known = services.jobs.find(identity)
    if known is None:
        if len(services.jobs.unfinished(tenant)) >= services.settings.jobs.unfinished:
            raise ProblemError(
                "busy", "Too many jobs of yours are unfinished; wait for one.", headers={"Retry-After": "10"}
            )
        _check(services, case, request)
    series = hashlib.sha256(format_json([kind.value, case, body.decode()])).digest()
    job, fresh = services.jobs.accept(
        identity, tenant=tenant, case=case, kind=kind, request_id=request_id, request=body, series=series
    )
    if (job.case, job.request) != (case, body):
        raise ProblemError("id-reused", field="/id")
    services.queue.submit(job.id)
    return job, fresh


def _check(services: Services, case: str, request: ExportRequest) -> None:
    """Refuse what could not be fulfilled, before anything is recorded."""
    if request.edition == "full" and request.open:
        raise ProblemError("field-value", "A full edition opens everything that is held.", field="/open")
    held = services.evidence.sealed_places(case) if request.open else frozenset()
    for position, place in enumerate(request.open):
        if place not in held:
            raise ProblemError(
                "field-value",
                f"'{format_place(place)}' is no sealed value that the service can open.",
                field=f"/open/{position}",
                expected="<seq>:<path> of a sealed value whose disclosure is held, as in 3:/data/name",
            )
    if not request.documents:
        return
    named = named_documents(parse_bundle(services.evidence.bundle(case, disclosures=False)))
    for position, sha256 in enumerate(request.documents):
        if sha256 not in named or services.ledger.vault.document(case, sha256) is None:
            raise ProblemError(
                "field-value",
                f"The service does not hold '{format_hex(sha256)}' as a document of this case.",
                field=f"/documents/{position}",
                expected="SHA-256 of a document that an event names and that was sent with ?keep=true",
            )
