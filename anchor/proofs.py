"""Builds the proof of an anchor from what a node tells, and believes nothing of it.

The block's transactions and receipts are put into tries of our own; where a root is not the header's, no proof is
made. Build when the transaction is mined and again when it is final: nodes forget receipts and old state.
Some chains cannot be proved so (a receipt's consensus form is not told by their RPC, or the header is synthetic);
they fail here, at anchoring time, and not in court.

`encode_header`, `encode_receipt` and `encode_transaction` turn a node's raw JSON (the provider's, not web3's
formatted: that loses fields of BFT headers) into consensus bytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import rlp
from trie.hexary import HexaryTrie
from zheng_verifier.errors import EvidenceError
from zheng_verifier.ethereum.anchor import AnchorProof
from zheng_verifier.ethereum.header import BFT_MIX_HASH, Header, block_hash, format_header, parse_header
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.receipt import Log, Receipt, format_receipt
from zheng_verifier.ethereum.rlp import RlpInput, format_integer, format_rlp
from zheng_verifier.ethereum.trie import verify_trie_proof

from anchor.errors import AnchorError

RpcObject = Mapping[str, Any]
"""An object of the JSON-RPC, as the provider gave it: hex strings with 0x."""


class ProofError(AnchorError):
    """No proof can be built: what the node told does not fit together. The message says what."""


def _trie_proof(items: Sequence[bytes], index: int, expected_root: bytes, what: str) -> tuple[bytes, ...]:
    """Build the trie of a block's items and cut the proof of one; the root must be the header's."""
    trie = HexaryTrie(db={})
    for position, item in enumerate(items):
        trie[format_rlp(format_integer(position))] = item
    if trie.root_hash != expected_root:
        raise ProofError(f"the {what} the node gave do not lead to the header's {what} root")
    if not 0 <= index < len(items):
        raise ProofError(f"the block has {len(items)} {what}, and none of index {index}")
    path = trie.get_proof(format_rlp(format_integer(index)))  # type: ignore[no-untyped-call]  # library
    nodes = [rlp.encode(node) for node in path]
    # The library lists embedded nodes by themselves, too; their bytes are within the node above.
    return tuple(node for position, node in enumerate(nodes) if position == 0 or len(node) >= 32)


def build_anchor_proof(
    *,
    chain_id: int,
    contract: bytes,
    header_rlp: bytes,
    transactions: Sequence[bytes],
    receipts: Sequence[bytes],
    tx_index: int,
    log_index: int,
    account_proof: Sequence[bytes],
) -> AnchorProof:
    """Build the proof of the log ``log_index`` of the receipt ``tx_index`` in the block of ``header_rlp``.

    ``transactions`` and ``receipts`` are all of the block, in order, in consensus form. ``log_index`` counts within
    the receipt (a node's `logIndex` counts within the block). ``account_proof`` is the contract's under the header's
    state root, root first; empty where the node gives none, which the verifier will say.

    Raises:
        ProofError: a root or the account proof does not fit the header, or an index is outside.

    """
    header = parse_header(header_rlp)
    if account_proof:
        try:
            verify_trie_proof(header.state_root, keccak256(contract), account_proof)
        except EvidenceError as error:
            raise ProofError(f"the account proof does not fit the header: {error}") from error
    return AnchorProof(
        chain_id=chain_id,
        contract=contract,
        block_number=header.number,
        tx_index=tx_index,
        log_index=log_index,
        header=header_rlp,
        receipt_proof=_trie_proof(receipts, tx_index, header.receipts_root, "receipts"),
        transaction_proof=_trie_proof(transactions, tx_index, header.transactions_root, "transactions"),
        account_proof=tuple(account_proof),
    )


def _bytes(value: str) -> bytes:
    return bytes.fromhex(value.removeprefix("0x"))


def _integer(value: str) -> bytes:
    """Turn a quantity into the RLP form of a number."""
    return format_integer(int(value, 16))


def encode_header(block: RpcObject) -> bytes:
    """Encode the header of a block from `eth_getBlockByNumber` or `…ByHash`.

    Raises:
        ProofError: the bytes do not hash to the block hash the node tells: a chain whose headers are not Ethereum's,
            or a fork later than this code. Headers sealed by BFT validators have another hash rule and are let through.

    """

    def optional_bytes(name: str) -> bytes | None:
        return _bytes(block[name]) if block.get(name) is not None else None

    def optional_integer(name: str) -> int | None:
        return int(block[name], 16) if block.get(name) is not None else None

    encoded = format_header(
        Header(
            parent_hash=_bytes(block["parentHash"]),
            ommers_hash=_bytes(block["sha3Uncles"]),
            coinbase=_bytes(block["miner"]),
            state_root=_bytes(block["stateRoot"]),
            transactions_root=_bytes(block["transactionsRoot"]),
            receipts_root=_bytes(block["receiptsRoot"]),
            bloom=_bytes(block["logsBloom"]),
            difficulty=int(block["difficulty"], 16),
            number=int(block["number"], 16),
            gas_limit=int(block["gasLimit"], 16),
            gas_used=int(block["gasUsed"], 16),
            timestamp=int(block["timestamp"], 16),
            extra_data=_bytes(block["extraData"]),
            mix_hash=_bytes(block["mixHash"]),
            nonce=_bytes(block["nonce"]),
            base_fee=optional_integer("baseFeePerGas"),
            withdrawals_root=optional_bytes("withdrawalsRoot"),
            blob_gas_used=optional_integer("blobGasUsed"),
            excess_blob_gas=optional_integer("excessBlobGas"),
            parent_beacon_block_root=optional_bytes("parentBeaconBlockRoot"),
            requests_hash=optional_bytes("requestsHash"),
        )
    )
    if block_hash(encoded) != _bytes(block["hash"]) and _bytes(block["mixHash"]) != BFT_MIX_HASH:
        raise ProofError("the header the node gave does not hash to its block hash")
    return encoded


def _bloom(logs: Sequence[Log]) -> bytes:
    """Compute the 2048-bit filter over addresses and topics (Yellow Paper §4.3.1)."""
    bits = 0
    for log in logs:
        for item in (log.address, *log.topics):
            digest = keccak256(item)
            for position in (0, 2, 4):
                bits |= 1 << (int.from_bytes(digest[position : position + 2]) & 2047)
    return bits.to_bytes(256)


def encode_receipt(receipt: RpcObject) -> bytes:
    """Encode a receipt from `eth_getTransactionReceipt` or `eth_getBlockReceipts`; the bloom is computed.

    Raises:
        ProofError: a receipt without status, from before Byzantium.

    """
    if receipt.get("status") is None:
        raise ProofError("a receipt without status cannot show that the transaction succeeded")
    logs = tuple(
        Log(_bytes(log["address"]), tuple(_bytes(topic) for topic in log["topics"]), _bytes(log["data"]))
        for log in receipt["logs"]
    )
    return format_receipt(
        Receipt(
            type=int(receipt.get("type", "0x0"), 16),
            succeeded=int(receipt["status"], 16) == 1,
            cumulative_gas=int(receipt["cumulativeGasUsed"], 16),
            bloom=_bloom(logs),
            logs=logs,
        )
    )


def _access_list(transaction: RpcObject) -> RlpInput:
    return [
        [_bytes(entry["address"]), [_bytes(key) for key in entry["storageKeys"]]]
        for entry in transaction["accessList"]
    ]


def _authorizations(transaction: RpcObject) -> RlpInput:
    return [
        [
            _integer(item["chainId"]),
            _bytes(item["address"]),
            _integer(item["nonce"]),
            _integer(item["yParity"]),
            _integer(item["r"]),
            _integer(item["s"]),
        ]
        for item in transaction["authorizationList"]
    ]


def encode_transaction(transaction: RpcObject) -> bytes:
    """Encode a signed transaction from a block with full transactions, as the transactions trie holds it.

    Raises:
        ProofError: an unknown type, or the bytes do not hash to the hash the node tells.

    """
    kind = int(transaction.get("type", "0x0"), 16)
    quantity = {name: _integer(value) for name, value in transaction.items() if name in _QUANTITIES}
    to = _bytes(transaction["to"]) if transaction.get("to") else b""
    target: list[RlpInput] = [quantity["gas"], to, quantity["value"], _bytes(transaction["input"])]
    signature: list[RlpInput] = [quantity["v"], quantity["r"], quantity["s"]]
    chain: list[RlpInput] = [quantity.get("chainId", b""), quantity["nonce"]]
    fees: list[RlpInput] = [quantity.get("maxPriorityFeePerGas", b""), quantity.get("maxFeePerGas", b"")]
    price: RlpInput = quantity.get("gasPrice", b"")
    fields: list[RlpInput]
    match kind:
        case 0:
            fields = [quantity["nonce"], price, *target, *signature]
        case 1:
            fields = [*chain, price, *target, _access_list(transaction), *signature]
        case 2:
            fields = [*chain, *fees, *target, _access_list(transaction), *signature]
        case 3:
            hashes = [_bytes(item) for item in transaction["blobVersionedHashes"]]
            blobs: list[RlpInput] = [quantity["maxFeePerBlobGas"], hashes]
            fields = [*chain, *fees, *target, _access_list(transaction), *blobs, *signature]
        case 4:
            lists: list[RlpInput] = [_access_list(transaction), _authorizations(transaction)]
            fields = [*chain, *fees, *target, *lists, *signature]
        case _:
            raise ProofError(f"a transaction of the unknown type {kind}")
    encoded = (bytes([kind]) if kind else b"") + format_rlp(fields)
    if keccak256(encoded) != _bytes(transaction["hash"]):
        raise ProofError("the transaction the node gave does not hash to its hash")
    return encoded


_QUANTITIES = frozenset(
    {"chainId", "gas", "gasPrice", "maxFeePerBlobGas", "maxFeePerGas", "maxPriorityFeePerGas"}
    | {"nonce", "r", "s", "v", "value"}
)
