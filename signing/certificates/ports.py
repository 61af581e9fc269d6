"""The seam to certification authorities: what the pipeline asks of one, and what it is promised."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from zheng_verifier.policy import TrustedCa

from signing.certificates.subjects import Subject

Profile: TypeAlias = Literal["one_time", "long_term"]
Reason: TypeAlias = Literal[
    "unspecified",
    "key_compromise",
    "affiliation_changed",
    "superseded",
    "cessation_of_operation",
    "privilege_withdrawn",
]
"""Why a certificate is revoked; words of certificate.revoked/1 that a subscriber may use (RFC 5280 §5.3.1)."""


class AuthorityUnavailable(Exception):  # noqa: N818  # a state of the authority, not a mistake
    """No answer, or none that can be understood: whether it issued or revoked is not known; ask the same again."""


class AuthorityRefused(Exception):  # noqa: N818
    """The authority understood and said no; nothing was issued or revoked."""


class AuthorityMistaken(Exception):  # noqa: N818
    """It answered, and the answer is not of what was asked for: it is not believed. Asked again it would be the same."""


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate, those above it up to the root, and the authority's answer as it came; DER."""

    certificate: bytes
    above: tuple[bytes, ...]
    response: bytes


@dataclass(frozen=True, slots=True)
class Revoked:
    """A revocation that is in force: since when, and the DER of the list or notice that says so."""

    at: datetime
    kind: Literal["crl", "ocsp", "notice"]
    status: bytes


class CertificateAuthority(Protocol):
    """Issues certificates for signing.

    Promises: an answer is durable at the authority before it is given. ``certify`` is idempotent by the request's bytes:
    the same request for the same subject and profile gives the same certificate. ``revoke`` again gives the first
    revocation. Calls block, are made outside of transactions, and by several threads at once.

    Every call raises ``AuthorityUnavailable`` where nobody knows whether it was done, ``AuthorityRefused`` where not,
    ``AuthorityMistaken`` where something else was done.
    """

    @property
    def trusted(self) -> TrustedCa:
        """What our published trust policy says of it: name, roots, policies, and whether it is a test."""

    @property
    def former(self) -> tuple[TrustedCa, ...]:
        """Say who certified here before it, and is still asked about what it certified."""

    def policy_oid(self, profile: Profile) -> str:
        """Name the certificate policy of a profile."""

    def certify(self, request: bytes, profile: Profile, subject: Subject) -> IssuedCertificate:
        """Certify the key of a PKCS#10 request (DER), whose own signature shows that the asker has the key."""

    def revoke(self, serial: int, reason: Reason) -> Revoked:
        """Revoke a certificate."""

    def crls(self) -> tuple[bytes, ...]:
        """Give the current CRLs (DER), for every certificate below a root."""

    def ocsp(self, request: bytes) -> bytes:
        """Answer an OCSP request (DER, RFC 6960), with its nonce if it has one."""
