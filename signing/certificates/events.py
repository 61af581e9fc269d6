"""What a case says of a signer's key and certificate (taxonomy: certificate.*). Custody is stated as it is."""

import hashlib

from cryptography import x509
from zheng_verifier.canonical import JsonObject
from zheng_verifier.claim import Actor
from zheng_verifier.encoding import format_time
from zheng_verifier.policy import TrustedCa

from signing.certificates.ports import Revoked
from signing.certificates.tables import KeyRow, KeyUseRow
from signing.dossier.model import Event

KEY_USAGE = ["digital_signature", "content_commitment"]


def key_generated(use: KeyUseRow, row: KeyRow, actor: Actor | None) -> Event:
    """A key pair was generated: by this service in software, kept by it, and so exportable by whoever runs it."""
    data: JsonObject = {
        "party": use.party,
        "key": use.ref,
        "key_algorithm": row.algorithm,
        "place": "software",
        "exportable": True,
        "control": "platform_custody",
    }
    return Event("certificate.key_generated/1", data, {"public_key": row.spki_sha256}, actor)


def requested(
    use: KeyUseRow, row: KeyRow, ca: TrustedCa, policy_oid: str, request: bytes, actor: Actor | None
) -> Event:
    """A certificate was requested."""
    subject = x509.load_der_x509_csr(request).subject.rfc4514_string()
    data = _common(use, ca) | {"profile": row.profile, "policy_oid": policy_oid}
    private: JsonObject = {"request": hashlib.sha256(request).hexdigest(), "subject": subject}
    return Event("certificate.requested/1", data, private, actor)


def issued(use: KeyUseRow, row: KeyRow, ca: TrustedCa, policy_oid: str, certificate: bytes) -> Event:
    """A certificate was issued; in the case of a long-term one this restates what was issued before."""
    loaded = x509.load_der_x509_certificate(certificate)
    data = _common(use, ca) | {
        "profile": row.profile,
        "policy_oid": policy_oid,
        "key_algorithm": row.algorithm,
        "not_before": format_time(loaded.not_valid_before_utc),
        "not_after": format_time(loaded.not_valid_after_utc),
        "key_usage": [*KEY_USAGE],
    }
    private: JsonObject = {
        "certificate": hashlib.sha256(certificate).hexdigest(),
        "serial_number": f"{loaded.serial_number:x}",
        "subject": loaded.subject.rfc4514_string(),
        "issuer": loaded.issuer.rfc4514_string(),
    }
    if row.response_sha256 is not None:
        private["response"] = row.response_sha256
    return Event("certificate.issued/1", data, private)


def revoked(use: KeyUseRow, row: KeyRow, ca: TrustedCa, found: Revoked) -> Event:
    """A certificate was revoked."""
    data = _common(use, ca) | {
        "revoked_at": format_time(found.at),
        "reason_code": row.reason or "unspecified",
        "status_kind": found.kind,
        "status_sha256": hashlib.sha256(found.status).hexdigest(),
    }
    return Event("certificate.revoked/1", data, _certificate(row))


def destroyed(use: KeyUseRow, row: KeyRow) -> Event:
    """A private key was destroyed, by the word of this service."""
    data: JsonObject = {
        "party": use.party,
        "key": use.ref,
        "destroyed_at": format_time(row.destroyed_at) if row.destroyed_at is not None else "",
        "method": "wrapping_key_erase",
        "attested_by": "platform",
    }
    return Event("certificate.destroyed/1", data, _certificate(row))


def _common(use: KeyUseRow, ca: TrustedCa) -> JsonObject:
    return {"party": use.party, "key": use.ref, "ca": ca.name, "simulated": ca.test}


def _certificate(row: KeyRow) -> JsonObject:
    return {} if row.certificate_sha256 is None else {"certificate": row.certificate_sha256}
