"""What is decided about kept things: how long, whether they are held, and their end."""

from dataclasses import dataclass

from signing.context import Context
from signing.custody.erasure import Erasures
from signing.custody.retention import Retention
from signing.custody.service import Custody
from signing.custody.upkeep import sweep


@dataclass(frozen=True, slots=True)
class Keeping:
    """Retention and erasure of one pipeline."""

    context: Context
    custody: Custody
    retention: Retention
    erasures: Erasures

    def upkeep(self) -> None:
        """Finish what was decided to be erased, and remove what crashes left; again at any time."""
        self.erasures.finish(self.context.engine)
        sweep(self.context.engine, self.custody, now=self.context.clock())


def keeping_of(context: Context, custody: Custody) -> Keeping:
    """Put it together."""
    return Keeping(context, custody, Retention(context, custody.keys), Erasures(context, custody))
