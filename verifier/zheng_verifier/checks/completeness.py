"""C20: the events that the case's own opening requires are there, in an order that makes sense.

What is missing is false only if everything is shown and the case is closed; else it may be among what is not shown. An
event out of order is warned of (taxonomy/sequence.py), never called false: the platform may have deposited late.
"""

from collections.abc import Iterator
from datetime import datetime

from zheng_verifier.checks.case import Fact, Facts
from zheng_verifier.checks.evidence import failed, indeterminate, not_provided, passed
from zheng_verifier.encoding import format_time
from zheng_verifier.report.model import Finding, say
from zheng_verifier.taxonomy.sequence import sequence_warnings


def check_completeness(facts: Facts, at: datetime | None) -> list[Finding]:
    """Hold the case against its opening, its counters and the rules of order (C20)."""
    opened = facts.opening
    if opened is None:
        findings = [not_provided("NOT_OPENED", say("the_case"), say("completeness.no_opening"))]
    else:
        findings = [*_required(facts, opened), *_overdue(facts, opened, at)]
    findings.extend(_signed_parties(facts))
    findings.extend(
        indeterminate("ORDER_WARNING", say("event", seq=warning.seq), say(f"order.{warning.code}"))
        for warning in sequence_warnings([fact.event for fact in facts.all])
    )
    return findings or [passed(say("the_case"), say("completeness.nothing_required"))]


def _shows_all(facts: Facts) -> bool:
    """Tell whether the case is closed and every event up to its closing is shown."""
    closed = facts.named("case.closed")
    return bool(closed) and facts.complete_before(closed[0])


def _required(facts: Facts, opened: Fact) -> Iterator[Finding]:
    seen = {fact.name: fact for fact in reversed(facts.all)}
    for name in opened.texts("required"):
        subject = say("completeness.required", type=name)
        if name in seen:
            yield passed(subject, say("completeness.shown_as", event=seen[name].subject))
        elif _shows_all(facts):
            yield failed("REQUIRED_EVENT_MISSING", subject, say("completeness.missing"))
        else:
            yield indeterminate("REQUIRED_EVENT_NOT_SHOWN", subject, say("completeness.not_shown"))


def _overdue(facts: Facts, opened: Fact, at: datetime | None) -> Iterator[Finding]:
    close_by = opened.time("close_by")
    if close_by is not None and at is not None and at > close_by and not facts.named("case.closed"):
        moment = format_time(close_by)
        yield indeterminate("OVERDUE", say("the_case"), say("completeness.overdue", moment=moment))


def _signed_parties(facts: Facts) -> Iterator[Finding]:
    """Who is said to have signed when the contract was completed, signed in an event of the case."""
    for completed in facts.named("contract.completed"):
        earlier = facts.before(completed)
        missing = [party for party in completed.texts("signed_parties") if party not in earlier.signers]
        if not missing:
            yield passed(completed.subject, say("completeness.all_signed"))
            continue
        state = failed if facts.complete_before(completed) else indeterminate
        yield state("COUNT_MISMATCH", completed.subject, say("completeness.not_signed", party=missing[0]))
