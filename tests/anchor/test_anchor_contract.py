"""Calldata and answers as another ABI library writes them, and the artifact that is installed with the package."""

import json

import pytest
from eth_abi import encode
from web3 import Web3
from zheng_verifier.errors import MalformedError
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.merkle import TreeHead

from anchor.contract import (
    anchor_gas_limit,
    decode_head,
    encode_anchor,
    encode_head,
    encode_register_log,
    encode_set_publisher,
    load_artifact,
)

LOG_ID, ROOT, NOTE = b"\x0a" * 32, b"\x0b" * 32, b"\x0c" * 32
ACCOUNT = b"\xdd" * 20


def test_calls_are_what_web3_makes_of_the_abi():
    """Each call encodes as web3 encodes it from the contract's own ABI."""
    contract = Web3().eth.contract(abi=json.loads(load_artifact().abi))
    proof = [bytes([n]) * 32 for n in range(5)]
    expected = {
        "registerLog": (["zheng.example/日志", NOTE, True], encode_register_log("zheng.example/日志", NOTE)),
        "setPublisher": ([LOG_ID, ACCOUNT, False], encode_set_publisher(LOG_ID, ACCOUNT, allowed=False)),
        "head": ([LOG_ID], encode_head(LOG_ID)),
        "anchor": (
            [LOG_ID, 6, 9, ROOT, NOTE, proof],
            encode_anchor(
                LOG_ID, prev_tree_size=6, head=TreeHead(9, ROOT), note_digest=NOTE, consistency_proof=proof
            ),
        ),
    }
    for name, (arguments, actual) in expected.items():
        assert actual == Web3.to_bytes(hexstr=contract.encode_abi(name, arguments))


def test_the_head_is_read_from_the_views_answer():
    """The answer (size, root) becomes a tree head; size 0 means that nothing is anchored."""
    assert decode_head(encode(["uint64", "bytes32"], [9, ROOT])) == TreeHead(9, ROOT)
    assert decode_head(bytes(64)) is None


@pytest.mark.parametrize("data", [b"", bytes(63), bytes(65), b"\x01" + bytes(63)])
def test_another_answer_is_malformed(data):
    """Nothing but 64 bytes with a number below 2^64 is an answer of the contract."""
    with pytest.raises(MalformedError):
        decode_head(data)


def test_the_artifact_comes_with_the_package():
    """The installed artifact has an ABI, bytecode that contains the code of its code hash, and its compiler."""
    artifact = load_artifact()
    assert {"anchor", "head", "registerLog"} <= {item.get("name") for item in json.loads(artifact.abi)}
    assert artifact.compiler.startswith("solc 0.8.37+")
    # The creation code ends with the runtime code: nothing is written into it when it is deployed.
    assert any(keccak256(artifact.bytecode[start:]) == artifact.code_hash for start in range(20, 200))


def test_the_gas_limit_grows_with_the_proof():
    """80,000 and 3,000 for each hash."""
    assert [anchor_gas_limit(n) for n in (0, 1, 31)] == [80_000, 83_000, 173_000]
