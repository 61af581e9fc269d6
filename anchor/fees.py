"""What a transaction offers for its place in a block: pure arithmetic, all amounts in wei per gas.

Three kinds of chain: `eip1559` (base fee and tip), `legacy` (one gas price; before London), `free` (both zero:
consortium chains without gas). A replacement raises *both* fees by at least ten per cent, since that is what
geth demands of a transaction with a used nonce; a node that is content with less does not mind.
"""

from dataclasses import dataclass
from enum import StrEnum

GWEI = 10**9
MINIMUM_BUMP_PERCENT = 10


class FeeMode(StrEnum):
    """How a chain charges."""

    EIP1559 = "eip1559"
    LEGACY = "legacy"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class FeePolicy:
    """What we are willing to pay: ``cap`` bounds the whole price per gas, ``minimum_tip`` the tip from below."""

    mode: FeeMode = FeeMode.EIP1559
    minimum_tip: int = 1 * GWEI
    cap: int = 500 * GWEI
    bump_percent: int = MINIMUM_BUMP_PERCENT

    def __post_init__(self) -> None:
        """Refuse a policy whose replacements nodes would refuse, or which cannot pay anything."""
        if self.bump_percent < MINIMUM_BUMP_PERCENT:
            raise ValueError(f"a replacement must raise its fees by at least {MINIMUM_BUMP_PERCENT} %")
        if not 0 <= self.minimum_tip <= self.cap:
            raise ValueError("the minimum tip is above the cap")


@dataclass(frozen=True, slots=True)
class Market:
    """What the chain asks at this moment: the next block's base fee and the tip others pay.

    On a legacy chain ``base_fee`` is 0 and ``tip`` the suggested gas price.
    """

    base_fee: int
    tip: int


@dataclass(frozen=True, slots=True)
class Fee:
    """A signed offer: ``max_fee`` ≥ ``tip``. On a legacy chain both are the gas price."""

    max_fee: int
    tip: int


def quote(market: Market, policy: FeePolicy) -> Fee:
    """Price a new transaction: twice the base fee leaves room for six full blocks of rises.

    Never above the cap: when the market is, the transaction waits for it to come down.
    """
    if policy.mode is FeeMode.FREE:
        return Fee(max_fee=0, tip=0)
    tip = min(max(market.tip, policy.minimum_tip), policy.cap)
    if policy.mode is FeeMode.LEGACY:
        return Fee(max_fee=tip, tip=tip)
    return Fee(max_fee=min(2 * market.base_fee + tip, policy.cap), tip=tip)


def replacement(previous: Fee, market: Market, policy: FeePolicy) -> Fee | None:
    """Price a transaction that replaces one priced ``previous``; None when the cap allows no replacement.

    On a chain without gas no fee can be raised: the same bytes are sent again instead.
    """
    if policy.mode is FeeMode.FREE:
        return None
    fresh = quote(market, policy)
    raised = Fee(
        max_fee=max(_raised(previous.max_fee, policy), fresh.max_fee),
        tip=max(_raised(previous.tip, policy), fresh.tip),
    )
    raised = Fee(max_fee=max(raised.max_fee, raised.tip), tip=raised.tip)
    return raised if raised.max_fee <= policy.cap else None


def _raised(amount: int, policy: FeePolicy) -> int:
    """Raise by the policy's percentage, rounded up, and by one wei at least."""
    return max(amount + 1, -(-amount * (100 + policy.bump_percent) // 100))
