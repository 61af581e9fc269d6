"""C14: who, by which authority's word, held the key of a signature, at the best time that is shown for it.

For each signature that holds (C13): a path to a certification authority of the policy, validity and revocation at the
proof of existence and not at the claimed time, what the policy asks of authority, certificate policy and algorithms, and
who can make the key sign. What a signature says against itself counts: a claimed time after the revocation is one.
Specification: docs/spec/pdf-signatures.md §4.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import serialization

from zheng_verifier.checks.algorithms import accepts
from zheng_verifier.checks.case import Fact, Facts
from zheng_verifier.checks.certificate_subject import contradicts
from zheng_verifier.checks.evidence import (
    conclude,
    failed,
    finding_of,
    indeterminate,
    not_applicable,
    not_provided,
    passed,
    skipped,
)
from zheng_verifier.checks.pdf_signatures import FoundSignature, judge_signature, named_by
from zheng_verifier.checks.proof_of_existence import Existence, Sources, find_existence
from zheng_verifier.encoding import format_hex, format_time
from zheng_verifier.errors import EvidenceError, InsufficientError, MalformedError, UncheckableError
from zheng_verifier.pdf_signatures.revocation import load_pool, path_status
from zheng_verifier.policy import AlgorithmRule, TrustedCa, TrustPolicy
from zheng_verifier.report.model import (
    CertificateView,
    CheckId,
    Finding,
    SignatureView,
    Text,
    say,
)
from zheng_verifier.timestamp.algorithms import MIN_RSA_BITS, digest, rsa_bits, signature_scheme
from zheng_verifier.timestamp.certificate import Certificate, describe, load_certificate
from zheng_verifier.timestamp.path import find_path

_SIGNING = {"digital_signature", "non_repudiation"}


@dataclass(frozen=True, slots=True)
class SignersFound:
    """What C14 found, and the signatures for the report."""

    findings: list[Finding]
    views: tuple[SignatureView, ...]


@dataclass(frozen=True, slots=True)
class _Signer:
    """A signer's certificate under judgement: ``moment`` is when it had to hold, None if no time is known at all."""

    found: FoundSignature
    certificate: Certificate
    pool: tuple[Certificate, ...]
    existence: Existence
    moment: datetime | None

    @property
    def subject(self) -> Text:
        """How findings name it."""
        return say("signer.certificate", signature=self.found.subject)

    @property
    def not_before(self) -> datetime | None:
        """The earliest moment the signature can have been made, by what it covers or by its own word against itself."""
        moments = [
            each for each in (self.existence.not_before, self.found.fact.claimed_at) if each is not None
        ]
        return max(moments, default=None)


@dataclass(frozen=True, slots=True)
class _Authority:
    """The authority of the policy that a path leads to, and when the signer's certificate had to hold."""

    ca: TrustedCa
    path: tuple[Certificate, ...]
    moment: datetime


def check_signers(
    found: Sequence[FoundSignature], sources: Sources, policy: TrustPolicy, at: datetime | None
) -> SignersFound:
    """Judge the certificate of every signature (C14), and describe the signatures."""
    findings: list[Finding] = []
    views: list[SignatureView] = []
    for each in found:
        own = _Judgement(each, sources, policy, at).judge()
        findings.extend(own.findings)
        views.append(own.view)
    if not findings:
        claimed = bool(sources.case.named("party.signed"))
        findings.append(
            not_provided("NO_SIGNATURE", say("the_case"), say("signer.no_file"))
            if claimed
            else not_applicable("NO_SIGNATURE", say("the_case"), say("signer.none"))
        )
    return SignersFound(findings, tuple(views))


@dataclass(frozen=True, slots=True)
class _Judged:
    findings: list[Finding]
    view: SignatureView


@dataclass(frozen=True, slots=True)
class _Judgement:
    """The judgement of one signature's certificate under one policy."""

    found: FoundSignature
    sources: Sources
    policy: TrustPolicy
    at: datetime | None

    def judge(self) -> _Judged:
        """Give the findings and the view."""
        subject = say("signer.certificate", signature=self.found.subject)
        fact = self.found.fact
        existence = Existence(None, None)
        signer: _Signer | None = None
        authority: _Authority | None = None
        if not fact.holds or fact.signer is None:
            findings = [skipped(subject, say("signer.not_whole"))]
        else:
            pool = load_pool(self.found.facts.certificates)
            existence = find_existence(self.found, self.sources, tuple(each.der for each in pool))
            moment = existence.not_after.moment if existence.not_after is not None else self.at
            try:
                signer = _Signer(self.found, load_certificate(fact.signer, "signer"), pool, existence, moment)
            except MalformedError as error:
                # Names that the library refuses stand on Chinese identity cards: unreadable here is not false.
                reason = UncheckableError("CERTIFICATE_CHAIN_GENERAL_FAILURE", error.detail)
                findings = [finding_of(reason, subject)]
            else:
                authority, findings = self._judge_certificate(signer)
                findings.extend(_recorded(self.sources.case, signer))
        findings = [*findings, *self._custody(subject, signer)]
        return _Judged(findings, self._view(findings, existence, signer, authority))

    def _judge_certificate(self, signer: _Signer) -> tuple[_Authority | None, list[Finding]]:
        observed = self._observed(signer)
        try:
            authority = _find_authority(signer, self.policy.cas)
        except EvidenceError as error:
            return None, [finding_of(error, signer.subject, **observed)]
        # What the authority is comes first: where its names mean nothing, the hour matters less.
        concerns = [*_usage(signer), *_standing(signer, authority), *_validity(signer, authority.moment)]
        concerns += [*_revocation(signer, authority), *self._algorithms(signer, authority)]
        if concerns:
            return authority, [
                Finding(each.status, each.code, each.subject, each.detail, {**observed, **each.observed})
                for each in concerns
            ]
        detail = say("signer.good", moment=format_time(authority.moment))
        return authority, [passed(signer.subject, detail, **observed)]

    def _observed(self, signer: _Signer) -> dict[str, Any]:
        bound, certificate = signer.existence.not_after, signer.certificate
        return {
            "signer": describe(certificate),
            "issuer": certificate.x509.issuer.human_friendly,
            "serial_number": f"{certificate.x509.serial_number:x}",
            "valid_from": format_time(certificate.not_before),
            "valid_until": format_time(certificate.not_after),
            "judged_at": format_time(signer.moment) if signer.moment is not None else "",
            "proof_of_existence": "yes" if bound is not None else "no",
        }

    def _algorithms(self, signer: _Signer, authority: _Authority) -> Iterator[Finding]:
        """Hold the signature's algorithms and those of the certificates below the root against the policy."""
        fact, names = signer.found.fact, set[str]()
        names |= {fact.digest_algorithm, fact.signature_algorithm}
        for each in authority.path[:-1]:
            names.add(signature_scheme(each.signed.algorithm, None, each.signed.where).name)
        for name in sorted(names):
            if not _accepted(name, self.policy.algorithms, authority.moment):
                detail = say("signer.algorithm", name=name)
                yield indeterminate("CRYPTO_CONSTRAINTS_FAILURE", signer.subject, detail)
        bits = rsa_bits(signer.certificate.spki)
        if bits is not None and bits < MIN_RSA_BITS:
            detail = say("signer.short_key", bits=bits)
            yield indeterminate("CRYPTO_CONSTRAINTS_FAILURE", signer.subject, detail)

    def _custody(self, subject: Text, signer: _Signer | None) -> list[Finding]:
        """Say who can make the key sign, as an event of the case states it: a claim, of the platform."""
        if signer is None:
            return []
        custody = _custody_of(self.sources.case, self.found)
        if custody is None:
            return [passed(subject, say("signer.custody_unknown"), code="CUSTODY_UNKNOWN")]
        return [passed(subject, say(f"signer.custody_{custody}"))]

    def _view(
        self,
        findings: list[Finding],
        existence: Existence,
        signer: _Signer | None,
        authority: _Authority | None,
    ) -> SignatureView:
        fact, whole = self.found.fact, judge_signature(self.found)
        concluded = conclude(CheckId.C14, findings)
        custody = _custody_of(self.sources.case, self.found)
        return SignatureView(
            document=self.found.document.name,
            number=self.found.number,
            signer=describe(signer.certificate) if signer is not None else "",
            level=fact.level,
            claimed_at=fact.claimed_at,
            existed=existence.not_after,
            status=whole.status,
            code=whole.code,
            changed=None if fact.change is None else fact.change not in _UNCHANGED,
            certificate=concluded.status,
            certificate_code=concluded.code,
            details=None if signer is None else _describe(signer.certificate, authority, custody),
        )


_UNCHANGED = ("NONE", "LTA_UPDATES")


def _find_authority(signer: _Signer, cas: Sequence[TrustedCa]) -> _Authority:
    """Find a path to an authority of the policy; where several reasons speak against it, the first found counts.

    The path is searched at the signer's own time within its validity, so that an expired certificate still names its
    authority.

    Raises:
        VerificationError: CHAIN_CONSTRAINTS_FAILURE.
        InsufficientError: NO_CERTIFICATE_CHAIN_FOUND, OUT_OF_BOUNDS_NO_POE, CRYPTO_CONSTRAINTS_FAILURE.
        UncheckableError: UNKNOWN_ALGORITHM, NO_POE.

    """
    if signer.moment is None:
        raise UncheckableError("NO_POE", "neither a proof of existence nor a time of verification")
    certificate = signer.certificate
    moment = min(max(signer.moment, certificate.not_before), certificate.not_after)
    reason: EvidenceError = InsufficientError(
        "NO_CERTIFICATE_CHAIN_FOUND", "no path to a certification authority of the policy"
    )
    for ca in cas:
        roots = [load_certificate(der, "policy.cas") for der in ca.roots]
        try:
            path = find_path(certificate, roots=roots, pool=signer.pool, moment=moment)
        except EvidenceError as error:
            if error.code != "UNTRUSTED_TSA":  # what the search says where there is no path at all
                reason = _of_path(error)
            continue
        return _Authority(ca, path, signer.moment)
    raise reason


def _of_path(error: EvidenceError) -> EvidenceError:
    """Say of an authority's certificate that was not valid then what ETSI says: no proof that it was used in time."""
    if error.code in ("EXPIRED", "NOT_YET_VALID"):
        return InsufficientError("OUT_OF_BOUNDS_NO_POE", f"{error.where}: {error.detail}")
    return error


def _usage(signer: _Signer) -> Iterator[Finding]:
    usage = signer.certificate.x509.key_usage_value
    if usage is not None and not usage.native & _SIGNING:
        yield failed("CHAIN_CONSTRAINTS_FAILURE", signer.subject, say("signer.usage"))


def _validity(signer: _Signer, moment: datetime) -> Iterator[Finding]:
    """Judge the signer's validity at the moment; before it can be false, after it only with a lower bound."""
    certificate, bound = signer.certificate, signer.existence.not_after
    if moment < certificate.not_before:
        state = failed if bound is None or bound.trusted else indeterminate
        yield state("NOT_YET_VALID", signer.subject, say("signer.not_yet_valid"))
    elif moment > certificate.not_after:
        since = signer.not_before
        if since is not None and since > certificate.not_after:
            yield failed("EXPIRED", signer.subject, say("signer.expired"))
        else:
            yield indeterminate("OUT_OF_BOUNDS_NO_POE", signer.subject, say("signer.out_of_bounds"))
    if bound is not None and not bound.trusted:
        yield indeterminate("NO_POE", signer.subject, say("signer.untrusted_time", source=bound.source))


def _standing(signer: _Signer, authority: _Authority) -> Iterator[Finding]:
    """Judge what the policy says of the authority."""
    ca, moment, subject = authority.ca, authority.moment, signer.subject
    if ca.test:
        yield indeterminate("TEST_CA", subject, say("signer.test_ca", name=ca.name), authority=ca.name)
    elif ca.licence is None:
        yield indeterminate(
            "UNLICENSED_CA", subject, say("signer.unlicensed", name=ca.name), authority=ca.name
        )
    if (ca.valid_from is not None and moment < ca.valid_from) or (
        ca.valid_until is not None and moment >= ca.valid_until
    ):
        yield indeterminate("OUT_OF_TRUST_PERIOD", subject, say("signer.trust_period", name=ca.name))
    if ca.policy_oids:
        policies = signer.certificate.x509.certificate_policies_value or ()
        if not {each["policy_identifier"].dotted for each in policies} & set(ca.policy_oids):
            yield indeterminate("POLICY_NOT_ALLOWED", subject, say("signer.policy"))


def _revocation(signer: _Signer, authority: _Authority) -> Iterator[Finding]:
    """Judge revocation at the moment, and only within the validity: an expired certificate leaves the lists."""
    moment, subject = authority.moment, signer.subject
    if not signer.certificate.not_before <= moment <= signer.certificate.not_after:
        return
    facts = signer.found.facts
    status = path_status(authority.path, pool=signer.pool, crls=facts.crls, ocsps=facts.ocsps, moment=moment)
    if status.revoked_at is not None:
        observed = {"revoked_at": format_time(status.revoked_at), "reason": status.reason}
        since = signer.not_before
        if not status.of_signer:
            yield indeterminate("REVOKED_CA_NO_POE", subject, say("signer.revoked_ca"), **observed)
        elif since is not None and since >= status.revoked_at:
            yield failed("REVOKED", subject, say("signer.revoked"), **observed)
        else:
            yield indeterminate("REVOKED_NO_POE", subject, say("signer.revoked_no_poe"), **observed)
    elif not status.known:
        yield indeterminate("REVOCATION_NOT_CHECKED", subject, say("signer.no_status"), reason=status.reason)


def _recorded(case: Facts, signer: _Signer) -> Iterator[Finding]:
    """Hold the certificate against the event of its issuing, which its digest finds; what is sealed says nothing."""
    fingerprint = format_hex(digest("sha256", signer.certificate.der))
    for issued in case.named("certificate.issued"):
        if issued.text("certificate") == fingerprint:
            for member in _differing(issued, signer.certificate):
                detail = say("signer.recorded_otherwise", event=issued.subject, member=member)
                yield failed("CERTIFICATE_MISMATCH", signer.subject, detail)


def _differing(issued: Fact, certificate: Certificate) -> Iterator[str]:
    serial, subject = issued.text("serial_number"), issued.text("subject")
    if serial is not None and serial.lstrip("0") != f"{certificate.x509.serial_number:x}":
        yield "serial_number"
    name = certificate.x509.subject.native.get("common_name")
    if subject is not None and isinstance(name, str) and contradicts(subject, name):
        yield "subject"


def _accepted(name: str, rules: Sequence[AlgorithmRule], moment: datetime) -> bool:
    return any(rule.name == name and accepts(rule, moment) for rule in rules)


def _custody_of(case: Facts, found: FoundSignature) -> str | None:
    """Find who can make the key sign: by the key that the event of the signature or of the certificate names."""
    fingerprint = format_hex(digest("sha256", found.fact.signer)) if found.fact.signer is not None else ""
    keys = {
        fact.text("key")
        for fact in case.named("certificate.issued")
        if fact.text("certificate") == fingerprint
    }
    keys |= {fact.text("key") for fact in case.named("party.signed") if named_by(fact, [found]) is not None}
    made = (fact for fact in case.named("certificate.key_generated") if fact.text("key") in keys - {None})
    return next((control for fact in made if (control := fact.text("control")) is not None), None)


def _describe(certificate: Certificate, authority: _Authority | None, custody: str | None) -> CertificateView:
    ca, loaded = authority.ca if authority is not None else None, certificate.x509
    # asn1crypto's own figure fails for Edwards curves. The key loads: it has verified a signature.
    size = getattr(serialization.load_der_public_key(certificate.spki), "key_size", None)
    return CertificateView(
        subject=describe(certificate),
        issuer=loaded.issuer.human_friendly,
        serial=f"{loaded.serial_number:x}",
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        key=loaded.public_key.algorithm + ("" if size is None else f" {size}"),
        algorithm=loaded["signature_algorithm"]["algorithm"].native,
        sha256=format_hex(digest("sha256", certificate.der)),
        authority=ca.name if ca is not None else None,
        licence=ca.licence if ca is not None else None,
        test=ca.test if ca is not None else False,
        custody=custody,
    )
