"""The authority in use, and the test authority that certified here before it: what that one certified keeps its status."""

from cryptography.x509 import ocsp
from zheng_verifier.policy import TrustedCa

from signing.certificates.ports import (
    AuthorityRefused,
    CertificateAuthority,
    IssuedCertificate,
    Profile,
    Reason,
    Revoked,
)
from signing.certificates.subjects import Subject
from signing.certificates.testca import LocalTestCa


class Succession:
    """A `CertificateAuthority` that certifies by ``present`` alone."""

    def __init__(self, present: CertificateAuthority, before: LocalTestCa) -> None:
        self._present = present
        self._before = before

    @property
    def trusted(self) -> TrustedCa:
        """What a trust policy says of the authority in use."""
        return self._present.trusted

    @property
    def former(self) -> tuple[TrustedCa, ...]:
        """The one before it."""
        return (self._before.trusted,)

    def policy_oid(self, profile: Profile) -> str:
        """Name the certificate policy of a profile, as the authority in use has it."""
        return self._present.policy_oid(profile)

    def certify(self, request: bytes, profile: Profile, subject: Subject) -> IssuedCertificate:
        """Have a key certified by the authority in use."""
        return self._present.certify(request, profile, subject)

    def revoke(self, serial: int, reason: Reason) -> Revoked:
        """Have a certificate revoked by whoever issued it: serial numbers are random, and known here first."""
        try:
            return self._before.revoke(serial, reason)
        except AuthorityRefused:
            return self._present.revoke(serial, reason)

    def crls(self) -> tuple[bytes, ...]:
        """Give the lists of both."""
        return (*self._present.crls(), *self._before.crls())

    def ocsp(self, request: bytes) -> bytes:
        """Have the issuer's responder answer."""
        answer = self._before.ocsp(request)
        status = ocsp.load_der_ocsp_response(answer).response_status
        return answer if status is ocsp.OCSPResponseStatus.SUCCESSFUL else self._present.ocsp(request)
