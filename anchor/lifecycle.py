"""The life of one anchor on one chain: a pure reducer, `state × event → state, effects`.

    PENDING ──Ask──► answer: wanted ──Sign──► SIGNED ──Send──► BROADCAST ──► MINED ──► CONFIRMED ──► FINALIZED
       ▲                 │ superseded ► SUPERSEDED     ▲            │          │           │
       │                 │ foreign ► POISONED          └─ re-org ───┼──────────┴───────────┘
       │                 └ done ► follow that transaction           │
       └──────────────── reverted, or the nonce is lost ────────────┘

Three rules carry the promise "once, and never a second one":

- The shell stores the state that `step` returns before it carries out the effects. So nonce and raw bytes are
  durable before the first byte is sent, and after a crash the same bytes go out again.
- Every attempt at a nonce is followed, not the last one alone; and a flight ends only at finality.
- A revert or a lost nonce is a question to the contract, never an answer: the head may be there already.

A `Lane` is one (chain, log): one flight at a time, and behind it the newest head only, since a tree head covers all
before it. Times are seconds since 1970 and come with the events.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from anchor.fees import Fee


class Phase(StrEnum):
    """Where a flight is. The last three are terminal."""

    PENDING = "pending"
    SIGNED = "signed"
    BROADCAST = "broadcast"
    MINED = "mined"
    CONFIRMED = "confirmed"
    FINALIZED = "finalized"
    SUPERSEDED = "superseded"
    POISONED = "poisoned"


TERMINAL = frozenset({Phase.FINALIZED, Phase.SUPERSEDED, Phase.POISONED})
INCLUDED = frozenset({Phase.MINED, Phase.CONFIRMED})


class Kind(StrEnum):
    """What a transaction is for."""

    DEPLOY = "deploy"
    REGISTER = "register"
    AUTHORIZE = "authorize"
    ANCHOR = "anchor"


class Outcome(StrEnum):
    """What became of one send. Unknown is never a failure: the node may have taken it."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    UNDERPRICED = "underpriced"


@dataclass(frozen=True, slots=True)
class Intent:
    """What shall be on the chain: for an anchor the size, root hash and note digest of a tree head."""

    kind: Kind
    size: int = 0
    root_hash: bytes = b""
    note_digest: bytes = b""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One transaction that may carry the intent out. Another publisher's has no ``nonce`` of ours and no ``raw``."""

    tx_hash: bytes
    nonce: int | None
    raw: bytes
    fee: Fee


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A receipt whose block is the canonical one at its height."""

    tx_hash: bytes
    block_number: int
    block_hash: bytes
    succeeded: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """When to try again. Times in seconds; ``confirmations`` counts blocks, the transaction's own included.

    The same bytes go out again after ``missing_after`` when the node does not know them, after ``resend_after`` when
    it does; with higher fees after ``bump_after``; ``patience`` looks in a row make a strange nonce a question.
    """

    confirmations: int = 1
    resend_after: float = 15.0
    missing_after: float = 2.0
    bump_after: float = 60.0
    patience: int = 3


@dataclass(frozen=True, slots=True)
class Flight:
    """One intent on its way. ``strange`` counts looks in a row that showed neither receipt nor our nonce."""

    intent: Intent
    phase: Phase = Phase.PENDING
    nonce: int | None = None
    attempts: tuple[Attempt, ...] = ()
    inclusion: Inclusion | None = None
    signed_at: float = 0.0
    sent_at: float = 0.0
    strange: int = 0
    proof_kept: bool = False

    def last_at(self, nonce: int | None) -> Attempt | None:
        """The newest attempt at ``nonce`` whose bytes we have."""
        return next((a for a in reversed(self.attempts) if a.raw and a.nonce == nonce), None)


@dataclass(frozen=True, slots=True)
class Lane:
    """One (chain, log): the flight and, behind it, the newest intent."""

    flight: Flight | None = None
    queued: Intent | None = None


# --- events ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Woke:
    """Time passed, or the process came back: carry on where the state says."""

    at: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """Answer: the chain does not have it; ``nonce`` is the sender's next by the latest block."""

    nonce: int


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """Answer: the chain has it, by the transaction ``tx_hash`` (ours or another publisher's)."""

    tx_hash: bytes


@dataclass(frozen=True, slots=True)
class Superseded:
    """Answer: the chain has a later head of our tree, which covers this one."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Answer: the chain's head is not in our tree."""

    detail: str


@dataclass(frozen=True, slots=True)
class Signed:
    """The signer made an attempt."""

    attempt: Attempt
    at: float


@dataclass(frozen=True, slots=True)
class NotRaised:
    """The fee policy allows no replacement at ``nonce``: the last bytes there have to do."""

    nonce: int
    at: float


@dataclass(frozen=True, slots=True)
class Sent:
    """A send ended."""

    outcome: Outcome
    at: float


@dataclass(frozen=True, slots=True)
class Looked:
    """One look at the chain, all from one node.

    ``nonce`` is the sender's next by the latest block, ``head`` and ``finalized`` are heights, ``inclusions`` those
    of our attempts in canonical blocks, ``known`` whether the node has the last attempt.
    """

    at: float
    nonce: int
    head: int
    finalized: int
    inclusions: tuple[Inclusion, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class ProofKept:
    """The proof of the inclusion in ``block_hash`` was collected and checked."""

    block_hash: bytes
    final: bool


Event = Woke | Wanted | AlreadyThere | Superseded | Foreign | Signed | NotRaised | Sent | Looked | ProofKept


# --- effects --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """Look at the contract: is the intent still wanted?"""


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign the intent at ``nonce``; as a replacement of ``above`` when that is given."""

    nonce: int
    above: Fee | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Send the bytes of this attempt, as they are stored."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Look:
    """Look at the chain for every attempt."""


@dataclass(frozen=True, slots=True)
class CollectProof:
    """Collect and check the proof of this inclusion; ``final`` when its block is final."""

    inclusion: Inclusion
    final: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """The log on this chain is not ours any more: tell a person."""

    detail: str


Effect = Ask | Sign | Send | Look | CollectProof | Stop


# --- the lane -------------------------------------------------------------------------------------------------


def begin(lane: Lane, intent: Intent) -> Lane:
    """Start a step of setting up, in front of whatever waits; a lane with a live flight stays as it is."""
    return replace(lane, flight=Flight(intent)) if _ended(lane.flight) else lane


def want(lane: Lane, intent: Intent) -> Lane:
    """Put a head into the lane; it takes the place of an older one that has no bytes out yet.

    A head at or below what is in flight or queued changes nothing, and a poisoned lane takes nothing in.
    """
    flight, queued = lane.flight, lane.queued
    if queued is not None and intent.size <= queued.size:
        return lane
    if flight is not None and not _ended(flight):
        if flight.phase is Phase.POISONED or intent.size <= flight.intent.size:
            return lane
        if flight.intent.kind is Kind.ANCHOR and flight.phase is Phase.PENDING and not flight.attempts:
            return Lane(flight=Flight(intent))
    return replace(lane, queued=intent)


def promote(lane: Lane) -> Lane:
    """Let the queued head take the place of a flight that has ended."""
    return Lane(flight=Flight(lane.queued)) if _ended(lane.flight) and lane.queued is not None else lane


def _ended(flight: Flight | None) -> bool:
    return flight is None or flight.phase in {Phase.FINALIZED, Phase.SUPERSEDED}


# --- the flight -----------------------------------------------------------------------------------------------


def step(flight: Flight, event: Event, rules: Rules) -> tuple[Flight, tuple[Effect, ...]]:
    """Take one event into the flight. An event that does not fit the phase changes nothing: it came late."""
    match event:
        case Woke() if flight.phase not in TERMINAL:
            return flight, _carry_on(flight)
        case Wanted() | AlreadyThere() | Superseded() | Foreign() if flight.phase is Phase.PENDING:
            return _answered(flight, event)
        case Signed() | NotRaised() if flight.phase in {Phase.PENDING, Phase.BROADCAST}:
            return _signed(flight, event)
        case Sent() if flight.phase in {Phase.SIGNED, Phase.BROADCAST}:
            return _sent(flight, event, rules)
        case Looked() if flight.phase in INCLUDED | {Phase.BROADCAST}:
            return _looked(flight, event, rules)
        case ProofKept() if flight.inclusion is not None and flight.inclusion.block_hash == event.block_hash:
            return replace(
                flight, phase=Phase.FINALIZED if event.final else Phase.CONFIRMED, proof_kept=True
            ), ()
        case _:
            return flight, ()


def _carry_on(flight: Flight) -> tuple[Effect, ...]:
    if flight.phase is Phase.PENDING:
        return (Ask(),)
    attempt = flight.last_at(flight.nonce)
    if flight.phase is Phase.SIGNED and attempt is not None:
        return (Send(attempt),)
    return (Look(),)


def _answered(
    flight: Flight, answer: Wanted | AlreadyThere | Superseded | Foreign
) -> tuple[Flight, tuple[Effect, ...]]:
    if isinstance(answer, Wanted):
        earlier = flight.last_at(answer.nonce)
        return flight, (Sign(answer.nonce, above=None if earlier is None else earlier.fee),)
    if isinstance(answer, AlreadyThere):
        attempts = flight.attempts
        if answer.tx_hash not in {attempt.tx_hash for attempt in attempts}:
            attempts = (*attempts, Attempt(answer.tx_hash, None, b"", Fee(0, 0)))
        return replace(flight, phase=Phase.BROADCAST, nonce=None, attempts=attempts), (Look(),)
    if isinstance(answer, Superseded):
        return replace(flight, phase=Phase.SUPERSEDED), ()
    return replace(flight, phase=Phase.POISONED), (Stop(answer.detail),)


def _signed(flight: Flight, event: Signed | NotRaised) -> tuple[Flight, tuple[Effect, ...]]:
    """Take in the first attempt at a nonce, a replacement at the same nonce, or go on with the bytes there are."""
    if isinstance(event, Signed):
        attempt = event.attempt
        flight = replace(flight, attempts=(*flight.attempts, attempt))
    else:
        existing = flight.last_at(event.nonce)
        if existing is None:
            return flight, ()
        attempt = existing
    signed = replace(flight, phase=Phase.SIGNED, nonce=attempt.nonce, signed_at=event.at, strange=0)
    return signed, (Send(attempt),)


def _sent(flight: Flight, event: Sent, rules: Rules) -> tuple[Flight, tuple[Effect, ...]]:
    """Whatever the node said, the next thing is to look; an underpriced attempt is soon replaced."""
    signed_at = flight.signed_at
    if event.outcome is Outcome.UNDERPRICED:
        signed_at = event.at - rules.bump_after + rules.missing_after
    return replace(flight, phase=Phase.BROADCAST, sent_at=event.at, signed_at=signed_at), (Look(),)


def _looked(flight: Flight, look: Looked, rules: Rules) -> tuple[Flight, tuple[Effect, ...]]:
    followed = {attempt.tx_hash for attempt in flight.attempts}
    for inclusion in look.inclusions:
        if inclusion.succeeded and inclusion.tx_hash in followed:
            return _included(flight, inclusion, look, rules)
    if flight.phase in INCLUDED:
        # A re-org took the block away. The same bytes go out at once: nothing about the intent has changed.
        flight = replace(
            flight, phase=Phase.BROADCAST, inclusion=None, proof_kept=False, signed_at=look.at, sent_at=0.0
        )
    return _missing(flight, look, rules)


def _included(
    flight: Flight, inclusion: Inclusion, look: Looked, rules: Rules
) -> tuple[Flight, tuple[Effect, ...]]:
    if flight.inclusion != inclusion:
        flight = replace(flight, phase=Phase.MINED, inclusion=inclusion, proof_kept=False, strange=0)
    if look.finalized >= inclusion.block_number:
        return flight, (CollectProof(inclusion, final=True),)
    confirmed = look.head - inclusion.block_number + 1 >= rules.confirmations
    if confirmed and not flight.proof_kept:
        return flight, (CollectProof(inclusion, final=False),)
    return flight, ()


def _missing(flight: Flight, look: Looked, rules: Rules) -> tuple[Flight, tuple[Effect, ...]]:
    """Decide what to do while no attempt has succeeded in a canonical block."""
    at_nonce = {attempt.tx_hash for attempt in flight.attempts if attempt.nonce == flight.nonce}
    if any(inclusion.tx_hash in at_nonce for inclusion in look.inclusions):
        return _question(flight)  # it reverted; those at other nonces did before, and were asked about
    attempt = flight.last_at(flight.nonce)
    if attempt is None or look.nonce != flight.nonce:
        # Another's transaction is gone; or another has our nonce; or a re-org took nonces below ours. One look can
        # come from a node that lags behind; several in a row are a reason to ask the contract.
        flight = replace(flight, strange=flight.strange + 1)
        if flight.strange >= rules.patience:
            return _question(flight)
    else:
        flight = replace(flight, strange=0)
        if look.at - flight.signed_at >= rules.bump_after:
            return flight, (Sign(look.nonce, above=attempt.fee),)
    wait = rules.resend_after if look.known else rules.missing_after
    if attempt is not None and look.at - flight.sent_at >= wait:
        return flight, (Send(attempt),)
    return flight, ()


def _question(flight: Flight) -> tuple[Flight, tuple[Effect, ...]]:
    return replace(flight, phase=Phase.PENDING, nonce=None, inclusion=None, strange=0), (Ask(),)
