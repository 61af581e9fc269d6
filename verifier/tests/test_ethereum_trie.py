"""Merkle-Patricia proofs: Ethereum's trie tests, main-net blocks, the py-trie library, and forged proofs."""

import json
import random

import pytest
import rlp
from Crypto.Hash import keccak as oracle
from trie import HexaryTrie
from zheng_verifier.errors import EvidenceError, MalformedError, VerificationError
from zheng_verifier.ethereum.keccak import keccak256
from zheng_verifier.ethereum.trie import MAX_NODES, verify_trie_proof

MAINNET = ("block-14764013.json", "block-15537393.json", "block-19426587.json")


def data_of(text):
    return bytes.fromhex(text[2:]) if text.startswith("0x") else text.encode()


def proof_of(trie, key):
    """Cut a proof with py-trie, without the nodes that stand embedded in others."""
    nodes = [rlp.encode(node) for node in trie.get_proof(key)]
    return [node for position, node in enumerate(nodes) if position == 0 or len(node) >= 32]


def tries(vectors):
    """Give each of Ethereum's tries: name, key/value pairs left at the end, root."""
    folder = vectors("ethereum") / "trie"
    for file, secure in (
        ("trieanyorder.json", False),
        ("trietest.json", False),
        ("hex_encoded_securetrie_test.json", True),
    ):
        for name, case in json.loads((folder / file).read_text()).items():
            pairs = case["in"].items() if isinstance(case["in"], dict) else case["in"]
            final = {}
            for key, value in pairs:
                raw = data_of(key)
                final[keccak256(raw) if secure else raw] = None if value is None else data_of(value)
            yield name, {key: value for key, value in final.items() if value}, data_of(case["root"])


def test_keccak_is_ethereums_not_sha3():
    """The hash of nothing is the well-known c5d2…a470 of Ethereum."""
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"abc") == oracle.new(digest_bits=256, data=b"abc").digest()


def test_every_key_of_ethereums_trie_tests_is_proved_under_the_expected_root(vectors):
    """For each trie of ethereum/tests, each value is proved under the root those tests state."""
    proved = 0
    for name, pairs, root in tries(vectors):
        trie = HexaryTrie({})
        for key, value in pairs.items():
            trie[key] = value
        for key, value in pairs.items():
            assert verify_trie_proof(root, key, proof_of(trie, key)) == value, name
            proved += 1
    assert proved > 30


def test_mainnet_transactions_and_receipts_are_proved_under_the_header(vectors):
    """Real proofs of main-net blocks lead from the header's roots to the stated transaction and receipt."""
    for file in MAINNET:
        block = json.loads((vectors("ethereum") / "mainnet" / file).read_text())
        for proof in block["proofs"]:
            index = proof["index"]
            for kind, root in (("tx", "transactions"), ("receipt", "receipts")):
                value = verify_trie_proof(
                    data_of(block[f"{root}_root"]),
                    data_of(proof["key_rlp"]),
                    [data_of(node) for node in proof[f"{kind}_proof"]],
                )
                assert value == data_of(block[root][index])


def test_an_account_of_the_execution_apis_chain_is_proved(vectors):
    """An `eth_getProof` answer of the execution-apis test chain holds under that block's state root."""
    folder = vectors("ethereum") / "rpc"

    def answer(path):
        line = next(line for line in (folder / path).read_text().splitlines() if line.startswith("<<"))
        return json.loads(line[3:])["result"]

    account = answer("eth_getProof/get-account-proof-latest.io")
    root = data_of(answer("eth_getBlockByNumber/get-latest.io")["stateRoot"])
    value = verify_trie_proof(
        root, keccak256(data_of(account["address"])), [data_of(node) for node in account["accountProof"]]
    )
    assert rlp.decode(value)[3] == data_of(account["codeHash"])


def random_trie(seed):
    """Build a trie with keys that share prefixes, some ending inside others, with short and long values."""
    draw = random.Random(seed)
    trie, pairs = HexaryTrie({}), {}
    for _ in range(draw.randrange(1, 40)):
        key = bytes(draw.choice((0x00, 0x01, 0x10, 0xFF)) for _ in range(draw.randrange(1, 6)))
        pairs[key] = draw.randbytes(draw.choice((1, 3, 20, 60)))
        trie[key] = pairs[key]
    return trie, pairs


def test_random_tries_agree_with_py_trie():
    """On 60 random tries with embedded nodes each key is proved, and absent keys are refused."""
    for seed in range(60):
        trie, pairs = random_trie(seed)
        for key, value in pairs.items():
            assert verify_trie_proof(trie.root_hash, key, proof_of(trie, key)) == value
        for key in (b"\x00\x01\x10\xff\x00\x01\x10", b"\x77", b""):
            if key not in pairs:
                with pytest.raises(VerificationError) as caught:
                    verify_trie_proof(trie.root_hash, key, proof_of(trie, key))
                assert caught.value.code == "TRIE_PROOF_FAILURE"


def test_every_changed_byte_of_a_proof_is_refused():
    """A proof with any one byte changed, a node missing, doubled, swapped or added never proves anything."""
    trie, pairs = random_trie(7)
    key = max(pairs, key=lambda key: len(proof_of(trie, key)))
    proof = proof_of(trie, key)
    assert len(proof) > 2
    variants = [proof[:-1], proof[1:], [*proof, proof[-1]], [proof[0], *proof], [*reversed(proof)], []]
    for position, node in enumerate(proof):
        for offset in range(len(node)):
            changed = node[:offset] + bytes([node[offset] ^ 0x01]) + node[offset + 1 :]
            variants.append([*proof[:position], changed, *proof[position + 1 :]])
    for variant in variants:
        with pytest.raises(EvidenceError):
            verify_trie_proof(trie.root_hash, key, variant)


def single(node):
    """Give root and proof of a trie that consists of one node."""
    encoded = rlp.encode(node)
    return keccak256(encoded), [encoded]


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ([b"\x41\x23", b"value" * 8], "hex prefix"),  # flags above 3
        ([b"", b"value" * 8], "hex prefix"),  # no flags at all
        ([b"\x21\x12\x34", b"value" * 8], "padding"),  # even leaf path with non-zero padding
        ([b"\x00", b"\x11" * 32], "empty path"),  # extension over nothing
        ([b"\x20\x12\x34", b"value", b"more"], "trie node of 3 items"),
        ([b"\x11", [b"\x20", b"v" * 40]], "embedded trie node of 32 bytes or more"),
        ([b"\x11", b"\x22" * 31], "expected 32 bytes"),
        ([[b"\x20"], b"value"], "expected an RLP byte string"),
        ([b"\x20\x12\x34", [b"value"]], "expected an RLP byte string"),
    ],
)
def test_misshapen_nodes_are_malformed(node, message):
    """A node that no Ethereum trie has is malformed, though its hash is the root."""
    root, proof = single(node)
    with pytest.raises(MalformedError, match=message):
        verify_trie_proof(root, b"\x12\x34", proof)


def test_a_branch_without_value_holds_nothing():
    """A key that ends at a branch without value is not there."""
    root, proof = single([b"\x11" * 32] * 16 + [b""])
    with pytest.raises(VerificationError, match="nothing under this key"):
        verify_trie_proof(root, b"", proof)


def test_a_short_node_must_be_embedded():
    """A node below 32 bytes that stands by itself and not within its parent is malformed."""
    leaf = rlp.encode([b"\x34", b"v"])
    root, proof = single([b"\x00\x12", keccak256(leaf)])
    with pytest.raises(MalformedError, match="not embedded"):
        verify_trie_proof(root, b"\x12\x34", [*proof, leaf])


def test_too_many_nodes_are_refused_before_any_is_hashed():
    """A proof longer than any trie is deep is refused at once."""
    with pytest.raises(MalformedError) as caught:
        verify_trie_proof(bytes(32), b"", [b""] * (MAX_NODES + 1))
    assert caught.value.code == "TOO_MANY"
