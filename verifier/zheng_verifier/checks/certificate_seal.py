"""C01 of a certificate of deposit, the seal: that it holds, that nothing changed after it, and whose it is."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from zheng_verifier.checks.evidence import (
    failed,
    finding_of,
    indeterminate,
    not_provided,
    passed,
)
from zheng_verifier.checks.timestamps import ask_authorities, describe_token
from zheng_verifier.deposit_certificate.model import CertificateRecord
from zheng_verifier.encoding import format_hex
from zheng_verifier.errors import EvidenceError, InsufficientError
from zheng_verifier.pdf_signatures.facts import (
    Change,
    Coverage,
    Problem,
    SignatureFact,
    SignatureFacts,
)
from zheng_verifier.pdf_signatures.guard import error_of
from zheng_verifier.policy import TrustedIssuer, TrustPolicy
from zheng_verifier.report.model import Finding, Text, say
from zheng_verifier.timestamp.certificate import Certificate, describe, load_certificate
from zheng_verifier.timestamp.path import find_path
from zheng_verifier.timestamp.revocation import check_revocation, load_crl


def mismatch(member: str, said: str, shown: str) -> Finding:
    """State that the record says one thing of a member, and what can be seen another."""
    subject = say("certificate.member", member=member)
    return failed(
        "RECORD_MISMATCH", subject, say("certificate.differs", said=said, shown=shown), said=said, shown=shown
    )


def check_seal(
    facts: SignatureFacts, record: CertificateRecord | None, policy: TrustPolicy, at: datetime | None
) -> Iterator[Finding]:
    """Judge the seal of a certificate; ``at`` is the verifier's own time, used where no trusted time-stamp gives one."""
    subject = say("certificate.seal")
    seals = [each for each in facts.signatures if not each.is_timestamp]
    if facts.problem is not None:
        yield _problem(facts.problem, subject)
    elif not seals:
        yield not_provided("NO_SIGNATURE", subject, say("certificate.no_seal"))
    elif len(seals) > 1 or facts.removed:
        names = ", ".join([*(each.field for each in seals), *facts.removed])
        yield failed("UNEXPECTED_SIGNATURE", subject, say("certificate.other_signatures", fields=names))
    else:
        (seal,) = seals
        broken = _integrity(seal, subject)
        if broken is not None:
            yield broken
            return
        yield passed(subject, say("certificate.seal_holds"), level=seal.level)
        sealed_at, timing = _time(seal, policy)
        yield timing
        yield from _origin(seal, facts, record, policy, sealed_at or at)


def _problem(problem: Problem, subject: Text) -> Finding:
    return finding_of(error_of(problem), subject)


def _integrity(seal: SignatureFact, subject: Text) -> Finding | None:
    """Find what is wrong with the seal itself: broken, over a part of the file, or followed by changes."""
    if seal.problem is not None:
        return _problem(seal.problem, subject)
    if not seal.holds:
        code = "SIG_CRYPTO_FAILURE" if seal.digest_ok else "HASH_FAILURE"
        return failed(code, subject, say("certificate.seal_broken"))
    if seal.coverage not in (Coverage.ENTIRE_FILE, Coverage.ENTIRE_REVISION):
        return failed("PARTIAL_COVERAGE", subject, say("certificate.partial"))
    if seal.change is None:
        return indeterminate("MODIFICATIONS_UNCLEAR", subject, say("certificate.unclear"))
    if seal.change not in (Change.NONE, Change.LTA_UPDATES) or seal.doc_mdp_ok is False:
        detail = say("certificate.changed", change=seal.change_detail or seal.change.value)
        return failed("CHANGED_AFTER_SEAL", subject, detail)
    return None


def _time(seal: SignatureFact, policy: TrustPolicy) -> tuple[datetime | None, Finding]:
    """Judge the seal's time-stamp; only a trusted one gives a moment to judge the certificate at."""
    subject = say("certificate.seal_time")
    if not seal.timestamps:
        return None, not_provided("NO_TIMESTAMP", subject, say("certificate.no_time"))
    try:
        tsa, result = ask_authorities(seal.timestamps[0], seal.stamped, policy.tsas, ())
    except EvidenceError as error:
        return None, finding_of(error, subject)
    return result.gen_time, describe_token(subject, tsa, result)


def _origin(
    seal: SignatureFact,
    facts: SignatureFacts,
    record: CertificateRecord | None,
    policy: TrustPolicy,
    moment: datetime | None,
) -> Iterator[Finding]:
    """Find the issuer of the policy whose root the sealing certificate leads to."""
    subject = say("certificate.issuer")
    if seal.signer is None or moment is None:
        yield indeterminate("NO_POE", subject, say("certificate.no_moment"))
        return
    try:
        certificate = load_certificate(seal.signer, "seal")
        issuer = _find_issuer(certificate, facts, policy.issuers, moment)
    except EvidenceError as error:
        yield finding_of(error, subject)
        return
    name = describe(certificate)
    if issuer is None:
        yield indeterminate("UNTRUSTED_ISSUER", subject, say("certificate.unknown_issuer", certificate=name))
    elif issuer.test:
        yield indeterminate("TEST_ISSUER", subject, say("certificate.test_issuer", issuer=issuer.name))
    else:
        yield passed(subject, say("certificate.known_issuer", issuer=issuer.name, certificate=name))
    printed = None if record is None else record.issuer_certificate
    fingerprint = hashlib.sha256(seal.signer).digest()
    if printed is not None and printed.sha256 != fingerprint:
        yield mismatch("issuer_cert", format_hex(printed.sha256), format_hex(fingerprint))
    if printed is not None and issuer is not None and issuer.test and not printed.test:
        yield mismatch("issuer_cert/test", "false", "true")


def _find_issuer(
    certificate: Certificate, facts: SignatureFacts, issuers: Sequence[TrustedIssuer], moment: datetime
) -> TrustedIssuer | None:
    """Find an issuer by a path that holds at ``moment``, and see in the enclosed CRLs that nothing on it is revoked.

    Raises:
        VerificationError: EXPIRED, NOT_YET_VALID, CHAIN_CONSTRAINTS_FAILURE, REVOKED, SIG_CRYPTO_FAILURE.
        InsufficientError: CRYPTO_CONSTRAINTS_FAILURE.
        MalformedError, UncheckableError: a certificate or CRL on the way.

    """
    pool = [load_certificate(der, "seal.certificates") for der in facts.certificates]
    crls = [load_crl(der, "seal.crls") for der in facts.crls]
    for issuer in issuers:
        roots = [load_certificate(der, "policy.issuers") for der in issuer.roots]
        try:
            path = find_path(certificate, roots=roots, pool=pool, moment=moment)
        except InsufficientError as error:
            if error.code != "UNTRUSTED_TSA":  # what the search for a path says of any stranger
                raise
            continue
        for lower, upper in pairwise(path):
            check_revocation(lower, upper, crls, moment)
        return issuer
    return None
