"""Any Ethereum-like node behind JSON-RPC, by web3's HTTP provider in its rawest form.

web3's own comforts are left out on purpose. Its retries send transactions twice and report "nonce too low" for one
that was mined (`exception_retry_configuration=None`); it fills in the chain id of whatever node it talks to; and its
formatters lose header fields of other chains. Every call here is made once, and says what is known afterwards.
"""

from collections.abc import Sequence
from typing import Any

from requests.exceptions import RequestException
from web3 import HTTPProvider
from web3.exceptions import Web3Exception
from web3.types import RPCEndpoint

from anchor.fees import FeeMode, Market
from anchor.ports import (
    BlockContents,
    CallRequest,
    CallReverted,
    ChainIdentity,
    ChainReceipt,
    ChainUnavailable,
    SendRefused,
)
from anchor.proofs import encode_header, encode_receipt, encode_transaction

# What nodes say when they have the transaction already: geth, Besu, Nethermind, Erigon, anvil.
ALREADY_KNOWN = ("already known", "known transaction", "already imported", "alreadyknown", "already exists")
UNDERPRICED = (
    "underpriced",
    "fee too low",
    "less than block base fee",
    "gas price too low",
    "gas price below",
)
OVERLOADED = ("limit exceeded", "too many requests", "rate limit", "timeout")
METHOD_ABSENT = frozenset({-32601, -32004})


class RpcError(ChainUnavailable):
    """The node answered with an error object: what was asked for was not had."""

    def __init__(self, method: str, code: int, message: str, data: object) -> None:
        super().__init__(f"{method}: {message} ({code})")
        self.code = code
        self.message = message
        self.data = data


class JsonRpcChain:
    """A `ChainPort` on one endpoint. ``first_block`` is where event searches begin (the contract's own block)."""

    def __init__(self, url: str, *, timeout: float = 10.0, first_block: int = 0) -> None:
        self._first_block = first_block
        self._provider = HTTPProvider(
            url, request_kwargs={"timeout": timeout}, exception_retry_configuration=None
        )

    def identity(self) -> ChainIdentity:
        """Ask for the chain id and the genesis block."""
        genesis = self._block(0)
        if genesis is None:
            raise ChainUnavailable("the node has no genesis block")
        return ChainIdentity(_integer(self._ask("eth_chainId")), _bytes(genesis["hash"]))

    def head(self) -> int:
        """Ask for the height of the latest block."""
        return _integer(self._ask("eth_blockNumber"))

    def finalized(self) -> int:
        """Ask for the block tagged `finalized`."""
        block = self._ask("eth_getBlockByNumber", "finalized", False)
        return 0 if block is None else _integer(block["number"])

    def block_hash(self, number: int) -> bytes | None:
        """Ask for the hash of the block at a height."""
        block = self._block(number)
        return None if block is None else _bytes(block["hash"])

    def nonce(self, address: bytes) -> int:
        """Ask for the next nonce by the latest block."""
        return _integer(self._ask("eth_getTransactionCount", _hex(address), "latest"))

    def market(self, mode: FeeMode) -> Market:
        """Ask for base fee and tip, or for the gas price of a legacy chain."""
        match mode:
            case FeeMode.FREE:
                return Market(0, 0)
            case FeeMode.LEGACY:
                return Market(0, _integer(self._ask("eth_gasPrice")))
            case FeeMode.EIP1559:
                latest = self._ask("eth_getBlockByNumber", "latest", False)
                if "baseFeePerGas" not in latest:
                    raise ChainUnavailable("the chain has no base fee: it wants the fee mode 'legacy'")
                tip = self._ask_or("eth_maxPriorityFeePerGas", absent="0x0")
                return Market(_integer(latest["baseFeePerGas"]), _integer(tip))

    def send(self, raw: bytes) -> None:
        """Send, once."""
        try:
            self._ask("eth_sendRawTransaction", _hex(raw))
        except RpcError as error:
            message = error.message.lower()
            if any(phrase in message for phrase in ALREADY_KNOWN):
                return
            if any(phrase in message for phrase in OVERLOADED):
                raise ChainUnavailable(str(error)) from error
            underpriced = any(phrase in message for phrase in UNDERPRICED)
            raise SendRefused(error.message, underpriced=underpriced) from error

    def receipt(self, tx_hash: bytes) -> ChainReceipt | None:
        """Ask for a receipt, and whether its block is the one at that height: the same node, the same fork."""
        receipt = self._ask("eth_getTransactionReceipt", _hex(tx_hash))
        if receipt is None or receipt.get("blockHash") is None:
            return None
        number, block_hash = _integer(receipt["blockNumber"]), _bytes(receipt["blockHash"])
        if self.block_hash(number) != block_hash:
            return None
        return ChainReceipt(tx_hash, number, block_hash, succeeded=_integer(receipt["status"]) == 1)

    def knows(self, tx_hash: bytes) -> bool:
        """Ask for the transaction."""
        return self._ask("eth_getTransactionByHash", _hex(tx_hash)) is not None

    def call(self, request: CallRequest) -> bytes:
        """Call, on the latest block."""
        fields = {"to": _hex(request.to), "from": _hex(request.sender), "data": _hex(request.data)}
        if request.gas is not None:
            fields["gas"] = hex(request.gas)
        try:
            return _bytes(self._ask("eth_call", fields, "latest"))
        except RpcError as error:
            data = error.data if isinstance(error.data, str) else ""
            if error.code == 3 or data.startswith("0x") or "revert" in error.message.lower():
                raise CallReverted(_bytes(data) if data.startswith("0x") else b"") from error
            raise

    def code(self, address: bytes) -> bytes:
        """Ask for the code at an address."""
        return _bytes(self._ask("eth_getCode", _hex(address), "latest"))

    def find_log(self, address: bytes, topics: Sequence[bytes]) -> bytes | None:
        """Ask for the first such event."""
        logs = self._ask(
            "eth_getLogs",
            {
                "address": _hex(address),
                "topics": [_hex(topic) for topic in topics],
                "fromBlock": hex(self._first_block),
                "toBlock": "latest",
            },
        )
        return _bytes(logs[0]["transactionHash"]) if logs else None

    def contents(self, block_hash: bytes, account: bytes) -> BlockContents:
        """Ask for a block, all its receipts, and the account's proof where the node gives one.

        Raises:
            ProofError: what the node tells cannot be put back into consensus form.
        """
        block = self._ask("eth_getBlockByHash", _hex(block_hash), True)
        if block is None:
            raise ChainUnavailable(f"the node has no block {_hex(block_hash)}")
        receipts = self._ask_or("eth_getBlockReceipts", block["hash"], absent=None)
        if receipts is None:
            receipts = [
                self._ask("eth_getTransactionReceipt", transaction["hash"])
                for transaction in block["transactions"]
            ]
        if any(receipt is None for receipt in receipts):
            raise ChainUnavailable(f"the node has lost receipts of block {_hex(block_hash)}")
        proof = self._ask_or("eth_getProof", _hex(account), [], block["number"], absent=None)
        return BlockContents(
            header=encode_header(block),
            transactions=tuple(encode_transaction(transaction) for transaction in block["transactions"]),
            receipts=tuple(encode_receipt(receipt) for receipt in receipts),
            account_proof=tuple(_bytes(node) for node in proof["accountProof"]) if proof else (),
        )

    def _block(self, number: int) -> Any:
        return self._ask("eth_getBlockByNumber", hex(number), False)

    def _ask_or(self, method: str, *params: object, absent: object) -> Any:
        """Ask what not every node can answer."""
        try:
            return self._ask(method, *params)
        except RpcError as error:
            if error.code in METHOD_ABSENT:
                return absent
            raise

    def _ask(self, method: str, *params: object) -> Any:
        """Make one request.

        Raises:
            RpcError: the node answered with an error.
            ChainUnavailable: it did not answer, or not in JSON-RPC.
        """
        try:
            response: Any = self._provider.make_request(RPCEndpoint(method), list(params))
        except (RequestException, Web3Exception, ValueError, OSError) as error:
            # No URL in the text: it is shown in `status`, and URLs of hosted nodes hold keys.
            status = getattr(getattr(error, "response", None), "status_code", "")
            raise ChainUnavailable(f"{method}: {type(error).__name__} {status}".rstrip()) from error
        if not isinstance(response, dict) or ("result" not in response and "error" not in response):
            raise ChainUnavailable(f"{method}: not a JSON-RPC answer")
        problem = response.get("error")
        if problem is None:
            return response["result"]
        if not isinstance(problem, dict):
            raise ChainUnavailable(f"{method}: {problem!r}")
        code, message = problem.get("code", 0), str(problem.get("message", ""))
        raise RpcError(method, int(code), message, problem.get("data"))


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(_text(value).removeprefix("0x"))


def _integer(value: Any) -> int:
    return int(_text(value), 16)


def _text(value: Any) -> str:
    """Take a hexadecimal string; anything else is no answer at all."""
    if not isinstance(value, str):
        raise ChainUnavailable(f"the node answered {value!r} where hexadecimal was due")
    return value
