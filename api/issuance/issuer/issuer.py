"""`Issuer`: seals PDFs and signs reports in the name of this installation."""

import hashlib
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from zheng_verifier.deposit_certificate.model import IssuerCertificate
from zheng_verifier.jws import format_jws, format_protected, key_fingerprint, signing_input
from zheng_verifier.policy import TrustedIssuer
from zheng_verifier.report.signed import format_signed_report, report_signing_input

from api.errors import IssuerKeyError
from api.issuance.issuer.folder import IssuerFiles, open_folder, read_certificates, read_crls, read_key
from api.issuance.issuer.identity import SealIdentity, describe, issue_crl
from api.issuance.issuer.sealing import Sealed, seal
from api.operation.authorities import NamedAuthority, open_authorities
from api.settings import IssuerSettings, Settings
from api.times import Clock, Random

ANSWER_TYPE = "zheng-answer+jws"


class Issuer:
    """The issuing identity of an installation. Safe to use from several threads."""

    def __init__(
        self,
        name: str,
        files: IssuerFiles,
        settings: IssuerSettings,
        authorities: Sequence[NamedAuthority],
        *,
        clock: Clock,
    ) -> None:
        self._name = name
        self._files = files
        self._settings = settings
        self._authorities = tuple(authorities)
        self._clock = clock
        self._identity()  # refuse now what could not seal later

    @classmethod
    def open(cls, settings: Settings, *, name: str, clock: Clock, random: Random) -> "Issuer":
        """Open the identity in `issuer/`, made there if it is missing; ``name`` is what policies call it.

        Raises:
            IssuerKeyError: a key or certificate cannot be used as it is.
        """
        files = open_folder(settings.paths.issuer, clock=clock, random=random)
        authorities = open_authorities(settings, clock=clock, random=random)
        return cls(settings.issuer.name or name, files, settings.issuer, authorities, clock=clock)

    @property
    def trusted(self) -> TrustedIssuer:
        """What a trust policy says of this issuer; ``test`` unless the operator named a certificate of his own."""
        identity = self._identity()
        return TrustedIssuer(
            name=self._name, roots=(identity.root,), report_keys=(self.report_key,), test=identity.test
        )

    @property
    def certificate(self) -> IssuerCertificate:
        """What a certificate of deposit prints of the certificate it is sealed with."""
        identity = self._identity()
        fingerprint = hashlib.sha256(identity.certificate).digest()
        return IssuerCertificate(describe(identity.certificate), fingerprint, identity.test)

    @property
    def report_key(self) -> bytes:
        """The public key of reports and answers, DER SubjectPublicKeyInfo."""
        public = self._files.report_key.public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def seal(self, pdf: bytes) -> Sealed:
        """Seal a PDF, and tell how far the seal reaches. Blocking; never call it inside an event loop."""
        return seal(pdf, self._identity(), self._authorities)

    def seal_pdf(self, pdf: bytes) -> bytes:
        """Seal a PDF; the level is what the authorities allowed at this moment."""
        return self.seal(pdf).pdf

    def sign_report(self, payload: bytes) -> str:
        """Sign a report: a compact JWS of type ``zheng-report+jws`` (docs/spec/report.md §5).

        Raises:
            MalformedError: the payload is not a report in canonical form.
        """
        message = report_signing_input(payload, self.report_key)
        return format_signed_report(payload, self.report_key, self._files.report_key.sign(message))

    def sign_answer(self, payload: bytes) -> str:
        """Sign an answer of the register: a JWS of type ``zheng-answer+jws`` that leaves the payload out."""
        protected = format_protected("EdDSA", key_fingerprint(self.report_key), ANSWER_TYPE)
        return format_jws(protected, self._files.report_key.sign(signing_input(protected, payload)))

    def _identity(self) -> SealIdentity:
        """Give what seals now: the operator's files, read again each time so that fresh CRLs count, or our own."""
        settings, authority = self._settings, self._files.authority
        if settings.seal_chain is None or settings.seal_key is None:
            crl = issue_crl(authority, now=self._clock())
            return SealIdentity(authority.key, authority.certificate, (authority.root,), (crl,), test=True)
        key = read_key(settings.seal_key)
        certificate, *above = read_certificates(settings.seal_chain)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise IssuerKeyError(f"{settings.seal_key}: seals are made with P-256 keys")
        crls = () if settings.seal_crls is None else read_crls(settings.seal_crls)
        return SealIdentity(key, certificate, tuple(above), crls, test=False)
