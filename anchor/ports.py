"""The seams of this package: the promises its drivers keep.

Errors of a chain driver, all below `ChainError`:

ChainError
├─ ChainUnavailable   no answer, or none that can be understood: nothing is known about what happened
├─ SendRefused        the node understood and said no: the transaction is not in its pool
├─ CallReverted       a read-only call reverted; carries the revert data
└─ WrongChain         the node is of another chain than the one we were told: nothing was sent
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from anchor.fees import FeeMode, Market


class ChainError(Exception):
    """Base of what a chain driver raises."""


class ChainUnavailable(ChainError):  # noqa: N818 - a state of the node, not a mistake
    """The node gave no answer, or one that is none (timeout, 429, 503, HTML). What it did is unknown."""


class SendRefused(ChainError):  # noqa: N818
    """The node refused the transaction; ``underpriced`` when higher fees would help."""

    def __init__(self, reason: str, *, underpriced: bool = False) -> None:
        super().__init__(reason)
        self.underpriced = underpriced


class CallReverted(ChainError):  # noqa: N818
    """A read-only call reverted; ``data`` is what it returned: selector and arguments of the error, ``name`` its name."""

    def __init__(self, data: bytes, name: str = "an error of unknown name") -> None:
        super().__init__(f"the call reverted with {name}: 0x{data.hex()}")
        self.data = data


class WrongChain(ChainError):  # noqa: N818
    """Chain id or genesis hash are not the expected ones."""


@dataclass(frozen=True, slots=True)
class ChainIdentity:
    """Which chain it is: chain ids are not unique in the world, genesis hashes are."""

    chain_id: int
    genesis_hash: bytes


@dataclass(frozen=True, slots=True)
class ChainReceipt:
    """Where a transaction was executed, in a block that is canonical at the node that was asked."""

    tx_hash: bytes
    block_number: int
    block_hash: bytes
    succeeded: bool


@dataclass(frozen=True, slots=True)
class BlockContents:
    """What a proof is cut from.

    The header's RLP, the consensus encodings of all transactions and receipts in order, and the Merkle-Patricia proof
    of one account below the header's state root (empty where the node gives none).
    """

    header: bytes
    transactions: tuple[bytes, ...]
    receipts: tuple[bytes, ...]
    account_proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A read-only call, executed on the latest block."""

    to: bytes
    data: bytes
    sender: bytes = bytes(20)
    gas: int | None = None


class ChainPort(Protocol):
    """One Ethereum-like chain, as anchoring needs it.

    Every method may raise `ChainUnavailable`. Nothing retries by itself: what to try again is decided by the caller,
    who alone knows what is safe. Calls are made by one thread at a time.
    """

    def identity(self) -> ChainIdentity:
        """Ask the chain who it is."""
        ...

    def head(self) -> int:
        """Give the height of the latest block."""
        ...

    def finalized(self) -> int:
        """Give the height of the block the chain calls finalized, 0 if none is yet."""
        ...

    def block_hash(self, number: int) -> bytes | None:
        """Give the hash of the canonical block at a height, None above the head."""
        ...

    def nonce(self, address: bytes) -> int:
        """Give the account's next nonce by the *latest* block: pending counts are wrong on many nodes."""
        ...

    def market(self, mode: FeeMode) -> Market:
        """Give the next block's base fee and the tip (on a legacy chain the price) that others pay."""
        ...

    def send(self, raw: bytes) -> None:
        """Hand a signed transaction over. Returns when it is in the node's pool, or was already.

        Raises:
            SendRefused: it is not in the pool.
            ChainUnavailable: it may be.
        """
        ...

    def receipt(self, tx_hash: bytes) -> ChainReceipt | None:
        """Give the receipt of a transaction in a canonical block."""
        ...

    def knows(self, tx_hash: bytes) -> bool:
        """Tell whether the node has the transaction, in its pool or in a block."""
        ...

    def call(self, request: CallRequest) -> bytes:
        """Execute a read-only call.

        Raises:
            CallReverted: with the revert data.
        """
        ...

    def code(self, address: bytes) -> bytes:
        """Give the code at an address, by the latest block."""
        ...

    def find_log(self, address: bytes, topics: Sequence[bytes]) -> bytes | None:
        """Give the hash of the canonical transaction whose log at ``address`` starts with ``topics``, if any."""
        ...

    def contents(self, block_hash: bytes, account: bytes) -> BlockContents:
        """Give the block's bytes for a proof. Receipts and state are pruned on many nodes: ask soon.

        Raises:
            ChainUnavailable: the node has no such canonical block, or not its state any more.
        """
        ...


class TransactionSigner(Protocol):
    """A key of one chain account, never shared with anything else."""

    @property
    def address(self) -> bytes:
        """The account's 20 bytes."""
        ...

    def sign(self, transaction: "UnsignedTransaction") -> tuple[bytes, bytes]:
        """Sign, and give (raw bytes, transaction hash). Two calls may give different bytes for the same input."""
        ...


@dataclass(frozen=True, slots=True)
class UnsignedTransaction:
    """A transaction to sign. ``to`` is None for a deployment; ``legacy`` selects the pre-London form (EIP-155)."""

    chain_id: int
    nonce: int
    to: bytes | None
    data: bytes
    gas: int
    max_fee: int
    tip: int
    legacy: bool


class HeadSource(Protocol):
    """The log, as anchoring sees it: read-only, from another process if need be."""

    def latest(self) -> bytes | None:
        """Give the newest signed note, None before the first."""
        ...

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """Give the RFC 9162 consistency proof from size ``old`` to ``new``, 0 < old ≤ new ≤ the latest size."""
        ...


class AuthorityError(Exception):
    """Base of what a time-stamping authority's driver, or the judging of its answer, raises.

    AuthorityError
    ├─ AuthorityUnavailable   no answer, or none that can be one: asking again later may help
    ├─ AuthorityRefused       it understood and said no: asking the same again will not help
    └─ AuthorityMistaken      it answered with a token that does not hold; carries the verifier's code
    """


class AuthorityUnavailable(AuthorityError):  # noqa: N818 - a state of the authority, not a mistake
    """The authority gave no answer, or one that is none (timeout, 503, HTML, too long)."""


class AuthorityRefused(AuthorityError):  # noqa: N818
    """The authority refused: PKIStatus rejection, or an HTTP status that blames the request."""


class AuthorityMistaken(AuthorityError):  # noqa: N818
    """The authority's token was judged by our verifier and does not hold; ``code`` is the verifier's."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class TimestampAuthority(Protocol):
    """One RFC 3161 time-stamping authority. It is asked, never believed: see `anchor.timestamping`.

    Asking twice gives two tokens and does no harm. Nothing retries by itself. Calls may be made by any one thread at a
    time, outside of a running event loop.
    """

    @property
    def name(self) -> str:
        """The name by which settings, storage and the trust policy know it."""
        ...

    def request(self, query: bytes) -> bytes:
        """Send a TimeStampReq (DER) and give the answer's bytes exactly as they came, judged by nobody yet.

        Raises:
            AuthorityUnavailable: no answer.
            AuthorityRefused: an answer of the transport that says no.
        """
        ...
