"""What an authority answers, before it is believed: is it the certificate that was asked for, below a root we know?

An authority behind a network is a stranger: it may answer for another request, by mistake or not. So its answer is held
against the request, the subject and what the operator's settings say of the authority.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from zheng_verifier.errors import EvidenceError
from zheng_verifier.policy import TrustedCa
from zheng_verifier.timestamp.certificate import load_certificate
from zheng_verifier.timestamp.path import find_path

from signing.certificates.ports import (
    AuthorityMistaken,
    AuthorityUnavailable,
    IssuedCertificate,
    Profile,
    Revoked,
)

LONGEST: Mapping[Profile, timedelta] = MappingProxyType(
    {"one_time": timedelta(days=1), "long_term": timedelta(days=1_100)}
)
"""How long a certificate may last."""

EARLIEST = timedelta(days=1)
"""So long before it was asked for a certificate may begin, for clocks that are slow and for one that was asked for again."""

SKEW = timedelta(minutes=5)
"""A certificate that begins so much later is waited for."""

MAX_CERTIFICATE = 16_384  # bytes
MAX_ABOVE = 6


def believe(
    issued: IssuedCertificate,
    request: bytes,
    profile: Profile,
    trusted: TrustedCa,
    policy_oid: str,
    now: datetime,
) -> IssuedCertificate:
    """Give what was issued with the path to the root in order, if all of it is what was asked for.

    Checked are size, key, subject (each attribute of the request but the unit, which says TEST or not; others may be
    added), validity, key usage, the certificate policy, and a path to a root of the settings that holds now.

    Raises:
        AuthorityMistaken: it is not.
        AuthorityUnavailable: it will be, in a moment.

    """
    if len(issued.certificate) > MAX_CERTIFICATE or len(issued.above) > MAX_ABOVE:
        raise AuthorityMistaken("the certificate, or what stands above it, is too long")
    asked = x509.load_der_x509_csr(request)
    try:
        certificate = x509.load_der_x509_certificate(issued.certificate)
        _check_key(certificate, asked)
        _check_subject(certificate.subject, asked.subject)
        _check_validity(certificate, profile, now)
        _check_usage(certificate, policy_oid)
    except (ValueError, UnsupportedAlgorithm, x509.ExtensionNotFound) as error:
        raise AuthorityMistaken("the certificate cannot be read, or lacks what signing needs") from error
    above = path_to_root(issued.certificate, issued.above, trusted, now)
    return IssuedCertificate(issued.certificate, above, issued.response)


def path_to_root(
    certificate: bytes, above: tuple[bytes, ...], trusted: TrustedCa, now: datetime
) -> tuple[bytes, ...]:
    """Give the certificates above one, up to a root of the settings.

    Raises:
        AuthorityMistaken: there is no path that holds now.

    """
    roots = [load_certificate(each, "root") for each in trusted.roots]
    try:
        pool = [load_certificate(each, "above") for each in above]
        path = find_path(load_certificate(certificate, "certificate"), roots=roots, pool=pool, moment=now)
    except EvidenceError as error:
        raise AuthorityMistaken(
            f"no path from the certificate to a root of the settings: {error.code}"
        ) from error
    return tuple(each.der for each in path[1:])


def believe_list(
    found: Revoked, serial: int, above: tuple[bytes, ...], trusted: TrustedCa, now: datetime
) -> Revoked:
    """Give a revocation with the moment that the list states, if the list is the issuer's and names the certificate.

    ``above`` begins with the certificate of the issuer of the list.

    Raises:
        AuthorityMistaken: it is not.

    """
    if not above:
        raise AuthorityMistaken("a list comes with the certificate of its issuer")
    path_to_root(above[0], above[1:], trusted, now)
    try:
        issuer = x509.load_der_x509_certificate(above[0])
        listed = x509.load_der_x509_crl(found.status)
        if listed.issuer != issuer.subject or not listed.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]  # of any kind; another than can sign raises TypeError
            raise AuthorityMistaken("the list is not signed by its issuer")
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AuthorityMistaken("the list cannot be read") from error
    entry = listed.get_revoked_certificate_by_serial_number(serial)
    if entry is None:
        raise AuthorityMistaken("the list does not name the certificate")
    return Revoked(entry.revocation_date_utc, "crl", found.status)


def _check_key(certificate: x509.Certificate, asked: x509.CertificateSigningRequest) -> None:
    keys = [
        each.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        for each in (certificate, asked)
    ]
    if keys[0] != keys[1]:
        raise AuthorityMistaken("the certificate is of another key")


def _check_subject(found: x509.Name, asked: x509.Name) -> None:
    """See that nothing of the name was changed; a common name that was added would be another name."""
    wanted = [each for each in asked if each.oid != NameOID.ORGANIZATIONAL_UNIT_NAME]
    given = [(each.oid, each.value) for each in found]
    if any((each.oid, each.value) not in given for each in wanted):
        raise AuthorityMistaken("the certificate is for another subject")
    if len(found.get_attributes_for_oid(NameOID.COMMON_NAME)) != 1:
        raise AuthorityMistaken("the certificate has several names")


def _check_validity(certificate: x509.Certificate, profile: Profile, now: datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < begins <= now + SKEW:
        raise AuthorityUnavailable(
            "the certificate begins in a moment: the authority's clock is ahead of ours"
        )
    if not now - EARLIEST <= begins <= now < ends:
        raise AuthorityMistaken("the certificate is not valid now, or began long before it was asked for")
    if ends - begins > LONGEST[profile]:
        raise AuthorityMistaken(f"the certificate lasts longer than one of the profile {profile} may")


def _check_usage(certificate: x509.Certificate, policy_oid: str) -> None:
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    if not (usage.digital_signature and usage.content_commitment) or usage.key_cert_sign or usage.crl_sign:
        raise AuthorityMistaken("the certificate is not for signatures that bind, or for more than that")
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.BasicConstraints) and extension.value.ca:
            raise AuthorityMistaken("the certificate is one of an authority")
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    if policy_oid not in {each.policy_identifier.dotted_string for each in policies}:
        raise AuthorityMistaken(f"the certificate does not name the policy {policy_oid}")
