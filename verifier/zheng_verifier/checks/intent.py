"""C19: a bound act of confirmation: this signer, this document, shown before, under a challenge made for it.

    challenge = SHA-256(SHA-256 of the document ‖ head of the case ‖ nonce)          32 ‖ 32 ‖ 16 bytes

The challenge is recomputed where its event gives head and nonce. It shows to which bytes and to which state of the case
the act was bound; inner will, and freedom, it does not show.
"""

import hashlib
from collections.abc import Iterator
from enum import Enum

from zheng_verifier.checks.case import Fact, Facts, Match, compare
from zheng_verifier.checks.evidence import failed, indeterminate, not_applicable, not_provided, passed
from zheng_verifier.encoding import format_base64url, parse_base64url, parse_hex
from zheng_verifier.errors import MalformedError
from zheng_verifier.report.model import Finding, say

_FACTORS = {
    "otp_sms": "intent.otp_verified",
    "otp_email": "intent.otp_verified",
    "face": "intent.face_verified",
    "password": "intent.password_verified",
}


class _Bound(Enum):
    HOLDS = "holds"
    BROKEN = "broken"
    HIDDEN = "hidden"
    STATED = "stated"


def check_intents(facts: Facts) -> tuple[list[Finding], list[Finding]]:
    """Judge the confirmation of every signature (C19), and give what is only said beside it."""
    signed = facts.named("party.signed")
    confirmed = facts.named("intent.confirmed")
    if not signed and not confirmed:
        if facts.kind in ("subject", "log"):
            return [not_applicable("NO_SIGNER", say("the_case"), say("intent.no_signing"))], []
        return [not_provided("INTENT_NOT_PROVIDED", say("the_case"), say("intent.none"))], []
    findings: list[Finding] = []
    for signature in signed:
        intent = facts.before(signature).by_id(signature.text("intent_event"))
        if intent is None or intent.name != "intent.confirmed":
            findings.append(_unconfirmed(facts, signature, confirmed))
            continue
        findings.extend(_judge_pair(signature, intent))
    for intent in confirmed:
        findings.extend(_judge_intent(facts, intent))
    findings.extend(_reused(signed, ("intent_event", "challenge")))
    findings.extend(_reused(confirmed, ("challenge_id", "challenge")))
    return findings, [*_reading(facts), *_prompts(facts, confirmed)]


def _unconfirmed(facts: Facts, signature: Fact, confirmed: list[Fact]) -> Finding:
    if not facts.complete_before(signature):
        return indeterminate("CANNOT_COMPARE", signature.subject, say("intent.hidden"))
    if not confirmed:
        return not_provided("INTENT_NOT_PROVIDED", signature.subject, say("intent.none_of_signature"))
    return failed("INTENT_NOT_BOUND", signature.subject, say("intent.names_none"))


def _judge_pair(signature: Fact, intent: Fact) -> Iterator[Finding]:
    """Signature and confirmation name one party, one document, the same bytes, and one challenge."""
    pairs = (
        ("party", "party"),
        ("document", "document"),
        ("document_sha256", "before_sha256"),
        ("challenge", "challenge"),
    )
    found = list(_compared(intent, signature, pairs))
    yield from found or [passed(signature.subject, say("intent.confirmed_by", event=intent.subject))]


def _reused(acts: list[Fact], fields: tuple[str, ...]) -> Iterator[Finding]:
    """One act of confirmation is for one signature, one challenge for one confirmation: of a second, none is shown.

    Undecided and not false: the platform may have deposited one act twice.
    """
    first: dict[tuple[str, str], Fact] = {}
    for act in acts:
        keys = [(field, text) for field in fields if (text := act.text(field)) is not None]
        earlier = next((first[key] for key in keys if key in first), None)
        if earlier is not None:
            subject = say("intent.two", one=earlier.subject, other=act.subject)
            yield indeterminate("CHALLENGE_REUSED", subject, say("intent.reused"))
        for key in keys:
            first.setdefault(key, act)


def _compared(one: Fact, other: Fact, pairs: tuple[tuple[str, str], ...]) -> Iterator[Finding]:
    subject = say("intent.two", one=one.subject, other=other.subject)
    for mine, theirs in pairs:
        match = compare(one.value(mine), other.value(theirs))
        if match is Match.OTHER:
            yield failed("INTENT_NOT_BOUND", subject, say(f"intent.other_{mine}"))
        elif match is Match.UNKNOWN:
            yield indeterminate("CANNOT_COMPARE", subject, say(f"intent.sealed_{mine}"))


def _judge_intent(facts: Facts, intent: Fact) -> Iterator[Finding]:
    earlier = facts.before(intent)
    challenge_id = intent.text("challenge_id")
    asked = [f for f in earlier.named("intent.challenge_sent") if f.text("challenge_id") == challenge_id]
    if not asked and facts.complete_before(intent):
        yield not_provided("CHALLENGE_NOT_PROVIDED", intent.subject, say("intent.no_challenge"))
    elif not asked:
        yield indeterminate("CANNOT_COMPARE", intent.subject, say("intent.hidden"))
    for challenge in asked[:1]:
        pairs = (("party", "party"), ("document_sha256", "document_sha256"), ("challenge", "challenge"))
        yield from _compared(challenge, intent, pairs)
        yield _judge_challenge(facts, challenge)
        yield from _judge_moment(challenge, intent)
    yield from _judge_factors(earlier, intent)
    yield _judge_display(earlier, intent)


def _judge_challenge(facts: Facts, challenge: Fact) -> Finding:
    match _recompute(facts, challenge):
        case _Bound.HOLDS:
            return passed(challenge.subject, say("intent.recomputed"))
        case _Bound.BROKEN:
            return failed("INTENT_NOT_BOUND", challenge.subject, say("intent.other_bytes"))
        case _Bound.HIDDEN:
            return indeterminate("CANNOT_COMPARE", challenge.subject, say("intent.not_recomputed"))
        case _:  # STATED
            return indeterminate("CHALLENGE_NOT_SHOWN", challenge.subject, say("intent.only_stated"))


def _recompute(facts: Facts, challenge: Fact) -> _Bound:
    digest, head = challenge.value("document_sha256"), challenge.text("case_head")
    nonce, stated = challenge.text("challenge_nonce"), challenge.text("challenge")
    if head is None or nonce is None or stated is None:
        return _Bound.STATED
    if not isinstance(digest, str):
        return _Bound.HIDDEN
    try:
        parts = parse_hex(digest, size=32) + parse_base64url(head, size=32) + parse_base64url(nonce, size=16)
    except MalformedError:
        return _Bound.BROKEN  # C03 has refused the event by its schema
    if format_base64url(hashlib.sha256(parts).digest()) != stated:
        return _Bound.BROKEN
    earlier = {seq: leaf for seq, leaf in facts.heads.items() if seq < challenge.seq}
    if head in earlier.values():
        return _Bound.HOLDS
    return _Bound.BROKEN if len(earlier) == challenge.seq - 1 else _Bound.HIDDEN


def _judge_moment(challenge: Fact, intent: Fact) -> Iterator[Finding]:
    """The answer came before the challenge expired: by the platform's clock, or else by ours."""
    expires = challenge.time("expires_at")
    if expires is not None and intent.moment > expires:
        yield indeterminate("CHALLENGE_EXPIRED", intent.subject, say("intent.expired"))


def _judge_factors(earlier: Facts, intent: Fact) -> Iterator[Finding]:
    """Each method by which the intent was checked has its own event under the same challenge."""
    for method in intent.texts("methods"):
        name = _FACTORS.get(method)
        subject = say("intent.factor", event=intent.subject, method=method)
        if name is None:
            yield not_provided("FACTOR_NOT_PROVIDED", subject, say("intent.no_such_factor"))
            continue
        found = [f for f in earlier.named(name) if f.text("challenge_id") == intent.text("challenge_id")]
        if not found:
            yield not_provided("FACTOR_NOT_PROVIDED", subject, say("intent.no_factor"))
        for factor in found[:1]:
            pairs = (("party", "party"), ("document_sha256", "document_sha256"), ("challenge", "challenge"))
            yield from _compared(factor, intent, pairs)
            if factor.simulated:
                yield indeterminate("SIMULATED_FACTOR", subject, say("intent.simulated"))
            else:
                yield passed(subject, say("intent.factor_shown", event=factor.subject))


def _judge_display(earlier: Facts, intent: Fact) -> Finding:
    """What was confirmed was on the confirming party's screen before."""
    views = [
        fact
        for fact in earlier.named("document.viewed")
        if (fact.text("party"), fact.text("document")) == (intent.text("party"), intent.text("document"))
    ]
    matches = {compare(view.value("document_sha256"), intent.value("document_sha256")) for view in views}
    if Match.SAME in matches:
        return passed(intent.subject, say("intent.displayed"))
    if Match.UNKNOWN in matches:
        return indeterminate("CANNOT_COMPARE", intent.subject, say("intent.sealed_display"))
    if matches:
        return failed("DISPLAY_MISMATCH", intent.subject, say("intent.other_display"))
    return not_provided("DISPLAY_NOT_PROVIDED", intent.subject, say("intent.no_display"))


def _reading(facts: Facts) -> Iterator[Finding]:
    for fact in facts.named("document.read_confirmed"):
        yield passed(fact.subject, say("intent.read_confirmed"))


def _prompts(facts: Facts, confirmed: list[Fact]) -> Iterator[Finding]:
    """Were terms of weight pointed out to each party, and acknowledged, before it confirmed? Said, and decides nothing."""
    if not facts.named("terms.acknowledged"):
        yield not_provided("TERM_PROMPT_NOT_PROVIDED", say("the_case"), say("intent.no_prompt"))
        return
    for intent in confirmed:
        yield _judge_prompt(facts.before(intent), intent)


def _judge_prompt(earlier: Facts, intent: Fact) -> Finding:
    prompts = [
        fact
        for fact in earlier.named("terms.acknowledged")
        if (fact.text("party"), fact.text("document")) == (intent.text("party"), intent.text("document"))
    ]
    matches = [compare(fact.value("document_sha256"), intent.value("document_sha256")) for fact in prompts]
    if Match.SAME in matches:
        prompt = prompts[matches.index(Match.SAME)]
        return passed(intent.subject, say("intent.terms_acknowledged", event=prompt.subject))
    if Match.UNKNOWN in matches:
        return indeterminate("CANNOT_COMPARE", intent.subject, say("intent.sealed_document_sha256"))
    return not_provided("TERM_PROMPT_NOT_PROVIDED", intent.subject, say("intent.no_prompt_before"))
