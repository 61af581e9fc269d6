"""From a case's evidence to what its certificate of deposit says.

The certificate speaks of the events up to the last one that the tenant deposited: what the service adds afterwards
(attestations, certificates) is about the evidence, not part of it. Values that are not there are left None, and the
page says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from zheng_verifier.canonical import JsonValue
from zheng_verifier.checkpoint import open_checkpoint
from zheng_verifier.checks import PolicyInput, verify_bundle
from zheng_verifier.entry import Entry, parse_entry, parse_leaf
from zheng_verifier.ethereum.anchor import TrustedChain, read_anchored_block
from zheng_verifier.merkle import leaf_hash
from zheng_verifier.policy import TrustPolicy, fingerprint, parse_policy
from zheng_verifier.report.model import Overall, PolicySource, Report
from zheng_verifier.sealed import disclosure_digest, parse_disclosure
from zheng_verifier.timestamp import TrustedTsa, verify_timestamp

from anchor.store import AnchoredCheckpoint
from api.issuance.certificate.masking import Masked, mask_name
from api.issuance.certificate.model import (
    AxisResult,
    CertificateData,
    ChainAnchor,
    DepositedDocument,
    Depositor,
    Filings,
    LogPosition,
    Party,
    Span,
    TimestampToken,
    VerificationSummary,
)
from api.issuance.evidence import Cover, Evidence
from api.issuance.policy_export import read_policy
from api.problems import ProblemError
from api.services import Services
from ledger.reader import IndexedLeaf

# Items of article 14 of the Civil Evidence Provisions: (3) registration, identity, transaction and login records;
# (4) documents and the like.
_RECORDS, _FILES = 3, 4


@dataclass(frozen=True, slots=True)
class _Event:
    leaf: IndexedLeaf
    entry: Entry
    disclosures: tuple[str, ...]


def certificate_data(
    services: Services, *, tenant: str, case: str, number: str, evidence_name: str | None
) -> CertificateData:
    """Gather what a certificate of a case says now.

    Raises:
        ProblemError: proof-pending: nothing of the case stands under a signed head.
    """
    evidence, now = services.evidence, services.clock()
    events = _business_events(evidence, case)
    if not events:
        raise ProblemError("proof-pending", "The case has no event that a certificate could speak of.")
    last = events[-1]
    published = read_policy(services.settings.paths.policy)
    policy = None if published is None else parse_policy(published)
    covers = evidence.covers(last.leaf.index) or (evidence.newest(),)
    top = max(covers, key=lambda cover: (cover.level == "anchored", cover.size))
    documents = tuple(_documents(events))
    owner = services.store.tenant(tenant)
    references = services.store.external_refs(tenant, (case,))
    issuer = services.settings.issuer
    return CertificateData(
        certificate_no=number,
        base_url=services.settings.public_url,
        evidence_id=last.entry.claim.id,
        case=case,
        depositor=Depositor(tenant if owner is None else owner.name),
        evidence_name=evidence_name,
        evidence_classes=(_RECORDS, _FILES) if documents else (_RECORDS,),
        deposit_mode="original" if _all_held(services, case, documents) else "digest_only",
        event_count=len(events),
        event_root=leaf_hash(last.leaf.leaf),
        received=Span(events[0].entry.received_at, last.entry.received_at),
        log=_position(services, last.leaf.index, top),
        issuer=issuer.name or services.ledger.origin,
        issued_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        documents=documents,
        parties=_parties(events),
        flow_ref=references.get(case),
        claimed=_claimed(events),
        timestamps=tuple(_tokens(services, covers, policy)),
        anchors=tuple(_anchors(covers, policy)),
        verification=_verify(evidence, case, published, now),
        filings=Filings(cac_filing_no=issuer.filing_number or None),
    )


def _business_events(evidence: Evidence, case: str) -> list[_Event]:
    """Give the events up to the last that was not the service's own; erased ones have nothing to say."""
    events: list[_Event] = []
    length = 0
    for leaf in evidence.reader.case_leaves(case):
        seq = parse_leaf(leaf.leaf).seq
        data = evidence.vault.entry(case, seq)
        if data is None:
            continue
        held = evidence.vault.disclosures(case, seq)
        event = _Event(leaf, parse_entry(data), tuple(each.text for each in held if each.text is not None))
        events.append(event)
        if event.entry.submitter.kind != "service":
            length = len(events)
    return events[:length]


def _documents(events: Iterable[_Event]) -> Iterator[DepositedDocument]:
    """Give each document once, as it was first deposited in its role."""
    known: set[tuple[str, bytes]] = set()
    for event in events:
        for position, document in enumerate(event.entry.claim.documents):
            if document.digests is None or (document.role, document.digests["sha256"]) in known:
                continue
            known.add((document.role, document.digests["sha256"]))
            yield DepositedDocument(
                role=document.role,
                size=document.size,
                media_type=document.media_type,
                sha256=document.digests["sha256"],
                sm3=document.digests.get("sm3"),
                hashed_by_service=position in event.entry.checked.documents,
            )


def _all_held(services: Services, case: str, documents: tuple[DepositedDocument, ...]) -> bool:
    vault = services.ledger.vault
    return bool(documents) and all(vault.document(case, each.sha256) is not None for each in documents)


def _position(services: Services, index: int, cover: Cover) -> LogPosition:
    signed = open_checkpoint(cover.note, services.ledger.vkey, origin=services.ledger.origin)
    return LogPosition(services.ledger.origin, index, cover.size, signed.checkpoint.root_hash)


def _claimed(events: Iterable[_Event]) -> Span | None:
    moments = [event.entry.claim.occurred_at for event in events]
    claimed = [moment for moment in moments if moment is not None]
    return Span(min(claimed), max(claimed)) if claimed else None


def _parties(events: Iterable[_Event]) -> tuple[Party, ...] | None:
    """Give the parties that `contract.created` names, masked; None where it says nothing about them."""
    for event in events:
        listed = event.entry.claim.data.get("parties")
        if event.entry.claim.type.startswith("contract.created/") and isinstance(listed, list):
            opened = {disclosure_digest(text): parse_disclosure(text).value for text in event.disclosures}
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


def _tokens(
    services: Services, covers: Iterable[Cover], policy: TrustPolicy | None
) -> Iterator[TimestampToken]:
    for checkpoint in _checkpoints(covers):
        signed = open_checkpoint(checkpoint.note, services.ledger.vkey, origin=services.ledger.origin)
        for token in checkpoint.tokens:
            tsa = _tsa(token.authority, policy)
            if tsa is None:
                continue
            result = verify_timestamp(token.raw, message=signed.stamped, tsa=tsa, nonce=token.nonce)
            yield TimestampToken(
                authority=token.authority,
                gen_time=result.gen_time,
                serial=result.serial_number,
                policy=result.policy_oid,
                imprint_algorithm=result.imprint_algorithm,
                test=tsa.test,
            )


def _anchors(covers: Iterable[Cover], policy: TrustPolicy | None) -> Iterator[ChainAnchor]:
    for checkpoint in _checkpoints(covers):
        for proof in checkpoint.anchors:
            chain = _chain(proof.chain_id, proof.contract, policy)
            if chain is None:
                continue
            block = read_anchored_block(proof, chain=chain)
            yield ChainAnchor(
                kind=cast('Literal["dev", "consortium", "public"]', chain.kind),
                chain_id=chain.chain_id,
                contract=chain.contract,
                transaction=block.tx_hash,
                block_number=block.number,
                block_hash=block.hash,
                block_time=block.time,
                finality=block.finality,
            )


def _checkpoints(covers: Iterable[Cover]) -> Iterator[AnchoredCheckpoint]:
    return (cover.checkpoint for cover in covers if cover.checkpoint is not None)


def _tsa(name: str, policy: TrustPolicy | None) -> TrustedTsa | None:
    return next((tsa for tsa in policy.tsas if tsa.name == name), None) if policy else None


def _chain(chain_id: int, contract: bytes, policy: TrustPolicy | None) -> TrustedChain | None:
    chains = policy.chains if policy else ()
    return next((each for each in chains if (each.chain_id, each.contract) == (chain_id, contract)), None)


def _verify(evidence: Evidence, case: str, policy: bytes | None, now: datetime) -> VerificationSummary | None:
    """Let the verifier judge the bundle under our own policy, which it is told comes from us."""
    if policy is None:
        return None
    report = verify_bundle(evidence.bundle(case), policy=PolicyInput(policy, PolicySource.PACKAGE), at=now)
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
