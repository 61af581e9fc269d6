"""What a transaction offers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchor.fees import GWEI, Fee, FeeMode, FeePolicy, Market, quote, replacement

AMOUNTS = st.integers(0, 10**12)
MODES = st.sampled_from([FeeMode.EIP1559, FeeMode.LEGACY])


@given(MODES, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_replacement_raises_both_fees_by_ten_per_cent(mode, max_fee, tip, base_fee, market_tip):
    """geth refuses less than +10 % on either; and no offer is above the cap or inconsistent."""
    policy = FeePolicy(mode, minimum_tip=1, cap=10**12)
    before = Fee(max(max_fee, tip), tip)
    after = replacement(before, Market(base_fee, market_tip), policy)
    if after is not None:
        assert after.max_fee * 10 >= before.max_fee * 11
        assert after.tip * 10 >= before.tip * 11
        assert after.max_fee > before.max_fee
        assert after.tip > before.tip
        assert after.tip <= after.max_fee <= policy.cap


@given(MODES, AMOUNTS, AMOUNTS)
def test_an_offer_stays_within_the_policy(mode, base_fee, tip):
    """Between the minimum tip and the cap, and with the tip below the whole."""
    policy = FeePolicy(mode, minimum_tip=5, cap=10**9)
    fee = quote(Market(base_fee, tip), policy)
    assert 5 <= fee.tip <= fee.max_fee <= 10**9


def test_twice_the_base_fee_and_the_tip():
    """The usual offer survives a doubling of the base fee."""
    assert Fee(2 * 30 * GWEI + 2 * GWEI, 2 * GWEI) == quote(Market(30 * GWEI, 2 * GWEI), FeePolicy())


def test_a_legacy_chain_has_one_price():
    """Before London there is one price, and the policy's minimum holds for it, too."""
    policy = FeePolicy(FeeMode.LEGACY)
    assert Fee(3 * GWEI, 3 * GWEI) == quote(Market(0, 3 * GWEI), policy)
    assert Fee(1 * GWEI, 1 * GWEI) == quote(Market(0, 0), policy)


def test_a_free_chain_takes_nothing_and_replaces_nothing():
    """Without gas there is nothing to raise: the same bytes are sent again."""
    policy = FeePolicy(FeeMode.FREE)
    assert Fee(0, 0) == quote(Market(7, 7), policy)
    assert None is replacement(Fee(0, 0), Market(7, 7), policy)


def test_the_cap_ends_the_raising():
    """Above the cap there is no replacement."""
    policy = FeePolicy(cap=100 * GWEI)
    assert None is replacement(Fee(95 * GWEI, 2 * GWEI), Market(1, 1), policy)


@pytest.mark.parametrize("wrong", [{"bump_percent": 9}, {"minimum_tip": 5, "cap": 4}, {"minimum_tip": -1}])
def test_a_policy_that_cannot_work_is_refused(wrong):
    """A bump that nodes refuse, or a cap below the tip."""
    with pytest.raises(ValueError):
        FeePolicy(**wrong)
