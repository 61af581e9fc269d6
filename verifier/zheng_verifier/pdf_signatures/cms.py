"""The CMS SignedData of one PDF signature: its parts, and whether its arithmetic holds (RFC 5652, ETSI EN 319 142-1).

Structure and signed attributes are pyHanko's; which certificate is the signer's is decided here, byte for byte:
asn1crypto's comparison of names refuses characters that stand in names on Chinese identity cards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, core, parser
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidator,
)

from zheng_verifier.errors import (
    EvidenceError,
    InsufficientError,
    MalformedError,
    UncheckableError,
    VerificationError,
)
from zheng_verifier.timestamp import parse_response
from zheng_verifier.timestamp.algorithms import digest, digest_name, read_algorithm, signature_scheme
from zheng_verifier.timestamp.der import PARSE_ERRORS

_ADOBE_REVOCATION = "1.2.840.113583.1.1.8"
MAX_TIMESTAMPS = 16
"""Time-stamp tokens in one signature."""


@dataclass(frozen=True, slots=True)
class Cms:
    """A SignedData with one SignerInfo. ``signed_data`` and ``signer_info`` are asn1crypto's objects.

    ``der`` is without the zeros that fill the place reserved in the PDF. ``signer`` is the DER certificate that the
    signer identifier names, None if it is not enclosed. The algorithms are named as everywhere in this verifier,
    unknown ones as asn1crypto names them or by their OID. ``signature`` is the signature value, which a signature
    time-stamp is about; ``names_certificate`` whether a signed attribute names the signer's certificate, as PAdES asks
    (EN 319 122-1 §5.2.2). Nothing is read as a whole: asn1crypto takes a time that grows with the depth squared for that.
    """

    der: bytes
    signed_data: Any
    signer_info: Any
    signer: bytes | None
    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    digest_algorithm: str
    signature_algorithm: str
    signature: bytes
    timestamps: tuple[bytes, ...]
    names_certificate: bool


def read_cms(contents: bytes, where: str) -> Cms:
    """Read the value of /Contents.

    Raises:
        MalformedError: FORMAT_FAILURE: no SignedData with one signer, or more than zeros after it.

    """
    try:
        length = parser.peek(contents)
        der, padding = contents[:length], contents[length:]
        if padding.strip(b"\0"):
            raise MalformedError("FORMAT_FAILURE", "bytes that nothing explains follow the CMS value", where)
        outer = cms.ContentInfo.load(der)
        if outer["content_type"].native != "signed_data":
            raise MalformedError("FORMAT_FAILURE", "the CMS value is not SignedData", where)
        signed_data = outer["content"]
        (signer_info,) = signed_data["signer_infos"]
        certificates = tuple(_certificates(signed_data))
        return Cms(
            der=der,
            signed_data=signed_data,
            signer_info=signer_info,
            signer=_signer(signer_info, certificates),
            certificates=certificates,
            crls=tuple(_crls(signed_data, signer_info)),
            ocsps=tuple(_ocsps(signer_info)),
            digest_algorithm=_digest_name(signer_info),
            signature_algorithm=_scheme_name(signer_info),
            signature=bytes(signer_info["signature"].native),
            timestamps=tuple(_timestamps(signer_info))[:MAX_TIMESTAMPS],
            names_certificate=_names_certificate(signer_info),
        )
    except PARSE_ERRORS as error:
        detail = f"the CMS value does not parse: {type(error).__name__}"
        raise MalformedError("FORMAT_FAILURE", detail, where) from error


def _certificates(signed_data: Any) -> Iterator[bytes]:
    for choice in signed_data["certificates"] or ():
        if choice.name == "certificate":
            yield choice.chosen.untag().dump()


def _signer(signer_info: Any, certificates: tuple[bytes, ...]) -> bytes | None:
    """Find the certificate of the signer identifier, by the bytes of issuer and serial number or by key identifier."""
    sid = signer_info["sid"]
    for der in certificates:
        certificate = cms.Certificate.load(der)
        if sid.name == "issuer_and_serial_number":
            issuer = certificate["tbs_certificate"]["issuer"].dump()
            number = certificate["tbs_certificate"]["serial_number"].native
            if issuer == sid.chosen["issuer"].dump() and number == sid.chosen["serial_number"].native:
                return der
        elif certificate.key_identifier == sid.chosen.native:
            return der
    return None


def _names_certificate(signer_info: Any) -> bool:
    wanted = {"signing_certificate", "signing_certificate_v2"}
    return any(attribute["type"].native in wanted for attribute in signer_info["signed_attrs"] or ())


def _attribute_values(attributes: Any, oid: str) -> Iterator[Any]:
    for attribute in attributes or ():
        if attribute["type"].dotted == oid:
            yield from attribute["values"]


def _adobe(signer_info: Any, member: str) -> Iterator[bytes]:
    """Give the CRLs or OCSP responses of Adobe's attribute (RevocationInfoArchival), older than PAdES."""
    for archive in _attribute_values(signer_info["signed_attrs"], _ADOBE_REVOCATION):
        for value in archive[member] or ():
            yield value.dump()


def _crls(signed_data: Any, signer_info: Any) -> Iterator[bytes]:
    for choice in signed_data["crls"] or ():
        if choice.name == "crl":
            yield choice.chosen.dump()
    yield from _adobe(signer_info, "crl")


def _ocsps(signer_info: Any) -> Iterator[bytes]:
    yield from _adobe(signer_info, "ocsp")


def _timestamps(signer_info: Any) -> Iterator[bytes]:
    for token in _attribute_values(signer_info["unsigned_attrs"], "1.2.840.113549.1.9.16.2.14"):
        yield token.dump()


def _digest_name(signer_info: Any) -> str:
    algorithm = signer_info["digest_algorithm"]
    try:
        return digest_name(read_algorithm(algorithm), "")
    except EvidenceError:
        name: str = algorithm["algorithm"].native
        return name


def _scheme_name(signer_info: Any) -> str:
    algorithm = read_algorithm(signer_info["signature_algorithm"])
    try:
        return signature_scheme(algorithm, _digest_name(signer_info), "").name
    except (EvidenceError, KeyError):
        name: str = signer_info["signature_algorithm"]["algorithm"].native
        return name


def message_digest(value: Cms) -> bytes | None:
    """Give the signed digest of the content; None where no attributes are signed or it is not there once."""
    found = [
        each.native for each in _attribute_values(value.signer_info["signed_attrs"], "1.2.840.113549.1.9.4")
    ]
    return found[0] if len(found) == 1 else None


def check_signature(value: Cms, digest_of_content: bytes, where: str) -> bool:
    """Check the signed attributes and the signature over them; tell whether the signature holds.

    ``digest_of_content`` is what a signature without attributes is made over.

    Raises:
        MalformedError: FORMAT_FAILURE: attributes that contradict the signature, or content inside it.
        VerificationError: SIG_CONSTRAINTS_FAILURE: the signing-certificate attribute names another certificate.
        InsufficientError: CRYPTO_CONSTRAINTS_FAILURE: the two digest algorithms do not go together (RFC 8933).
        UncheckableError: NO_SIGNING_CERTIFICATE_FOUND, UNKNOWN_ALGORITHM.

    """
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    if value.signed_data["encap_content_info"]["content"] is not core.VOID:
        raise MalformedError("FORMAT_FAILURE", "a detached signature that holds content", where)
    if value.signer is None:
        detail = "the signer's certificate is not in the signature"
        raise UncheckableError("NO_SIGNING_CERTIFICATE_FOUND", detail, where)
    certificate = cms.Certificate.load(value.signer)
    try:
        _, valid = validate_sig_integrity(
            value.signer_info, certificate, "data", digest_of_content, _Strict()
        )
    except EvidenceError:
        raise
    except SignatureValidationError as error:
        if "igning certificate attribute" in error.failure_message:
            if _is_named_by_digest(value, value.signer):
                # pyHanko also compares the issuer's name there, and cannot where asn1crypto refuses its characters.
                detail = "the issuer's name cannot be compared"
                raise UncheckableError("CERTIFICATE_CHAIN_GENERAL_FAILURE", detail, where) from error
            raise VerificationError("SIG_CONSTRAINTS_FAILURE", error.failure_message, where) from error
        raise MalformedError("FORMAT_FAILURE", error.failure_message, where) from error
    except Exception as error:
        # The last resort: an unknown algorithm, key or parameter, or a name that cannot be compared, ends in whatever
        # asn1crypto or cryptography raise for it (ValueError, KeyError, UnsupportedAlgorithm, NotImplementedError …).
        detail = f"the {value.signature_algorithm} signature cannot be computed here: {type(error).__name__}"
        raise UncheckableError("UNKNOWN_ALGORITHM", detail, where) from error
    if valid:
        _check_digests_agree(value, where)
    return valid


class _Strict(SignatureValidator):
    """pyHanko's arithmetic, which calls a signature of an unknown algorithm invalid; here that is not decided."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: Any,
        signature_algorithm: Any,
        context: Any = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        try:
            DefaultSignatureValidator().validate_signature(
                signature, signed_data, public_key_info, signature_algorithm, context
            )
        except InvalidSignature as error:
            if type(error) is InvalidSignature:
                raise
            detail = f"{type(error).__name__}: {error}"
            raise UncheckableError("UNKNOWN_ALGORITHM", detail) from error


def _is_named_by_digest(value: Cms, signer: bytes) -> bool:
    """Tell whether the signing-certificate attribute names the signer's certificate by its digest (RFC 5035 §4)."""
    found = list(_attribute_values(value.signer_info["signed_attrs"], "1.2.840.113549.1.9.16.2.47"))
    if len(found) != 1:
        return False
    named = found[0]["certs"][0]
    name = digest_name(read_algorithm(named["hash_algorithm"]), "")
    return bool(digest(name, signer) == named["cert_hash"].native)


def _check_digests_agree(value: Cms, where: str) -> None:
    from pyhanko.sign.validation.utils import DEFAULT_ALGORITHM_USAGE_POLICY

    agreement = DEFAULT_ALGORITHM_USAGE_POLICY.digest_combination_allowed(
        value.signer_info["signature_algorithm"], value.signer_info["digest_algorithm"], None
    )
    if not agreement:
        detail = agreement.failure_reason or "the digest algorithms do not go together"
        raise InsufficientError("CRYPTO_CONSTRAINTS_FAILURE", detail, where)


def token_agrees(token: bytes, signature: bytes) -> bool:
    """Tell whether a time-stamp token is about this signature value; nothing is said about who made it."""
    try:
        info = parse_response(token).granted().info
        return digest(digest_name(info.imprint_algorithm, ""), signature) == info.imprint
    except EvidenceError:
        return False
