"""From the authority's certificate to a root of the policy, at one moment (RFC 5280 §6).

The search is ours, the rules of the path are pyhanko-certvalidator's. Its own search and its blocking calls go
through ``asyncio.run``, which opens a socket pair; here nothing may open a socket (docs/adr/0006-timestamp-paths.md).
Without fetchers its validation awaits nothing that could wait, so one step of the coroutine is all of it.
Revocation is ours too (``revocation.py``): RFC 3161 §4 has rules for it that RFC 5280 has not.
"""

from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyhanko_certvalidator.authority import CertTrustAnchor, TrustQualifiers
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import DisallowedAlgorithmError, ValidationError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.validate import async_validate_path

from zheng_verifier.errors import EvidenceError, InsufficientError, UncheckableError, VerificationError
from zheng_verifier.timestamp.certificate import (
    Certificate,
    check_validity,
    describe,
    verify_issued,
)

MAX_PATH_LENGTH = 8
"""Certificates in a path, ends included."""

MAX_SIGNATURE_CHECKS = 100
"""Signatures tried in one search: enclosed certificates are the attacker's, and could branch without end."""


@dataclass(slots=True)
class _Search:
    """One search; ``unchecked`` is the first signature that could not be checked."""

    roots: Sequence[Certificate]
    pool: Sequence[Certificate]
    left: int = MAX_SIGNATURE_CHECKS
    unchecked: UncheckableError | None = None
    known: dict[tuple[bytes, bytes], bool] = field(default_factory=dict)

    def paths(self, path: tuple[Certificate, ...]) -> Iterator[tuple[Certificate, ...]]:
        """Give every path that goes on from ``path`` and ends at a root, shortest branches first."""
        last = path[-1]
        if any(last.der == root.der for root in self.roots):
            yield path
        elif len(path) < MAX_PATH_LENGTH:
            for root in self.roots:
                if self.issued(last, root):
                    yield (*path, root)
            for issuer in self.pool:
                if all(issuer.der != c.der for c in path) and self.issued(last, issuer):
                    yield from self.paths((*path, issuer))

    def issued(self, certificate: Certificate, issuer: Certificate) -> bool:
        """Tell whether one signed the other, as far as the search may still look."""
        if not _may_have_issued(certificate, issuer):
            return False
        pair = (certificate.der, issuer.der)
        if pair not in self.known:
            if self.left == 0:
                return False
            self.left -= 1
            self.known[pair] = self._verified(certificate, issuer)
        return self.known[pair]

    def _verified(self, certificate: Certificate, issuer: Certificate) -> bool:
        try:
            verify_issued(certificate.signed, issuer)
        except VerificationError:
            return False
        except UncheckableError as error:
            self.unchecked = self.unchecked or error
            return False
        return True


def _may_have_issued(certificate: Certificate, issuer: Certificate) -> bool:
    """Tell whether names and key identifiers allow that one issued the other; signatures come after."""
    if certificate.issuer != issuer.subject:
        return False
    wanted, found = certificate.x509.authority_key_identifier, issuer.x509.key_identifier
    return wanted is None or found is None or wanted == found


def find_issuer(certificate: Certificate, pool: Sequence[Certificate]) -> Certificate | None:
    """Find a certificate whose key signed this one."""
    search = _Search((), pool)
    return next((issuer for issuer in pool if search.issued(certificate, issuer)), None)


def find_path(
    certificate: Certificate, *, roots: Sequence[Certificate], pool: Sequence[Certificate], moment: datetime
) -> tuple[Certificate, ...]:
    """Find a path from ``certificate`` to one of ``roots`` that holds at ``moment``; both ends are in it.

    Raises:
        VerificationError: EXPIRED, NOT_YET_VALID, CHAIN_CONSTRAINTS_FAILURE: paths exist, the first is bad so.
        InsufficientError: UNTRUSTED_TSA: no path; CRYPTO_CONSTRAINTS_FAILURE: one by weak algorithms.
        UncheckableError: UNKNOWN_ALGORITHM: no path, but a signature on the way could not be checked.

    """
    search = _Search(roots, pool)
    first: EvidenceError | None = None
    for path in search.paths((certificate,)):
        try:
            _validate(path, moment)
        except (VerificationError, InsufficientError) as error:
            first = first or error
        else:
            return path
    if first is not None:
        raise first
    if search.unchecked is not None:
        raise search.unchecked
    detail = f"no path from {describe(certificate)} to a root of the policy"
    raise InsufficientError("UNTRUSTED_TSA", detail, "token.certificates")


def _validate(path: tuple[Certificate, ...], moment: datetime) -> None:
    for certificate in path:
        check_validity(certificate, moment)
    *below, anchor = path
    context = ValidationContext(
        trust_roots=[],
        moment=moment,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
    )
    certificates = [c.x509 for c in reversed(below)]
    if not certificates:
        return
    candidate = ValidationPath(trust_anchor(anchor), certificates[:-1], certificates[-1])
    where = f"certificate {describe(path[0])}"
    try:
        run_now(async_validate_path(context, candidate))
    except DisallowedAlgorithmError as error:
        raise InsufficientError("CRYPTO_CONSTRAINTS_FAILURE", error.failure_msg, where) from error
    except ValidationError as error:
        raise VerificationError("CHAIN_CONSTRAINTS_FAILURE", error.failure_msg, where) from error


def trust_anchor(certificate: Certificate) -> CertTrustAnchor:
    """Trust a certificate as far as its own path length goes, which the library does not read from an anchor."""
    longest = certificate.x509.max_path_length
    # The library fails on an anchor with the first limit and not the second, which is about attribute certificates.
    quals = TrustQualifiers(max_path_length=longest, max_aa_path_length=longest)
    return CertTrustAnchor(certificate.x509, quals)


def run_now(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine that never waits, without an event loop.

    Raises:
        RuntimeError: it did wait.

    """
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("path validation waited for something: there is nothing to wait for")
