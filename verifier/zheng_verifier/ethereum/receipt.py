"""Transaction receipts as the receipts trie holds them: legacy, or a type byte and the same list (EIP-2718)."""

from dataclasses import dataclass

from zheng_verifier.errors import MalformedError, UncheckableError
from zheng_verifier.ethereum.rlp import (
    RlpItem,
    as_bytes,
    as_integer,
    as_list,
    format_integer,
    format_rlp,
    parse_list,
)

KNOWN_TYPES = (1, 2, 3, 4)
"""Access list (EIP-2930), dynamic fee (1559), blob (4844), set code (7702). Their receipts are alike."""

MAX_TOPICS = 4


@dataclass(frozen=True, slots=True)
class Log:
    """One event: the 20-byte ``address`` of the contract that emitted it, up to four 32-byte topics, data."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transaction did. ``type`` 0 is the legacy form; ``bloom`` is 256 bytes."""

    type: int
    succeeded: bool
    cumulative_gas: int
    bloom: bytes
    logs: tuple[Log, ...]


def split_type(data: bytes, what: str) -> tuple[int, bytes]:
    """Split a receipt's or transaction's bytes into its type (0 for legacy) and its RLP list (EIP-2718).

    Raises:
        MalformedError: neither a type byte nor a list begins there.
        UncheckableError: code UNKNOWN_TYPE: a type no fork known here has.

    """
    if not data or 0x80 <= data[0] < 0xC0:
        raise MalformedError("FORMAT_FAILURE", f"{what} begins with neither a type nor a list", what)
    if data[0] >= 0xC0:
        return 0, data
    if data[0] not in KNOWN_TYPES:
        raise UncheckableError("UNKNOWN_TYPE", f"{what} of the unknown type {data[0]}", what)
    return data[0], data[1:]


def _parse_log(item: RlpItem, where: str) -> Log:
    fields = as_list(item, where)
    if len(fields) != 3:
        raise MalformedError("FORMAT_FAILURE", f"a log has 3 fields, this one {len(fields)}", where)
    topics = as_list(fields[1], where)
    if len(topics) > MAX_TOPICS:
        raise MalformedError("FORMAT_FAILURE", f"a log has at most {MAX_TOPICS} topics", where)
    return Log(
        address=as_bytes(fields[0], size=20, where=where),
        topics=tuple(as_bytes(topic, size=32, where=where) for topic in topics),
        data=as_bytes(fields[2], where=where),
    )


def _parse_status(item: RlpItem) -> bool:
    status = as_bytes(item, where="receipt status")
    if len(status) == 32:
        raise UncheckableError(
            "NO_STATUS", "a receipt from before Byzantium does not tell success", "receipt"
        )
    if status not in (b"", b"\x01"):
        raise MalformedError("FORMAT_FAILURE", "a receipt's status is 0 or 1", "receipt status")
    return status == b"\x01"


def parse_receipt(data: bytes) -> Receipt:
    """Read a receipt.

    Raises:
        MalformedError: not the canonical encoding of a receipt.
        UncheckableError: codes UNKNOWN_TYPE, NO_STATUS.

    """
    kind, encoded = split_type(data, "receipt")
    fields = parse_list(encoded, "receipt")
    if len(fields) != 4:
        raise MalformedError("FORMAT_FAILURE", f"a receipt has 4 fields, this one {len(fields)}", "receipt")
    logs = as_list(fields[3], "receipt logs")
    return Receipt(
        type=kind,
        succeeded=_parse_status(fields[0]),
        cumulative_gas=as_integer(fields[1], max_size=8, where="receipt gas"),
        bloom=as_bytes(fields[2], size=256, where="receipt bloom"),
        logs=tuple(_parse_log(log, f"log {position}") for position, log in enumerate(logs)),
    )


def format_receipt(receipt: Receipt) -> bytes:
    """Write a receipt as the receipts trie holds it."""
    encoded = format_rlp(
        [
            b"\x01" if receipt.succeeded else b"",
            format_integer(receipt.cumulative_gas),
            receipt.bloom,
            [[log.address, log.topics, log.data] for log in receipt.logs],
        ]
    )
    return (bytes([receipt.type]) if receipt.type else b"") + encoded
