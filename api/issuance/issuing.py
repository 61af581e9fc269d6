"""From a case's evidence to what its certificate of deposit says.

All that the enclosed bundle shows is read from that bundle, by the verifier's own reading of it, so that the two cannot
differ. What it does not show is added here; values that are not there are left None, and the page says so.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from zheng_verifier.bundle import parse_bundle
from zheng_verifier.canonical import JsonValue
from zheng_verifier.checks import PolicyInput, verify_bundle
from zheng_verifier.deposit_certificate.model import (
    AxisResult,
    CertificateRecord,
    ChainAnchor,
    ChainKind,
    Depositor,
    Filings,
    Party,
    TimestampToken,
    VerificationSummary,
)
from zheng_verifier.deposit_certificate.record import MAX_DOCUMENTS
from zheng_verifier.deposit_certificate.summary import CaseSummary, summarise
from zheng_verifier.entry import parse_entry
from zheng_verifier.errors import VerificationError
from zheng_verifier.ethereum.anchor import TrustedChain, read_anchored_block
from zheng_verifier.masking import Masked, mask_name
from zheng_verifier.policy import TrustPolicy, fingerprint, parse_policy
from zheng_verifier.report.model import Overall, PolicySource, Report
from zheng_verifier.sealed import disclosure_digest, parse_disclosure
from zheng_verifier.timestamp import TrustedTsa

from api.issuance.policy_export import read_policy
from api.problems import ProblemError
from api.services import Services

# Items of article 14 of the Civil Evidence Provisions: (3) registration, identity, transaction and login records;
# (4) documents and the like.
_RECORDS, _FILES = 3, 4


@dataclass(frozen=True, slots=True)
class Statement:
    """What a certificate is to be made of: its record, and the proof that the record names."""

    record: CertificateRecord
    bundle: bytes


def certificate_data(
    services: Services, *, tenant: str, case: str, number: str, evidence_name: str | None
) -> Statement:
    """Gather what a certificate of a case says now, and the proof it says it by: the bundle, with nothing opened.

    Raises:
        ProblemError: proof-pending: nothing of the case stands under a signed head; case-too-large.
    """
    now = services.clock()
    bundle = services.evidence.bundle(case, disclosures=False)
    try:
        summary = summarise(parse_bundle(bundle))
    except VerificationError:
        raise ProblemError(
            "proof-pending", "The case has no event that a certificate could speak of."
        ) from None
    if len(summary.documents) > MAX_DOCUMENTS:
        raise ProblemError("case-too-large", f"A certificate lists at most {MAX_DOCUMENTS} documents.")
    published = read_policy(services.settings.paths.policy)
    policy = None if published is None else parse_policy(published)
    owner = services.store.tenant(tenant)
    issuer = services.settings.issuer
    held = services.ledger.vault
    originals = bool(summary.documents) and all(
        held.document(case, each.sha256) for each in summary.documents
    )
    record = CertificateRecord(
        certificate_no=number,
        base_url=services.settings.public_url,
        evidence_id=summary.evidence_id,
        case=case,
        depositor=Depositor(tenant if owner is None else owner.name),
        evidence_name=evidence_name,
        evidence_classes=(_RECORDS, _FILES) if summary.documents else (_RECORDS,),
        deposit_mode="original" if originals else "digest_only",
        event_count=summary.event_count,
        event_root=summary.event_root,
        received=summary.received,
        log=summary.positions[-1],
        issuer=issuer.name or services.ledger.origin,
        issued_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        bundle=hashlib.sha256(bundle).digest(),
        documents=summary.documents,
        parties=_parties(services, case, summary),
        flow_ref=services.store.external_refs(tenant, (case,)).get(case),
        claimed=summary.claimed,
        timestamps=tuple(_tokens(services, summary, policy)),
        anchors=tuple(_anchors(summary, policy)),
        verification=_verify(bundle, published, now),
        filings=Filings(cac_filing_no=issuer.filing_number or None),
        issuer_certificate=services.issuer.certificate,
    )
    return Statement(record, bundle)


def _parties(services: Services, case: str, summary: CaseSummary) -> tuple[Party, ...] | None:
    """Give the parties that `contract.created` names, masked; None where it says nothing about them.

    Their names are sealed in the enclosed bundle; here they are opened from the vault to be masked.
    """
    if summary.roles is None:
        return None
    vault = services.ledger.vault
    for seq in range(1, summary.event_count + 1):
        data = vault.entry(case, seq)
        claim = None if data is None else parse_entry(data).claim
        if claim is not None and claim.type.startswith("contract.created/"):
            held = [each.text for each in vault.disclosures(case, seq) if each.text is not None]
            opened = {disclosure_digest(text): parse_disclosure(text).value for text in held}
            listed = claim.data.get("parties")
            if isinstance(listed, list):
                return tuple(_party(each, opened) for each in listed)
    return None


def _party(value: JsonValue, opened: dict[str, JsonValue]) -> Party:
    members = value if isinstance(value, dict) else {}
    sealed = members.get("name")
    digests = sealed.get("_sd") if isinstance(sealed, dict) else None
    name = opened.get(str(digests[0])) if isinstance(digests, list) and digests else None
    if not isinstance(name, str):
        masked = Masked("***")
    else:
        # Names of organisations are public (evidence-norms §2.2); names of persons are not.
        masked = Masked(name) if members.get("kind") == "organization" else mask_name(name)
    return Party(str(members.get("role", "")), masked)


def _tokens(services: Services, summary: CaseSummary, policy: TrustPolicy | None) -> Iterator[TimestampToken]:
    """Give the time-stamps of authorities that our policy knows, by the name under which they were asked."""
    asked = {
        token.raw: token.authority
        for cover in services.evidence.covers(summary.positions[-1].leaf_index)
        if cover.checkpoint is not None
        for token in cover.checkpoint.tokens
    }
    for token in summary.tokens:
        tsa = _tsa(asked.get(token.raw), policy)
        if tsa is not None:
            yield TimestampToken(
                authority=tsa.name,
                gen_time=token.gen_time,
                serial=token.serial,
                policy=token.policy,
                imprint_algorithm=token.imprint_algorithm,
                test=tsa.test,
            )


def _anchors(summary: CaseSummary, policy: TrustPolicy | None) -> Iterator[ChainAnchor]:
    """Give the anchors on chains that our policy knows."""
    for anchor in summary.anchors:
        chain = _chain(anchor.chain_id, anchor.contract, policy)
        if chain is not None:
            yield ChainAnchor(
                kind=cast("ChainKind", chain.kind),
                chain_id=chain.chain_id,
                contract=chain.contract,
                transaction=anchor.transaction,
                block_number=anchor.block_number,
                block_hash=anchor.block_hash,
                block_time=anchor.block_time,
                finality=read_anchored_block(anchor.proof, chain=chain).finality,
            )


def _tsa(name: str | None, policy: TrustPolicy | None) -> TrustedTsa | None:
    return next((tsa for tsa in policy.tsas if tsa.name == name), None) if policy else None


def _chain(chain_id: int, contract: bytes, policy: TrustPolicy | None) -> TrustedChain | None:
    chains = policy.chains if policy else ()
    return next((each for each in chains if (each.chain_id, each.contract) == (chain_id, contract)), None)


def _verify(bundle: bytes, policy: bytes | None, now: datetime) -> VerificationSummary | None:
    """Let the verifier judge the bundle under our own policy, which it is told comes from us."""
    if policy is None:
        return None
    report = verify_bundle(bundle, policy=PolicyInput(policy, PolicySource.PACKAGE), at=now)
    return summary_of(report, policy, now)


def summary_of(report: Report, policy: bytes, now: datetime) -> VerificationSummary | None:
    """Shorten a report to what a certificate prints: the overall word and the axes."""
    if report.overall is Overall.UNREADABLE:
        return None
    return VerificationSummary(
        overall=cast('Literal["CONSISTENT", "INCONSISTENT", "INCOMPLETE"]', report.overall.value),
        axes=tuple(
            AxisResult(axis.id.value, axis.status.value, axis.codes[0] if axis.codes else None)
            for axis in report.axes
        ),
        verified_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        verifier=report.verifier,
        policy_fingerprint=bytes.fromhex(fingerprint(policy)),
    )
