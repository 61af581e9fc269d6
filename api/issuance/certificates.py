"""Issues and keeps certificates: JSON in api.db, the PDF beside it as it was printed.

The record is kept before the log hears of it. After a crash in between, the same request finds it and deposits the
very same entry; a certificate that the log knows and we do not cannot come to be.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from zheng_verifier.canonical import BUNDLE_LIMITS, Fields, JsonObject, parse_canonical
from zheng_verifier.encoding import format_base64url, parse_hex

from api.accounts.store import StoredCertificate
from api.issuance.certificate.number import NumberError, format_number, new_number, parse_number
from api.issuance.certificate.record import certificate_json
from api.issuance.certificate.render import render_certificate
from api.issuance.issuing import certificate_data
from api.problems import ProblemError
from api.services import Services


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate: its number, canonical JSON and printed page. ``replayed``: it had been issued before."""

    number: str
    document: bytes
    pdf: Path
    replayed: bool


def issue_certificate(
    services: Services, tenant: str, case: str, request_id: str, evidence_name: str | None
) -> Issued:
    """Issue a certificate of a case, or give the one that this request issued before.

    Raises:
        ProblemError: proof-pending; id-reused: the id belongs to a certificate of another case.
    """
    known = services.store.certificate_by_request(tenant, request_id)
    if known is not None:
        if known.case_id != case:
            raise ProblemError("id-reused", field="/id")
        return _issued(services, known, replayed=True)
    number = new_number(services.random)
    data = certificate_data(services, tenant=tenant, case=case, number=number, evidence_name=evidence_name)
    stored = StoredCertificate(
        number=number,
        tenant_id=tenant,
        case_id=case,
        request_id=request_id,
        issued_at=data.issued_at,
        document=certificate_json(data),
    )
    _keep(_pdf_path(services, number), render_certificate(data))
    services.store.add_certificate(stored)
    return _issued(services, stored, replayed=False)


def find_certificate(services: Services, number: str) -> Issued:
    """Give a certificate by its number, as a person types it.

    Raises:
        ProblemError: certificate-unknown.
    """
    try:
        written = format_number(parse_number(number))
    except NumberError as error:
        raise ProblemError("certificate-unknown", f"{error}.") from None
    stored = services.store.certificate(written)
    if stored is None:
        raise ProblemError("certificate-unknown")
    return _issued(services, stored, replayed=True)


def log_entry(issued: Issued) -> JsonObject:
    """Give the data of the `evidence.certificate_issued` that records a certificate in its case."""
    record = Fields(parse_canonical(issued.document, BUNDLE_LIMITS))
    log = Fields(record.object("log"))
    return {
        "number": issued.number,
        "certificate_sha256": hashlib.sha256(issued.document).hexdigest(),
        "media_type": "application/json",
        "locales": ["zh-CN", "en"],
        "seq": record.integer("event_count"),
        "leaf": format_base64url(parse_hex(record.text("event_root"))),
        "tree_size": log.integer("tree_size"),
    }


def _issued(services: Services, stored: StoredCertificate, *, replayed: bool) -> Issued:
    return Issued(stored.number, stored.document, _pdf_path(services, stored.number), replayed)


def _pdf_path(services: Services, number: str) -> Path:
    return services.settings.paths.certificates / f"{number}.pdf"


def _keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, durably."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
