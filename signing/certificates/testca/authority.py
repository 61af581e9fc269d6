"""`LocalTestCa`: the test authority in this process."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7
from cryptography.x509 import ocsp
from sqlmodel import Session
from zheng_verifier.policy import TrustedCa

from signing.certificates.ports import AuthorityRefused, IssuedCertificate, Profile, Reason, Revoked
from signing.certificates.subjects import Subject, distinguished_name
from signing.certificates.testca import issuing, revoking
from signing.certificates.testca.folder import open_folder, read_register_key, read_root
from signing.certificates.testca.issuing import POLICIES, Places
from signing.certificates.testca.register import (
    CrlRow,
    IssuedRow,
    Register,
    entry_of,
    find,
    forget_ended,
    revoked,
)
from signing.database import read, write
from signing.ports import Clock, Random

NAME = "zheng-test-ca"
LIVES: Mapping[Profile, timedelta] = {"one_time": timedelta(hours=1), "long_term": timedelta(days=365)}
MAX_REQUEST = 8192
_CRL_AGE = timedelta(days=1)  # a list is made anew when it is so old; it is good for a week


class LocalTestCa:
    """A `CertificateAuthority` that is a test: it certifies whatever name it is told. Safe to use from several threads."""

    def __init__(
        self,
        directory: Path,
        *,
        base_url: str,
        clock: Clock,
        random: Random,
        lives: Mapping[Profile, timedelta] = LIVES,
    ) -> None:
        """Open the authority in ``directory``, made there if it is missing.

        ``base_url`` is where its lists and its responder are reached from outside: it stands in the certificates.

        Raises:
            ValueError, OSError: a file of it is missing or damaged.

        """
        self._places = Places(base_url)
        self._keys = open_folder(directory, self._places, clock=clock, random=random)
        self._register = Register(directory / "register.db", read_register_key(directory), random)
        self._clock = clock
        self._random = random
        self._lives = lives

    def close(self) -> None:
        """Close the register."""
        self._register.engine.dispose()

    @property
    def trusted(self) -> TrustedCa:
        """What a trust policy says of it, ``test`` among it."""
        return _trusted(self.root)

    @property
    def former(self) -> tuple[TrustedCa, ...]:
        """Nobody certified before it."""
        return ()

    @property
    def root(self) -> bytes:
        """The root's certificate, DER."""
        return self._keys.root.public_bytes(Encoding.DER)

    @property
    def issuing(self) -> bytes:
        """The issuing authority's certificate, DER."""
        return self._keys.issuing.public_bytes(Encoding.DER)

    def policy_oid(self, profile: Profile) -> str:
        """Name the certificate policy of a profile; it promises nothing."""
        return POLICIES[profile]

    def certify(self, request: bytes, profile: Profile, subject: Subject) -> IssuedCertificate:
        """Certify the key of a request; the same request again gives the same certificate.

        Raises:
            AuthorityRefused: not a request, its key was not shown or is too weak or was certified before, or its
                subject is another than the one named beside it.

        """
        parsed = _read_request(request, subject)
        spki = parsed.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        digest, key = hashlib.sha256(profile.encode() + request).digest(), hashlib.sha256(spki).digest()
        with write(self._register.engine) as session:
            forget_ended(session, self._clock())
            row = find(session, request=digest)
            if row is None:
                if find(session, key=key) is not None:
                    raise AuthorityRefused("this key was certified before")
                row = self._issue(session, parsed, subject, profile, digest, key)
            if row.sealed is None:
                raise AuthorityRefused("the certificate of this request has ended")
            certificate = self._register.open(row.serial, row.sealed)
        above = (self.issuing, self.root)
        chain = [x509.load_der_x509_certificate(der) for der in (certificate, *above)]
        return IssuedCertificate(certificate, above, pkcs7.serialize_certificates(chain, Encoding.DER))

    def _issue(
        self,
        session: Session,
        request: x509.CertificateSigningRequest,
        subject: Subject,
        profile: Profile,
        digest: bytes,
        key: bytes,
    ) -> IssuedRow:
        now = self._clock()
        made = issuing.issue(
            self._keys,
            self._places,
            request,
            subject,
            profile,
            life=self._lives[profile],
            now=now,
            random=self._random,
        )
        serial = f"{made.serial_number:x}"
        sealed = self._register.seal(serial, made.public_bytes(Encoding.DER))
        row = IssuedRow(
            serial=serial,
            request=digest,
            key=key,
            sealed=sealed,
            issued_at=now,
            not_after=made.not_valid_after_utc,
        )
        session.add(row)
        session.flush()
        return row

    def revoke(self, serial: int, reason: Reason) -> Revoked:
        """Revoke a certificate and make a new list; again gives the first revocation.

        Raises:
            AuthorityRefused: we did not issue it.

        """
        with write(self._register.engine) as session:
            row = find(session, serial=f"{serial:x}")
            if row is None:
                raise AuthorityRefused("this authority issued no such certificate")
            if row.revoked_at is None:
                row.revoked_at, row.reason = self._clock(), reason
                session.add(row)
                session.flush()
                self._list(session, "issuing")
            entry = entry_of(row)
            crl = self._current(session, "issuing")
        if entry is None:
            raise AuthorityRefused("this certificate was not revoked")
        return Revoked(entry.at, "crl", crl)

    def crls(self) -> tuple[bytes, ...]:
        """Give the lists of the issuing authority and of the root, in this order."""
        return self.crl("issuing"), self.crl("root")

    def crl(self, which: str) -> bytes:
        """Give the current list of ``issuing`` or ``root``; a new one if the last is a day old."""
        with write(self._register.engine) as session:
            return self._current(session, which)

    def _current(self, session: Session, which: str) -> bytes:
        row = session.get(CrlRow, which)
        if row is None or self._clock() - row.issued_at >= _CRL_AGE:
            row = self._list(session, which)
        return row.der

    def _list(self, session: Session, which: str) -> CrlRow:
        now, keys = self._clock(), self._keys
        issuer, key = (keys.issuing, keys.issuing_key) if which == "issuing" else (keys.root, keys.root_key)
        entries = revoked(session) if which == "issuing" else []
        row = session.get(CrlRow, which)
        number = 1 if row is None else row.number + 1
        der = revoking.make_crl(issuer, key, entries, number=number, now=now)
        if row is None:
            row = CrlRow(issuer=which, number=number, issued_at=now, der=der)
        row.number, row.issued_at, row.der = number, now, der
        session.add(row)
        session.flush()
        return row

    def ocsp(self, request: bytes) -> bytes:
        """Answer an OCSP request; never raises, refusals are answers too (RFC 6960 §2.3)."""
        try:
            parsed = ocsp.load_der_ocsp_request(request)
            about = revoking.is_about(parsed, self._keys.issuing)
        except (ValueError, NotImplementedError, UnsupportedAlgorithm):
            return _unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        if not about:
            return _unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        with read(self._register.engine) as session:
            row = find(session, serial=f"{parsed.serial_number:x}")
            return revoking.answer(
                self._keys,
                parsed,
                until=None if row is None else row.not_after,
                entry=entry_of(row),
                now=self._clock(),
            )


def trusted_ca(directory: Path) -> TrustedCa | None:
    """Say what a trust policy says of the authority in ``directory``, without opening it; None if there is none yet.

    Raises:
        ValueError, OSError: its root's certificate cannot be read.

    """
    root = read_root(directory)
    return None if root is None else _trusted(root)


def _trusted(root: bytes) -> TrustedCa:
    return TrustedCa(NAME, (root,), tuple(POLICIES.values()), None, "CN", test=True)


def _unsuccessful(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _read_request(der: bytes, subject: Subject) -> x509.CertificateSigningRequest:
    """Read a PKCS#10 request and see that the asker has the key (RFC 2986 §3)."""
    if len(der) > MAX_REQUEST:
        raise AuthorityRefused("the request is too long")
    try:
        request = x509.load_der_x509_csr(der)
        possession, key = request.is_signature_valid, request.public_key()
        subject_asked = request.subject
    except (ValueError, UnsupportedAlgorithm) as error:
        raise AuthorityRefused("not a certificate request that can be read") from error
    if not possession:
        raise AuthorityRefused("the request is not signed with the key it names")
    strong = (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1") or (
        isinstance(key, rsa.RSAPublicKey) and key.key_size in (2048, 3072, 4096)
    )
    if not strong:
        raise AuthorityRefused("keys are P-256, or RSA of 2048, 3072 or 4096 bits")
    if subject_asked != distinguished_name(subject, test=True):
        raise AuthorityRefused("the request is for another subject")
    return request
