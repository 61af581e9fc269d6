"""单机测试链 single-machine test chain: py-evm under eth-tester's backend, on SQLite.

It lets an installation run the whole way to a chain with nothing but Python. It proves nothing to a stranger: who
owns the folder owns the chain, so its kind is `dev`, and a verifier says SELF_ASSERTED. What it keeps is this:

- Random genesis, chain id and keys per installation; nobody else can make the same chain.
- A transaction that `send` took is in the pool durably, and a block with everything in it is one SQLite transaction:
  kill -9 at any moment loses nothing that was acknowledged.
- Honest time: a block's timestamp is the clock's second when it was made. Blocks need rising timestamps, so there
  is at most one a second; transactions wait in the pool meanwhile, and while the clock stands before the last block.
- The chain id is enforced (py-evm does not: issue 1352), and look-ups go by index (eth-tester scans all blocks).
- One process owns it, by a lock on the folder.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import rlp
from eth.abc import BlockHeaderAPI
from eth.chains.base import MiningChain
from eth.constants import POST_MERGE_DIFFICULTY, POST_MERGE_MIX_HASH, POST_MERGE_NONCE, ZERO_ADDRESS
from eth.exceptions import HeaderNotFound, TransactionNotFound
from eth.vm.forks.prague import PragueVM
from eth_tester.backends.pyevm.main import PyEVMBackend
from eth_typing import BlockNumber
from eth_utils.exceptions import ValidationError
from trie.hexary import HexaryTrie
from zheng_verifier.ethereum.keccak import keccak256

from anchor.chain_sqlite import ChainDatabase
from anchor.errors import ChainInUse
from anchor.fees import GWEI, FeeMode, Market
from anchor.keys import KeyFileSigner
from anchor.ports import (
    BlockContents,
    CallRequest,
    CallReverted,
    ChainIdentity,
    ChainReceipt,
    ChainUnavailable,
    SendRefused,
)

NAME_ZH = "单机测试链"
NAME_EN = "single-machine test chain"
KIND = "dev"

GAS_LIMIT = 30_000_000
ENDOWMENT = 10**27  # wei; the test currency of a chain with one user
CALL_GAS = 10_000_000
DYNAMIC_FEE_TYPE = 2


class TestChain(MiningChain):
    """Prague rules from the first block, without any consensus; the chain id is set per installation."""

    __test__ = False
    chain_id = 0
    vm_configuration = ((BlockNumber(0), PragueVM),)

    def create_header_from_parent(self, parent_header: BlockHeaderAPI, **params: Any) -> BlockHeaderAPI:
        """Keep the gas limit constant."""
        return super().create_header_from_parent(parent_header, **{**params, "gas_limit": GAS_LIMIT})


class StoredBackend(PyEVMBackend):  # type: ignore[misc]  # eth-tester is untyped
    """eth-tester's backend on a chain that exists already: it never resets."""

    def __init__(self, chain: TestChain) -> None:
        self.account_keys = ()
        self.chain = chain


class EmbeddedChain:
    """A `ChainPort` inside this process. `admin` and `publisher` are its two funded accounts."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes],
    ) -> None:
        """Open the chain in ``folder``, or make one there.

        Raises:
            ChainInUse: another process has it.
        """
        self._clock = clock
        self._random = random
        self._calls = threading.RLock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock_file = _lock(folder / "lock")
        try:
            self.admin = KeyFileSigner.create(folder / "admin.key", random)
            self.publisher = KeyFileSigner.create(folder / "publisher.key", random)
            self._db = ChainDatabase(folder / "chain.db")
            if self._db.meta("chain_id") is None:
                self._create()
            self._class = self._chain_class()
            self._backend = StoredBackend(self._class(self._db))
        except BaseException:
            os.close(self._lock_file)
            raise

    def close(self) -> None:
        """Close the database and give the folder free."""
        with self._calls:
            self._db.close()
            os.close(self._lock_file)

    # --- the port

    def identity(self) -> ChainIdentity:
        """Give the random chain id and the hash of the random genesis."""
        genesis = self._header(0)
        return ChainIdentity(self._class.chain_id, bytes(genesis.hash))

    def head(self) -> int:
        """Give the height of the latest block."""
        with self._calls:
            self._mine_what_waits()
            return int(self._head().block_number)

    def finalized(self) -> int:
        """Give the height of the latest block: there is nobody to disagree."""
        return self.head()

    def block_hash(self, number: int) -> bytes | None:
        """Give the hash of a block."""
        with self._calls:
            try:
                return bytes(self._header(number).hash)
            except HeaderNotFound:
                return None

    def nonce(self, address: bytes) -> int:
        """Give an account's next nonce."""
        with self._calls:
            self._mine_what_waits()
            return int(self._backend.get_nonce(address))

    def market(self, mode: FeeMode) -> Market:
        """Give the next block's base fee; nobody competes, so the tip is nothing."""
        with self._calls:
            base_fee = int(self._chain.header.base_fee_per_gas)
            return Market(base_fee, 0 if mode is FeeMode.EIP1559 else base_fee + GWEI)

    def send(self, raw: bytes) -> None:
        """Take a transaction into the pool, durably, and make a block of it as soon as the clock allows."""
        with self._calls:
            transaction = self._decode(raw)
            if self.knows(bytes(transaction.hash)):
                return
            self._check(transaction)
            with self._db.transaction():
                self._db.connection.execute(
                    "INSERT OR REPLACE INTO pool VALUES (?, ?, ?, ?)",
                    (bytes(transaction.sender), transaction.nonce, bytes(transaction.hash), raw),
                )
            self._mine_what_waits()

    def receipt(self, tx_hash: bytes) -> ChainReceipt | None:
        """Give a transaction's receipt, by the chain's own index."""
        with self._calls:
            self._mine_what_waits()
            try:
                number, index = self._chain.chaindb.get_transaction_index(tx_hash)
            except TransactionNotFound:
                return None
            block = self._block(number)
            receipt = block.get_receipts(self._chain.chaindb)[index]
            succeeded = receipt.state_root == b"\x01"  # EIP-658: the status took the place of the state root
            return ChainReceipt(tx_hash, int(number), bytes(block.hash), succeeded)

    def knows(self, tx_hash: bytes) -> bool:
        """Tell whether a transaction is in the pool or in a block."""
        with self._calls:
            waiting = self._db.connection.execute("SELECT 1 FROM pool WHERE tx_hash = ?", (tx_hash,))
            return waiting.fetchone() is not None or self.receipt(tx_hash) is not None

    def call(self, request: CallRequest) -> bytes:
        """Execute a read-only call on the latest block."""
        with self._calls:
            self._mine_what_waits()
            vm = self._chain.get_vm(self._head())
            computation = vm.execute_bytecode(
                origin=request.sender,
                gas_price=0,
                gas=request.gas or CALL_GAS,
                to=request.to,
                sender=request.sender,
                value=0,
                data=request.data,
                code=vm.state.get_code(request.to),
            )
            if computation.is_error:
                raise CallReverted(bytes(computation.output))
            return bytes(computation.output)

    def code(self, address: bytes) -> bytes:
        """Give the code at an address."""
        with self._calls:
            self._mine_what_waits()
            return bytes(self._backend.get_code(address))

    def find_log(self, address: bytes, topics: Sequence[bytes]) -> bytes | None:
        """Give the first transaction whose log at ``address`` starts with ``topics``."""
        low = b"".join(topics)
        with self._calls:
            row = self._db.connection.execute(
                "SELECT tx_hash FROM log WHERE address = ? AND topics >= ? AND topics < ? LIMIT 1",
                (address, low, low + b"\xff" * 128),
            ).fetchone()
            return None if row is None else bytes(row[0])

    def contents(self, block_hash: bytes, account: bytes) -> BlockContents:
        """Give a block's bytes; nothing is ever pruned here."""
        with self._calls:
            chain = self._chain
            try:
                header = chain.get_block_header_by_hash(block_hash)
            except HeaderNotFound as error:
                raise ChainUnavailable(f"no block 0x{block_hash.hex()}") from error
            block = self._block(header.block_number)
            state: Any = HexaryTrie(self._db, header.state_root)
            nodes = [rlp.encode(node) for node in state.get_proof(keccak256(account))]
            return BlockContents(
                header=rlp.encode(header),
                transactions=tuple(transaction.encode() for transaction in block.transactions),
                receipts=tuple(receipt.encode() for receipt in block.get_receipts(chain.chaindb)),
                # The library lists embedded nodes by themselves, too: their bytes are in the node above.
                account_proof=tuple(node for i, node in enumerate(nodes) if i == 0 or len(node) >= 32),
            )

    # --- inside

    @property
    def _chain(self) -> Any:
        """The chain as py-evm has it; its types want wrapped bytes and numbers everywhere."""
        return self._backend.chain

    def _create(self) -> None:
        """Write a genesis that nobody can guess, whole or not at all."""
        endowed = {"balance": ENDOWMENT, "nonce": 0, "code": b"", "storage": {}}
        with self._db.transaction():
            chain_id = (
                int.from_bytes(self._random(6)) | 1 << 47
            )  # 48 bits: exact in JSON, unlike any known chain
            self._db.set_meta("chain_id", chain_id.to_bytes(8))
            chain: Any = self._chain_class()
            chain.from_genesis(
                self._db,
                {
                    "coinbase": ZERO_ADDRESS,
                    "difficulty": POST_MERGE_DIFFICULTY,
                    "extra_data": self._random(32),
                    "gas_limit": GAS_LIMIT,
                    "mix_hash": POST_MERGE_MIX_HASH,
                    "nonce": POST_MERGE_NONCE,
                    "timestamp": int(self._clock().timestamp()),
                },
                {self.admin.address: endowed, self.publisher.address: endowed},
            )

    def _chain_class(self) -> type[TestChain]:
        chain_id = int.from_bytes(self._db.meta("chain_id") or b"")
        return type("InstalledTestChain", (TestChain,), {"chain_id": chain_id})

    def _head(self) -> Any:
        return self._chain.get_canonical_head()

    def _header(self, number: int) -> Any:
        return self._chain.get_canonical_block_header_by_number(number)

    def _block(self, number: int) -> Any:
        return self._chain.get_canonical_block_by_number(number)

    def _decode(self, raw: bytes) -> Any:
        try:
            transaction = self._chain.get_vm().get_transaction_builder().decode(raw)
            transaction.check_signature_validity()
        except (ValidationError, rlp.exceptions.RLPException, ValueError) as error:
            raise SendRefused(f"not a signed transaction: {error}") from error
        return transaction

    def _check(self, transaction: Any) -> None:
        """Refuse what can never be executed, or stands in the way of what waits already."""
        if transaction.type_id != DYNAMIC_FEE_TYPE:
            raise SendRefused("this chain takes EIP-1559 transactions only")
        if transaction.chain_id != self._class.chain_id:
            raise SendRefused(f"invalid chain id {transaction.chain_id}, this is {self._class.chain_id}")
        if transaction.nonce < self._backend.get_nonce(transaction.sender):
            raise SendRefused("nonce too low")
        if not transaction.intrinsic_gas <= transaction.gas <= GAS_LIMIT:
            raise SendRefused(f"gas limit {transaction.gas} is not possible")
        if transaction.max_fee_per_gas < self._chain.header.base_fee_per_gas:
            raise SendRefused("max fee per gas less than block base fee", underpriced=True)
        cost = transaction.gas * transaction.max_fee_per_gas + transaction.value
        if cost > self._backend.get_balance(transaction.sender):
            raise SendRefused("insufficient funds")
        waiting = self._db.connection.execute(
            "SELECT raw FROM pool WHERE sender = ? AND nonce = ?",
            (bytes(transaction.sender), transaction.nonce),
        ).fetchone()
        if waiting is not None:
            other = self._decode(bytes(waiting[0]))
            if (
                transaction.max_fee_per_gas * 10 < other.max_fee_per_gas * 11
                or transaction.max_priority_fee_per_gas * 10 < other.max_priority_fee_per_gas * 11
            ):
                raise SendRefused("replacement transaction underpriced", underpriced=True)

    def _mine_what_waits(self) -> None:
        """Make one block of the pool, if there is something in it and the clock is past the last block."""
        pool = self._db.connection.execute("SELECT raw FROM pool ORDER BY sender, nonce").fetchall()
        now = int(self._clock().timestamp())
        head = self._head()
        if not pool or now <= head.timestamp:
            return
        try:
            with self._db.transaction():
                self._make_block([self._decode(bytes(row[0])) for row in pool], head, now)
        finally:
            # What py-evm holds in memory belongs to an unfinished block when something went wrong.
            self._backend = StoredBackend(self._class(self._db))

    def _make_block(self, pool: list[Any], head: BlockHeaderAPI, now: int) -> None:
        chain = self._chain
        chain.header = chain.create_header_from_parent(head, timestamp=now)
        logs: list[tuple[bytes, bytes, bytes]] = []
        executed = 0
        for transaction in pool:
            state_nonce = chain.get_vm(chain.header).state.get_nonce(transaction.sender)
            if transaction.nonce > state_nonce or chain.header.gas_used + transaction.gas > GAS_LIMIT:
                continue
            if transaction.nonce == state_nonce:
                try:
                    _, receipt, _ = chain.apply_transaction(transaction)
                except ValidationError:
                    continue  # no longer payable; it stays until it is replaced
                executed += 1
                logs.extend(
                    (
                        bytes(log.address),
                        b"".join(int(topic).to_bytes(32) for topic in log.topics),
                        transaction.hash,
                    )
                    for log in receipt.logs
                )
            self._db.connection.execute("DELETE FROM pool WHERE tx_hash = ?", (bytes(transaction.hash),))
        if executed:
            chain.mine_block(coinbase=ZERO_ADDRESS, mix_hash=self._random(32), blob_gas_used=0)
            self._db.connection.executemany("INSERT OR IGNORE INTO log VALUES (?, ?, ?)", logs)


def _lock(path: Path) -> int:
    """Lock a file for this process; the kernel gives it free when the process dies, however it dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise ChainInUse(f"another process owns the embedded chain in {path.parent}") from error
    return descriptor
