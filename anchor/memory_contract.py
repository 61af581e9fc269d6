"""A short model of EvidenceAnchor in Python, for the in-memory chain: what it holds, and what a call does to it."""

from dataclasses import dataclass, field, replace
from hashlib import sha256

from eth_abi.abi import decode, encode
from zheng_verifier.errors import EvidenceError
from zheng_verifier.ethereum.event import TOPIC as ANCHORED_TOPIC
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.receipt import Log
from zheng_verifier.merkle import TreeHead, verify_consistency

from anchor.chain_contract import IS_PUBLISHER, PUBLISHER_TOPIC, REGISTERED_TOPIC, UNKNOWN_LOG
from anchor.ports import CallReverted

REFUSED = keccak256(b"LogIsPaused(bytes32)")[:4]
SELECTORS = {
    keccak256(signature.encode())[:4]: (signature.partition("(")[0], types)
    for signature, types in (
        ("registerLog(string,bytes32,bool)", ["string", "bytes32", "bool"]),
        ("setPublisher(bytes32,address,bool)", ["bytes32", "address", "bool"]),
        (
            "anchor(bytes32,uint64,uint64,bytes32,bytes32,bytes32[])",
            ["bytes32", "uint64", "uint64", "bytes32", "bytes32", "bytes32[]"],
        ),
        ("head(bytes32)", ["bytes32"]),
    )
}


@dataclass(frozen=True)
class World:
    """All state after a block; replaced, never changed."""

    nonces: dict[bytes, int] = field(default_factory=dict)
    contracts: frozenset[bytes] = frozenset()
    heads: dict[bytes, TreeHead | None] = field(default_factory=dict)
    publishers: frozenset[tuple[bytes, bytes]] = frozenset()


def call_view(world: World, data: bytes) -> bytes | None:
    """Answer the views `head` and `isPublisher`; None for any other function.

    Raises:
        CallReverted: the log is not registered.
    """
    if data[:4] == IS_PUBLISHER:
        log_id, account = decode(["bytes32", "address"], data[4:])
        return encode(["bool"], [(log_id, bytes.fromhex(account[2:])) in world.publishers])
    name, types = SELECTORS[data[:4]]
    if name != "head":
        return None
    (log_id,) = decode(types, data[4:])
    if log_id not in world.heads:
        raise CallReverted(UNKNOWN_LOG + log_id)
    head = world.heads[log_id] or TreeHead(0, bytes(32))
    return encode(["uint64", "bytes32"], [head.size, head.root_hash])


def apply_call(
    world: World, sender: bytes, contract: bytes, data: bytes, *, chain_id: int, paused: bool
) -> tuple[World, Log | None] | None:
    """Execute a transaction to the contract: the world after it and the event, None for a revert."""
    if contract not in world.contracts:
        return world, None  # a call to an account without code succeeds and does nothing
    name, types = SELECTORS[data[:4]]
    arguments = decode(types, data[4:])
    match name:
        case "registerLog":
            return _register(
                world, sender, contract, _log_id(chain_id, contract, sender, arguments[1]), arguments[1]
            )
        case "setPublisher":
            log_id, account = arguments[0], bytes.fromhex(arguments[1][2:])
            if log_id not in world.heads:
                return None
            log = Log(contract, (PUBLISHER_TOPIC, log_id, account.rjust(32, b"\0")), (1).to_bytes(32))
            return replace(world, publishers=world.publishers | {(log_id, account)}), log
        case _:
            return None if paused else _anchor(world, sender, contract, arguments)


def _register(
    world: World, sender: bytes, contract: bytes, log_id: bytes, vkey_hash: bytes
) -> tuple[World, Log] | None:
    if log_id in world.heads:
        return None
    log = Log(contract, (REGISTERED_TOPIC, log_id, sender.rjust(32, b"\0"), vkey_hash), b"")
    return replace(world, heads={**world.heads, log_id: None}), log


def _anchor(
    world: World, sender: bytes, contract: bytes, arguments: tuple[object, ...]
) -> tuple[World, Log] | None:
    log_id, prev, size, root, note, proof = arguments
    if not (
        isinstance(log_id, bytes)
        and isinstance(prev, int)
        and isinstance(size, int)
        and isinstance(root, bytes)
        and isinstance(note, bytes)
        and isinstance(proof, tuple)
    ):
        return None
    head = world.heads.get(log_id)
    if (log_id, sender) not in world.publishers or prev != (head.size if head else 0):
        return None
    if head is not None:
        try:
            verify_consistency(old=head, new=TreeHead(size, root), proof=proof)
        except EvidenceError:
            return None
        if size <= head.size:
            return None
    topics = (ANCHORED_TOPIC, log_id, size.to_bytes(32), sender.rjust(32, b"\0"))
    log = Log(contract, topics, root + note + prev.to_bytes(32))
    return replace(world, heads={**world.heads, log_id: TreeHead(size, root)}), log


def _log_id(chain_id: int, contract: bytes, creator: bytes, vkey_hash: bytes) -> bytes:
    """Compute the log's id as the contract does, which never sees the vkey line itself."""
    words = encode(
        ["string", "uint256", "address", "address", "bytes32"],
        ["zheng/log/v1", chain_id, contract, creator, vkey_hash],
    )
    return sha256(words).digest()
