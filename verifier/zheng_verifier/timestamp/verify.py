"""``verify_timestamp``: is this token a statement of a trusted authority about this message?

The numbers in the comments are those of docs/spec/timestamp.md §4. What is false is found before what is
merely not enough, so that a forged token of an unknown authority is called forged.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.errors import InsufficientError, UncheckableError, VerificationError
from zheng_verifier.timestamp.algorithms import (
    IMPRINT_ALGORITHMS,
    WEAK_DIGESTS,
    SignatureScheme,
    digest,
    digest_name,
    digest_size,
    signature_scheme,
    verify_signature,
)
from zheng_verifier.timestamp.certificate import (
    Certificate,
    check_tsa_certificate,
    check_validity,
    describe,
    find_signer,
    load_certificate,
    matches_id,
)
from zheng_verifier.timestamp.path import find_issuer, find_path
from zheng_verifier.timestamp.revocation import Crl, check_revocation, load_crl
from zheng_verifier.timestamp.token import GRANTED_WITH_MODS, Signer, TimestampToken, parse_response
from zheng_verifier.timestamp.trust import TrustedTsa
from zheng_verifier.timestamp.tst_info import Accuracy, TstInfo

Message = bytes | Mapping[str, bytes]
"""What a token is about: bytes, or their digests by algorithm name."""

_TST_INFO = "1.2.840.113549.1.9.16.1.4"

REMARK_GRANTED_WITH_MODS = "GRANTED_WITH_MODS"
REMARK_ESS_V1 = "ESS_CERT_ID_V1"
REMARK_REVOCATION_NOT_CHECKED = "REVOCATION_NOT_CHECKED"


@dataclass(frozen=True, slots=True)
class TimestampResult:
    """What a token proves: the message existed not after ``gen_time`` (plus ``accuracy``), says ``tsa_subject``.

    ``remarks``: what a report should add; GRANTED_WITH_MODS, ESS_CERT_ID_V1 (the certificate is named by
    SHA-1 only), REVOCATION_NOT_CHECKED (no CRL reaching the moment was at hand). ``test`` is the policy's word
    on the authority: a result with it set proves nothing to a stranger.
    """

    gen_time: datetime
    accuracy: Accuracy | None
    serial_number: int
    policy_oid: str
    tsa_subject: str
    imprint_algorithm: str
    signature_algorithm: str
    test: bool
    remarks: tuple[str, ...]


def verify_timestamp(
    raw: bytes,
    *,
    message: Message,
    tsa: TrustedTsa,
    nonce: int | None = None,
    extra_certificates: Sequence[bytes] = (),
    crls: Sequence[bytes] = (),
    at: datetime | None = None,
) -> TimestampResult:
    """Verify a TimeStampResp or bare TimeStampToken ``raw`` over ``message``.

    ``message``: the bytes, or their digests by algorithm name where the bytes are not at hand any more.
    ``nonce``: the one sent in the request; None where it is not known any more. ``extra_certificates``, ``crls``:
    DER, believed only as far as their signatures go. ``at``: the moment at which certificates must hold, by
    default genTime itself and never the present.

    Raises:
        MalformedError: FORMAT_FAILURE.
        VerificationError: STATUS_NOT_GRANTED, HASH_FAILURE, NONCE_MISMATCH, SIG_CRYPTO_FAILURE,
            SIG_CONSTRAINTS_FAILURE, CHAIN_CONSTRAINTS_FAILURE, NOT_YET_VALID, EXPIRED, REVOKED.
        InsufficientError: UNTRUSTED_TSA, OUT_OF_TRUST_PERIOD, POLICY_NOT_ALLOWED, CRYPTO_CONSTRAINTS_FAILURE.
        UncheckableError: UNKNOWN_ALGORITHM, UNKNOWN_EXTENSION, NO_SIGNING_CERTIFICATE_FOUND.

    """
    # 1-2: read everything, and the authority granted
    response = parse_response(raw)
    token = response.granted()
    certificates = _load_certificates(token, extra_certificates)
    known_crls = _load_crls(token, crls)
    # 3-6: the statement is about this message and this request, and nothing in it is beyond us
    imprint_algorithm = _check_imprint(token.info, message)
    _check_nonce(token.info, nonce)
    if token.info.critical_extensions:
        detail = f"critical extension {token.info.critical_extensions[0]} is not known to this verifier"
        raise UncheckableError("UNKNOWN_EXTENSION", detail, "tstInfo.extensions")
    # 7-10: the statement is signed
    certificate, scheme = _check_signature(token, certificates)
    # 11-13: by an authority, within its certificate's time, not revoked
    check_tsa_certificate(certificate, token.info.tsa)
    moment = token.info.gen_time if at is None else at
    check_validity(certificate, moment)
    path = _check_trust(certificate, certificates, token.signer, tsa, moment)
    unrevoked = _check_revocation(path, certificates, known_crls, moment)
    # 14-15: the policy accepts it
    _check_policy(token.info, imprint_algorithm, scheme, tsa)
    return TimestampResult(
        gen_time=token.info.gen_time,
        accuracy=token.info.accuracy,
        serial_number=token.info.serial_number,
        policy_oid=token.info.policy_oid,
        tsa_subject=describe(certificate),
        imprint_algorithm=imprint_algorithm,
        signature_algorithm=scheme.name,
        test=tsa.test,
        remarks=_remarks(response.status, token.signer, unrevoked=unrevoked),
    )


def _load_certificates(token: TimestampToken, extra: Sequence[bytes]) -> tuple[Certificate, ...]:
    enclosed = [load_certificate(der, f"token.certificates[{i}]") for i, der in enumerate(token.certificates)]
    given = [load_certificate(der, f"certificates[{i}]") for i, der in enumerate(extra)]
    return (*enclosed, *given)


def _load_crls(token: TimestampToken, extra: Sequence[bytes]) -> tuple[Crl, ...]:
    enclosed = [load_crl(der, f"token.crls[{i}]") for i, der in enumerate(token.crls)]
    given = [load_crl(der, f"crls[{i}]") for i, der in enumerate(extra)]
    return (*enclosed, *given)


def _check_imprint(info: TstInfo, message: Message) -> str:
    name = digest_name(info.imprint_algorithm, "tstInfo.messageImprint")
    if len(info.imprint) != digest_size(name):
        detail = f"{len(info.imprint)} bytes cannot be a {name} digest"
        raise VerificationError("HASH_FAILURE", detail, "tstInfo.messageImprint")
    computed = digest(name, message) if isinstance(message, bytes) else message.get(name)
    if computed is None:
        detail = f"the message's {name} digest is not at hand"
        raise UncheckableError("UNKNOWN_ALGORITHM", detail, "tstInfo.messageImprint")
    if not hmac.compare_digest(info.imprint, computed):
        detail = f"the token is about other bytes: its {name} imprint differs"
        raise VerificationError("HASH_FAILURE", detail, "tstInfo.messageImprint")
    return name


def _check_nonce(info: TstInfo, nonce: int | None) -> None:
    if nonce is not None and info.nonce != nonce:
        detail = "the token carries no nonce" if info.nonce is None else "the token answers another request"
        raise VerificationError("NONCE_MISMATCH", detail, "tstInfo.nonce")


def _check_signature(
    token: TimestampToken, certificates: Sequence[Certificate]
) -> tuple[Certificate, SignatureScheme]:
    signer = token.signer
    digest_algorithm = digest_name(signer.digest_algorithm, "signerInfo.digestAlgorithm")
    if signer.message_digest != digest(digest_algorithm, token.content):
        detail = "the signed messageDigest is not the digest of the TSTInfo"
        raise VerificationError("HASH_FAILURE", detail, "signerInfo.messageDigest")
    if signer.content_type != _TST_INFO:
        detail = "the signed contentType is not id-ct-TSTInfo"
        raise VerificationError("SIG_CONSTRAINTS_FAILURE", detail, "signerInfo.contentType")
    certificate = find_signer(signer, certificates)
    scheme = signature_scheme(signer.signature_algorithm, digest_algorithm, "signerInfo.signatureAlgorithm")
    verify_signature(
        scheme,
        spki=certificate.spki,
        signature=signer.signature,
        data=signer.signed_attributes,
        where="signerInfo.signature",
    )
    return certificate, scheme


def _check_trust(
    certificate: Certificate,
    certificates: Sequence[Certificate],
    signer: Signer,
    tsa: TrustedTsa,
    moment: datetime,
) -> tuple[Certificate, ...]:
    """Satisfy pins and roots of the policy; return the path, of one certificate where only pins are given."""
    if tsa.pins and hashlib.sha256(certificate.der).digest() not in tsa.pins:
        detail = f"{describe(certificate)} is not a certificate the policy pins"
        raise InsufficientError("UNTRUSTED_TSA", detail, "token.certificates")
    if not tsa.roots and tsa.pins:
        return (certificate,)
    roots = [load_certificate(der, f"policy.tsas.{tsa.name}.roots[{i}]") for i, der in enumerate(tsa.roots)]
    path = find_path(certificate, roots=roots, pool=certificates, moment=moment)
    # RFC 5035 §3: certificates named beyond the first limit the path to those named.
    for _, ids in signer.certificate_ids:
        if len(ids) > 1 and not all(any(matches_id(one, c) for one in ids) for c in path[:-1]):
            detail = "the path uses a certificate the signer's certificate list leaves out"
            raise VerificationError("SIG_CONSTRAINTS_FAILURE", detail, "signerInfo.signingCertificate")
    return path


def _check_revocation(
    path: Sequence[Certificate], certificates: Sequence[Certificate], crls: Sequence[Crl], moment: datetime
) -> bool:
    """Check each certificate below the anchor; tell whether every one of them is known as not revoked."""
    issuers = list(path[1:])
    if not issuers:  # pinned alone: its issuer, if at hand, can still have revoked it
        issuer = find_issuer(path[0], certificates)
        issuers = [] if issuer is None else [issuer]
    pairs = zip(path, issuers, strict=False)
    answers = [check_revocation(certificate, issuer, crls, moment) for certificate, issuer in pairs]
    return bool(answers) and all(answers)


def _check_policy(info: TstInfo, imprint: str, scheme: SignatureScheme, tsa: TrustedTsa) -> None:
    if (tsa.valid_from is not None and info.gen_time < tsa.valid_from) or (
        tsa.valid_until is not None and info.gen_time > tsa.valid_until
    ):
        detail = f"genTime is outside the time for which the policy trusts {tsa.name}"
        raise InsufficientError("OUT_OF_TRUST_PERIOD", detail, "tstInfo.genTime")
    if info.policy_oid not in tsa.policy_oids:
        detail = f"TSA policy {info.policy_oid} is not among those the trust policy names for {tsa.name}"
        raise InsufficientError("POLICY_NOT_ALLOWED", detail, "tstInfo.policy")
    if imprint not in IMPRINT_ALGORITHMS or imprint not in tsa.imprint_algs:
        detail = f"imprint by {imprint}, which the trust policy does not accept"
        raise InsufficientError("CRYPTO_CONSTRAINTS_FAILURE", detail, "tstInfo.messageImprint")
    if scheme.digest in WEAK_DIGESTS:
        detail = f"signed by {scheme.name}, which is too weak"
        raise InsufficientError("CRYPTO_CONSTRAINTS_FAILURE", detail, "signerInfo.signatureAlgorithm")


def _remarks(status: int | None, signer: Signer, *, unrevoked: bool) -> tuple[str, ...]:
    remarks = []
    if status == GRANTED_WITH_MODS:
        remarks.append(REMARK_GRANTED_WITH_MODS)
    if all(version == 1 for version, _ in signer.certificate_ids):
        remarks.append(REMARK_ESS_V1)
    if not unrevoked:
        remarks.append(REMARK_REVOCATION_NOT_CHECKED)
    return tuple(remarks)
