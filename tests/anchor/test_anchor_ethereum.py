"""One head after another through the whole stack, on the in-memory chain."""

import hashlib
from dataclasses import replace

import pytest
from zheng_verifier.ethereum.anchor import read_anchored_block, verify_anchor_binding
from zheng_verifier.merkle import TreeHead

from anchor.errors import ForkedLog
from anchor.ethereum import ChainProfile, EthereumAnchor
from anchor.fees import FeePolicy
from anchor.keys import KeyFileSigner
from anchor.lifecycle import Flight, Kind, Lane, Phase, Rules
from anchor.memory import MemoryChain
from anchor.ports import CallReverted, ChainIdentity, ChainUnavailable, SendRefused, WrongChain
from anchor.proofs import ProofError

ADMIN = KeyFileSigner(hashlib.sha256(b"admin").digest())
PUBLISHER = KeyFileSigner(hashlib.sha256(b"publisher").digest())
RULES = Rules(resend_after=15, missing_after=2, bump_after=60, patience=3)


class Bench:
    """A chain, a log, a store and the anchor between them."""

    def __init__(self, tmp_path, clock, log, open_store, **chain):
        self.path, self.clock, self.log, self.open_store = tmp_path / "anchor.db", clock, log, open_store
        self.chain = MemoryChain(**chain)
        self.profile = ChainProfile("memory", "dev", self.chain.identity(), rules=RULES)
        self.restart()

    def restart(self):
        self.store = self.open_store(self.path)
        self.anchor = EthereumAnchor(
            port=self.chain,
            profile=self.profile,
            admin=ADMIN,
            publisher=PUBLISHER,
            log=self.log.identity,
            heads=self.log,
            store=self.store,
            clock=self.clock,
        )

    def take(self, size):
        if size > len(self.log.leaves):
            self.log.grow(size - len(self.log.leaves))
        signed = self.log.identity.open(self.log.note(size))
        self.store.add_checkpoint(signed.note, signed.checkpoint.head, signed.note_digest, self.clock())
        self.anchor.take(signed)

    def turn(self, rounds=1, *, mine=True):
        for _ in range(rounds):
            self.anchor.advance()
            if mine:
                self.chain.mine()
            self.clock.pass_seconds(1)

    def until_final(self, size, rounds=60):
        for _ in range(rounds):
            self.turn()
            done = [c for c in self.store.anchored() if c.size == size and c.state == "final"]
            if done:
                return done[0]
        raise AssertionError(f"size {size} is not final after {rounds} rounds")


@pytest.fixture
def bench(tmp_path, hand_clock, growing_log, open_store):
    return Bench(tmp_path, hand_clock, growing_log(), open_store)


def test_a_head_goes_from_nothing_to_a_final_proof(bench):
    """From an empty chain: contract, log, publisher, head; and the proof satisfies the offline verifier."""
    bench.take(5)
    done = bench.until_final(5)
    chain = bench.anchor.trusted_chain()
    signed = bench.log.identity.open(done.note)
    event = verify_anchor_binding(
        done.anchors[0], head=signed.checkpoint.head, note_digest=signed.note_digest, chain=chain
    )
    assert (PUBLISHER.address, 5, 0) == (event.publisher, event.tree_size, event.prev_tree_size)
    assert read_anchored_block(done.anchors[0], chain=chain).finality == "self-asserted"
    assert bench.chain.anchored_sizes() == [5]


def test_the_newest_head_replaces_those_that_wait(bench):
    """While one head is in flight the next ones queue, and only the newest of them is anchored."""
    bench.take(1)
    bench.until_final(1)
    bench.take(2)
    bench.turn(mine=False)
    for size in (3, 4, 9):
        bench.take(size)
    bench.until_final(9)
    assert bench.chain.anchored_sizes() == [1, 2, 9]


def test_a_lost_transaction_is_sent_again_with_the_same_bytes(bench):
    """A forgotten mempool costs seconds and neither a nonce nor a second transaction."""
    bench.take(1)
    bench.until_final(1)
    bench.take(2)
    bench.turn(mine=False)
    before = bench.store.lane("memory").flight.attempts
    bench.chain.forget_pool()
    bench.until_final(2)
    assert bench.chain.anchored_sizes() == [1, 2]
    assert before == bench.store.finished("memory", Kind.ANCHOR).attempts


@pytest.mark.parametrize("keep", [True, False])
def test_a_reorg_takes_the_anchor_away_and_it_comes_back(bench, keep):
    """The block is replaced before it is final; the proof that is kept is of the block that stays."""
    bench.chain.finality_depth = 5
    bench.take(1)
    bench.until_final(1)
    bench.take(2)
    bench.turn(2)
    assert bench.store.lane("memory").flight.phase == Phase.CONFIRMED
    bench.chain.reorganise(2, keep=keep)
    done = bench.until_final(2)
    assert bench.chain.anchored_sizes() == [1, 2]
    canonical = bench.chain.block_hash(done.anchors[0].block_number)
    assert canonical == read_anchored_block(done.anchors[0], chain=bench.anchor.trusted_chain()).hash


def test_fees_rise_by_ten_per_cent_when_nothing_moves(bench):
    """A spike of the base fee leaves the transaction behind; the replacement has the same nonce and higher fees."""
    bench.take(1)
    bench.until_final(1)
    bench.take(2)
    bench.turn(mine=False)
    bench.chain.base_fee *= 20
    bench.turn(70)
    done = bench.until_final(2)
    first, *_, last = bench.store.finished("memory", Kind.ANCHOR).attempts
    assert first.nonce == last.nonce
    assert last.fee.max_fee * 10 >= first.fee.max_fee * 11
    assert last.fee.tip * 10 >= first.fee.tip * 11
    assert done.state == "final"
    assert bench.chain.anchored_sizes() == [1, 2]


def test_a_nonce_used_by_another_is_a_question_to_the_contract(bench):
    """Somebody spends our nonce: after several looks the contract is asked and the head is signed anew."""
    bench.take(1)
    bench.until_final(1)
    bench.take(2)
    bench.turn(mine=False)
    bench.chain.forget_pool()
    bench.chain.use_nonce(PUBLISHER.address)
    bench.until_final(2)
    assert bench.chain.anchored_sizes() == [1, 2]


def test_a_second_publisher_with_the_same_head_is_harmless(bench, tmp_path, open_store):
    """Two services race with one head: one event, and both end with a proof of it."""
    bench.take(1)
    bench.until_final(1)
    other = Bench.__new__(Bench)
    other.__dict__ |= bench.__dict__ | {"path": tmp_path / "other.db"}
    other.restart()
    other.store.put_deployment(bench.store.deployment("memory"))
    for one in (bench, other):
        one.take(4)
        one.turn(mine=False)
    for _ in range(40):
        bench.turn()
        other.turn()
    assert bench.chain.anchored_sizes() == [1, 4]
    assert [one.store.anchored()[-1].state for one in (bench, other)] == ["final", "final"]


def test_a_head_that_is_not_in_our_tree_stops_the_chain_for_good(bench, growing_log):
    """The contract holds another history: poison, kept over restarts, and a person is told."""
    bench.take(3)
    bench.until_final(3)
    bench.log.grow(10)
    bench.chain.set_head(bench.store.deployment("memory").log_id, TreeHead(5, b"\x07" * 32))
    bench.take(13)
    with pytest.raises(ForkedLog) as fork:
        bench.turn()
    assert fork.value.size == 13
    assert "not in our tree" in bench.anchor.advance()
    bench.restart()
    with pytest.raises(ForkedLog, match="not in our tree"):
        bench.anchor.advance()
    assert "not in our tree" in bench.anchor.advance()
    assert bench.store.lane("memory").flight.phase == Phase.POISONED


def test_a_contract_ahead_of_our_log_stops_the_chain(bench):
    """A larger head than ours was anchored: our database is an old copy."""
    bench.take(3)
    bench.until_final(3)
    bench.chain.set_head(bench.store.deployment("memory").log_id, TreeHead(500, b"\x07" * 32))
    bench.take(4)
    with pytest.raises(ForkedLog, match="BEHIND"):
        bench.turn()


def test_a_head_that_a_later_one_covers_is_not_anchored(bench):
    """The contract is further than the head in flight, within our tree: there is nothing to do."""
    bench.take(3)
    bench.until_final(3)
    bench.log.grow(20)
    later = bench.log.identity.open(bench.log.note(10)).checkpoint.head
    bench.chain.set_head(bench.store.deployment("memory").log_id, later)
    bench.take(7)
    bench.turn()
    assert None is bench.store.lane("memory").flight
    assert [c.phase for c in bench.store.anchored()[-1].chains] == [Phase.SUPERSEDED]
    assert bench.chain.anchored_sizes() == [3]


def test_what_the_contract_would_refuse_is_not_sent(bench):
    """A paused log costs no gas: the call is tried out first, and the head waits."""
    bench.take(3)
    bench.until_final(3)
    bench.chain.paused = True
    bench.take(4)
    with pytest.raises(CallReverted, match="LogIsPaused"):
        bench.anchor.advance()
    assert bench.store.lane("memory").flight.attempts == ()
    bench.chain.paused = False
    bench.until_final(4)


def test_a_node_of_another_chain_sees_nothing_of_ours(bench):
    """Chain id and genesis are compared before anything is sent."""
    for identity in (
        ChainIdentity(1, bench.chain.identity().genesis_hash),
        ChainIdentity(bench.chain.chain_id, bytes(32)),
    ):
        bench.profile = replace(bench.profile, identity=identity)
        bench.restart()
        bench.take(1)
        with pytest.raises(WrongChain):
            bench.anchor.advance()
        assert bench.chain.pool == {}


def test_the_registration_can_be_reorganised_away(bench):
    """Each step of setting up is final before the next: a re-org before that is repaired like any other."""
    bench.take(2)
    bench.turn(3)
    bench.chain.reorganise(3, keep=False)
    bench.until_final(2)
    assert bench.chain.anchored_sizes() == [2]


def test_the_contracts_head_is_an_outside_memory(bench):
    """The log's start-up rules may ask what the contract holds."""
    assert None is bench.anchor.contract_head()
    bench.take(6)
    bench.until_final(6)
    assert bench.log.identity.open(bench.log.note(6)).checkpoint.head == bench.anchor.contract_head()


class Altered:
    """The chain, with some of its answers changed."""

    def __init__(self, chain, **answers):
        self._chain, self._answers = chain, answers

    def __getattr__(self, name):
        found = getattr(self._chain, name)
        if name not in self._answers:
            return found
        return lambda *arguments: self._answers[name](found, *arguments)


def with_port(bench, **answers):
    """Give the anchor of this bench a chain with changed answers."""
    whole, bench.chain = bench.chain, Altered(bench.chain, **answers)
    bench.restart()
    bench.chain = whole


def final_then_another(bench):
    bench.take(1)
    bench.until_final(1)
    bench.take(2)
    bench.turn()


def test_a_second_service_finds_contract_and_log_set_up(bench, tmp_path, open_store):
    """A new store on a used contract: registration and authorisation are found there, followed, and not repeated."""
    bench.take(1)
    bench.until_final(1)
    blocks = [len(block.transactions) for block in bench.chain.blocks]
    bench.path = tmp_path / "second.db"
    bench.profile = replace(bench.profile, contract=bench.store.deployment("memory").contract)
    bench.restart()
    bench.take(2)
    bench.until_final(2)
    assert bench.chain.anchored_sizes() == [1, 2]
    assert sum(blocks) + 1 == sum(len(block.transactions) for block in bench.chain.blocks)
    assert None is bench.store.finished("memory", Kind.DEPLOY)
    (attempt,) = bench.store.finished("memory", Kind.REGISTER).attempts
    assert attempt.raw == b""


def test_an_address_without_our_contract_is_refused(bench):
    """The operator named the wrong address: nothing is registered there."""
    bench.profile = replace(bench.profile, contract=b"\x55" * 20)
    bench.restart()
    bench.take(1)
    with pytest.raises(ChainUnavailable, match="no contract of ours"):
        bench.anchor.advance()
    assert bench.chain.pool == {}


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"contents": lambda found, *a: replace(found(*a), transactions=())}, "not in the block"),
        ({"contents": lambda found, *a: replace(found(*a), receipts=found(*a).receipts * 2)}, "root"),
        ({"contents": lambda found, *a: replace(found(*a), account_proof=(b"\xc0",))}, "account proof"),
        ({"call": lambda found, *a: b"\x01"}, "another shape"),
    ],
)
def test_answers_that_do_not_fit_make_no_proof(bench, answers, error):
    """What the node tells is checked before anything is stored; the anchor waits for a better answer."""
    final_then_another(bench)
    with_port(bench, **answers)
    if "call" in answers:
        bench.chain.reorganise(1, keep=False)
        bench.store.save_lane(
            "memory", Lane(Flight(bench.store.lane("memory").flight.intent)), at=bench.clock(), event="test"
        )
    with pytest.raises((ProofError, ChainUnavailable), match=error):
        for _ in range(5):
            bench.turn()
    bench.restart()
    bench.until_final(2)
    assert bench.chain.anchored_sizes() == [1, 2]


def test_a_node_without_account_proofs_still_anchors(bench):
    """No eth_getProof: the proof says less, which the verifier tells; the anchor is not held up."""
    with_port(bench, contents=lambda found, *a: replace(found(*a), account_proof=()))
    bench.take(1)
    done = bench.until_final(1)
    assert done.anchors[0].account_proof == ()


def test_an_event_that_is_not_found_yet_is_waited_for(bench):
    """The contract has the head, and the node's index lags: no second transaction meanwhile."""
    bench.take(3)
    bench.until_final(3)
    bench.log.grow(10)
    later = bench.log.identity.open(bench.log.note(10)).checkpoint.head
    bench.chain.set_head(bench.store.deployment("memory").log_id, later)
    bench.take(10)
    with pytest.raises(ChainUnavailable, match="not to be found"):
        bench.anchor.advance()
    assert bench.chain.pool == {}


def test_refusals_and_lost_answers_are_reported(bench):
    """`advance` says what stood in the way, and goes on by itself."""
    bench.take(1)
    bench.until_final(1)

    def refuse(found, raw):
        raise SendRefused("insufficient funds")

    def lose(found, raw):
        found(raw)
        raise ChainUnavailable("reset")

    bench.take(2)
    with_port(bench, send=refuse)
    assert "insufficient funds" in bench.anchor.advance()
    bench.clock.pass_seconds(5)
    with_port(bench, send=lose)
    assert "may have arrived" in bench.anchor.advance()
    bench.until_final(2)
    assert bench.chain.anchored_sizes() == [1, 2]


def test_the_fee_cap_is_reported_and_the_last_bytes_go_on(bench):
    """No replacement above the cap: the first transaction waits for better times, and makes it."""
    bench.profile = replace(bench.profile, fees=FeePolicy(cap=3 * 10**9))
    bench.restart()
    bench.take(1)
    bench.until_final(1)
    bench.take(2)
    bench.turn(mine=False)
    bench.chain.base_fee *= 20
    troubles = []
    for _ in range(70):
        troubles.append(bench.anchor.advance())
        bench.chain.mine()
        bench.clock.pass_seconds(1)
    assert any("cap" in trouble for trouble in troubles if trouble)
    bench.chain.base_fee //= 20
    bench.until_final(2)
    assert bench.chain.anchored_sizes() == [1, 2]
