"""A maker of small signed PDFs: every level, several signers, and what happens to such files afterwards.

pyHanko makes them; its signing time is the clock's, so a test that needs another claimed time changes the facts.
"""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID
from makers import tokens
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore
from zheng_verifier.policy import TrustedCa
from zheng_verifier.timestamp import TrustedTsa

SIGNED_AT = tokens.GEN_TIME
SIGNER = ((tokens.usage("digital_signature", "content_commitment"), True),)
POLICY_OID = "1.3.6.1.4.1.59999.7"
_TEXT = "BT /F1 12 Tf 20 200 Td (TEST contract) Tj ET"


def pdf(*, pages: int = 1, form: bool = False, extra: str = "") -> bytes:
    """A contract of some pages; with a text field that can be filled, and more in the catalogue, if wanted."""
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R{'/AcroForm<</Fields[9 0 R]>>' if form else ''}{extra}>>",
        2: f"<</Type/Pages/Kids[{' '.join(f'{10 + n} 0 R' for n in range(pages))}]/Count {pages}/MediaBox[0 0 300 300]>>",
        3: f"<</Length {len(_TEXT)}>>stream\n{_TEXT}\nendstream",
        4: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    if form:
        objects[9] = "<</FT/Tx/T(Remark)/V()/Type/Annot/Subtype/Widget/Rect[10 10 90 30]/P 10 0 R>>"
    for number in range(pages):
        annotations = "/Annots[9 0 R]" if form and number == 0 else ""
        objects[10 + number] = (
            f"<</Type/Page/Parent 2 0 R/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>{annotations}>>"
        )
    return assemble(objects)


def assemble(objects: dict[int, str], trailer: str = "") -> bytes:
    """Put objects into a file with a table of where they are."""
    out, places = b"%PDF-1.7\n", {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    size = max(objects) + 1
    out += f"xref\n0 {size}\n".encode()
    for number in range(size):
        place = places.get(number)
        out += b"0000000000 65535 f \n" if place is None else f"{place:010d} 00000 n \n".encode()
    out += f"trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return out


class Stamps(TimeStamper):
    """A time-stamping authority that answers in the same process."""

    def __init__(self, authority: tokens.Party, moment: datetime = SIGNED_AT, **changes: Any) -> None:
        super().__init__(include_nonce=False)
        self.authority, self.moment, self.changes = authority, moment, changes

    async def async_request_tsa_response(self, req: Any) -> Any:
        info = {"message_imprint": req["message_imprint"], "gen_time": self.moment}
        made = tokens.Making(self.authority, info=info, **self.changes).build()
        return tsp.TimeStampResp.load(made)


@cache
def root() -> tokens.Party:
    return tokens.party("TEST signer root", extensions=tokens.CA, kind="p256-signers", serial=1)


@cache
def intermediate() -> tokens.Party:
    return tokens.party("TEST signing CA", root(), extensions=tokens.CA, kind="p256-issuing", serial=2)


@cache
def signer(
    name: str = "张三 TEST",
    *,
    start: datetime = tokens.START,
    end: datetime = tokens.END,
    kind: str = "p256-alice",
) -> tokens.Party:
    """A signer certified by the intermediate; the policy of the certificate is ``POLICY_OID``."""
    policies = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(POLICY_OID), None)])
    responder = x509.UniformResourceIdentifier("http://ocsp.invalid")
    access = x509.AuthorityInformationAccess(
        [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, responder)]
    )
    extensions = (*SIGNER, (policies, False), (access, False))
    return tokens.party(
        name, intermediate(), kind=kind, extensions=extensions, start=start, end=end, serial=77
    )


@cache
def tsa_root() -> tokens.Party:
    return tokens.party("TEST stamp root", extensions=tokens.CA, kind="p256-stamp-root")


@cache
def tsa() -> tokens.Party:
    return tokens.party("TEST stamps", tsa_root(), kind="p256-stamps")


def trusted_tsa(**changes: Any) -> TrustedTsa:
    values = {"name": "stamps", "roots": (tsa_root().der,), "pins": (), "policy_oids": (tokens.POLICY,)}
    return TrustedTsa(**(values | {"imprint_algs": ("sha256",), "test": False} | changes))


def trusted_ca(**changes: Any) -> TrustedCa:
    values = {"name": "signing CA", "roots": (root().der,), "policy_oids": (), "licence": "ECP-TEST-1"}
    return TrustedCa(**(values | {"country": "CN", "test": False} | changes))


def _simple(party: tokens.Party, chain: Sequence[tokens.Party]) -> signers.SimpleSigner:
    registry = SimpleCertificateStore()
    registry.register_multiple([each.asn1 for each in chain])
    private = party.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = keys.PrivateKeyInfo.load(private)
    return signers.SimpleSigner(signing_cert=party.asn1, signing_key=key, cert_registry=registry)


def sign(
    data: bytes,
    party: tokens.Party | None = None,
    *,
    field: str = "Sig1",
    pades: bool = True,
    stamps: TimeStamper | None = None,
    certify: fields.MDPPerm | None = None,
    box: tuple[int, int, int, int] | None = None,
    chain: Sequence[tokens.Party] | None = None,
    new_field: bool = True,
) -> bytes:
    """Sign a PDF incrementally."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    if new_field:
        fields.append_signature_field(writer, fields.SigFieldSpec(field, box=box))
    kind = fields.SigSeedSubFilter.PADES if pades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    meta = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=kind,
        certify=certify is not None,
        docmdp_permissions=certify or fields.MDPPerm.FILL_FORMS,
    )
    simple = _simple(party or signer(), (intermediate(),) if chain is None else chain)
    made = signers.PdfSigner(meta, signer=simple, timestamper=stamps)
    return bytes(made.sign_pdf(writer, existing_fields_only=True).getvalue())


def stamp(data: bytes, stamps: TimeStamper | None = None) -> bytes:
    """Put a document time-stamp into a PDF."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    made = signers.PdfTimeStamper(stamps or Stamps(tsa())).timestamp_pdf(writer, "sha256")
    return bytes(made.getvalue())


def store(data: bytes, *, crls: Sequence[bytes] = (), ocsps: Sequence[bytes] = ()) -> bytes:
    """Put revocation data into a PDF's document security store."""
    from asn1crypto import crl
    from asn1crypto import ocsp as asn1_ocsp

    out = io.BytesIO(data)
    DocumentSecurityStore.add_dss(
        out,
        None,
        certs=[intermediate().asn1],
        crls=[crl.CertificateList.load(der) for der in crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(der) for der in ocsps],
    )
    return out.getvalue()


def update(data: bytes, change: Callable[[Any], None]) -> bytes:
    """Append a revision in which ``change`` was made with pyHanko's writer."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def add_text(writer: Any) -> None:
    """Write over the first page."""
    stream = generic.StreamObject(stream_data=b"BT /F1 12 Tf 50 50 Td (and 1,000,000 more) Tj ET")
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(stream)])
    writer.update_container(page)


def fill(writer: Any) -> None:
    """Fill the text field of the form."""
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field["/V"] = generic.pdf_string("agreed")
    writer.update_container(field)


def crls(
    *revoked: tuple[int, datetime, str | None],
    this_update: datetime = SIGNED_AT - timedelta(days=1),
    next_update: datetime = SIGNED_AT + timedelta(days=30),
    of_root: Sequence[tuple[int, datetime, str | None]] = (),
) -> tuple[bytes, bytes]:
    """The lists of the signing CA and of the root."""
    times = {"this_update": this_update, "next_update": next_update}
    return tokens.crl(intermediate(), *revoked, **times), tokens.crl(root(), *of_root, **times)


def tsa_crl() -> bytes:
    """The list of whoever certifies the time-stamping authority."""
    return tokens.crl(
        tsa_root(), this_update=SIGNED_AT - timedelta(days=1), next_update=SIGNED_AT + timedelta(days=30)
    )


def ocsp_response(party: tokens.Party, *, revoked_at: datetime | None = None) -> bytes:
    """An answer of the signing CA about one certificate."""
    late = timedelta(0) if revoked_at is None else max(timedelta(0), revoked_at - SIGNED_AT)
    status = ocsp.OCSPCertStatus.GOOD if revoked_at is None else ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=party.certificate,
        issuer=intermediate().certificate,
        algorithm=hashes.SHA1(),  # of the names: what nearly all responders do
        cert_status=status,
        this_update=SIGNED_AT + late,
        next_update=SIGNED_AT + late + timedelta(days=2),
        revocation_time=revoked_at,
        revocation_reason=None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, intermediate().certificate)
    made = builder.sign(intermediate().key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


@cache
def standard(level: str) -> bytes:
    """A contract signed at one PAdES level, or PKCS7; with status data from B-LT on."""
    if level in ("PKCS7", "B-B"):
        return sign(pdf(form=True), pades=level != "PKCS7")
    signed = sign(pdf(form=True), stamps=Stamps(tsa()))
    if level == "B-T":
        return signed
    kept = store(signed, crls=(*crls(), tsa_crl()))
    return kept if level == "B-LT" else stamp(kept, Stamps(tsa(), SIGNED_AT + timedelta(minutes=5)))


def certificate_of(party: tokens.Party) -> Any:
    return asn1_x509.Certificate.load(party.der)


NOW = datetime(2026, 5, 20, tzinfo=UTC)
