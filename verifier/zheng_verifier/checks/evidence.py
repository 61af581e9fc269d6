"""What the checks work on: the bundle read as far as it can be, and what earlier checks have established.

Each check takes what it needs from here and returns findings; nothing is changed in place. A leaf or entry that
does not parse stays in the list as what it is, so that the report can name it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zheng_verifier.bundle import Bundle, BundleEvent, BundleProof
from zheng_verifier.checkpoint import SignedCheckpoint
from zheng_verifier.encoding import format_base64url
from zheng_verifier.entry import Entry, Leaf
from zheng_verifier.errors import EvidenceError, MalformedError, VerificationError
from zheng_verifier.ethereum.anchor import AnchoredBlock
from zheng_verifier.note import VerifierKey
from zheng_verifier.report.model import NOTHING, CheckId, CheckResult, Finding, SealedField, Status, Text, say
from zheng_verifier.timestamp import TimestampResult

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """An event or a context leaf, number ``number`` of the bundle's items; ``is_event`` tells which.

    ``leaf`` is None if it does not parse; ``entry`` is None if withheld, ill-formed, not the one of the leaf, or
    addressed to another case or log: what it says then counts for nothing.
    """

    number: int
    is_event: bool
    source: BundleEvent
    leaf_hash: bytes
    leaf: Leaf | None
    entry: Entry | None
    sealed: tuple[SealedField, ...] = ()

    @property
    def name(self) -> Text:
        """How findings name it."""
        if self.leaf is not None and self.is_event:
            return say("event", seq=self.leaf.seq)
        return say("event_at" if self.is_event else "context_at", position=self.number)


@dataclass(frozen=True, slots=True)
class OpenedProof:
    """A proof of the bundle with its checkpoint, ``signed`` only if ``key``, the policy's for its size, made it."""

    number: int
    source: BundleProof
    signed: SignedCheckpoint | None = None
    key: VerifierKey | None = None

    @property
    def name(self) -> Text:
        """How findings name it."""
        if self.signed is None:
            return say("checkpoint", number=self.number)
        return say("checkpoint_of_size", size=self.signed.checkpoint.size)


@dataclass(frozen=True, slots=True)
class Inclusions:
    """Which leaf of the log each item is (by item number), and which items each proof covers (by proof number)."""

    index: Mapping[int, int]
    covered: Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Timed:
    """A time-stamp that verifies over the checkpoint of ``size``; ``digest`` is the SHA-256 of the token's DER."""

    proof: int
    size: int
    tsa: str
    digest: bytes
    result: TimestampResult

    @property
    def not_after(self) -> datetime:
        """genTime and the accuracy that the authority states: the latest moment (RFC 3161 §2.4.2)."""
        return _shifted(self.result, 1, _LAST)

    @property
    def not_before(self) -> datetime:
        """genTime less the accuracy: the earliest moment at which the token can have been made."""
        return _shifted(self.result, -1, _FIRST)


def _shifted(result: TimestampResult, sign: int, limit: datetime) -> datetime:
    """Move genTime by the accuracy, to the end of the calendar at most."""
    accuracy = result.accuracy.delta if result.accuracy is not None else timedelta(0)
    try:
        return result.gen_time + sign * accuracy
    except OverflowError:
        return limit


@dataclass(frozen=True, slots=True)
class Anchored:
    """An anchor of the checkpoint of ``size`` whose proof holds; ``trusted`` if the policy trusts the block besides."""

    proof: int
    size: int
    chain_id: int
    block: AnchoredBlock
    trusted: bool


def events_of(items: Iterable[Item]) -> list[Item]:
    """Give the events without the context, as the bundle orders them."""
    return [item for item in items if item.is_event]


def bundle_proofs(bundle: Bundle) -> list[tuple[int, BundleProof]]:
    """Number the proofs of a bundle."""
    return list(enumerate(bundle.proofs))


def passed(subject: Text, detail: Text = NOTHING, /, *, code: str = "", **observed: object) -> Finding:
    """State that a thing was checked and holds."""
    return Finding(Status.PASSED, code, subject, detail, _strings(observed))


def failed(code: str, subject: Text, detail: Text, /, **observed: object) -> Finding:
    """State that a thing was checked and is false."""
    return Finding(Status.FAILED, code, subject, detail, _strings(observed))


def indeterminate(code: str, subject: Text, detail: Text, /, **observed: object) -> Finding:
    """State that a thing could not be decided, and why."""
    return Finding(Status.INDETERMINATE, code, subject, detail, _strings(observed))


def not_provided(code: str, subject: Text, detail: Text) -> Finding:
    """State that the evidence for a thing is not there."""
    return Finding(Status.NOT_PROVIDED, code, subject, detail)


def not_applicable(code: str, subject: Text, detail: Text) -> Finding:
    """State that a thing does not arise here."""
    return Finding(Status.NOT_APPLICABLE, code, subject, detail)


def skipped(subject: Text, because: Text) -> Finding:
    """State that a thing was not checked because what it rests on did not hold."""
    return Finding(Status.SKIPPED, "DEPENDENCY", subject, because)


def finding_of(error: EvidenceError, subject: Text, /, **observed: object) -> Finding:
    """Turn an error into a finding: false and ill-formed are FAILED, the other two families INDETERMINATE."""
    wrong = isinstance(error, MalformedError | VerificationError)
    status = Status.FAILED if wrong else Status.INDETERMINATE
    return Finding(status, error.code, subject, detail_of(error), _strings(observed))


def detail_of(error: EvidenceError) -> Text:
    """Give what a parser or a library says, in English for the expert; its code is explained in both languages."""
    if error.where:
        return say("technical_at", text=error.detail, where=error.where)
    return say("technical", text=error.detail)


def _strings(observed: Mapping[str, object]) -> dict[str, str]:
    return {
        name: format_base64url(value) if isinstance(value, bytes) else str(value)
        for name, value in observed.items()
    }


_WORST_FIRST = (Status.FAILED, Status.INDETERMINATE, Status.SKIPPED, Status.NOT_PROVIDED, Status.PASSED)


def conclude(check: CheckId, findings: list[Finding], beside: Sequence[Finding] = ()) -> CheckResult:
    """Gather findings under a check, whose status is that of the worst; without any it does not apply.

    What is said ``beside`` them is shown and decides nothing: evidence nobody asked for, or not all of what there is.
    """
    found = {finding.status for finding in findings}
    status = next((status for status in _WORST_FIRST if status in found), Status.NOT_APPLICABLE)
    codes = (finding.code for finding in findings if finding.status is status and finding.code)
    return CheckResult(check, status, next(codes, ""), (*findings, *beside))


def supporters_of(
    events: Iterable[Item], inclusions: Inclusions, by_proof: Mapping[int, set[str]]
) -> dict[int, set[str]]:
    """Give the supporters of each event, by item number: those of every proof that covers it."""
    found: dict[int, set[str]] = {event.number: set() for event in events}
    for proof, names in by_proof.items():
        for number in inclusions.covered[proof] & found.keys():
            found[number] |= names
    return found


def conclude_quorum(
    check: CheckId,
    findings: list[Finding],
    supporters: Mapping[int, set[str]],
    events: list[Item],
    needed: int,
) -> CheckResult:
    """Gather findings of a check that asks for ``needed`` independent supporters of each event.

    A false statement fails the check even where enough others hold. What is merely not trusted does not spoil a
    quorum that others reach; where none is reached it says why.
    """
    short = [item for item in events if len(supporters[item.number]) < needed]
    if any(finding.status is Status.FAILED for finding in findings):
        return conclude(check, findings)
    if not short:
        return CheckResult(check, Status.PASSED, "", tuple(findings))
    status, code = Status.NOT_PROVIDED, "NOT_COVERED"
    if any(supporters.values()):
        status, code = Status.INDETERMINATE, "QUORUM_NOT_MET"
    for undecided in (Status.SKIPPED, Status.INDETERMINATE):  # the second says more than the first
        codes = [finding.code for finding in findings if finding.status is undecided]
        if codes:
            status, code = undecided, codes[0]
    missing = Finding(status, code, names_of(short), say("fewer_accepted", needed=needed))
    return CheckResult(check, status, code, (*findings, missing))


def names_of(items: list[Item]) -> Text:
    """Name some items: the first eight, and that there are more."""
    names = tuple(item.name for item in items[:8])
    return say("and_more", names=names) if len(items) > 8 else say("listed", names=names)
