"""What anchoring costs: ceilings, a little above what was measured (py-evm, Prague rules, solc 0.8.37)."""

import pytest

from anchor.contract import DEPLOY_GAS_LIMIT, anchor_gas_limit


def test_deployment(chain):
    """The contract costs 1.25 million gas once; the limit we send leaves a fifth."""
    assert chain.deploy_gas <= 1_265_000
    assert chain.deploy_gas * 6 // 5 <= DEPLOY_GAS_LIMIT


def test_setting_up_a_log(chain):
    """Registration and naming a publisher cost about 50,000 gas each: two new slots in all, one more for the publisher."""
    functions = chain.contract.functions
    registered = chain.send(functions.registerLog("zheng.example/log", b"\x41" * 32, True))
    log_id = functions.logIdOf(chain.admin, b"\x41" * 32).call()
    named = chain.send(functions.setPublisher(log_id, chain.publisher, True))
    assert registered["gasUsed"] <= 50_500
    assert named["gasUsed"] <= 50_000


@pytest.mark.parametrize(
    ("size", "growth", "hashes", "ceiling"),
    [
        (2**10, 107, 11, 54_500),
        (2**20, 10_007, 21, 67_700),
        (2**20, 1, 21, 70_300),
        (2**30, 10_007, 31, 82_100),
        (2**30, 1, 31, 84_700),
    ],
)
def test_the_next_head_with_its_consistency_proof(chain, tree, size, growth, hashes, ceiling):
    """A head with its proof costs about 1,400 gas for each hash over 40,000; growth by one leaf is the worst shape."""
    log_id = chain.new_log(f"gas {size} {growth}")
    first = chain.anchor(log_id, 0, size - growth, tree.head(size - growth))
    proof = tree.consistency(size - growth, size)
    following = chain.anchor(log_id, size - growth, size, tree.head(size), proof)
    assert len(proof) == hashes
    assert first["gasUsed"] <= 57_700
    assert following["gasUsed"] <= ceiling
    assert following["gasUsed"] <= anchor_gas_limit(hashes) * 3 // 4


def test_the_next_head_without_proof(chain, tree):
    """Where a log asked for no proofs, a head costs about 40,000 gas."""
    log_id = chain.new_log("gas without proof", proof_required=False)
    chain.anchor(log_id, 0, 1_000, tree.head(1_000))
    assert chain.anchor(log_id, 1_000, 2_000, tree.head(2_000))["gasUsed"] <= 40_900


def test_the_largest_proof_that_exists_fits_the_gas_limit(chain, tree):
    """A tree of almost 2^63 leaves needs a proof of 63 hashes at most; the formula still pays for it."""
    log_id = chain.new_log("gas of the largest")
    old, new = 2**63 - 2, 2**63 - 1
    chain.anchor(log_id, 0, old, tree.head(old))
    proof = tree.consistency(old, new)
    chain.anchor(log_id, old, new, tree.head(new), proof)
    assert len(proof) <= 63


def test_the_gas_limit_holds_before_berlin(istanbul, tree):
    """On a chain with Istanbul's rules the contract deploys, and the worst proof at 2^30 fits the formula."""
    log_id = istanbul.new_log("gas before Berlin")
    istanbul.anchor(log_id, 0, 2**30 - 1, tree.head(2**30 - 1))
    proof = tree.consistency(2**30 - 1, 2**30)
    used = istanbul.anchor(log_id, 2**30 - 1, 2**30, tree.head(2**30), proof)["gasUsed"]
    assert 110_000 < used <= 145_000
    assert used <= anchor_gas_limit(len(proof)) * 9 // 10
