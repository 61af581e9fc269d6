"""C06, C07, C08: the leaves are in the tree, the log signed its head, and the heads extend one another."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from zheng_verifier.bundle import Bundle, ConsistencyStep
from zheng_verifier.checkpoint import SignedCheckpoint, open_checkpoint, parse_checkpoint_body
from zheng_verifier.checks.evidence import (
    Inclusions,
    Item,
    OpenedProof,
    bundle_proofs,
    failed,
    finding_of,
    not_provided,
    passed,
    skipped,
)
from zheng_verifier.errors import EvidenceError, UncheckableError
from zheng_verifier.merkle import verify_consistency, verify_inclusion
from zheng_verifier.note import parse_note
from zheng_verifier.policy import LogKey, TrustedLog
from zheng_verifier.report.model import Finding, say


def open_proofs(bundle: Bundle, log: TrustedLog | None) -> tuple[list[OpenedProof], list[Finding]]:
    """Check the log's signature on each checkpoint (C07), by the policy's key for its size."""
    opened: list[OpenedProof] = []
    findings: list[Finding] = []
    for number, source in bundle_proofs(bundle):
        proof = OpenedProof(number, source)
        try:
            key = _key_for(source.checkpoint, log)
            signed = open_checkpoint(source.checkpoint, key.key, origin=bundle.origin)
        except EvidenceError as error:
            findings.append(finding_of(error, proof.name))
        else:
            proof = OpenedProof(number, source, signed, key.key)
            findings.append(passed(proof.name, **_describe(signed)))
        opened.append(proof)
    if not opened:
        findings.append(not_provided("NO_CHECKPOINT", say("log.checkpoints"), say("log.no_checkpoint")))
    return opened, findings


def _key_for(note: bytes, log: TrustedLog | None) -> LogKey:
    if log is None:
        raise UncheckableError("KEY_UNKNOWN", "the policy does not know this log")
    size = parse_checkpoint_body(parse_note(note).text).size
    for candidate in log.keys:
        if candidate.covers(size):
            return candidate
    raise UncheckableError("KEY_UNKNOWN", f"the policy has no key of this log for size {size}")


def _describe(signed: SignedCheckpoint) -> dict[str, Any]:
    checkpoint = signed.checkpoint
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root_hash": checkpoint.root_hash}


def check_inclusions(items: list[Item], proofs: list[OpenedProof]) -> tuple[Inclusions, list[Finding]]:
    """Check each path from a leaf to the root of a signed checkpoint (C06); every item needs one at least."""
    index: dict[int, int] = {}
    covered: dict[int, frozenset[int]] = {}
    findings: list[Finding] = []
    for proof in proofs:
        good: set[int] = set()
        for inclusion in proof.source.inclusions:
            item = items[inclusion.event]
            subject = say("log.item_in_checkpoint", item=item.name, checkpoint=proof.name)
            if proof.signed is None:
                findings.append(skipped(subject, say("checkpoint_not_accepted")))
                continue
            head = proof.signed.checkpoint.head
            try:
                verify_inclusion(
                    item.leaf_hash,
                    index=inclusion.index,
                    size=head.size,
                    root_hash=head.root_hash,
                    proof=inclusion.path,
                )
            except EvidenceError as error:
                findings.append(finding_of(error, subject))
                continue
            if index.setdefault(item.number, inclusion.index) != inclusion.index:
                findings.append(failed("INCLUSION_FAILURE", item.name, say("log.two_places")))
            good.add(item.number)
            findings.append(passed(subject, index=inclusion.index))
        covered[proof.number] = frozenset(good)
    findings.extend(_check_all_included(items, proofs, index))
    return Inclusions(index, covered), findings


def _check_all_included(
    items: list[Item], proofs: list[OpenedProof], index: Mapping[int, int]
) -> list[Finding]:
    attempted = {inclusion.event for proof in proofs for inclusion in proof.source.inclusions}
    findings = [
        not_provided("NO_INCLUSION_PROOF", item.name, say("log.no_inclusion_path"))
        for item in items
        if item.number not in attempted
    ]
    places = list(index.values())
    if len(set(places)) != len(places):
        findings.append(failed("INCLUSION_FAILURE", say("log.all_leaves"), say("log.one_place_twice")))
    return findings


def check_consistency(bundle: Bundle, proofs: list[OpenedProof]) -> list[Finding]:
    """Check that the checkpoints extend one another, step by step in order of size (C08)."""
    heads = sorted(
        {proof.signed.checkpoint.head for proof in proofs if proof.signed is not None},
        key=lambda head: head.size,
    )
    findings: list[Finding] = []
    used: set[ConsistencyStep] = set()
    for old, new in pairwise(heads):
        subject = say("log.from_to", old=old.size, new=new.size)
        step = next((s for s in bundle.consistency if (s.old_size, s.new_size) == (old.size, new.size)), None)
        if step is None and old.size != new.size:
            findings.append(not_provided("NO_CONSISTENCY_PROOF", subject, say("log.no_consistency_path")))
            continue
        try:
            verify_consistency(old=old, new=new, proof=step.path if step is not None else ())
        except EvidenceError as error:
            findings.append(finding_of(error, subject))
        else:
            findings.append(passed(subject))
        used.update([step] if step is not None else [])
    findings.extend(
        skipped(say("log.from_to", old=step.old_size, new=step.new_size), say("log.no_such_checkpoints"))
        for step in bundle.consistency
        if step not in used
    )
    if len(heads) < 2 and not findings:
        findings.append(
            not_provided("NO_LATER_CHECKPOINT", say("log.checkpoints"), say("log.one_checkpoint"))
        )
    return findings
