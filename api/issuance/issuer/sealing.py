"""Seals a PDF: PAdES by pyHanko, with long-term validation data and an archive time-stamp where an authority answers.

The seal is a certification signature that permits no change (ISO 32000-2 §12.8.2.2), so that what is added later,
validation data and time-stamps excepted, is a change that every reader reports. Time comes from an authority or
is not stated: our own clock is never put in its place.
"""

import asyncio
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from asn1crypto import crl as asn1_crl
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from anchor.ports import AuthorityError, TimestampAuthority
from api.issuance.issuer.identity import SealIdentity
from api.operation.authorities import NamedAuthority

FIELD = "Seal"
# It warns at every seal that revocation data will not be fetched from the network, which is meant.
logging.getLogger("pyhanko.sign").setLevel(logging.ERROR)
SealLevel: TypeAlias = Literal["B-B", "B-T", "B-LTA"]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed PDF and how far its seal reaches (ETSI EN 319 142-1): without a time, timed, or for the long term."""

    pdf: bytes
    level: SealLevel


class _Stamper(TimeStamper):
    """Lets pyHanko ask one of our authorities. They want no event loop around them, hence the thread."""

    def __init__(self, driver: TimestampAuthority) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._driver = driver

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            answer = await asyncio.to_thread(self._driver.request, req.dump())
            return tsp.TimeStampResp.load(answer, strict=True)
        except (AuthorityError, ValueError) as error:
            raise TimestampRequestError(f"{self._driver.name}: {error}") from error


def seal(pdf: bytes, identity: SealIdentity, authorities: Sequence[NamedAuthority]) -> Sealed:
    """Seal a PDF with a time of the first authority that answers, or without any; about 0.1 s of one processor.

    Blocking, and not to be called inside an event loop.

    Raises:
        PdfError: the file is no PDF that can be signed.
    """
    for authority in authorities:
        crls = authority.crls()
        try:
            data = _sign(pdf, identity, _Stamper(authority.driver), authority.trusted.roots, crls)
        except (TimestampRequestError, PathError, ValidationError):
            continue  # no answer, or a token that does not hold: ask the next
        return Sealed(data, "B-LTA" if crls and identity.crls else "B-T")
    return Sealed(_sign(pdf, identity, None, (), ()), "B-B")


def _sign(
    pdf: bytes,
    identity: SealIdentity,
    stamper: TimeStamper | None,
    roots: Sequence[bytes],
    crls: Sequence[bytes],
) -> bytes:
    """Make one attempt; for the long term only where revocation data of both chains are at hand."""
    lasting = stamper is not None and bool(crls) and bool(identity.crls)
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(der) for der in (identity.root, *roots)],
        other_certs=[asn1_x509.Certificate.load(der) for der in identity.above],
        crls=[asn1_crl.CertificateList.load(der) for der in (*identity.crls, *crls)],
        allow_fetching=False,
        revocation_mode="hard-fail" if lasting else "soft-fail",
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        embed_validation_info=lasting,
        use_pades_lta=lasting,
        validation_context=context if lasting else None,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    sealed = signers.PdfSigner(metadata, _signer(identity), timestamper=stamper).sign_pdf(writer)
    return bytes(sealed.getvalue())


def _signer(identity: SealIdentity) -> signers.SimpleSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([asn1_x509.Certificate.load(der) for der in identity.above])
    key = identity.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(identity.certificate),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )


__all__ = ["FIELD", "PdfError", "SealLevel", "Sealed", "seal"]
