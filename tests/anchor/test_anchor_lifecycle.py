"""The reducer against a toy chain that does everything a chain can do to a transaction."""

from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from anchor.fees import Fee
from anchor.lifecycle import (
    AlreadyThere,
    Ask,
    Attempt,
    CollectProof,
    Flight,
    Foreign,
    Inclusion,
    Intent,
    Kind,
    Lane,
    Look,
    Looked,
    NotRaised,
    Outcome,
    Phase,
    ProofKept,
    Rules,
    Send,
    Sent,
    Sign,
    Signed,
    Stop,
    Superseded,
    Wanted,
    Woke,
    begin,
    promote,
    step,
    want,
)

RULES = Rules(confirmations=2, resend_after=15, missing_after=2, bump_after=30, patience=3)
FINALITY = 4


def head(size):
    return Intent(Kind.ANCHOR, size, bytes([size % 256]) * 32, bytes([size % 256]) * 32)


@dataclass
class ToyTx:
    tx_hash: bytes
    nonce: int
    prev: int
    size: int


@dataclass
class ToyChain:
    """Blocks of (tx, succeeded); a contract that takes a head when ``prev`` is its size; a pool."""

    blocks: list = field(default_factory=lambda: [("genesis", [])])
    pool: dict = field(default_factory=dict)
    serial: int = 0

    @property
    def size(self):
        return max((tx.size for _, txs in self.blocks for tx, ok in txs if ok), default=0)

    @property
    def nonce(self):
        return sum(len(txs) for _, txs in self.blocks)

    @property
    def anchored(self):
        return [tx.size for _, txs in self.blocks for tx, ok in txs if ok and tx.size]

    def mine(self):
        txs, size, nonce = [], self.size, self.nonce
        while nonce in self.pool:
            tx = self.pool.pop(nonce)
            ok = tx.size == 0 or (tx.prev == size and tx.size > size)
            size = tx.size if ok and tx.size else size
            txs.append((tx, ok))
            nonce += 1
        self.pool = {n: tx for n, tx in self.pool.items() if n >= nonce}
        self.add(txs)

    def add(self, txs):
        self.serial += 1
        self.blocks.append((f"block {self.serial}".encode(), txs))

    def reorganise(self, depth, keep):
        depth = min(depth, len(self.blocks) - 1)
        lost, self.blocks = self.blocks[len(self.blocks) - depth :], self.blocks[: len(self.blocks) - depth]
        if keep:
            self.pool = {tx.nonce: tx for _, txs in lost for tx, _ in txs} | self.pool
        for _ in lost:
            self.add([])

    def inclusion(self, tx_hash):
        for number, (block_hash, txs) in enumerate(self.blocks):
            for tx, ok in txs:
                if tx.tx_hash == tx_hash:
                    return Inclusion(tx_hash, number, block_hash, ok)
        return None


class Life(RuleBasedStateMachine):
    """One lane on a toy chain; the rules are everything that can happen between two wake-ups, and the wake-ups."""

    @initialize()
    def start(self):
        self.chain, self.lane, self.now = ToyChain(), Lane(), 1000.0
        self.txs, self.serial, self.next_size = {}, 0, 1
        self.final = {}

    # --- the world

    @rule(more=st.integers(1, 3))
    def a_head_is_wanted(self, more):
        self.next_size += more
        self.lane = want(self.lane, head(self.next_size))

    @rule()
    def a_block_is_made(self):
        self.chain.mine()

    @rule(depth=st.integers(1, FINALITY - 1), keep=st.booleans())
    def a_reorg(self, depth, keep):
        self.chain.reorganise(depth, keep)

    @rule()
    def the_pool_is_forgotten(self):
        self.chain.pool.clear()

    @rule()
    def a_stranger_uses_our_nonce(self):
        self.serial += 1
        self.chain.add([(ToyTx(b"stranger %d" % self.serial, self.chain.nonce, 0, 0), True)])

    @rule(seconds=st.sampled_from([1, 5, 40]))
    def time_passes(self, seconds):
        self.now += seconds

    # --- the shell

    @rule(
        crash_after=st.integers(0, 8),
        fate=st.sampled_from(["accepted", "answer lost", "request lost", "refused", "underpriced"]),
        capped=st.booleans(),
    )
    def wake(self, crash_after=100, fate="accepted", capped=False):
        """Carry out effects as `EthereumAnchor` does; ``crash_after`` so many of them the process is gone."""
        self.lane = promote(self.lane)
        if self.lane.flight is None:
            return
        todo = self.feed(Woke(self.now))
        for _ in range(min(crash_after, 30)):
            if not todo:
                break
            event = self.carry_out(todo.pop(0), fate, capped)
            if event is not None:
                todo.extend(self.feed(event))

    def feed(self, event):
        flight, effects = step(self.lane.flight, event, RULES)
        self.lane = Lane(flight, self.lane.queued)
        if flight.phase is Phase.FINALIZED and flight.intent.size not in self.final:
            self.final[flight.intent.size] = flight.inclusion
        return list(effects)

    def carry_out(self, effect, fate, capped):
        flight = self.lane.flight
        match effect:
            case Ask():
                if self.chain.size < flight.intent.size:
                    return Wanted(self.chain.nonce)
                for _, txs in self.chain.blocks:
                    for tx, ok in txs:
                        if ok and tx.size == flight.intent.size:
                            return AlreadyThere(tx.tx_hash)
                return Superseded()
            case Sign(nonce=nonce, above=above):
                if above is not None and capped:
                    return NotRaised(nonce, self.now)
                if self.chain.size >= flight.intent.size:
                    return None
                self.serial += 1
                tx = ToyTx(b"tx %d" % self.serial, nonce, self.chain.size, flight.intent.size)
                self.txs[tx.tx_hash] = tx
                fee = Fee(10, 10) if above is None else Fee(above.max_fee + 1, above.tip + 1)
                return Signed(Attempt(tx.tx_hash, nonce, b"raw", fee), self.now)
            case Send(attempt=attempt):
                assert attempt in flight.attempts, "only what is stored is sent"
                return Sent(self.send(attempt, fate), self.now)
            case Look():
                found = [self.chain.inclusion(a.tx_hash) for a in flight.attempts]
                top = len(self.chain.blocks) - 1
                last = flight.last_at(flight.nonce)
                known = last is not None and (
                    any(tx.tx_hash == last.tx_hash for tx in self.chain.pool.values())
                    or self.chain.inclusion(last.tx_hash) is not None
                )
                inclusions = tuple(f for f in found if f is not None)
                return Looked(self.now, self.chain.nonce, top, max(0, top - FINALITY), inclusions, known)
            case CollectProof(inclusion=inclusion, final=final):
                if self.chain.inclusion(inclusion.tx_hash) != inclusion:
                    return None
                return ProofKept(inclusion.block_hash, final)
            case Stop():
                raise AssertionError("nobody else writes to this contract")

    def send(self, attempt, fate):
        if fate in {"accepted", "answer lost"} and attempt.nonce >= self.chain.nonce:
            self.chain.pool[attempt.nonce] = self.txs[attempt.tx_hash]
        return {
            "accepted": Outcome.ACCEPTED,
            "answer lost": Outcome.UNKNOWN,
            "request lost": Outcome.UNKNOWN,
            "refused": Outcome.REFUSED,
            "underpriced": Outcome.UNDERPRICED,
        }[fate]

    # --- what must hold

    @invariant()
    def one_event_per_size(self):
        if hasattr(self, "chain"):
            assert sorted(set(self.chain.anchored)) == self.chain.anchored

    @invariant()
    def what_is_final_stays_where_it_is(self):
        for size, inclusion in getattr(self, "final", {}).items():
            assert inclusion == self.chain.inclusion(inclusion.tx_hash), size

    def teardown(self):
        """When the chain works again for a while, the newest head is anchored and final."""
        if not hasattr(self, "lane") or self.lane == Lane():
            return
        for _ in range(60):
            self.now += 20
            self.wake()
            self.chain.mine()
        assert self.lane.queued is None
        assert self.lane.flight.phase in {Phase.FINALIZED, Phase.SUPERSEDED}
        assert self.chain.size == self.next_size
        assert self.final, "the newest head has a final proof"


Life.TestCase.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
TestLife = Life.TestCase


# --- single facts


@pytest.mark.parametrize("phase", [Phase.FINALIZED, Phase.SUPERSEDED, Phase.POISONED])
def test_what_has_ended_takes_no_events(phase):
    """A late event changes nothing."""
    flight = Flight(head(1), phase=phase)
    for event in (Woke(1.0), Wanted(0), Sent(Outcome.ACCEPTED, 1.0), Superseded(), Foreign("x")):
        assert (flight, ()) == step(flight, event, RULES)


def test_a_poisoned_lane_takes_no_head():
    """Only a person may go on after a foreign head."""
    flight, effects = step(Flight(head(1)), Foreign("not ours"), RULES)
    assert (Phase.POISONED, (Stop("not ours"),)) == (flight.phase, effects)
    lane = Lane(flight)
    assert lane == want(lane, head(2))
    assert lane == promote(lane)
    assert lane == begin(lane, Intent(Kind.DEPLOY))


def test_a_head_without_bytes_is_replaced_and_one_with_bytes_is_not():
    """The newest head takes the place of what nobody has signed yet; otherwise it waits."""
    assert Lane(Flight(head(2))) == want(Lane(Flight(head(1))), head(2))
    signed, _ = step(Flight(head(1)), Signed(Attempt(b"h", 0, b"raw", Fee(1, 1)), 1.0), RULES)
    assert Lane(signed, head(2)) == want(Lane(signed), head(2))
    assert Lane(signed, head(3)) == want(Lane(signed, head(3)), head(2))
    assert Lane(signed) == want(Lane(signed), head(1))
    assert Lane(None, head(1)) == want(Lane(), head(1))


def test_setting_up_comes_before_the_head_that_waits():
    """A step of setting up keeps the queue, and is not replaced by a head."""
    lane = begin(Lane(None, head(3)), Intent(Kind.DEPLOY))
    assert Lane(Flight(Intent(Kind.DEPLOY)), head(3)) == lane
    assert Lane(Flight(Intent(Kind.DEPLOY)), head(4)) == want(lane, head(4))


def test_no_replacement_without_bytes_to_fall_back_on():
    """`NotRaised` for a nonce we have nothing at changes nothing."""
    flight = Flight(head(1))
    assert (flight, ()) == step(flight, NotRaised(5, 1.0), RULES)


def test_a_proof_of_another_block_is_not_kept():
    """The block changed while its proof was collected: the proof does not count."""
    inclusion = Inclusion(b"h", 3, b"block", succeeded=True)
    flight = Flight(head(1), Phase.MINED, 0, (Attempt(b"h", 0, b"raw", Fee(1, 1)),), inclusion)
    assert (flight, ()) == step(flight, ProofKept(b"other", final=True), RULES)
    kept, _ = step(flight, ProofKept(b"block", final=True), RULES)
    assert kept.phase == Phase.FINALIZED


def test_an_underpriced_transaction_is_soon_replaced():
    """The node wants more: the next fees are tried after the short wait, not the long one."""
    attempt = Attempt(b"h", 0, b"raw", Fee(1, 1))
    flight = Flight(head(1), Phase.SIGNED, 0, (attempt,), signed_at=100.0)
    flight, _ = step(flight, Sent(Outcome.UNDERPRICED, 100.0), RULES)
    look = Looked(101.0, 0, 9, 5, (), known=False)
    assert step(flight, look, RULES)[1] == ()
    look = Looked(103.0, 0, 9, 5, (), known=False)
    assert (Sign(0, Fee(1, 1)),) == step(flight, look, RULES)[1]


def test_an_old_revert_is_not_asked_about_again():
    """Attempts at a lost nonce stay followed, but their revert was answered: the new one gets its time."""
    old, new = Attempt(b"old", 3, b"raw", Fee(1, 1)), Attempt(b"new", 4, b"raw", Fee(1, 1))
    flight = Flight(head(1), Phase.BROADCAST, 4, (old, new), signed_at=100.0, sent_at=100.0)
    reverted = Inclusion(b"old", 7, b"block", succeeded=False)
    after, effects = step(flight, Looked(101.0, 4, 9, 5, (reverted,), known=True), RULES)
    assert (after.phase, effects) == (Phase.BROADCAST, ())


def test_a_transaction_that_moved_to_another_block_is_proved_anew():
    """A re-org put the same transaction elsewhere: the proof of the first block counts for nothing."""
    first = Inclusion(b"h", 3, b"block", succeeded=True)
    second = Inclusion(b"h", 4, b"other", succeeded=True)
    attempt = Attempt(b"h", 0, b"raw", Fee(1, 1))
    flight = Flight(head(1), Phase.CONFIRMED, 0, (attempt,), first, proof_kept=True)
    after, effects = step(flight, Looked(1.0, 1, 9, 1, (second,), known=True), RULES)
    assert (Phase.MINED, second, False) == (after.phase, after.inclusion, after.proof_kept)
    assert (CollectProof(second, final=False),) == effects


def test_a_used_nonce_is_signed_above_what_we_had_there():
    """After a re-org the nonce may be free again: nodes still hold our first bytes, and want more for others."""
    attempt = Attempt(b"h", 3, b"raw", Fee(7, 5))
    flight = Flight(head(1), Phase.PENDING, None, (attempt,))
    assert (Sign(3, above=Fee(7, 5)),) == step(flight, Wanted(3), RULES)[1]


def test_the_four_answers_of_the_contract():
    """Wanted signs, already there follows, covered by a later head ends, foreign stops."""
    ours = Attempt(b"h", 3, b"raw", Fee(7, 5))
    flight = Flight(head(1), Phase.PENDING, None, (ours,))
    assert (flight, (Sign(9),)) == step(flight, Wanted(9), RULES)
    theirs = Attempt(b"other", None, b"", Fee(0, 0))
    for tx_hash, attempts in ((b"h", (ours,)), (b"other", (ours, theirs))):
        after, effects = step(flight, AlreadyThere(tx_hash), RULES)
        assert (Phase.BROADCAST, None, attempts, (Look(),)) == (
            after.phase,
            after.nonce,
            after.attempts,
            effects,
        )
    after, effects = step(flight, Superseded(), RULES)
    assert (after.phase, effects) == (Phase.SUPERSEDED, ())
    after, effects = step(flight, Foreign("x"), RULES)
    assert (Phase.POISONED, (Stop("x"),)) == (after.phase, effects)


def test_a_revert_is_a_question():
    """The transaction was executed and reverted: the head may be there by another's hand."""
    attempt = Attempt(b"h", 3, b"raw", Fee(1, 1))
    flight = Flight(head(1), Phase.BROADCAST, 3, (attempt,), signed_at=100.0, sent_at=100.0)
    reverted = Inclusion(b"h", 7, b"block", succeeded=False)
    after, effects = step(flight, Looked(101.0, 4, 9, 5, (reverted,), known=True), RULES)
    assert (Phase.PENDING, None, (Ask(),)) == (after.phase, after.nonce, effects)


def test_a_strange_nonce_is_looked_at_several_times():
    """One look can come from a node that lags behind; patience, then the question."""
    attempt = Attempt(b"h", 3, b"raw", Fee(1, 1))
    flight = Flight(head(1), Phase.BROADCAST, 3, (attempt,), signed_at=100.0, sent_at=100.0)
    look = Looked(101.0, 4, 9, 5, (), known=True)
    for _ in range(RULES.patience - 1):
        flight, effects = step(flight, look, RULES)
        assert (flight.phase, effects) == (Phase.BROADCAST, ())
    flight, effects = step(flight, look, RULES)
    assert (Phase.PENDING, (Ask(),)) == (flight.phase, effects)


def test_a_reorg_sends_the_same_bytes_at_once():
    """The block is gone: neither a new signature nor a wait."""
    attempt = Attempt(b"h", 3, b"raw", Fee(1, 1))
    inclusion = Inclusion(b"h", 7, b"block", succeeded=True)
    flight = Flight(
        head(1), Phase.CONFIRMED, 3, (attempt,), inclusion, signed_at=1.0, sent_at=1.0, proof_kept=True
    )
    after, effects = step(flight, Looked(500.0, 3, 9, 5, (), known=False), RULES)
    assert (Phase.BROADCAST, None, False, (Send(attempt),)) == (
        after.phase,
        after.inclusion,
        after.proof_kept,
        effects,
    )


def test_waking_carries_on_where_the_state_says():
    """After a crash: ask, send the stored bytes, or look."""
    attempt = Attempt(b"h", 3, b"raw", Fee(1, 1))
    assert (Ask(),) == step(Flight(head(1)), Woke(1.0), RULES)[1]
    signed = Flight(head(1), Phase.SIGNED, 3, (attempt,))
    assert (Send(attempt),) == step(signed, Woke(1.0), RULES)[1]
    assert (Look(),) == step(Flight(head(1), Phase.BROADCAST, 3, (attempt,)), Woke(1.0), RULES)[1]


def test_patience_with_fees_and_the_fall_back_on_the_same_bytes():
    """When the wait is over a replacement is asked for; where none is allowed, the last bytes go out again."""
    attempt = Attempt(b"h", 3, b"raw", Fee(7, 5))
    flight = Flight(head(1), Phase.BROADCAST, 3, (attempt,), signed_at=100.0, sent_at=100.0)
    look = Looked(130.0, 3, 9, 5, (), known=True)
    flight, effects = step(flight, look, RULES)
    assert (Sign(3, above=Fee(7, 5)),) == effects
    flight, effects = step(flight, NotRaised(3, 130.0), RULES)
    assert (Phase.SIGNED, 130.0, (Send(attempt),)) == (flight.phase, flight.signed_at, effects)


def test_an_event_that_does_not_fit_changes_nothing():
    """An answer that comes when nobody asks any more."""
    flight = Flight(head(1), Phase.BROADCAST, 3, (Attempt(b"h", 3, b"raw", Fee(7, 5)),))
    assert (flight, ()) == step(flight, Wanted(9), RULES)
