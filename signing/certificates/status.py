"""The status of certificates: what is asked of the authority at signing, and what readers need years later."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from zheng_verifier.errors import EvidenceError
from zheng_verifier.pdf_signatures.revocation import PathStatus, load_pool, path_status
from zheng_verifier.timestamp.certificate import load_certificate
from zheng_verifier.timestamp.path import find_path

from signing.certificates.ports import (
    AuthorityMistaken,
    AuthorityRefused,
    AuthorityUnavailable,
    CertificateAuthority,
    Revoked,
)
from signing.pades.ports import ValidationData


def ask_status(
    authority: CertificateAuthority, certificate: bytes, above: tuple[bytes, ...]
) -> ValidationData:
    """Ask for an OCSP response and the lists; gives no status where the authority does not answer.

    Nothing of it is judged here: a response that says "revoked" is a status too. Lists are those of the path's issuers.
    Where there is a response, the list of the same issuer is left out: it names other people's certificates, and readers
    that find it fresher than the certificate itself (pyHanko) then judge the certificate after its end.
    """
    loaded = x509.load_der_x509_certificate(certificate)
    issuer = x509.load_der_x509_certificate(above[0])
    query = ocsp.OCSPRequestBuilder().add_certificate(loaded, issuer, hashes.SHA256()).build()
    try:
        response = authority.ocsp(query.public_bytes(Encoding.DER))
        issuers = {x509.load_der_x509_certificate(each).subject for each in above}
        lists = tuple(each for each in authority.crls() if x509.load_der_x509_crl(each).issuer in issuers)
    except (AuthorityUnavailable, AuthorityRefused, AuthorityMistaken):
        return ValidationData()
    answered = ocsp.load_der_ocsp_response(response).response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
    if not answered:
        return ValidationData(above, lists)
    others = tuple(each for each in lists if x509.load_der_x509_crl(each).issuer != loaded.issuer)
    return ValidationData(above, others, (response,))


def revocation_in(certificate: bytes, data: ValidationData, at: datetime) -> Revoked:
    """Name what of the data says that a certificate was revoked: the response, else its issuer's list."""
    if data.ocsps:
        return Revoked(at, "ocsp", data.ocsps[0])
    issuer = x509.load_der_x509_certificate(certificate).issuer
    return Revoked(
        at, "crl", next(each for each in data.crls if x509.load_der_x509_crl(each).issuer == issuer)
    )


def judge_status(
    authority: CertificateAuthority, certificate: bytes, data: ValidationData, moment: datetime
) -> PathStatus:
    """Judge a certificate by the data, as our verifier will: a path to the authority's root, and its status then."""
    pool = load_pool(data.certificates)
    roots = [load_certificate(der, "root") for der in authority.trusted.roots]
    try:
        signer = load_certificate(certificate, "certificate")
        path = find_path(signer, roots=roots, pool=pool, moment=moment)
    except EvidenceError as error:
        return PathStatus(known=False, reason=f"{error.code}: {error.detail}")
    return path_status(path, pool=pool, crls=data.crls, ocsps=data.ocsps, moment=moment)
