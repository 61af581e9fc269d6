"""What can go wrong in anchoring that is not merely a matter of time.

AnchorError
├─ ForkedLog      an outside memory (the contract, an earlier checkpoint) holds a head that is not in our tree
├─ ChainInUse     another process owns the embedded chain's folder
└─ KeyFileError   a key file is missing, readable by others, or not a key
"""


class AnchorError(Exception):
    """Base of this package's errors."""


class ForkedLog(AnchorError):  # noqa: N818 - it names what happened to the log
    """Somebody was shown another log under our name, or we lost our memory: nothing more may be signed.

    ``size`` is the size of the head that was to be anchored or taken, 0 when it is not known any more.
    """

    def __init__(self, detail: str, *, size: int) -> None:
        super().__init__(detail)
        self.size = size


class ChainInUse(AnchorError):  # noqa: N818
    """The folder of the embedded chain is locked by another process."""


class KeyFileError(AnchorError):
    """A chain key cannot be used as it is."""
