"""A maker of anchor proofs: a block of a small chain, made by other people's RLP, trie and ABI code."""

import hashlib
from dataclasses import dataclass, replace

import rlp
from eth_abi import encode as abi_encode
from eth_account import Account
from trie import HexaryTrie
from zheng_verifier.ethereum.anchor import AnchorProof, TrustedChain
from zheng_verifier.ethereum.event import TOPIC
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.merkle import TreeHead

CHAIN_ID = 20_261_122
CONTRACT = b"\xc0" * 20
CREATOR = b"\x0c" * 20
VKEY = "zheng.example/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHER = b"\xab" * 20
CODE_HASH = keccak256(b"the contract's code")
HEAD = TreeHead(1_000_003, hashlib.sha256(b"root").digest())
NOTE = hashlib.sha256(b"note").digest()
KEY = b"\x07" * 32
BLOCK_TIME = 1_790_000_000


def word(value: int) -> bytes:
    return value.to_bytes(32)


def log_id_of(vkey: str, chain_id: int = CHAIN_ID, contract: bytes = CONTRACT) -> bytes:
    """Compute a log id as Solidity does, by another ABI library."""
    values = ["zheng/log/v1", chain_id, contract, CREATOR, hashlib.sha256(vkey.encode()).digest()]
    return hashlib.sha256(abi_encode(["string", "uint256", "address", "address", "bytes32"], values)).digest()


LOG_ID = log_id_of(VKEY)


def anchor_log(
    head: TreeHead = HEAD,
    note: bytes = NOTE,
    log_id: bytes = LOG_ID,
    contract: bytes = CONTRACT,
    prev_size: int = 1_000_000,
) -> list:
    """Make the contract's event for a head."""
    topics = [TOPIC, log_id, word(head.size), PUBLISHER.rjust(32, b"\x00")]
    return [contract, topics, head.root_hash + note + word(prev_size)]


ANCHOR_LOG = anchor_log()
OTHER_LOG = [b"\x77" * 20, ANCHOR_LOG[1], ANCHOR_LOG[2]]


def signed(chain_id: int | None = CHAIN_ID, contract: bytes = CONTRACT) -> bytes:
    """Sign an anchoring transaction; without a chain id it is of the oldest form."""
    fields = {"nonce": 1, "gas": 90_000, "gasPrice": 1, "to": contract, "value": 0, "data": b"anchor"}
    if chain_id is not None:
        fields["chainId"] = chain_id
    return bytes(Account.sign_transaction(fields, KEY).raw_transaction)


def receipt(logs=(OTHER_LOG, ANCHOR_LOG), status: bytes = b"\x01") -> bytes:
    return b"\x02" + rlp.encode([status, b"\x01\x00\x00", bytes(256), list(logs)])


def account(code_hash: bytes = CODE_HASH) -> bytes:
    return rlp.encode([b"\x01", b"", bytes(32), code_hash])


def trie_of(pairs) -> HexaryTrie:
    trie = HexaryTrie({})
    for key, value in pairs:
        trie[key] = value
    return trie


def nodes(trie: HexaryTrie, key: bytes) -> tuple[bytes, ...]:
    encoded = [rlp.encode(node) for node in trie.get_proof(key)]
    return tuple(node for position, node in enumerate(encoded) if position == 0 or len(node) >= 32)


@dataclass(frozen=True)
class World:
    """One block with five transactions, the fourth of which anchored HEAD; each part can be made otherwise."""

    receipt: bytes = receipt()
    transaction: bytes = signed()
    account: bytes = account()
    mix_hash: bytes = bytes(32)
    chain_id: int = CHAIN_ID
    contract: bytes = CONTRACT
    number: int = 42
    time: int = BLOCK_TIME

    def proof(self) -> AnchorProof:
        index = 3
        receipts = [receipt((OTHER_LOG,))] * 5
        receipts[index] = self.receipt
        transactions = [signed()] * 5
        transactions[index] = self.transaction
        receipt_trie = trie_of((rlp.encode(position), item) for position, item in enumerate(receipts))
        transaction_trie = trie_of((rlp.encode(position), item) for position, item in enumerate(transactions))
        others = [(keccak256(bytes([seed]) * 20), account(bytes(32))) for seed in range(20)]
        state = trie_of([(keccak256(self.contract), self.account), *others])
        header = [
            *(bytes(32), bytes(32), bytes(20)),
            *(state.root_hash, transaction_trie.root_hash, receipt_trie.root_hash, bytes(256)),
            *(0, self.number, 30_000_000, 400_000, self.time, b"", self.mix_hash, bytes(8)),
            *(7, bytes(32), 0, 0, bytes(32), bytes(32)),
        ]
        return AnchorProof(
            chain_id=self.chain_id,
            contract=self.contract,
            block_number=self.number,
            tx_index=index,
            log_index=1,
            header=rlp.encode(header),
            receipt_proof=nodes(receipt_trie, rlp.encode(index)),
            transaction_proof=nodes(transaction_trie, rlp.encode(index)),
            account_proof=nodes(state, keccak256(self.contract)),
        )


PROOF = World().proof()


def trusted(proof: AnchorProof = PROOF, **changes) -> TrustedChain:
    """Give the policy of a user who pinned the block of ``proof``."""
    chain = TrustedChain(
        chain_id=CHAIN_ID,
        genesis_hash=bytes(32),
        kind="public",
        finality="pinned",
        contract=CONTRACT,
        code_hash=CODE_HASH,
        log_id=LOG_ID,
        creator=CREATOR,
        publishers=(b"\x01" * 20, PUBLISHER),
        trusted_blocks=(keccak256(proof.header),),
    )
    return replace(chain, **changes)
