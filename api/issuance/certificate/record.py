"""The certificate as canonical JSON: what ``GET /v1/certificates/{no}`` gives and the PDF carries inside.

Names are the codes of evidence-norms §2.2; a field without a value is absent. Format: docs/spec/json.md.
"""

import hashlib
from datetime import datetime

from zheng_verifier.canonical import BUNDLE_LIMITS, JsonObject, JsonValue, check_json, format_json
from zheng_verifier.encoding import format_hex, format_time

from api.issuance.certificate.model import (
    CertificateData,
    ChainAnchor,
    DepositedDocument,
    TimestampToken,
    VerificationSummary,
)


def _present(**members: "JsonValue | bytes | datetime | None") -> JsonObject:
    """Make an object of the members that have a value, bytes as hexadecimal, moments as text."""
    present: JsonObject = {}
    for name, value in members.items():
        match value:
            case None:
                continue
            case bytes():
                present[name] = format_hex(value)
            case datetime():
                present[name] = format_time(value)
            case _:
                present[name] = value
    return present


def _document(document: DepositedDocument) -> JsonObject:
    return _present(
        role=document.role,
        file_name=document.name,
        file_size=document.size,
        media_type=document.media_type,
        page_count=document.pages,
        digest_sha256=document.sha256,
        digest_sm3=document.sm3,
        hashed_by="service" if document.hashed_by_service else "depositor",
    )


def _token(token: TimestampToken) -> JsonObject:
    return _present(
        tsa_name=token.authority,
        tsa_gen_time=token.gen_time,
        tsa_serial=str(token.serial),
        tsa_policy=token.policy,
        imprint_algorithm=token.imprint_algorithm,
        test=token.test,
        licensed=token.licensed,
    )


def _anchor(anchor: ChainAnchor) -> JsonObject:
    return _present(
        kind=anchor.kind,
        chain_name=anchor.name,
        chain_id=str(anchor.chain_id),
        contract_address=anchor.contract,
        tx_hash=anchor.transaction,
        block_number=anchor.block_number,
        block_hash=anchor.block_hash,
        block_time=anchor.block_time,
        finality=anchor.finality,
        consensus=anchor.consensus,
        node_operators=anchor.operators,
    )


def _verification(summary: VerificationSummary) -> JsonObject:
    return _present(
        overall=summary.overall,
        axes=[_present(axis=axis.axis, verdict=axis.verdict, code=axis.code) for axis in summary.axes],
        verified_at=summary.verified_at,
        verifier=summary.verifier,
        policy_fingerprint=summary.policy_fingerprint,
    )


def certificate_json(data: CertificateData) -> bytes:
    """Write the certificate as canonical JSON.

    Raises:
        MalformedError: a text holds what the profile forbids (control or direction characters).

    """
    record = _present(
        zheng="certificate/v1",
        certificate_no=data.certificate_no,
        status=data.status,
        evidence_id=data.evidence_id,
        case=data.case,
        flow_id=data.flow_ref,
        depositor=_present(
            name=data.depositor.name, uscc=data.depositor.uscc, relation=data.depositor.relation
        ),
        parties_masked=None
        if data.parties is None
        else [
            _present(role=party.role, name=party.name, identifiers=list(party.identifiers))
            for party in data.parties
        ],
        evidence_name=data.evidence_name,
        evidence_class=list(data.evidence_classes),
        documents=[_document(document) for document in data.documents],
        deposit_mode=data.deposit_mode,
        event_count=data.event_count,
        event_root=data.event_root,
        claimed_at=None
        if data.claimed is None
        else _present(first=data.claimed.first, last=data.claimed.last),
        received_at=_present(first=data.received.first, last=data.received.last),
        checkpoint_at=data.checkpoint_at,
        timestamps=[_token(token) for token in data.timestamps],
        log=_present(
            log_id=data.log.origin,
            leaf_index=data.log.leaf_index,
            tree_size=data.log.tree_size,
            root_hash=data.log.root_hash,
        ),
        anchors=[_anchor(anchor) for anchor in data.anchors],
        cross_anchors=list(data.cross_anchors),
        witnesses=list(data.witnesses),
        signatures=None
        if data.signatures is None
        else [
            _present(signer=each.signer, issuer=each.issuer, serial=each.serial, status=each.status)
            for each in data.signatures
        ],
        verification=None if data.verification is None else _verification(data.verification),
        verify_url=data.verify_url,
        issuer=data.issuer,
        issued_at=data.issued_at,
        filings=_present(
            cac_filing_no=data.filings.cac_filing_no,
            mlps_no=data.filings.mlps_no,
            crypto_assessment_no=data.filings.crypto_assessment_no,
        ),
    )
    check_json(record, BUNDLE_LIMITS)
    return format_json(record)


def verify_code(record: bytes) -> str:
    """Give the sixteen hexadecimal digits that tie a printed page to its JSON: the head of its SHA-256."""
    return hashlib.sha256(record).hexdigest()[:16]
