"""One spelling per value: the part of DER (X.690 §8, §10) that asn1crypto does not insist on.

asn1crypto reads BER: indefinite and padded lengths, constructed strings, integers with leading zeros. A token
with those could be rewritten without breaking its signature, so the whole tree is walked first. Two rules of
DER are left to the readers of the types: DEFAULT values left out, and the order inside a SET OF.
"""

from zheng_verifier.errors import MalformedError

MAX_DEPTH = 32

PARSE_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""What asn1crypto raises, beside ValueError, where a value is not of the type expected."""

_SEQUENCE, _SET = 16, 17


def check_der(data: bytes, where: str) -> None:
    """Demand that ``data`` is exactly one DER element, to its last byte.

    Raises:
        MalformedError: FORMAT_FAILURE; trailing bytes, truncated, not DER, or deeper than ``MAX_DEPTH``.

    """
    end = _check_element(data, 0, len(data), 0, where)
    if end != len(data):
        raise _malformed(f"{len(data) - end} bytes after the value", where)


def split(data: bytes) -> tuple[bytes, ...]:
    """Cut a constructed element that ``check_der`` has passed into its children, each with tag and length.

    What is signed is signed as it was written. asn1crypto writes again what it has read, DEFAULT values too.
    """
    position, _ = _length(data, 1, len(data), "")
    children = []
    while position < len(data):
        begin, length = _length(data, position + 1, len(data), "")
        children.append(data[position : begin + length])
        position = begin + length
    return tuple(children)


def contents(data: bytes) -> bytes:
    """Give what an element that ``check_der`` has passed holds, without tag and length."""
    begin, _ = _length(data, 1, len(data), "")
    return data[begin:]


def _malformed(detail: str, where: str) -> MalformedError:
    return MalformedError("FORMAT_FAILURE", detail, where)


def _check_element(data: bytes, start: int, limit: int, depth: int, where: str) -> int:
    """Check the element at ``start``, which must end at or before ``limit``; return where it ends."""
    if depth > MAX_DEPTH:
        raise _malformed(f"nested deeper than {MAX_DEPTH}", where)
    if limit - start < 2:
        raise _malformed(f"cut off at byte {start}", where)
    tag = data[start]
    if tag & 0x1F == 0x1F:
        raise _malformed(f"tag in the long form at byte {start}: no structure read here has one", where)
    begin, length = _length(data, start + 1, limit, where)
    end = begin + length
    if end > limit:
        raise _malformed(f"the value at byte {start} is longer than what holds it", where)
    constructed = bool(tag & 0x20)
    if tag & 0xC0 == 0:
        if constructed != (tag & 0x1F in (_SEQUENCE, _SET)):
            raise _malformed(f"constructed and primitive are mixed up at byte {start}", where)
        if not constructed:
            _check_primitive(tag, data[begin:end], start, where)
    if constructed:
        position = begin
        while position < end:
            position = _check_element(data, position, end, depth + 1, where)
    return end


def _length(data: bytes, start: int, limit: int, where: str) -> tuple[int, int]:
    """Read a definite, minimal length; return where the contents begin and their size."""
    first = data[start]
    if first < 0x80:
        return start + 1, first
    count = first & 0x7F
    octets = data[start + 1 : min(start + 1 + count, limit)]
    length = int.from_bytes(octets, "big")
    if count == 0 or len(octets) < count or octets[0] == 0 or length < 0x80:
        raise _malformed(f"length at byte {start} is indefinite, cut off or not the shortest form", where)
    return start + 1 + count, length


def _check_primitive(tag: int, contents: bytes, start: int, where: str) -> None:
    match tag:
        case 0x01:
            good = contents in (b"\x00", b"\xff")
        case 0x02 | 0x0A:
            good = len(contents) > 0 and (
                len(contents) == 1
                or contents[0] not in (0x00, 0xFF)
                or (contents[0] ^ contents[1]) & 0x80 != 0
            )
        case 0x03:
            good = _is_bit_string(contents)
        case 0x05:
            good = contents == b""
        case 0x06:
            good = _is_oid(contents)
        case _:
            good = True
    if not good:
        raise _malformed(f"the value at byte {start} (tag {tag}) is not in its one DER form", where)


def _is_bit_string(contents: bytes) -> bool:
    if not contents or contents[0] > 7:
        return False
    unused = contents[0]
    return unused == 0 or (len(contents) > 1 and contents[-1] & ((1 << unused) - 1) == 0)


def _is_oid(contents: bytes) -> bool:
    if not contents or contents[-1] & 0x80:
        return False
    starts = [0] + [i + 1 for i, octet in enumerate(contents[:-1]) if not octet & 0x80]
    return all(contents[i] != 0x80 for i in starts)
