"""Our contract on one chain: what it says, what is sent to it, and the proof that it said it.

Nothing the node tells is believed where it can be checked: a head on the chain is *ours* only by a consistency proof
into our own tree, a proof is stored only after the offline verifier has accepted it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, assert_never

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from zheng_verifier.errors import EvidenceError, InsufficientError
from zheng_verifier.ethereum.anchor import (
    AnchorProof,
    TrustedChain,
    read_anchored_block,
    verify_anchor_binding,
)
from zheng_verifier.ethereum.event import TOPIC as ANCHORED_TOPIC
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.receipt import parse_receipt
from zheng_verifier.ethereum.rlp import format_integer, format_rlp
from zheng_verifier.merkle import TreeHead, verify_consistency

from anchor.commitment import LogIdentity
from anchor.contract import (
    DEPLOY_GAS_LIMIT,
    SETUP_GAS_LIMIT,
    anchor_gas_limit,
    decode_head,
    encode_anchor,
    encode_head,
    encode_register_log,
    encode_set_publisher,
    load_artifact,
)
from anchor.lifecycle import AlreadyThere, Foreign, Inclusion, Intent, Kind, Superseded, Wanted
from anchor.ports import CallRequest, CallReverted, ChainPort, ChainUnavailable, HeadSource
from anchor.proofs import ProofError, build_anchor_proof
from anchor.records import Deployment

REGISTERED_TOPIC = keccak256(b"LogRegistered(bytes32,address,bytes32,string,bool)")
PUBLISHER_TOPIC = keccak256(b"PublisherSet(bytes32,address,bool)")
UNKNOWN_LOG = keccak256(b"UnknownLog(bytes32)")[:4]
IS_PUBLISHER = keccak256(b"isPublisher(bytes32,address)")[:4]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ContractCall:
    """A transaction without its price. ``to`` None deploys."""

    to: bytes | None
    data: bytes
    gas: int


def contract_address(sender: bytes, nonce: int) -> bytes:
    """Compute the address that a deployment gets (Yellow Paper §7): 20 bytes."""
    return keccak256(format_rlp([sender, format_integer(nonce)]))[12:]


class ChainContract:
    """The contract of ``deployment``, or none yet."""

    def __init__(self, port: ChainPort, log: LogIdentity, deployment: Deployment | None) -> None:
        self._port = port
        self._log = log
        self._deployment = deployment

    @property
    def _known(self) -> Deployment:
        if self._deployment is None:
            raise ChainUnavailable("the contract is not deployed yet")
        return self._deployment

    def check_code(self) -> None:
        """Look whether the contract's code is the one we know.

        Raises:
            ChainUnavailable: it is not, or not there.
        """
        code = self._port.code(self._known.contract)
        if keccak256(code) != self._known.code_hash:
            raise ChainUnavailable(f"at 0x{self._known.contract.hex()} is no contract of ours")

    def head(self) -> TreeHead | None:
        """Ask for the latest anchored head, None before the first.

        Raises:
            CallReverted: the log is not registered.
        """
        answer = self._port.call(CallRequest(self._known.contract, encode_head(self._known.log_id)))
        return _read(decode_head, answer)

    def wanted(self, sender: bytes) -> Wanted:
        """Answer that the intent is wanted, at the sender's next nonce."""
        return Wanted(self._port.nonce(sender))

    def ask(
        self, intent: Intent, sender: bytes, heads: HeadSource
    ) -> Wanted | AlreadyThere | Superseded | Foreign:
        """Answer whether an intent is still wanted.

        Raises:
            ChainError: it cannot be told now, or the contract would refuse it.
        """
        match intent.kind:
            case Kind.DEPLOY:
                return self.wanted(sender)
            case Kind.REGISTER:
                return self._ask_registered(sender)
            case Kind.AUTHORIZE:
                return self._ask_authorized(sender)
            case Kind.ANCHOR:
                return self._ask_anchored(intent, sender, heads)

    def _ask_registered(self, sender: bytes) -> Wanted | AlreadyThere:
        try:
            self.head()
        except CallReverted as revert:
            if revert.data[:4] != UNKNOWN_LOG:
                raise
            return self.wanted(sender)
        return self._there((REGISTERED_TOPIC, self._known.log_id))

    def _ask_authorized(self, sender: bytes) -> Wanted | AlreadyThere:
        known = self._known
        call = IS_PUBLISHER + encode(["bytes32", "address"], [known.log_id, known.publisher])
        answer = self._port.call(CallRequest(known.contract, call))
        if not _read(lambda data: bool(decode(["bool"], data)[0]), answer):
            return self.wanted(sender)
        return self._there((PUBLISHER_TOPIC, known.log_id, known.publisher.rjust(32, b"\0")))

    def _ask_anchored(
        self, intent: Intent, sender: bytes, heads: HeadSource
    ) -> Wanted | AlreadyThere | Superseded | Foreign:
        head = self.head()
        if head is not None:
            foreign = self._foreign(head, heads)
            if foreign is not None:
                return foreign
            if head.size >= intent.size:
                event = self._find((ANCHORED_TOPIC, self._known.log_id, intent.size.to_bytes(32)))
                if event is not None:
                    return AlreadyThere(event)
                if head.size > intent.size:
                    return Superseded()
                raise ChainUnavailable("the contract has the head, and its event is not to be found yet")
        call = self._anchor(intent, head, heads)
        # What would revert is not sent: a paused log or a withdrawn publisher would burn gas with each try.
        try:
            self._port.call(CallRequest(self._known.contract, call.data, sender, call.gas))
        except CallReverted as revert:
            raise CallReverted(revert.data, _error_name(revert.data)) from revert
        return self.wanted(sender)

    def _foreign(self, head: TreeHead, heads: HeadSource) -> Foreign | None:
        """Tell whether a head on the chain is one that our tree never had."""
        note = heads.latest()
        if note is None:
            return Foreign(f"the contract has a head of size {head.size}, and our log is empty")
        ours = self._log.open(note).checkpoint.head
        if head.size > ours.size:
            return Foreign(
                f"the contract has a head of size {head.size}, and our log only {ours.size}: BEHIND"
            )
        try:
            verify_consistency(old=head, new=ours, proof=tuple(heads.consistency(head.size, ours.size)))
        except EvidenceError as error:
            return Foreign(
                f"the contract's head of size {head.size} with root {head.root_hash.hex()}"
                f" is not in our tree of size {ours.size}: {error}"
            )
        return None

    def transaction(self, intent: Intent, heads: HeadSource) -> ContractCall | None:
        """Write the call for an intent; None when the contract is at or beyond the head already."""
        match intent.kind:
            case Kind.DEPLOY:
                return ContractCall(None, load_artifact().bytecode, DEPLOY_GAS_LIMIT)
            case Kind.REGISTER:
                data = encode_register_log(self._log.origin, self._log.vkey_hash)
            case Kind.AUTHORIZE:
                data = encode_set_publisher(self._known.log_id, self._known.publisher)
            case Kind.ANCHOR:
                head = self.head()
                if head is not None and head.size >= intent.size:
                    return None
                return self._anchor(intent, head, heads)
            case _:
                assert_never(intent.kind)
        return ContractCall(self._known.contract, data, SETUP_GAS_LIMIT)

    def _anchor(self, intent: Intent, head: TreeHead | None, heads: HeadSource) -> ContractCall:
        proof = () if head is None else tuple(heads.consistency(head.size, intent.size))
        data = encode_anchor(
            self._known.log_id,
            prev_tree_size=0 if head is None else head.size,
            head=TreeHead(intent.size, intent.root_hash),
            note_digest=intent.note_digest,
            consistency_proof=proof,
        )
        return ContractCall(self._known.contract, data, anchor_gas_limit(len(proof)))

    def prove(self, intent: Intent, inclusion: Inclusion, chain: TrustedChain) -> AnchorProof:
        """Collect the proof of an anchor and let the offline verifier judge it before anybody keeps it.

        Raises:
            ProofError: it does not hold.
            ChainUnavailable: the block is not to be had.
        """
        contents = self._port.contents(inclusion.block_hash, chain.contract)
        hashes = [keccak256(transaction) for transaction in contents.transactions]
        if inclusion.tx_hash not in hashes:
            raise ProofError("the transaction is not in the block its receipt names")
        tx_index = hashes.index(inclusion.tx_hash)
        topics = (ANCHORED_TOPIC, chain.log_id, intent.size.to_bytes(32))
        logs = parse_receipt(contents.receipts[tx_index]).logs
        log_index = next(
            (i for i, log in enumerate(logs) if log.address == chain.contract and log.topics[:3] == topics),
            None,
        )
        if log_index is None:
            raise ProofError("the transaction did not anchor this head")
        proof = build_anchor_proof(
            chain_id=chain.chain_id,
            contract=chain.contract,
            header_rlp=contents.header,
            transactions=contents.transactions,
            receipts=contents.receipts,
            tx_index=tx_index,
            log_index=log_index,
            account_proof=contents.account_proof,
        )
        check_proof(proof, intent, chain)
        return proof

    def _there(self, topics: tuple[bytes, ...]) -> AlreadyThere:
        event = self._find(topics)
        if event is None:
            raise ChainUnavailable("the contract has it, and its event is not to be found yet")
        return AlreadyThere(event)

    def _find(self, topics: tuple[bytes, ...]) -> bytes | None:
        return self._port.find_log(self._known.contract, topics)


def _error_name(data: bytes) -> str:
    """Name the contract's error that revert data begin with."""
    for item in json.loads(load_artifact().abi):
        if item["type"] == "error":
            signature = f"{item['name']}({','.join(each['type'] for each in item['inputs'])})"
            if keccak256(signature.encode())[:4] == data[:4]:
                return str(item["name"])
    return "an error of unknown name"


def check_proof(proof: AnchorProof, intent: Intent, chain: TrustedChain) -> None:
    """Judge a proof as a stranger with our trust policy would.

    "True, but not enough" is let through: whether the block is pinned and the publisher trusted is up to policies
    that come later; a header sealed by validators cannot be judged yet.

    Raises:
        ProofError: the offline verifier does not accept it.
    """
    head = TreeHead(intent.size, intent.root_hash)
    for check in (
        lambda: verify_anchor_binding(proof, head=head, note_digest=intent.note_digest, chain=chain),
        lambda: read_anchored_block(proof, chain=chain),
    ):
        try:
            check()
        except InsufficientError:
            continue
        except EvidenceError as error:
            raise ProofError(f"the collected proof does not hold: {error}") from error


def _read(reader: Callable[[bytes], T], answer: bytes) -> T:
    """Read what a view returned; an answer of another shape comes from another contract, or from none."""
    try:
        return reader(answer)
    except (EvidenceError, DecodingError) as error:
        raise ChainUnavailable(f"the contract gave an answer of another shape: {error}") from error
