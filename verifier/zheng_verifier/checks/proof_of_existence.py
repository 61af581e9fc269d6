"""When a signature is shown to have existed: never by its own word (ETSI EN 319 102-1 §5.4).

not after    a time-stamp on the signature, a document time-stamp over it, or the bound of an event of the case that
names a file with the signature in it
not before   time-stamps in what the signature covers: they were there before it
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zheng_verifier.checks.bounds import Bounds, best
from zheng_verifier.checks.case import Fact, Facts
from zheng_verifier.checks.evidence import Timed
from zheng_verifier.checks.pdf_signatures import FoundSignature
from zheng_verifier.checks.timestamps import ask_authorities
from zheng_verifier.errors import EvidenceError
from zheng_verifier.pdf_signatures.facts import SignatureFact
from zheng_verifier.report.model import TimeBound, say
from zheng_verifier.timestamp import Message, TrustedTsa

_DIGESTS = ("after_sha256", "document_sha256", "before_sha256")


@dataclass(frozen=True, slots=True)
class Existence:
    """Bounds of a signature: ``not_after`` the tightest that the policy trusts, or else of all; None if there is none."""

    not_before: datetime | None
    not_after: TimeBound | None


@dataclass(frozen=True, slots=True)
class Sources:
    """What can bound a signature: the authorities of the policy, and the events of the case with their bounds."""

    tsas: tuple[TrustedTsa, ...]
    case: Facts
    bounds: Mapping[int, Bounds]


def find_existence(found: FoundSignature, sources: Sources, certificates: tuple[bytes, ...]) -> Existence:
    """Find the bounds of a signature; ``certificates`` are those of the file that can be read."""
    upper = [token.bound for token in _tokens_after(found, sources.tsas, certificates)]
    upper.extend(_events(found, sources))
    earlier = [
        token.earliest
        for fact in found.facts.signatures
        if 0 < fact.end < found.fact.end  # 0: where it ends is not known, so not that it was there before
        for token in _tokens_of(fact, sources.tsas, certificates)
        if token.bound.trusted
    ]
    return Existence(max(earlier, default=None), best(upper, latest=False))


@dataclass(frozen=True, slots=True)
class _Token:
    bound: TimeBound
    earliest: datetime


def _tokens_after(
    found: FoundSignature, tsas: Sequence[TrustedTsa], certificates: tuple[bytes, ...]
) -> Iterator[_Token]:
    yield from _tokens_of(found.fact, tsas, certificates)
    for fact in found.facts.signatures:
        if fact.is_timestamp and fact.digest_ok and fact.end > found.fact.end:
            yield from _tokens_of(fact, tsas, certificates)


def _tokens_of(
    fact: SignatureFact, tsas: Sequence[TrustedTsa], certificates: tuple[bytes, ...]
) -> Iterator[_Token]:
    """Give the time-stamps on a signature, or a document time-stamp itself, that an authority of the policy made."""
    message: Message = fact.digests if fact.is_timestamp else fact.stamped
    for raw in fact.timestamps:
        try:
            tsa, result = ask_authorities(raw, message, tuple(tsas), certificates)
        except EvidenceError:
            continue  # bounds nothing; C13 says what is wrong with it
        timed = Timed(0, 0, tsa.name, b"", result)
        source = say("times.tsa", name=tsa.name)
        yield _Token(TimeBound(timed.not_after, source, not result.test), timed.not_before)


def _events(found: FoundSignature, sources: Sources) -> Iterator[TimeBound]:
    """Give the bounds of events that name a file with the signature in it, whole or cut after a later revision."""
    holding = {each.sha256 for each in found.facts.prefixes if each.length >= found.fact.end > 0}
    for fact in sources.case.all:
        bounds = sources.bounds.get(fact.item.number)
        if bounds is not None and bounds.not_after is not None and holding & set(_named(fact)):
            yield bounds.not_after


def _named(fact: Fact) -> Iterator[bytes]:
    for document in fact.entry.claim.documents:
        if document.digests is not None:
            yield document.digests["sha256"]
    for field in _DIGESTS:
        text = fact.text(field)
        if text is not None:
            yield bytes.fromhex(text)
