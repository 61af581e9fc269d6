"""``verify_bundle`` and ``verify_package``: all checks over one bundle, in order, into one report.

    bundle, documents, policy ─► entries (C03) ─► checkpoints (C07) ─► inclusions (C06) ─► consistency (C08)
                              ─► tokens (C11), anchors (C09, C10) ─► times (C16) ─► order (C04), submitter (C05)
                              ─► documents (C02), algorithms (C23) ─► axes ─► the overall word

Nothing is believed of the bundle that the policy does not say or a check does not show. The function always
returns a report: evidence that is false, ill-formed or missing is a finding, not an exception.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from zheng_verifier.bundle import Bundle, parse_bundle
from zheng_verifier.checks.algorithms import check_algorithms
from zheng_verifier.checks.anchors import check_anchors, conclude_anchors
from zheng_verifier.checks.compromise import check_compromise
from zheng_verifier.checks.documents import check_documents
from zheng_verifier.checks.entries import read_items
from zheng_verifier.checks.evidence import Inclusions, Item, conclude, finding_of, not_applicable
from zheng_verifier.checks.log import check_consistency, check_inclusions, open_proofs
from zheng_verifier.checks.package import examine_package, judge_container
from zheng_verifier.checks.sequence import check_sequence
from zheng_verifier.checks.submitter import check_submitters
from zheng_verifier.checks.times import Bounds, check_times, find_bounds
from zheng_verifier.checks.timestamps import check_timestamps, conclude_timestamps
from zheng_verifier.checks.unbuilt import unbuilt_findings
from zheng_verifier.checks.verdict import judge_axes, judge_overall
from zheng_verifier.encoding import format_base64url
from zheng_verifier.errors import EvidenceError, UncheckableError, escape
from zheng_verifier.examined import Document, Examined, ExaminedDocument, examine_document
from zheng_verifier.package import names
from zheng_verifier.package.package import open_package, read_bundle
from zheng_verifier.policy import TrustPolicy, fingerprint, parse_policy
from zheng_verifier.report.model import (
    CheckId,
    CheckResult,
    EventView,
    InputFile,
    Overall,
    PolicySource,
    PolicyUse,
    Report,
    say,
)
from zheng_verifier.version import VERSION

__all__ = ["Document", "PolicyInput", "judge", "refuse", "verify_bundle", "verify_package"]


@dataclass(frozen=True, slots=True)
class PolicyInput:
    """The bytes of a trust policy, and who supplied them."""

    data: bytes
    source: PolicySource = PolicySource.USER


def verify_bundle(
    bundle: bytes,
    *,
    documents: Sequence[Document] = (),
    policy: PolicyInput,
    at: datetime | None,
    name: str = "bundle",
) -> Report:
    """Verify a bundle and the documents at hand under a trust policy.

    ``name`` is what the report calls the bundle. ``at`` is the verifier's own time, aware: it decides whether the
    policy is in force, and algorithms where no trusted time-stamp does; None leaves that open, and the overall word
    then stays below CONSISTENT. Never raises for anything in its inputs.
    """
    examined = Examined(escape(name), bundle, tuple(examine_document(document) for document in documents))
    return judge(examined, policy=policy, at=at)


def verify_package(
    data: bytes,
    *,
    documents: Sequence[Document] = (),
    policy: PolicyInput | None,
    at: datetime | None,
    name: str = "package",
) -> Report:
    """Verify an evidence package: the bundle and the documents in it, further ``documents``, and the container (C01).

    ``policy`` None stands for the policy in the package, for a user who has no other: the overall word is then capped.
    Otherwise as ``verify_bundle``.
    """
    try:
        package = open_package(data)
        bundle = read_bundle(package)
        chosen = policy or PolicyInput(package.files[names.POLICY], PolicySource.PACKAGE)
    except KeyError:
        error = UncheckableError("NO_POLICY", "no trust policy was given, and the package holds none")
        return refuse(error, data, policy=policy, at=at, name=name)
    except EvidenceError as error:
        return refuse(error, data, policy=policy, at=at, name=name)
    enclosed = (Document(f"{name}/{file.name}", file.data) for file in package.documents)
    examined = Examined(
        escape(f"{name}/{names.BUNDLE}"),
        bundle,
        tuple(examine_document(document) for document in (*enclosed, *documents)),
        examine_package(data, package, name),
    )
    return judge(examined, policy=chosen, at=at)


def refuse(
    error: EvidenceError, data: bytes, *, policy: PolicyInput | None, at: datetime | None, name: str
) -> Report:
    """Report that a file cannot be read at all, and why."""
    use = (
        PolicyUse("", PolicySource.PACKAGE)
        if policy is None
        else PolicyUse(fingerprint(policy.data), policy.source)
    )
    return Report(
        verifier=VERSION,
        verified_at=at,
        policy=use,
        inputs=(InputFile(escape(name), len(data), hashlib.sha256(data).hexdigest()),),
        origin=None,
        case=None,
        overall=Overall.UNREADABLE,
        axes=(),
        checks=(),
        events=(),
        notes=(),
        refusal=finding_of(error, say("package.the_file")),
    )


def judge(examined: Examined, *, policy: PolicyInput, at: datetime | None) -> Report:
    """Judge under a policy what was examined: the same report that ``verify_bundle`` gives on the files themselves."""
    container = () if examined.container is None else (examined.container,)
    inputs = (
        *(InputFile(each.name, each.size, each.sha256) for each in container),
        InputFile(examined.name, len(examined.bundle), hashlib.sha256(examined.bundle).hexdigest()),
        *(InputFile(document.name, document.size, document.sha256) for document in examined.documents),
    )
    use = PolicyUse(fingerprint(policy.data), policy.source)
    try:
        parsed_policy = parse_policy(policy.data)
        use = PolicyUse(use.fingerprint, policy.source, parsed_policy.issued_at, parsed_policy.expires)
        parsed = parse_bundle(examined.bundle)
    except EvidenceError as error:
        subject = say("the_policy" if use.issued_at is None else "the_bundle")
        return Report(
            verifier=VERSION,
            verified_at=at,
            policy=use,
            inputs=inputs,
            origin=None,
            case=None,
            overall=Overall.UNREADABLE,
            axes=(),
            checks=(),
            events=(),
            notes=(),
            refusal=finding_of(error, subject),
            examined=examined,
        )
    report = replace(_verify(parsed, examined.documents, parsed_policy, use, inputs, at), examined=examined)
    if examined.container is not None and examined.container.kind == "package":
        return judge_container(report, examined.container, parsed, parsed_policy)
    return report


def _verify(
    bundle: Bundle,
    documents: Sequence[ExaminedDocument],
    policy: TrustPolicy,
    use: PolicyUse,
    inputs: tuple[InputFile, ...],
    at: datetime | None,
) -> Report:
    log = next((log for log in policy.logs if log.origin == bundle.origin), None)
    items, entry_findings = read_items(bundle, log.log_case if log is not None else None)
    proofs, checkpoint_findings = open_proofs(bundle, log, policy.quorum.witness)
    inclusions, inclusion_findings = check_inclusions(items, proofs)
    timed, token_findings = check_timestamps(proofs, policy.tsas, bundle.certificates)
    anchored, binding_findings, block_findings = check_anchors(proofs, policy.chains, log)
    bounds = find_bounds(items, inclusions, timed, anchored)
    checkpoint_findings += check_compromise(proofs, log, timed, anchored)
    needed = policy.quorum
    findings = unbuilt_findings(items, documents, anchored) | {
        CheckId.C01: [not_applicable("", say("package.container"), say("package.bare"))],
        CheckId.C02: check_documents(items, documents),
        CheckId.C03: entry_findings,
        CheckId.C04: check_sequence(items, inclusions),
        CheckId.C05: check_submitters(items, inclusions, policy.submitters),
        CheckId.C06: inclusion_findings,
        CheckId.C07: checkpoint_findings,
        CheckId.C08: check_consistency(bundle, proofs),
        CheckId.C16: check_times(items, bounds),
        CheckId.C23: check_algorithms(items, proofs, timed, anchored, bounds, policy.algorithms, at),
    }
    results = {check: conclude(check, found) for check, found in findings.items()} | {
        CheckId.C09: conclude_anchors(
            CheckId.C09, binding_findings, anchored, items, inclusions, needed.chain
        ),
        CheckId.C10: conclude_anchors(CheckId.C10, block_findings, anchored, items, inclusions, needed.chain),
        CheckId.C11: conclude_timestamps(token_findings, timed, items, inclusions, needed.tsa),
    }
    checks = tuple(results[check] for check in CheckId)
    return _report(bundle, items, inclusions, bounds, checks, use, inputs, at)


def _report(
    bundle: Bundle,
    items: list[Item],
    inclusions: Inclusions,
    bounds: dict[int, Bounds],
    checks: tuple[CheckResult, ...],
    use: PolicyUse,
    inputs: tuple[InputFile, ...],
    at: datetime | None,
) -> Report:
    axes = judge_axes(checks)
    current = at is not None and use.issued_at is not None and use.expires is not None
    current = current and use.issued_at <= at < use.expires  # type: ignore[operator]  # all three are there
    notes = tuple(_notes(use, at, current=current))
    return Report(
        verifier=VERSION,
        verified_at=at,
        policy=use,
        inputs=inputs,
        origin=bundle.origin,
        case=bundle.case,
        overall=judge_overall(axes, source=use.source, policy_current=current),
        axes=axes,
        checks=checks,
        events=tuple(_view(item, inclusions, bounds[item.number]) for item in items if item.is_event),
        notes=notes,
    )


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
    )
