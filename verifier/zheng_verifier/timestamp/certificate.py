"""Certificates of time-stamping authorities: reading, finding the signer's, and what it must be allowed to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import algos, x509

from zheng_verifier.errors import (
    InsufficientError,
    MalformedError,
    UncheckableError,
    VerificationError,
)
from zheng_verifier.timestamp.algorithms import (
    MIN_RSA_BITS,
    AlgorithmIdentifier,
    digest,
    digest_name,
    read_algorithm,
    rsa_bits,
    signature_scheme,
    verify_signature,
)
from zheng_verifier.timestamp.der import PARSE_ERRORS, check_der, contents, split
from zheng_verifier.timestamp.token import CertificateId, IssuerSerial, Signer
from zheng_verifier.timestamp.tst_info import GeneralName, read_general_name

_SIGNING = {"digital_signature", "non_repudiation"}


@dataclass(frozen=True, slots=True)
class SignedObject:
    """What a CA signed: a certificate or a CRL, and how. ``where`` names it in errors."""

    data: bytes
    algorithm: AlgorithmIdentifier
    signature: bytes
    where: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate read whole, so that nothing later can fail to parse. ``x509`` is asn1crypto's object.

    ``issuer`` and ``subject`` are names in the comparable form of RFC 5280 §7.1.
    """

    der: bytes
    x509: Any
    issuer: str
    subject: str
    spki: bytes
    not_before: datetime
    not_after: datetime
    signed: SignedObject


def load_certificate(der: bytes, where: str) -> Certificate:
    """Read one DER certificate with all its extensions.

    Raises:
        MalformedError: FORMAT_FAILURE.

    """
    try:
        return _read(der)
    except MalformedError as error:
        raise MalformedError(error.code, error.detail, where) from error


@lru_cache(maxsize=64)  # a case's tokens and signatures come with the same few certificates again and again
def _read(der: bytes) -> Certificate:
    check_der(der, "")
    try:
        loaded = x509.Certificate.load(der, strict=True)
        _ = loaded.native, loaded.critical_extensions  # reads everything; asn1crypto is lazy otherwise
        validity = loaded["tbs_certificate"]["validity"]
        certificate = Certificate(
            der=der,
            x509=loaded,
            issuer=loaded.issuer.hashable,
            subject=loaded.subject.hashable,
            spki=loaded.public_key.dump(),
            not_before=validity["not_before"].native,
            not_after=validity["not_after"].native,
            signed=read_signed(der, ""),
        )
    except PARSE_ERRORS as error:
        raise MalformedError("FORMAT_FAILURE", f"the certificate does not parse: {error}") from error
    return certificate


def read_signed(der: bytes, where: str) -> SignedObject:
    """Take a certificate or CRL apart into what was signed, and how.

    Raises:
        MalformedError: the algorithm inside, which is signed, and the one outside differ (RFC 5280 §4.1.1.2);
            a signature that is not whole bytes.

    """
    data, outer, bits = split(der)
    if outer not in split(data)[:3]:  # after version and serial number at most
        raise MalformedError("FORMAT_FAILURE", "two different signature algorithms are named", where)
    unused, signature = contents(bits)[:1], contents(bits)[1:]
    if unused != b"\x00":
        raise MalformedError("FORMAT_FAILURE", "the signature is not whole bytes", where)
    algorithm = read_algorithm(algos.SignedDigestAlgorithm.load(outer))
    return SignedObject(data, algorithm, signature, where)


def verify_issued(signed: SignedObject, issuer: Certificate) -> None:
    """Verify that ``issuer``'s key signed the object.

    Raises:
        VerificationError: SIG_CRYPTO_FAILURE.
        UncheckableError: UNKNOWN_ALGORITHM.

    """
    scheme = signature_scheme(signed.algorithm, None, signed.where)
    verify_signature(
        scheme, spki=issuer.spki, signature=signed.signature, data=signed.data, where=signed.where
    )


def describe(certificate: Certificate) -> str:
    """Name a certificate's subject for people."""
    name: str = certificate.x509.subject.human_friendly
    return name


def find_signer(signer: Signer, certificates: Iterable[Certificate]) -> Certificate:
    """Find the certificate that signer identifier and ESSCertID both name (RFC 3161 §2.4.2, RFC 5816).

    Raises:
        VerificationError: SIG_CONSTRAINTS_FAILURE: no signing-certificate attribute, or it names another one.
        UncheckableError: NO_SIGNING_CERTIFICATE_FOUND: neither in the token nor given.

    """
    where = "signerInfo.signingCertificate"
    if not signer.certificate_ids:
        raise VerificationError("SIG_CONSTRAINTS_FAILURE", "no signing-certificate attribute", where)
    named = [c for c in certificates if _is_identified(signer.identifier, c)]
    if not named:
        detail = "the authority's certificate is neither in the token nor among those given"
        raise UncheckableError("NO_SIGNING_CERTIFICATE_FOUND", detail, "signerInfo.sid")
    for certificate in named:
        if all(matches_id(ids[0], certificate) for _, ids in signer.certificate_ids if ids):
            return certificate
    raise VerificationError("SIG_CONSTRAINTS_FAILURE", "the ESSCertID is of another certificate", where)


def _is_identified(identifier: IssuerSerial | bytes, certificate: Certificate) -> bool:
    if isinstance(identifier, bytes):
        key_identifier: bytes | None = certificate.x509.key_identifier
        return key_identifier == identifier
    return identifier == IssuerSerial(
        certificate.x509.issuer.chosen.untag().dump(), certificate.x509.serial_number
    )


def matches_id(certificate_id: CertificateId, certificate: Certificate) -> bool:
    """Tell whether an ESSCertID names this certificate.

    Raises:
        UncheckableError: UNKNOWN_ALGORITHM: the digest of the ESSCertIDv2.

    """
    name = digest_name(certificate_id.algorithm, "signerInfo.signingCertificate")
    named = certificate_id.issuer_serial
    return digest(name, certificate.der) == certificate_id.digest and (
        named is None or _is_identified(named, certificate)
    )


def check_tsa_certificate(certificate: Certificate, name: GeneralName | None) -> None:
    """Check that the certificate is one of a time-stamping authority, and of the one that ``name`` says.

    Raises:
        VerificationError: CHAIN_CONSTRAINTS_FAILURE: extended key usage not critical or not exactly
            timeStamping (RFC 3161 §2.3), or a key usage other than signing; SIG_CONSTRAINTS_FAILURE: the
            token's ``tsa`` is not a name of this certificate (§2.4.2).
        InsufficientError: CRYPTO_CONSTRAINTS_FAILURE: an RSA key below 2048 bits.

    """
    where = f"certificate {describe(certificate)}"
    loaded = certificate.x509
    usage = loaded.extended_key_usage_value
    if usage is None or usage.native != ["time_stamping"]:
        detail = "extended key usage is not timeStamping alone"
        raise VerificationError("CHAIN_CONSTRAINTS_FAILURE", detail, where)
    if "extended_key_usage" not in loaded.critical_extensions:
        raise VerificationError("CHAIN_CONSTRAINTS_FAILURE", "extended key usage is not critical", where)
    key_usage = loaded.key_usage_value
    if key_usage is not None and not (key_usage.native and key_usage.native <= _SIGNING):
        detail = "key usage is not digitalSignature or nonRepudiation alone"
        raise VerificationError("CHAIN_CONSTRAINTS_FAILURE", detail, where)
    if name is not None and name not in _names(certificate):
        raise VerificationError(
            "SIG_CONSTRAINTS_FAILURE", "the token names another authority than its certificate", "tstInfo.tsa"
        )
    bits = rsa_bits(certificate.spki)
    if bits is not None and bits < MIN_RSA_BITS:
        raise InsufficientError(
            "CRYPTO_CONSTRAINTS_FAILURE", f"the authority's RSA key has {bits} bits", where
        )


def _names(certificate: Certificate) -> set[GeneralName]:
    alternative = certificate.x509.subject_alt_name_value
    names = {GeneralName("directory_name", certificate.subject)}
    if alternative is not None:
        names |= {read_general_name(value) for value in alternative}
    return names


def check_validity(certificate: Certificate, moment: datetime) -> None:
    """Check that ``moment`` lies in the certificate's validity, both ends included (RFC 5280 §4.1.2.5).

    Raises:
        VerificationError: NOT_YET_VALID, EXPIRED.

    """
    where = f"certificate {describe(certificate)}"
    if moment < certificate.not_before:
        detail = f"valid only from {certificate.not_before.isoformat()}"
        raise VerificationError("NOT_YET_VALID", detail, where)
    if moment > certificate.not_after:
        raise VerificationError("EXPIRED", f"valid only until {certificate.not_after.isoformat()}", where)
