"""An in-memory chain for tests: a `ChainPort` that can re-organise, forget, revert and charge what the test likes.

Its blocks, receipts and tries are real bytes, which the offline verifier accepts; its contract is a short model of
EvidenceAnchor in Python. It does not execute the EVM: the embedded chain does that.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources

import rlp
from eth_account import Account
from trie.hexary import HexaryTrie
from zheng_verifier.ethereum.event import TOPIC as ANCHORED_TOPIC
from zheng_verifier.ethereum.header import Header, block_hash, format_header
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.receipt import Log, Receipt, format_receipt
from zheng_verifier.ethereum.rlp import format_integer, format_rlp
from zheng_verifier.merkle import TreeHead

from anchor.chain_contract import (
    contract_address,
)
from anchor.contract import load_artifact
from anchor.fees import FeeMode, Market
from anchor.memory_contract import REFUSED, World, apply_call, call_view
from anchor.ports import (
    BlockContents,
    CallRequest,
    CallReverted,
    ChainIdentity,
    ChainReceipt,
    ChainUnavailable,
    SendRefused,
)


@dataclass(frozen=True)
class Transaction:
    """A decoded EIP-1559 transaction."""

    raw: bytes
    sender: bytes
    nonce: int
    max_fee: int
    to: bytes
    data: bytes

    @property
    def hash(self) -> bytes:
        """The transaction hash."""
        return keccak256(self.raw)


@dataclass(frozen=True)
class Block:
    """One block with the state after it."""

    header: Header
    transactions: tuple[Transaction, ...]
    receipts: tuple[Receipt, ...]
    world: World

    @property
    def hash(self) -> bytes:
        """The block hash."""
        return block_hash(format_header(self.header))


class MemoryChain:
    """The chain. ``auto_mine`` makes a block of each transaction; otherwise the test calls `mine`."""

    def __init__(self, chain_id: int = 31337, *, auto_mine: bool = False) -> None:
        self.chain_id = chain_id
        self.auto_mine = auto_mine
        self.base_fee = 10**9
        self.finality_depth = 2
        self.paused = False
        self.pool: dict[tuple[bytes, int], Transaction] = {}
        self._salt = 0
        self._runtime = bytes.fromhex(
            json.loads(resources.files("anchor").joinpath("contract_artifact.json").read_text())[
                "deployedBytecode"
            ][2:]
        )
        self.blocks = [self._seal(None, (), (), World())]

    # --- what a test does to the chain

    def mine(self, count: int = 1) -> None:
        """Make blocks: the first with all that can be executed, the others empty."""
        for _ in range(count):
            world = self.blocks[-1].world
            done: list[Transaction] = []
            receipts: list[Receipt] = []
            for key in sorted(self.pool):
                transaction = self.pool[key]
                if transaction.nonce < world.nonces.get(transaction.sender, 0):
                    del self.pool[key]
                elif (
                    transaction.nonce == world.nonces.get(transaction.sender, 0)
                    and transaction.max_fee >= self.base_fee
                ):
                    world, receipt = self._execute(world, transaction, 100_000 * (len(done) + 1))
                    done.append(transaction)
                    receipts.append(receipt)
                    del self.pool[key]
            self.blocks.append(self._seal(self.blocks[-1], tuple(done), tuple(receipts), world))

    def reorganise(self, depth: int, *, keep: bool) -> None:
        """Replace the last blocks by empty ones; ``keep`` puts their transactions back into the pool."""
        depth = min(depth, len(self.blocks) - 1)
        lost = self.blocks[len(self.blocks) - depth :]
        del self.blocks[len(self.blocks) - depth :]
        for block in lost:
            self._salt += 1
            self.blocks.append(self._seal(self.blocks[-1], (), (), self.blocks[-1].world))
            if keep:
                self.pool.update({(t.sender, t.nonce): t for t in block.transactions})

    def forget_pool(self) -> None:
        """Drop every waiting transaction."""
        self.pool.clear()

    def use_nonce(self, sender: bytes) -> None:
        """Let a stranger with the sender's key use its next nonce, in a block of its own."""
        world = self.blocks[-1].world
        nonces = {**world.nonces, sender: world.nonces.get(sender, 0) + 1}
        self.blocks.append(self._seal(self.blocks[-1], (), (), replace(world, nonces=nonces)))

    def set_head(self, log_id: bytes, head: TreeHead) -> None:
        """Write a head into the contract that nobody of ours anchored."""
        world = self.blocks[-1].world
        heads = {**world.heads, log_id: head}
        self.blocks.append(self._seal(self.blocks[-1], (), (), replace(world, heads=heads)))

    def anchored_sizes(self) -> list[int]:
        """List the tree sizes of all events on the canonical chain, in order."""
        return [
            int.from_bytes(log.topics[2])
            for block in self.blocks
            for receipt in block.receipts
            for log in receipt.logs
            if log.topics[0] == ANCHORED_TOPIC
        ]

    # --- the port

    def identity(self) -> ChainIdentity:
        """Give chain id and genesis hash."""
        return ChainIdentity(self.chain_id, self.blocks[0].hash)

    def head(self) -> int:
        """Give the height."""
        return len(self.blocks) - 1

    def finalized(self) -> int:
        """Give the height ``finality_depth`` below the head."""
        return max(0, self.head() - self.finality_depth)

    def block_hash(self, number: int) -> bytes | None:
        """Give a block's hash."""
        return self.blocks[number].hash if number < len(self.blocks) else None

    def nonce(self, address: bytes) -> int:
        """Give the next nonce by the latest block."""
        return self.blocks[-1].world.nonces.get(address, 0)

    def market(self, mode: FeeMode) -> Market:
        """Give base fee and no tip."""
        return Market(self.base_fee, 0 if mode is FeeMode.EIP1559 else self.base_fee)

    def send(self, raw: bytes) -> None:
        """Take a transaction into the pool by geth's rules."""
        transaction = self._decode(raw)
        if self.knows(transaction.hash):
            return
        if transaction.nonce < self.nonce(transaction.sender):
            raise SendRefused("nonce too low")
        if transaction.max_fee < self.base_fee:
            raise SendRefused("max fee per gas less than block base fee", underpriced=True)
        waiting = self.pool.get((transaction.sender, transaction.nonce))
        if waiting is not None and transaction.max_fee * 10 < waiting.max_fee * 11:
            raise SendRefused("replacement transaction underpriced", underpriced=True)
        self.pool[transaction.sender, transaction.nonce] = transaction
        if self.auto_mine:
            self.mine()

    def receipt(self, tx_hash: bytes) -> ChainReceipt | None:
        """Find a receipt on the canonical chain."""
        for number, block in enumerate(self.blocks):
            for transaction, receipt in zip(block.transactions, block.receipts, strict=True):
                if transaction.hash == tx_hash:
                    return ChainReceipt(tx_hash, number, block.hash, receipt.succeeded)
        return None

    def knows(self, tx_hash: bytes) -> bool:
        """Look into pool and blocks."""
        return any(t.hash == tx_hash for t in self.pool.values()) or self.receipt(tx_hash) is not None

    def call(self, request: CallRequest) -> bytes:
        """Answer `head` and `isPublisher`, and try the others out."""
        world = self.blocks[-1].world
        if request.to not in world.contracts:
            return b""
        answer = call_view(world, request.data)
        if answer is not None:
            return answer
        if self._apply(world, request.sender, request.to, request.data) is None:
            raise CallReverted(REFUSED)
        return b""

    def code(self, address: bytes) -> bytes:
        """Give the contract's code, where one was deployed."""
        return self._runtime if address in self.blocks[-1].world.contracts else b""

    def find_log(self, address: bytes, topics: Sequence[bytes]) -> bytes | None:
        """Search all blocks."""
        for block in self.blocks:
            for transaction, receipt in zip(block.transactions, block.receipts, strict=True):
                for log in receipt.logs:
                    if log.address == address and log.topics[: len(topics)] == tuple(topics):
                        return transaction.hash
        return None

    def contents(self, block_hash: bytes, account: bytes) -> BlockContents:
        """Give a canonical block's bytes."""
        block = next((block for block in self.blocks if block.hash == block_hash), None)
        if block is None:
            raise ChainUnavailable("no such canonical block")
        state = _state_trie(block.world.contracts)
        return BlockContents(
            header=format_header(block.header),
            transactions=tuple(transaction.raw for transaction in block.transactions),
            receipts=tuple(format_receipt(receipt) for receipt in block.receipts),
            account_proof=tuple(rlp.encode(node) for node in state.get_proof(keccak256(account))),  # type: ignore[no-untyped-call]
        )

    # --- inside

    def _decode(self, raw: bytes) -> Transaction:
        fields = rlp.decode(raw[1:])
        if int.from_bytes(fields[0]) != self.chain_id:
            raise SendRefused("invalid chain id for signer")
        sender = bytes.fromhex(Account.recover_transaction(raw)[2:])
        nonce, max_fee = int.from_bytes(fields[1]), int.from_bytes(fields[3])
        return Transaction(raw, sender, nonce, max_fee, bytes(fields[5]), bytes(fields[7]))

    def _execute(self, world: World, transaction: Transaction, gas: int) -> tuple[World, Receipt]:
        sender = transaction.sender
        world = replace(world, nonces={**world.nonces, sender: transaction.nonce + 1})
        if not transaction.to:
            contract = contract_address(sender, transaction.nonce)
            after: tuple[World, Log | None] | None = (
                replace(world, contracts=world.contracts | {contract}),
                None,
            )
        else:
            after = self._apply(world, sender, transaction.to, transaction.data)
        if after is None:
            return world, Receipt(2, succeeded=False, cumulative_gas=gas, bloom=bytes(256), logs=())
        world, log = after
        return world, Receipt(
            2, succeeded=True, cumulative_gas=gas, bloom=bytes(256), logs=(log,) if log else ()
        )

    def _apply(
        self, world: World, sender: bytes, contract: bytes, data: bytes
    ) -> tuple[World, Log | None] | None:
        return apply_call(world, sender, contract, data, chain_id=self.chain_id, paused=self.paused)

    def _seal(
        self,
        parent: Block | None,
        transactions: tuple[Transaction, ...],
        receipts: tuple[Receipt, ...],
        world: World,
    ) -> Block:
        header = Header(
            parent_hash=bytes(32) if parent is None else parent.hash,
            ommers_hash=keccak256(format_rlp([])),
            coinbase=bytes(20),
            state_root=_state_trie(world.contracts).root_hash,
            transactions_root=_root([transaction.raw for transaction in transactions]),
            receipts_root=_root([format_receipt(receipt) for receipt in receipts]),
            bloom=bytes(256),
            difficulty=0,
            number=0 if parent is None else parent.header.number + 1,
            gas_limit=30_000_000,
            gas_used=0,
            timestamp=1 if parent is None else parent.header.timestamp + 1,
            extra_data=self._salt.to_bytes(4),
            mix_hash=bytes(32),
            nonce=bytes(8),
            base_fee=self.base_fee,
        )
        return Block(header, transactions, receipts, world)


def _root(items: list[bytes]) -> bytes:
    trie = HexaryTrie(db={})
    for position, item in enumerate(items):
        trie[format_rlp(format_integer(position))] = item
    return bytes(trie.root_hash)


def _state_trie(contracts: frozenset[bytes]) -> HexaryTrie:
    """Build the state: contracts alone, which all have the contract's code."""
    trie = HexaryTrie(db={})
    for contract in contracts:
        trie[keccak256(contract)] = format_rlp([b"\x01", b"", bytes(32), load_artifact().code_hash])
    return trie
