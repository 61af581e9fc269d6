"""The single-machine test chain: durable, honest about time, and strict where py-evm is not."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from zheng_verifier.errors import InsufficientError
from zheng_verifier.ethereum.anchor import verify_anchor_binding, verify_anchor_inclusion
from zheng_verifier.ethereum.header import block_hash, parse_header
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.trie import verify_trie_proof

from anchor.chain_contract import contract_address
from anchor.chain_embedded import KIND, EmbeddedChain
from anchor.errors import ChainInUse
from anchor.ethereum import ChainProfile, EthereumAnchor
from anchor.fees import FeeMode
from anchor.keys import KeyFileSigner
from anchor.ports import CallRequest, CallReverted, SendRefused, UnsignedTransaction


@pytest.fixture
def chain(tmp_path, hand_clock):
    chain = EmbeddedChain(tmp_path / "chain", clock=hand_clock, random=os.urandom)
    yield chain
    chain.close()


def transfer(chain, nonce, *, signer=None, chain_id=None, legacy=False, fee=3 * 10**9, tip=10**9, gas=21_000):
    signer = signer or chain.publisher
    chain_id = chain.identity().chain_id if chain_id is None else chain_id
    return signer.sign(UnsignedTransaction(chain_id, nonce, b"\x11" * 20, b"", gas, fee, tip, legacy))


def test_every_installation_has_its_own_chain(tmp_path, hand_clock):
    """Genesis, chain id and keys are random, and the files are their owner's alone."""
    chains = [EmbeddedChain(tmp_path / name, clock=hand_clock, random=os.urandom) for name in "ab"]
    assert len({chain.identity().chain_id for chain in chains}) == 2
    assert len({chain.identity().genesis_hash for chain in chains}) == 2
    assert len({signer.address for chain in chains for signer in (chain.admin, chain.publisher)}) == 4
    assert {0o600} == {path.stat().st_mode & 0o777 for path in tmp_path.glob("*/*.key")}
    for chain in chains:
        chain.close()


def test_it_opens_where_it_was(tmp_path, hand_clock):
    """Head, nonces, receipts and identity are those of before."""
    chain = EmbeddedChain(tmp_path, clock=hand_clock, random=os.urandom)
    identity, (raw, tx_hash) = chain.identity(), transfer(chain, 0)
    hand_clock.pass_seconds(1)
    chain.send(raw)
    receipt = chain.receipt(tx_hash)
    chain.close()
    chain = EmbeddedChain(tmp_path, clock=hand_clock, random=os.urandom)
    assert (identity, 1, 1) == (chain.identity(), chain.head(), chain.nonce(chain.publisher.address))
    assert receipt == chain.receipt(tx_hash)
    assert receipt.succeeded
    chain.close()


def test_one_process_owns_it(tmp_path, hand_clock, chain):
    """A second opening of the folder is refused."""
    with pytest.raises(ChainInUse):
        EmbeddedChain(tmp_path / "chain", clock=hand_clock, random=os.urandom)


def test_block_times_are_the_clocks(chain, hand_clock):
    """A burst waits in the pool and goes into one block: block time never runs ahead of the clock."""
    hand_clock.pass_seconds(1)
    sent = [transfer(chain, nonce) for nonce in range(4)]
    for raw, _ in sent:
        chain.send(raw)
    assert [getattr(chain.receipt(h), "block_number", None) for _, h in sent] == [1, None, None, None]
    assert all(chain.knows(tx_hash) for _, tx_hash in sent)
    hand_clock.pass_seconds(1)
    assert [chain.receipt(tx_hash).block_number for _, tx_hash in sent] == [1, 2, 2, 2]
    header = parse_header(chain.contents(chain.block_hash(2), chain.publisher.address).header)
    assert hand_clock() == header.time


def test_no_block_is_made_while_the_clock_stands_before_the_last(chain, hand_clock):
    """A clock that was set back stops the chain until time is past the last block again."""
    hand_clock.pass_seconds(100)
    chain.send(transfer(chain, 0)[0])
    hand_clock.pass_seconds(-50)
    raw, tx_hash = transfer(chain, 1)
    chain.send(raw)
    assert None is chain.receipt(tx_hash)
    hand_clock.pass_seconds(51)
    assert chain.receipt(tx_hash).block_number == 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"chain_id": 1}, "chain id"),
        ({"legacy": True}, "EIP-1559"),
        ({"fee": 1, "tip": 1}, "base fee"),
        ({"gas": 20_999}, "gas limit"),
        ({"gas": 40_000_000}, "gas limit"),
        ({"signer": KeyFileSigner(b"\x05" * 32)}, "insufficient"),
    ],
)
def test_what_cannot_be_executed_is_refused(chain, change, reason):
    """Above all the chain id, which py-evm does not look at."""
    with pytest.raises(SendRefused, match=reason):
        chain.send(transfer(chain, 0, **change)[0])


def test_bytes_that_are_no_transaction_are_refused(chain):
    """Neither garbage nor an empty message gets into the pool."""
    for raw in (b"", b"\x02", b"\x02\xc0", b"\xff" * 40):
        with pytest.raises(SendRefused):
            chain.send(raw)


def test_a_nonce_is_used_once_and_replaced_for_ten_per_cent_more(chain, hand_clock):
    """The pool keeps geth's rule, so that a replacement that passes here passes elsewhere."""
    first, _ = transfer(chain, 0)
    chain.send(first)
    with pytest.raises(SendRefused, match="replacement"):
        chain.send(transfer(chain, 0, fee=3 * 10**9 + 1)[0])
    raw, tx_hash = transfer(chain, 0, fee=33 * 10**8, tip=11 * 10**8)
    chain.send(raw)
    hand_clock.pass_seconds(1)
    assert chain.receipt(tx_hash).succeeded
    chain.send(raw)  # known: not an error
    with pytest.raises(SendRefused, match="nonce too low"):
        chain.send(first)


def test_headers_and_account_proofs_are_those_of_the_trie(chain, hand_clock):
    """What is handed out for proofs hashes to what the chain says."""
    hand_clock.pass_seconds(1)
    chain.send(transfer(chain, 0)[0])
    digest = chain.block_hash(1)
    contents = chain.contents(digest, chain.publisher.address)
    assert digest == block_hash(contents.header)
    header = parse_header(contents.header)
    assert verify_trie_proof(header.state_root, keccak256(chain.publisher.address), contents.account_proof)
    assert None is chain.block_hash(2)


def test_the_market_is_the_next_blocks_base_fee(chain):
    """An offer by it is accepted."""
    market = chain.market(FeeMode.EIP1559)
    chain.send(transfer(chain, 0, fee=market.base_fee, tip=0)[0])


def test_a_call_that_reverts_says_so(chain, hand_clock):
    """Initcode that reverts, called as code: the revert data come back."""
    hand_clock.pass_seconds(1)
    # PUSH1 5 PUSH1 12 PUSH1 0 CODECOPY PUSH1 5 PUSH1 0 RETURN | PUSH1 0 PUSH1 0 REVERT
    code = bytes.fromhex("6005600c60003960056000f3" + "60006000fd")
    raw, _ = chain.admin.sign(
        UnsignedTransaction(chain.identity().chain_id, 0, None, code, 200_000, 3 * 10**9, 1, legacy=False)
    )
    chain.send(raw)
    address = contract_address(chain.admin.address, 0)
    assert bytes.fromhex("60006000fd") == chain.code(address)
    with pytest.raises(CallReverted):
        chain.call(CallRequest(address, b""))


def run_anchor(folder, chain, log, clock, open_store):
    return EthereumAnchor(
        port=chain,
        profile=ChainProfile("embedded", KIND, chain.identity(), finality=1),
        admin=chain.admin,
        publisher=chain.publisher,
        log=log.identity,
        heads=log,
        store=open_store(folder / "anchor.db"),
        clock=clock,
    )


def test_heads_are_anchored_with_the_real_contract(tmp_path, hand_clock, chain, growing_log, open_store):
    """Deployment, registration, authorisation and two heads; each proof satisfies the verifier, and no more."""
    log = growing_log()
    anchor = run_anchor(tmp_path, chain, log, hand_clock, open_store)
    store = anchor._store
    for size in (1, 700):
        log.grow(size - len(log.leaves))
        signed = log.identity.open(log.latest())
        store.add_checkpoint(signed.note, signed.checkpoint.head, signed.note_digest, hand_clock())
        anchor.take(signed)
        for _ in range(12):
            hand_clock.pass_seconds(1)
            assert None is anchor.advance()
            done = store.anchored()[-1]
            if done.state == "final":
                break
        assert ("final", size) == (done.state, done.size)
        chain_trust = anchor.trusted_chain()
        verify_anchor_binding(
            done.anchors[0], head=signed.checkpoint.head, note_digest=signed.note_digest, chain=chain_trust
        )
        with pytest.raises(InsufficientError, match="SELF_ASSERTED"):
            verify_anchor_inclusion(done.anchors[0], chain=chain_trust)
    assert log.identity.open(log.latest()).checkpoint.head == anchor.contract_head()
    # Other processes read while this one writes.
    reader = type(store).read_only(tmp_path / "anchor.db")
    assert store.anchored() == reader.anchored()
    assert store.deployments() == reader.deployments()
    reader.close()


class SteppingClock:
    """Goes on by itself, faster than a block a second."""

    def __init__(self, life):
        self.now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=life)

    def __call__(self):
        self.now += timedelta(seconds=0.3)
        return self.now


def send_for_ever(folder, life, pipe):
    """Send one transaction after another, and say each hash once the chain has taken it."""
    chain = EmbeddedChain(folder, clock=SteppingClock(life), random=os.urandom)
    waiting = chain._db.connection.execute("SELECT max(nonce) + 1 FROM pool").fetchone()[0] or 0
    nonce = max(waiting, chain.nonce(chain.publisher.address))
    while True:
        raw, tx_hash = transfer(chain, nonce)
        chain.send(raw)
        os.write(pipe, tx_hash)
        nonce += 1


def live_and_be_killed(folder, life):
    """Run the sender in a process of its own, kill it at a random moment, give the acknowledged hashes."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            send_for_ever(folder, life, writing)
        finally:
            os._exit(1)
    os.close(writing)
    acknowledged = os.read(reading, 32)  # at least one, however slow the machine
    time.sleep(0.1 + os.urandom(1)[0] / 500)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 1 << 16):
        acknowledged += more
    os.close(reading)
    return [acknowledged[at : at + 32] for at in range(0, len(acknowledged), 32)]


def test_kill_nine_loses_nothing_that_was_acknowledged(tmp_path, hand_clock):
    """Eight lives, each ended by SIGKILL at a random moment: every acknowledged transaction has its receipt."""
    acknowledged = []
    for life in range(8):
        acknowledged += live_and_be_killed(tmp_path / "chain", life)
    hand_clock.now = hand_clock.now.replace(year=2027)
    chain = EmbeddedChain(tmp_path / "chain", clock=hand_clock, random=os.urandom)
    assert len(acknowledged) > 16
    numbers = [chain.receipt(tx_hash).block_number for tx_hash in acknowledged]
    assert sorted(numbers) == numbers
    blocks = [chain.contents(chain.block_hash(n), bytes(20)) for n in range(1, chain.head() + 1)]
    parents = [parse_header(block.header).parent_hash for block in blocks]
    assert [chain.block_hash(n) for n in range(chain.head())] == parents
    chain.close()


def test_an_unpayable_transaction_waits_and_holds_nobody_up(chain, hand_clock):
    """The account was emptied by an earlier transaction of the same burst: no block is made of what is left."""
    poor = KeyFileSigner(b"\x07" * 32)
    identity = chain.identity()
    hand_clock.pass_seconds(1)
    raw, _ = chain.publisher._account.sign_transaction(
        {
            "type": 2,
            "chainId": identity.chain_id,
            "nonce": 0,
            "to": poor._account.address,
            "value": 21_000 * 3 * 10**9,
            "gas": 21_000,
            "maxFeePerGas": 3 * 10**9,
            "maxPriorityFeePerGas": 1,
            "data": b"",
        }
    )[:2]
    chain.send(bytes(raw))
    first, first_hash = transfer(chain, 0, signer=poor)
    second, second_hash = transfer(chain, 1, signer=poor)
    chain.send(first)
    chain.send(second)
    hand_clock.pass_seconds(1)
    assert chain.receipt(first_hash).succeeded
    hand_clock.pass_seconds(1)
    assert (chain.head(), chain.receipt(second_hash), chain.knows(second_hash)) == (2, None, True)
    other, other_hash = transfer(chain, 1)
    chain.send(other)
    assert chain.receipt(other_hash).succeeded
