"""Certificates of the test authority (RFC 5280). Clock and randomness are given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto.core import UTF8String
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)

from signing.certificates.ports import Profile
from signing.certificates.subjects import ARC, NAME_AS_WRITTEN, Subject, distinguished_name
from signing.ports import Random

POLICIES: dict[Profile, str] = {"one_time": f"{ARC}.1", "long_term": f"{ARC}.2"}
BACKDATED = timedelta(minutes=5)
"""Certificates begin so much earlier, for authorities whose clocks are slow."""

_ROOT_LIFE, _ISSUING_LIFE, _RESPONDER_LIFE = (timedelta(days=365 * years) for years in (20, 10, 10))
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_ORGANISATION = "Zheng TEST 测试"


@dataclass(frozen=True, slots=True)
class Keys:
    """The authority's keys and certificates. The root's key signs the issuing authority and the root's CRL, no more."""

    root_key: ec.EllipticCurvePrivateKey
    root: x509.Certificate
    issuing_key: ec.EllipticCurvePrivateKey
    issuing: x509.Certificate
    responder_key: ec.EllipticCurvePrivateKey
    responder: x509.Certificate


@dataclass(frozen=True, slots=True)
class Places:
    """Where relying parties find things; ``base`` ends without a slash. They stand in every certificate."""

    base: str

    @property
    def root(self) -> str:
        """The root's certificate."""
        return f"{self.base}/root.cer"

    @property
    def issuing(self) -> str:
        """The issuing authority's certificate."""
        return f"{self.base}/issuing.cer"

    def crl(self, which: str) -> str:
        """The CRL of ``root`` or ``issuing``."""
        return f"{self.base}/{which}.crl"

    @property
    def ocsp(self) -> str:
        """The OCSP responder."""
        return f"{self.base}/ocsp"

    @property
    def practice(self) -> str:
        """The practice statement."""
        return f"{self.base}/practice"


def make_serial(random: Random) -> int:
    """Give a positive serial number of 127 random bits (RFC 5280 §4.1.2.2; CA/B Forum asks for 64)."""
    return int.from_bytes(random(16), "big") >> 1 | 1 << 126


def create_keys(places: Places, *, now: datetime, random: Random) -> Keys:
    """Make the root, the issuing authority below it, and its OCSP responder."""
    root_key, issuing_key, responder_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    start = now.replace(microsecond=0)
    root_name, issuing_name = (
        _name("Zheng TEST root 测试根"),
        _name("Zheng TEST issuing authority 测试签发机构"),
    )
    root = (
        _builder(root_name, root_key, root_name, root_key, random, start, _ROOT_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuing = (
        _builder(issuing_name, issuing_key, root_name, root_key, random, start, _ISSUING_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(_policies(POLICIES.values(), places), critical=False)
        .add_extension(_distribution(places.crl("root")), critical=False)
        .add_extension(_access((AuthorityInformationAccessOID.CA_ISSUERS, places.root)), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    responder = (
        _builder(
            _name("Zheng TEST OCSP responder 测试状态应答"),
            responder_key,
            issuing_name,
            issuing_key,
            random,
            start,
            _RESPONDER_LIFE,
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False, commitment=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=True)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .sign(issuing_key, hashes.SHA256())
    )
    return Keys(root_key, root, issuing_key, issuing, responder_key, responder)


def issue(
    keys: Keys,
    places: Places,
    request: x509.CertificateSigningRequest,
    subject: Subject,
    profile: Profile,
    *,
    life: timedelta,
    now: datetime,
    random: Random,
) -> x509.Certificate:
    """Certify the key of a request for ``life`` from now."""
    start = now.replace(microsecond=0) - BACKDATED
    builder = (
        x509.CertificateBuilder()
        .subject_name(distinguished_name(subject, test=True))
        .issuer_name(keys.issuing.subject)
        .public_key(request.public_key())
        .serial_number(make_serial(random))
        .not_valid_before(start)
        .not_valid_after(now.replace(microsecond=0) + life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(request.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(keys.issuing_key.public_key()), critical=False
        )
        .add_extension(_policies([POLICIES[profile]], places), critical=False)
        .add_extension(_distribution(places.crl("issuing")), critical=False)
        .add_extension(
            _access(
                (AuthorityInformationAccessOID.OCSP, places.ocsp),
                (AuthorityInformationAccessOID.CA_ISSUERS, places.issuing),
            ),
            critical=False,
        )
    )
    if subject.is_written_otherwise:
        written = x509.UnrecognizedExtension(NAME_AS_WRITTEN, UTF8String(subject.name).dump())
        builder = builder.add_extension(written, critical=False)
    return builder.sign(keys.issuing_key, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    random: Random,
    start: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(make_serial(random))
        .not_valid_before(start - BACKDATED)
        .not_valid_after(start + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )


def _usage(*, authority: bool, commitment: bool = True) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority and commitment,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _policies(oids: Iterable[str], places: Places) -> x509.CertificatePolicies:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(ObjectIdentifier(oid), [places.practice]) for oid in oids]
    )


def _distribution(url: str) -> x509.CRLDistributionPoints:
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    return x509.CRLDistributionPoints([point])


def _access(*descriptions: tuple[ObjectIdentifier, str]) -> x509.AuthorityInformationAccess:
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(method, x509.UniformResourceIdentifier(url)) for method, url in descriptions]
    )
