"""C09 and C10: the contract recorded the checkpoint, in a transaction that succeeded, in a block that counts."""

from typing import Any

from zheng_verifier.checkpoint import SignedCheckpoint
from zheng_verifier.checks.evidence import (
    Anchored,
    Inclusions,
    Item,
    OpenedProof,
    conclude_quorum,
    events_of,
    finding_of,
    indeterminate,
    passed,
    skipped,
    supporters_of,
)
from zheng_verifier.encoding import format_hex, format_time
from zheng_verifier.errors import EvidenceError
from zheng_verifier.ethereum.anchor import (
    AnchoredBlock,
    AnchorProof,
    TrustedChain,
    compute_log_id,
    read_anchored_block,
    verify_anchor_binding,
    verify_anchor_inclusion,
)
from zheng_verifier.note import format_vkey
from zheng_verifier.policy import TrustedLog
from zheng_verifier.report.model import CheckId, CheckResult, Finding, Status, Text, say


def check_anchors(
    proofs: list[OpenedProof], chains: tuple[TrustedChain, ...], log: TrustedLog | None
) -> tuple[list[Anchored], list[Finding], list[Finding]]:
    """Check every anchor: what it binds (C09, first list of findings) and where it stands (C10, second list)."""
    anchored: list[Anchored] = []
    bindings: list[Finding] = []
    inclusions: list[Finding] = []
    for proof in proofs:
        for position, anchor in enumerate(proof.source.anchors):
            subject = say("anchors.anchor", position=position, checkpoint=proof.name)
            if proof.signed is None or log is None:
                bindings.append(skipped(subject, say("checkpoint_not_accepted")))
                inclusions.append(skipped(subject, say("checkpoint_not_accepted")))
                continue
            chain = _chain_of(anchor, chains, log)
            binding = _check_binding(subject, proof.signed, anchor, chain)
            bindings.append(binding)
            if chain is None or binding.status is Status.FAILED:
                inclusions.append(skipped(subject, say("anchors.not_trusted")))
                continue
            block, finding = _check_inclusion(subject, anchor, chain)
            inclusions.append(finding)
            if block is not None and binding.status is Status.PASSED:
                size, trusted = proof.signed.checkpoint.size, finding.status is Status.PASSED
                anchored.append(Anchored(proof.number, size, chain.chain_id, block, trusted))
    return anchored, bindings, inclusions


def _chain_of(anchor: AnchorProof, chains: tuple[TrustedChain, ...], log: TrustedLog) -> TrustedChain | None:
    """Find what the policy says of the anchor's contract for this log: one contract serves many logs."""
    named = [c for c in chains if (c.chain_id, c.contract) == (anchor.chain_id, anchor.contract)]
    return next((chain for chain in named if _names_log(chain, log)), None)


def _check_binding(
    subject: Text, signed: SignedCheckpoint, anchor: AnchorProof, chain: TrustedChain | None
) -> Finding:
    if chain is None:
        detail = say("anchors.contract_unknown", contract=format_hex(anchor.contract), chain=anchor.chain_id)
        return indeterminate("UNTRUSTED_CHAIN", subject, detail)
    try:
        event = verify_anchor_binding(
            anchor, head=signed.checkpoint.head, note_digest=signed.note_digest, chain=chain
        )
    except EvidenceError as error:
        return finding_of(error, subject)
    return passed(
        subject,
        chain_id=chain.chain_id,
        kind=chain.kind,
        contract=format_hex(chain.contract),
        publisher=format_hex(event.publisher),
        tree_size=event.tree_size,
        note=format_hex(event.note),
    )


def _names_log(chain: TrustedChain, log: TrustedLog) -> bool:
    """Chain names key, and key names chain: the contract's log id is computed from the log's first key."""
    first = min(log.keys, key=lambda item: item.from_size)
    expected = compute_log_id(
        chain_id=chain.chain_id, contract=chain.contract, creator=chain.creator, vkey=format_vkey(first.key)
    )
    return expected == chain.log_id


def _check_inclusion(
    subject: Text, anchor: AnchorProof, chain: TrustedChain
) -> tuple[AnchoredBlock | None, Finding]:
    try:
        block = read_anchored_block(anchor, chain=chain)
    except EvidenceError as error:
        return None, finding_of(error, subject)
    observed: dict[str, Any] = {
        "chain_id": chain.chain_id,
        "block_number": block.number,
        "block_hash": format_hex(block.hash),
        "block_time": format_time(block.time),
        "tx_hash": format_hex(block.tx_hash),
        "finality": block.finality,
    }
    try:
        verify_anchor_inclusion(anchor, chain=chain)
    except EvidenceError as error:
        return block, finding_of(error, subject, **observed)
    return block, passed(subject, **observed)


def conclude_anchors(
    check: CheckId,
    findings: list[Finding],
    anchored: list[Anchored],
    items: list[Item],
    inclusions: Inclusions,
    needed: int,
) -> CheckResult:
    """Conclude C09 (any standing) or C10 (trusted blocks only): each event anchored on ``needed`` chains."""
    events, by_proof = events_of(items), dict[int, set[str]]()
    for anchor in anchored:
        if anchor.trusted or check is CheckId.C09:
            by_proof.setdefault(anchor.proof, set()).add(str(anchor.chain_id))
    supporters = supporters_of(events, inclusions, by_proof)
    return conclude_quorum(check, findings, supporters, events, needed)
