"""Proofs built from a node's JSON: real RPC samples, main-net blocks, and a live anvil of each fork."""

import hashlib
import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import rlp
from trie.hexary import HexaryTrie
from web3 import Web3
from zheng_verifier.ethereum.anchor import TrustedChain, verify_anchor_binding, verify_anchor_inclusion
from zheng_verifier.ethereum.header import BFT_MIX_HASH, block_hash
from zheng_verifier.ethereum.receipt import parse_receipt
from zheng_verifier.ethereum.trie import verify_trie_proof
from zheng_verifier.merkle import TreeHead

from anchor.contract import (
    DEPLOY_GAS_LIMIT,
    SETUP_GAS_LIMIT,
    anchor_gas_limit,
    compute_log_id,
    decode_head,
    encode_anchor,
    encode_head,
    encode_register_log,
    encode_set_publisher,
    load_artifact,
)
from anchor.proofs import (
    ProofError,
    _trie_proof,
    build_anchor_proof,
    encode_header,
    encode_receipt,
    encode_transaction,
)

ANVIL = Path(__file__).resolve().parents[2] / "contracts_sol/node_modules/.bin/anvil"
CHAIN_ID = 202_611
MAINNET = ("block-14764013.json", "block-15537393.json", "block-19426587.json")
CONTRACT = b"\xc0" * 20


def data_of(text):
    return bytes.fromhex(text.removeprefix("0x"))


def answer(folder, name):
    """Give the result within a request/response sample of execution-apis."""
    lines = (folder / "rpc" / name).read_text().splitlines()
    return json.loads(next(line for line in lines if line.startswith("<<"))[3:])["result"]


def mainnet(vectors, name):
    block = json.loads((vectors("ethereum") / "mainnet" / name).read_text())
    return (
        block,
        [data_of(item) for item in block["transactions"]],
        [data_of(item) for item in block["receipts"]],
    )


@pytest.mark.parametrize("name", MAINNET)
def test_proofs_of_mainnet_blocks_are_those_computed_elsewhere(vectors, name):
    """For each transaction that the vectors prove, the nodes built here are the same."""
    block, transactions, receipts = mainnet(vectors, name)
    for stated in block["proofs"]:
        proof = build_anchor_proof(
            chain_id=1,
            contract=CONTRACT,
            header_rlp=data_of(block["header_rlp"]),
            transactions=transactions,
            receipts=receipts,
            tx_index=stated["index"],
            log_index=0,
            account_proof=(),
        )
        assert proof.receipt_proof == tuple(map(data_of, stated["receipt_proof"]))
        assert proof.transaction_proof == tuple(map(data_of, stated["tx_proof"]))
        assert (proof.block_number, proof.account_proof) == (block["number"], ())


def test_what_does_not_fit_the_header_gives_no_proof(vectors):
    """A changed, missing or reordered receipt or transaction, a bad index or account proof: no proof is made."""
    block, transactions, receipts = mainnet(vectors, MAINNET[2])
    good = {
        "chain_id": 1,
        "contract": CONTRACT,
        "header_rlp": data_of(block["header_rlp"]),
        "transactions": transactions,
        "receipts": receipts,
        "tx_index": 0,
        "log_index": 0,
        "account_proof": (),
    }
    build_anchor_proof(**good)
    for changes, message in (
        ({"receipts": receipts[:-1]}, "receipts root"),
        ({"receipts": receipts[::-1]}, "receipts root"),
        ({"receipts": ()}, "receipts root"),
        ({"transactions": [transactions[0][:-1] + b"\x00", *transactions[1:]]}, "transactions root"),
        ({"tx_index": len(transactions)}, "none of index"),
        ({"tx_index": -1}, "none of index"),
        ({"account_proof": (b"\xc0",)}, "account proof"),
    ):
        with pytest.raises(ProofError, match=message):
            build_anchor_proof(**good | changes)


BLOCKS = ("london-fork", "shanghai-fork", "merge-fork")


@pytest.mark.parametrize("name", ["get-genesis", "get-latest", *(f"get-block-{name}" for name in BLOCKS)])
def test_headers_of_rpc_samples_hash_to_their_block_hash(vectors, name):
    """Headers of every fork come back from a node's JSON to the bytes that were hashed."""
    block = answer(vectors("ethereum"), f"eth_getBlockByNumber/{name}.io")
    assert block_hash(encode_header(block)) == data_of(block["hash"])


def test_a_header_that_does_not_hash_to_its_block_hash_is_refused(vectors):
    """A synthetic or altered header is refused, but for validators' seals, whose hash rule is another."""
    block = answer(vectors("ethereum"), "eth_getBlockByNumber/get-latest.io")
    with pytest.raises(ProofError, match="does not hash"):
        encode_header(block | {"gasLimit": "0x1"})
    assert encode_header(block | {"mixHash": "0x" + BFT_MIX_HASH.hex()})


@pytest.mark.parametrize("name", ["get-access-list", "get-dynamic-fee", "get-setcode-tx"])
def test_receipts_of_rpc_samples_carry_the_bloom_computed(vectors, name):
    """The bloom computed from the logs is the one the node tells, and the type leads the bytes."""
    receipt = answer(vectors("ethereum"), f"eth_getTransactionReceipt/{name}.io")
    encoded = encode_receipt(receipt)
    assert data_of(receipt["logsBloom"]) in encoded
    assert encoded[0] == int(receipt["type"], 16)
    assert encode_receipt({key: value for key, value in receipt.items() if key != "logsBloom"}) == encoded


def test_receipts_of_a_whole_block_lead_to_its_root(vectors):
    """All receipts of mainnet blocks, told as JSON, encode to the bytes in the trie."""
    for name in MAINNET:
        for data in mainnet(vectors, name)[2]:
            receipt = parse_receipt(data)
            told = {
                "type": hex(receipt.type),
                "status": hex(receipt.succeeded),
                "cumulativeGasUsed": hex(receipt.cumulative_gas),
                "logs": [
                    {
                        "address": "0x" + log.address.hex(),
                        "topics": ["0x" + topic.hex() for topic in log.topics],
                        "data": "0x" + log.data.hex(),
                    }
                    for log in receipt.logs
                ],
            }
            assert encode_receipt(told) == data


def test_a_receipt_without_status_is_refused(vectors):
    """A receipt of the time before Byzantium cannot be used."""
    (receipt, *_) = answer(vectors("ethereum"), "eth_getBlockReceipts/get-block-receipts-n.io")
    with pytest.raises(ProofError, match="without status"):
        encode_receipt(receipt)


def test_transactions_of_rpc_samples_hash_to_their_hash(vectors):
    """Transactions of every type come back from a node's JSON to the bytes that were signed."""
    folder = vectors("ethereum")
    kinds = set()
    for path in sorted((folder / "rpc/eth_getTransactionByHash").glob("get-*.io")):
        transaction = answer(folder, f"eth_getTransactionByHash/{path.name}")
        if transaction is not None:
            encode_transaction(transaction)
            kinds.add(int(transaction["type"], 16))
    for name in ("get-latest", *(f"get-block-{name}" for name in BLOCKS)):
        for transaction in answer(folder, f"eth_getBlockByNumber/{name}.io")["transactions"]:
            if isinstance(transaction, dict):
                encode_transaction(transaction)
                kinds.add(int(transaction["type"], 16))
    assert {0, 3} <= kinds


def test_an_altered_or_unknown_transaction_is_refused(vectors):
    """A transaction that does not hash to its hash, or of an unknown type, is refused."""
    transaction = answer(vectors("ethereum"), "eth_getTransactionByHash/get-legacy-input.io")
    with pytest.raises(ProofError, match="does not hash"):
        encode_transaction(transaction | {"value": "0x7"})
    with pytest.raises(ProofError, match="unknown type 126"):
        encode_transaction(transaction | {"type": "0x7e"})


@contextmanager
def anvil(hardfork, port):
    """Run an anvil of our own on loopback for as long as the block lasts."""
    binary = str(ANVIL) if ANVIL.exists() else shutil.which("anvil")
    if binary is None:
        pytest.skip(
            "anvil is not installed: run `npm ci --ignore-scripts` in contracts_sol (Linux x64), or put it on PATH"
        )
    command = [binary, "--port", str(port), "--hardfork", hardfork, "--chain-id", str(CHAIN_ID), "--silent"]
    with subprocess.Popen([*command, "--no-mining"]) as process:
        try:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.02)
            w3 = Web3(Web3.HTTPProvider(f"http://127.0.0.1:{port}", exception_retry_configuration=None))
            yield w3
        finally:
            process.terminate()


FORKS = ("istanbul", "london", "shanghai", "cancun", "prague", "osaka")


@pytest.mark.parametrize("hardfork", FORKS)
def test_an_anchor_on_a_live_node_is_proved_end_to_end(hardfork):
    """Deploy, register, anchor among other transactions of all common types, prove from raw JSON, verify offline."""
    artifact = load_artifact()
    with anvil(hardfork, 21_100 + FORKS.index(hardfork)) as w3:

        def rpc(method, *parameters):
            return w3.provider.make_request(method, list(parameters))["result"]

        admin, publisher, other = (data_of(account) for account in w3.eth.accounts[:3])

        legacy = {"gasPrice": 3 * 10**9}
        listed = legacy | {"accessList": []}
        dynamic = {"maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": 3 * 10**9}
        styles = (legacy,) if hardfork == "istanbul" else (legacy, listed, dynamic)

        def send(sender, *, style=styles[-1], **fields):
            return w3.eth.send_transaction({"from": Web3.to_checksum_address(sender), **style, **fields})

        def mined(sent):
            rpc("evm_mine")
            receipt = w3.eth.get_transaction_receipt(sent)
            assert receipt["status"] == 1
            return receipt

        deployed = mined(send(admin, data=artifact.bytecode, gas=DEPLOY_GAS_LIMIT))
        contract = data_of(deployed["contractAddress"])
        vkey = "zheng.example/log+00000000+AAAA"
        log_id = compute_log_id(chain_id=CHAIN_ID, contract=contract, creator=admin, vkey=vkey)
        register = encode_register_log("zheng.example/log", hashlib.sha256(vkey.encode()).digest())
        mined(send(admin, to=deployed["contractAddress"], data=register, gas=SETUP_GAS_LIMIT))
        allow = encode_set_publisher(log_id, publisher)
        mined(send(admin, to=deployed["contractAddress"], data=allow, gas=SETUP_GAS_LIMIT))
        question = {"to": deployed["contractAddress"], "data": encode_head(log_id)}
        assert decode_head(bytes(w3.eth.call(question))) is None

        head = TreeHead(7, hashlib.sha256(b"root").digest())
        note = hashlib.sha256(b"note").digest()
        call = encode_anchor(log_id, prev_tree_size=0, head=head, note_digest=note, consistency_proof=())
        for position in range(20):
            send(
                other, to=w3.eth.accounts[3], value=position, gas=30_000, style=styles[position % len(styles)]
            )
        sent = send(publisher, to=deployed["contractAddress"], data=call, gas=anchor_gas_limit(0))
        receipt = mined(sent)
        assert decode_head(bytes(w3.eth.call(question))) == head

        block = rpc("eth_getBlockByNumber", hex(receipt["blockNumber"]), True)
        assert len(block["transactions"]) == 21
        account = rpc("eth_getProof", deployed["contractAddress"], [], block["number"])["accountProof"]
        proof = build_anchor_proof(
            chain_id=CHAIN_ID,
            contract=contract,
            header_rlp=encode_header(block),
            transactions=[encode_transaction(item) for item in block["transactions"]],
            receipts=[encode_receipt(item) for item in rpc("eth_getBlockReceipts", block["number"])],
            tx_index=receipt["transactionIndex"],
            log_index=0,
            account_proof=[data_of(node) for node in account],
        )
    chain = TrustedChain(
        chain_id=CHAIN_ID,
        genesis_hash=bytes(32),
        kind="public",
        finality="pinned",
        contract=contract,
        code_hash=artifact.code_hash,
        log_id=log_id,
        creator=admin,
        publishers=(publisher,),
        trusted_blocks=(data_of(block["hash"]),),
    )
    event = verify_anchor_binding(proof, head=head, note_digest=note, chain=chain)
    assert (event.publisher, event.prev_tree_size) == (publisher, 0)
    anchored = verify_anchor_inclusion(proof, chain=chain)
    assert (anchored.hash, anchored.tx_hash) == (data_of(block["hash"]), bytes(sent))
    assert anchored.time.timestamp() == int(block["timestamp"], 16)


def test_embedded_nodes_are_not_listed():
    """Items so small that they stand embedded in the node above are proved without a node of their own."""
    items = [bytes([position]) for position in range(1, 20)]
    trie = HexaryTrie({})
    for position, item in enumerate(items):
        trie[rlp.encode(position)] = item
    for position, item in enumerate(items):
        nodes = _trie_proof(items, position, trie.root_hash, "items")
        assert verify_trie_proof(trie.root_hash, rlp.encode(position), nodes) == item
