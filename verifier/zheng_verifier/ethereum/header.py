"""Block headers: the fields of Ethereum's main forks in their order, and the block hash.

Fifteen fields since the first block; London added ``base_fee``, Shanghai ``withdrawals_root``, Cancun three fields,
Prague ``requests_hash`` (EIP-1559, 4895, 4844, 4788, 7685). A later field is there only with all before it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from zheng_verifier.errors import MalformedError, UncheckableError
from zheng_verifier.ethereum.keccak import HASH_SIZE, keccak256
from zheng_verifier.ethereum.rlp import (
    RlpItem,
    as_bytes,
    as_integer,
    format_integer,
    format_rlp,
    parse_list,
)

MAX_EXTRA_DATA = 8_192
"""Bytes. 32 on public chains; BFT chains keep validators and seals here, about 100 bytes for each validator."""

BFT_MIX_HASH = bytes.fromhex("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365")
"""Marks QBFT and IBFT headers, whose block hash leaves the seals out: there it is *not* Keccak-256 of the header."""

_LAST_SECOND = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
_FIELD_COUNTS = (15, 16, 17, 20, 21)


@dataclass(frozen=True, slots=True)
class Header:
    """A block header; hashes and roots are 32 bytes, fees in wei, ``timestamp`` in seconds since 1970 UTC."""

    parent_hash: bytes
    ommers_hash: bytes
    coinbase: bytes
    state_root: bytes
    transactions_root: bytes
    receipts_root: bytes
    bloom: bytes
    difficulty: int
    number: int
    gas_limit: int
    gas_used: int
    timestamp: int
    extra_data: bytes
    mix_hash: bytes
    nonce: bytes
    base_fee: int | None = None
    withdrawals_root: bytes | None = None
    blob_gas_used: int | None = None
    excess_blob_gas: int | None = None
    parent_beacon_block_root: bytes | None = None
    requests_hash: bytes | None = None

    @property
    def time(self) -> datetime:
        """The time the block's proposer put into it."""
        return datetime.fromtimestamp(self.timestamp, UTC)


class _Reader:
    """Takes a header's fields from first to last; fields of later forks may be absent."""

    def __init__(self, items: tuple[RlpItem, ...]) -> None:
        self._items = iter(enumerate(items))

    def fixed(self, size: int) -> bytes:
        position, item = next(self._items)
        return as_bytes(item, size=size, where=f"header field {position}")

    def integer(self, max_size: int = 8) -> int:
        position, item = next(self._items)
        return as_integer(item, max_size=max_size, where=f"header field {position}")

    def extra_data(self) -> bytes:
        position, item = next(self._items)
        data = as_bytes(item, where=f"header field {position}")
        if len(data) > MAX_EXTRA_DATA:
            raise MalformedError("TOO_LARGE", f"extra data of {len(data)} bytes", f"header field {position}")
        return data


def parse_header(data: bytes) -> Header:
    """Read a block header from its RLP.

    Raises:
        MalformedError: not the canonical RLP of a header.
        UncheckableError: code UNKNOWN_HEADER: more fields than any fork known here has.

    """
    items = parse_list(data, "header")
    count = len(items)
    if count > _FIELD_COUNTS[-1]:
        raise UncheckableError("UNKNOWN_HEADER", f"a block header of {count} fields is of a later fork")
    if count not in _FIELD_COUNTS:
        raise MalformedError("FORMAT_FAILURE", f"no fork has block headers of {count} fields")
    read = _Reader(items)
    header = Header(
        parent_hash=read.fixed(HASH_SIZE),
        ommers_hash=read.fixed(HASH_SIZE),
        coinbase=read.fixed(20),
        state_root=read.fixed(HASH_SIZE),
        transactions_root=read.fixed(HASH_SIZE),
        receipts_root=read.fixed(HASH_SIZE),
        bloom=read.fixed(256),
        difficulty=read.integer(32),
        number=read.integer(),
        gas_limit=read.integer(),
        gas_used=read.integer(),
        timestamp=read.integer(),
        extra_data=read.extra_data(),
        mix_hash=read.fixed(HASH_SIZE),
        nonce=read.fixed(8),
        base_fee=read.integer(32) if count >= 16 else None,
        withdrawals_root=read.fixed(HASH_SIZE) if count >= 17 else None,
        blob_gas_used=read.integer() if count >= 20 else None,
        excess_blob_gas=read.integer() if count >= 20 else None,
        parent_beacon_block_root=read.fixed(HASH_SIZE) if count >= 20 else None,
        requests_hash=read.fixed(HASH_SIZE) if count >= 21 else None,
    )
    if header.timestamp > _LAST_SECOND:
        raise MalformedError("FORMAT_FAILURE", "the block time is beyond the year 9999", "header field 11")
    return header


def format_header(header: Header) -> bytes:
    """Write a header as RLP, up to the last field it has."""
    fields: list[bytes | int | None] = [
        header.parent_hash,
        header.ommers_hash,
        header.coinbase,
        header.state_root,
        header.transactions_root,
        header.receipts_root,
        header.bloom,
        header.difficulty,
        header.number,
        header.gas_limit,
        header.gas_used,
        header.timestamp,
        header.extra_data,
        header.mix_hash,
        header.nonce,
        header.base_fee,
        header.withdrawals_root,
        header.blob_gas_used,
        header.excess_blob_gas,
        header.parent_beacon_block_root,
        header.requests_hash,
    ]
    present = fields[: fields.index(None)] if None in fields else fields
    return format_rlp(
        [format_integer(field) if isinstance(field, int) else field or b"" for field in present]
    )


def block_hash(header: bytes) -> bytes:
    """Hash a header's RLP: the block hash, except on BFT chains (``BFT_MIX_HASH``)."""
    return keccak256(header)
