"""Signs the demonstration contract: PAdES by pyHanko, with a small certificate authority made at run time.

The certificates say TEST and 演示 in every name; nobody is meant to trust them outside a demonstration.
"""

import asyncio
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from zheng_verifier.policy import TrustedCa

from api.demo.documents import PARTIES

if TYPE_CHECKING:
    from pyhanko.stamp import StaticStampStyle

Clock = Callable[[], datetime]
_RESERVED = 8192  # bytes of the file kept for one CMS signature: 2 certificates, no timestamp


@dataclass(frozen=True, slots=True)
class ContractSigner:
    """One signer: the field he signs, his name as printed, his key, his certificate and the one above it."""

    field: str
    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    authority: x509.Certificate


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Zheng TEST 演示"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _certify(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    authority: bool,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(
            x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True
        )
        .add_extension(_usage(authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )


def make_signers(clock: Clock) -> tuple[ContractSigner, ...]:
    """Make a test authority and a certificate for each party, valid for a year from now."""
    now = clock().replace(microsecond=0)
    authority_name, authority_key = _name("演示根证书 TEST CA"), ec.generate_private_key(ec.SECP256R1())
    authority = _certify(authority_name, authority_key, authority_name, authority_key, now, authority=True)
    signers = []
    for field, name, romanised in PARTIES:
        # asn1crypto compares names by RFC 4518 with the tables of Unicode 3.2 and refuses 𬭎 (Unicode 8.0): the
        # certificate names the signer in Latin letters alone, the signature's dictionary and its seal as he writes
        # himself. So the verifier says of certificate and verified name that it cannot compare them.
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(f"{romanised} (TEST)")
        certificate = _certify(subject, key, authority_name, authority_key, now, authority=False)
        signers.append(ContractSigner(field, name, key, certificate, authority))
    return tuple(signers)


def trusted_authority(signer: ContractSigner) -> TrustedCa:
    """Name the authority as a policy of the platform's own would: as a test, with no licence."""
    root = signer.authority.public_bytes(serialization.Encoding.DER)
    return TrustedCa("zheng-demo-test-ca", (root,), (), None, "CN", test=True)


def _appearance(signer: ContractSigner, at: datetime) -> "StaticStampStyle":
    """Draw what the signature shows on the page."""
    from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle
    from zheng_verifier.pdf.render import render_pdf

    from api.demo.appending import TypesetPage

    source = files("api.demo").joinpath("seal.typ").read_text("utf-8")
    shown = {"name": signer.name, "time": f"{at:%Y-%m-%d %H:%M:%S} UTC"}
    page = TypesetPage(render_pdf(source, inputs=shown, created=at, standard="1.7"))
    middle = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID)
    return StaticStampStyle(background=page, background_layout=middle, border_width=0)


async def _sign(pdf: bytes, signer: ContractSigner, at: datetime, reason: str) -> bytes:
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    from api.demo.appending import AppendingWriter

    def der(certificate: x509.Certificate) -> Certificate:
        return Certificate.load(certificate.public_bytes(serialization.Encoding.DER))

    key = signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
    store.register(der(signer.authority))
    metadata = PdfSignatureMetadata(
        field_name=signer.field,
        md_algorithm="sha256",
        name=signer.name,
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
    )
    pdf_signer = PdfSigner(
        metadata,
        signer=SimpleSigner(
            signing_cert=der(signer.certificate), signing_key=PrivateKeyInfo.load(key), cert_registry=store
        ),
        stamp_style=_appearance(signer, at),
    )
    writer = AppendingWriter(io.BytesIO(pdf), identifier=hashlib.sha256(pdf).digest()[:16])
    # The steps of PdfSigner.async_sign_pdf, taken one by one because only the session can be told the time.
    session = pdf_signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED)
    output = io.BytesIO()
    digest, _ = prepared.digest_tbs_document(output=output)
    signed = await prepared.perform_signature(digest.document_digest, PdfCMSSignedAttributes(signing_time=at))
    await signed.post_signature_processing(output)
    return output.getvalue()


def sign_contract(
    pdf: bytes, signers: Sequence[ContractSigner], clock: Clock, *, reason: str = "签署 Signing (TEST 演示)"
) -> bytes:
    """Let every signer sign in turn, each over all that was there before him.

    ``reason`` goes into each signature's dictionary and is covered by it: the place for the case's head.
    """
    for signer in signers:
        pdf = asyncio.run(_sign(pdf, signer, clock().replace(microsecond=0), reason))
    return pdf
