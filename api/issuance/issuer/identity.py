"""Keys and certificates of the issuing identity: the installation's own test root, unless the operator has better.

Pure: clock and randomness are arguments. TEST stands in every name, because a root that its user made himself tells
a stranger nothing about who he is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from anchor.tsa_issuer import make_serial
from api.times import Random

ORGANISATION = "Zheng TEST installation"
ROOT_NAME = "Zheng TEST issuing root (self-issued)"
SEAL_NAME = "Zheng TEST issuer (self-issued)"
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_ROOT_LIFE = timedelta(days=20 * 365)
_SEAL_LIFE = timedelta(days=10 * 365)
_CRL_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SealIdentity:
    """What seals: a private key, its certificate, the certificates above it up to the root, and CRLs for them; DER."""

    key: ec.EllipticCurvePrivateKey
    certificate: bytes
    above: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    test: bool

    @property
    def root(self) -> bytes:
        """The certificate a policy names: the last of the chain."""
        return self.above[-1] if self.above else self.certificate


@dataclass(frozen=True, slots=True)
class TestAuthority:
    """The installation's own root, and the one certificate it issued. ``root_key`` signs certificates and CRLs."""

    __test__ = False  # no test case, whatever its name

    root_key: ec.EllipticCurvePrivateKey
    root: bytes
    key: ec.EllipticCurvePrivateKey
    certificate: bytes


def create_authority(*, now: datetime, random: Random) -> TestAuthority:
    """Make a root and the sealing certificate below it, valid from ``now``."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    start = now.replace(microsecond=0)
    root = (
        _builder(ROOT_NAME, root_key, start, _ROOT_LIFE, random)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    certificate = (
        _builder(SEAL_NAME, key, start, _SEAL_LIFE, random)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    encoding = serialization.Encoding.DER
    return TestAuthority(root_key, root.public_bytes(encoding), key, certificate.public_bytes(encoding))


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    name: str, key: ec.EllipticCurvePrivateKey, start: datetime, life: timedelta, random: Random
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(ROOT_NAME))
        .public_key(key.public_key())
        .serial_number(make_serial(random))
        .not_valid_before(start)
        .not_valid_after(start + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def issue_crl(authority: TestAuthority, *, now: datetime) -> bytes:
    """Say in a CRL (DER) that nothing is revoked as of ``now``."""
    start = now.replace(microsecond=0)
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.load_der_x509_certificate(authority.root).subject)
        .last_update(start)
        .next_update(start + _CRL_LIFE)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.root_key.public_key()),
            critical=False,
        )
        .add_extension(x509.CRLNumber(int(start.timestamp())), critical=False)
        .sign(authority.root_key, hashes.SHA256())
    )
    return crl.public_bytes(serialization.Encoding.DER)


def describe(certificate: bytes) -> str:
    """Name a certificate's subject for people (RFC 4514)."""
    return x509.load_der_x509_certificate(certificate).subject.rfc4514_string()
