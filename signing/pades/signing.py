"""One signature: PAdES, as an incremental update, as far as authorities allow at this moment (ETSI EN 319 142-1).

    file ─► examine ─► revision with /Sig, appearance and room ─► digest ─► CMS ─► token ─► into the room   B-B, B-T
                                                          second revision: status of signer and TSA (DSS) ─► B-LT

The signature value is made before an authority is asked, and with a deterministic nonce (RFC 6979): whoever repeats the
act after a crash makes the same signature again, not a second one. The claimed time is /M, which the platform's clock
gave; PAdES allows no signing-time attribute in the CMS (EN 319 142-1 §6.3).
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from asn1crypto import cms, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.fields import FieldMDPSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import simple_cms_attribute
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.errors import Refused
from signing.pades.appearance import draw
from signing.pades.embedding import make_room
from signing.pades.examine import examine, refusing
from signing.pades.ports import Credential, StatusSource, TimestampFailed
from signing.pades.store import add_validation_data
from signing.pades.tokens import RESERVED, Token, Tokens
from signing.pades.writer import AppendingWriter, text_string

Level: TypeAlias = Literal["pades_b_b", "pades_b_t", "pades_b_lt", "pades_b_lta"]
"""As the taxonomy calls them (party.signed/1)."""

Algorithm: TypeAlias = Literal["ecdsa_sha256", "rsa_sha256"]
_CMS_OVERHEAD = 4096  # attributes, identifiers and signature, without certificates and token


@dataclass(frozen=True, slots=True)
class SignedRevision:
    """A file with one more signature, and what ``party.signed/1`` says of it; digests are lower-case hex.

    ``pdf`` goes on behind the signature's ``byte_range`` where validation data were added. ``token`` (DER) and
    ``gen_time`` are None without an authority's time; then ``trouble`` says why, and ``finish`` can make up for it.
    """

    pdf: bytes
    byte_range: tuple[int, int, int, int]
    signature_sha256: str
    certificate_sha256: str
    algorithm: Algorithm
    level: Level
    signing_time: datetime
    token: bytes | None
    tsa: str | None
    gen_time: datetime | None
    trouble: str = ""


def sign(
    pdf: bytes,
    *,
    field: str,
    credential: Credential,
    name: str,
    reason: str,
    at: datetime,
    tokens: Tokens,
    status: StatusSource,
    appearance: bytes | None = None,
) -> SignedRevision:
    """Sign a prepared, empty field. Blocking: it waits for time-stamping authorities.

    ``name`` and ``reason`` stand in the signature's dictionary, which it covers. ``at`` is the platform's time (UTC), which
    is claimed and not proven. ``appearance``: a PDF of ours whose first page is drawn into the field; without it nothing is
    drawn. The certificate is not judged here: that it is valid and not revoked is for whoever gives the credential.

    Raises:
        Refused: what ``examine`` refuses; signature-field-unknown, signature-field-taken.

    """
    examine(pdf)
    at = at.replace(microsecond=0)  # /M counts seconds
    with refusing():
        writer = AppendingWriter(pdf)
        known = {str(each): (value, widget) for each, value, widget in enumerate_sig_fields(writer)}
    if field not in known:
        raise Refused("signature-field-unknown", f"the document has no field {field}")
    filled, widget = known[field]
    if filled is not None:
        raise Refused("signature-field-taken", f"field {field} is signed already")
    if appearance is not None:
        with refusing():
            draw(writer, widget.get_object(), appearance)
    signer = _Signer(credential)
    space = RESERVED + _CMS_OVERHEAD + sum(map(len, (credential.certificate, *credential.above)))
    placeholder = SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        bytes_reserved=2 * space,  # written in hexadecimal
    )
    placeholder[pdf_name("/Name")], placeholder[pdf_name("/Reason")] = text_string(name), text_string(reason)
    room = make_room(writer, field, placeholder, lock=_lock(widget.get_object()))
    value = signer.sign_digest(room.digest)
    token, trouble = _stamp(value, tokens)
    value = _settled(value)
    signed = room.fill(value)
    level: Level = "pades_b_b"
    if token is not None:
        told = status(credential.certificate)
        signed = add_validation_data(signed, told + token.data)
        level = "pades_b_lt" if told.tells_status and token.data.tells_status else "pades_b_t"
    return SignedRevision(
        pdf=signed,
        byte_range=room.byte_range,
        signature_sha256=hashlib.sha256(value.dump()).hexdigest(),
        certificate_sha256=hashlib.sha256(credential.certificate).hexdigest(),
        algorithm=signer.algorithm,
        level=level,
        signing_time=at,
        token=None if token is None else token.der,
        tsa=None if token is None else token.tsa,
        gen_time=None if token is None else token.gen_time,
        trouble=trouble,
    )


def _lock(field: Any) -> FieldMDPSpec | None:
    """Give the form fields that the signature is to settle, as its field was prepared."""
    with refusing():
        return FieldMDPSpec.from_pdf_object(field["/Lock"]) if "/Lock" in field else None


def _stamp(value: cms.ContentInfo, tokens: Tokens) -> tuple[Token | None, str]:
    """Have the signature value time-stamped and put the token into it, or say why there is none."""
    (signer_info,) = value["content"]["signer_infos"]
    try:
        token = tokens.obtain(hashlib.sha256(signer_info["signature"].native).digest())
    except TimestampFailed as error:
        return None, str(error)
    loaded = cms.ContentInfo.load(token.der)
    stamp = simple_cms_attribute("signature_time_stamp_token", loaded)  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
    signer_info["unsigned_attrs"] = cms.CMSAttributes([stamp])
    return token, ""


def _settled(value: cms.ContentInfo) -> cms.ContentInfo:
    """Write a changed CMS value from the inside out, and read it again: the same bytes.

    asn1crypto encodes a changed value three times at each level, and all that it holds where a length happens to end in
    0x80 (it takes that for an indefinite one): for a token within a signature that can be a minute of work.
    """
    signed = value["content"]
    (info,) = signed["signer_infos"]
    if info["unsigned_attrs"]:
        info["unsigned_attrs"] = cms.CMSAttributes.load(
            cms.CMSAttributes(list(info["unsigned_attrs"])).dump()
        )
    inner = cms.SignerInfos([cms.SignerInfo.load(info.dump())])
    signed["signer_infos"] = cms.SignerInfos.load(inner.dump())
    outer = cms.ContentInfo(
        {"content_type": "signed_data", "content": cms.SignedData.load(signed.untag().dump())}
    )
    return cms.ContentInfo.load(outer.dump())


class _Signer(Signer):
    """pyHanko's making of CMS values, with our keys: always SHA-256, and the same value for the same bytes."""

    def __init__(self, credential: Credential) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko: partly untyped
        store.register_multiple([x509.Certificate.load(der) for der in credential.above])
        super().__init__(signing_cert=x509.Certificate.load(credential.certificate), cert_registry=store)
        self._key = credential.key

    @property
    def algorithm(self) -> Algorithm:
        return "ecdsa_sha256" if isinstance(self._key, ec.EllipticCurvePrivateKey) else "rsa_sha256"

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002  (pyHanko's signature)
        dry_run: bool = False,  # noqa: ARG002
    ) -> bytes:
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def sign_digest(self, digest: bytes) -> cms.ContentInfo:
        """Sign the digest of a file; not inside an event loop, for pyHanko wants one of its own."""
        value: cms.ContentInfo = asyncio.run(self.async_sign(digest, "sha256", use_pades=True))
        return value
