"""How sure one is of an identity: the platform's levels, in the sense of Regulation (EU) 2015/1502 (pure).

What one forged or borrowed document, telephone or bank card would be enough to deceive is not high.
"""

from collections.abc import Sequence
from typing import Literal

Level = Literal["low", "substantial", "high"]
LEVELS: tuple[Level, ...] = ("low", "substantial", "high")
NOTHING = "none"
"""Nothing was checked; or, of a demand, nothing is asked."""
DEMANDABLE = (NOTHING, *LEVELS)


def enough(held: str, wanted: str) -> bool:
    """Tell whether a level reaches another; ``none`` is below all."""
    return DEMANDABLE.index(held) >= DEMANDABLE.index(wanted)


def highest(levels: Sequence[str]) -> str:
    """Give the level that reaches all of these."""
    return max(levels, key=DEMANDABLE.index)
