"""An RFC 3161 time-stamping authority of our own, for tests and demonstrations; TEST stands in all its names.

It says what this machine's clock says, and nobody need believe it. It is here so that a whole proof can be made on one
machine, and it is built like a real one: own CA, critical extended key usage, ESSCertIDv2, DER throughout. Pure: clock
and randomness are arguments, signatures are deterministic (RFC 6979).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from zheng_verifier.errors import EvidenceError
from zheng_verifier.timestamp import IMPRINT_ALGORITHMS
from zheng_verifier.timestamp.algorithms import digest, digest_name, digest_size, read_algorithm
from zheng_verifier.timestamp.der import PARSE_ERRORS, check_der

POLICY_OID = "2.25.18133634394657338585147427374224701564"
"""The policy of the test authority: the arc of UUID 0da46933-e571-4efb-a6d0-b13fa298f87c. It promises nothing."""

ORGANISATION = "Zheng TEST installation"
ROOT_NAME = "Zheng TEST TSA root (not a trusted time source)"
TSA_NAME = "Zheng TEST TSA (not a trusted time source)"
ACCURACY_SECONDS = 1

MAX_QUERY_SIZE = 4096
_ROOT_LIFE = timedelta(days=20 * 365)
_TSA_LIFE = timedelta(days=10 * 365)
_CRL_LIFE = timedelta(days=30)
# Order of P-256 (FIPS 186-5 §4.2.1.3, SEC 2 §2.4.2): a private key is 1 … order - 1.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class TsaIdentity:
    """Keys and certificates (DER) of the test authority. ``root_key`` only ever signs certificates and CRLs."""

    root_key: ec.EllipticCurvePrivateKey
    root: bytes
    tsa_key: ec.EllipticCurvePrivateKey
    certificate: bytes


@dataclass(frozen=True, slots=True)
class _Query:
    imprint: tsp.MessageImprint
    nonce: int | None
    certificate_wanted: bool


class _Refusal(Exception):  # noqa: N818
    """The request cannot be answered; ``failure`` is the bit of PKIFailureInfo."""

    def __init__(self, failure: str, text: str) -> None:
        super().__init__(text)
        self.failure = failure
        self.text = text


def create_identity(*, now: datetime, random: Random) -> TsaIdentity:
    """Make a new test CA and the certificate of its one authority, valid from ``now``."""
    root_key, tsa_key = _make_key(random), _make_key(random)
    root_name, tsa_name = _name(ROOT_NAME), _name(TSA_NAME)
    start = now.replace(microsecond=0)
    root = (
        _builder(
            subject=root_name,
            issuer=root_name,
            key=root_key,
            start=start,
            end=start + _ROOT_LIFE,
            random=random,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
    )
    certificate = (
        _builder(
            subject=tsa_name, issuer=root_name, key=tsa_key, start=start, end=start + _TSA_LIFE, random=random
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(tsa_key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
    )
    return TsaIdentity(root_key, _sign(root, root_key), tsa_key, _sign(certificate, root_key))


def _make_key(random: Random) -> ec.EllipticCurvePrivateKey:
    # 128 bits more than the order, reduced: no bias that matters (FIPS 186-5 §A.2.1).
    secret = int.from_bytes(random(48)) % (_P256_ORDER - 1) + 1
    return ec.derive_private_key(secret, ec.SECP256R1())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    start: datetime,
    end: datetime,
    random: Random,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(make_serial(random))
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _sign(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> bytes:
    certificate = builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    return certificate.public_bytes(serialization.Encoding.DER)


def issue_crl(identity: TsaIdentity, *, now: datetime) -> bytes:
    """Say in a CRL (DER) of the root that nothing is revoked: long-term signatures ask for it of every authority."""
    start = now.replace(microsecond=0)
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.load_der_x509_certificate(identity.root).subject)
        .last_update(start)
        .next_update(start + _CRL_LIFE)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(identity.root_key.public_key()), critical=False
        )
        .add_extension(x509.CRLNumber(int(start.timestamp())), critical=False)
        .sign(identity.root_key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return crl.public_bytes(serialization.Encoding.DER)


def make_serial(random: Random) -> int:
    """Draw a serial number: 128 random bits and a one above them, so that it is positive and never short."""
    return int.from_bytes(b"\x01" + random(16))


def answer_query(query: bytes, identity: TsaIdentity, *, now: datetime, random: Random) -> bytes:
    """Answer a TimeStampReq (DER) with a TimeStampResp (DER): a token stating ``now``, or a refusal with a reason."""
    try:
        read = _read_query(query)
    except _Refusal as refusal:
        return _format_refusal(refusal)
    content = _format_tst_info(read, identity, now, make_serial(random))
    certificates = [identity.certificate] if read.certificate_wanted else []
    status = tsp.PKIStatusInfo({"status": "granted"})
    # Put together by hand: see `_settled` for what it costs to let asn1crypto write what it has read.
    return _sequence(bytes(status.dump()) + _format_token(content, identity, certificates))


def _read_query(query: bytes) -> _Query:
    if len(query) > MAX_QUERY_SIZE:
        raise _Refusal("bad_data_format", f"a request has at most {MAX_QUERY_SIZE} bytes")
    try:
        check_der(query, "query")
        request = tsp.TimeStampReq.load(query, strict=True)
        _ = request.native  # reads everything; asn1crypto is lazy otherwise
        version = int(request["version"])
        imprint = request["message_imprint"]
        hashed = bytes(imprint["hashed_message"])
        algorithm = read_algorithm(imprint["hash_algorithm"])
    except (EvidenceError, *PARSE_ERRORS) as error:
        raise _Refusal("bad_data_format", "the request is not a TimeStampReq in DER") from error
    if version != 1:
        raise _Refusal("bad_request", "the request's version is not 1")
    try:
        name = digest_name(algorithm, "query.messageImprint")
    except EvidenceError as error:
        raise _Refusal("bad_alg", f"imprints by {algorithm.oid} are not stamped") from error
    if name not in IMPRINT_ALGORITHMS:
        raise _Refusal("bad_alg", f"imprints by {name} are not stamped: too weak")
    if len(hashed) != digest_size(name):
        raise _Refusal("bad_data_format", f"{len(hashed)} bytes are no {name} digest")
    if request["req_policy"].native not in (None, POLICY_OID):
        raise _Refusal("unaccepted_policy", f"this authority issues under {POLICY_OID} only")
    if not isinstance(request["extensions"], core.Void):
        raise _Refusal("unaccepted_extensions", "no extension is known here")
    return _Query(imprint, request["nonce"].native, bool(request["cert_req"].native))


def _format_refusal(refusal: _Refusal) -> bytes:
    status = tsp.PKIStatusInfo(
        {"status": "rejection", "status_string": [refusal.text], "fail_info": {refusal.failure}}
    )
    # TimeStampResp without its optional token: asn1crypto's class demands one.
    return _sequence(bytes(status.dump()))


def _format_tst_info(query: _Query, identity: TsaIdentity, now: datetime, serial_number: int) -> bytes:
    certificate = asn1_x509.Certificate.load(identity.certificate)
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": POLICY_OID,
            "message_imprint": query.imprint,
            "serial_number": serial_number,
            "gen_time": now.replace(microsecond=now.microsecond // 1000 * 1000),
            "accuracy": {"seconds": ACCURACY_SECONDS},
            "tsa": asn1_x509.GeneralName(name="directory_name", value=certificate.subject),
        }
    )
    if query.nonce is not None:
        info["nonce"] = query.nonce
    return bytes(info.dump())


def _sequence(contents: bytes) -> bytes:
    return bytes(core.Sequence(contents=contents).dump())


def _format_token(content: bytes, identity: TsaIdentity, certificates: list[bytes]) -> bytes:
    certificate = asn1_x509.Certificate.load(identity.certificate)
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    attributes = _settled(
        cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [digest("sha256", content)]}),
                cms.CMSAttribute(
                    {
                        "type": "signing_certificate_v2",
                        "values": [
                            tsp.SigningCertificateV2(
                                {"certs": [{"cert_hash": digest("sha256", identity.certificate)}]}
                            )
                        ],
                    }
                ),
            ]
        )
    )
    signer = _settled(
        cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    "issuer_and_serial_number",
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
                ),
                "digest_algorithm": sha256,
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": identity.tsa_key.sign(
                    attributes.dump(), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
                ),
            }
        )
    )
    body = {
        "version": "v3",
        "digest_algorithms": [sha256],
        "encap_content_info": {
            "content_type": "tst_info",
            "content": core.ParsableOctetString(content),
        },
        "signer_infos": [signer],
    }
    if certificates:
        body["certificates"] = [asn1_x509.Certificate.load(der) for der in certificates]
    signed_data = bytes(cms.SignedData(body).dump())
    explicit = bytes(core.Sequence(contents=signed_data, tag_type="implicit", tag=0).dump())
    return _sequence(bytes(cms.ContentType("signed_data").dump()) + explicit)


_Value = TypeVar("_Value", bound=core.Asn1Value)


def _settled(value: _Value) -> _Value:
    """Write a value that was just made, and read it again: the same bytes.

    asn1crypto encodes a new value several times at each level above it, and far more often where a length happens to end
    in 0x80, which it takes for an indefinite one: a token could take seconds.
    """
    settled: _Value = type(value).load(value.dump())
    return settled
