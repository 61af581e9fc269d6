"""C09 and C10: the contract recorded the checkpoint, in a transaction that succeeded, in a block that counts."""

from typing import Any

from zheng_verifier.checks.evidence import (
    Anchored,
    Inclusions,
    Item,
    OpenedProof,
    conclude_quorum,
    events_of,
    failed,
    finding_of,
    indeterminate,
    passed,
    skipped,
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
from zheng_verifier.report.model import CheckId, CheckResult, Finding, Status


def check_anchors(
    proofs: list[OpenedProof], chains: tuple[TrustedChain, ...], log: TrustedLog | None
) -> tuple[list[Anchored], list[Finding], list[Finding]]:
    """Check every anchor: what it binds (C09, first list of findings) and where it stands (C10, second list)."""
    anchored: list[Anchored] = []
    bindings: list[Finding] = []
    inclusions: list[Finding] = []
    for proof in proofs:
        for position, anchor in enumerate(proof.source.anchors):
            subject = f"anchor {position} of the {proof.name}"
            chain = next(
                (c for c in chains if (c.chain_id, c.contract) == (anchor.chain_id, anchor.contract)), None
            )
            binding = _check_binding(subject, proof, anchor, chain, log)
            bindings.append(binding)
            if chain is None or binding.status is Status.FAILED:
                inclusions.append(skipped(subject, "the anchor is not that of a trusted contract (C09)"))
                continue
            block, finding = _check_inclusion(subject, anchor, chain)
            inclusions.append(finding)
            if block is not None and binding.status is Status.PASSED:
                trusted = finding.status is Status.PASSED
                anchored.append(Anchored(proof.number, chain.chain_id, block, trusted))
    return anchored, bindings, inclusions


def _check_binding(
    subject: str, proof: OpenedProof, anchor: AnchorProof, chain: TrustedChain | None, log: TrustedLog | None
) -> Finding:
    if chain is None:
        detail = f"the policy knows no contract {format_hex(anchor.contract)} on chain {anchor.chain_id}"
        return indeterminate("UNTRUSTED_CHAIN", subject, detail)
    if proof.signed is None or log is None:
        return skipped(subject, "the checkpoint is not accepted (C07)")
    if not _names_log(chain, log):
        return failed("ANCHOR_MISMATCH", subject, "the policy's log id is not that of this log's first key")
    try:
        event = verify_anchor_binding(
            anchor, head=proof.signed.checkpoint.head, note_digest=proof.signed.note_digest, chain=chain
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
    subject: str, anchor: AnchorProof, chain: TrustedChain
) -> tuple[AnchoredBlock | None, Finding]:
    try:
        block = read_anchored_block(anchor, chain=chain)
    except EvidenceError as error:
        return None, finding_of(error, subject)
    observed: dict[str, Any] = {
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
    counted = [anchor for anchor in anchored if anchor.trusted or check is CheckId.C09]
    supporters = {
        item.number: frozenset(str(a.chain_id) for a in counted if item.number in inclusions.covered[a.proof])
        for item in events_of(items)
    }
    supported = supporters if any(supporters.values()) else {}
    return conclude_quorum(check, findings, supported, events_of(items), needed)
