"""Revocation out of stored CRLs, as RFC 3161 §4 reads it for tokens of the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl as asn1_crl

from zheng_verifier.errors import MalformedError, VerificationError
from zheng_verifier.timestamp.certificate import (
    Certificate,
    SignedObject,
    describe,
    read_signed,
    verify_issued,
)
from zheng_verifier.timestamp.der import PARSE_ERRORS, check_der

# Revoked later for one of these, what was signed before stays good. A later revocation without a reason, or
# for any other, takes all tokens of the key with it (RFC 3161 §4 items 1 and 2).
_HARMLESS_LATER = frozenset({"unspecified", "affiliation_changed", "superseded", "cessation_of_operation"})


@dataclass(frozen=True, slots=True)
class Crl:
    """A CRL read whole; ``x509`` is asn1crypto's object, ``issuer`` its name in comparable form.

    ``complete``: it speaks for every certificate of its issuer (no critical extension narrows it).
    """

    x509: Any
    issuer: str
    complete: bool
    this_update: datetime
    next_update: datetime | None
    signed: SignedObject


def load_crl(der: bytes, where: str) -> Crl:
    """Read one DER CRL.

    Raises:
        MalformedError: FORMAT_FAILURE.

    """
    check_der(der, where)
    try:
        loaded = asn1_crl.CertificateList.load(der, strict=True)
        _ = loaded.native  # reads everything; asn1crypto is lazy otherwise
        body = loaded["tbs_cert_list"]
        crl = Crl(
            x509=loaded,
            issuer=loaded.issuer.hashable,
            complete=not any(e["critical"].native for e in body["crl_extensions"] or ()),
            this_update=body["this_update"].native,
            next_update=body["next_update"].native,
            signed=read_signed(der, where),
        )
    except PARSE_ERRORS as error:
        raise MalformedError("FORMAT_FAILURE", f"the CRL does not parse: {error}", where) from error
    return crl


def check_revocation(
    certificate: Certificate, issuer: Certificate, crls: Sequence[Crl], moment: datetime
) -> bool:
    """Check one certificate against the CRLs of its issuer; CRLs of others say nothing here.

    Returns:
        True if a complete CRL that reaches ``moment`` was among them: not revoked. False: nothing known.

    Raises:
        VerificationError: REVOKED at ``moment``, or later for a reason that reaches back;
            SIG_CRYPTO_FAILURE: the issuer's key did not sign a CRL in its name.
        UncheckableError: UNKNOWN_ALGORITHM.

    """
    covered = False
    for crl in crls:
        if crl.issuer != certificate.issuer or not _may_have_signed(issuer, crl):
            continue
        verify_issued(crl.signed, issuer)
        for entry in crl.x509["tbs_cert_list"]["revoked_certificates"] or ():
            if entry["user_certificate"].native == certificate.x509.serial_number:
                _check_entry(entry, certificate, moment)
        reaches = max(crl.this_update, crl.next_update or crl.this_update) >= moment
        covered = covered or (crl.complete and reaches)
    return covered


def _may_have_signed(issuer: Certificate, crl: Crl) -> bool:
    """Leave out a CRL of the same name but another key, one of a key not for CRLs, and indirect CRLs."""
    wanted, found = crl.x509.authority_key_identifier, issuer.x509.key_identifier
    usage = issuer.x509.key_usage_value
    point = crl.x509.issuing_distribution_point_value
    return (
        (wanted is None or found is None or wanted == found)
        and (usage is None or "crl_sign" in usage.native)
        and (point is None or not point["indirect_crl"].native)
    )


def _check_entry(entry: Any, certificate: Certificate, moment: datetime) -> None:
    revoked_at = entry["revocation_date"].native
    reason = entry.crl_reason_value.native if entry.crl_reason_value is not None else None
    if reason == "remove_from_crl" or (revoked_at > moment and reason in _HARMLESS_LATER):
        return
    detail = f"revoked at {revoked_at.isoformat()}, reason {reason or 'not given'}"
    raise VerificationError("REVOKED", detail, f"certificate {describe(certificate)}")
