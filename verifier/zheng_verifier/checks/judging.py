"""Judging what was examined: every check over one bundle, in order, into one report.

items (C03) ─► checkpoints, witnesses (C07) ─► inclusions (C06) ─► consistency (C08)
            ─► tokens (C11), anchors (C09, C10), further ones (C12) ─► bounds ─► times (C16), algorithms (C23)
            ─► order (C04), submitter (C05), documents (C02), notices (C17)
            ─► the case as facts ─► signatures (C13), signers (C14), seals (C15), persons (C18),
                                        intent (C19), required events (C20), before (C21)
            ─► the operator's statement (C22) ─► axes ─► the overall word
"""

from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.bundle import Bundle
from zheng_verifier.checks.algorithms import check_algorithms
from zheng_verifier.checks.anchors import check_anchors, conclude_anchors
from zheng_verifier.checks.bounds import Bounds, find_bounds
from zheng_verifier.checks.case import Facts, read_case
from zheng_verifier.checks.completeness import check_completeness
from zheng_verifier.checks.compromise import check_compromise
from zheng_verifier.checks.documents import check_documents
from zheng_verifier.checks.entries import read_items
from zheng_verifier.checks.evidence import (
    Inclusions,
    Item,
    conclude,
    events_of,
    indeterminate,
    not_applicable,
)
from zheng_verifier.checks.identity import check_identities
from zheng_verifier.checks.independence import check_independence
from zheng_verifier.checks.intent import check_intents
from zheng_verifier.checks.log import check_consistency, check_inclusions, open_proofs
from zheng_verifier.checks.pdf_signatures import check_pdf_signatures, find_signatures
from zheng_verifier.checks.pre_chain import check_pre_chain
from zheng_verifier.checks.proof_of_existence import Sources
from zheng_verifier.checks.revocations import check_revocations
from zheng_verifier.checks.seals import check_seals
from zheng_verifier.checks.second_anchors import check_second_anchors
from zheng_verifier.checks.sequence import check_sequence
from zheng_verifier.checks.signer_certificates import SignersFound, check_signers
from zheng_verifier.checks.submitter import check_submitters
from zheng_verifier.checks.times import check_times
from zheng_verifier.checks.timestamps import check_timestamps, conclude_timestamps
from zheng_verifier.checks.verdict import judge_axes, judge_overall
from zheng_verifier.checks.witnesses import check_witnesses, judge_threshold
from zheng_verifier.encoding import format_base64url
from zheng_verifier.examined import Examined
from zheng_verifier.policy import TrustedLog, TrustPolicy
from zheng_verifier.report.model import (
    CheckId,
    CheckResult,
    DocumentView,
    EventView,
    InputFile,
    PolicySource,
    PolicyUse,
    Report,
    SignatureView,
    say,
)
from zheng_verifier.taxonomy.sequence import MAX_EVENTS
from zheng_verifier.version import VERSION

_OF_THE_CASE = (CheckId.C15, CheckId.C18, CheckId.C19, CheckId.C20, CheckId.C21)


@dataclass(frozen=True, slots=True)
class _Judged:
    """The checks, and what else the report shows of the evidence."""

    checks: tuple[CheckResult, ...]
    events: tuple[EventView, ...]
    documents: tuple[DocumentView, ...]
    signatures: tuple[SignatureView, ...]


def judge_bundle(
    bundle: Bundle,
    examined: Examined,
    policy: TrustPolicy,
    use: PolicyUse,
    inputs: tuple[InputFile, ...],
    at: datetime | None,
) -> Report:
    """Judge a bundle that was read, and what was examined with it, under a policy at a time."""
    judged = _judge(bundle, examined, policy, at)
    axes = judge_axes(judged.checks)
    current = at is not None and policy.issued_at <= at < policy.expires
    return Report(
        verifier=VERSION,
        verified_at=at,
        policy=use,
        inputs=inputs,
        origin=bundle.origin,
        case=bundle.case,
        overall=judge_overall(axes, source=use.source, policy_current=current),
        axes=axes,
        checks=judged.checks,
        events=judged.events,
        notes=tuple(_notes(use, at, current=current)),
        documents=judged.documents,
        signatures=judged.signatures,
        examined=examined,
    )


def _judge(bundle: Bundle, examined: Examined, policy: TrustPolicy, at: datetime | None) -> _Judged:
    log = next((log for log in policy.logs if log.origin == bundle.origin), None)
    items, entry_findings = read_items(bundle, log.log_case if log is not None else None)
    facts = read_case(items)
    proofs, checkpoint_findings = open_proofs(bundle, log)
    inclusions, inclusion_findings = check_inclusions(items, proofs)
    timed, token_findings = check_timestamps(proofs, policy.tsas, bundle.certificates)
    anchored, binding_findings, block_findings = check_anchors(proofs, policy.chains, log)
    witnessed, witness_findings = check_witnesses(proofs, log)
    threshold, unasked = judge_threshold(witnessed, items, inclusions, _witnesses_needed(policy, log))
    bounds = find_bounds(items, inclusions, timed, witnessed, anchored, facts)
    compromises = check_compromise(proofs, log, timed, witnessed, anchored)
    documents = check_documents(items, examined.documents)
    needed = policy.quorum
    findings = {
        CheckId.C01: [not_applicable("", say("package.container"), say("package.bare"))],
        CheckId.C03: entry_findings,
        CheckId.C04: check_sequence(items, inclusions),
        CheckId.C05: check_submitters(items, inclusions, policy.submitters),
        CheckId.C06: inclusion_findings,
        CheckId.C08: check_consistency(bundle, proofs),
        CheckId.C16: check_times(items, bounds),
        CheckId.C17: check_revocations(items, inclusions, facts, policy, timed, bounds, compromises, at),
        CheckId.C22: check_independence(examined.statement),
        CheckId.C23: check_algorithms(items, proofs, timed, anchored, bounds, policy.algorithms, at),
    }
    checkpoints = [*checkpoint_findings, *compromises, *witness_findings, *threshold]
    results = {check: conclude(check, found) for check, found in findings.items()} | {
        CheckId.C02: conclude(CheckId.C02, documents.findings, documents.beside),
        CheckId.C07: conclude(CheckId.C07, checkpoints, unasked),
        CheckId.C09: conclude_anchors(
            CheckId.C09, binding_findings, anchored, items, inclusions, needed.chain
        ),
        CheckId.C10: conclude_anchors(CheckId.C10, block_findings, anchored, items, inclusions, needed.chain),
        CheckId.C11: conclude_timestamps(token_findings, timed, items, inclusions, needed.tsa),
        CheckId.C12: check_second_anchors(items, inclusions, timed, anchored),
    }
    results |= _judge_case(facts, examined, at)
    all_shown = all(item.entry is not None for item in events_of(items))
    whole, signers = _judge_signatures(
        examined, Sources(policy.tsas, facts, bounds), policy, at, all_shown=all_shown
    )
    results |= {CheckId.C13: whole, CheckId.C14: conclude(CheckId.C14, signers.findings)}
    return _Judged(
        checks=tuple(results[check] for check in CheckId),
        events=tuple(_view(item, inclusions, bounds[item.number]) for item in items if item.is_event),
        documents=documents.views,
        signatures=signers.views,
    )


def _witnesses_needed(policy: TrustPolicy, log: TrustedLog | None) -> int:
    return max(policy.quorum.witness, log.witnesses.k if log is not None else 0)


def _judge_case(facts: Facts, examined: Examined, at: datetime | None) -> dict[CheckId, CheckResult]:
    """Make the checks that hold events of the case against one another: their work grows with the square."""
    if len(facts.all) > MAX_EVENTS:
        detail = say("case.too_many", limit=MAX_EVENTS)
        return {
            check: conclude(check, [indeterminate("TOO_MANY_EVENTS", say("the_case"), detail)])
            for check in _OF_THE_CASE
        }
    intents, beside = check_intents(facts)
    return {
        CheckId.C15: conclude(CheckId.C15, check_seals(facts, examined.documents)),
        CheckId.C18: conclude(CheckId.C18, check_identities(facts)),
        CheckId.C19: conclude(CheckId.C19, intents, beside),
        CheckId.C20: conclude(CheckId.C20, check_completeness(facts, at)),
        CheckId.C21: check_pre_chain(facts),
    }


def _judge_signatures(
    examined: Examined, sources: Sources, policy: TrustPolicy, at: datetime | None, *, all_shown: bool
) -> tuple[CheckResult, SignersFound]:
    """Judge the signatures in the documents (C13) and the certificates of their signers (C14)."""
    if len(sources.case.all) > MAX_EVENTS:
        many = indeterminate("TOO_MANY_EVENTS", say("the_case"), say("case.too_many", limit=MAX_EVENTS))
        return conclude(CheckId.C13, [many]), SignersFound([many], ())
    whole = check_pdf_signatures(sources.case, examined.documents, all_shown=all_shown)
    signers = check_signers(find_signatures(examined.documents), sources, policy, at)
    return conclude(CheckId.C13, whole), signers


def _notes(use: PolicyUse, at: datetime | None, *, current: bool) -> list[str]:
    notes = []
    if use.source is PolicySource.PACKAGE:
        notes.append("POLICY_FROM_PACKAGE")
    if at is None:
        notes.append("NO_VERIFICATION_TIME")
    elif not current:
        notes.append("POLICY_NOT_IN_FORCE")
    return notes


def _view(item: Item, inclusions: Inclusions, bounds: Bounds) -> EventView:
    claim = item.entry.claim if item.entry is not None else None
    return EventView(
        seq=item.leaf.seq if item.leaf is not None else 0,
        type=claim.type if claim is not None else None,
        event_id=claim.id if claim is not None else None,
        leaf_hash=format_base64url(item.leaf_hash),
        index=inclusions.index.get(item.number),
        submitter=item.entry.submitter.kind if item.entry is not None else None,
        claimed_at=claim.occurred_at if claim is not None else None,
        received_at=item.entry.received_at if item.entry is not None else None,
        not_before=bounds.not_before,
        not_after=bounds.not_after,
        anchored=bounds.anchored,
        sealed=item.sealed,
        lower=bounds.lower,
        upper=bounds.upper,
    )
