"""The whole Ethereum proof of one anchored tree head, and the two checks over it.

    event ← log   ← receipt     ← receiptsRoot     ┐
    chain id      ← transaction ← transactionsRoot ├ header ← block hash
    code hash     ← account     ← stateRoot        ┘

``verify_anchor_binding`` (C09) shows that the contract recorded this head, ``verify_anchor_inclusion`` (C10) that the
transaction succeeded in that block, and that the block is one the policy trusts. The policy names every value that
decides; what the proof says of itself (chain, contract, block number) must agree and proves nothing.
Specification: docs/spec/anchor.md.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from zheng_verifier.canonical import Fields, JsonObject, JsonValue
from zheng_verifier.encoding import format_base64url, format_hex, parse_base64url, parse_hex
from zheng_verifier.errors import InsufficientError, MalformedError, UncheckableError, VerificationError
from zheng_verifier.ethereum.event import AnchorEvent, parse_event
from zheng_verifier.ethereum.header import BFT_MIX_HASH, Header, block_hash, parse_header
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.receipt import Receipt, parse_receipt
from zheng_verifier.ethereum.rlp import as_bytes, format_integer, format_rlp, parse_list
from zheng_verifier.ethereum.transaction import Transaction, parse_transaction
from zheng_verifier.ethereum.trie import MAX_NODES, verify_trie_proof
from zheng_verifier.merkle import TreeHead

ADDRESS_SIZE = 20
FINALITY_PINNED = "pinned"
"""The one finality rule built: a block counts when the policy names its hash."""


@dataclass(frozen=True, slots=True)
class AnchorProof:
    """Everything needed to check one anchor without a node.

    ``contract`` is 20 bytes, ``header`` the block header's RLP; ``log_index`` counts within the receipt, from 0. The
    three proofs are trie nodes, root first; ``account_proof`` is empty where the node could not give one.
    """

    chain_id: int
    contract: bytes
    block_number: int
    tx_index: int
    log_index: int
    header: bytes
    receipt_proof: tuple[bytes, ...]
    transaction_proof: tuple[bytes, ...]
    account_proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class TrustedChain:
    """What a trust policy says about one contract on one chain.

    ``kind`` is ``dev``, ``consortium`` or ``public``; ``finality`` the rule by which a block counts. ``contract``,
    ``creator`` and ``publishers`` are addresses of 20 bytes, all hashes and ``log_id`` 32 bytes. ``code_hash`` is the
    Keccak-256 of the contract's runtime code. ``log_id`` commits to the chain, the contract, ``creator`` and the log's
    first key (``compute_log_id``); ``genesis_hash`` names the chain for people, and no proof here shows it.
    """

    chain_id: int
    genesis_hash: bytes
    kind: str
    finality: str
    contract: bytes
    code_hash: bytes
    log_id: bytes
    creator: bytes
    publishers: tuple[bytes, ...]
    trusted_blocks: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class AnchoredBlock:
    """The block an anchor stands in, ``hash`` and ``tx_hash`` of 32 bytes, ``time`` as its proposer wrote it.

    ``finality`` says what the block itself rests on: ``pinned`` in the policy, the operator's own word
    (``self-asserted``), or nothing that was shown (``unproven``).
    """

    number: int
    hash: bytes
    time: datetime
    tx_hash: bytes
    finality: Literal["pinned", "self-asserted", "unproven"]


def compute_log_id(*, chain_id: int, contract: bytes, creator: bytes, vkey: str) -> bytes:
    """Compute a log's id in the contract: it commits to the chain, contract, creator and genesis verification key.

    SHA-256 of Solidity's ``abi.encode("zheng/log/v1", chainId, contract, creator, sha256(vkey))``; ``vkey`` is the
    vkey line as text without line end.
    """
    label = b"zheng/log/v1"
    words = (
        (5 * 32).to_bytes(32),  # where the string begins: after five words
        chain_id.to_bytes(32),
        contract.rjust(32, b"\x00"),
        creator.rjust(32, b"\x00"),
        sha256(vkey.encode()).digest(),
        len(label).to_bytes(32),
        label.ljust(32, b"\x00"),
    )
    return sha256(b"".join(words)).digest()


def _trie_key(index: int) -> bytes:
    """Give the key of a transaction or receipt: its index in the block, as RLP."""
    return format_rlp(format_integer(index))


def _open_receipt(proof: AnchorProof, chain: TrustedChain) -> tuple[Header, Receipt]:
    """Lead from the header down to the receipt of a transaction that succeeded."""
    if proof.chain_id != chain.chain_id:
        raise VerificationError("WRONG_CHAIN", f"the proof is for chain {proof.chain_id}", "chain_id")
    if proof.contract != chain.contract:
        raise VerificationError("WRONG_CONTRACT", "the proof is for another contract", "contract")
    header = parse_header(proof.header)
    if header.number != proof.block_number:
        raise VerificationError("ANCHOR_MISMATCH", f"the header is of block {header.number}", "block_number")
    receipt = parse_receipt(
        verify_trie_proof(header.receipts_root, _trie_key(proof.tx_index), proof.receipt_proof)
    )
    if not receipt.succeeded:
        raise VerificationError("TX_FAILED", "the transaction failed: nothing it did stands", "receipt")
    return header, receipt


def _check_code(proof: AnchorProof, state_root: bytes, chain: TrustedChain) -> None:
    """Show by the account proof that the contract's code was the policy's when the block ended."""
    if not proof.account_proof:
        raise InsufficientError(
            "CODE_NOT_SHOWN", "no account proof shows the contract's code", "account_proof"
        )
    value = verify_trie_proof(state_root, keccak256(chain.contract), proof.account_proof)
    account = parse_list(value, "account")  # nonce, balance, storage root, code hash
    if len(account) != 4:
        raise MalformedError("FORMAT_FAILURE", f"an account has 4 fields, this one {len(account)}", "account")
    if as_bytes(account[3], size=32, where="account code hash") != chain.code_hash:
        raise VerificationError(
            "CODE_CHANGED", "the contract has other code than the policy names", "account"
        )


def verify_anchor_binding(
    proof: AnchorProof, *, head: TreeHead, note_digest: bytes, chain: TrustedChain
) -> AnchorEvent:
    """Check that the policy's contract recorded ``head`` for the policy's log (check C09).

    ``note_digest`` is the SHA-256 of the stamped note bytes. Nothing is said here about the block being real.

    Raises:
        MalformedError: some part of the proof does not parse.
        VerificationError: codes WRONG_CHAIN, WRONG_CONTRACT, CODE_CHANGED, ANCHOR_MISMATCH, TRIE_PROOF_FAILURE,
            TX_FAILED.
        InsufficientError: codes UNTRUSTED_PUBLISHER, CODE_NOT_SHOWN.
        UncheckableError: codes UNKNOWN_HEADER, UNKNOWN_TYPE, NO_STATUS.

    """
    header, receipt = _open_receipt(proof, chain)
    if proof.log_index >= len(receipt.logs):
        raise VerificationError("ANCHOR_MISMATCH", f"the receipt has {len(receipt.logs)} logs", "log_index")
    log = receipt.logs[proof.log_index]
    if log.address != chain.contract:
        raise VerificationError("WRONG_CONTRACT", "another contract emitted the event", "log")
    event = parse_event(log)
    if event.log_id != chain.log_id:
        raise VerificationError("ANCHOR_MISMATCH", "the event is of another log", "logId")
    if (event.tree_size, event.root_hash) != (head.size, head.root_hash):
        raise VerificationError(
            "ANCHOR_MISMATCH", "the event records another tree head", "treeSize, rootHash"
        )
    if event.note != note_digest:
        raise VerificationError("ANCHOR_MISMATCH", "the event commits to another signed note", "note")
    _check_code(proof, header.state_root, chain)
    if event.publisher not in chain.publishers:
        raise InsufficientError("UNTRUSTED_PUBLISHER", "the policy does not name the publisher", "publisher")
    return event


def read_block(proof: AnchorProof) -> tuple[Header, Transaction, bytes]:
    """Read the block and the transaction that a proof names, and the block's hash; whose they are is not asked.

    Raises:
        MalformedError: header, transaction or trie nodes do not parse.
        VerificationError: code TRIE_PROOF_FAILURE: the transaction does not stand below the header.
        UncheckableError: codes UNKNOWN_HEADER, UNKNOWN_TYPE.

    """
    header = parse_header(proof.header)
    transaction = parse_transaction(
        verify_trie_proof(header.transactions_root, _trie_key(proof.tx_index), proof.transaction_proof)
    )
    return header, transaction, block_hash(proof.header)


def read_anchored_block(proof: AnchorProof, *, chain: TrustedChain) -> AnchoredBlock:
    """Check everything of C10 but the block's own standing, and tell that standing in ``finality``.

    For reports: block number and time are shown, under their true name, also when the block is not trusted.

    Raises:
        MalformedError: some part of the proof does not parse.
        VerificationError: codes WRONG_CHAIN, WRONG_CONTRACT, ANCHOR_MISMATCH, TRIE_PROOF_FAILURE, TX_FAILED.
        InsufficientError: code CHAIN_ID_ABSENT: the transaction is one that is valid on any chain.
        UncheckableError: codes UNKNOWN_HEADER, UNKNOWN_TYPE, NO_STATUS.

    """
    _open_receipt(proof, chain)
    header, transaction, digest = read_block(proof)
    if transaction.chain_id is None:
        raise InsufficientError("CHAIN_ID_ABSENT", "the transaction names no chain", "transaction")
    if transaction.chain_id != chain.chain_id:
        raise VerificationError(
            "WRONG_CHAIN", f"the transaction is for chain {transaction.chain_id}", "transaction"
        )
    return AnchoredBlock(
        header.number, digest, header.time, transaction.hash, _finality(header, digest, chain)
    )


def _finality(
    header: Header, digest: bytes, chain: TrustedChain
) -> Literal["pinned", "self-asserted", "unproven"]:
    if chain.kind == "dev":
        return "self-asserted"
    # A BFT block's hash is not that of its header: a match could only be chance or a policy's mistake.
    pinned = digest in chain.trusted_blocks and header.mix_hash != BFT_MIX_HASH
    return "pinned" if pinned and chain.finality == FINALITY_PINNED else "unproven"


def verify_anchor_inclusion(proof: AnchorProof, *, chain: TrustedChain) -> AnchoredBlock:
    """Check that the transaction succeeded in a block that the policy trusts (check C10).

    Raises:
        MalformedError: as ``read_anchored_block``.
        VerificationError: as ``read_anchored_block``.
        InsufficientError: code SELF_ASSERTED for a development chain, BLOCK_NOT_PINNED for a block the policy does
            not name, CHAIN_ID_ABSENT.
        UncheckableError: code UNKNOWN_FINALITY for a rule that is not built, BFT_HEADER for a header sealed by
            validators, besides those of ``read_anchored_block``.

    """
    block = read_anchored_block(proof, chain=chain)
    if block.finality == "pinned":
        return block
    if block.finality == "self-asserted":
        raise InsufficientError("SELF_ASSERTED", "a development chain is its operator's own word", "header")
    if chain.finality != FINALITY_PINNED:
        raise UncheckableError("UNKNOWN_FINALITY", f"the rule '{chain.finality}' cannot be checked", "header")
    if parse_header(proof.header).mix_hash == BFT_MIX_HASH:
        raise UncheckableError(
            "BFT_HEADER", "the block is sealed by validators, which is not checked", "header"
        )
    raise InsufficientError("BLOCK_NOT_PINNED", "the policy does not name the block", "header")


def format_anchor_proof(proof: AnchorProof) -> JsonObject:
    """Write a proof as a JSON object: the address in hex, header and trie nodes in base64url."""
    return {
        "account_proof": [format_base64url(node) for node in proof.account_proof],
        "block_number": proof.block_number,
        "chain_id": proof.chain_id,
        "contract": format_hex(proof.contract),
        "header": format_base64url(proof.header),
        "log_index": proof.log_index,
        "receipt_proof": [format_base64url(node) for node in proof.receipt_proof],
        "transaction_proof": [format_base64url(node) for node in proof.transaction_proof],
        "tx_index": proof.tx_index,
    }


def _parse_nodes(fields: Fields, name: str) -> tuple[bytes, ...]:
    nodes = []
    for position, item in enumerate(fields.array(name, max_items=MAX_NODES)):
        where = f"{fields.path(name)}/{position}"
        if not isinstance(item, str):
            raise MalformedError("WRONG_TYPE", "a trie node must be a string", where)
        nodes.append(parse_base64url(item, where=where))
    return tuple(nodes)


def parse_anchor_proof(value: JsonValue, where: str = "") -> AnchorProof:
    """Read what ``format_anchor_proof`` wrote; header and nodes are parsed by the checks, not here.

    Raises:
        MalformedError: unknown or missing members, wrong types, encodings or sizes.

    """
    fields = Fields(value, where)
    proof = AnchorProof(
        chain_id=fields.integer("chain_id", minimum=1),
        contract=parse_hex(fields.text("contract"), size=ADDRESS_SIZE, where=fields.path("contract")),
        block_number=fields.integer("block_number"),
        tx_index=fields.integer("tx_index"),
        log_index=fields.integer("log_index"),
        header=parse_base64url(fields.text("header"), where=fields.path("header")),
        receipt_proof=_parse_nodes(fields, "receipt_proof"),
        transaction_proof=_parse_nodes(fields, "transaction_proof"),
        account_proof=_parse_nodes(fields, "account_proof"),
    )
    fields.end()
    return proof
