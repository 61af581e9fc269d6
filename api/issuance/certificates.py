"""Issues and keeps certificates: the record in api.db, the sealed PDF beside it as it was issued.

The record is kept before the log hears of it (`register.py`). After a crash in between, the same request finds it and
the very same entry is deposited.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from zheng_verifier.canonical import JsonObject
from zheng_verifier.deposit_certificate.model import CertificateRecord
from zheng_verifier.deposit_certificate.record import format_record, parse_record
from zheng_verifier.encoding import format_base64url

from api.accounts.store import StoredCertificate
from api.issuance.attestation import submit_own
from api.issuance.certificate.number import NumberError, format_number, new_number, parse_number
from api.issuance.certificate.render import render_certificate
from api.issuance.issuing import certificate_data
from api.issuance.register import Change, ChangeKind, Standing, Status
from api.problems import ProblemError
from api.services import Services

LOCALES = ("zh-CN", "en")


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate: number, canonical JSON, printed page, and how it stands now.

    ``replayed``: it had been issued before.
    """

    number: str
    document: bytes
    pdf: Path
    standing: Standing
    replayed: bool

    @property
    def record(self) -> CertificateRecord:
        """What it says."""
        return parse_record(self.document)


def issue_certificate(
    services: Services, tenant: str, case: str, request_id: str, evidence_name: str | None
) -> Issued:
    """Issue a certificate of a case, sealed, in place of the case's earlier ones; or give the one of this request.

    It is in the register when this returns, and in the log after `log_changes`.

    Raises:
        ProblemError: proof-pending; case-too-large; id-reused: the id belongs to a certificate of another case.
    """
    known = _known(services, tenant, case, request_id)
    if known is not None:
        return known
    number = new_number(services.random)
    made = certificate_data(services, tenant=tenant, case=case, number=number, evidence_name=evidence_name)
    document = format_record(made.record)
    path = _pdf_path(services, number)
    _keep(path, services.issuer.seal_pdf(render_certificate(document, made.bundle)))
    stored = StoredCertificate(number, tenant, case, request_id, made.record.issued_at, document)
    if services.register.enter(stored):
        return _issued(services, stored, replayed=False)
    path.unlink()  # the same request came twice at once, and the other was first
    first = _known(services, tenant, case, request_id)
    assert first is not None  # that is why ours was refused
    return first


def _known(services: Services, tenant: str, case: str, request_id: str) -> Issued | None:
    known = services.store.certificate_by_request(tenant, request_id)
    if known is None:
        return None
    if known.case_id != case:
        raise ProblemError("id-reused", field="/id")
    return _issued(services, known, replayed=True)


def find_certificate(services: Services, number: str) -> Issued:
    """Give a certificate by its number, as a person types it.

    Raises:
        ProblemError: certificate-unknown.
    """
    stored = services.store.certificate(written_number(number))
    if stored is None:
        raise ProblemError("certificate-unknown")
    return _issued(services, stored, replayed=True)


def valid_certificate(services: Services, tenant: str, case: str) -> Issued | None:
    """Give the certificate of a tenant's case that is valid now, if there is one."""
    for stored in services.store.certificates_of_case(tenant, case):
        issued = _issued(services, stored, replayed=True)
        if issued.standing.status is Status.VALID:
            return issued
    return None


def written_number(number: str) -> str:
    """Write a number, as a person types it, in its one form.

    Raises:
        ProblemError: certificate-unknown: it is no certificate number, and the text says why.
    """
    try:
        return format_number(parse_number(number))
    except NumberError as error:
        raise ProblemError("certificate-unknown", f"{error}.") from None


def revoke_certificate(services: Services, tenant: str, number: str, reason: str) -> Issued:
    """Revoke a certificate of a tenant from now on; the same again changes nothing.

    Raises:
        ProblemError: certificate-unknown: there is none of this number, or it is another tenant's.
    """
    found = find_certificate(services, number)
    stored = services.store.certificate(found.number)
    if stored is None or stored.tenant_id != tenant:
        raise ProblemError("certificate-unknown")
    services.register.revoke(found.number, reason)
    return _issued(services, stored, replayed=True)


def log_changes(services: Services) -> int:
    """Deposit every change of the register that is not in the log yet, and give how many there were. Blocking.

    Raises:
        LedgerError: as the log says; what is left is deposited by the next call.
    """
    changes = services.register.unlogged()
    for change in changes:
        stored = services.store.certificate(change.number)
        assert stored is not None  # a foreign key
        submitted = submit_own(
            services,
            stored.tenant_id,
            stored.case_id,
            change.event_id,
            f"evidence.certificate_{change.kind.value}/1",
            log_entry(change, stored.document),
        )
        (receipt,) = submitted.result()
        services.register.set_logged(change, receipt.leaf_index)
    return len(changes)


def log_entry(change: Change, document: bytes) -> JsonObject:
    """Give the data of the event that records a change in the certificate's case."""
    data: JsonObject = {
        "number": change.number,
        "certificate_sha256": hashlib.sha256(document).hexdigest(),
    }
    match change.kind:
        case ChangeKind.SUPERSEDED:
            return data | {"successor": change.successor or ""}
        case ChangeKind.REVOKED:
            return data | {"reason": change.reason or "other"}
        case ChangeKind.ISSUED:
            record = parse_record(document)
            return data | {
                "media_type": "application/json",
                "locales": list(LOCALES),
                "seq": record.event_count,
                "leaf": format_base64url(record.event_root),
                "tree_size": record.log.tree_size,
            }


def _issued(services: Services, stored: StoredCertificate, *, replayed: bool) -> Issued:
    standing = services.register.standing(stored.number)
    return Issued(stored.number, stored.document, _pdf_path(services, stored.number), standing, replayed)


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
