"""The EvidenceAnchor contract as the service uses it: artifact, calldata, gas, the id of a log.

The artifact (ABI, bytecode, code hash, compiler and settings) is `anchor/contract_artifact.json`, package data, so
that an installed service has it without the Solidity sources. It is a generated copy: `contracts_sol/compile.js`
writes it together with `contracts_sol/artifact/EvidenceAnchor.json`, and a test compares both with each other and
with what the sources compile to.

Setting up a log takes three transactions, each final before the next: deploy, `registerLog` by the creator (who
becomes administrator), `setPublisher` for the key that will anchor.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from eth_abi.abi import decode, encode
from zheng_verifier.errors import MalformedError
from zheng_verifier.ethereum.anchor import compute_log_id
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.merkle import TreeHead

__all__ = [
    "ContractArtifact",
    "anchor_gas_limit",
    "compute_log_id",
    "decode_head",
    "encode_anchor",
    "encode_head",
    "encode_register_log",
    "encode_set_publisher",
    "load_artifact",
]

DEPLOY_GAS_LIMIT = 1_500_000
"""For the deployment; measured 1,250,000 on Prague."""

SETUP_GAS_LIMIT = 100_000
"""For `registerLog` and `setPublisher`, which take about 50,000 each; an origin of 255 bytes adds 12,000."""


@dataclass(frozen=True, slots=True)
class ContractArtifact:
    """What the compiler made: ``abi`` as JSON text, creation ``bytecode``, Keccak-256 of the runtime code."""

    abi: str
    bytecode: bytes
    code_hash: bytes
    compiler: str


@cache
def load_artifact() -> ContractArtifact:
    """Read the artifact that came with this package."""
    text = resources.files("anchor").joinpath("contract_artifact.json").read_text(encoding="utf-8")
    artifact = json.loads(text)
    return ContractArtifact(
        abi=json.dumps(artifact["abi"]),
        bytecode=bytes.fromhex(artifact["bytecode"][2:]),
        code_hash=bytes.fromhex(artifact["codeHash"][2:]),
        compiler=f"{artifact['compiler']['name']} {artifact['compiler']['version']}",
    )


def anchor_gas_limit(proof_length: int) -> int:
    """Give the gas limit of an `anchor` call with a consistency proof of ``proof_length`` hashes.

    By formula, never by `eth_estimateGas`: an estimate is made on a state that may not be the one of the block.
    Measured on Prague 57,100 for the first head and 84,000 with 31 hashes; before Berlin a precompile costs seven
    times as much, and the formula still holds. What is not used is not paid.
    """
    return 80_000 + 3_000 * proof_length


def _selector(signature: str) -> bytes:
    return keccak256(signature.encode("ascii"))[:4]


def _call(name: str, types: Sequence[str], values: Sequence[object]) -> bytes:
    return _selector(f"{name}({','.join(types)})") + encode(types, values)


def encode_register_log(origin: str, vkey_hash: bytes, *, proof_required: bool = True) -> bytes:
    """Write the call of `registerLog`; ``vkey_hash`` is the SHA-256 of the genesis vkey line without line end."""
    return _call("registerLog", ["string", "bytes32", "bool"], [origin, vkey_hash, proof_required])


def encode_set_publisher(log_id: bytes, publisher: bytes, *, allowed: bool = True) -> bytes:
    """Write the call of `setPublisher`; ``publisher`` is an address of 20 bytes."""
    return _call("setPublisher", ["bytes32", "address", "bool"], [log_id, publisher, allowed])


def encode_anchor(
    log_id: bytes,
    *,
    prev_tree_size: int,
    head: TreeHead,
    note_digest: bytes,
    consistency_proof: Sequence[bytes],
) -> bytes:
    """Write the call of `anchor`; ``prev_tree_size`` is 0 and the proof empty for the first head of a log."""
    return _call(
        "anchor",
        ["bytes32", "uint64", "uint64", "bytes32", "bytes32", "bytes32[]"],
        [log_id, prev_tree_size, head.size, head.root_hash, note_digest, list(consistency_proof)],
    )


def encode_head(log_id: bytes) -> bytes:
    """Write the call of the view `head`, for `eth_call`; read the answer with ``decode_head``."""
    return _call("head", ["bytes32"], [log_id])


def decode_head(data: bytes) -> TreeHead | None:
    """Read the answer of `head`: the latest anchored head, None before the first.

    Raises:
        MalformedError: not the 64 bytes that the view returns.

    """
    if len(data) != 64 or any(data[:24]):
        raise MalformedError("FORMAT_FAILURE", "the contract's head is not uint64 and bytes32")
    size, root_hash = decode(["uint64", "bytes32"], data)
    return TreeHead(size, root_hash) if size else None
