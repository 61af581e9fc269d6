"""From a wish to a submission: held against the case and the institution, recorded once, handed to the queue."""

import hashlib
from dataclasses import dataclass

from zheng_verifier.checkpoint import parse_checkpoint_body
from zheng_verifier.note import parse_note
from zheng_verifier.timestamp.algorithms import digest

from api.institutions.model import GIVEN_UP, Submitted, Wanted
from api.institutions.ports import Content, Institution, InstitutionKind
from api.issuance.export.request import parse_request
from api.jobs.model import JobKind
from api.jobs.queue import PATIENT_QUEUE, job_id
from api.problems import ProblemError
from api.services import Services
from api.web.jobs import find_job, finished_file

# A package that opens personal values goes to the kind of body it was made for, and to no other.
RECIPIENTS = {
    InstitutionKind.COURT_CHAIN: "court",
    InstitutionKind.NOTARY_OFFICE: "notary",
    InstitutionKind.FORENSIC_CENTRE: "forensic",
    InstitutionKind.ARBITRATION: "arbitration",
}
_PACKAGE = "application/vnd.etsi.asic-e+zip"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a platform asks for: ``content`` to the institution ``to``; of the package made by job ``package``, if any."""

    to: str
    content: Content
    package: str | None = None


def order_submission(
    services: Services, *, tenant: str, case: str, request_id: str, wish: Wish
) -> tuple[Submitted, bool]:
    """Take the order; give the submission, and whether it is new. One that was given up is taken up again.

    Raises:
        LedgerError: the case is not this tenant's.
        ProblemError: field-value, field-missing, job-unknown, job-unfinished, file-gone, proof-pending, id-reused, busy.
    """
    services.ledger.case(tenant, case)
    identity = job_id(tenant, "submission", request_id)
    known = services.submissions.find(identity)
    if known is not None:
        asked = Wish(known.wanted.institution, known.wanted.content, known.wanted.package)
        if (known.case, asked) != (case, wish):
            raise ProblemError("id-reused", field="/id")
        if known.trouble in GIVEN_UP:
            services.queue.forget(identity)
            services.submissions.trouble(identity, None)
        services.queue.submit(identity, PATIENT_QUEUE)
        return services.submissions.find(identity) or known, False
    if len(services.submissions.unfinished(tenant)) >= services.settings.jobs.unfinished:
        raise ProblemError(
            "busy",
            "Too many submissions of yours are unfinished; wait for one.",
            headers={"Retry-After": "10"},
        )
    wanted = _wanted(services, tenant, case, wish)
    submitted, fresh = services.submissions.accept(
        identity, tenant=tenant, case=case, request_id=request_id, wanted=wanted
    )
    services.queue.submit(identity, PATIENT_QUEUE)
    return submitted, fresh


def _wanted(services: Services, tenant: str, case: str, wish: Wish) -> Wanted:
    institution = services.institutions.get(wish.to)
    if institution is None:
        raise ProblemError(
            "field-value",
            "No institution of this name is connected.",
            field="/to",
            expected=", ".join(services.institutions) or "none is connected",
        )
    if wish.content is Content.CHECKPOINT:
        if wish.package is not None:
            raise ProblemError("field-value", "A checkpoint belongs to no package.", field="/package")
        return _checkpoint(services, case, institution)
    return _package(services, tenant, case, wish, institution)


def _checkpoint(services: Services, case: str, institution: Institution) -> Wanted:
    """Take the newest checkpoint, which covers the whole case as it is."""
    note = services.ledger.reader.checkpoint()
    leaves = services.ledger.reader.case_leaves(case)
    if note is None or parse_checkpoint_body(parse_note(note).text).size <= leaves[-1].index:
        raise ProblemError("proof-pending", "No signed head covers this case yet.")
    return _of(institution, Content.CHECKPOINT, None, "text/plain", note, note)


def _package(services: Services, tenant: str, case: str, wish: Wish, institution: Institution) -> Wanted:
    if wish.package is None:
        raise ProblemError("field-missing", "Which package?", field="/package", expected="the id of its job")
    job = find_job(services, tenant, wish.package)
    if job.case != case:
        raise ProblemError("job-unknown")
    content = finished_file(services, job, JobKind.PACKAGE)
    if wish.content is Content.PACKAGE:
        if len(content) > institution.max_body:
            raise ProblemError(
                "field-value",
                f"The institution takes files of at most {institution.max_body} bytes.",
                field="/content",
                expected=Content.PACKAGE_DIGEST.value,
            )
        fitting = RECIPIENTS[institution.kind]
        if parse_request(job.request).recipient_kind != fitting:
            raise ProblemError(
                "field-value",
                "The package was made for another kind of recipient.",
                field="/package",
                expected=f"a package made with recipient_kind '{fitting}'",
            )
    return _of(institution, wish.content, job.id, _PACKAGE, content, None)


def _of(
    institution: Institution,
    content: Content,
    package: str | None,
    media_type: str,
    data: bytes,
    checkpoint: bytes | None,
) -> Wanted:
    return Wanted(
        institution=institution.name,
        kind=institution.kind,
        simulated=institution.simulated,
        content=content,
        package=package,
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).digest(),
        sm3=digest("sm3", data),
        checkpoint=checkpoint,
    )
