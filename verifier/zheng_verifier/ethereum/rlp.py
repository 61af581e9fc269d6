"""Recursive Length Prefix, read strictly: each item has one encoding, and only that one is read.

An item is a byte string or a list of items. Ethereum Yellow Paper, appendix B:

    00…7f                   one byte, itself
    80…b7  string           length 0…55 in the prefix (a single byte below 80 is not written so)
    b8…bf  length string    length in 1…8 bytes, without leading zero, 56 or more
    c0…f7  items            as 80…b7, for lists
    f8…ff  length items     as b8…bf, for lists
"""

from collections.abc import Sequence
from typing import TypeAlias

from zheng_verifier.errors import MalformedError

RlpItem: TypeAlias = "bytes | tuple[RlpItem, ...]"
RlpInput: TypeAlias = "bytes | Sequence[RlpInput]"

MAX_SIZE = 131_072
"""Bytes read at most: the largest transaction that nodes pass on, and more than any header or trie node needs."""

MAX_DEPTH = 32
"""Lists within lists at most. Only embedded trie nodes, each shorter than 32 bytes, nest deeper than four."""


def _length(data: bytes, start: int, size: int) -> int:
    """Read a long form's length of ``size`` bytes: canonical, so without leading zero and above 55."""
    field = data[start : start + size]
    if len(field) < size:
        raise MalformedError("FORMAT_FAILURE", "RLP ends within a length")
    length = int.from_bytes(field)
    if field[0] == 0 or length < 56:
        raise MalformedError("FORMAT_FAILURE", "RLP length is not in its shortest form")
    return length


def _header(data: bytes, start: int) -> tuple[bool, int, int]:
    """Read one prefix: whether a list follows, and where its payload begins and ends."""
    prefix = data[start]
    if prefix < 0x80:
        return False, start, start + 1
    is_list = prefix >= 0xC0
    short = prefix - (0xC0 if is_list else 0x80)
    if short <= 55:
        begin, length = start + 1, short
    else:
        size = short - 55
        begin, length = start + 1 + size, _length(data, start + 1, size)
    end = begin + length
    if end > len(data):
        raise MalformedError("FORMAT_FAILURE", "RLP item is longer than what holds it")
    if not is_list and length == 1 and data[begin] < 0x80:
        raise MalformedError("FORMAT_FAILURE", "RLP single byte is not in its shortest form")
    return is_list, begin, end


def _items(data: bytes, depth: int) -> tuple[RlpItem, ...]:
    """Read items until ``data`` is used up; recursion is bounded by ``MAX_DEPTH``."""
    items: list[RlpItem] = []
    position = 0
    while position < len(data):
        is_list, begin, end = _header(data, position)
        if is_list and depth == MAX_DEPTH:
            raise MalformedError("TOO_DEEP", f"RLP lists nested deeper than {MAX_DEPTH}")
        payload = data[begin:end]
        items.append(_items(payload, depth + 1) if is_list else payload)
        position = end
    return tuple(items)


def parse_rlp(data: bytes) -> RlpItem:
    """Read exactly one item, at most ``MAX_SIZE`` bytes and ``MAX_DEPTH`` lists deep.

    Raises:
        MalformedError: codes FORMAT_FAILURE (not canonical RLP, or bytes after the item), TOO_LARGE, TOO_DEEP.

    """
    if len(data) > MAX_SIZE:
        raise MalformedError("TOO_LARGE", f"{len(data)} bytes of RLP, the limit is {MAX_SIZE}")
    items = _items(data, 0)
    if len(items) != 1:
        raise MalformedError("FORMAT_FAILURE", f"expected one RLP item, found {len(items)}")
    return items[0]


def _prefixed(base: int, payload: bytes) -> bytes:
    length = len(payload)
    if length <= 55:
        return bytes([base + length]) + payload
    field = format_integer(length)
    return bytes([base + 55 + len(field)]) + field + payload


def format_rlp(item: RlpInput) -> bytes:
    """Write a byte string, or a sequence of items as a list."""
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _prefixed(0x80, item)
    return _prefixed(0xC0, b"".join(map(format_rlp, item)))


def parse_list(data: bytes, where: str = "") -> tuple[RlpItem, ...]:
    """Read one item that must be a list.

    Raises:
        MalformedError: as ``parse_rlp``, or a byte string stands there.

    """
    return as_list(parse_rlp(data), where)


def as_list(item: RlpItem, where: str = "") -> tuple[RlpItem, ...]:
    """Demand a list."""
    if isinstance(item, bytes):
        raise MalformedError("FORMAT_FAILURE", "expected an RLP list, found a byte string", where)
    return item


def as_bytes(item: RlpItem, *, size: int | None = None, where: str = "") -> bytes:
    """Demand a byte string, of exactly ``size`` bytes if given."""
    if not isinstance(item, bytes):
        raise MalformedError("FORMAT_FAILURE", "expected an RLP byte string, found a list", where)
    if size is not None and len(item) != size:
        raise MalformedError("FORMAT_FAILURE", f"expected {size} bytes, found {len(item)}", where)
    return item


def as_integer(item: RlpItem, *, max_size: int, where: str = "") -> int:
    """Demand a number ≥ 0 in its shortest big-endian form (zero is the empty string), of ``max_size`` bytes at most."""
    data = as_bytes(item, where=where)
    if len(data) > max_size:
        raise MalformedError("FORMAT_FAILURE", f"number longer than {max_size} bytes", where)
    if data[:1] == b"\x00":
        raise MalformedError("FORMAT_FAILURE", "number with a leading zero", where)
    return int.from_bytes(data)


def format_integer(value: int) -> bytes:
    """Write a number ≥ 0 in its shortest big-endian form."""
    return value.to_bytes((value.bit_length() + 7) // 8)
