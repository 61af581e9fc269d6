"""What the test authority says about its certificates later: CRLs (RFC 5280) and OCSP responses (RFC 6960). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signing.certificates.ports import Reason
from signing.certificates.testca.issuing import Keys

CRL_LIFE = timedelta(days=7)
OCSP_LIFE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Entry:
    """A revoked certificate on a list."""

    serial: int
    at: datetime
    reason: Reason


def make_crl(
    issuer: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    entries: Sequence[Entry],
    *,
    number: int,
    now: datetime,
) -> bytes:
    """List what is revoked, as of ``now``; DER."""
    start = now.replace(microsecond=0)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(start)
        .next_update(start + CRL_LIFE)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for each in entries:
        revoked = x509.RevokedCertificateBuilder().serial_number(each.serial).revocation_date(each.at)
        if each.reason != "unspecified":  # RFC 5280 §5.3.1: then the extension should be left out
            revoked = revoked.add_extension(x509.CRLReason(_flag(each.reason)), critical=False)
        builder = builder.add_revoked_certificate(revoked.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def answer(
    keys: Keys, request: ocsp.OCSPRequest, *, until: datetime | None, entry: Entry | None, now: datetime
) -> bytes:
    """Tell the status of one certificate: good, revoked, or unknown if we did not issue it; DER.

    ``until`` is when it ends, None for unknown: an answer is not good for longer than the certificate is.
    """
    status = ocsp.OCSPCertStatus.UNKNOWN if until is None else ocsp.OCSPCertStatus.GOOD
    start = now.replace(microsecond=0)
    stale = start + OCSP_LIFE
    if until is not None and start < until:
        stale = min(stale, until)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=request.issuer_name_hash,
        issuer_key_hash=request.issuer_key_hash,
        serial_number=request.serial_number,
        algorithm=request.hash_algorithm,
        cert_status=status if entry is None else ocsp.OCSPCertStatus.REVOKED,
        this_update=start,
        next_update=stale,
        revocation_time=None if entry is None else entry.at,
        revocation_reason=None if entry is None or entry.reason == "unspecified" else _flag(entry.reason),
    )
    for extension in request.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            builder = builder.add_extension(extension.value, critical=False)
    return (
        builder.responder_id(ocsp.OCSPResponderEncoding.HASH, keys.responder)
        .certificates([keys.responder])
        .sign(keys.responder_key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


def is_about(request: ocsp.OCSPRequest, issuer: x509.Certificate) -> bool:
    """Tell whether a request asks about a certificate of this issuer."""
    named = ocsp.OCSPRequestBuilder().add_certificate(issuer, issuer, request.hash_algorithm).build()
    # The hash of the issuer's key; its own certificate stands in for the one asked about.
    return named.issuer_key_hash == request.issuer_key_hash


def _flag(reason: Reason) -> x509.ReasonFlags:
    return x509.ReasonFlags[reason]
