"""A chain in memory with the contract on it, and RFC 9162 proofs of large trees made by definition."""

import ast
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from eth.vm.forks.istanbul import IstanbulVM
from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.exceptions import TransactionFailed
from web3 import EthereumTesterProvider, Web3
from web3.contract import Contract
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.merkle import leaf_hash, node_hash

from anchor.contract import DEPLOY_GAS_LIMIT, SETUP_GAS_LIMIT, anchor_gas_limit, load_artifact

ORIGIN = "zheng.example/log"
NOTE = hashlib.sha256(b"note").digest()


def split(size: int) -> int:
    """Give the largest power of two below ``size`` (RFC 9162 §2.1.1)."""
    return 1 << (size - 1).bit_length() - 1


@dataclass
class Tree:
    """A tree of any size over leaves of which few kinds exist, so that equal subtrees are computed once.

    Recursive definitions of RFC 9162 §2.1.1, §2.1.3.1 and §2.1.4.1; nothing is shared with the verifier.
    """

    period: int = 8
    _root: Callable[[int, int], bytes] = field(init=False)

    def __post_init__(self) -> None:
        @cache
        def root(start: int, size: int) -> bytes:
            if size == 1:
                return leaf_hash(bytes([start % self.period]))
            left = split(size)
            return node_hash(self.root(start, left), self.root(start + left, size - left))

        self._root = root

    def root(self, start: int, size: int) -> bytes:
        return self._root(start % self.period, size)

    def head(self, size: int) -> bytes:
        return self.root(0, size)

    def leaf(self, index: int) -> bytes:
        return leaf_hash(bytes([index % self.period]))

    def inclusion(self, index: int, size: int, start: int = 0) -> list[bytes]:
        if size == 1:
            return []
        left = split(size)
        if index < left:
            return [*self.inclusion(index, left, start), self.root(start + left, size - left)]
        return [*self.inclusion(index - left, size - left, start + left), self.root(start, left)]

    def consistency(self, old: int, new: int, start: int = 0, *, whole: bool = True) -> list[bytes]:
        if old == new:
            return [] if whole else [self.root(start, old)]
        left = split(new)
        if old <= left:
            return [*self.consistency(old, left, start, whole=whole), self.root(start + left, new - left)]
        return [
            *self.consistency(old - left, new - left, start + left, whole=False),
            self.root(start, left),
        ]


@dataclass(frozen=True)
class Deployed:
    """The contract on its chain. ``send`` demands success, ``refused`` gives the name of the error instead."""

    w3: Web3
    contract: Contract
    admin: str
    publisher: str
    stranger: str
    deploy_gas: int
    fees: dict[str, int]

    def send(self, call: Any, sender: str | None = None, gas: int = SETUP_GAS_LIMIT) -> Any:
        sent = call.transact({"from": sender or self.admin, "gas": gas, **self.fees})
        receipt = self.w3.eth.wait_for_transaction_receipt(sent)
        assert receipt["status"] == 1
        return receipt

    def refused(self, call: Any, sender: str | None = None) -> str:
        with pytest.raises(TransactionFailed) as caught:
            call.call({"from": sender or self.admin})
        # The tester tells the data that the contract reverted with only as text, in Python's notation.
        data = ast.literal_eval(str(caught.value).removeprefix("execution reverted: "))
        return error_names()[data[:4]]

    def new_log(self, name: str, *, proof_required: bool = True) -> bytes:
        vkey_hash = hashlib.sha256(name.encode()).digest()
        self.send(self.contract.functions.registerLog(ORIGIN, vkey_hash, proof_required))
        log_id: bytes = self.contract.functions.logIdOf(self.admin, vkey_hash).call(self.fees)
        self.send(self.contract.functions.setPublisher(log_id, self.publisher, True))
        return log_id

    def anchor_call(
        self, log_id: bytes, previous: int, size: int, root: bytes, proof: list[bytes] | None = None
    ) -> Any:
        return self.contract.functions.anchor(log_id, previous, size, root, NOTE, proof or [])

    def anchor(
        self, log_id: bytes, previous: int, size: int, root: bytes, proof: list[bytes] | None = None
    ) -> Any:
        call = self.anchor_call(log_id, previous, size, root, proof)
        return self.send(call, self.publisher, anchor_gas_limit(len(proof or [])))


@cache
def error_names() -> dict[bytes, str]:
    """Give the contract's errors by selector."""
    errors = [item for item in json.loads(load_artifact().abi) if item["type"] == "error"]
    return {
        keccak256(f"{item['name']}({','.join(part['type'] for part in item['inputs'])})".encode())[:4]: item[
            "name"
        ]
        for item in errors
    }


def deploy(backend: PyEVMBackend, fees: dict[str, int]) -> Deployed:
    w3 = Web3(EthereumTesterProvider(EthereumTester(backend)))
    admin, publisher, stranger = w3.eth.accounts[:3]
    artifact = load_artifact()
    factory = w3.eth.contract(abi=json.loads(artifact.abi), bytecode=artifact.bytecode)
    sent = factory.constructor().transact({"from": admin, "gas": DEPLOY_GAS_LIMIT, **fees})
    receipt = w3.eth.wait_for_transaction_receipt(sent)
    contract = w3.eth.contract(address=receipt["contractAddress"], abi=json.loads(artifact.abi))
    return Deployed(w3, contract, admin, publisher, stranger, receipt["gasUsed"], fees)


@pytest.fixture(scope="module")
def chain() -> Deployed:
    """Give a new chain in memory (py-evm, Prague rules) with the contract deployed."""
    return deploy(PyEVMBackend(), {})


@pytest.fixture(scope="module")
def istanbul() -> Deployed:
    """Give the same under the rules of Istanbul, before Berlin made precompiles cheaper."""
    return deploy(PyEVMBackend(vm_configuration=((0, IstanbulVM),)), {"gasPrice": 10**9})


@pytest.fixture(scope="session")
def tree() -> Tree:
    """Give one tree that has a head for every size."""
    return Tree()
