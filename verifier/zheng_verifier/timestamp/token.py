"""TimeStampResp and TimeStampToken, strictly read (RFC 3161 §2.4.2, RFC 5652 §5)."""

from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, core, tsp

from zheng_verifier.errors import MalformedError, VerificationError
from zheng_verifier.timestamp.algorithms import AlgorithmIdentifier, read_algorithm
from zheng_verifier.timestamp.der import PARSE_ERRORS, check_der, split
from zheng_verifier.timestamp.tst_info import TstInfo, parse_tst_info

MAX_RESPONSE_SIZE = 65_536
"""Bytes of a response or token that are looked at; larger ones are refused unread."""

GRANTED, GRANTED_WITH_MODS = 0, 1

_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_SEQUENCE = 0x30
_SHA1 = AlgorithmIdentifier("1.3.14.3.2.26", None)


@dataclass(frozen=True, slots=True)
class IssuerSerial:
    """A certificate named by its issuer and serial number.

    ``issuer`` is the DER of the Name, compared byte for byte: nothing signs the one in SignerIdentifier, and the
    kinder comparison of RFC 5280 §7.1 would let its letters change.
    """

    issuer: bytes
    serial_number: int


@dataclass(frozen=True, slots=True)
class CertificateId:
    """ESSCertID (RFC 2634 §5.4.1, always SHA-1) or ESSCertIDv2 (RFC 5035 §4)."""

    algorithm: AlgorithmIdentifier
    digest: bytes
    issuer_serial: IssuerSerial | None


@dataclass(frozen=True, slots=True)
class Signer:
    """The one SignerInfo.

    ``signed_attributes`` is the DER that is signed; ``certificate_ids`` are pairs of an attribute's version
    (1 or 2) and its list, at most one pair of each.
    """

    identifier: IssuerSerial | bytes  # bytes: subject key identifier
    digest_algorithm: AlgorithmIdentifier
    signature_algorithm: AlgorithmIdentifier
    signed_attributes: bytes
    content_type: str
    message_digest: bytes
    certificate_ids: tuple[tuple[int, tuple[CertificateId, ...]], ...]
    signature: bytes


@dataclass(frozen=True, slots=True)
class TimestampToken:
    """A TimeStampToken ``der``: ``content`` is the DER of ``info``; certificates and CRLs are DER, as enclosed."""

    der: bytes
    content: bytes
    info: TstInfo
    signer: Signer
    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class TimestampResponse:
    """A TimeStampResp; ``status`` is None for a bare token, which has no status.

    ``status_text`` and ``failures`` are the authority's words, signed by nobody.
    """

    status: int | None
    status_text: tuple[str, ...]
    failures: tuple[str, ...]
    token: TimestampToken | None

    def granted(self) -> TimestampToken:
        """Give the token.

        Raises:
            VerificationError: STATUS_NOT_GRANTED, with the authority's words.

        """
        if self.token is None:
            said = "; ".join((*self.status_text, *self.failures)) or "no reason given"
            detail = f"the authority refused with PKIStatus {self.status}: {said}"
            raise VerificationError("STATUS_NOT_GRANTED", detail, "response.status")
        return self.token


class _Response(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """TimeStampResp with its token optional, as RFC 3161 has it and asn1crypto's own class has not."""

    _fields = [  # noqa: RUF012  (asn1crypto's way)
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def _malformed(detail: str, where: str) -> MalformedError:
    return MalformedError("FORMAT_FAILURE", detail, where)


def parse_response(raw: bytes) -> TimestampResponse:
    """Read a TimeStampResp or a bare TimeStampToken, to the last byte.

    Raises:
        MalformedError: FORMAT_FAILURE: too long, not DER, not the structure, a token beside a refusal.

    """
    if len(raw) > MAX_RESPONSE_SIZE:
        raise _malformed(f"{len(raw)} bytes, the limit is {MAX_RESPONSE_SIZE}", "response")
    check_der(raw, "response")
    try:
        parts = split(raw)
        if parts and parts[0][0] == core.ObjectIdentifier.tag:
            return TimestampResponse(None, (), (), _read_token(raw))
        return _read_response(raw)
    except PARSE_ERRORS as error:
        raise _malformed(f"the response does not parse: {error}", "response") from error


def _read_response(raw: bytes) -> TimestampResponse:
    response = _Response.load(raw, strict=True)
    info, present = response["status"], not isinstance(response["time_stamp_token"], core.Void)
    status = int(info["status"])
    text = () if isinstance(info["status_string"], core.Void) else tuple(info["status_string"].native)
    failures = (
        () if isinstance(info["fail_info"], core.Void) else tuple(sorted(map(str, info["fail_info"].native)))
    )
    if present != (status in (GRANTED, GRANTED_WITH_MODS)):
        raise _malformed(f"PKIStatus {status} and {'a' if present else 'no'} token", "response.status")
    return TimestampResponse(status, text, failures, _read_token(split(raw)[1]) if present else None)


def _read_token(raw: bytes) -> TimestampToken:
    """Read a token that ``check_der`` has passed; ``raw`` is its ContentInfo."""
    content_info = cms.ContentInfo.load(raw, strict=True)
    if content_info["content_type"].native != "signed_data":
        raise _malformed("the token is not CMS SignedData", "token")
    signed_data = content_info["content"]
    encapsulated = signed_data["encap_content_info"]
    if encapsulated["content_type"].native != "tst_info" or isinstance(encapsulated["content"], core.Void):
        raise _malformed("the token does not hold a TSTInfo", "token.encapContentInfo")
    if int(signed_data["version"]) != 3:  # RFC 5652 §5.1: v3 follows from the content type
        raise _malformed("SignedData version is not 3", "token.version")
    parts = split(split(split(raw)[1])[0])
    if len(signed_data["signer_infos"]) != 1:
        raise _malformed("a token has exactly one signer (RFC 3161 §2.4.2)", "token.signerInfos")
    content = bytes(encapsulated["content"])
    signer = _read_signer(split(parts[-1])[0])
    if signer.digest_algorithm not in [read_algorithm(a) for a in signed_data["digest_algorithms"]]:
        raise _malformed(
            "the signer's digest algorithm is not among digestAlgorithms", "token.digestAlgorithms"
        )
    return TimestampToken(
        der=raw,
        content=content,
        info=parse_tst_info(content),
        signer=signer,
        certificates=_read_plain(_tagged(parts, 0), "token.certificates"),
        crls=_read_plain(_tagged(parts, 1), "token.crls"),
    )


def _tagged(parts: tuple[bytes, ...], number: int) -> bytes | None:
    """Find the constructed field with an IMPLICIT context tag, of which a structure has one at most."""
    return next((part for part in parts if part[0] == 0xA0 | number), None)


def _read_plain(field: bytes | None, where: str) -> tuple[bytes, ...]:
    """Take certificates or CRLs out of a set of CHOICEs, in any order (many servers do not sort)."""
    values = () if field is None else split(field)
    if any(value[0] != _SEQUENCE for value in values):
        raise _malformed("something other than plain X.509", where)
    return values


def _read_signer(raw: bytes) -> Signer:
    info = cms.SignerInfo.load(raw, strict=True)
    sid = info["sid"]
    by_key = sid.name == "subject_key_identifier"
    if int(info["version"]) != (3 if by_key else 1):  # RFC 5652 §5.3
        raise _malformed("SignerInfo version does not go with its identifier", "signerInfo.version")
    field = _tagged(split(raw), 0)
    if field is None:
        raise _malformed("no signed attributes", "signerInfo.signedAttrs")
    encoded = split(field)
    if list(encoded) != sorted(encoded):
        raise _malformed("the SET OF signed attributes is not in DER order", "signerInfo.signedAttrs")
    attributes = _read_attributes(encoded)
    certificate_ids = []
    for version, oid in ((1, _SIGNING_CERTIFICATE), (2, _SIGNING_CERTIFICATE_V2)):
        if oid in attributes:
            certificate_ids.append((version, tuple(map(_read_certificate_id, attributes[oid]["certs"]))))
    for name, oid in (("contentType", _CONTENT_TYPE), ("messageDigest", _MESSAGE_DIGEST)):
        if oid not in attributes:
            raise _malformed(f"no signed attribute {name}", "signerInfo.signedAttrs")
    return Signer(
        identifier=bytes(sid.chosen) if by_key else _read_issuer_serial(sid.chosen["issuer"], sid.chosen),
        digest_algorithm=read_algorithm(info["digest_algorithm"]),
        signature_algorithm=read_algorithm(info["signature_algorithm"]),
        # Signed is the universal SET, not the [0] that stands in its place (RFC 5652 §5.4).
        signed_attributes=b"\x31" + field[1:],
        content_type=attributes[_CONTENT_TYPE].dotted,
        message_digest=bytes(attributes[_MESSAGE_DIGEST]),
        certificate_ids=tuple(certificate_ids),
        signature=bytes(info["signature"]),
    )


def _read_attributes(encoded: tuple[bytes, ...]) -> dict[str, Any]:
    """Map the attributes by dotted type: each type once, each with one value."""
    attributes: dict[str, Any] = {}
    for raw in encoded:
        attribute = cms.CMSAttribute.load(raw, strict=True)
        oid = attribute["type"].dotted
        if oid in attributes:
            raise _malformed(f"signed attribute {oid} twice", "signerInfo.signedAttrs")
        if len(attribute["values"]) != 1:
            raise _malformed(f"signed attribute {oid} has not one value", "signerInfo.signedAttrs")
        attributes[oid] = attribute["values"][0]
    return attributes


def _read_issuer_serial(name: Any, holder: Any) -> IssuerSerial:
    return IssuerSerial(name.chosen.untag().dump(), int(holder["serial_number"]))


def _read_certificate_id(value: Any) -> CertificateId:
    issuer_serial = None
    if not isinstance(value["issuer_serial"], core.Void):
        names = value["issuer_serial"]["issuer"]
        if len(names) != 1 or names[0].name != "directory_name":
            raise _malformed("an ESS issuer that is not one directory name", "signerInfo.signedAttrs")
        issuer_serial = _read_issuer_serial(names[0].chosen, value["issuer_serial"])
    algorithm = read_algorithm(value["hash_algorithm"]) if isinstance(value, tsp.ESSCertIDv2) else _SHA1
    return CertificateId(algorithm, bytes(value["cert_hash"]), issuer_serial)
