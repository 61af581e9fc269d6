"""`Certificates`: the key and certificate of a signer, from the request to the destruction, each step evidence.

    request   within the caller's transaction: a key out of the pool, the request signed with it, two events
    open      outside of transactions: has it certified if it is not yet, asks for its status now, gives what signs
    retiring  its end (`retiring`)

A crash between any two leaves a state that the next call goes on from: the same request at the authority gives the same
certificate.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from sqlmodel import Session, col, select
from zheng_verifier.claim import Actor

from signing.certificates import events
from signing.certificates.keys import CERTIFIED, DESTROYED, REQUESTED, RETIRED, KeyAlgorithm, KeyPool
from signing.certificates.ports import (
    AuthorityMistaken,
    AuthorityRefused,
    AuthorityUnavailable,
    CertificateAuthority,
    IssuedCertificate,
    Profile,
    Revoked,
)
from signing.certificates.profiles import BY_DEFAULT, Profiles
from signing.certificates.retiring import Retiring
from signing.certificates.revoking import certified_by, keep_revocation
from signing.certificates.status import ask_status, judge_status, revocation_in
from signing.certificates.subjects import Subject, check_name, distinguished_name
from signing.certificates.tables import KeyRow, KeyUseRow
from signing.context import Context
from signing.custody.service import Custody
from signing.database import read, write
from signing.errors import Refused
from signing.pades.ports import Credential, ValidationData

_SUBJECT, _REQUEST, _CERTIFICATE = "subject", "request", "certificate"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that may sign now. ``ref`` is what the case calls it; digests are lower-case hex."""

    ref: str
    credential: Credential
    certificate_sha256: str
    not_before: datetime
    not_after: datetime
    profile: Profile


class Certificates:
    """Keys and certificates of one pipeline. Safe to use from several threads."""

    def __init__(
        self,
        context: Context,
        custody: Custody,
        authority: CertificateAuthority,
        pool: KeyPool,
        profiles: Profiles = BY_DEFAULT,
    ) -> None:
        self._context = context
        self._custody = custody
        self.authority = authority
        self.pool = pool
        self.profiles = profiles
        self.retiring = Retiring(context, custody, pool)

    def request(
        self,
        session: Session,
        *,
        tenant: str,
        dossier: str,
        subject: Subject,
        key: str,
        profile: Profile = "one_time",
        algorithm: KeyAlgorithm = "ecdsa_p256",
        holder: str | None = None,
        actor: Actor | None = None,
    ) -> None:
        """Give a party of a case a key, called ``key`` there, and prepare the request for its certificate.

        Again for the same ``key`` changes nothing. A long-term key of the same ``holder`` (an account) and name that is
        still good is used again: its generation and certificate are then stated anew, in this case.

        Raises:
            Refused: certificate-request-refused: the subject has no name that could be certified.

        """
        check_name(subject)
        if session.get(KeyUseRow, key) is not None:
            return
        row = self._good(session, tenant, holder, subject, algorithm) if profile == "long_term" else None
        fresh = row is None
        if row is None:
            row = self.pool.take(session, algorithm)
            self._assign(session, row, tenant, holder, profile, subject)
        use = KeyUseRow(ref=key, key=row.id, tenant=tenant, dossier=dossier, party=subject.reference)
        session.add(use)
        session.flush()
        record = self._context.recorder.record
        record(session, dossier, events.key_generated(use, row, actor))
        if fresh:
            request = self._custody.open(session, row.id, row.request or b"", place=_REQUEST)
            policy = self.authority.policy_oid(profile)
            record(
                session,
                dossier,
                events.requested(use, row, self.authority.trusted, policy, request, actor),
            )
        elif row.state == CERTIFIED:
            self._tell_issued(session, use, row)

    def _assign(
        self,
        session: Session,
        row: KeyRow,
        tenant: str,
        holder: str | None,
        profile: Profile,
        subject: Subject,
    ) -> None:
        if profile == "long_term":
            subject = replace(subject, reference=row.id)  # it will be seen in other cases than this one
        name = distinguished_name(subject, test=self.authority.trusted.test)
        private = self.pool.open(session, row)
        request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(private, hashes.SHA256())
        row.tenant, row.holder, row.profile = tenant, holder, profile
        row.request = self._custody.seal(session, row.id, request.public_bytes(Encoding.DER), place=_REQUEST)
        stated = json.dumps(asdict(subject)).encode()
        row.subject = self._custody.seal(session, row.id, stated, place=_SUBJECT)
        session.add(row)

    def _good(
        self, session: Session, tenant: str, holder: str | None, subject: Subject, algorithm: KeyAlgorithm
    ) -> KeyRow | None:
        """Find the holder's long-term key that is good for this name."""
        if holder is None:
            return None
        now = self._context.clock()
        rows = session.exec(
            select(KeyRow)
            .where(
                KeyRow.tenant == tenant,
                KeyRow.holder == holder,
                KeyRow.profile == "long_term",
                KeyRow.algorithm == algorithm,
                col(KeyRow.state).in_((REQUESTED, CERTIFIED)),
                col(KeyRow.revoked_at).is_(None),
            )
            .order_by(col(KeyRow.generated_at).desc())
        )
        for row in rows:
            known = self._subject(session, row)
            if (
                (known.name, known.kind) == (subject.name, subject.kind)
                and (row.not_after is None or now < row.not_after)
                and certified_by(self.authority, row) == self.authority.trusted
            ):
                return row
        return None

    def _subject(self, session: Session, row: KeyRow) -> Subject:
        return Subject(**json.loads(self._custody.open(session, row.id, row.subject or b"", place=_SUBJECT)))

    def open(self, key: str) -> SigningKey:
        """Give what signs, certified and not revoked as of now. Blocking; outside of transactions, just before signing.

        Raises:
            Refused: signing-key-unknown, signing-key-gone, certificate-revoked, certificate-expired,
                certificate-request-refused, certificate-not-believed; authority-unavailable: try again later.

        """
        with read(self._context.engine) as session:
            row, use = self._find(session, key)
            told = use.told
        if row.state == REQUESTED or not told:
            self._certify(key)
        with read(self._context.engine) as session:
            row, _ = self._find(session, key)
            private = self.pool.open(session, row)
            certificate = self._custody.open(session, row.id, row.certificate or b"", place=_CERTIFICATE)
        self._check(row, certificate)
        if row.not_before is None or row.not_after is None:
            raise Refused("signing-key-gone")
        return SigningKey(
            key,
            Credential(private, certificate, _above(row)),
            hashlib.sha256(certificate).hexdigest(),
            row.not_before,
            row.not_after,
            "one_time" if row.profile == "one_time" else "long_term",
        )

    def _find(self, session: Session, key: str) -> tuple[KeyRow, KeyUseRow]:
        use = session.get(KeyUseRow, key)
        row = None if use is None else session.get(KeyRow, use.key)
        if use is None or row is None:
            raise Refused("signing-key-unknown", "there is no such signing key")
        if row.revoked_at is not None:
            raise Refused("certificate-revoked", "the certificate of this key was revoked")
        if row.state in (RETIRED, DESTROYED):
            raise Refused("signing-key-gone", "this key has signed and is not used again")
        return row, use

    def _check(self, row: KeyRow, certificate: bytes) -> None:
        """Refuse a certificate that is not valid or was revoked: the authority is asked, and answered for by a path."""
        now = self._context.clock()
        if row.not_before is None or row.not_after is None or not row.not_before <= now <= row.not_after:
            raise Refused("certificate-expired", "the certificate of this key is not valid now")
        data = ask_status(self.authority, certificate, _above(row))
        if not data.tells_status:
            raise Refused("authority-unavailable", "the authority does not say whether it was revoked")
        found = judge_status(self.authority, certificate, data, now)
        if found.revoked_at is not None:
            if found.of_signer:
                self._keep_revocation(
                    row.id, revocation_in(certificate, data, found.revoked_at), found.reason
                )
            raise Refused("certificate-revoked", "the certificate of this key was revoked")
        if not found.known:
            raise Refused("authority-unavailable", f"the status is not known: {found.reason}")

    def _keep_revocation(self, row_id: str, found: Revoked, reason: str) -> None:
        """Keep what the authority told of a revocation that was not asked for here: its holder then gets another key."""
        with write(self._context.engine) as session:
            row = session.get_one(KeyRow, row_id)
            keep_revocation(self._context, session, row, certified_by(self.authority, row), found, reason)

    def _certify(self, key: str) -> None:
        """Have a key certified, and say so in the case. May be repeated after a crash."""
        with read(self._context.engine) as session:
            row, _ = self._find(session, key)
            request = self._custody.open(session, row.id, row.request or b"", place=_REQUEST)
            subject = self._subject(session, row)
        profile: Profile = "one_time" if row.profile == "one_time" else "long_term"
        try:
            issued = self.authority.certify(request, profile, subject)
        except AuthorityUnavailable as error:
            raise Refused("authority-unavailable", str(error)) from error
        except AuthorityRefused as error:
            raise Refused("certificate-request-refused", str(error)) from error
        except AuthorityMistaken as error:
            raise Refused("certificate-not-believed", str(error)) from error
        with write(self._context.engine) as session:
            row, use = self._find(session, key)
            if row.state == REQUESTED:
                self._keep(session, row, issued)
            if not use.told:
                self._tell_issued(session, use, row)

    def _keep(self, session: Session, row: KeyRow, issued: IssuedCertificate) -> None:
        loaded = x509.load_der_x509_certificate(issued.certificate)
        above = [x509.load_der_x509_certificate(der) for der in issued.above]
        row.certificate = self._custody.seal(session, row.id, issued.certificate, place=_CERTIFICATE)
        row.certificate_sha256 = hashlib.sha256(issued.certificate).hexdigest()
        row.response_sha256 = hashlib.sha256(issued.response).hexdigest()
        row.above = "".join(each.public_bytes(Encoding.PEM).decode() for each in above)
        row.serial = f"{loaded.serial_number:x}"
        row.not_before, row.not_after = loaded.not_valid_before_utc, loaded.not_valid_after_utc
        row.state = CERTIFIED
        session.add(row)
        session.flush()

    def _tell_issued(self, session: Session, use: KeyUseRow, row: KeyRow) -> None:
        certificate = self._custody.open(session, row.id, row.certificate or b"", place=_CERTIFICATE)
        policy = self.authority.policy_oid("one_time" if row.profile == "one_time" else "long_term")
        event = events.issued(use, row, self.authority.trusted, policy, certificate)
        self._context.recorder.record(session, use.dossier, event)
        use.told = True
        session.add(use)
        session.flush()

    def status(self, certificate: bytes) -> ValidationData:
        """Ask for the status of a certificate that was issued here (a `StatusSource` of ``signing.pades``); else nothing."""
        digest = hashlib.sha256(certificate).hexdigest()
        with read(self._context.engine) as session:
            row = session.exec(select(KeyRow).where(KeyRow.certificate_sha256 == digest)).first()
        return ValidationData() if row is None else ask_status(self.authority, certificate, _above(row))


def _above(row: KeyRow) -> tuple[bytes, ...]:
    loaded = x509.load_pem_x509_certificates(row.above.encode())
    return tuple(each.public_bytes(Encoding.DER) for each in loaded)
