"""The seams of the log: what it asks of the world around it, and what each answer promises."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from zheng_verifier.merkle import TreeHead
from zheng_verifier.note import VerifierKey

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present moment, aware, in UTC."""

Random: TypeAlias = Callable[[int], bytes]
"""Gives so many bytes nobody can guess (``os.urandom``)."""


class Signer(Protocol):
    """Holds the key of one log and remembers, outside the database, the last head it signed.

    Promises: a head is durable in the signer's memory before its signature exists; every head signed is consistent
    with every earlier one; the same head gives the same note, always; nothing else is ever signed.
    """

    @property
    def vkey(self) -> VerifierKey:
        """The public half of the key; its name is the log's origin."""

    @property
    def instance(self) -> bytes:
        """The 16 bytes that name this signer's memory, made with it; the database holds the same."""

    def last(self) -> TreeHead | None:
        """Give the last head remembered, or None if none ever was."""

    def sign(self, head: TreeHead, proof: Sequence[bytes]) -> bytes:
        """Sign ``head``, which ``proof`` shows to extend the last one, and give the signed note.

        Raises:
            LedgerStoppedError: BEHIND, FORKED, INCONSISTENT, POISONED, STATE_CHANGED: nothing was signed.
            SignerUnavailableError: the memory could not be written; nothing was signed, the same head may be tried again.

        """

    def poison(self, reason: str) -> None:
        """Refuse, durably and for ever, to sign: another history of this log was seen."""

    def close(self) -> None:
        """Give the memory free for another process."""


class OutsideMemory(Protocol):
    """Somebody outside the log's database who remembers heads of it: a witness, a contract, a published note.

    Promise: what was once remembered is never forgotten for something smaller.
    """

    @property
    def name(self) -> str:
        """How reports and errors call it."""

    @property
    def elsewhere(self) -> bool:
        """Tell whether it lies on another machine: only such a one counts for ``min_outside_memories``."""

    def latest(self) -> TreeHead | bytes | None:
        """Give the largest head known, as a head or as our own signed note; None if it knows of none.

        Raises:
            OSError: it cannot be reached.

        """
