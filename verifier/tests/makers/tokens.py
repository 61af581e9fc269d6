"""A maker of time-stamp tokens, good ones and every kind of bad one, independent of the service's own issuer."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from zheng_verifier.timestamp import TimestampResult, TrustedTsa, verify_timestamp

START = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(2034, 1, 1, tzinfo=UTC)
GEN_TIME = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
POLICY = "1.3.6.1.4.1.59999.1.1"
MESSAGE = b"a note"

_HASHES = {
    "sha1": hashes.SHA1(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sm3": hashes.SM3(),
    "md5": hashes.MD5(),
}
_OIDS = {"sm3": "1.2.156.10197.1.401"}


def hashed(name: str, data: bytes) -> bytes:
    hasher = hashes.Hash(_HASHES[name])
    hasher.update(data)
    return hasher.finalize()


@cache
def key(kind: str) -> Any:
    """One key of each kind for the whole run: they take time to make. 'p256-2' is another one of 'p256'.

    A 'seeded-' key is an Ed25519 key that is the same in every run.
    """
    match kind.split("-", maxsplit=1)[0]:
        case "seeded":
            return ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(kind.encode()).digest())
        case "p256":
            return ec.generate_private_key(ec.SECP256R1())
        case "p384":
            return ec.generate_private_key(ec.SECP384R1())
        case "p521":
            return ec.generate_private_key(ec.SECP521R1())
        case "k256":
            return ec.generate_private_key(ec.SECP256K1())
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case size:
            return rsa.generate_private_key(65537, int(size.removeprefix("rsa")))


@dataclass(frozen=True)
class Party:
    """Somebody with a certificate."""

    key: Any
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def asn1(self) -> Any:
        return asn1_x509.Certificate.load(self.der)


def _hash_for(signing_key: Any) -> Any:
    return None if isinstance(signing_key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def usage(*names: str) -> x509.KeyUsage:
    every = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment")
    every += ("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: name in names for name in every})


CA = ((x509.BasicConstraints(True, None), True), (usage("key_cert_sign", "crl_sign"), True))
EKU = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
TSA = ((usage("digital_signature"), True), EKU)


def party(
    name: str,
    issuer: Party | None = None,
    *,
    kind: str = "p256",
    extensions: Sequence[tuple[Any, bool]] = TSA,
    start: datetime = START,
    end: datetime = END,
    serial: int = 7,
    key_ids: bool = True,
    hash_name: str | None = None,
) -> Party:
    """Make a party with a certificate by ``issuer``, or by itself."""
    own, signing = key(kind), issuer.key if issuer else key(kind)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(own.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    if key_ids:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False)
        aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
        builder = builder.add_extension(aki, False)
    return Party(own, builder.sign(signing, _HASHES[hash_name] if hash_name else _hash_for(signing)))


def resigned_sha1(made: Party, issuer: Party) -> bytes:
    """Sign a certificate again over SHA-1 (issuer: an RSA key), which no library does any more."""
    from cryptography.hazmat.primitives.asymmetric import padding

    loaded = made.asn1
    loaded["tbs_certificate"]["signature"] = {"algorithm": "sha1_rsa"}
    loaded["signature_algorithm"] = {"algorithm": "sha1_rsa"}
    body = loaded["tbs_certificate"].dump(force=True)
    loaded["signature_value"] = issuer.key.sign(body, padding.PKCS1v15(), hashes.SHA1())
    return bytes(loaded.dump(force=True))


def crl(
    issuer: Party,
    *entries: tuple[int, datetime, str | None],
    this_update: datetime = datetime(2026, 6, 1, tzinfo=UTC),
    next_update: datetime = datetime(2036, 1, 1, tzinfo=UTC),
    extensions: Sequence[tuple[Any, bool]] = (),
    key_ids: bool = True,
) -> bytes:
    """Make a CRL of (serial, revoked at, reason)."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(this_update)
        .next_update(next_update)
    )
    if key_ids:
        aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(aki, False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    for serial, at, reason in entries:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags(reason)), False)
        builder = builder.add_revoked_certificate(entry.build())
    signed = builder.sign(issuer.key, _hash_for(issuer.key))
    return signed.public_bytes(serialization.Encoding.DER)


def algorithm(name: str, **more: Any) -> dict[str, Any]:
    return {"algorithm": _OIDS.get(name, name), **more}


def pss(name: str, salt: int = 32, *, mask: str | None = None, trailer: int = 1) -> dict[str, Any]:
    parameters = algos.RSASSAPSSParams(
        {
            "hash_algorithm": algorithm(name),
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": algorithm(mask or name)},
            "salt_length": salt,
            "trailer_field": trailer,
        }
    )
    return {"algorithm": "rsassa_pss", "parameters": parameters}


@dataclass
class Making:
    """How a token is to be made; the defaults make a good one."""

    signer: Party
    message: bytes = MESSAGE
    info: dict[str, Any] = field(default_factory=dict)
    imprint_digest: str = "sha256"
    digest: str = "sha256"
    signature_algorithm: dict[str, Any] | None = None
    ess: str = "v2"
    ess_hash: str = "sha256"
    ess_certs: tuple[Party, ...] | None = None
    issuer_serial: Any = None
    certificates: tuple[bytes, ...] | None = None
    crls: tuple[bytes, ...] = ()
    by_key: bool = False
    status: dict[str, Any] | None = None
    change_attributes: Callable[[list[Any]], list[Any]] = lambda attributes: attributes
    change_signer: Callable[[Any], None] = lambda signer: None
    change_signed_data: Callable[[Any], None] = lambda signed_data: None
    bare: bool = False

    def build(self) -> bytes:
        content = self._tst_info()
        attributes = cms.CMSAttributes(self.change_attributes(self._attributes(content)))
        signed = attributes.dump()
        asn1 = self.signer.asn1
        if self.by_key:
            sid = cms.SignerIdentifier("subject_key_identifier", asn1.key_identifier)
        else:
            sid = cms.SignerIdentifier(
                "issuer_and_serial_number", {"issuer": asn1.issuer, "serial_number": asn1.serial_number}
            )
        signature_algorithm = self.signature_algorithm or self._signature_algorithm()
        signer = cms.SignerInfo(
            {
                "version": "v3" if self.by_key else "v1",
                "sid": sid,
                "digest_algorithm": algorithm(self.digest),
                "signed_attrs": attributes,
                "signature_algorithm": signature_algorithm,
                "signature": self._sign(signed, signature_algorithm),
            }
        )
        self.change_signer(signer)
        certificates = (self.signer.der,) if self.certificates is None else self.certificates
        body: dict[str, Any] = {
            "version": "v3",
            "digest_algorithms": [algorithm(self.digest)],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "signer_infos": [signer],
        }
        if certificates:
            body["certificates"] = [asn1_x509.Certificate.load(der) for der in certificates]
        if self.crls:
            body["crls"] = [asn1_crl.CertificateList.load(der) for der in self.crls]
        signed_data = cms.SignedData(body)
        self.change_signed_data(signed_data)
        token = cms.ContentInfo({"content_type": "signed_data", "content": signed_data})
        if self.bare:
            return bytes(token.dump())
        status = self.status or {"status": "granted"}
        return bytes(tsp.TimeStampResp({"status": status, "time_stamp_token": token}).dump())

    def _tst_info(self) -> bytes:
        values: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": {
                "hash_algorithm": algorithm(self.imprint_digest),
                "hashed_message": hashed(self.imprint_digest, self.message),
            },
            "serial_number": 1,
            "gen_time": GEN_TIME,
        }
        return bytes(tsp.TSTInfo(values | self.info).dump())

    def _attributes(self, content: bytes) -> list[Any]:
        attributes = [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashed(self.digest, content)]}),
        ]
        named = self.ess_certs or (self.signer,)
        if self.ess in ("v2", "both"):
            certs = [
                tsp.ESSCertIDv2(
                    {"hash_algorithm": algorithm(self.ess_hash), "cert_hash": hashed(self.ess_hash, p.der)}
                )
                for p in named
            ]
            if self.issuer_serial is not None:
                certs[0]["issuer_serial"] = self.issuer_serial
            attributes.append(
                cms.CMSAttribute(
                    {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": certs})]}
                )
            )
        if self.ess in ("v1", "both"):
            certs = [tsp.ESSCertID({"cert_hash": hashed("sha1", p.der)}) for p in named]
            attributes.append(
                cms.CMSAttribute(
                    {"type": "signing_certificate", "values": [tsp.SigningCertificate({"certs": certs})]}
                )
            )
        return attributes

    def _signature_algorithm(self) -> dict[str, Any]:
        match self.signer.key:
            case rsa.RSAPrivateKey():
                return {"algorithm": "rsassa_pkcs1v15"}
            case ed25519.Ed25519PrivateKey():
                return {"algorithm": "ed25519"}
            case _:
                return {"algorithm": f"{self.digest}_ecdsa"}

    def _sign(self, data: bytes, signature_algorithm: dict[str, Any]) -> bytes:
        chosen = _HASHES[self.digest]
        match self.signer.key:
            case rsa.RSAPrivateKey() as own if signature_algorithm["algorithm"] == "rsassa_pss":
                salt = int(signature_algorithm["parameters"]["salt_length"])
                return own.sign(data, padding.PSS(padding.MGF1(chosen), salt), chosen)
            case rsa.RSAPrivateKey() as own:
                return own.sign(data, padding.PKCS1v15(), chosen)
            case ed25519.Ed25519PrivateKey() as own:
                return own.sign(data)
            case own:
                return own.sign(data, ec.ECDSA(chosen))


class Maker:
    """What the tests get: one small world of a root, a TSA, and ways to make others."""

    START, END, GEN_TIME, POLICY, MESSAGE = START, END, GEN_TIME, POLICY, MESSAGE
    CA, TSA, EKU = CA, TSA, EKU
    key = staticmethod(key)
    party = staticmethod(party)
    usage = staticmethod(usage)
    crl = staticmethod(crl)
    pss = staticmethod(pss)
    algorithm = staticmethod(algorithm)
    resigned_sha1 = staticmethod(resigned_sha1)
    hashed = staticmethod(hashed)

    def __init__(self) -> None:
        self.root = party("Root", extensions=CA, kind="p256-root")
        self.tsa = party("TSA", self.root)

    def token(self, signer: Party | None = None, **changes: Any) -> bytes:
        return Making(signer or self.tsa, **changes).build()

    def trusted(self, **changes: Any) -> TrustedTsa:
        values: dict[str, Any] = {
            "name": "test",
            "roots": (self.root.der,),
            "pins": (),
            "policy_oids": (POLICY,),
            "imprint_algs": ("sha256", "sha384", "sha512", "sm3"),
            "test": False,
        }
        return TrustedTsa(**(values | changes))

    def verify(
        self, raw: bytes, *, trusted: TrustedTsa | None = None, message: bytes = MESSAGE, **more: Any
    ) -> TimestampResult:
        return verify_timestamp(raw, message=message, tsa=trusted or self.trusted(), **more)
