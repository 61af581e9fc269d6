"""C17: what is known against the keys and papers that the evidence rests on, as of the policy's date.

An offline verifier knows of a theft, a revocation, an ended trust only what his policy and the bundle tell. So the first
line always says as of when, and the check passes only if the policy was issued after the last event shown was deposited:
older knowledge cannot speak of it. Nothing here is asked of a network.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from zheng_verifier.checks.bounds import Bounds
from zheng_verifier.checks.case import Facts
from zheng_verifier.checks.evidence import Inclusions, Item, Timed, events_of, indeterminate, passed
from zheng_verifier.encoding import format_base64url, format_time
from zheng_verifier.entry import Entry
from zheng_verifier.errors import EvidenceError
from zheng_verifier.jws import parse_jws
from zheng_verifier.policy import TrustPolicy
from zheng_verifier.report.model import Finding, say

_KEY_EVENTS = ("key.revoked/1", "key.compromised/1", "key.rotated/1")
_PAPER = {"evidence.certificate_revoked": "REVOKED", "evidence.certificate_superseded": "SUPERSEDED"}


def check_revocations(
    items: Sequence[Item],
    inclusions: Inclusions,
    facts: Facts,
    policy: TrustPolicy,
    timed: Sequence[Timed],
    bounds: Mapping[int, Bounds],
    compromises: Sequence[Finding],
    at: datetime | None,
) -> list[Finding]:
    """Gather every notice there is (C17); ``compromises`` are the findings of C07 about a stolen log key."""
    context = [item for item in items if not item.is_event and item.entry is not None]
    return [
        _knowledge(items, policy, bounds),
        *compromises,
        *_keys(items, context, inclusions),
        *_authorities(context, policy, timed, at),
        *_certificates(facts),
        *_papers(facts),
    ]


def _knowledge(items: Sequence[Item], policy: TrustPolicy, bounds: Mapping[int, Bounds]) -> Finding:
    """Say as of when anything is known: before the last deposit it was too early to know."""
    subject = say("revocations.knowledge", moment=format_time(policy.issued_at))
    last = [item.entry.received_at for item in events_of(items) if item.entry is not None]
    last += [
        bound.moment
        for item in events_of(items)
        if (bound := bounds[item.number].not_after) is not None and item.entry is None
    ]
    if not last or policy.issued_at < max(last):
        return indeterminate("KNOWLEDGE_TOO_OLD", subject, say("revocations.too_old"))
    return passed(subject, say("revocations.current"))


def _keys(items: Sequence[Item], context: Sequence[Item], inclusions: Inclusions) -> Iterator[Finding]:
    """Give what the log's own case says against a key that signed here; whether it came before is judged by C05."""
    used = _used_keys(items, inclusions)
    for item in context:
        entry = item.entry
        if entry is None or entry.claim.type not in _KEY_EVENTS:
            continue
        kid = str(entry.claim.data.get("kid", entry.claim.data.get("old_kid")))
        if entry.claim.type == "key.compromised/1" and entry.claim.data.get("key_kind") != "submitter":
            kind = str(entry.claim.data.get("key_kind"))
            yield indeterminate("COMPROMISE_NOTICE", item.name, say("revocations.other_key", kind=kind))
        elif kid in used:
            yield _against(item, entry, used[kid], inclusions.index.get(item.number))


def _against(item: Item, entry: Entry, last_use: int, place: int | None) -> Finding:
    if entry.claim.type == "key.rotated/1":
        return passed(item.name, say("revocations.rotated"), code="SUPERSEDED")
    if place is not None and place > last_use:
        return passed(item.name, say("revocations.later"), code="REVOKED_SINCE")
    return indeterminate("REVOKED", item.name, say("revocations.earlier"))


def _used_keys(items: Sequence[Item], inclusions: Inclusions) -> dict[str, int]:
    """Give the last place in the log at which each submitter's key signed an event shown."""
    used: dict[str, int] = {}
    for item in events_of(items):
        if item.entry is None or item.entry.submitter.jws is None:
            continue
        try:
            kid = format_base64url(parse_jws(item.entry.submitter.jws).kid)
        except EvidenceError:
            continue  # C05 says so
        used[kid] = max(used.get(kid, 0), inclusions.index.get(item.number, 0))
    return used


def _authorities(
    context: Sequence[Item], policy: TrustPolicy, timed: Sequence[Timed], at: datetime | None
) -> Iterator[Finding]:
    """Give the authorities whose tokens count here and whom the policy no longer trusts, or the log retired."""
    used = {token.tsa for token in timed}
    for tsa in policy.tsas:
        if tsa.name in used and tsa.valid_until is not None and at is not None and at >= tsa.valid_until:
            subject = say("times.tsa", name=tsa.name)
            moment = format_time(tsa.valid_until)
            yield passed(subject, say("revocations.trust_ended", moment=moment), code="TRUST_ENDED")
    for item in context:
        if item.entry is not None and item.entry.claim.type == "tsa.retired/1":
            reason = str(item.entry.claim.data.get("reason_code"))
            detail = say(
                "revocations.tsa_retired", name=str(item.entry.claim.data.get("name")), reason=reason
            )
            if reason == "compromised":
                yield indeterminate("COMPROMISE_NOTICE", item.name, detail)
            else:
                yield passed(item.name, detail, code="TRUST_ENDED")


def _certificates(facts: Facts) -> Iterator[Finding]:
    """Give the revocations of signers' certificates that the case itself records."""
    for revoked in facts.named("certificate.revoked"):
        since = revoked.time("revoked_at")
        uses = [
            fact.moment
            for fact in facts.named("party.signed")
            if revoked.text("key") in (None, fact.text("key"))
        ]
        if since is None or any(since <= use for use in uses):
            yield indeterminate("REVOKED", revoked.subject, say("revocations.certificate"))
        else:
            yield passed(revoked.subject, say("revocations.certificate_later"), code="REVOKED_SINCE")


def _papers(facts: Facts) -> Iterator[Finding]:
    """Give what the case says of its certificates of deposit: the paper's standing, not the evidence's."""
    for fact in facts.named(*_PAPER):
        number = fact.text("number") or ""
        yield indeterminate(_PAPER[fact.name], fact.subject, say("revocations.paper", number=number))
