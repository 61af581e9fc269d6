"""The whole anchor proof, in a small world made by other people's RLP, trie and ABI code (makers/anchors.py)."""

import dataclasses
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rlp
from makers.anchors import (
    BLOCK_TIME,
    CHAIN_ID,
    CONTRACT,
    CREATOR,
    HEAD,
    LOG_ID,
    NOTE,
    PROOF,
    PUBLISHER,
    VKEY,
    World,
    account,
    receipt,
    signed,
    trusted,
)
from zheng_verifier.canonical import BUNDLE_LIMITS, format_json, parse_canonical
from zheng_verifier.errors import (
    EvidenceError,
    InsufficientError,
    MalformedError,
    UncheckableError,
    VerificationError,
)
from zheng_verifier.ethereum.anchor import (
    AnchorProof,
    TrustedChain,
    compute_log_id,
    format_anchor_proof,
    parse_anchor_proof,
    read_anchored_block,
    verify_anchor_binding,
    verify_anchor_inclusion,
)
from zheng_verifier.ethereum.header import BFT_MIX_HASH
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.merkle import TreeHead


def bind(proof: AnchorProof = PROOF, *, head=HEAD, note=NOTE, chain=None):
    return verify_anchor_binding(proof, head=head, note_digest=note, chain=chain or trusted(proof))


def code_of(family, call) -> str:
    with pytest.raises(family) as caught:
        call()
    assert type(caught.value) is family
    return caught.value.code


def test_a_true_anchor_passes_both_checks():
    """The contract's record of the head is returned, and the pinned block with number, time and transaction."""
    event = bind()
    assert (event.head, event.note, event.publisher, event.log_id) == (HEAD, NOTE, PUBLISHER, LOG_ID)
    assert event.prev_tree_size == 1_000_000
    block = verify_anchor_inclusion(PROOF, chain=trusted())
    assert (block.number, block.hash) == (42, keccak256(PROOF.header))
    assert block.time == datetime.fromtimestamp(BLOCK_TIME, UTC)
    assert (block.tx_hash, block.finality) == (keccak256(signed()), "pinned")


def test_every_flipped_byte_is_refused():
    """No byte of header, receipt, transaction and account proof can be changed without a check failing."""
    chain = trusted()
    flips = 0
    for name in ("header", "receipt_proof", "transaction_proof", "account_proof"):
        value = getattr(PROOF, name)
        parts = [value] if isinstance(value, bytes) else list(value)
        for position, part in enumerate(parts):
            for offset in range(len(part)):
                changed = part[:offset] + bytes([part[offset] ^ 0x20]) + part[offset + 1 :]
                variant = (*parts[:position], changed, *parts[position + 1 :])
                proof = replace(PROOF, **{name: changed if isinstance(value, bytes) else variant})
                flips += 1
                with pytest.raises(EvidenceError):
                    bind(proof, chain=chain)
                    verify_anchor_inclusion(proof, chain=chain)
    assert flips > 2_000


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(AnchorProof)])
def test_every_other_change_of_a_field_is_refused(name):
    """A number off by one, another address, a trie node missing or doubled: no field is without effect."""
    chain = trusted()
    value = getattr(PROOF, name)
    match value:
        case int():
            variants = [value + 1, value - 1]
        case bytes():
            variants = [value[:-1], value + b"\x00", b""]
        case _:
            variants = [value[:-1], (*value, value[-1]), value[1:], ()]
    for variant in variants:
        with pytest.raises(EvidenceError):
            bind(replace(PROOF, **{name: variant}), chain=chain)
            verify_anchor_inclusion(replace(PROOF, **{name: variant}), chain=chain)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"chain_id": 1}, "WRONG_CHAIN"),
        ({"contract": b"\xc1" * 20}, "WRONG_CONTRACT"),
        ({"code_hash": bytes(32)}, "CODE_CHANGED"),
        ({"log_id": b"\x11" * 32}, "ANCHOR_MISMATCH"),
    ],
)
def test_the_policy_names_what_must_be_there(changes, code):
    """Another chain, contract, code or log than the policy's is false, whatever the proof says of itself."""
    assert code_of(VerificationError, lambda: bind(chain=trusted(**changes))) == code


def test_another_head_or_note_is_a_mismatch():
    """The event must record exactly this size, this root and this signed note."""
    other = bytes(32)
    for head, note in (
        (TreeHead(HEAD.size + 1, HEAD.root_hash), NOTE),
        (TreeHead(HEAD.size, other), NOTE),
        (HEAD, other),
    ):
        assert code_of(VerificationError, lambda: bind(head=head, note=note)) == "ANCHOR_MISMATCH"  # noqa: B023


def test_the_same_event_of_another_contract_is_no_anchor():
    """A contract that copies the event byte for byte does not become the policy's contract."""
    assert code_of(VerificationError, lambda: bind(replace(PROOF, log_index=0))) == "WRONG_CONTRACT"


def test_a_log_index_outside_the_receipt_is_a_mismatch():
    """The receipt has two logs; there is no third."""
    assert code_of(VerificationError, lambda: bind(replace(PROOF, log_index=2))) == "ANCHOR_MISMATCH"


def test_a_failed_transaction_proves_nothing():
    """With status 0 both checks fail, though event and proofs are all in place."""
    proof = World(receipt=receipt(status=b"")).proof()
    assert code_of(VerificationError, lambda: bind(proof)) == "TX_FAILED"
    assert (
        code_of(VerificationError, lambda: verify_anchor_inclusion(proof, chain=trusted(proof)))
        == "TX_FAILED"
    )


def test_the_stated_block_number_is_the_headers():
    """A proof that states another block number than its header is false."""
    proof = replace(PROOF, block_number=41)
    assert code_of(VerificationError, lambda: bind(proof)) == "ANCHOR_MISMATCH"


def test_a_publisher_the_policy_does_not_name_is_not_enough():
    """The anchor is true, but somebody the policy does not know made it."""
    assert code_of(InsufficientError, lambda: bind(chain=trusted(publishers=()))) == "UNTRUSTED_PUBLISHER"


def test_without_account_proof_the_code_is_not_shown():
    """Nodes that give no account proof leave the code open: not enough, but not false."""
    assert code_of(InsufficientError, lambda: bind(replace(PROOF, account_proof=()))) == "CODE_NOT_SHOWN"


def test_what_is_false_is_told_before_what_is_not_enough():
    """A proof without account proof, by an unknown publisher, for another head is called false."""
    proof = replace(PROOF, account_proof=())
    head = TreeHead(1, bytes(32))
    assert code_of(VerificationError, lambda: bind(proof, head=head)) == "ANCHOR_MISMATCH"
    chain = trusted(publishers=(), code_hash=bytes(32))
    assert code_of(VerificationError, lambda: bind(chain=chain)) == "CODE_CHANGED"


@pytest.mark.parametrize(
    "value", [rlp.encode([b"", b"", bytes(32)]), rlp.encode([b"", b"", bytes(32), b"x"])]
)
def test_a_misshapen_account_is_malformed(value):
    """An account of other fields or another code hash size does not parse."""
    proof = World(account=value).proof()
    assert code_of(MalformedError, lambda: bind(proof)) == "FORMAT_FAILURE"


def test_a_transaction_for_another_chain_is_refused():
    """The signed chain id decides, not the one the proof states: the block may be of a copied chain."""
    proof = World(transaction=signed(1)).proof()
    assert (
        code_of(VerificationError, lambda: verify_anchor_inclusion(proof, chain=trusted(proof)))
        == "WRONG_CHAIN"
    )


def test_a_transaction_valid_on_any_chain_is_not_enough():
    """A transaction from before EIP-155 does not say which chain it was made for."""
    proof = World(transaction=signed(None)).proof()
    call = lambda: verify_anchor_inclusion(proof, chain=trusted(proof))  # noqa: E731
    assert code_of(InsufficientError, call) == "CHAIN_ID_ABSENT"


def test_a_development_chain_is_self_asserted_even_when_pinned():
    """On a chain of kind dev the check ends insufficient, and the block can be shown under that name."""
    chain = trusted(kind="dev")
    assert code_of(InsufficientError, lambda: verify_anchor_inclusion(PROOF, chain=chain)) == "SELF_ASSERTED"
    block = read_anchored_block(PROOF, chain=chain)
    assert (block.number, block.finality) == (42, "self-asserted")
    assert bind(chain=chain).head == HEAD


@pytest.mark.parametrize("kind", ["public", "consortium"])
def test_a_block_the_policy_does_not_name_is_not_enough(kind):
    """Without its hash in the policy a block is unproven."""
    chain = trusted(kind=kind, trusted_blocks=(bytes(32),))
    assert (
        code_of(InsufficientError, lambda: verify_anchor_inclusion(PROOF, chain=chain)) == "BLOCK_NOT_PINNED"
    )
    assert read_anchored_block(PROOF, chain=chain).finality == "unproven"


def test_a_finality_rule_that_is_not_built_cannot_be_checked():
    """A policy that asks for validators' seals gets no answer, not even for a pinned block."""
    chain = trusted(kind="consortium", finality="qbft")
    assert (
        code_of(UncheckableError, lambda: verify_anchor_inclusion(PROOF, chain=chain)) == "UNKNOWN_FINALITY"
    )
    assert read_anchored_block(PROOF, chain=chain).finality == "unproven"


def test_a_block_sealed_by_validators_cannot_be_checked_by_its_hash():
    """The hash of a BFT header is not its block hash, so that pinning it says nothing."""
    proof = World(mix_hash=BFT_MIX_HASH).proof()
    chain = trusted(proof, kind="consortium")
    assert code_of(UncheckableError, lambda: verify_anchor_inclusion(proof, chain=chain)) == "BFT_HEADER"


def test_the_log_id_is_what_solidity_encodes():
    """The id is SHA-256 of Solidity's ABI encoding, as another ABI library makes it."""
    assert compute_log_id(chain_id=CHAIN_ID, contract=CONTRACT, creator=CREATOR, vkey=VKEY) == LOG_ID


def test_a_proof_round_trips_through_canonical_json():
    """What is written reads back to the same proof, through the canonical form."""
    data = format_json(format_anchor_proof(PROOF))
    assert parse_anchor_proof(parse_canonical(data, BUNDLE_LIMITS)) == PROOF


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"header": "AB"}, "FORMAT_FAILURE"),
        ({"header": 1}, "WRONG_TYPE"),
        ({"contract": "c0" * 19}, "FORMAT_FAILURE"),
        ({"contract": "0x" + "c0" * 20}, "FORMAT_FAILURE"),
        ({"contract": "C0" * 20}, "FORMAT_FAILURE"),
        ({"chain_id": 0}, "FORMAT_FAILURE"),
        ({"tx_index": -1}, "FORMAT_FAILURE"),
        ({"log_index": True}, "WRONG_TYPE"),
        ({"receipt_proof": "AA"}, "WRONG_TYPE"),
        ({"receipt_proof": [1]}, "WRONG_TYPE"),
        ({"receipt_proof": ["AA=="]}, "FORMAT_FAILURE"),
        ({"account_proof": ["AA"] * 66}, "TOO_MANY"),
        ({"extra": 1}, "UNKNOWN_FIELD"),
    ],
)
def test_a_misshapen_json_proof_is_malformed(changes, code):
    """Wrong types, encodings, sizes, numbers and unknown members are refused."""
    value = format_anchor_proof(PROOF) | changes
    assert code_of(MalformedError, lambda: parse_anchor_proof(value)) == code


def test_a_missing_member_is_malformed():
    """All nine members are required."""
    for name in format_anchor_proof(PROOF):
        value = format_anchor_proof(PROOF)
        del value[name]
        assert code_of(MalformedError, lambda: parse_anchor_proof(value, "/x")) == "FIELD_MISSING"  # noqa: B023


VECTORS = Path(__file__).resolve().parent / "data/anchor"


def vector_files() -> dict[str, str]:
    """Write our own vectors, each named by what was done to a true proof, with the codes that C09 and C10 give."""
    other_chain = World(transaction=signed(1)).proof()
    failed = World(receipt=receipt(status=b"")).proof()
    changed_code = World(account=account(keccak256(b"other code"))).proof()
    back_dated = rlp.decode(PROOF.header)
    back_dated[11] = (BLOCK_TIME - 86_400).to_bytes(4)
    cases = {
        "valid": (PROOF, trusted(), "", ""),
        "development-chain": (PROOF, trusted(kind="dev", trusted_blocks=()), "", "SELF_ASSERTED"),
        "block-not-pinned": (PROOF, trusted(trusted_blocks=()), "", "BLOCK_NOT_PINNED"),
        "back-dated-header": (
            replace(PROOF, header=rlp.encode(back_dated)),
            trusted(),
            "",
            "BLOCK_NOT_PINNED",
        ),
        "event-of-another-contract": (replace(PROOF, log_index=0), trusted(), "WRONG_CONTRACT", ""),
        "transaction-of-another-chain": (other_chain, trusted(other_chain), "", "WRONG_CHAIN"),
        "failed-transaction": (failed, trusted(failed), "TX_FAILED", "TX_FAILED"),
        "other-code": (changed_code, trusted(changed_code), "CODE_CHANGED", ""),
        "no-account-proof": (replace(PROOF, account_proof=()), trusted(), "CODE_NOT_SHOWN", ""),
        "receipt-node-missing": (
            replace(PROOF, receipt_proof=PROOF.receipt_proof[:-1]),
            trusted(),
            "FORMAT_FAILURE",
            "FORMAT_FAILURE",
        ),
    }
    return {
        name: json.dumps(
            {
                "chain": {
                    "chain_id": chain.chain_id,
                    "code_hash": chain.code_hash.hex(),
                    "contract": chain.contract.hex(),
                    "creator": chain.creator.hex(),
                    "finality": chain.finality,
                    "kind": chain.kind,
                    "log_id": chain.log_id.hex(),
                    "publishers": [publisher.hex() for publisher in chain.publishers],
                    "trusted_blocks": [block.hex() for block in chain.trusted_blocks],
                },
                "head": {"root_hash": HEAD.root_hash.hex(), "size": HEAD.size},
                "note_digest": NOTE.hex(),
                "proof": format_anchor_proof(proof),
                "result": {"C09": binding or "PASSED", "C10": inclusion or "PASSED"},
            },
            indent=1,
            sort_keys=True,
        )
        + "\n"
        for name, (proof, chain, binding, inclusion) in cases.items()
    }


def result_of(call) -> str:
    try:
        call()
    except EvidenceError as error:
        return error.code
    return "PASSED"


@pytest.mark.parametrize("name", sorted(vector_files()))
def test_our_vectors_give_the_results_they_state(name):
    """Each stored vector is what this file writes, and both checks end as it says."""
    text = (VECTORS / f"{name}.json").read_text()
    assert text == vector_files()[name], "run this file as a program to write the vectors anew"
    vector = json.loads(text)
    chain = TrustedChain(
        chain_id=vector["chain"]["chain_id"],
        genesis_hash=bytes(32),
        kind=vector["chain"]["kind"],
        finality=vector["chain"]["finality"],
        contract=bytes.fromhex(vector["chain"]["contract"]),
        code_hash=bytes.fromhex(vector["chain"]["code_hash"]),
        log_id=bytes.fromhex(vector["chain"]["log_id"]),
        creator=bytes.fromhex(vector["chain"]["creator"]),
        publishers=tuple(map(bytes.fromhex, vector["chain"]["publishers"])),
        trusted_blocks=tuple(map(bytes.fromhex, vector["chain"]["trusted_blocks"])),
    )
    head = TreeHead(vector["head"]["size"], bytes.fromhex(vector["head"]["root_hash"]))
    note = bytes.fromhex(vector["note_digest"])
    proof = parse_anchor_proof(vector["proof"])
    assert vector["result"] == {
        "C09": result_of(lambda: verify_anchor_binding(proof, head=head, note_digest=note, chain=chain)),
        "C10": result_of(lambda: verify_anchor_inclusion(proof, chain=chain)),
    }


if __name__ == "__main__":
    VECTORS.mkdir(parents=True, exist_ok=True)
    for name, text in vector_files().items():
        (VECTORS / f"{name}.json").write_text(text)
