"""C12: support beyond the first: a second chain or a second authority that the policy trusts, for every event.

C10 and C11 ask whether the policy's quorum is met. This check asks whether the evidence would still stand if one chain,
or one authority, were lost or doubted. A chain that the log's own case says is in use, and of which no record is here,
is pending; what is enclosed and not trusted is said and not counted.
"""

from collections.abc import Sequence

from zheng_verifier.checks.evidence import (
    Anchored,
    Inclusions,
    Item,
    Timed,
    conclude,
    events_of,
    indeterminate,
    not_provided,
    passed,
    supporters_of,
)
from zheng_verifier.report.model import CheckId, CheckResult, Finding, Text, say


def check_second_anchors(
    items: list[Item], inclusions: Inclusions, timed: Sequence[Timed], anchored: Sequence[Anchored]
) -> CheckResult:
    """Look for a second chain or authority over every event (C12)."""
    events = events_of(items)
    chains, tsas = _by_proof(anchored), _tsas_by_proof(timed)
    trusted_chains = {str(anchor.chain_id) for anchor in anchored if anchor.trusted}
    trusted_tsas = {token.tsa for token in timed if not token.result.test}
    findings = [
        *_second(events, inclusions, chains, trusted_chains, "chain"),
        *_second(events, inclusions, tsas, trusted_tsas, "authority"),
    ]
    pending = _pending(items, {anchor.chain_id for anchor in anchored})
    if findings:
        return conclude(CheckId.C12, findings, beside=pending)
    doubted = [
        indeterminate("SECOND_NOT_TRUSTED", subject, say("second.not_trusted"))
        for subject in _untrusted(anchored, timed)
    ]
    nothing = [not_provided("NO_SECOND_SUPPORT", say("all_events"), say("second.none"))]
    return conclude(CheckId.C12, pending or doubted or nothing, beside=doubted if pending else ())


def _by_proof(anchored: Sequence[Anchored]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for anchor in anchored:
        found.setdefault(anchor.proof, set()).add(str(anchor.chain_id))
    return found


def _tsas_by_proof(timed: Sequence[Timed]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for token in timed:
        found.setdefault(token.proof, set()).add(token.tsa)
    return found


def _second(
    events: list[Item], inclusions: Inclusions, by_proof: dict[int, set[str]], trusted: set[str], kind: str
) -> list[Finding]:
    """Give a finding if every event has two trusted supporters of one kind."""
    supporters = supporters_of(events, inclusions, by_proof)
    counts = [len(names & trusted) for names in supporters.values()]
    if min(counts) < 2:
        return []
    return [passed(say("all_events"), say(f"second.{kind}", names=", ".join(sorted(trusted))))]


def _untrusted(anchored: Sequence[Anchored], timed: Sequence[Timed]) -> list[Text]:
    """Name what is enclosed, holds, and is not trusted: only if it would be a second."""
    chains = {anchor.chain_id for anchor in anchored}
    good = {anchor.chain_id for anchor in anchored if anchor.trusted}
    tsas = {token.tsa for token in timed}
    tests = {token.tsa for token in timed if token.result.test}
    named = [say("second.on_chain", chain=chain) for chain in sorted(chains - good) if len(chains) > 1]
    return named + [say("times.tsa", name=name) for name in sorted(tests) if len(tsas) > 1]


def _pending(items: Sequence[Item], shown: set[int]) -> list[Finding]:
    """A contract that the log's own case took into use, on a chain of which no record is enclosed."""
    promised = {
        chain: item.name
        for item in items
        if not item.is_event and item.entry is not None and item.entry.claim.type == "anchor.registered/1"
        if isinstance(chain := item.entry.claim.data.get("chain_id"), int)
    }
    return [
        indeterminate(
            "CROSS_ANCHOR_PENDING", say("second.on_chain", chain=chain), say("second.pending", event=name)
        )
        for chain, name in sorted(promised.items())
        if chain not in shown
    ]
